"""Asked, approved by the link of a mail, worked on: in a browser of any size."""

from odoo.tests import tagged

from .test_approval_portal import ApprovalPortalCase


class ApprovalTours:
    allow_inherited_tests_method = True

    def test_asked_and_approved_by_mail(self):
        known = self.env["spoc.ticket"].search([])
        self.start_tour(
            f"/spoc/service/{self.service.id}",
            "spoc_helpdesk_approval_asked",
            login=self.employee.login,
        )
        ticket = self.env["spoc.ticket"].search([]) - known
        self.assertEqual((ticket.state, ticket.approval_state), ("waiting", "asked"))
        self.start_tour(self._link(ticket), "spoc_helpdesk_approval_given", login=None)
        self.assertEqual(ticket.approval_state, "approved")
        self.assertNotEqual(ticket.state, "waiting")
        self.start_tour(
            f"/my/requests/{ticket.id}",
            "spoc_helpdesk_approval_over",
            login=self.employee.login,
        )


@tagged("post_install", "-at_install")
class TestTourApproval(ApprovalTours, ApprovalPortalCase):
    """On a wide screen."""

    def test_inbox(self):
        tickets = self._ask() | self._ask()
        self.start_tour(
            "/odoo/my-approvals",
            "spoc_helpdesk_approval_inbox",
            login=self.boss.login,
        )
        self.assertEqual(set(tickets.mapped("state")), {"cancelled"})
        self.assertEqual(set(tickets.approval_ids.mapped("reason")), {"Not this year"})


@tagged("post_install", "-at_install")
class TestTourApprovalPhone(ApprovalTours, ApprovalPortalCase):
    """On a phone."""

    browser_size = "375x667"
    touch_enabled = True
