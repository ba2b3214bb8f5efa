"""Moments and spans of time in the words of the reader's language.

Plain functions over Babel: they know no model, take naive UTC datetimes as the
ORM gives them, and word the moments of pages and mails alike.
"""

from datetime import datetime, timedelta

import pytz
from babel.dates import format_date, format_skeleton, format_time, format_timedelta

from odoo.tools.misc import babel_locale_parse


def moment_words(value, lang, tz):
    """A moment for people: "Tue, Nov 24, 14:00" in ``lang``, on the clock of ``tz``.

    :param datetime value: naive UTC, or a false value
    :param str lang: ISO code as ``res.lang`` has it (``sv_SE``)
    :param str tz: name of a time zone, UTC when empty or unknown
    :rtype: str
    """
    if not value:
        return ""
    local, locale = _local(value, tz), babel_locale_parse(lang)
    zone = local.tzinfo
    skeleton = "MMMEd" if local.year == datetime.now(zone).year else "yMMMEd"
    day = format_skeleton(skeleton, local, locale=locale)
    return f"{day}, {format_time(local, format='short', tzinfo=zone, locale=locale)}"


def hour_words(value, now, lang, tz):
    """A near moment: "14:00" today, "Tue 14:00" on another day.

    :param datetime value: naive UTC
    :param datetime now: naive UTC
    :rtype: str
    """
    local, locale = _local(value, tz), babel_locale_parse(lang)
    hour = format_time(local, format="short", tzinfo=local.tzinfo, locale=locale)
    if local.date() == _local(now, tz).date():
        return hour
    return f"{format_date(local, 'EEE', locale=locale)} {hour}"


def _local(value, tz):
    """``value`` on the clock of ``tz``, aware; UTC when the zone is unknown."""
    try:
        zone = pytz.timezone(tz or "UTC")
    except pytz.UnknownTimeZoneError:
        zone = pytz.utc
    return pytz.utc.localize(value).astimezone(zone)


def span_words(value, now, lang):
    """The way from ``now`` to ``value``: "in 3 hours", "2 days ago".

    :param datetime value: naive UTC
    :param datetime now: naive UTC
    :rtype: str
    """
    if not value:
        return ""
    span = value - now
    if timedelta(0) <= span < timedelta(minutes=1):
        span = timedelta(minutes=1)
    return format_timedelta(
        span,
        add_direction=True,
        threshold=1.2,
        locale=babel_locale_parse(lang),
    )
