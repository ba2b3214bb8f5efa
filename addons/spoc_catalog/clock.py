"""Working-time arithmetic.

Plain Python: knows neither the ORM nor time zones. A moment is a naive
``datetime`` on one common scale (the desks use UTC); an interval is a pair
``(start, end)`` of moments, ``start < end``. The caller turns calendars into
intervals, so that daylight saving is already settled when a moment gets here:
a working second is a second that really passed.

Every function takes any iterable of intervals sorted by start, finite or not;
overlapping and adjacent ones count once. An endless calendar is read only as
far as needed, which :func:`extending` makes easy.
"""

from datetime import datetime, time, timedelta

DAY = timedelta(days=1)


def merged(intervals):
    """Yield the same working time as disjoint, non-adjacent intervals.

    :param intervals: iterable of ``(start, end)`` sorted by start; empty or
        inverted ones are skipped
    """
    current = None
    for start, end in intervals:
        if start >= end:
            continue
        if current is None:
            current = (start, end)
        elif start <= current[1]:
            if end > current[1]:
                current = (current[0], end)
        else:
            yield current
            current = (start, end)
    if current is not None:
        yield current


class Timeline:
    """Intervals read once from a lazy source, to be walked as often as needed.

    Several deadlines from one start then cost one look at the calendar.
    """

    def __init__(self, intervals):
        self._source = iter(intervals)
        self._known = []

    def __iter__(self):
        position = 0
        while True:
            if position == len(self._known):
                try:
                    self._known.append(next(self._source))
                except StopIteration:
                    return
            yield self._known[position]
            position += 1


def extending(fetch, start, step, horizon):
    """Yield the intervals of a calendar window by window, lazily.

    The windows double in length, so a near deadline costs one small look at
    the calendar and a far one only a few.

    :param fetch: ``fetch(start, end)`` returns the sorted intervals that lie
        in ``[start, end)``, cut at its bounds
    :param start: first moment of interest
    :param timedelta step: length of the first window
    :param timedelta horizon: look no further than this after ``start``
    """
    limit = start + horizon
    while start < limit:
        end = min(start + step, limit)
        yield from fetch(start, end)
        start = end
        step *= 2


def add_working(intervals, start, seconds):
    """Moment at which ``seconds`` of working time have passed since ``start``.

    Nothing to add ends at once: the answer is ``start`` itself, inside working
    time or not. Otherwise the answer always lies in working time; a deadline
    that falls exactly on the end of an interval stays there and does not slip
    to the next one.

    :param intervals: sorted iterable of working intervals
    :param datetime start: when counting begins
    :param float seconds: working seconds to add, not negative
    :return: the moment, or ``None`` when the intervals end too early
    :raises ValueError: when ``seconds`` is negative
    """
    if seconds < 0:
        raise ValueError("Working time cannot be added backwards.")
    left = timedelta(seconds=seconds)
    if not left:
        return start
    # Not merged first: that would read work around the clock to its very end.
    reached = start
    for begin, end in intervals:
        begin = max(begin, reached)
        if begin >= end:
            continue
        if end - begin >= left:
            return begin + left
        left -= end - begin
        reached = end
    return None


def working_seconds(intervals, start, end):
    """Seconds of working time between two moments.

    :param intervals: sorted iterable of working intervals; read no further
        than the first that begins at or after ``end``
    :return: float, 0.0 when ``end`` is not after ``start``
    """
    total = timedelta()
    if end <= start:
        return 0.0
    for begin, stop in merged(_until(intervals, end)):
        begin, stop = max(begin, start), min(stop, end)
        if begin < stop:
            total += stop - begin
    return total.total_seconds()


def is_working(intervals, moment):
    """Whether ``moment`` lies in working time; the end of an interval does not."""
    for begin, end in merged(intervals):
        if begin > moment:
            return False
        if moment < end:
            return True
    return False


def next_change(intervals, moment):
    """When the desk opens, if closed at ``moment``; when it closes, if open.

    :return: a moment after ``moment``, or ``None`` when nothing is known
    """
    for begin, end in merged(intervals):
        if begin > moment:
            return begin
        if moment < end:
            return end
    return None


def add_days(intervals, start, days, to_wall, to_moment):
    """The same time of day, so many working days later.

    A working day is what is worked from one morning on: a shift over midnight
    belongs to the day it begins on, work of a whole day and more is cut at
    midnight. Who asks while nobody works is counted from the next opening. Where
    that time of day is not worked, the answer is the last working moment before it.

    :param intervals: sorted iterable of working intervals
    :param datetime start: when counting begins
    :param int days: working days to add, not negative
    :param to_wall: ``to_wall(moment)`` gives the naive time on the wall
    :param to_moment: the way back, ``to_moment(wall)``
    :return: the moment, or ``None`` when the intervals end too early
    """
    if days < 0:
        raise ValueError("Working days cannot be added backwards.")
    shifts = _working_days(intervals, to_wall, to_moment)
    first, before = None, None
    for number, shift in enumerate(_ahead(shifts, start)):
        if first is None:
            first = next(max(begin, start) for begin, end in shift if end > start)
        if number == days:
            return _same_time(shift, to_wall(first), before, to_wall, to_moment)
        before = shift[-1][1]
    return None


def _ahead(shifts, start):
    """Skip what is over at ``start``."""
    for shift in shifts:
        if shift[-1][1] > start:
            yield shift


def _working_days(intervals, to_wall, to_moment):
    """Intervals by working day: lists of intervals."""
    shift, today = [], None
    for piece in _cut_long(intervals, to_wall, to_moment):
        day = to_wall(piece[0]).date()
        if shift and day != today:
            yield shift
            shift = []
        shift.append(piece)
        today = day
    if shift:
        yield shift


def _cut_long(intervals, to_wall, to_moment):
    """Merged, but what is worked for a day and more is cut at midnight on the wall."""
    current = None
    for begin, end in intervals:
        if begin >= end or (current and end <= current[1]):
            continue
        if current and begin <= current[1]:
            current = (current[0], end)
        else:
            if current:
                yield current
            current = (begin, end)
        while current[1] - current[0] >= DAY:
            midnight = datetime.combine(to_wall(current[0]).date() + DAY, time())
            cut = to_moment(midnight)
            if not current[0] < cut < current[1]:
                break
            yield current[0], cut
            current = (cut, current[1])
    if current:
        yield current


def _same_time(shift, wall, before, to_wall, to_moment):
    """The moment of a working day at which the wall shows what ``wall`` shows."""
    begin, end = shift[0][0], shift[-1][1]
    day = to_wall(begin).date()
    goal = to_moment(datetime.combine(day, wall.time()))
    if goal < begin:
        over_night = to_moment(datetime.combine(day + DAY, wall.time()))
        goal = over_night if over_night <= end else goal
    if goal <= begin:
        # Nothing is worked between the end of the day before and now.
        return before if before is not None else begin
    return max(min(stop, goal) for start, stop in shift if start < goal)


def _until(intervals, end):
    """Stop reading where the rest can no longer matter."""
    for interval in intervals:
        if interval[0] >= end:
            return
        yield interval
