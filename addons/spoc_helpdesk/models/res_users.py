"""People of a desk who leave."""

from odoo import models


class ResUsers(models.Model):
    _inherit = "res.users"

    def write(self, vals):
        result = super().write(vals)
        if vals.get("active") is False and self:
            # sudo: whoever archives a user need not know the desks
            desks = (
                self.env["spoc.desk"]
                .sudo()
                .with_context(active_test=False)
                .search([("member_ids", "in", self.ids)])
            )
            desks._spoc_release_owned(self)
        return result
