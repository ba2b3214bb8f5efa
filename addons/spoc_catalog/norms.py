"""Time norms and priorities: what is promised, before any desk or person.

Plain Python: knows no ORM. Moments are naive UTC as in ``clock``, which does the
arithmetic; this module adds what a promise needs to know of time zones.
"""

from datetime import UTC
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from . import clock

#: Whose hours count: the desk's, the desk's as the requester's wall clock shows
#: them, or every hour of day and night.
DESK, REQUESTER, ALWAYS = "desk", "requester", "always"

LEVELS = ("low", "normal", "high")
#: Priority for (impact, urgency), as long as nobody decided otherwise.
MATRIX = {
    ("low", "low"): "0",
    ("low", "normal"): "1",
    ("low", "high"): "1",
    ("normal", "low"): "1",
    ("normal", "normal"): "1",
    ("normal", "high"): "2",
    ("high", "low"): "1",
    ("high", "normal"): "2",
    ("high", "high"): "3",
}


class Norm(NamedTuple):
    """One norm: so many hours or working days, counted in somebody's hours."""

    hours: float = 0.0
    days: int = 0
    counts: str = DESK

    def basis(self, zone=None):
        """What is kept with a running promise to go on counting the same way.

        :param str zone: time zone of the requester
        :return: ``""`` for the desk's own hours, ``"always"`` for every hour, else the
            name of the time zone the desk's hours are read in
        """
        if self.counts == ALWAYS:
            return ALWAYS
        return zone if self.counts == REQUESTER and zone else ""


class Due(NamedTuple):
    """A norm counted from a moment."""

    seconds: int
    moment: object
    basis: str


def settle(norm, timeline, start, zone):
    """Count a norm from a moment.

    :param Norm norm: what is promised
    :param timeline: sorted working intervals that may be walked several times
    :param datetime start: naive UTC
    :param str zone: time zone in which a day begins
    :return: ``(seconds, moment)``: working seconds and the naive UTC moment they are
        over, ``None`` for a moment the calendar never reaches
    """
    if not norm.days:
        seconds = round(norm.hours * 3600)
        return seconds, clock.add_working(timeline, start, seconds)
    to_wall, to_moment = walls(zone)
    moment = clock.add_days(timeline, start, norm.days, to_wall, to_moment)
    if moment is None:
        return 0, None
    return round(clock.working_seconds(timeline, start, moment)), moment


def walls(zone):
    """From a naive UTC moment to the time on the wall of a zone, and back.

    :param str zone: name of a time zone; UTC when empty or unknown
    :return: two functions
    """
    info = get_zone(zone)

    def to_wall(moment):
        return moment.replace(tzinfo=UTC).astimezone(info).replace(tzinfo=None)

    def to_moment(wall):
        return wall.replace(tzinfo=info).astimezone(UTC).replace(tzinfo=None)

    return to_wall, to_moment


def get_zone(name):
    """The time zone of that name, UTC when there is none."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def priority_of(impact, urgency, matrix=None):
    """Priority of something with this impact and urgency.

    :param str impact: ``low``, ``normal`` or ``high``; anything else is normal
    :param str urgency: the same
    :param dict matrix: ``(impact, urgency)`` -> priority, where it differs from
        :data:`MATRIX`
    :return: ``"0"`` to ``"3"``
    """
    impact = impact if impact in LEVELS else "normal"
    urgency = urgency if urgency in LEVELS else "normal"
    return (matrix or {}).get((impact, urgency)) or MATRIX[impact, urgency]
