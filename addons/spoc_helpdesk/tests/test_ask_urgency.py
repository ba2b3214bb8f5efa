"""How urgent it is, asked where the service says so."""

from odoo.tests import tagged

from .portal_common import PortalCase

QUESTION = "How much does it hold you up?"


@tagged("post_install", "-at_install")
class TestAskUrgency(PortalCase):
    def setUp(self):
        super().setUp()
        self.page = f"/spoc/service/{self.plain_service.id}"
        self.known = self.env["spoc.ticket"].search([])
        self.authenticate("s_customer", "s_customer")

    def _send(self, scripted=False, **values):
        headers = {"X-Requested-With": "spoc"} if scripted else None
        values = {"description": "My words", **values}
        return self._post(f"{self.page}/ask", values, headers=headers)

    def _new(self):
        return self.env["spoc.ticket"].search([]) - self.known

    def test_not_asked_unless_the_service_says_so(self):
        self.assertNotIn(QUESTION, self.url_open(self.page).text)
        self._send(urgency="high")  # forged
        ticket = self._new()
        self.assertEqual(len(ticket), 1)
        self.assertFalse(ticket.urgency)
        self.assertEqual(ticket.priority, "1")
        self.assertNotIn(QUESTION, self.url_open(f"/my/requests/{ticket.id}").text)

    def test_asked_and_kept(self):
        self.plain_service.asks_urgency = True
        page = self.url_open(self.page).text
        for words in (QUESTION, "It can wait", "I cannot go on without it"):
            self.assertIn(words, page)
        self._send(urgency="high")
        ticket = self._new()
        self.assertEqual((ticket.urgency, ticket.priority), ("high", "2"))
        self.assertFalse(ticket.priority_by_hand)
        page = self.url_open(f"/my/requests/{ticket.id}").text
        self.assertIn(QUESTION, page)
        self.assertIn("I cannot go on without it", page)

    def test_missing_or_forged(self):
        self.plain_service.asks_urgency = True
        for values in ({}, {"urgency": ""}, {"urgency": "<b>"}, {"urgency": "3"}):
            with self.subTest(values):
                page = self._send(**values).text
                self.assertIn("Please say how much it holds you up.", page)
                self.assertIn("My words", page)
                errors = self._send(scripted=True, **values).json()["errors"]
                self.assertEqual(set(errors), {"urgency"})
        self.assertFalse(self._new())

    def test_chosen_stays_when_something_else_is_wrong(self):
        self.plain_service.asks_urgency = True
        page = self._send(description="", urgency="low").text
        self.assertIn("Tell us what you need.", page)
        self.assertRegex(page, r'value="low"\s+checked="checked"')
        self.assertFalse(self._new())

    def test_other_channels_need_not_know(self):
        self.plain_service.asks_urgency = True
        tickets = self.env["spoc.ticket"].with_user(self.customer)
        ticket, errors = tickets._spoc_ask(
            self.plain_service.with_user(self.customer), {}, "By another way"
        )
        self.assertFalse(errors)
        self.assertFalse(ticket.urgency)
