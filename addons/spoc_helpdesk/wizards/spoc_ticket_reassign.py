"""Give tickets to other owners, many at once, as the routing proposes."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.spoc_stage import OPEN_STATES


class SpocTicketReassign(models.TransientModel):
    """Proposals for new owners, to be looked through and carried out."""

    _name = "spoc.ticket.reassign"
    _description = "Reassign tickets"

    line_ids = fields.One2many(
        "spoc.ticket.reassign.line",
        "wizard_id",
        default=lambda self: self._default_line_ids(),
        string="Tickets",
    )
    reason = fields.Text(help="Kept on the tickets, for the desk only.")

    @api.model
    def _default_line_ids(self):
        """A line for each open ticket of the selection, with a proposal."""
        tickets = self.env["spoc.ticket"].browse(
            self.env.context.get("spoc_ticket_ids", [])
        )
        tickets = tickets.exists()._filtered_access("write")
        tickets = tickets.filtered(lambda ticket: ticket.state in OPEN_STATES)
        proposals = tickets._spoc_propose_owners()
        return [
            fields.Command.create(
                {
                    "ticket_id": ticket.id,
                    "user_id": proposals[ticket.id][0],
                    "reason": proposals[ticket.id][1],
                }
            )
            for ticket in tickets
        ]

    def action_reassign(self):
        """Carry out what is proposed; tickets without a new owner stay where they are.

        :raises UserError: when nobody was chosen for any of them
        """
        self.ensure_one()
        lines = self.line_ids.filtered(
            lambda line: line.user_id and line.user_id != line.ticket_id.owner_id
        )
        if not lines:
            raise UserError(self.env._("Choose a new owner for at least one ticket."))
        reason = (self.reason or "").strip()
        for user, many in lines.grouped("user_id").items():
            tickets = many.ticket_id
            tickets.write({"owner_id": user.id})
            if reason:
                # sudo: a line of the log; the right to write was used just before
                tickets.sudo()._message_log_batch(
                    bodies=dict.fromkeys(tickets.ids, reason),
                    author_id=self.env.user.partner_id.id,
                )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "Reassigned: %(count)s of %(all)s",
                    count=len(lines),
                    all=len(self.line_ids),
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }


class SpocTicketReassignLine(models.TransientModel):
    """One ticket and who shall own it."""

    _name = "spoc.ticket.reassign.line"
    _description = "Ticket to be reassigned"

    wizard_id = fields.Many2one(
        "spoc.ticket.reassign", required=True, ondelete="cascade", index=True
    )
    ticket_id = fields.Many2one("spoc.ticket", required=True, ondelete="cascade")
    desk_id = fields.Many2one(related="ticket_id.desk_id", related_sudo=False)
    member_ids = fields.Many2many(
        related="ticket_id.desk_id.member_ids",
        related_sudo=False,
        export_string_translation=False,
    )
    owner_id = fields.Many2one(
        related="ticket_id.owner_id", related_sudo=False, string="Owner now"
    )
    priority = fields.Selection(related="ticket_id.priority", related_sudo=False)
    next_due = fields.Datetime(related="ticket_id.next_due", related_sudo=False)
    state = fields.Selection(related="ticket_id.state", related_sudo=False)
    user_id = fields.Many2one(
        "res.users",
        "New Owner",
        domain="[('id', 'in', member_ids)]",
        help="Empty: it stays where it is.",
    )
    reason = fields.Char("Why", readonly=True)
