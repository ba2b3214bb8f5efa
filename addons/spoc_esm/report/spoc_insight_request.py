"""Insight: what the organisation asks, where, and how it is served."""

from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.spoc_helpdesk.models.spoc_stage import STATES
from odoo.addons.spoc_helpdesk.models.spoc_ticket import KINDS, ORIGINS, PRIORITIES


class SpocInsightRequest(models.Model):
    """One row per request, without the person who asked.

    Departments and places are those the requester belongs to today. The id of a row
    is the id of its ticket.
    """

    _name = "spoc.insight.request"
    _description = "Insight into requests"
    _auto = False
    _order = "create_date desc"
    _rec_name = "number"
    # What has to be in the database before the report is read.
    _depends = {
        "spoc.ticket": [
            "category_id",
            "closed_at",
            "company_id",
            "create_date",
            "desk_id",
            "first_response_at",
            "kind",
            "number",
            "origin",
            "priority",
            "reopen_count",
            "requester_id",
            "resolution_article_id",
            "resolved_at",
            "service_id",
            "state",
        ],
        "spoc.desk": ["department_id"],
        "spoc.clock": ["kind", "state", "ticket_id"],
        "spoc.assignment": ["state", "ticket_id"],
        "hr.employee": [
            "active",
            "company_id",
            "current_version_id",
            "work_contact_id",
        ],
        "hr.version": ["department_id", "work_location_id"],
    }

    number = fields.Char(readonly=True)
    create_date = fields.Datetime("Asked on", readonly=True)
    closed_at = fields.Datetime("Closed on", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    desk_id = fields.Many2one("spoc.desk", readonly=True)
    desk_department_id = fields.Many2one(
        "hr.department", "Department of the desk", readonly=True
    )
    service_id = fields.Many2one("spoc.service", readonly=True)
    category_id = fields.Many2one("spoc.category", readonly=True)
    department_id = fields.Many2one(
        "hr.department", "Department of the requester", readonly=True
    )
    work_location_id = fields.Many2one(
        "hr.work.location", "Requester's place of work", readonly=True
    )
    kind = fields.Selection(KINDS, readonly=True)
    origin = fields.Selection(ORIGINS, readonly=True)
    priority = fields.Selection(PRIORITIES, readonly=True)
    state = fields.Selection(STATES, readonly=True)
    request_count = fields.Integer("Requests", readonly=True)
    met_count = fields.Integer("Promises kept", readonly=True)
    missed_count = fields.Integer("Promises missed", readonly=True)
    late_count = fields.Integer("Requests with a missed promise", readonly=True)
    assignment_count = fields.Integer("Assignments to other lines", readonly=True)
    first_line_count = fields.Integer(
        "Ended by the desk alone",
        readonly=True,
        help="Requests ended without an assignment to another line.",
    )
    reopen_count = fields.Integer("Reopened", readonly=True)
    article_count = fields.Integer("Solved by an article", readonly=True)
    response_hours = fields.Float("Hours to the first answer", aggregator="avg")
    resolution_hours = fields.Float("Hours to the resolution", aggregator="avg")

    @property
    def _table_query(self):
        # SQL: the report is one query over tickets, clocks and assignments
        return SQL("SELECT %s FROM %s", self._spoc_select(), self._spoc_from())

    def _spoc_select(self):
        """Columns of the report as SQL; extended by calling super and adding."""
        return SQL(
            """
            ticket.id,
            ticket.number,
            ticket.create_date,
            ticket.closed_at,
            ticket.company_id,
            ticket.desk_id,
            desk.department_id AS desk_department_id,
            ticket.service_id,
            ticket.category_id,
            place.department_id,
            place.work_location_id,
            ticket.kind,
            ticket.origin,
            ticket.priority,
            ticket.state,
            1 AS request_count,
            COALESCE(clock.met, 0) AS met_count,
            COALESCE(clock.missed, 0) AS missed_count,
            CASE WHEN clock.missed > 0 THEN 1 ELSE 0 END AS late_count,
            COALESCE(assignment.total, 0) AS assignment_count,
            CASE WHEN ticket.state IN ('resolved', 'closed')
                  AND assignment.total IS NULL THEN 1 ELSE 0 END AS first_line_count,
            ticket.reopen_count,
            CASE WHEN ticket.resolution_article_id IS NOT NULL
                 THEN 1 ELSE 0 END AS article_count,
            EXTRACT(EPOCH FROM ticket.first_response_at - ticket.create_date) / 3600
                AS response_hours,
            EXTRACT(EPOCH FROM ticket.resolved_at - ticket.create_date) / 3600
                AS resolution_hours
            """
        )

    def _spoc_from(self):
        """Tables of the report as SQL; one employee per requester at most."""
        return SQL(
            """
            spoc_ticket ticket
            JOIN spoc_desk desk ON desk.id = ticket.desk_id
            LEFT JOIN (
                SELECT ticket_id,
                       COUNT(*) FILTER (WHERE state = 'met') AS met,
                       COUNT(*) FILTER (WHERE state = 'missed') AS missed
                  FROM spoc_clock
                 WHERE kind IN ('response', 'update', 'resolution')
                 GROUP BY ticket_id
            ) clock ON clock.ticket_id = ticket.id
            LEFT JOIN (
                SELECT ticket_id, COUNT(*) AS total
                  FROM spoc_assignment
                 WHERE state != 'cancelled'
                 GROUP BY ticket_id
            ) assignment ON assignment.ticket_id = ticket.id
            LEFT JOIN LATERAL (
                SELECT version.department_id, version.work_location_id
                  FROM hr_employee employee
                  JOIN hr_version version ON version.id = employee.current_version_id
                 WHERE employee.work_contact_id = ticket.requester_id
                   AND employee.active
                 ORDER BY employee.company_id = ticket.company_id DESC, employee.id
                 LIMIT 1
            ) place ON TRUE
            """
        )

    def action_open_ticket(self):
        """Open the ticket behind the row, with the rights of the one who opens it."""
        self.ensure_one()
        ticket = self.env["spoc.ticket"].browse(self.id)
        ticket.check_access("read")
        return ticket._get_records_action()
