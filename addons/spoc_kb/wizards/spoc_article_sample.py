from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError


class SpocArticleSample(models.TransientModel):
    """Draw articles at random, some of each author, for a coach to check."""

    _name = "spoc.article.sample"
    _description = "Draw a sample of articles"

    desk_id = fields.Many2one(
        "spoc.desk",
        required=True,
        default=lambda self: self.env["spoc.article"]._default_desk_id(),
        ondelete="cascade",
    )
    start = fields.Date(
        "Published from",
        required=True,
        default=lambda self: fields.Date.context_today(self) - relativedelta(months=1),
    )
    end = fields.Date(
        "Until", required=True, default=lambda self: fields.Date.context_today(self)
    )
    per_author = fields.Integer(
        "Of each author", default=2, required=True, help="How many at most."
    )

    @api.constrains("per_author", "start", "end")
    def _check_sample(self):
        for wizard in self:
            if wizard.per_author < 1 or wizard.start > wizard.end:
                raise UserError(
                    self.env._("Draw at least one article, from a day until a later.")
                )

    def action_draw(self):
        """Put the sample on the coach's list."""
        self.ensure_one()
        checks = self.env["spoc.article.check"]._spoc_sample(
            self.desk_id, self.start, self.end, self.per_author
        )
        if not checks:
            raise UserError(
                self.env._(
                    "Nothing to draw: every article of others published in this time"
                    " was checked."
                )
            )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "spoc_kb.spoc_article_check_action"
        )
        action["domain"] = [("id", "in", checks.ids)]
        action["context"] = {}
        return action
