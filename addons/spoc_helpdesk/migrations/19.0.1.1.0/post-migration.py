"""Priorities are worked out of impact and urgency now."""


def migrate(cr, version):
    """What somebody had set stays; the usual priority was set by nobody."""
    # SQL: a note of how things are, for tickets of any number, closed ones too.
    cr.execute(
        """UPDATE spoc_ticket SET priority_by_hand = true
            WHERE priority IS DISTINCT FROM '1' AND priority_by_hand IS NOT TRUE"""
    )
