"""What the words of those who were asked come to.

Plain Python, no ORM. A vote is the state of one person's approval: ``asked``,
``approved``, ``rejected``; whoever was asked in somebody's place counts for them, so
other states are no votes.
"""

OPEN, AGREED, REFUSED = "open", "agreed", "refused"


def outcome(votes, need):
    """What a step has come to.

    Where one word is enough the first one decides, a no as well as a yes. Otherwise a
    step is agreed when as many as needed have said yes, and refused as soon as so many
    have said no that they cannot be had any more.

    :param votes: iterable of states, one per person
    :param int need: how many have to say yes
    :return: one of ``OPEN``, ``AGREED``, ``REFUSED``
    """
    votes = list(votes)
    yes, no = votes.count("approved"), votes.count("rejected")
    need = max(need, 1)
    if yes >= need:
        return AGREED
    if no and (need == 1 or yes + votes.count("asked") < need):
        return REFUSED
    return OPEN


def to_plan(steps):
    """Turn what the rule says into what is asked, in order.

    :param list steps: ``approval_rules.Step``
    :return: list of dictionaries, one per step that matters: ``id``, ``kind``,
        ``need``, ``note``, ``users`` (may be empty: somebody has to be named) and
        ``state``: ``coming``, ``approved`` (whoever asks has agreed) or
        ``not_needed``
    """
    plan = []
    for step in steps:
        if step.state == "unneeded":
            continue
        own = step.state == "agreed" and "own" in step.notes
        state = {"skipped": "not_needed"}.get(step.state, "coming")
        plan.append(
            {
                "id": step.id,
                "kind": step.kind,
                "need": max(step.need, 1),
                "users": [] if own else list(step.users),
                "state": "approved" if own else state,
                "note": _note(step, own),
            }
        )
    return plan


def _note(step, own):
    """The one thing worth knowing about who was chosen."""
    if own:
        return "own"
    if step.state == "skipped" or not step.users:
        return "nobody"
    for note in ("asked", "up", "owner", "desk"):
        if note in step.notes:
            return note
    return False
