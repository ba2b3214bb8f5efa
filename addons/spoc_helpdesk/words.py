"""Moments and spans of time in the words of the reader's language.

Plain functions over Babel: they know no model, take naive UTC datetimes as the
ORM gives them, and are used by the portal's pages.
"""

from datetime import datetime, timedelta

import pytz
from babel.dates import format_skeleton, format_time, format_timedelta

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
    try:
        zone = pytz.timezone(tz or "UTC")
    except pytz.UnknownTimeZoneError:
        zone = pytz.utc
    local = pytz.utc.localize(value).astimezone(zone)
    locale = babel_locale_parse(lang)
    skeleton = "MMMEd" if local.year == datetime.now(zone).year else "yMMMEd"
    day = format_skeleton(skeleton, local, locale=locale)
    return f"{day}, {format_time(local, format='short', tzinfo=zone, locale=locale)}"


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
