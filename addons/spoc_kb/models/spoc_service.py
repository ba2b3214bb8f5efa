from odoo import api, fields, models
from odoo.fields import Domain


class SpocService(models.Model):
    """Services know the articles that may answer before anyone has to ask."""

    _inherit = "spoc.service"

    article_ids = fields.Many2many(
        "spoc.article",
        "spoc_article_service_rel",
        "service_id",
        "article_id",
        "Articles",
    )
    article_count = fields.Integer(
        "Published articles", compute="_compute_article_count"
    )

    @api.depends("article_ids.state")
    def _compute_article_count(self):
        groups = self.env["spoc.article"]._read_group(
            [("service_ids", "in", self.ids), ("state", "=", "published")],
            ["service_ids"],
            ["__count"],
        )
        counts = {service.id: count for service, count in groups}
        for service in self:
            service.article_count = counts.get(service.id, 0)

    def _spoc_answers(self, limit=6):
        """Published articles of the service the user may read, own language first.

        :param int limit: how many at most
        :return: spoc.article records, most helpful first
        """
        self.ensure_one()
        Article = self.env["spoc.article"]
        articles = Article.search(
            Article._spoc_offered_domain() & Domain("service_ids", "in", self.ids),
            limit=50,
        )
        chosen = articles._spoc_in_my_language()
        return chosen.sorted(
            lambda a: (a.lang != self.env.lang, -a.helpful_count, a.name or "")
        )[:limit]

    def action_view_articles(self):
        """The service's articles."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "spoc_kb.spoc_article_action"
        )
        action["domain"] = [("service_ids", "in", self.ids)]
        action["context"] = {"default_service_ids": self.ids}
        return action
