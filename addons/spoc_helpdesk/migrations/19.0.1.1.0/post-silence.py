"""Tickets that wait for a yes get their reminder; those that ended get figures."""

from odoo import SUPERUSER_ID, api

BATCH = 500


def migrate(cr, version):
    """Remind at the usual share of the silence, and measure what is closed."""
    # SQL: a moment for tickets of any number
    cr.execute(
        """
        UPDATE spoc_ticket
           SET reminder_due = date_trunc(
                   'second', resolved_at + (close_due - resolved_at) * 0.6)
         WHERE state = 'resolved' AND close_due IS NOT NULL AND resolved_at IS NOT NULL
           AND reminder_due IS NULL AND reminded_at IS NULL
        """
    )
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["spoc.clock"]._spoc_arm_next()
    tickets = env["spoc.ticket"].with_context(active_test=False)
    for outcome in ("closed", "cancelled"):
        last_id = 0
        while found := tickets.search(
            [
                ("state", "=", outcome),
                ("closed_at", "!=", False),
                ("measure_ids", "=", False),
                ("id", ">", last_id),
            ],
            order="id",
            limit=BATCH,
        ):
            last_id = found[-1].id
            found._spoc_measure(outcome)
            env.flush_all()
            env.invalidate_all()
