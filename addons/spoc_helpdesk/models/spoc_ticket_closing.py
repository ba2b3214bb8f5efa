"""The end of a ticket: resolved, closed, cancelled, reopened."""

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import is_html_empty

from .spoc_ticket_work import TRANSITIONS

#: What is said of a ticket that waits for no word of its requester any more.
NO_SILENCE = {"close_due": False, "reminder_due": False, "reminded_at": False}


class SpocTicket(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.ticket"

    def action_resolve(self):
        """Resolve, and tell the requester what solved it.

        :return: True, or the wizard that asks for the resolution
        """
        self._spoc_begin(TRANSITIONS["resolved"])
        if len(self) == 1 and is_html_empty(self.resolution):
            return self._spoc_wizard("spoc_helpdesk.spoc_ticket_resolve_action")
        self._spoc_resolve()
        return True

    def action_close(self):
        """Close what is resolved and told."""
        self._spoc_begin(TRANSITIONS["closed"])
        self._spoc_close()
        return True

    def action_cancel(self):
        """End without a resolution, and tell the requester."""
        self._spoc_begin(TRANSITIONS["cancelled"])
        self._spoc_cancel()
        return True

    def action_reopen(self):
        """Go on with an ended ticket."""
        self._spoc_begin(("resolved", "closed", "cancelled"))
        self._spoc_reopen()
        self._spoc_tell("spoc_helpdesk.mail_template_reopened", moment=False)
        return True

    def _spoc_resolve(self):
        """Resolve and tell; see :meth:`_check_closing` for what has to be there.

        :raises UserError: without a resolution
        """
        for ticket in self:
            if is_html_empty(ticket.resolution):
                raise UserError(
                    self.env._("%s: write what solved it first.", ticket.number)
                )
        self._spoc_refuse_assignments()
        self.filtered(lambda ticket: not ticket.owner_id)._spoc_own_if_member()
        self._spoc_name_ending()
        now = fields.Datetime.now()
        self._spoc_enter("resolved", resolved_at=now, told_at=False, closed_at=False)
        self._spoc_finish_clocks(now)
        self._spoc_tell("spoc_helpdesk.mail_template_resolved")
        self._spoc_await_word(now)
        self.sudo()._spoc_note_use()  # sudo: a note of the suite's own

    def _spoc_close(self):
        self._spoc_refuse_assignments()
        now = fields.Datetime.now()
        self._spoc_enter("closed", closed_at=now, **NO_SILENCE)
        self._spoc_measure("closed")

    def _spoc_cancel(self):
        now = fields.Datetime.now()
        # sudo: the other line learns that its part is off
        self.sudo().assignment_ids.filtered("is_open")._spoc_end("cancelled")
        self._spoc_enter("cancelled", closed_at=now, **NO_SILENCE)
        self._spoc_stop_clocks(now)
        self._spoc_tell("spoc_helpdesk.mail_template_cancelled")
        self._spoc_measure("cancelled")

    def _spoc_reopen(self):
        """Back to work, at the same owner if they are still there."""
        self._spoc_note_reopening()
        for ticket in self:
            # sudo: results of an action that was judged
            ticket._spoc_write({"reopen_count": ticket.sudo().reopen_count + 1})
        # sudo: who is still at the desk
        gone = self.sudo().filtered(lambda t: t.owner_id and not t._spoc_owner_stays())
        if gone:
            gone._spoc_write({"owner_id": False})
            gone._spoc_move_ledger()
        self._spoc_enter(
            "in_progress",
            resolved_at=False,
            told_at=False,
            closed_at=False,
            **NO_SILENCE,
        )
        if gone:
            gone._spoc_route_again()
        self._spoc_restart_clocks()

    def _spoc_refuse_assignments(self):
        """Raise while another line works on one of the tickets."""
        for ticket in self:
            # sudo: only whether there is one is told
            if ticket.sudo().assignment_ids.filtered("is_open"):
                raise UserError(
                    self.env._(
                        "%s: another line still works on it. End its part first.",
                        ticket.number,
                    )
                )
