"""What may be done with articles, by whom, and when more is earned. No ORM.

A person stands on one of four levels at each desk. Every level may do what the levels
below may.
"""

CANDIDATE = "candidate"
CONTRIBUTOR = "contributor"
PUBLISHER = "publisher"
COACH = "coach"
# From the least to the most.
LEVELS = (CANDIDATE, CONTRIBUTOR, PUBLISHER, COACH)

# What is done -> the lowest level that may.
ABILITIES = {
    "submit": CANDIDATE,
    "confirm": CONTRIBUTOR,
    "publish_own": CONTRIBUTOR,
    "publish_approved": CONTRIBUTOR,
    "approve": PUBLISHER,
    "validate": PUBLISHER,
    "retire": PUBLISHER,
    "judge": COACH,
    "grant": COACH,
}
# Level -> what proves that it is earned: articles approved by somebody else, articles
# of others approved, the mean of the checks in percent.
PROOFS = {
    CONTRIBUTOR: {"written": 3, "approved": 0, "score": 70},
    PUBLISHER: {"written": 10, "approved": 0, "score": 80},
    COACH: {"written": 25, "approved": 10, "score": 90},
}


def rank(level):
    """Place of a level, the higher the more; -1 for none."""
    return LEVELS.index(level) if level in LEVELS else -1


def may(level, ability):
    """Whether a person of this level may do it.

    :param str level: one of ``LEVELS``; anything else may nothing
    :param str ability: a key of ``ABILITIES``
    """
    return rank(level) >= rank(ABILITIES[ability])


def above(level):
    """The next level up, or ``""`` at the top."""
    place = rank(level) + 1
    return LEVELS[place] if place < len(LEVELS) else ""


def earned(level, written, approved, score=None):
    """The next level, when the work so far proves it; else ``""``.

    One step at a time: who is due for two is proposed again after the first.

    :param str level: where the person stands
    :param int written: articles of theirs that somebody else approved
    :param int approved: articles of others they approved
    :param score: mean of the checks of their articles in percent, None: never checked.
        Who was never checked is a coach's matter from publisher on.
    """
    wanted = above(level)
    proof = PROOFS.get(wanted)
    if not proof or written < proof["written"] or approved < proof["approved"]:
        return ""
    if score is None:
        return wanted if wanted == CONTRIBUTOR else ""
    return wanted if score >= proof["score"] else ""
