"""Answers of every kind: judged with the rights of who gives them, and worded."""

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .. import form_rules
from .common import CatalogCase
from .form_scene import FormScene

EVIL = "<script>alert(1)</script>"


@tagged("post_install", "-at_install")
class TestFormAnswers(FormScene, CatalogCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_form()

    def _rows(self, *rows):
        return [{self.q[code].id: raw for code, raw in row.items()} for row in rows]

    @freeze_time("2026-11-24 10:00:00")
    def test_words_of_every_type(self):
        sweden = self.env.ref("base.se")
        answers = {
            "text": "A  line",
            "long_text": "Two\nlines",
            "integer": "7",
            "decimal": "1,5",
            "money": "1234.5",
            "boolean": "no",
            "date": "2026-12-01",
            "datetime": "2026-11-20T15:00",
            "date_range": {"from": "2026-12-01", "to": "2026-12-05"},
            "choice": self.q["choice"].option_ids[0].id,
            "multi_choice": self.q["multi_choice"].option_ids[:2].ids,
            "person": self.colleague_employee.id,
            "department": self.sales.id,
            "record": sweden.id,
            "file": [{"name": "a.pdf", "size": 5}],
            "rows": self._rows(
                {"item": "Chair", "count": "2", "who": self.requester_employee.id},
                {"item": "", "count": ""},
                {"item": "Desk"},
            ),
        }
        form = self.form.with_user(self.requester)
        compiled = form._spoc_compile()
        clean, errors = form._spoc_judge(
            {self.q[code].id: raw for code, raw in answers.items()}, compiled
        )
        self.assertFalse(errors)
        words = form._spoc_word_answers(compiled, clean)
        for code, text in {
            "text": "A line",
            "long_text": "Two\nlines",
            "integer": "7",
            "decimal": "1.5",
            "money": "1,234.50 EUR",
            "boolean": "No",
            "date": "12/01/2026",
            "datetime": "11/20/2026 15:00",
            "date_range": "12/01/2026 to 12/05/2026",
            "choice": "Warm",
            "multi_choice": "Red, Green",
            "person": "Colleague",
            "department": "Sales",
            "record": "Sweden",
            "file": "a.pdf",
            "rows": "1. Item: Chair; Count: 2; Who: Requester\n2. Item: Desk",
        }.items():
            self.assertEqual(words[self.q[code].id], text)

    def test_words_in_the_language_of_the_reader(self):
        self.env["res.lang"]._activate_lang("sv_SE")
        form = self.form.with_user(self.requester).with_context(lang="sv_SE")
        compiled = form._spoc_compile()
        words = form._spoc_word_answers(compiled, {self.q["date"].id: "2026-12-01"})
        self.assertEqual(words[self.q["date"].id], "2026-12-01")

    def test_every_fault_has_words(self):
        fallback = self.form._get_error_message("no_such_code", {})
        params = {
            "limit": 1,
            "length": 2,
            "count": 3,
            "name": "x",
            "label": "y",
            "extensions": "pdf",
            "message": "",
            "from": "2026-01-02",
            "to": "2026-01-01",
            "missing": "to",
        }
        for code in form_rules.CODES:
            message = self.form._get_error_message(code, params)
            self.assertTrue(message)
            self.assertNotEqual(message, fallback, code)
        self.assertIn(
            "01/02/2026",
            self.form._get_error_message("too_early", {"limit": "2026-01-02"}),
        )

    def test_forged_ids(self):
        """What a person could not pick from the list, they cannot send either."""
        germany = self.env.ref("base.de")
        archived = self.colleague_employee
        archived.active = False
        for code, raw in (
            ("record", germany.id),  # outside the question's domain
            ("person", archived.id),
            ("person", 2**31 - 1),
            ("person", "1; DROP TABLE"),
            ("person", {"a": 1}),
            ("person", [[]]),
            ("choice", self.q["multi_choice"].option_ids[0].id),
            ("department", -1),
        ):
            clean, errors = self._judge(**{code: raw})
            self.assertIn(code, errors, raw)
            self.assertNotIn(code, clean)

    def test_records_out_of_sight(self):
        """Nothing of another company, nothing a portal user may not read."""
        company = self.env["res.company"].create({"name": "Other company"})
        foreign = self.env["hr.department"].create(
            {"name": "Far away", "company_id": company.id}
        )
        _clean, errors = self._judge(department=foreign.id)
        self.assertIn("department", errors)
        _clean, errors = self._judge(self.customer, department=self.sales.id)
        self.assertIn("department", errors)
        _clean, errors = self._judge(self.customer, person=self.requester_employee.id)
        self.assertIn("person", errors)
        _clean, errors = self._judge(rows=self._rows({"item": "A", "who": 2**30}))
        self.assertEqual(list(errors), [f"{self.q['rows'].id}:0:{self.q['who'].id}"])

    def test_hidden_answers_are_not_taken(self):
        warm, cold = self.q["choice"].option_ids
        self._condition(self.q["email"], self.q["choice"], "is", options=warm)
        clean, errors = self._judge(choice=cold.id, email="a@b.example")
        self.assertFalse(errors)
        self.assertNotIn("email", clean)

    def test_markup_stays_text(self):
        clean, _errors = self._judge(
            text=EVIL, long_text=EVIL, rows=self._rows({"item": EVIL})
        )
        self.assertEqual(clean["text"], EVIL)
        html = self._render(values={self.q[c].id: EVIL for c in ("text", "long_text")})
        self.assertNotIn(EVIL, html)
        self.q["text"].label = EVIL
        self.q["choice"].option_ids[0].label = EVIL
        self._condition(
            self.q["date"],
            self.q["choice"],
            "is",
            options=self.q["choice"].option_ids[0],
        )
        self.assertNotIn(EVIL, self._render())

    # ------------------------------------------------------------------
    # The page
    # ------------------------------------------------------------------

    def _render(self, user=None, **values):
        form = self.form.with_user(user or self.requester)
        return str(
            form.env["ir.qweb"]._render(
                "spoc_catalog.form_questions", {"form": form._spoc_compile(), **values}
            )
        )

    def test_every_input_has_a_label_and_an_error(self):
        html = self._render()
        for code, question in self.q.items():
            if code in ("info", "step"):
                continue
            if question.parent_id:
                name = f"q_{question.parent_id.id}_0_{question.id}"
            else:
                name = f"q_{question.id}"
            self.assertIn(f'id="{name}_error"', html, code)
            if code in ("boolean", "choice", "multi_choice"):
                self.assertIn(f'for="{name}_o', html)
            elif code == "date_range":
                self.assertIn(f'for="{name}_from"', html)
            elif code != "rows":
                self.assertIn(f'for="{name}"', html)
                self.assertIn(f'id="{name}"', html)

    def test_what_was_typed_comes_back(self):
        html = self._render(
            values={
                self.q["text"].id: "Typed",
                self.q["person"].id: self.colleague_employee.id,
                self.q["department"].id: "Nowhere",
                self.q["date_range"].id: {"from": "2026-12-01", "to": ""},
                self.q["rows"].id: self._rows({"item": "Chair", "count": "many"}),
            },
            errors={
                self.q["department"].id: "Unknown",
                f"{self.q['rows'].id}:0:{self.q['count'].id}": "No number",
            },
        )
        for text in ("Typed", "Colleague", "Nowhere", "2026-12-01", "Chair", "many"):
            self.assertIn(f'value="{text}"', html)
        self.assertIn("Unknown", html)
        self.assertIn("No number", html)

    def test_filled_in_beforehand_only_once(self):
        self.q["text"].default_value = "Start"
        self.assertIn('value="Start"', self._render())
        self.assertNotIn('value="Start"', self._render(values={self.q["text"].id: ""}))

    # ------------------------------------------------------------------
    # By name, for several people
    # ------------------------------------------------------------------

    def test_names_typed(self):
        form = self.form.with_user(self.requester)
        compiled = form._spoc_compile()

        def resolve(record_id, text):
            answers = {self.q["person"].id: {"id": record_id, "text": text}}
            form._spoc_resolve_names(compiled, answers)
            return answers[self.q["person"].id]

        colleague = self.colleague_employee.id
        self.assertEqual(resolve("", "colleague"), colleague)
        self.assertEqual(resolve(str(colleague), "Colleague"), colleague)
        # The text is what the person saw last.
        self.assertEqual(resolve(str(colleague), "Reques"), self.requester_employee.id)
        self.assertEqual(resolve(str(colleague), "Nobody"), "Nobody")
        self.assertIsNone(resolve(str(colleague), ""))
        self.assertEqual(resolve("", "e"), "e")

    def test_people(self):
        def judge(user, *ids):
            people, fault = self.form.with_user(user)._spoc_judge_people(list(ids))
            return people, fault

        me, colleague = self.requester_employee, self.colleague_employee
        self.assertTrue(judge(self.requester, colleague.id)[1])
        self.form.ask_for = "other"
        people, fault = judge(self.requester, str(colleague.id))
        self.assertFalse(fault)
        self.assertEqual(people, colleague)
        self.assertTrue(judge(self.requester, me.id, colleague.id)[1])
        self.assertTrue(judge(self.requester)[1])
        self.assertTrue(judge(self.requester, "nobody")[1])
        self.assertTrue(judge(self.customer, colleague.id)[1])
        self.form.write({"ask_for": "several", "ask_for_limit": 2})
        self.assertFalse(judge(self.requester, me.id, colleague.id)[1])
        self.form.ask_for_scope = "department"
        self.assertTrue(judge(self.requester, colleague.id)[1])
        self.assertFalse(judge(self.requester, me.id)[1])
        self.form.ask_for_scope = "reports"
        self.assertTrue(judge(self.requester, colleague.id)[1])
        colleague.parent_id = me
        self.assertFalse(judge(self.requester, colleague.id)[1])
        self.assertTrue(judge(self.unplaced, colleague.id)[1])
        self.form.ask_for_limit = 1
        self.assertTrue(judge(self.requester, colleague.id, me.id)[1])

    def test_compiled_for_others(self):
        self.form.write({"ask_for": "several", "ask_for_limit": 3})
        self.assertEqual(self._compiled()["ask_for"], {"mode": "several", "limit": 3})
        html = self._render(people=[str(self.requester_employee.id), "0"])
        self.assertIn('name="for_whom"', html)
        self.form.question_ids = [Command.clear()]
        self.assertIn('name="for_whom"', self._render())
