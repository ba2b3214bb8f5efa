from odoo import api, fields, models
from odoo.exceptions import UserError


class SpocArticleMerge(models.TransientModel):
    """Retire articles in favour of one that says it all; old links lead on to it."""

    _name = "spoc.article.merge"
    _description = "Merge articles"

    article_ids = fields.Many2many(
        "spoc.article",
        string="Retire",
        required=True,
        domain="[('state', '=', 'published')]",
        default=lambda self: self._default_article_ids(),
    )
    target_id = fields.Many2one(
        "spoc.article",
        "Keep",
        required=True,
        domain="[('state', '=', 'published'), ('id', 'not in', article_ids)]",
        help="Its words stay as they are: take over what it lacks by revising it "
        "first. It gets the services and the words to be found by of the others.",
    )

    @api.model
    def _default_article_ids(self):
        if self.env.context.get("active_model") != "spoc.article":
            return self.env["spoc.article"]
        return self.env["spoc.article"].browse(self.env.context.get("active_ids", []))

    def action_merge(self):
        """Merge, and open what is kept."""
        self.ensure_one()
        if not self.article_ids:
            raise UserError(self.env._("Choose the articles to retire."))
        self.article_ids._spoc_merge_into(self.target_id)
        return self.target_id._get_records_action()
