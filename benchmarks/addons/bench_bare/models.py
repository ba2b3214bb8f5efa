from odoo import fields, models


class BenchBare(models.Model):
    """A subject, a text and a conversation: the floor that figures stand on."""

    _name = "bench.bare"
    _inherit = ["mail.thread"]
    _description = "Bare record with a conversation"

    name = fields.Char(required=True)
    description = fields.Html()
    partner_id = fields.Many2one("res.partner")

    def message_new(self, msg_dict, custom_values=None):
        values = {
            "name": msg_dict.get("subject"),
            "description": msg_dict.get("body"),
            "partner_id": msg_dict.get("author_id"),
        }
        return super().message_new(msg_dict, {**values, **(custom_values or {})})
