from odoo import fields, models


class SpocTicketEscalate(models.TransientModel):
    """Show who of the desk knows more, and let one of them own the ticket."""

    _name = "spoc.ticket.escalate"
    _description = "Escalate inside the desk"

    ticket_id = fields.Many2one("spoc.ticket", required=True, ondelete="cascade")
    reason = fields.Char(help="What is asked of the colleague, or why it is too hard.")
    line_ids = fields.One2many("spoc.ticket.escalate.line", "wizard_id")


class SpocTicketEscalateLine(models.TransientModel):
    """A colleague who may be asked, with the reasons."""

    _name = "spoc.ticket.escalate.line"
    _description = "Colleague to escalate to"

    wizard_id = fields.Many2one(
        "spoc.ticket.escalate", required=True, ondelete="cascade"
    )
    user_id = fields.Many2one("res.users", "Colleague", required=True, readonly=True)
    words = fields.Char("Why", readonly=True)
    is_away = fields.Boolean(readonly=True)

    def action_choose(self):
        """The colleague owns the ticket from now on."""
        self.ensure_one()
        wizard = self.wizard_id
        wizard.ticket_id._spoc_escalate(self.user_id, wizard.reason)
        return {"type": "ir.actions.act_window_close"}
