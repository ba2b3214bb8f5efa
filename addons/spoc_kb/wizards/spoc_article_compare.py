from odoo import api, fields, models


class SpocArticleCompare(models.TransientModel):
    """Two versions of an article side by side."""

    _name = "spoc.article.compare"
    _description = "Compare versions of an article"

    article_id = fields.Many2one(
        "spoc.article", required=True, readonly=True, ondelete="cascade"
    )
    older_id = fields.Many2one(
        "spoc.article.version",
        "Compare",
        required=True,
        domain="[('article_id', '=', article_id)]",
        ondelete="cascade",
    )
    newer_id = fields.Many2one(
        "spoc.article.version",
        "With",
        domain="[('article_id', '=', article_id)]",
        ondelete="cascade",
        help="Empty: with the article as it stands now.",
    )
    difference = fields.Html(compute="_compute_difference", sanitize=False)

    @api.depends("older_id", "newer_id")
    @api.depends_context("lang")
    def _compute_difference(self):
        Version = self.env["spoc.article.version"]
        for wizard in self:
            older = wizard.older_id
            newer = wizard.newer_id or older.article_id.version_ids[:1]
            if not older:
                wizard.difference = False
                continue
            # Versions are for those who may write the article.
            (older | newer).check_access("read")
            wizard.difference = Version._spoc_difference(
                older._spoc_content(), newer._spoc_content()
            )
