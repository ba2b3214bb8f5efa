"""What a ticket took, and whether it was solved at once: facts in, figures out.

Plain Python: knows no model. Moments are naive UTC. ``VERSION`` says by which rule
a figure was found; it is stored with each, so that figures of two rules are never
compared unseen.

The rule (version 1):

* *solved*: closed, by a code that counts as a solution; cancelled and merged is not;
* *first line*: solved, never with a part at another line, never at another desk;
* *first contact* (FCR): first line, and in the first interaction: the requester said
  nothing more than what made the ticket, was not waited for, heard from a person at
  most once before the solution, it did not come back, and follows no other ticket.

Time belongs to one party at each moment: to the requester while a solution waits for
a yes; to whoever is waited for; to the lines that have a part (each of them, when
several work side by side); else to the desk. A party *works* while a person has it
in hand, and *lets it wait* otherwise.
"""

from bisect import bisect_right
from collections import defaultdict
from typing import NamedTuple

VERSION = 1

#: Kinds of parties.
DESK, LINE, REQUESTER, SUPPLIER, OTHER = (
    "desk",
    "line",
    "requester",
    "supplier",
    "other",
)


class Hours:
    """Working time, asked often: seconds between two moments by two look-ups.

    :param intervals: sorted, disjoint pairs of moments
    """

    def __init__(self, intervals):
        self._starts, self._ends, self._before = [], [], []
        total = 0.0
        for start, end in intervals:
            self._starts.append(start)
            self._ends.append(end)
            self._before.append(total)
            total += (end - start).total_seconds()

    def _until(self, moment):
        """Working seconds from the beginning of the calendar to a moment."""
        place = bisect_right(self._starts, moment) - 1
        if place < 0:
            return 0.0
        last = min(moment, self._ends[place]) - self._starts[place]
        return self._before[place] + last.total_seconds()

    def seconds(self, start, end):
        """Working seconds between two moments."""
        return self._until(end) - self._until(start) if start < end else 0.0


class Part(NamedTuple):
    """A part of the work at another line: ``works`` are ``(start, end, person)``."""

    desk: int
    start: object
    end: object
    works: tuple = ()


class Case(NamedTuple):
    """What happened to one ticket.

    ``owners`` are ``(start, end, desk, person or None)``, ``waits`` are
    ``(start, end, kind of party)``, ``rests`` are ``(start, end)`` between a solution
    and the no that followed. An ``end`` of ``None`` means until now. ``desk_words``
    and ``requester_words`` count public words of people after those that made the
    ticket, ``speakers`` are the people of the desk who said them.
    """

    outcome: str
    end: object
    owners: tuple
    solves: bool = True
    parts: tuple = ()
    waits: tuple = ()
    rests: tuple = ()
    desk_words: int = 0
    requester_words: int = 0
    speakers: frozenset = frozenset()
    reopened: int = 0
    is_follow_up: bool = False


class Time:
    """Seconds of a party: working time it worked, it let wait, and all that passed."""

    __slots__ = ("elapsed", "wait", "work")

    def __init__(self):
        self.work = self.wait = self.elapsed = 0.0

    def add(self, working, elapsed, works):
        """Count a stretch."""
        self.elapsed += elapsed
        if works:
            self.work += working
        else:
            self.wait += working


class Measure(NamedTuple):
    """Figures of one ticket; ``parties`` maps ``(kind, desk or None)`` to Time."""

    is_solved: bool
    is_first_line: bool
    is_first_contact: bool
    agents: int
    desks: int
    lines: int
    parties: dict
    line_time: Time
    total: Time


def measure(case, hours):
    """Judge and time one ticket.

    :param Case case: what happened
    :param Hours hours: working time of the owning desk
    :rtype: Measure
    """
    desks = {desk for _start, _end, desk, _person in case.owners}
    solved = case.outcome == "closed" and case.solves
    first_line = solved and not case.parts and len(desks) == 1
    first_contact = (
        first_line
        and not case.reopened
        and not case.is_follow_up
        and not case.requester_words
        and case.desk_words <= 1
        and not any(kind == REQUESTER for _start, _end, kind in case.waits)
    )
    people = {person for _start, _end, _desk, person in case.owners if person}
    people |= {work[2] for part in case.parts for work in part.works if work[2]}
    people |= case.speakers
    parties, line_time, total = _times(case, hours)
    return Measure(
        is_solved=solved,
        is_first_line=first_line,
        is_first_contact=first_contact,
        agents=len(people),
        desks=len(desks | {part.desk for part in case.parts}),
        lines=len({part.desk for part in case.parts}),
        parties=parties,
        line_time=line_time,
        total=total,
    )


def _times(case, hours):
    """Time by party, time at lines however many, time in all."""
    parties, line_time, total = defaultdict(Time), Time(), Time()
    for start, end in _stretches(case):
        working = hours.seconds(start, end)
        elapsed = (end - start).total_seconds()
        holders = _holders(case, start)
        for party, works in holders:
            parties[party].add(working, elapsed, works)
        busy = any(works for _party, works in holders)
        if any(party[0] == LINE for party, _works in holders):
            line_time.add(working, elapsed, busy)
        total.add(working, elapsed, busy)
    return dict(parties), line_time, total


def _stretches(case):
    """Pairs of neighbouring moments between which nothing changes hands."""
    if not case.owners:
        return
    begin = min(owner[0] for owner in case.owners)
    moments = {begin, case.end}
    spans = [*case.owners, *case.waits, *case.rests]
    spans += [(part.start, part.end) for part in case.parts]
    spans += [work for part in case.parts for work in part.works]
    for span in spans:
        moments |= {span[0], span[1] or case.end}
    ordered = sorted(moment for moment in moments if begin <= moment <= case.end)
    yield from zip(ordered, ordered[1:], strict=False)


def _holders(case, moment):
    """Who has it in hand at a moment: list of ``(party, whether they work)``."""
    if _at(case.rests, moment):
        return [((REQUESTER, None), False)]
    waits = _at(case.waits, moment)
    if waits:
        return [((waits[0][2], None), False)]
    by_line = {}
    for part in _at(case.parts, moment, start=1, end=2):
        works = bool(_at(part.works, moment))
        by_line[part.desk] = by_line.get(part.desk, False) or works
    if by_line:
        return [((LINE, desk), works) for desk, works in by_line.items()]
    return [
        ((DESK, owner[2]), owner[3] is not None) for owner in _at(case.owners, moment)
    ]


def _at(spans, moment, start=0, end=1):
    """Those of the spans that hold at a moment."""
    return [
        span
        for span in spans
        if span[start] <= moment and (span[end] is None or moment < span[end])
    ]
