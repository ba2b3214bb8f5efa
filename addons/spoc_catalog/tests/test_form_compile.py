"""Forms of every type of question: compiled, judged, worded, copied."""

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, freeze_time, tagged, warmup
from odoo.tools import mute_logger

from .. import form_rules
from .common import CatalogCase
from .form_scene import FormScene

NOW = "2026-11-24 23:30:00"  # already the 25th in Stockholm


@tagged("post_install", "-at_install")
class TestFormCompile(FormScene, CatalogCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_form()

    def test_every_type(self):
        compiled = self._compiled()
        self.assertEqual(
            {q["type"] for q in compiled["questions"]}, set(form_rules.TYPES)
        )
        self.assertEqual(
            [q["type"] for q in self._compiled(code="rows")["questions"]],
            ["text", "integer", "person"],
        )
        self.assertNotIn("person", compiled)
        self.assertNotIn("ask_for", compiled)

    def test_limits(self):
        self.assertEqual(self._compiled(code="integer")["min"], 1)
        self.assertEqual(self._compiled(code="decimal")["min"], "0.5")
        money = self._compiled(code="money")
        self.assertEqual((money["currency"], money["digits"]), ("EUR", 2))
        self.assertEqual(self._compiled(code="file")["extensions"], ["pdf", "png"])
        self.assertIn("pdf, png", self._compiled(code="file")["limits"])
        self.q["money"].currency_id = False
        self.assertEqual(
            self._compiled(code="money")["currency"], self.company.currency_id.name
        )

    @freeze_time(NOW)
    def test_days_are_those_of_the_person(self):
        self.assertEqual(self._compiled(code="date")["min"], "2026-11-26")
        self.assertEqual(self._compiled(code="datetime")["max"], "2026-11-25T23:59")
        self.requester.tz = "America/New_York"
        self.assertEqual(self._compiled(code="date")["min"], "2026-11-25")
        self.q["date"].default_value = "today +3"
        self.assertEqual(self._compiled(code="date")["default"], "2026-11-27")

    def test_defaults(self):
        for code, value, compiled in (
            ("text", " It ", "It"),
            ("integer", "4", "4"),
            ("boolean", "no", False),
            ("choice", "cold", self.q["choice"].option_ids[1].id),
            ("choice", "Nothing", None),
            ("multi_choice", "Red, Blue", self.q["multi_choice"].option_ids[::2].ids),
        ):
            self.q[code].default_value = value
            self.assertEqual(self._compiled(code=code).get("default"), compiled, code)

    def test_prefill_from_the_directory(self):
        employee = self.requester_employee
        place = self.env["res.partner"].create(
            {"name": "House", "street": "Street 1", "city": "Town"}
        )
        location = self.env["hr.work.location"].create(
            {"name": "Floor 3", "address_id": place.id}
        )
        employee.write(
            {
                "job_title": "Clerk",
                "parent_id": self.colleague_employee.id,
                "work_location_id": location.id,
            }
        )
        for code, path, value in (
            ("text", "name", "Requester"),
            ("email", "email", "cat_requester@spoc.example"),
            ("text", "employee_id.job_title", "Clerk"),
            ("department", "employee_id.department_id", self.export.id),
            ("text", "employee_id.department_id", "Sales / Export"),
            ("person", "employee_id.parent_id", self.colleague_employee.id),
            ("person", "employee_id", employee.id),
            ("location", "employee_id.work_location_id", location.id),
            ("long_text", "employee_id.work_location_id.address_id", "Street 1, Town"),
        ):
            self.q[code].prefill = path
            self.assertEqual(self._compiled(code=code).get("default"), value, path)
        # Who is not in the directory is asked without.
        self.assertNotIn("default", self._compiled(self.unplaced, "department"))
        self.assertEqual(
            self._compiled(self.unplaced, "email")["default"],
            "cat_unplaced@spoc.example",
        )

    def test_prefill_for_an_employee_with_a_portal_account(self):
        self._employee(self.customer, self.works)
        self.q["text"].prefill = "employee_id.department_id"
        self.assertEqual(self._compiled(self.customer, "text")["default"], "Works")

    def test_facts_about_the_person(self):
        facts = self.form._spoc_person_facts(self.requester)
        self.assertEqual(facts["departments"], [self.sales.id, self.export.id])
        self.assertTrue(facts["employee"])
        self.assertFalse(facts["manager"])
        self.colleague_employee.parent_id = self.requester_employee
        tag = self.env["hr.employee.category"].create({"name": "First aid"})
        self.requester_employee.category_ids = tag
        facts = self.form._spoc_person_facts(self.requester)
        self.assertTrue(facts["manager"])
        self.assertEqual(facts["tags"], tag.ids)
        facts = self.form._spoc_person_facts(self.customer)
        self.assertFalse(facts["employee"])
        self.assertEqual(facts["departments"], [])

    def test_conditions(self):
        warm, cold = self.q["choice"].option_ids
        self._condition(self.q["date"], self.q["choice"], "is", options=warm)
        self.assertEqual(
            self._compiled(code="date")["show_if"],
            {"question": self.q["choice"].id, "op": "is", "value": warm.id},
        )
        self.assertEqual(self._compiled(code="date")["note"], "“Choice” is “Warm”")
        self._condition(self.q["date"], self.q["integer"], "ge", value_number=3)
        self._condition(self.q["date"], self.q["boolean"], "is", value_text="yes")
        self.q["date"].show_match = "any"
        parts = self._compiled(code="date")["show_if"]["any"]
        self.assertEqual([p["value"] for p in parts], [warm.id, 3, True])
        self._condition(
            self.q["url"], self.q["choice"], "is", options=warm | cold, effect="require"
        )
        url = self._compiled(code="url")
        self.assertEqual(url["required_if"]["op"], "in")
        self.assertNotIn("show_if", url)

    def test_conditions_in_the_editor(self):
        view = "spoc_catalog.spoc_form_condition_view_form"
        condition = self.env["spoc.form.condition"].with_user(self.editor)
        condition = condition.with_context(default_question_id=self.q["money"].id)
        with Form(condition, view) as line:
            self.assertEqual(line.look_at, "answer")
            line.source_id = self.q["boolean"]
            self.assertEqual(line.operator, "is")
            line.value_yes = "yes"
        record = line.record
        self.assertEqual(record.words, "“Boolean” is Yes")
        with Form(record, view) as line:
            line.look_at = "person"
            line.person_field = "departments"
            self.assertTrue(line.value_ref.startswith("hr.department,"))
            line.value_ref = f"hr.department,{self.sales.id}"
        self.assertFalse(record.source_id)
        self.assertEqual(record._spoc_compile()["value"], self.sales.id)
        with Form(record, view) as line:
            line.look_at = "answer"
            self.assertFalse(line.person_field)
            line.source_id = self.q["date"]
            line.operator = "ge"
            line.value_day = "2026-12-01"
        self.assertEqual(record._spoc_compile()["value"], "2026-12-01")

    def test_conditions_over_the_person(self):
        self._condition(
            self.q["money"],
            "departments",
            "is",
            value_ref=f"hr.department,{self.sales.id}",
        )
        for user, asked in ((self.requester, True), (self.colleague, False)):
            clean, errors = self._judge(user, money="12.5")
            self.assertFalse(errors)
            self.assertEqual("money" in clean, asked)
        self.assertIn("Sales", self.form.question_ids.condition_ids.words)

    def test_dependent_choices(self):
        warm, cold = self.q["choice"].option_ids
        red = self.q["multi_choice"].option_ids[0]
        self._condition(red, self.q["choice"], "is", options=warm)
        clean, errors = self._judge(choice=cold.id, multi_choice=[red.id])
        self.assertIn("Red", errors["multi_choice"])
        clean, errors = self._judge(choice=warm.id, multi_choice=[red.id])
        self.assertEqual(clean["multi_choice"], red.ids)

    def test_conditions_are_checked(self):
        other = self.env["spoc.form"].create({"name": "Other"})
        foreign = self.env["spoc.form.question"].create(
            {"form_id": other.id, "label": "Foreign"}
        )
        for governed, source, operator, values in (
            (self.q["date"], foreign, "answered", {}),
            (self.q["date"], self.q["date"], "answered", {}),
            (self.q["date"], self.q["boolean"], "contains", {"value_text": "x"}),
            (self.q["date"], self.q["choice"], "is", {}),
            (self.q["date"], self.q["text"], "is", {"value_text": " "}),
            (
                self.q["date"],
                self.q["choice"],
                "is",
                {"options": self.q["multi_choice"].option_ids},
            ),
        ):
            with self.assertRaises(ValidationError):
                self._condition(governed, source, operator, **values)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.env["spoc.form.condition"].create({"question_id": self.q["date"].id})

    def test_version_rises_with_conditions_and_people(self):
        version = self.form.version
        condition = self._condition(self.q["date"], self.q["text"])
        self.assertGreater(self.form.version, version)
        version = self.form.version
        condition.operator = "not_answered"
        self.assertGreater(self.form.version, version)
        version = self.form.version
        condition.unlink()
        self.assertGreater(self.form.version, version)
        version = self.form.version
        self.form.ask_for = "other"
        self.assertGreater(self.form.version, version)

    def test_tables(self):
        with self.assertRaises(ValidationError):
            self._question("x", parent=self.q["rows"], type="file")
        with self.assertRaises(ValidationError):
            self._question("x", parent=self.q["text"], type="text")
        with self.assertRaises(ValidationError):
            self.q["rows"].type = "text"
        self.assertEqual(self.q["item"].form_id, self.form)
        self.assertNotIn(self.q["item"], self.form.question_ids)

    def test_settings_are_checked(self):
        for code, values in (
            ("text", {"pattern": "(["}),
            ("integer", {"min_value": "many"}),
            ("record", {"model_name": False}),
            ("record", {"model_domain": "[('no_such_field', '=', 1)]"}),
            ("record", {"model_domain": "import os"}),
        ):
            with self.assertRaises(ValidationError):
                self.q[code].write(values)

    def test_technical_names(self):
        Question = self.env["spoc.form.question"]
        made = Question.create(
            [
                {"form_id": self.form.id, "label": label}
                for label in ("Which room?", "Which room?", "Где?", "Text")
            ]
        )
        self.assertEqual(
            made.mapped("code"), ["which_room", "which_room_2", "question", "text_2"]
        )

    def test_copy_brings_conditions_along(self):
        warm = self.q["choice"].option_ids[0]
        self._condition(self.q["date"], self.q["choice"], "is", options=warm)
        self._condition(self.q["count"], self.q["item"])
        self._condition(warm, self.q["boolean"], "is", value_text="yes")
        copy = self.form.copy()
        questions = {q.code: q for q in copy._get_all_questions()}
        self.assertEqual(set(questions), set(self.q))
        date = questions["date"].condition_ids
        self.assertEqual(date.source_id, questions["choice"])
        self.assertEqual(date.value_option_ids, questions["choice"].option_ids[0])
        count = questions["count"].condition_ids
        self.assertEqual(count.source_id, questions["item"])
        option = questions["choice"].option_ids[0].condition_ids
        self.assertEqual(option.source_id, questions["boolean"])
        self.assertEqual(len(self.q["date"].condition_ids), 1)

    @warmup
    def test_cost_of_compiling(self):
        """The same few queries, however long the form."""
        self._condition(
            self.q["date"], self.q["choice"], "is", options=self.q["choice"].option_ids
        )
        for more in (0, 20):
            for number in range(more):
                question = self._question(
                    f"more{number}", type="choice", options_text="A\nB"
                )
                self._condition(question, self.q["text"], "is", value_text="x")
            # It is known by then that this form is not the same for everybody.
            self._compiled()
            self.env.flush_all()
            self.env.invalidate_all()
            with self.assertQueryCount(11):
                self._compiled()


@tagged("post_install", "-at_install")
class TestFormPersonas(FormScene, CatalogCase):
    """Who may read and change definitions."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_form()
        cls._condition(cls.q["date"], cls.q["text"])

    def test_rights(self):
        records = (
            self.form,
            self.q["text"],
            self.q["choice"].option_ids[0],
            self.q["date"].condition_ids,
        )
        for user, read, write in (
            (self.customer, False, False),
            (self.requester, False, False),
            (self.stranger, True, False),
            (self.manager, True, False),
            (self.editor, True, True),
            (self.administrator, True, True),
        ):
            for record in records:
                theirs = record.with_user(user)
                self.assertEqual(theirs.has_access("read"), read, (user, record))
                for operation in ("write", "create", "unlink"):
                    self.assertEqual(
                        theirs.has_access(operation), write, (user, record)
                    )

    def test_only_editors_check(self):
        for user in (self.requester, self.customer, self.stranger):
            with self.assertRaises(AccessError):
                self.form.with_user(user).action_check()
        action = self.form.with_user(self.editor).action_check()
        self.assertEqual(action["res_model"], "spoc.form.check")
