"""Promises that are broken, or kept at last, show in the queue."""

from odoo import models

from .spoc_ticket_queue import PROMISES


class SpocClock(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.clock"

    def write(self, vals):
        kept = self.browse()
        if vals.get("ended_at"):
            kept = self.filtered(lambda clock: clock.state == "missed")
        result = super().write(vals)
        if vals.get("state") == "missed" and not vals.get("ended_at"):
            # sudo: what became of a promise is noted, whoever it was
            for clock in self.sudo().filtered(lambda one: one._spoc_is_promise()):
                ticket = clock.ticket_id
                if not ticket.broken_since or clock.due < ticket.broken_since:
                    ticket._spoc_write({"broken_since": clock.due})
        if kept:
            # sudo: the ticket's mark follows its promises, whoever changed one
            kept.sudo().ticket_id._spoc_look_broken()
        return result

    def _spoc_is_promise(self):
        """Whether the requester was promised it: norms among ourselves are not."""
        self.ensure_one()
        return bool(self.due) and not self.assignment_id and self.kind in PROMISES
