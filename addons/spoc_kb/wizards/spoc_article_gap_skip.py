from odoo import fields, models


class SpocArticleGapSkip(models.TransientModel):
    """Ask why a question needs no article."""

    _name = "spoc.article.gap.skip"
    _description = "Say why no article is needed"

    gap_ids = fields.Many2many(
        "spoc.article.gap", "spoc_article_gap_skip_rel", "skip_id", "gap_id"
    )
    reason = fields.Char("Why not", required=True)

    def action_skip(self):
        """Keep the reason; the gap is asked about no more."""
        self.ensure_one()
        self.gap_ids._spoc_skip(self.reason)
        return {"type": "ir.actions.act_window_close"}
