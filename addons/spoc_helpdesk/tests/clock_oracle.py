"""An oracle of deadlines: plain Python over minutes, written without the engine.

It knows calendars as they are written down (which hours on which weekdays of which
week, in which time zone, but for these leaves), looks at every single minute and
counts. It is slow and simple on purpose.
"""

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
FIRST = datetime(2026, 2, 2)
#: Spring and autumn changes of the clocks of both halves of the world lie within.
SPANS = (
    (datetime(2026, 2, 16), datetime(2026, 5, 25)),
    (datetime(2026, 9, 7), datetime(2026, 12, 14)),
)
ZONES = (
    "Pacific/Auckland",
    "Pacific/Chatham",
    "Australia/Lord_Howe",
    "Asia/Tokyo",
    "Asia/Kolkata",
    "Europe/Stockholm",
    "Europe/London",
    "America/St_Johns",
    "America/New_York",
    "Pacific/Honolulu",
)


class Minutes:
    """Every minute of a span: worked or not.

    :param lines: list of ``(week, weekday, hour_from, hour_to)``; ``week`` is ``None``
        for every week, 0 or 1 for every other; all hours are worked when ``None``
    :param str zone: time zone of the wall the hours are read from
    :param leaves: list of naive UTC pairs that are not worked
    """

    def __init__(self, lines, zone, leaves, span):
        self.start, end = span
        info = ZoneInfo(zone)
        self.bits = bytearray()
        moment = self.start
        while moment < end:
            self.bits.append(self._is_worked(moment, lines, info, leaves))
            moment += MINUTE

    @staticmethod
    def _is_worked(moment, lines, info, leaves):
        if any(begin <= moment < end for begin, end in leaves):
            return 0
        if lines is None:
            return 1
        wall = moment.replace(tzinfo=UTC).astimezone(info)
        week = ((wall.date().toordinal() - 1) // 7) % 2
        hour = wall.hour + wall.minute / 60
        return int(
            any(
                number in (None, week)
                and weekday == wall.weekday()
                and begin <= hour < end
                for number, weekday, begin, end in lines
            )
        )

    def number(self, moment):
        return (moment - self.start) // MINUTE

    def moment(self, number):
        return self.start + number * MINUTE

    def count(self, start, end):
        """Minutes worked between two moments."""
        return self.bits.count(1, self.number(start), self.number(end))

    def after(self, start, minutes):
        """When so many minutes after ``start`` are worked; ``None``: never."""
        position = self.number(start)
        for _minute in range(minutes):
            position = self.bits.find(1, position)
            if position < 0:
                return None
            position += 1
        return self.moment(position)


def deadline(steps, minutes_of):
    """When a promise is due.

    :param steps: list of ``(moment, what, norm in minutes, hours)`` by time, the first
        ``started``; norm and hours come with ``started`` and ``changed``
    :param minutes_of: hours -> :class:`Minutes`
    :return: naive UTC, ``None`` for never, ``"paused"``
    """
    norm = used = left = 0
    counting, since, hours = False, None, None
    for moment, what, new_norm, new_hours in steps:
        if counting:
            spent = min(minutes_of[hours].count(since, moment), left)
            if spent == left:
                return minutes_of[hours].after(since, left)
            used, left = used + spent, left - spent
        if what == "started":
            norm = left = new_norm
            hours, counting = new_hours, True
        elif what == "changed":
            least = min(new_norm // 4, left)
            left = max(new_norm - used, least)
            norm, hours = new_norm, new_hours
            used = norm - left
        else:
            counting = what == "resumed"
        since = moment
    return minutes_of[hours].after(since, left) if counting else "paused"


def some_lines(dice, kind):
    """Hours of a calendar: an office, a night shift, two weeks in turn."""
    if kind == "office":
        begin, noon, end = dice.choice(
            [(8, 12, 17), (9, 13, 18), (7.5, 11.5, 16), (10, 14, 22)]
        )
        days = dice.choice([range(5), range(6), (0, 1, 3, 4), range(7)])
        return [
            (None, day, *span)
            for day in days
            for span in ((begin, noon), (noon + dice.choice([0, 1]), end))
        ]
    if kind == "night":
        begin = dice.choice([20, 21.5, 22])
        end = dice.choice([5, 6, 7.25])
        days = dice.choice([range(7), range(5)])
        return [
            *((None, day, begin, 24) for day in days),
            *((None, (day + 1) % 7, 0, end) for day in days),
        ]
    early, late = (6, 14), (14, 22)
    return [
        *((0, day, *early) for day in range(5)),
        *((1, day, *late) for day in dice.choice([range(5), (2, 3, 4, 5)])),
    ]


def some_leaves(dice, span):
    """A few days and hours nobody works."""
    leaves = []
    days = (span[1] - span[0]).days
    for _leave in range(dice.randrange(5)):
        begin = span[0] + timedelta(
            days=dice.randrange(days), minutes=dice.randrange(0, 1440, 15)
        )
        leaves.append((begin, begin + timedelta(hours=dice.choice([3, 8, 24, 72]))))
    return leaves


def some_steps(dice, span, hours_keys):
    """A promise and what happened to it, at whole minutes."""
    moment = span[0] + timedelta(minutes=dice.randrange(30 * 1440))
    steps = [
        (moment, "started", dice.choice([15, 60, 240, 480, 960, 2400]), hours_keys[0])
    ]
    counting = True
    for _step in range(dice.randrange(6)):
        moment += timedelta(minutes=dice.choice([0, 7, 90, 480, 1440, 4000]))
        if dice.random() < 0.3:
            norm = dice.choice([32, 120, 480, 1440])
            steps.append((moment, "changed", norm, dice.choice(hours_keys)))
        else:
            counting = not counting
            steps.append((moment, "resumed" if counting else "paused", None, None))
    return steps


def rolled(seed):
    """A die that falls the same way every time."""
    return random.Random(seed)
