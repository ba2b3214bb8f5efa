"""Proven experience: what people have solved, and what came back to them."""

from odoo import api, fields, models
from odoo.tools import SQL

#: Experience older than so many months is not proven any more.
MONTHS = 24

SUM_UP = """
WITH many AS (
    SELECT user_id, desk_id, service_id, category_id, month
      FROM spoc_experience
     GROUP BY user_id, desk_id, service_id, category_id, month
    HAVING count(*) > 1
), gone AS (
    DELETE FROM spoc_experience e USING many m
     WHERE e.user_id = m.user_id AND e.desk_id = m.desk_id AND e.month = m.month
       AND e.service_id IS NOT DISTINCT FROM m.service_id
       AND e.category_id IS NOT DISTINCT FROM m.category_id
    RETURNING e.*
)
INSERT INTO spoc_experience
    (user_id, desk_id, service_id, category_id, month, solved, reopened)
SELECT user_id, desk_id, service_id, category_id, month, sum(solved), sum(reopened)
  FROM gone
 GROUP BY user_id, desk_id, service_id, category_id, month
HAVING sum(solved) <> 0 OR sum(reopened) <> 0
"""

FROM_TICKETS = """
INSERT INTO spoc_experience
    (user_id, desk_id, service_id, category_id, month, solved, reopened)
SELECT owner_id, desk_id, service_id, category_id,
       date_trunc('month', coalesce(closed_at, write_date))::date,
       count(*) FILTER (WHERE coalesce(reopen_count, 0) = 0),
       count(*) FILTER (WHERE reopen_count > 0)
  FROM spoc_ticket
 WHERE owner_id IS NOT NULL
   AND (service_id IS NOT NULL OR category_id IS NOT NULL)
   AND ((state = 'closed' AND coalesce(reopen_count, 0) = 0)
        OR reopen_count > 0)
 GROUP BY owner_id, desk_id, service_id, category_id, 5
"""


class SpocExperience(models.Model):
    """How much of what somebody solved, month by month.

    Rows are only added, one for what is closed (or reopened) at once: two who close
    at the same moment never wait for each other. What adds up is summed up when the
    database is tidied, so that asking stays cheap.
    """

    _name = "spoc.experience"
    _description = "Experience"
    _order = "month desc, user_id, id"
    _log_access = False

    user_id = fields.Many2one("res.users", required=True, ondelete="cascade")
    desk_id = fields.Many2one(
        "spoc.desk", required=True, index=True, ondelete="cascade"
    )
    service_id = fields.Many2one("spoc.service", ondelete="cascade")
    category_id = fields.Many2one("spoc.category", ondelete="cascade")
    month = fields.Date(required=True)
    solved = fields.Integer(
        "Solved for good", help="Closed, and not reopened.", required=True, default=0
    )
    reopened = fields.Integer(
        help="Said to be solved, and reopened.", required=True, default=0
    )

    _user_service_idx = models.Index("(service_id, user_id)")
    _user_category_idx = models.Index("(category_id, user_id)")
    _user_idx = models.Index("(user_id)")

    @api.depends("user_id", "service_id", "category_id")
    def _compute_display_name(self):
        for row in self:
            what = row.service_id.display_name or row.category_id.display_name
            row.display_name = f"{row.user_id.name}: {what}"

    @api.model
    def _spoc_add(self, counts):
        """Add to the experience of people.

        :param counts: dict ``(user id, desk id, service id or False, category id or
            False)`` -> ``(solved, reopened)``
        """
        month = fields.Date.context_today(self).replace(day=1)
        # sudo: experience has no other author than the work
        self.sudo().create(
            [
                {
                    "user_id": user_id,
                    "desk_id": desk_id,
                    "service_id": service_id,
                    "category_id": category_id,
                    "month": month,
                    "solved": solved,
                    "reopened": reopened,
                }
                for (user_id, desk_id, service_id, category_id), (
                    solved,
                    reopened,
                ) in counts.items()
            ]
        )

    @api.model
    def _spoc_rebuild(self):
        """Work it all out again, from the tickets that ended."""
        self.env["spoc.ticket"].flush_model()
        # SQL: one statement over all tickets there ever were
        self.env.execute_query(SQL("DELETE FROM spoc_experience"))
        self.env.execute_query(SQL(FROM_TICKETS))
        self.invalidate_model()

    @api.autovacuum
    def _gc_sum_up(self):
        """One row for what is of one person, desk, service, category and month."""
        self.flush_model()
        # SQL: rows are summed up and replaced in one statement
        self.env.execute_query(SQL(SUM_UP))
        self.invalidate_model()
