from odoo import api, fields, models
from odoo.exceptions import ValidationError


class SpocAudience(models.Model):
    """An audience may be the whole world, if somebody says so."""

    _inherit = "spoc.audience"

    is_public = fields.Boolean(
        "Everyone on the internet",
        help="Articles for this audience stand on the website: whoever finds them "
        "reads them, without signing in, and search engines show them.",
    )

    @api.constrains("is_public", "scope", "rule_ids")
    def _check_public(self):
        for audience in self:
            # sudo: lines are for editors, that there are some decides here
            lines = audience.sudo().rule_ids
            if audience.is_public and (audience.scope != "everyone" or lines):
                raise ValidationError(
                    self.env._(
                        "“%s” cannot be for everyone on the internet: it is narrowed "
                        "to some of those signed in.",
                        audience.name,
                    )
                )
        self.env["spoc.article"]._check_public_audience(
            [("audience_ids", "in", self.filtered("is_public").ids)]
        )
