"""What became of a promise, told from the events of its clock.

Plain Python: knows no ORM. Events go in; out come the stretches of time, each counted,
paused or closed and why, and the moment the promise is due. A moment is a naive
``datetime`` on one common scale; working time comes from the caller as in
``spoc_catalog``'s ``clock``, whose arithmetic this builds on.
"""

from bisect import bisect_right
from datetime import timedelta
from typing import NamedTuple

from odoo.addons.spoc_catalog import clock

STARTED, PAUSED, RESUMED = "started", "paused", "resumed"
CHANGED, ENDED = "changed", "ended"

#: Labels of a stretch: working time that counts, working or not while paused, and
#: what lies outside working time.
COUNTED, HELD, CLOSED = "counted", "paused", "closed"

#: Whoever is given a shorter norm has at least this part of it, unless less was left.
LEAST_SHARE = 4


class Event(NamedTuple):
    """Something that changed how a clock counts.

    ``seconds`` is the norm from then on and ``hours`` says whose working time counts
    it (any key the caller understands); both come with ``started`` and ``changed``.
    ``left`` is what was left of it right afterwards, where somebody decided or noted
    it; else it follows from what was counted. ``why`` is passed through.
    """

    at: object
    kind: str
    seconds: int | None = None
    hours: object = None
    left: float | None = None
    why: object = None


class Stretch(NamedTuple):
    """A time in which one thing held.

    ``late`` is true once nothing of the norm is left; ``left`` is what is left at its
    end, in working seconds.
    """

    start: object
    end: object
    label: str
    why: object
    late: bool
    left: float

    @property
    def seconds(self):
        """How long it was, in seconds of the clock on the wall."""
        return (self.end - self.start).total_seconds()


class Story(NamedTuple):
    """The stretches of a clock, when it is or was due, what is left, and its state.

    ``due`` is the moment nothing is left any more, past or to come; ``None`` for a
    clock that is paused or ended before, or whose working time never gets there.
    """

    stretches: list
    due: object
    left: float
    state: str


def carried(norm, used, left):
    """What is left when the norm changes: what was earned is kept.

    Time that was counted stays counted. Nobody can work in no time, so a shorter norm
    leaves at least a share of itself, but never more than was left before.

    :param norm: seconds of the new norm
    :param used: seconds counted so far
    :param left: seconds that were left of the norm before
    :return: seconds, not negative
    """
    return max(norm - used, min(norm // LEAST_SHARE, left), 0)


def tell(events, hours_of, now):
    """Tell the story of a clock.

    :param events: list of :class:`Event`, by time; the first is ``started``
    :param hours_of: ``hours_of(key, start)`` gives the working intervals from
        ``start`` on, sorted, finite or not
    :param now: moment up to which it is told
    :rtype: Story
    """
    teller = _Teller(hours_of)
    for event in events:
        teller.happen(event)
    return teller.finish(now)


class _Teller:
    """Where a clock stands while its events are read."""

    def __init__(self, hours_of):
        self.hours_of = hours_of
        self.state = None
        self.since = None
        self.seconds = 0
        self.left = 0.0
        self.hours = None
        self.why = None
        self.due = None
        self.stretches = []

    def happen(self, event):
        if self.state == ENDED:
            return
        if self.state:
            self._advance(event.at)
        if event.left:
            self.due = None  # it was not late then, whatever the calendar says now
        # What is late stays late: another norm comes too late for it.
        if event.kind in (STARTED, CHANGED) and self.due is None:
            self._norm(event)
        if event.left is not None:
            self.left = event.left
        self._enter(event)
        self.since = event.at

    def _norm(self, event):
        if event.seconds is not None:
            if event.kind == STARTED:
                self.left = event.seconds
            elif event.left is None:
                used = self.seconds - self.left
                self.left = carried(event.seconds, used, self.left)
            self.seconds = event.seconds
        self.hours = event.hours

    def _enter(self, event):
        if event.kind == PAUSED:
            self.state, self.why = PAUSED, event.why
        elif event.kind == ENDED:
            self.state, self.why = ENDED, event.why
        elif event.kind in (STARTED, RESUMED):
            self.state, self.why = STARTED, event.why
        elif self.state != PAUSED:
            self.why = event.why

    def finish(self, now):
        if self.state == STARTED:
            due = self.due
            if due is None:
                intervals = self.hours_of(self.hours, self.since)
                due = clock.add_working(intervals, self.since, self.left)
            self._advance(max(now, self.since))
            return Story(self.stretches, due, self.left, "running")
        if self.state == PAUSED:
            self._advance(max(now, self.since))
            return Story(self.stretches, self.due, self.left, "paused")
        return Story(self.stretches, self.due, self.left, "ended")

    # ---- stretches ----

    def _advance(self, until):
        """Tell the time from the last event to ``until``."""
        if until <= self.since:
            return
        if self.state == PAUSED:
            self._add(self.since, until, HELD, self.left <= 0)
            return
        reached = self.since
        for begin, end in clock.merged(self._working(until)):
            if begin > reached:
                self._add(reached, begin, CLOSED, self.left <= 0)
            self._count(begin, end)
            reached = end
        if reached < until:
            self._add(reached, until, CLOSED, self.left <= 0)

    def _working(self, until):
        for begin, end in self.hours_of(self.hours, self.since):
            if begin >= until:
                return
            begin, end = max(begin, self.since), min(end, until)
            if begin < end:
                yield begin, end

    def _count(self, begin, end):
        """Working time counts; it is cut where the promise is due."""
        length = (end - begin).total_seconds()
        if self.left > 0:
            counted = min(length, self.left)
            cut = begin + timedelta(seconds=counted)
            self.left -= counted
            if not self.left:
                self.due = cut
            self._add(begin, cut, COUNTED, False)
            begin = cut
        if begin < end:
            if self.due is None:
                self.due = begin  # nothing was left to begin with
            self._add(begin, end, COUNTED, True)

    def _add(self, start, end, label, late):
        why = None if label == CLOSED else self.why
        self.stretches.append(Stretch(start, end, label, why, late, self.left))


# ---- many clocks over the same hours ----------------------------------------


class WorkTable:
    """Working time of a finite span, ready to be asked thousands of times.

    :param intervals: sorted working intervals, finite
    """

    def __init__(self, intervals):
        self.spans = list(clock.merged(intervals))
        self._begins = [begin for begin, _end in self.spans]
        self._before = [0.0]
        for begin, end in self.spans:
            self._before.append(self._before[-1] + (end - begin).total_seconds())

    def worked(self, moment):
        """Working seconds of the span up to ``moment``."""
        number = bisect_right(self._begins, moment)
        if not number:
            return 0.0
        begin, end = self.spans[number - 1]
        inside = (min(moment, end) - begin).total_seconds()
        return self._before[number - 1] + inside

    def seconds(self, start, end):
        """Working seconds between two moments."""
        return max(self.worked(end) - self.worked(start), 0.0)

    def after(self, start, seconds):
        """When so many working seconds after ``start`` are over; ``None``: never."""
        if seconds <= 0:
            return start
        goal = self.worked(start) + seconds
        low, high = 0, len(self.spans)
        while low < high:
            middle = (low + high) // 2
            if self._before[middle + 1] >= goal:
                high = middle
            else:
                low = middle + 1
        if low == len(self.spans):
            return None
        return self.spans[low][0] + timedelta(seconds=goal - self._before[low])


def verdict(seconds, table, start, end, pauses, now):
    """What a norm would have made of something that happened.

    :param seconds: the norm
    :param WorkTable table: working time it counts in
    :param start: when it began
    :param end: when it was done, ``None`` for not yet
    :param pauses: sorted pairs ``(start, end)`` that did not count; an end may be
        ``None``
    :param now: moment of the judgement
    :return: ``(due, outcome)``; the outcome is ``met``, ``missed`` or ``open``
    """
    due = _due(seconds, table, start, pauses)
    if due is not None and due < (end or now):
        return due, "missed"
    return due, "met" if end else "open"


def _due(seconds, table, start, pauses):
    reached, left = start, seconds
    for begin, end in pauses:
        if end is not None and end <= reached:
            continue
        begin = max(begin, reached)
        counted = table.seconds(reached, begin)
        if counted >= left:
            break
        if end is None:
            return None
        left -= counted
        reached = end
    return table.after(reached, left)
