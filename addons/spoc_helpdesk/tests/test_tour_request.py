from odoo.tests import tagged

from .portal_common import PortalCase


class RequesterTours:
    """The requester's part of a request, walked in a browser of any size."""

    allow_inherited_tests_method = True

    def test_requester_asks(self):
        known = self.env["spoc.ticket"].search([])
        self.start_tour(
            f"/spoc/service/{self.service.id}",
            "spoc_helpdesk_requester_asks",
            login=self.customer.login,
        )
        ticket = self.env["spoc.ticket"].search([]) - known
        self.assertEqual(len(ticket), 1)
        self.assertEqual(ticket.requester_id, self.customer.partner_id)
        self.assertIn("The green laptop", ticket.answer_ids.mapped("value_text"))
        self.assertIn("It smells of smoke.", str(ticket.description))

    def test_requester_answers(self):
        ticket = self._ticket()
        as_agent = ticket.with_user(self.agent)
        as_agent.message_post(
            body="Which cable?",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        as_agent.message_post(body="Between us", subtype_xmlid="mail.mt_note")
        as_agent.action_wait()
        self.start_tour(
            f"/my/requests/{ticket.id}",
            "spoc_helpdesk_requester_answers",
            login=self.customer.login,
        )
        self.assertEqual(ticket.state, "in_progress")
        message = ticket.message_ids.filtered(lambda m: "black one" in m.body)
        self.assertEqual(message.author_id, self.customer.partner_id)

    def test_requester_rejects(self):
        ticket = self._resolved_ticket()
        self.start_tour(
            f"/my/requests/{ticket.id}",
            "spoc_helpdesk_requester_rejects",
            login=self.customer.login,
        )
        self.assertEqual(ticket.state, "in_progress")

    def test_requester_confirms_and_rates(self):
        ticket = self._resolved_ticket(resolution="<p>New battery</p>")
        self.start_tour(
            f"/my/requests/{ticket.id}",
            "spoc_helpdesk_requester_confirms",
            login=self.customer.login,
        )
        self.assertEqual(ticket.state, "closed")
        rating = ticket.rating_ids.filtered("consumed")
        self.assertEqual((rating.rating, rating.feedback), (5, "Quick and friendly"))


@tagged("post_install", "-at_install")
class TestTourRequester(RequesterTours, PortalCase):
    """On a wide screen."""


@tagged("post_install", "-at_install")
class TestTourRequesterPhone(RequesterTours, PortalCase):
    """On a phone."""

    browser_size = "375x667"
    touch_enabled = True


@tagged("post_install", "-at_install")
class TestTourAgent(PortalCase):
    """The desk's part: take, assign, answer, resolve."""

    def test_agent_assigns_line_answers_agent_resolves(self):
        ticket = self._ticket(name="Tour: smoking laptop", owner_id=False)
        self.start_tour(
            "/odoo/service-tickets",
            "spoc_helpdesk_agent_assigns",
            login=self.agent.login,
        )
        assignment = ticket.assignment_ids
        self.assertEqual(ticket.owner_id, self.agent)
        self.assertEqual(assignment.desk_id, self.other_desk)
        self.start_tour(
            "/odoo/service-assignments",
            "spoc_helpdesk_line_answers",
            login=self.line.login,
        )
        self.assertEqual(assignment.state, "answered")
        self.assertIn("New battery in", str(assignment.answer))
        assignment.with_user(self.agent).action_confirm()
        self.start_tour(
            f"/odoo/service-tickets/{ticket.id}",
            "spoc_helpdesk_agent_resolves",
            login=self.agent.login,
        )
        self.assertEqual(ticket.state, "resolved")
        self.assertIn("New battery", str(ticket.resolution))
