"""Approval rules over the directory: who, in words, and who may read or change them."""

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CatalogCase


@tagged("post_install", "-at_install")
class TestApproval(CatalogCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss = cls._user("cat_boss", "base.group_user")
        cls.boss_employee = cls._employee(cls.boss, cls.sales)
        cls.requester_employee.parent_id = cls.boss_employee
        cls.sales.manager_id = cls.boss_employee
        cls.open_service.owner_id = cls.editor
        cls.form = cls.env["spoc.form"].create({"name": "Phone"})
        cls.colour = cls.env["spoc.form.question"].create(
            {
                "form_id": cls.form.id,
                "label": "Colour",
                "type": "choice",
                "options_text": "Black\nGold",
            }
        )
        cls.model = cls.env["spoc.form.question"].create(
            {"form_id": cls.form.id, "label": "Price", "type": "text"}
        )
        cls.open_service.form_id = cls.form

    def rule(self, *steps, **values):
        rule = self.env["spoc.approval.rule"].create(
            {
                "name": "Rule",
                "step_ids": [Command.create(step) for step in steps],
                **values,
            }
        )
        self.open_service.approval_rule_id = rule
        return rule

    def resolve(self, rule, answers=None, user=None):
        user = user or self.requester
        return (
            rule.with_user(user)
            .sudo()
            .with_env(rule.with_user(user).env)
            ._spoc_resolve(user, self.open_service.with_user(user), answers)
        )

    def words(self, user=None):
        user = user or self.requester
        return self.open_service.with_user(user)._spoc_approval_words()

    def test_kinds(self):
        rule = self.rule(
            {"kind": "manager"},
            {"kind": "department"},
            {"kind": "owner"},
            {"kind": "people", "user_ids": self.agent.ids + self.stranger.ids},
        )
        steps = self.resolve(rule, {})
        self.assertEqual(
            [(step["state"], step["users"], step["need"]) for step in steps],
            [
                ("ask", self.boss, 1),
                ("agreed", self.boss, 1),
                ("ask", self.editor, 1),
                ("ask", self.agent | self.stranger, 1),
            ],
        )
        self.assertEqual(
            self.words(),
            [
                "Your manager, Boss, has to agree.",
                "The service owner, Editor, has to agree.",
                "1 of Agent, Stranger has to agree.",
            ],
        )

    def test_group_by_way_of_others(self):
        agents = self.env.ref("spoc_catalog.group_agent")
        rule = self.rule(
            {
                "kind": "group",
                "group_id": agents.id,
                "quorum": "number",
                "quorum_value": 2,
            }
        )
        (step,) = self.resolve(rule, {})
        self.assertLessEqual(
            self.agent | self.manager | self.administrator, step["users"]
        )
        self.assertEqual(step["need"], 2)
        self.assertEqual(self.words(), ["2 of the group Agent have to agree."])

    def test_without_manager_and_with_leavers(self):
        rule = self.rule({"kind": "manager"})
        self.boss.active = False
        (step,) = self.resolve(rule, {})
        self.assertEqual((step["users"], step["notes"]), (self.editor, ["owner"]))
        self.open_service.owner_id = False
        (step,) = self.resolve(rule, {})
        self.assertEqual((step["users"], step["notes"]), (self.manager, ["desk"]))
        rule.if_nobody = "skip"
        self.assertEqual(self.words(), [])
        rule.if_nobody = "refuse"
        self.assertEqual(
            self.words(), ["Nobody can be found to agree, so it cannot be asked for."]
        )

    def test_department_manager_who_asks(self):
        rule = self.rule({"kind": "department"})
        (step,) = self.resolve(rule, {}, user=self.boss)
        self.assertEqual(step["users"], self.editor)
        top = self.env["hr.department"].create({"name": "Top"})
        self.sales.parent_id = top
        top.manager_id = self.colleague_employee
        (step,) = self.resolve(rule, {}, user=self.boss)
        self.assertEqual((step["users"], step["notes"]), (self.colleague, ["up"]))
        rule.own_request = "agreed"
        (step,) = self.resolve(rule, {}, user=self.boss)
        self.assertEqual(step["state"], "agreed")
        self.assertEqual(step["text"], "Agreed already by asking.")
        self.assertEqual(self.words(self.boss), [])

    def test_managers_in_a_circle(self):
        self.env.cr.execute(
            "UPDATE hr_employee SET parent_id = %s WHERE id = %s",
            (self.requester_employee.id, self.boss_employee.id),
        )
        self.env.invalidate_all()
        chain = self.env["spoc.approval.rule"]._spoc_managers(self.requester)
        self.assertEqual(chain, self.boss_employee | self.requester_employee)
        (step,) = self.resolve(self.rule({"kind": "manager"}), {})
        self.assertEqual(step["users"], self.boss)

    def test_outsiders_read_roles_not_names(self):
        self.rule({"kind": "manager"}, {"kind": "owner"})
        self.assertEqual(
            self.words(self.customer),
            ["The service owner has to agree."],
        )

    def test_conditions_on_answers(self):
        gold = self.colour.option_ids[1]
        rule = self.rule(
            {
                "kind": "owner",
                "condition_ids": [
                    Command.create(
                        {"question_id": self.colour.id, "option_ids": gold.ids}
                    )
                ],
            }
        )
        self.assertEqual(
            self.words(),
            [
                "Depending on your answers: The service owner, Editor, if “Colour” is "
                "Gold"
            ],
        )
        (step,) = self.resolve(rule, {self.colour.id: gold.id})
        self.assertEqual((step["state"], step["users"]), ("ask", self.editor))
        (step,) = self.resolve(rule, {self.colour.id: self.colour.option_ids[0].id})
        self.assertEqual(step["state"], "unneeded")

    def test_answers_of_another_form_do_not_count(self):
        gold = self.colour.option_ids[1]
        rule = self.rule(
            {
                "kind": "owner",
                "condition_ids": [
                    Command.create(
                        {"question_id": self.colour.id, "option_ids": gold.ids}
                    )
                ],
            }
        )
        (step,) = rule._spoc_resolve(
            self.requester,
            self.open_service,
            {self.colour.id: gold.id},
            form={"questions": []},
        )
        self.assertEqual(step["state"], "unneeded")

    def test_person_chosen_in_the_form(self):
        rule = self.rule({"kind": "question", "question_id": self.model.id})
        answers = {self.model.id: self.colleague_employee.id}
        (step,) = self.resolve(rule, answers)
        self.assertEqual(step["users"], self.colleague)
        for odd in (None, "x", 99999999, [1], True):
            (step,) = self.resolve(rule, {self.model.id: odd})
            self.assertEqual(step["users"], self.editor, odd)
        self.assertIn("The person you choose in the form", self.words()[0])

    def test_stand_ins(self):
        rule = self.rule({"kind": "manager"})
        self.patch(
            type(rule),
            "_spoc_stand_ins",
            lambda rule, users: {self.boss: self.colleague},
        )
        (step,) = self.resolve(rule, {})
        self.assertEqual(step["users"], self.colleague)
        self.assertEqual(step["stand_ins"], {self.colleague.id: self.boss.id})

    def test_somebody_without_a_sign_in(self):
        worker = self.env["hr.employee"].create(
            {"name": "Worker", "parent_id": self.boss_employee.id}
        )
        rule = self.rule({"kind": "manager"})
        (step,) = rule._spoc_resolve(worker.work_contact_id, self.open_service, {})
        self.assertEqual(step["users"], self.boss)

    def test_words_of_a_rule(self):
        rule = self.rule(
            {"kind": "manager"},
            {
                "kind": "people",
                "user_ids": self.agent.ids + self.stranger.ids,
                "quorum": "percent",
                "quorum_value": 50,
                "amount_from": 500,
            },
        )
        first, second = rule.description_text.splitlines()
        self.assertEqual(first, "1. The manager of whoever asks")
        self.assertIn("50 % of: Agent, Stranger, from", second)
        self.assertIn("500.00", second)

    # ---- what is refused ---------------------------------------------------

    def test_steps_say_who(self):
        for step in (
            {"kind": "people"},
            {"kind": "group"},
            {"kind": "question"},
            {
                "kind": "people",
                "user_ids": self.agent.ids,
                "quorum": "percent",
                "quorum_value": 101,
            },
            {
                "kind": "people",
                "user_ids": self.agent.ids,
                "quorum": "number",
                "quorum_value": 0,
            },
        ):
            with self.subTest(step=step), self.assertRaises(ValidationError):
                self.rule(step)

    def test_conditions_say_what(self):
        for values in (
            {},
            {"value_text": " "},
            {"option_ids": self.colour.option_ids.ids},
        ):
            question = self.model if "option_ids" in values else self.colour
            with self.subTest(values=values), self.assertRaises(ValidationError):
                self.rule(
                    {
                        "kind": "manager",
                        "condition_ids": [
                            Command.create({"question_id": question.id, **values})
                        ],
                    }
                )

    def test_access(self):
        rule = self.rule({"kind": "manager"})
        records = (rule, rule.step_ids)
        for name in ("requester", "customer", "unplaced"):
            for record in records:
                with self.subTest(name), self.assertRaises(AccessError):
                    record.with_user(getattr(self, name)).read(["display_name"])
        for name in ("agent", "stranger", "manager"):
            for record in records:
                theirs = record.with_user(getattr(self, name))
                self.assertTrue(theirs.display_name)
                with self.subTest(name), self.assertRaises(AccessError):
                    theirs.unlink()
            with self.subTest(name), self.assertRaises(AccessError):
                rule.with_user(getattr(self, name)).if_nobody = "skip"
        rule.with_user(self.editor).if_nobody = "skip"
        rule.company_id = self.env["res.company"].create({"name": "Elsewhere"})
        self.env.flush_all()
        for record in records:
            self.assertFalse(
                record.with_user(self.editor).search([("id", "in", record.ids)])
            )

    def test_copy(self):
        rule = self.rule({"kind": "manager"}, {"kind": "owner"})
        self.assertEqual(len(rule.copy().step_ids), 2)

    def test_nobody_to_agree_forbids_to_ask(self):
        rule = self.rule({"kind": "manager"}, if_nobody="refuse")
        service = self.open_service.with_user(self.requester)
        people = (self.requester | self.colleague | self.customer).partner_id
        self.assertEqual(
            service._spoc_unapproved(people),
            (self.colleague | self.customer).partner_id,
        )
        self.boss.active = False
        self.assertEqual(service._spoc_unapproved(people), people)
        self.assertIn("You cannot ask", self._refused_words(service, self.requester))
        words = self._refused_words(service, self.requester | self.colleague)
        self.assertIn("for Requester, Colleague", words)
        # Only where the rule says so.
        for if_nobody in ("owner", "skip"):
            rule.if_nobody = if_nobody
            self.assertFalse(service._spoc_unapproved(people))
        self.open_service.approval_rule_id = False
        self.assertFalse(service._spoc_unapproved(people))

    def _refused_words(self, service, users):
        return service._spoc_unapproved_message(users.partner_id)

    def test_answers_decide_whether_somebody_has_to_agree(self):
        rule = self.rule({"kind": "manager"}, if_nobody="refuse")
        self.env["spoc.approval.condition"].create(
            {
                "step_id": rule.step_ids.id,
                "question_id": self.colour.id,
                "operator": "is",
                "option_ids": [Command.set(self.colour.option_ids[1].ids)],
            }
        )
        service = self.open_service.with_user(self.colleague)
        form = self.form._spoc_compile()
        partner = self.colleague.partner_id
        black, gold = self.colour.option_ids.ids
        for option, refused in ((black, False), (gold, True)):
            answers = {self.colour.id: option}
            found = service._spoc_unapproved(partner, answers, form)
            self.assertEqual(bool(found), refused)

    def test_many_people_in_a_handful_of_queries(self):
        self.rule({"kind": "manager"}, {"kind": "department"}, if_nobody="refuse")
        employees = self.env["hr.employee"].create(
            [
                {"name": f"Person {number}", "parent_id": self.boss_employee.id}
                for number in range(30)
            ]
        )
        partners = employees.work_contact_id
        service = self.open_service.with_user(self.requester)

        def count(people):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            service._spoc_unapproved(people)
            return self.env.cr.sql_log_count - before

        self.assertLessEqual(count(partners), count(partners[:2]) + 2)

    def test_the_check_of_a_person_says_so(self):
        self.rule({"kind": "manager"}, if_nobody="refuse")
        for user, belongs in ((self.requester, True), (self.colleague, False)):
            check = (
                self.env["spoc.audience.check"]
                .with_user(self.editor)
                .create(
                    {
                        "service_id": self.open_service.id,
                        "partner_id": user.partner_id.id,
                    }
                )
            )
            self.assertEqual(check.belongs, belongs)
            self.assertEqual("nobody can be found" in check.answer_text, not belongs)
