"""Services that answer what people did not find."""

from odoo import models


class SpocService(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.service"

    def action_answer_wish(self):
        """Answer the wish of the context (``wish_id``) by this service."""
        self.ensure_one()
        wish = self.env["spoc.wish"].browse(self.env.context.get("wish_id"))
        wish.write({"service_id": self.id})
        wish.action_answer()
