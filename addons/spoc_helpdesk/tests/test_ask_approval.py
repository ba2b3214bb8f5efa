"""What needs an agreement nobody can give is not taken."""

from odoo import Command
from odoo.tests import tagged

from .portal_common import PortalCase


@tagged("post_install", "-at_install")
class TestAskApproval(PortalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls.env["spoc.approval.rule"].create(
            {
                "name": "The manager",
                "if_nobody": "refuse",
                "step_ids": [Command.create({"kind": "manager"})],
            }
        )
        cls.plain_service.approval_rule_id = cls.rule
        cls.page = f"/spoc/service/{cls.plain_service.id}"
        cls.boss = cls._user("s_boss", "Berta Boss", "base.group_user")
        Employee = cls.env["hr.employee"]
        cls.boss_employee = Employee.create({"name": "B", "user_id": cls.boss.id})
        cls.anna = Employee.create({"name": "Anna", "user_id": cls.employee.id})

    def _ask(self, user, people=None, answers=None):
        service = self.plain_service.with_user(user)
        tickets = self.env["spoc.ticket"].with_user(user)
        return tickets._spoc_ask(service, answers or {}, "Please", people=people)

    def test_nobody_above(self):
        before = self._count()
        for user in (self.employee, self.customer):
            with self.subTest(user.login):
                tickets, errors = self._ask(user)
                self.assertFalse(tickets)
                self.assertEqual(set(errors), {"_form"})
                self.assertIn("nobody can be found", errors["_form"])
        self.assertEqual(self._count(), before)
        self.anna.parent_id = self.boss_employee
        tickets, errors = self._ask(self.employee)
        self.assertFalse(errors)
        self.assertEqual(len(tickets), 1)

    def test_a_forged_post_is_refused_and_nothing_is_lost(self):
        """The page tells it before; whoever sends all the same hears it again."""
        self.authenticate("s_anna", "s_anna")
        page = self.url_open(self.page).text
        self.assertIn("cannot be asked for", page)
        self.assertNotIn("Ask now", page)
        self.assertNotIn("o_spoc_form", page)
        before = self._count()
        words = {"description": "My own long words"}
        page = self._post(f"{self.page}/ask", words).text
        self.assertIn("You cannot ask for this now", page)
        self.assertIn("My own long words", page)
        self.assertIn(f'action="{self.page}/ask"', page)
        answer = self._post(
            f"{self.page}/ask", words, headers={"X-Requested-With": "spoc"}
        ).json()
        self.assertIn("You cannot ask for this now", answer["errors"]["_form"])
        self.assertEqual(self._count(), before)

    def test_of_several_people_those_are_named(self):
        form = self.env["spoc.form"].create({"name": "People", "ask_for": "several"})
        self.plain_service.form_id = form
        # For others it may be asked, so the form is there.
        self.authenticate("s_anna", "s_anna")
        self.assertIn("o_spoc_form", self.url_open(self.page).text)
        self.anna.parent_id = self.boss_employee
        nils, nora = self.env["hr.employee"].create(
            [
                {"name": "Nils Newcomer"},
                {"name": "Nora Newcomer", "parent_id": self.boss_employee.id},
            ]
        )
        before = self._count()
        tickets, errors = self._ask(self.employee, people=[nils.id, nora.id])
        self.assertFalse(tickets)
        for key in ("_form", "for_whom"):
            self.assertIn("Nils Newcomer", errors[key])
            self.assertNotIn("Nora Newcomer", errors[key])
        self.assertEqual(self._count(), before)
        tickets, errors = self._ask(self.employee, people=[nora.id])
        self.assertFalse(errors)
        self.assertEqual(tickets.requested_for_id, nora.work_contact_id)

    def test_answers_decide(self):
        self.plain_service.form_id = self.form
        self.env["spoc.approval.condition"].create(
            {
                "step_id": self.rule.step_ids.id,
                "question_id": self.q_bad.id,
                "operator": "is",
                "option_ids": [Command.set(self.q_bad.option_ids[1].ids)],
            }
        )
        fine, bad = self.q_bad.option_ids.ids
        for option, refused in ((fine, False), (bad, True)):
            answers = {self.q_device.id: "Lamp", self.q_bad.id: option}
            tickets, errors = self._ask(self.employee, answers=answers)
            self.assertEqual(bool(errors), refused)
            self.assertEqual(bool(tickets), not refused)
