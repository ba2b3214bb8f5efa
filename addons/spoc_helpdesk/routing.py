"""Who should own this: candidates in, ranked and explained out.

Plain Python: knows neither users nor tickets. The caller says what is needed and
what is known of each candidate; :func:`rank` answers with all of them, best first,
each with the reasons that can be shown to a person.

Hard requirements come first: a candidate who is not on duty when the desk next
works, or lacks a needed skill, is never chosen. Among the others the score counts:

* level in the needed skills, 0 to 100, averaged;
* load, ``LOAD_WEIGHT`` off for each open ticket;
* ``KNOWN_BONUS`` for the one who served the same requester before.

Equal scores go to the lighter load, then to the lower id, so that the same
question always has the same answer.
"""

from dataclasses import dataclass, field

LOAD_WEIGHT = 10
KNOWN_BONUS = 15

#: Codes of reasons, for translation by the caller.
OFF_DUTY = "off_duty"
LACKS_SKILL = "lacks_skill"
SKILL = "skill"
LOAD = "load"
KNOWN = "known"


@dataclass(frozen=True)
class Candidate:
    """What is known of one member of the desk.

    :param id: user id
    :param skills: dict skill id -> level, 0 to 100
    :param on_duty: works when the desk next works
    :param load: number of open tickets owned
    :param known: served the requester before
    """

    id: int
    skills: dict = field(default_factory=dict)
    on_duty: bool = True
    load: int = 0
    known: bool = False


@dataclass(frozen=True)
class Need:
    """What the work asks for.

    :param skills: ids of the skills without which nobody may own it
    """

    skills: tuple = ()


@dataclass(frozen=True)
class Ranked:
    """A candidate judged.

    :param eligible: meets every hard requirement
    :param score: comparable among eligible candidates
    :param reasons: tuple of (code, value) pairs, in the order they were looked at
    """

    id: int
    eligible: bool
    score: float
    load: int
    reasons: tuple


def judge(candidate, need):
    """Judge one candidate.

    :rtype: Ranked
    """
    reasons = []
    if not candidate.on_duty:
        reasons.append((OFF_DUTY, None))
    reasons += [
        (LACKS_SKILL, skill) for skill in need.skills if skill not in candidate.skills
    ]
    eligible = not reasons
    score = 0.0
    if need.skills and eligible:
        level = sum(candidate.skills[skill] for skill in need.skills) / len(need.skills)
        score += level
        reasons.append((SKILL, round(level)))
    score -= LOAD_WEIGHT * candidate.load
    reasons.append((LOAD, candidate.load))
    if candidate.known:
        score += KNOWN_BONUS
        reasons.append((KNOWN, None))
    return Ranked(
        id=candidate.id,
        eligible=eligible,
        score=score,
        load=candidate.load,
        reasons=tuple(reasons),
    )


def rank(candidates, need):
    """Judge all candidates, best first; those not eligible come last.

    :param candidates: iterable of :class:`Candidate`
    :param need: :class:`Need`
    :rtype: list[Ranked]
    """
    return sorted(
        (judge(candidate, need) for candidate in candidates),
        key=lambda ranked: (not ranked.eligible, -ranked.score, ranked.load, ranked.id),
    )


def best(ranked):
    """Id of the one to choose, ``None`` when nobody is eligible."""
    return next((one.id for one in ranked if one.eligible), None)
