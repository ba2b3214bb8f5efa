"""Articles know what they solved."""

from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import plaintext2html


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

    def action_improve_for_ticket(self):
        """Improve this article instead of writing one more like it."""
        self.ensure_one()
        ticket_id = self.env.context.get("spoc_for_ticket")
        ticket = self.env["spoc.ticket"].search([("id", "=", ticket_id)])
        if not ticket:
            return self._get_records_action()
        return ticket.action_improve(self.id)

    def action_answers_ticket(self):
        """This article answers the ticket it is shown beside."""
        self.ensure_one()
        ticket_id = self.env.context.get("spoc_for_ticket")
        ticket = self.env["spoc.ticket"].search([("id", "=", ticket_id)])
        if not ticket:
            return self._get_records_action()
        return ticket.action_link_article(self.id)

    # ---- Sent to people ----

    def _spoc_answer_html(self):
        """What the article tells its readers, as HTML: answer, whom to turn to."""
        self.ensure_one()
        parts = [Markup(self.body or "")]  # Markup: sanitised when it was stored
        for name in ("escalation_when", "escalation_how", "escalation_collect"):
            if self[name]:
                parts.append(plaintext2html(self[name]))
        return Markup().join(parts)

    def _spoc_is_for_outside(self):
        """Whether people without an account may be told it."""
        self.ensure_one()
        if not self.audience_ids:
            return self.desk_id.privacy != "confidential"
        return any(
            audience.scope in ("everyone", "customers") and not audience.rule_ids
            for audience in self.audience_ids
        )

    @api.model
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        """On a ticket the likely ones come first, and words are searched for."""
        ticket_id = self.env.context.get("spoc_for_ticket")
        ticket = self.env["spoc.ticket"]
        if ticket_id and isinstance(ticket_id, int):
            ticket = ticket.search([("id", "=", ticket_id), ("is_inner", "=", True)])
        if not ticket:
            return super().name_search(name, domain, operator, limit)
        ranked = self.browse(ticket._spoc_rank_articles((name or "").strip()))
        likely = ranked.filtered_domain(Domain(domain or []))[:limit]
        return [(article.id, article.display_name) for article in likely]
