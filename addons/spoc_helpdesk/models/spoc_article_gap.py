"""What missing answers cost: tickets solved without an article."""

from odoo import api, fields, models


class SpocArticleGap(models.Model):
    """Tickets solved without an article show what to write, and what it costs."""

    _inherit = "spoc.article.gap"

    kind = fields.Selection(
        selection_add=[("tickets", "Solved without an article")],
        ondelete={"tickets": "cascade"},
    )
    ticket_count = fields.Integer(
        "Tickets",
        readonly=True,
        help="Tickets of the desk solved without an article in the last 90 days.",
    )

    def _spoc_subject(self):
        if self.kind == "tickets" and not self.service_id:
            return self.env._("Requests in free words")
        return super()._spoc_subject()

    def _spoc_detail(self):
        if self.kind == "tickets":
            return self.env._(
                "%s tickets were solved, each anew, and no article holds how.",
                self.ticket_count,
            )
        return super()._spoc_detail()

    @api.model
    def _spoc_steps(self):
        *others, last = super()._spoc_steps()
        return [*others, "_spoc_weigh_services", "_spoc_find_tickets", last]

    @api.model
    def _spoc_weigh_services(self, start):
        """Services without an answer weigh what their desk's tickets took.

        Tickets another desk solved are its own matter and count nowhere else.
        """
        self._spoc_run_sql(
            """
            UPDATE spoc_article_gap AS gap
               SET ticket_count = coalesce(solved.times, 0),
                   hours = gap.look_count * %(price)s + coalesce(solved.hours, 0)
              FROM spoc_article_gap AS same
              LEFT JOIN (
                  SELECT service_id, desk_id, count(*) AS times,
                         sum(extract(epoch FROM resolved_at - create_date)) / 3600
                         AS hours
                    FROM spoc_ticket
                   WHERE state IN ('resolved', 'closed')
                     AND resolved_at >= %(since)s
                     AND resolution_article_id IS NULL
                   GROUP BY service_id, desk_id) AS solved
                     ON solved.service_id = same.service_id
                    AND solved.desk_id = same.desk_id
             WHERE gap.id = same.id AND gap.kind = 'service'
               AND gap.checked_on = %(start)s
            """,
            start,
        )

    @api.model
    def _spoc_find_tickets(self, start):
        """Desks that solve one and the same by hand, again and again."""
        self._spoc_run_sql(
            """
            INSERT INTO spoc_article_gap AS gap
                   (key, kind, state, service_id, desk_id, company_id, look_count,
                    ticket_count, hours, found_on, checked_on)
            SELECT 'tickets-' || ticket.desk_id || '-'
                   || coalesce(ticket.service_id, 0),
                   'tickets', 'open', ticket.service_id, ticket.desk_id,
                   ticket.company_id, 0, count(*),
                   sum(extract(epoch FROM ticket.resolved_at - ticket.create_date))
                   / 3600,
                   %(start)s, %(start)s
              FROM spoc_ticket AS ticket
             WHERE ticket.state IN ('resolved', 'closed')
               AND ticket.resolved_at >= %(since)s
               AND ticket.resolution_article_id IS NULL
               AND NOT EXISTS (
                   SELECT FROM spoc_article_gap AS other
                    WHERE other.kind = 'service'
                      AND other.service_id = ticket.service_id
                      AND other.desk_id = ticket.desk_id
                      AND other.checked_on = %(start)s)
             GROUP BY ticket.desk_id, ticket.service_id, ticket.company_id
            HAVING count(*) >= %(often)s
            %(known)s, ticket_count = excluded.ticket_count
            """,
            start,
            often=2,
        )

    def action_view_tickets(self):
        """The tickets behind the number, as far as the user may see them."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "spoc_helpdesk.spoc_ticket_action_all"
        )
        action["domain"] = [
            ("is_inner", "=", True),
            ("desk_id", "=", self.desk_id.id),
            ("service_id", "=", self.service_id.id),
            ("state", "in", ("resolved", "closed")),
            ("resolution_article_id", "=", False),
        ]
        action["context"] = {}
        return action
