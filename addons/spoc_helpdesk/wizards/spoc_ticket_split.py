from odoo import api, fields, models


class SpocTicketSplit(models.TransientModel):
    """Choose the words and files of a ticket that are another matter."""

    _name = "spoc.ticket.split"
    _description = "Split a ticket"

    ticket_id = fields.Many2one("spoc.ticket", required=True, ondelete="cascade")
    desk_id = fields.Many2one(related="ticket_id.desk_id", related_sudo=False)
    name = fields.Char("Subject", required=True)
    service_id = fields.Many2one("spoc.service", domain="[('desk_id', '=', desk_id)]")
    message_ids = fields.Many2many(
        "mail.message",
        string="Words to take along",
        domain="[('model', '=', 'spoc.ticket'), ('res_id', '=', ticket_id),"
        " ('message_type', 'in', ('comment', 'email'))]",
    )
    attachment_ids = fields.Many2many(
        "ir.attachment",
        string="Files besides",
        domain="[('res_model', '=', 'spoc.ticket'), ('res_id', '=', ticket_id)]",
    )

    @api.constrains("ticket_id")
    def _check_inner(self):
        # See the wizard of merging.
        self.with_env(self.env(su=False)).ticket_id._spoc_check_inner()

    def action_split(self):
        """Make the new ticket and open it."""
        self.ensure_one()
        ticket = self.ticket_id._spoc_split(
            self.message_ids,
            self.attachment_ids,
            {"name": self.name, "service_id": self.service_id.id},
        )
        return ticket._get_records_action()
