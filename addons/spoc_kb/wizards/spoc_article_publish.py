from odoo import api, fields, models
from odoo.exceptions import UserError


class SpocArticlePublish(models.TransientModel):
    """Publish, saying what changed and whether translations have to follow."""

    _name = "spoc.article.publish"
    _description = "Publish an article"

    article_id = fields.Many2one(
        "spoc.article", required=True, readonly=True, ondelete="cascade"
    )
    note = fields.Char("What changed", help="One sentence for those who come after.")
    substance = fields.Selection(
        [
            ("major", "The answer changed: translations have to follow"),
            ("minor", "Small change: translations still say the same"),
        ],
        "How much changed",
        default="major",
        required=True,
    )
    has_translations = fields.Boolean(compute="_compute_difference")
    difference = fields.Html(
        "What readers will see change", compute="_compute_difference", sanitize=False
    )

    @api.depends("article_id")
    @api.depends_context("lang")
    def _compute_difference(self):
        Version = self.env["spoc.article.version"]
        for wizard in self:
            article = wizard.article_id
            article.check_access("write")
            original = article.revision_of_id
            root = original or article
            wizard.has_translations = bool(
                root.translation_ids or root.translation_group_id
            )
            wizard.difference = False
            if original:
                shown, coming = original.version_ids[:1], article.version_ids[:1]
                wizard.difference = Version._spoc_difference(
                    shown._spoc_content(), coming._spoc_content()
                )

    def action_publish(self):
        """Publish it, as the person may."""
        self.ensure_one()
        article, minor = self.article_id, self.substance == "minor"
        article.check_access("write")
        if article.state == "draft":
            return article.action_publish_own(self.note, minor)
        if article.state not in ("review", "approved"):
            raise UserError(
                self.env._("“%s” is published by now: reload the page.", article.name)
            )
        return article.action_publish(self.note, minor)
