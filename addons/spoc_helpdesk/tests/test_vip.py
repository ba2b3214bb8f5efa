"""VIPs: marked by administrators, counted by rule, never beyond the matrix."""

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common import HelpdeskCommon


@tagged("post_install", "-at_install")
class TestVip(HelpdeskCommon):
    def setUp(self):
        super().setUp()
        self.rule = self.env.ref("spoc_helpdesk.vip_rule_all")
        self.rule.write({"raises": "urgency", "heads": False})
        self.partner = self.requester.partner_id

    def _mark(self):
        self.partner.with_user(self.admin).spoc_vip = True

    def test_forbidden(self):
        self.admin.group_ids = [
            Command.link(self.env.ref("base.group_partner_manager").id)
        ]
        for user in (
            self.requester,
            self.customer,
            self.agent,
            self.manager,
            self.outsider,
        ):
            # Whoever may change contacts, even their own, makes nobody a VIP.
            user.sudo().group_ids = (
                [Command.link(self.env.ref("base.group_partner_manager").id)]
                if user != self.customer
                else []
            )
            partner = self.partner.with_user(user)
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    partner.write({"spoc_vip": True})
                with self.assertRaises(AccessError):
                    partner.read(["spoc_vip"])
                with self.assertRaises(AccessError):
                    self.env["spoc.vip.rule"].with_user(user).search([])
                with self.assertRaises(AccessError):
                    self.rule.with_user(user).write({"raises": "both"})
        self._mark()
        ticket = self._ticket()
        with self.assertRaises(AccessError):
            ticket.with_user(self.requester).read(["is_vip"])
        with self.assertRaises(AccessError):
            ticket.with_user(self.agent).is_vip = False
        with self.assertRaises(AccessError):
            self.env["spoc.ticket"].with_user(self.agent).create(
                {
                    "name": "I am important",
                    "desk_id": self.desk.id,
                    "requester_id": self.outsider.partner_id.id,
                    "is_vip": True,
                }
            )

    def test_one_level_higher(self):
        self._mark()
        for impact, urgency, priority in (
            (False, False, "2"),  # normal impact, urgency as high
            ("low", "low", "1"),
            ("high", "normal", "3"),
            ("high", "high", "3"),  # never beyond the matrix
        ):
            ticket = self._ticket(impact=impact, urgency=urgency)
            self.assertTrue(ticket.is_vip)
            self.assertEqual(ticket.priority, priority, (impact, urgency))
            # What was said stays as it was said.
            self.assertEqual((ticket.impact, ticket.urgency), (impact, urgency))
            self.assertFalse(ticket.priority_by_hand)
        self.assertFalse(ticket.vip_words, "nothing was raised")
        self.assertIn("High", self._ticket().with_user(self.agent).vip_words)

    def test_what_the_rule_raises(self):
        self._mark()
        for raises, priority in (
            ("nothing", "1"),
            ("impact", "2"),
            ("both", "3"),
        ):
            self.rule.raises = raises
            self.assertEqual(self._ticket().priority, priority)
        self.rule.unlink()
        ticket = self._ticket()
        self.assertEqual((ticket.is_vip, ticket.priority), (True, "1"))

    def test_a_companys_own_rule(self):
        self._mark()
        self.env["spoc.vip.rule"].create(
            {"company_id": self.desk.company_id.id, "raises": "nothing"}
        )
        self.assertEqual(self._ticket().priority, "1")

    def test_heads_of_departments(self):
        employee = self.env["hr.employee"].create(
            {"name": "Head", "user_id": self.requester.id}
        )
        department = self.env["hr.department"].create({"name": "Sales"})
        self.rule.heads = True
        self.assertFalse(self._ticket().is_vip)
        department.manager_id = employee
        self.assertTrue(self._ticket().is_vip)
        department.manager_id = False
        self.assertFalse(self._ticket().is_vip)

    def test_asked_for_a_vip(self):
        self._mark()
        ticket = self._ticket(
            requester_id=self.outsider.partner_id.id, requested_for_id=self.partner.id
        )
        self.assertTrue(ticket.is_vip)

    def test_promised_is_promised(self):
        """Marking somebody changes no ticket that is there; a new requester does."""
        ticket = self._ticket()
        self._mark()
        self.env["spoc.vip.rule"].search([]).write({"raises": "both"})
        self.assertEqual((ticket.is_vip, ticket.priority), (False, "1"))
        other = self._ticket(requester_id=self.outsider.partner_id.id)
        other.with_user(self.agent).requester_id = self.partner
        self.assertEqual((other.is_vip, other.priority), (True, "3"))

    def test_on_the_form(self):
        self._mark()
        with Form(self.env["spoc.ticket"].with_user(self.agent)) as form:
            form.name = "By phone"
            form.desk_id = self.desk
            form.requester_id = self.partner
            self.assertTrue(form.is_vip)
            self.assertEqual(form.priority, "2")
        self.assertFalse(form.record.priority_by_hand)
