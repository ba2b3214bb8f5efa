from markupsafe import Markup

from odoo import api, fields, models


class SpocTicketAssign(models.TransientModel):
    """Give a part of a ticket's work to another line."""

    _name = "spoc.ticket.assign"
    _description = "Assign to another line"

    ticket_id = fields.Many2one("spoc.ticket", required=True, ondelete="cascade")
    desk_id = fields.Many2one("spoc.desk", "Line", required=True)
    user_id = fields.Many2one(
        "res.users", "Worker", domain="[('id', 'in', desk_member_ids)]"
    )
    desk_member_ids = fields.Many2many(
        related="desk_id.member_ids", export_string_translation=False
    )
    name = fields.Char(
        "Task",
        compute="_compute_from_ticket",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    brief = fields.Html(
        compute="_compute_from_ticket",
        store=True,
        readonly=False,
        precompute=True,
        sanitize_style=True,
    )
    due = fields.Datetime()

    @api.depends("ticket_id")
    def _compute_from_ticket(self):
        for wizard in self:
            ticket = wizard.ticket_id
            wizard.name = wizard.name or ticket.name
            wizard.brief = wizard.brief or wizard._get_brief(ticket)

    @api.model
    def _get_brief(self, ticket):
        """What the other line may know, to begin with: the words, and the answers."""
        rows = Markup("").join(
            Markup("<li><b>%s</b>: %s</li>")
            % (answer.question_text, answer.value_text or "")
            for answer in ticket.answer_ids
        )
        answers = Markup("<ul>%s</ul>") % rows if rows else Markup("")
        return (ticket.description or Markup("")) + answers

    def action_assign(self):
        """Offer the work to the line."""
        self.ensure_one()
        self.ticket_id.check_access("write")
        self.env["spoc.assignment"].create(
            {
                "ticket_id": self.ticket_id.id,
                "desk_id": self.desk_id.id,
                "user_id": self.user_id.id,
                "name": self.name,
                "brief": self.brief,
                "due": self.due,
            }
        )
        return {"type": "ir.actions.act_window_close"}
