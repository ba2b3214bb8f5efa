"""Articles know what they solved."""

from odoo import api, fields, models


class SpocArticle(models.Model):
    _inherit = "spoc.article"

    solved_ticket_ids = fields.One2many(
        "spoc.ticket",
        "resolution_article_id",
        string="Solved Tickets",
        groups="spoc_catalog.group_agent",
    )
    solved_count = fields.Integer(
        "Solved", compute="_compute_solved_count", groups="spoc_catalog.group_agent"
    )

    @api.depends("solved_ticket_ids")
    def _compute_solved_count(self):
        # Counted with the reader's rights: a confidential desk's tickets are not in it.
        counts = dict(
            self.env["spoc.ticket"]._read_group(
                [
                    ("resolution_article_id", "in", self.ids),
                    ("is_inner", "=", True),
                ],
                ["resolution_article_id"],
                ["__count"],
            )
        )
        for article in self:
            article.solved_count = counts.get(article._origin, 0)

    def action_open_solved_tickets(self):
        """Tickets this article solved."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Solved Tickets"),
            "res_model": "spoc.ticket",
            "view_mode": "list,form",
            "domain": [
                ("resolution_article_id", "=", self.id),
                ("is_inner", "=", True),
            ],
        }
