"""To whom inside the desk: colleagues in, ranked by experience and explained out.

Plain Python: knows neither users nor tickets. Escalation inside a desk goes to
somebody who knows more, so experience decides before load does:

* level in the needed skills, 0 to 100, averaged;
* ``ALIKE_WEIGHT`` for each ticket of the same kind of work solved for good, up to
  ``ALIKE_MOST`` of them;
* ``SOLVED_WEIGHT`` for each other ticket solved for good, up to ``SOLVED_MOST``;
* ``LOAD_WEIGHT`` off for each open ticket.

Whoever is away comes last. The desk's manager is the last step of the ladder: equal
scores go to the others first, then to the lighter load, then to the lower id.
"""

from dataclasses import dataclass

ALIKE_WEIGHT = 5
ALIKE_MOST = 20
SOLVED_WEIGHT = 0.5
SOLVED_MOST = 50
LOAD_WEIGHT = 1

#: Codes of reasons, for translation by the caller.
AWAY = "away"
SKILL = "skill"
ALIKE = "alike"
SOLVED = "solved"
LOAD = "load"
LEADS = "leads"


@dataclass(frozen=True)
class Colleague:
    """What is known of one member of the desk.

    :param id: user id
    :param level: in the needed skills, 0 to 100; ``None`` when none is needed
    :param alike: tickets of the same kind of work solved and not reopened
    :param solved: all tickets solved and not reopened
    :param load: open tickets owned
    :param away: on leave now
    :param leads: manages the desk
    """

    id: int
    level: int | None = None
    alike: int = 0
    solved: int = 0
    load: int = 0
    away: bool = False
    leads: bool = False


@dataclass(frozen=True)
class Proposal:
    """A colleague judged.

    :param experience: comparable among colleagues, load left aside
    :param reasons: tuple of (code, value) pairs
    """

    id: int
    away: bool
    experience: float
    score: float
    reasons: tuple


def experience(colleague):
    """How much somebody knows about this kind of work.

    :rtype: float
    """
    other = max(colleague.solved - colleague.alike, 0)
    return (
        (colleague.level or 0)
        + ALIKE_WEIGHT * min(colleague.alike, ALIKE_MOST)
        + SOLVED_WEIGHT * min(other, SOLVED_MOST)
    )


def judge(colleague):
    """Judge one colleague.

    :rtype: Proposal
    """
    known = experience(colleague)
    reasons = []
    if colleague.away:
        reasons.append((AWAY, None))
    if colleague.leads:
        reasons.append((LEADS, None))
    if colleague.level is not None:
        reasons.append((SKILL, colleague.level))
    if colleague.alike:
        reasons.append((ALIKE, colleague.alike))
    reasons += [(SOLVED, colleague.solved), (LOAD, colleague.load)]
    return Proposal(
        id=colleague.id,
        away=colleague.away,
        experience=known,
        score=known - LOAD_WEIGHT * colleague.load,
        reasons=tuple(reasons),
    )


def propose(colleagues):
    """Judge all colleagues, best first; those away come last.

    :param colleagues: iterable of :class:`Colleague`
    :rtype: list[Proposal]
    """
    by_id = {one.id: one for one in colleagues}
    return sorted(
        map(judge, by_id.values()),
        key=lambda one: (
            one.away,
            -one.score,
            by_id[one.id].leads,
            by_id[one.id].load,
            one.id,
        ),
    )
