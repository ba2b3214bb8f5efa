"""What checks say about an article."""

from odoo import api, fields, models

from .spoc_article import AUTHOR_GROUPS


class SpocArticle(models.Model):
    """An article shows how its last checked version did."""

    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.article"

    check_ids = fields.One2many(
        "spoc.article.check", "article_id", "Checks", groups=AUTHOR_GROUPS, copy=False
    )
    check_count = fields.Integer(
        "Checked", compute="_compute_quality", groups=AUTHOR_GROUPS
    )
    quality = fields.Float(
        compute="_compute_quality",
        digits=(5, 1),
        groups=AUTHOR_GROUPS,
        help="Score of the last version a coach has checked, in percent; of checks you "
        "may read.",
    )

    @api.depends("check_ids.state", "check_ids.score")
    @api.depends_context("uid")
    def _compute_quality(self):
        groups = self.env["spoc.article.check"]._read_group(
            [("article_id", "in", self.ids), ("state", "=", "done")],
            ["article_id", "version_number"],
            ["__count", "score:avg"],
            order="article_id, version_number",
        )
        counts, scores = {}, {}
        for article, _number, count, score in groups:
            counts[article.id] = counts.get(article.id, 0) + count
            scores[article.id] = score
        for article in self:
            article.check_count = counts.get(article.id, 0)
            article.quality = scores.get(article.id, 0.0)

    def action_check(self):
        """Open a check of the present version, the coach's own if there is one."""
        self.ensure_one()
        Check = self.env["spoc.article.check"]
        check = Check.search(
            [
                ("article_id", "=", self.id),
                ("version_number", "=", self.content_version),
                ("coach_id", "=", self.env.uid),
            ],
            limit=1,
        ) or Check.create({"article_id": self.id})
        return check._get_records_action()

    def action_view_checks(self):
        """Checks of the article."""
        return self._spoc_open("spoc_kb.spoc_article_check_action")
