"""What if a desk had given out its work otherwise: a past queue, played again.

Plain Python. The caller says what came in, who was there, and by which settings to
give it out; :func:`replay` answers who would have got what, and when. Nothing of it
is written anywhere.

What is assumed, so that it can be judged:

* a ticket occupies whoever gets it for as long as it occupied its real owner;
* in *push*, tickets go out as they come; one that nobody can get waits, and goes to
  the first who can when somebody ends a ticket or begins a shift;
* in *pull*, whoever is on duty and has less than they may have takes the next at once.
"""

import heapq
import itertools
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from . import routing

PUSH, PULL = "push", "pull"
ARRIVAL, RELEASE, SHIFT = range(3)
NOTHING = timedelta(0)
#: So many of those that wait are looked at when somebody has a hand free.
LOOK = 100


@dataclass(frozen=True)
class Arrival:
    """A ticket that came in.

    :param id: ticket id
    :param at: when it came to the desk
    :param moment: when the desk worked for the first time from then on
    :param need: :class:`routing.Need`
    :param kind: what experience counts for it, any key
    :param requester: id of who asked
    :param lasts: how long it occupied its owner, ``None``: to the end
    :param due: what it would break first
    """

    id: int
    at: datetime
    moment: datetime
    need: routing.Need = routing.Need()
    kind: object = None
    requester: int = 0
    lasts: timedelta | None = None
    due: datetime | None = None


@dataclass(frozen=True)
class Member:
    """Somebody tickets may go to.

    :param id: user id
    :param skills: skill id -> level
    :param capacity: load they may have, ``None``: no limit
    :param hours: sorted pairs of working time, ``None``: always
    :param held: pairs ``(work, until or None)`` of what they had before
    :param experience: kind -> tickets solved for good
    :param known: ids of requesters they know
    """

    id: int
    skills: dict = field(default_factory=dict)
    capacity: float | None = None
    hours: tuple | None = None
    held: tuple = ()
    experience: dict = field(default_factory=dict)
    known: frozenset = frozenset()


@dataclass(frozen=True)
class Outcome:
    """What became of a ticket.

    :param user: who got it, ``None``: nobody until the end
    :param owned_at: when
    :param waited: working of the desk or not, from its first working moment on
    :param at_once: it never had to wait for somebody
    :param ranked: how those who might have got it were judged then
    """

    id: int
    user: int | None
    owned_at: datetime | None
    waited: timedelta
    at_once: bool
    ranked: tuple = ()


@dataclass(frozen=True)
class Stretch:
    """Work somebody had: from when until when (``None``: to the end), and how much."""

    user: int
    start: datetime
    end: datetime | None
    work: float = 1.0


def replay(arrivals, members, start, end, mode=PUSH, weights=None):
    """Give out a queue again.

    :param arrivals: iterable of :class:`Arrival` between ``start`` and ``end``
    :param members: iterable of :class:`Member`
    :param mode: ``PUSH`` or ``PULL``
    :param weights: :class:`routing.Weights`
    :return: dict ticket id -> :class:`Outcome`
    """
    return _Replay(arrivals, members, start, end, mode, weights).run()


class _Replay:
    """One run: the state of the desk as time goes on."""

    def __init__(self, arrivals, members, start, end, mode, weights):
        self.members = sorted(members, key=lambda member: member.id)
        self.end, self.mode = end, mode
        self.weights = weights or routing.Weights()
        self.load = defaultdict(float)
        self.known = {member.id: set(member.known) for member in self.members}
        self.queue, self.hopeless, self.outcomes = [], [], {}
        self.events, self.numbers = [], itertools.count()
        self.skills = {member.id: member.skills for member in self.members}
        self.shifts = {}
        for arrival in arrivals:
            self._plan(arrival.at, ARRIVAL, arrival.id, arrival)
        for member in self.members:
            self._begin(member, start)

    def _begin(self, member, start):
        for number, (work, until) in enumerate(member.held):
            self.load[member.id] += work
            if until:
                self._plan(until, RELEASE, number, (member.id, work))
        for begin, _stop in member.hours or ():
            if begin > start:
                self._plan(begin, SHIFT, member.id, None)

    def _plan(self, moment, what, id_, data):
        # The number keeps apart what happens at the same moment.
        event = (moment, what, id_, next(self.numbers), data)
        heapq.heappush(self.events, event)

    def run(self):
        while self.events and self.events[0][0] <= self.end:
            now, what, _id, _number, data = heapq.heappop(self.events)
            if what == RELEASE:
                user, work = data
                self.load[user] -= work
            elif what == ARRIVAL:
                self._arrive(data)
            # All that happens at one moment happens before anybody takes.
            if not self.events or self.events[0][0] > now:
                self._give_out(now)
        for arrival in self.queue + self.hopeless:
            waited = max(self.end - arrival.moment, NOTHING)
            self.outcomes[arrival.id] = Outcome(arrival.id, None, None, waited, False)
        return self.outcomes

    def _arrive(self, arrival):
        if not routing.can_at_all(self.skills, arrival.need):
            self.hopeless.append(arrival)
            return
        if self.mode == PUSH:
            ranked = self._judge(arrival, arrival.moment)
            chosen = routing.best(ranked)
            if chosen:
                self._own(arrival, chosen, arrival.at, ranked, at_once=True)
                return
        self.queue.append(arrival)

    def _judge(self, arrival, moment, members=None):
        candidates = [
            self._candidate(member, arrival, moment)
            for member in (self.members if members is None else members)
        ]
        return routing.rank(candidates, arrival.need, self.weights)

    def _candidate(self, member, arrival, moment):
        on_duty, left = self._shift(member, moment)
        return routing.Candidate(
            id=member.id,
            skills=member.skills,
            on_duty=on_duty,
            load=self.load[member.id],
            capacity=member.capacity,
            known=arrival.requester in self.known[member.id],
            experience=member.experience.get(arrival.kind, 0),
            shift_left=left if on_duty else NOTHING,
        )

    def _shift(self, member, moment):
        """Whether somebody works at a moment, and for how much longer; kept."""
        key = member.id, moment
        if key not in self.shifts:
            left = None
            if member.hours is not None:
                left = routing.shift_left(member.hours, moment)
            self.shifts[key] = member.hours is None or left is not None, left
        return self.shifts[key]

    def _own(self, arrival, user, now, ranked, at_once):
        self.load[user] += arrival.need.work
        self.known[user].add(arrival.requester)
        if arrival.lasts is not None:
            until = max(now + arrival.lasts, now)
            self._plan(until, RELEASE, arrival.id, (user, arrival.need.work))
        waited = max(now - arrival.moment, NOTHING)
        self.outcomes[arrival.id] = Outcome(
            arrival.id, user, now, waited, at_once, tuple(ranked)
        )

    def _give_out(self, now):
        if not self.queue:
            return
        self.queue.sort(key=lambda one: (one.due is None, one.due or now, one.id))
        if self.mode == PUSH:
            for arrival in self.queue[:LOOK]:
                ranked = self._judge(arrival, now)
                chosen = routing.best(ranked)
                if chosen:
                    self.queue.remove(arrival)
                    self._own(arrival, chosen, now, ranked, at_once=False)
        else:
            done = set()
            while self._pull(now, done):
                if len(self.queue) >= LOOK:
                    done.clear()  # others than before are looked at

    def _pull(self, now, done):
        """The one with least to do takes the next; whether anybody did.

        :param done: ids of those for whom there is nothing now; who is found to be
            one is put in
        """
        looked_at = self.queue[:LOOK]
        for member in sorted(self.members, key=lambda m: (self.load[m.id], m.id)):
            if member.id in done or not self._shift(member, now)[0]:
                continue
            waiting = [
                (one.id, one.due, self._judge(one, now, [member])[0])
                for one in looked_at
                if self._has_room(member, one)
            ]
            for id_, ranked in routing.next_first(waiting, now)[:1]:
                arrival = next(one for one in looked_at if one.id == id_)
                self.queue.remove(arrival)
                self._own(arrival, member.id, now, [ranked], now <= arrival.moment)
                return True
            done.add(member.id)
        return False

    def _has_room(self, member, arrival):
        room = member.capacity
        return room is None or self.load[member.id] + arrival.need.work <= room


def loads(stretches, start, end):
    """How much each had: number, peak and mean of what they had at once.

    :param stretches: iterable of :class:`Stretch`; those that began before ``start``
        count as load, not as tickets got
    :return: dict user -> ``(count, peak, mean)``
    """
    steps, counts = defaultdict(list), defaultdict(int)
    for one in stretches:
        begin, stop = max(one.start, start), min(one.end or end, end)
        counts[one.user] += one.start >= start
        if begin < stop:
            steps[one.user] += [(begin, one.work), (stop, -one.work)]
    found = {}
    for user, count in counts.items():
        level = peak = area = 0.0
        before = start
        for moment, change in sorted(steps[user]):
            area += level * (moment - before).total_seconds()
            level, before = level + change, moment
            peak = max(peak, level)
        period = (end - start).total_seconds()
        found[user] = (count, round(peak, 2), round(area / period, 2) if period else 0)
    return found
