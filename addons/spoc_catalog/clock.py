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

from datetime import timedelta


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
    for begin, end in merged(intervals):
        begin = max(begin, start)
        if begin >= end:
            continue
        if end - begin >= left:
            return begin + left
        left -= end - begin
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


def _until(intervals, end):
    """Stop reading where the rest can no longer matter."""
    for interval in intervals:
        if interval[0] >= end:
            return
        yield interval
