"""Working time between two moments, for very many pairs of them.

Plain Python, no ORM and no database.
"""

from bisect import bisect_right
from itertools import accumulate


def measure(intervals):
    """A function of two moments: hours worked between them.

    Intervals are added up once; then each pair of moments costs two look-ups.

    :param intervals: sorted, disjoint ``(start, end)`` datetimes
    """
    intervals = list(intervals)
    starts = [start for start, _end in intervals]
    lengths = [(end - start).total_seconds() for start, end in intervals]
    before = [0.0, *accumulate(lengths)]

    def passed(moment):
        """Seconds worked up to a moment."""
        at = bisect_right(starts, moment) - 1
        if at < 0:
            return 0.0
        return before[at] + min(lengths[at], (moment - starts[at]).total_seconds())

    def hours(start, end):
        return max(passed(end) - passed(start), 0.0) / 3600

    return hours
