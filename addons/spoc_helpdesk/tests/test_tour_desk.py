"""Between desks and tickets, walked in a browser of any size: two starts each."""

from odoo import Command
from odoo.tests import tagged

from .test_approval_portal import ApprovalPortalCase

WORDS = "<p>The scanner on the second floor eats every paper I put in</p>"
ALIKE = "<p>Second floor: the scanner eats paper, every sheet I put in</p>"


class DeskTours:
    """Wait and go on, merge and take apart, tell apart, transfer, agree."""

    def _walk_between_desks(self):
        older = self._ticket(name="Paper is gone", description=ALIKE)
        ticket = self._ticket(name="Scanner eats paper", description=WORDS)
        other = self._ticket(name="Coffee machine", description="<p>It is cold</p>")
        other.with_user(self.agent)._spoc_offer_transfer(
            self.other_desk, "Not for us", lambda _ticket: "Cold coffee"
        )
        self.rule.step_ids.write(
            {"kind": "people", "user_ids": [Command.set(self.line.ids)]}
        )
        asked = self._ask()
        self.env.flush_all()

        self.start_tour(
            f"/odoo/service-tickets/{ticket.id}",
            "spoc_helpdesk_desk_moves",
            login=self.agent.login,
        )
        self.env.invalidate_all()
        self.assertEqual(ticket.wait_ids.reason_id.waits_for, "supplier")
        self.assertTrue(ticket.wait_ids.end)
        self.assertFalse(ticket.is_merged)
        self.assertEqual(ticket.unlike_link_ids, older)
        self.assertEqual(ticket.offered_desk_id, self.other_desk)
        self.assertEqual(ticket.desk_id, self.desk)

        self.start_tour(
            "/odoo/service-transfers",
            "spoc_helpdesk_desk_decides",
            login=self.line.login,
        )
        self.env.invalidate_all()
        self.assertEqual(ticket.desk_id, self.other_desk)
        self.assertEqual(other.desk_id, self.desk)
        self.assertEqual(other.transfer_ids.return_reason, "Ask the kitchen")
        self.assertEqual(asked.approval_ids.reason, "High time")
        self.assertEqual(asked.approval_state, "approved")


@tagged("post_install", "-at_install")
class TestTourDesk(DeskTours, ApprovalPortalCase):
    """On a wide screen."""

    def test_between_desks(self):
        self._walk_between_desks()


@tagged("post_install", "-at_install")
class TestTourDeskPhone(DeskTours, ApprovalPortalCase):
    """On a phone."""

    browser_size = "375x667"
    touch_enabled = True

    def test_between_desks(self):
        self._walk_between_desks()
