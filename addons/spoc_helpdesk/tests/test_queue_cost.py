"""What the screens of a desk ask of the database, however many tickets there are."""

from odoo import Command
from odoo.fields import Domain
from odoo.tests import HttpCase, tagged
from odoo.tools import SQL

from .common import HelpdeskCommon

ORDER = "broken_since, next_due, priority desc, id"


class ManyTickets(HelpdeskCommon):
    @classmethod
    def _copies(cls, ticket, numbers):
        """Rows like that of a ticket, by SQL: what is written with one is no matter."""
        cls.env.flush_all()
        cls.env.cr.execute(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_name = 'spoc_ticket' AND is_generated = 'NEVER'"
            " AND column_name NOT IN ('id', 'number', 'access_token', 'mail_ref')"
        )
        columns = ", ".join(name for (name,) in cls.env.cr.fetchall())
        cls.env.cr.execute(
            f"INSERT INTO spoc_ticket (number, {columns})"
            f" SELECT 'MANY-' || n, {columns}"
            f" FROM spoc_ticket, generate_series(%s, %s) n WHERE id = %s",
            [numbers[0], numbers[-1], ticket.id],
        )
        cls.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestQueueQueries(ManyTickets, HttpCase):
    """As many queries for 400 tickets as for 20."""

    def _asked(self, run):
        """Queries of a screen that has been looked at before."""
        for _time in range(2):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            run()
        return self.env.cr.sql_log_count - before

    def _spec(self, kind):
        names = {"list": ("number", "name", "requester_id", "owner_id", "next_due")}
        names["kanban"] = (*names["list"], "service_id", "activity_ids")
        return {
            name: {"fields": {"display_name": {}}}
            if self.env["spoc.ticket"]._fields[name].relational
            else {}
            for name in names[kind]
        }

    def _screens(self):
        tickets = self.env["spoc.ticket"].with_user(self.agent)
        mine = [("is_inner", "=", True), ("desk_id.member_ids", "in", self.agent.ids)]
        return {
            "queue": lambda: tickets.web_search_read(
                mine, self._spec("list"), limit=20, order=ORDER, count_limit=10001
            ),
            "stages": lambda: tickets.web_read_group(
                mine,
                ["stage_id"],
                ["__count"],
                auto_unfold=True,
                unfold_read_specification=self._spec("kanban"),
                unfold_read_default_limit=40,
            ),
            "board": self.env["spoc.board"].with_user(self.manager).get_board,
            "portal": lambda: self.url_open("/my/requests").raise_for_status(),
        }

    def test_more_tickets_no_more_queries(self):
        ticket = self._ticket(
            owner_id=self.agent.id, requester_id=self.customer.partner_id.id
        )
        self.authenticate(self.customer.login, self.customer.login)
        self._copies(ticket, range(1, 20))
        few = {name: self._asked(run) for name, run in self._screens().items()}
        self._copies(ticket, range(20, 400))
        for name, run in self._screens().items():
            with self.subTest(name):
                self.assertLessEqual(self._asked(run), few[name])


@tagged("post_install", "-at_install")
class TestQueuePlans(ManyTickets):
    """Where PostgreSQL has the choice, no screen reads all tickets.

    With sequential scans switched off it takes an index for everything; what counts is
    that it looks something up there and does not go through the whole of it.
    """

    def _scans(self, query):
        """The nodes of the plan that read tickets."""
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        # SQL: the plan itself
        [[[plan]]] = self.env.execute_query(
            SQL("EXPLAIN (FORMAT JSON) %s", query.select())
        )
        nodes, found = [plan["Plan"]], []
        while nodes:
            node = nodes.pop()
            nodes += node.get("Plans", ())
            if node.get("Relation Name") == "spoc_ticket":
                found.append(node)
        return found

    def _assert_looked_up(self, query):
        scans = self._scans(query)
        self.assertTrue(scans)
        for node in scans:
            self.assertTrue(
                node.get("Index Cond") or node.get("Recheck Cond"),
                f"reads all tickets: {node}",
            )

    def test_own_tickets(self):
        tickets = self.env["spoc.ticket"].with_user(self.customer)
        self._assert_looked_up(
            tickets._search(
                tickets._spoc_requester_domain(),
                order="create_date desc, id desc",
                limit=20,
            )
        )

    def test_what_hangs_on_a_ticket(self):
        ticket = self._ticket(owner_id=self.agent.id)
        for model in ("spoc.clock", "spoc.ownership", "spoc.act", "spoc.wait"):
            records = self.env[model].with_user(self.agent)
            with self.subTest(model):
                self._assert_looked_up(records._search([("ticket_id", "=", ticket.id)]))

    def test_own_matter_of_any_company_and_desk(self):
        """Who is concerned is found whatever they may read of desk and ticket."""
        ticket = self._ticket(desk_id=self.hr.id, owner_id=self.hr_agent.id)
        ticket.about_ids = [Command.link(self.agent.partner_id.id)]
        tickets = self.env["spoc.ticket"].with_user(self.agent).sudo()
        own = Domain("is_about_me", "=", True)
        self.assertEqual(tickets.search(own), ticket)
        self.assertNotIn(ticket, tickets.search(~own))
