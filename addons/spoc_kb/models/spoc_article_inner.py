from odoo import fields, models

from ..html_field import ArticleHtml


class SpocArticleInner(models.Model):
    """What only agents may read of an article.

    A record of its own, because record rules protect it: an article of a
    confidential desk may be readable by many, its inner part by the desk alone. Its
    earlier words are kept in the versions of the article.
    """

    _name = "spoc.article.inner"
    _description = "Inner part of an article"
    _rec_name = "article_id"

    article_id = fields.Many2one(
        "spoc.article", required=True, index=True, ondelete="cascade"
    )
    body = ArticleHtml()

    _article_uniq = models.UniqueIndex("(article_id)")
