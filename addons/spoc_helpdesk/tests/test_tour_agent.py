"""An agent's day and a manager's board, walked in a browser of any size."""

from datetime import timedelta

from odoo import Command, fields
from odoo.tests import tagged

from .portal_common import PortalCase


class AgentTours:
    """Take next, assign, returned, confirm, resolve, reopen; the board."""

    def _at(self, ticket, name, user=None):
        self.start_tour(
            f"/odoo/service-tickets/{ticket.id}",
            name,
            login=(user or self.agent).login,
            timeout=180,
        )
        ticket.invalidate_recordset()

    def _walk_day(self):
        now = fields.Datetime.now()
        solved = self._ticket(name="Smoking laptop of Sten", owner_id=self.agent.id)
        solved.with_user(self.agent).resolution = "<p>New battery put in</p>"
        solved.with_user(self.agent).action_resolve()
        ticket = self._ticket(name="Day: smoking laptop", owner_id=False)
        later = self._ticket(name="Day: green screen", owner_id=False)
        ticket._spoc_write({"next_due": now + timedelta(hours=1)})
        later._spoc_write({"next_due": now + timedelta(hours=2)})
        self.start_tour(
            "/odoo/service-desk-tickets",
            "spoc_helpdesk_day_takes_next",
            login=self.agent.login,
            timeout=180,
        )
        ticket.invalidate_recordset()
        self.assertEqual(ticket.owner_id, self.agent)
        self.assertFalse(later.owner_id)
        [first] = ticket.assignment_ids
        self.assertEqual(first.desk_id, self.other_desk)
        first = first.with_user(self.line)
        first.action_accept()
        first.return_reason = "We have no battery of this kind."
        first.action_return()

        self._at(ticket, "spoc_helpdesk_day_returned")
        second = (ticket.assignment_ids - first).with_user(self.line)
        second.action_accept()
        second.answer = "<p>A new charger does it</p>"
        second.action_answer()

        self._at(ticket, "spoc_helpdesk_day_confirms")
        self.assertEqual(second.state, "confirmed")
        self._at(ticket, "spoc_helpdesk_day_resolves")
        self.assertEqual(ticket.state, "resolved")
        self.assertEqual(ticket.reopen_count, 1)
        self.assertIn("New charger", str(ticket.resolution))

        ticket.with_user(self.customer)._spoc_reject("It smokes again.")
        self._at(ticket, "spoc_helpdesk_day_reopened")
        self.assertEqual((ticket.state, ticket.owner_id), ("in_progress", self.agent))

    def _walk_board(self):
        manager = self._user(
            "s_manager", "Majken Manager", "spoc_catalog.group_manager"
        )
        second = self._user("s_agent2", "Bodil Agent", "spoc_catalog.group_agent")
        self.desk.write(
            {"manager_id": manager.id, "member_ids": [Command.link(second.id)]}
        )
        burning = self._ticket(name="Board: burning", owner_id=self.agent.id)
        calm = self._ticket(name="Board: calm", owner_id=self.agent.id)
        burning._spoc_write({"broken_since": fields.Datetime.now()})
        self.start_tour(
            "/odoo/service-board",
            "spoc_helpdesk_board",
            login=manager.login,
            timeout=180,
        )
        (burning | calm).invalidate_recordset()
        self.assertEqual((burning | calm).owner_id, second)


@tagged("post_install", "-at_install")
class TestTourAgentDay(AgentTours, PortalCase):
    """On a wide screen."""

    def test_agents_day(self):
        self._walk_day()

    def test_managers_board(self):
        self._walk_board()

    def test_shortcuts(self):
        ticket = self._ticket(name="Keys: a ticket", owner_id=False)
        self.start_tour(
            "/odoo/service-unowned-tickets",
            "spoc_helpdesk_shortcuts",
            login=self.agent.login,
            timeout=180,
        )
        ticket.invalidate_recordset()
        self.assertEqual(ticket.owner_id, self.agent)


class PhoneCase(PortalCase):
    browser_size = "375x667"
    touch_enabled = True


@tagged("post_install", "-at_install")
class TestTourBoardPhone(AgentTours, PhoneCase):
    """On a phone."""

    def test_managers_board(self):
        self._walk_board()


@tagged("post_install", "-at_install", "-standard", "spoc_slow")
class TestTourAgentDayPhone(AgentTours, PhoneCase):
    """The whole day on a phone: the same steps as on a wide screen."""

    def test_agents_day(self):
        self._walk_day()
