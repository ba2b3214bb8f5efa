"""A service may be seen and yet not asked for."""

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
        words = {"description": "My own long words"}
        answer = self._post(
            f"{self.page}/ask", words, headers={"X-Requested-With": "spoc"}
        ).json()
        self.assertIn("This service is for: Employees.", answer["errors"]["_form"])
        self.assertIn("Ask your contact with us.", answer["errors"]["_form"])
        page = self._post(f"{self.page}/ask", words).text
        self.assertIn("Ask your contact with us.", page)
        self.assertIn("My own long words", page)
        self.assertEqual(self._count(), before)

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
