"""A service may be seen and yet not asked for."""

import json

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .portal_common import PortalCase


@tagged("post_install", "-at_install")
class TestAskRules(PortalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.staff_service.write(
            {"visibility": "everyone", "refusal_text": "Ask your contact with us."}
        )
        cls.page = f"/spoc/service/{cls.staff_service.id}"

    def test_the_page_explains_and_does_not_ask(self):
        self.authenticate("s_customer", "s_customer")
        page = self.url_open(self.page).text
        self.assertIn("You cannot ask for this yourself", page)
        self.assertIn("This service is for: Employees.", page)
        self.assertIn("Ask your contact with us.", page)
        self.assertNotIn(f'action="{self.page}/ask"', page)
        self.authenticate("s_anna", "s_anna")
        page = self.url_open(self.page).text
        self.assertNotIn("You cannot ask for this yourself", page)
        self.assertIn(f'action="{self.page}/ask"', page)

    def test_submitting_is_refused_with_the_explanation(self):
        """Rights may end between opening and sending: what was typed stays."""
        self.authenticate("s_customer", "s_customer")
        before = self._count()
        words = {"description": "My own long words", "for_text": "Nils Newcomer"}
        answer = self._post(
            f"{self.page}/ask", words, headers={"X-Requested-With": "spoc"}
        ).json()
        self.assertIn("This service is for: Employees.", answer["errors"]["_form"])
        self.assertIn("Ask your contact with us.", answer["errors"]["_form"])
        response = self._post(f"{self.page}/ask", words)
        self.assertEqual(response.status_code, 403)
        self.assertIn("You cannot ask for this yourself", response.text)
        self.assertIn("Ask your contact with us.", response.text)
        self.assertIn("My own long words", response.text)
        self.assertIn("Nils Newcomer", response.text)
        self.assertNotIn("o_spoc_form", response.text)
        self.assertNotIn("<textarea", response.text)
        self.assertEqual(self._count(), before)

    def test_what_was_answered_comes_back_to_be_read(self):
        self.staff_service.form_id = self.form
        name = f"q_{self.q_bad.id}"
        asked = {
            str(self.q_bad.id): {"label": "How <b>bad</b>?", "options": {"7": "Bad"}}
        }
        self.authenticate("s_customer", "s_customer")
        page = self._post(
            f"{self.page}/ask", {name: "7", "form_words": json.dumps(asked)}
        ).text
        self.assertIn("How &lt;b&gt;bad&lt;/b&gt;?", page)
        self.assertIn(">Bad<", page)
        self.assertNotIn(f'name="{name}"', page)

    def test_the_promise_is_told_without_an_invitation(self):
        self.authenticate("s_anna", "s_anna")
        page = self.url_open(self.page).text
        self.assertIn("First answer within 4 working hours", page)
        self.assertIn("Ask now: answered by", page)
        self.authenticate("s_customer", "s_customer")
        page = self.url_open(self.page).text
        self.assertIn("First answer within 4 working hours", page)
        self.assertNotIn("Ask now", page)

    def test_the_model_refuses(self):
        tickets = self.env["spoc.ticket"]
        for user in (self.customer, self.stranger):
            with self.assertRaisesRegex(AccessError, "This service is for: Employees"):
                tickets.with_user(user)._spoc_ask(
                    self.staff_service.with_user(user), {}, "Please"
                )
        ticket, errors = tickets.with_user(self.employee)._spoc_ask(
            self.staff_service.with_user(self.employee), {}, "Please"
        )
        self.assertFalse(errors)
        self.assertTrue(ticket)

    def test_a_desk_member_asks_like_anybody(self):
        """To see a service for the work at its desk is no right to ask for it."""
        self.staff_service.audience_ids = self.env["spoc.audience"].create(
            {
                "name": "Anna",
                "rule_ids": [
                    Command.create({"person_ids": self.employee.partner_id.ids})
                ],
            }
        )
        with self.assertRaisesRegex(AccessError, "by name: Anna Requester"):
            self.env["spoc.ticket"].with_user(self.agent)._spoc_ask(
                self.staff_service.with_user(self.agent), {}, "Please"
            )
