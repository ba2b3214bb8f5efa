from odoo import fields, models


class SpocArticleInner(models.Model):
    """What only agents may read of an article, with its versions.

    A record of its own, because record rules protect it: an article of a
    confidential desk may be readable by many, its inner part by the desk alone.
    """

    _name = "spoc.article.inner"
    _description = "Inner part of an article"
    _inherit = ["html.field.history.mixin"]
    _rec_name = "article_id"

    article_id = fields.Many2one(
        "spoc.article", required=True, index=True, ondelete="cascade"
    )
    body = fields.Html(sanitize_style=True)

    _article_uniq = models.UniqueIndex("(article_id)")

    def _get_versioned_fields(self):
        return ["body"]
