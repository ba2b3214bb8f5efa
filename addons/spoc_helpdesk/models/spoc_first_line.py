"""The other reading of 80/20: how many agents solve what comes to them."""

from odoo import fields, models
from odoo.tools import SQL


class SpocFirstLine(models.Model):
    """What one agent of a desk solved in one month without anybody outside the desk.

    The first reading of the rule counts tickets: 80 of 100 are solved by the desk
    itself. The second counts agents: 80 of 100 solve that share of what they own.
    Averaged over its rows, ``reaches_percent`` is the second.
    """

    _name = "spoc.first.line"
    _description = "First line by agent"
    _auto = False
    _order = "month desc, desk_id, owner_id"
    _rec_name = "owner_id"

    desk_id = fields.Many2one("spoc.desk", readonly=True)
    owner_id = fields.Many2one("res.users", "Agent", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    month = fields.Date(readonly=True)
    ticket_count = fields.Integer("Tickets", readonly=True)
    own_count = fields.Integer("Solved by the Desk Itself", readonly=True)
    contact_count = fields.Integer("Solved at First Contact", readonly=True)
    first_line_percent = fields.Float(
        "First line, %", readonly=True, aggregator="avg", help="Of the agent's tickets."
    )
    reaches_percent = fields.Float(
        "Agents who reach it, %",
        readonly=True,
        aggregator="avg",
        help="Share of agents whose own tickets reach the goal of their desk.",
    )

    @property
    def _table_query(self):
        self.env["spoc.ticket.measure"].flush_model()
        self.env["spoc.desk"].flush_model(["first_line_goal"])
        # SQL: a report is a query
        return SQL(
            """
            SELECT min(measure.id) AS id,
                   measure.desk_id, measure.owner_id, measure.company_id,
                   date_trunc('month', measure.ended_at)::date AS month,
                   count(*) AS ticket_count,
                   count(*) FILTER (WHERE measure.is_first_line) AS own_count,
                   count(*) FILTER (WHERE measure.is_first_contact) AS contact_count,
                   avg(measure.first_line_percent) AS first_line_percent,
                   CASE WHEN avg(measure.first_line_percent) >= desk.first_line_goal
                        THEN 100.0 ELSE 0.0 END AS reaches_percent
              FROM spoc_ticket_measure measure
              JOIN spoc_desk desk ON desk.id = measure.desk_id
             WHERE measure.is_current AND measure.outcome = 'closed'
               AND measure.owner_id IS NOT NULL
             GROUP BY measure.desk_id, measure.owner_id, measure.company_id,
                      desk.first_line_goal, date_trunc('month', measure.ended_at)
            """
        )


class SpocDesk(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.desk"

    first_line_goal = fields.Integer(
        "First Line Solves",
        default=80,
        required=True,
        help="Share of tickets, in percent, the desk wants to solve without anybody "
        "outside it.",
    )

    _first_line_goal_inside = models.Constraint(
        "CHECK (first_line_goal BETWEEN 0 AND 100)",
        "The goal of the first line is a share: 0 to 100 percent.",
    )
