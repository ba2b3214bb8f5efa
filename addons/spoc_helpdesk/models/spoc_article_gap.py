"""What missing answers cost: tickets solved without an article."""

from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.spoc_catalog import clock

from ..gap_hours import measure

# What lay about for longer was not worked at for longer.
LONGEST = timedelta(days=365)


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
    def _spoc_solved(self, start):
        """What tickets solved without an article took, as SQL rows.

        :param datetime start: when the look began
        :return: SQL of ``(desk_id, service_id, company_id, times, hours)``: the hours
            the desk was open between asking and solution
        """
        facts = self._get_facts(start)
        # SQL: three columns of very many tickets, of every desk: read by the nightly
        # look, which shows sums to the desk's own people
        self.env.cr.execute(
            SQL(
                """
                SELECT desk_id, service_id, company_id,
                       greatest(create_date, %(oldest)s), resolved_at
                  FROM spoc_ticket
                 WHERE state IN ('resolved', 'closed')
                   AND resolved_at >= %(since)s
                   AND resolution_article_id IS NULL
                """,
                since=facts["since"],
                oldest=facts["since"] - LONGEST,
            )
        )
        by_desk = defaultdict(list)
        for desk_id, *ticket in self.env.cr.fetchall():
            by_desk[desk_id].append(ticket)
        solved = defaultdict(lambda: [0, 0.0])
        for desk_id, tickets in by_desk.items():
            desk = self.env["spoc.desk"].browse(desk_id)
            span = (
                min(asked for *_key, asked, _end in tickets),
                max(end for *_key, end in tickets),
            )
            hours = measure(clock.merged(desk._spoc_intervals(*span)))
            for service_id, company_id, asked, end in tickets:
                sums = solved[desk_id, service_id, company_id]
                sums[0] += 1
                sums[1] += hours(asked, end)
        rows = [(*key, *sums) for key, sums in solved.items()]
        columns = zip(*rows, strict=True) if rows else ([],) * 5
        return SQL(
            "SELECT * FROM unnest(%s::int[], %s::int[], %s::int[], %s::int[],"
            " %s::float8[]) AS solved (desk_id, service_id, company_id, times, hours)",
            *(list(column) for column in columns),
        )

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
                  SELECT service_id, desk_id, sum(times)::int AS times,
                         sum(hours) AS hours
                    FROM (%(solved)s) AS solved
                   GROUP BY service_id, desk_id) AS solved
                     ON solved.service_id = same.service_id
                    AND solved.desk_id = same.desk_id
             WHERE gap.id = same.id AND gap.kind = 'service'
               AND gap.checked_on = %(start)s
            """,
            start,
            solved=self._spoc_solved(start),
        )

    @api.model
    def _spoc_find_tickets(self, start):
        """Desks that solve one and the same by hand, again and again."""
        self._spoc_run_sql(
            """
            INSERT INTO spoc_article_gap AS gap
                   (key, kind, state, service_id, desk_id, company_id, look_count,
                    ticket_count, hours, found_on, checked_on)
            SELECT 'tickets-' || solved.desk_id || '-'
                   || coalesce(solved.service_id, 0),
                   'tickets', 'open', solved.service_id, solved.desk_id,
                   solved.company_id, 0, solved.times, solved.hours,
                   %(start)s, %(start)s
              FROM (%(solved)s) AS solved
             WHERE solved.times >= %(often)s
               AND NOT EXISTS (
                   SELECT FROM spoc_article_gap AS other
                    WHERE other.kind = 'service'
                      AND other.service_id = solved.service_id
                      AND other.desk_id = solved.desk_id
                      AND other.checked_on = %(start)s)
            %(known)s, ticket_count = excluded.ticket_count
            """,
            start,
            often=2,
            solved=self._spoc_solved(start),
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
