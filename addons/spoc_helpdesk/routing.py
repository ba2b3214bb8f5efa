"""Who should own this: candidates in, ranked and explained out.

Plain Python: knows neither users nor tickets. The caller says what is needed and
what is known of each candidate; :func:`rank` answers with all of them, best first,
each with the reasons that can be shown to a person.

Hard requirements come first. Whoever misses one is never chosen:

* not on duty when the desk next works;
* lacks a needed skill, or has less of it than is needed;
* has as much work as the desk lets a member have;
* let this very ticket lie.

Among the others points decide (see :class:`Weights` for how many):

* level in the needed skills, averaged;
* proven experience: tickets of the kind solved and not reopened. The first ones
  count most: ``EXPERIENCE_HALF`` of them earn half of the points;
* served the same requester before;
* time left in the shift: ``SHIFT_SPAN`` or more earns all of the points;
* load: points off for each open ticket.

Equal scores go to the lighter load, then to the lower id, so that the same
question always has the same answer. More work never ranks better; more skill,
experience or time never ranks worse.
"""

from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import timedelta

EXPERIENCE_HALF = 5
SHIFT_SPAN = timedelta(hours=4)
#: A pause no longer than this (lunch) is a part of the shift.
PAUSE = timedelta(minutes=90)
#: How much work a ticket is by its priority, where a desk counts so.
WORK = {"0": 0.5, "1": 1.0, "2": 1.5, "3": 2.0}

#: Codes of reasons, for translation by the caller.
OFF_DUTY = "off_duty"
LACKS_SKILL = "lacks_skill"
LOW_SKILL = "low_skill"
FULL = "full"
LET_LIE = "let_lie"
SKILL = "skill"
EXPERIENCE = "experience"
KNOWN = "known"
SHIFT = "shift"
LOAD = "load"

HARD = frozenset({OFF_DUTY, LACKS_SKILL, LOW_SKILL, FULL, LET_LIE})

#: Tickets that break within the same stretch are equally urgent; among them the
#: best fit comes first.
STRETCHES = [
    timedelta(0),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=8),
    timedelta(days=1),
]


@dataclass(frozen=True)
class Weights:
    """How many points a reason is worth at most (load: per ticket, taken off)."""

    skill: float = 100
    experience: float = 30
    known: float = 15
    shift: float = 10
    load: float = 10


@dataclass(frozen=True)
class Candidate:
    """What is known of one member of the desk.

    :param id: user id
    :param skills: dict skill id -> level, 0 to 100
    :param on_duty: works when the desk next works
    :param load: open tickets owned; heavier ones may count more
    :param capacity: more load than this is too much; ``None`` is no limit
    :param known: served the requester before
    :param experience: tickets of the kind solved and not reopened
    :param shift_left: ``timedelta`` of work left in the shift, ``None`` without
        fixed hours
    """

    id: int
    skills: dict = field(default_factory=dict)
    on_duty: bool = True
    load: float = 0
    capacity: float | None = None
    known: bool = False
    experience: int = 0
    shift_left: timedelta | None = None


@dataclass(frozen=True)
class Need:
    """What the work asks for.

    :param skills: pairs ``(skill id, minimum level)`` without which nobody may own it
    :param work: how much load it is
    :param excluded: ids of those who must not get it this time
    """

    skills: tuple = ()
    work: float = 1.0
    excluded: frozenset = frozenset()


@dataclass(frozen=True)
class Ranked:
    """A candidate judged.

    :param eligible: meets every hard requirement
    :param score: points, comparable among candidates
    :param reasons: tuple of ``(code, value, points)``, in the order they were looked
        at; a hard requirement that is missed has ``None`` for points
    """

    id: int
    eligible: bool
    score: float
    load: float
    reasons: tuple


def judge(candidate, need, weights=None):
    """Judge one candidate.

    :rtype: Ranked
    """
    hard = _misses(candidate, need)
    soft = _merits(candidate, need, weights or Weights())
    return Ranked(
        id=candidate.id,
        eligible=not hard,
        score=round(sum(points for _code, _value, points in soft), 2),
        load=candidate.load,
        reasons=tuple(hard + soft),
    )


def _misses(candidate, need):
    """Hard requirements a candidate does not meet."""
    misses = []
    if not candidate.on_duty:
        misses.append((OFF_DUTY, None, None))
    misses += _skill_misses(candidate, need)
    if (
        candidate.capacity is not None
        and candidate.load + need.work > candidate.capacity
    ):
        misses.append((FULL, [candidate.load, candidate.capacity], None))
    if candidate.id in need.excluded:
        misses.append((LET_LIE, None, None))
    return misses


def _skill_misses(candidate, need):
    misses = []
    for skill, minimum in need.skills:
        level = candidate.skills.get(skill)
        if level is None:
            misses.append((LACKS_SKILL, skill, None))
        elif level < minimum:
            misses.append((LOW_SKILL, [skill, level, minimum], None))
    return misses


def _merits(candidate, need, weights):
    """What speaks for a candidate, and their load, in points."""
    merits = []
    if need.skills:
        levels = [candidate.skills.get(skill, 0) for skill, _minimum in need.skills]
        level = sum(levels) / len(levels)
        merits.append((SKILL, round(level), round(weights.skill * level / 100, 2)))
    if candidate.experience > 0:
        share = candidate.experience / (candidate.experience + EXPERIENCE_HALF)
        points = round(weights.experience * share, 2)
        merits.append((EXPERIENCE, candidate.experience, points))
    if candidate.known:
        merits.append((KNOWN, None, round(weights.known, 2)))
    left = candidate.shift_left
    if left is None:
        merits.append((SHIFT, None, round(weights.shift, 2)))
    else:
        share = min(max(left / SHIFT_SPAN, 0), 1)
        minutes = int(left.total_seconds() // 60)
        merits.append((SHIFT, minutes, round(weights.shift * share, 2)))
    load = round(candidate.load, 2)
    merits.append((LOAD, load, round(-weights.load * load, 2)))
    return merits


def rank(candidates, need, weights=None):
    """Judge all candidates, best first; those not eligible come last.

    :param candidates: iterable of :class:`Candidate`
    :param need: :class:`Need`
    :param weights: :class:`Weights`
    :rtype: list[Ranked]
    """
    return sorted(
        (judge(candidate, need, weights) for candidate in candidates),
        key=lambda ranked: (not ranked.eligible, -ranked.score, ranked.load, ranked.id),
    )


def best(ranked):
    """Id of the one to choose, ``None`` when nobody is eligible."""
    return next((one.id for one in ranked if one.eligible), None)


def can_at_all(skills_of, need):
    """Ids of those who have what the work asks for, on duty or not, busy or not.

    :param skills_of: dict user id -> {skill id: level}, of all who are looked at
    :rtype: set
    """
    return {
        id_
        for id_, skills in skills_of.items()
        if not _skill_misses(Candidate(id=id_, skills=skills), need)
    }


# ---- working time ----------------------------------------------------------


def shift_left(intervals, moment):
    """Working time left in the shift somebody is in at a moment.

    A shift is work with no more than :data:`PAUSE` in between; whoever is at lunch
    is on duty.

    :param intervals: sorted pairs ``(start, end)`` of working time
    :return: ``timedelta``, or ``None`` when off duty
    """
    left, last = None, None
    for start, end in intervals:
        if last is not None and start - last > PAUSE:
            if left is not None:
                return left
            last = None
        if left is None and (start if last is None else last) <= moment < end:
            left = timedelta(0)
        if left is not None:
            left += max(end - max(start, moment), timedelta(0))
        elif start > moment:
            return None
        last = end
    return left


def without(intervals, absences):
    """Working time with absences taken out.

    :param intervals: sorted pairs ``(start, end)``
    :param absences: pairs ``(start, end)``
    :return: sorted list of pairs
    """
    left = list(intervals)
    for away, back in absences:
        left = [
            piece
            for start, end in left
            for piece in ((start, min(end, away)), (max(start, back), end))
            if piece[0] < piece[1]
        ]
    return left


# ---- pull: the next ticket -------------------------------------------------


def stretch(due, now):
    """How urgent a due moment is: 0 overdue, growing; the last without any."""
    if not due:
        return len(STRETCHES)
    return bisect_left(STRETCHES, due - now)


def next_first(waiting, now):
    """Order tickets for the one who asks for the next: what breaks first, fits best.

    :param waiting: iterable of ``(ticket id, due moment or None, Ranked)``; the last
        is the one who asks, judged for this ticket
    :return: ``(ticket id, Ranked)`` of those that may be theirs, best first
    """
    fitting = [one for one in waiting if one[2].eligible]
    fitting.sort(
        key=lambda one: (
            stretch(one[1], now),
            -one[2].score,
            one[1] is None,
            one[1] or now,
            one[0],
        )
    )
    return [(id_, ranked) for id_, _due, ranked in fitting]
