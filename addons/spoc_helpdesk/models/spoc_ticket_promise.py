"""The next update: promised for another moment, in words the requester gets."""

from odoo import fields, models
from odoo.exceptions import UserError


class SpocTicket(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.ticket"

    def action_promise_wizard(self):
        """Ask until when the next update is promised, and what is said about it."""
        self._spoc_begin(("new", "in_progress"))
        return self._spoc_wizard("spoc_helpdesk.spoc_ticket_promise_action")

    def _spoc_promise_update(self, due):
        """Promise the next update for ``due`` instead of the usual time.

        The clock knows why it was changed; what was promised before stays in its
        story.

        :param datetime due: naive UTC
        :raises UserError: when no update is owed, or the desk does not work until then
        """
        self.ensure_one()
        self._spoc_begin(("new", "in_progress"))
        now = fields.Datetime.now()
        clock = self._spoc_running("update").filtered(lambda c: c.state == "running")
        if not clock:
            raise UserError(self.env._("No update is promised on this ticket."))
        clock = clock[-1:]
        seconds = int(clock.desk_id._spoc_working_seconds(now, due, clock.basis or ""))
        if due <= now or seconds <= 0:
            raise UserError(
                self.env._(
                    "The desk does not work between now and then: promise later."
                )
            )
        norm = {
            "seconds": seconds,
            "basis": clock.basis,
            "desk_id": clock.desk_id.id,
        }
        clock._spoc_change(now, [(clock, norm, "due")])
        self._spoc_sync_due()
        self.env["spoc.clock"]._spoc_wake([clock.due])
