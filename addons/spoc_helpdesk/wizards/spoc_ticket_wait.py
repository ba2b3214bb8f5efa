from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain


class SpocTicketWait(models.TransientModel):
    """Ask what tickets wait for."""

    _name = "spoc.ticket.wait"
    _description = "Let tickets wait"

    ticket_ids = fields.Many2many(
        "spoc.ticket",
        "spoc_ticket_wait_ticket_rel",
        "wait_id",
        "ticket_id",
        string="Tickets",
        required=True,
    )
    available_reason_ids = fields.Many2many(
        "spoc.wait.reason",
        compute="_compute_available_reason_ids",
        export_string_translation=False,
    )
    reason_id = fields.Many2one(
        "spoc.wait.reason",
        "Waits for",
        compute="_compute_reason_id",
        store=True,
        readonly=False,
        domain="[('id', 'in', available_reason_ids)]",
    )
    description = fields.Text(related="reason_id.description")
    waits_for = fields.Selection(
        related="reason_id.waits_for", string="Goes on when it comes"
    )
    pauses_text = fields.Char(related="reason_id.pauses_text")
    has_end = fields.Boolean("At a Date at the Latest")
    until = fields.Datetime(
        help="Then the ticket goes on by itself, whatever happened until then."
    )

    @api.depends("ticket_ids")
    def _compute_available_reason_ids(self):
        Reason = self.env["spoc.wait.reason"]
        for wizard in self:
            wizard.available_reason_ids = Reason.search(
                Domain.AND(
                    Reason._spoc_desk_domain(desk._origin.id)
                    for desk in wizard.ticket_ids.desk_id
                )
            )

    @api.depends("available_reason_ids")
    def _compute_reason_id(self):
        for wizard in self:
            if wizard.reason_id not in wizard.available_reason_ids:
                wizard.reason_id = wizard.available_reason_ids[:1]

    @api.constrains("until")
    def _check_until(self):
        now = fields.Datetime.now()
        for wizard in self:
            if wizard.until and wizard.until <= now:
                raise ValidationError(
                    self.env._("Choose a moment that is still to come.")
                )

    def action_wait(self):
        """Let them wait."""
        self.ensure_one()
        if not self.reason_id:
            raise UserError(self.env._("Say what it waits for."))
        tickets = self.ticket_ids
        tickets._spoc_begin(("new", "in_progress", "waiting"))
        dated = self.has_end or self.waits_for == "date"
        tickets._spoc_wait(self.reason_id, self.until if dated else None)
        return {"type": "ir.actions.act_window_close"}
