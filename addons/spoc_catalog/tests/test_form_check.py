"""What is found in a request form before it is published."""

from .. import form_check
from ..form_check import check
from .form_check_common import OPTIONS, CheckCase, form, question, when, who
from .form_random import PERSON


class TestFormCheckQuestions(CheckCase):
    def test_codes_are_described(self):
        for code in form_check.CODES:
            self.assertRegex(form_check.__doc__, rf"(?m)^{code} ")
        self.assertLessEqual(set(form_check.HINTS), set(form_check.CODES))

    def test_unknown_type(self):
        self.assert_found("unknown_type", 1, question("colour"), type="colour")

    def test_no_label(self):
        self.assert_found("no_label", 1, question(label=" "))
        self.assert_found("no_label", 1, question("info", label=""))
        self.assert_fine(question("info", label="", help="Read this first."))

    def test_duplicates(self):
        one, other = question(label="Model"), question(label="Colour")
        self.assert_found("duplicate_question", 1, one, other)
        other = question(number=2, label=" model ")
        self.assert_found("duplicate_label", 2, one, other, other=1)
        # The same in two steps, or asked of some people only, is fine.
        self.assert_fine(one, question("step", 3), other)
        self.assert_fine(one, {**other, "show_if": who("manager", "is", True)})
        # The same as a column of rows is something else.
        self.assert_fine(one, question("rows", 3, questions=[other]))
        rows = question("rows", 3, questions=[one, other])
        self.assert_found("duplicate_label", 2, rows)

    def test_options(self):
        self.assert_found("no_options", 1, question("choice", options=[]))
        self.assert_found("no_options", 1, question("multi_choice"))
        twice = [*OPTIONS, {"id": 7, "label": "black"}]
        choice = question("choice", options=twice)
        self.assert_found("duplicate_option", 1, choice, label="black")
        twice = [*OPTIONS, {"id": "5", "label": "Red"}]
        choice = question("choice", options=twice)
        self.assert_found("duplicate_option", 1, choice, label="Red")
        several = question("multi_choice", options=OPTIONS, min_choices=3)
        self.assert_found("too_few_options", 1, several, limit=3, count=2)

    def test_rows_and_steps(self):
        self.assert_found("no_sub_questions", 1, question("rows", questions=[]))
        for kind in ("file", "step", "info", "rows"):
            rows = question("rows", questions=[question(kind, 2), question(number=3)])
            self.assert_found("bad_sub_question", 2, rows, type=kind)
        self.assert_found("empty_step", 1, question("step"))
        steps = [question("step"), question("step", 2), question(number=3)]
        self.assert_found("empty_step", 1, *steps)
        self.assert_fine(question("step"), question("info", 2))

    def test_limits(self):
        for least, most, more in (
            ("min", "max", {"type": "integer", "min": 3, "max": 2}),
            ("min", "max", {"type": "money", "min": "10", "max": "9.5"}),
            ("min", "max", {"type": "date", "min": "2026-02-01", "max": "2026-01-01"}),
            ("min_length", "max_length", {"min_length": 5, "max_length": 4}),
            ("min_choices", "max_choices", {"min_choices": 2, "max_choices": 1}),
            ("min_rows", "max_rows", {"min_rows": 3, "max_rows": 2}),
        ):
            kind = {"min_choices": "multi_choice", "min_rows": "rows"}.get(
                least, "text"
            )
            asked = {"options": OPTIONS, "questions": [question(number=9)], **more}
            asked = {**question(kind), **asked}
            self.assert_found("min_above_max", 1, asked, least=least, max=more[most])
            self.assert_fine({**asked, most: more[least]})
        # A text is never longer than the longest.
        self.assert_found("min_above_max", 1, question(min_length=501))
        self.assert_found("bad_limit", 1, question("integer", max="many"), limit="max")
        self.assert_found("bad_limit", 1, question("date", min="soon"), value="soon")
        self.assert_fine(
            question("datetime", min="2026-01-01", max="2026-01-01T08:00"),
            question("decimal", 2, min=0, max=0),
        )

    def test_patterns(self):
        for pattern, reason in (
            ("(", "syntax"),
            ("(?=a)b", "unsupported"),
            ("(a)\\1", "unsupported"),
            ("((a{50}){50}){50}", "too_big"),
        ):
            asked = question(pattern=pattern)
            self.assert_found("bad_pattern", 1, asked, reason=reason)
        # The matcher takes no time over these: no reason to refuse them.
        self.assert_fine(
            question(pattern="(a+)+b"), question("long_text", 2, pattern=".*")
        )

    def test_extensions(self):
        asked = question("file", extensions=["pdf", "exe"])
        self.assert_found("bad_extension", 1, asked, extension="exe")
        self.assert_fine(question("file", extensions=["pdf", "docx"]))

    def test_defaults(self):
        for asked, error in (
            (question(default="x" * 9, max_length=3), "too_long"),
            (question(default="12", pattern="[a-z]+"), "pattern"),
            (question("integer", default="many"), "not_integer"),
            (question("integer", default=5, max=3), "too_big"),
            (question("date", default="2026-02-30"), "not_date"),
            (question("email", default="nobody"), "not_email"),
            (question("choice", default=7, options=OPTIONS), "unknown_option"),
            (question("boolean", default="perhaps"), "not_boolean"),
        ):
            self.assert_found("bad_default", 1, asked, error=error)
        self.assert_fine(
            question(default="abc", pattern="[a-z]+", required=True),
            question("choice", 2, default=5, options=OPTIONS),
            question("integer", 3, default="", min=3),
            question("boolean", 4, default=False),
            question("person", 5, default=12),
        )

    def test_default_of_a_dependent_option(self):
        options = [{**OPTIONS[0], "show_if": when(1, "is", True)}, OPTIONS[1]]
        self.assert_fine(
            question("boolean"), question("choice", 2, default=5, options=options)
        )


class TestFormCheckConditions(CheckCase):
    def assert_condition(self, code, condition, *questions, **params):
        """Found in a condition to show, to require and to offer alike."""
        questions = questions or (question("choice", options=OPTIONS),)
        option = {"id": 20, "label": "Grey", "show_if": condition}
        rest = {"id": 21, "label": "Green"}
        for where, asked in (
            ("show", question(number=2, show_if=condition)),
            ("require", question(number=2, required_if=condition)),
            ("option", question("choice", 2, options=[option, rest])),
        ):
            findings = [f for f in check(form(*questions, asked)) if f[0] == code]
            self.assertEqual([f[1] for f in findings], [2], (code, where))
            self.assertEqual(findings[0][2]["where"], where)
            self.assertEqual(
                findings[0][2].get("option"), {"option": "Grey"}.get(where)
            )
            for name, value in params.items():
                self.assertEqual(findings[0][2][name], value, name)

    def test_broken(self):
        for condition in ("x", {}, {"all": "x"}, {"op": "is"}, {"question": 1}):
            self.assert_condition("bad_condition", condition)
        self.assert_condition("bad_condition", when(1, "like", 5))
        self.assert_condition("bad_condition", {"all": [{"any": [5]}]})

    def test_sources(self):
        self.assert_condition("missing_question", when(9, "answered"), source=9)
        info = question("info", label="Read this")
        self.assert_condition(
            "silent_question", when(1, "answered"), info, source_label="Read this"
        )
        rows = question("rows", questions=[question(number=5)])
        self.assert_condition("foreign_question", when(5, "answered"), rows, source=5)

    def test_foreign_within_rows(self):
        rows = question("rows", 7, questions=[question(number=8)])
        sub = question(number=2, show_if=when(8, "answered"))
        found = self.codes(rows, question("rows", 3, questions=[sub]))
        self.assertIn("foreign_question", found)
        sub = question(number=2, show_if=when(3, "answered"))
        found = self.codes(question("rows", 3, questions=[sub, question(number=4)]))
        self.assertIn("foreign_question", found)

    def test_later_question(self):
        later = [question(show_if=when(2, "answered")), question(number=2)]
        self.assert_found("later_question", 1, *later, source=2, where="show")
        self.assert_fine(question(required_if=when(2, "answered")), question(number=2))
        sub = question(number=5, show_if=when(2, "answered"))
        rows = question("rows", 4, questions=[sub])
        self.assert_found("later_question", 5, rows, question(number=2))
        self.assert_fine(question(number=2), rows)

    def test_operators(self):
        for kind, op in (
            ("text", "gt"),
            ("integer", "contains"),
            ("boolean", "lt"),
            ("choice", "ge"),
            ("person", "contains"),
            ("file", "is"),
        ):
            source = question(kind, options=OPTIONS)
            self.assert_condition("bad_operator", when(1, op, "1"), source, op=op)

    def test_values_missing(self):
        for value in (None, "", [], [""]):
            self.assert_condition("no_value", when(1, "is", value))
            asked = question(show_if=who("country", "is", value))
            self.assertIn("no_value", self.codes(asked))
        self.assert_fine(
            question("boolean"), question(number=2, show_if=when(1, "is", False))
        )

    def test_impossible_values(self):
        for source, op, value in (
            (question("choice", options=OPTIONS), "is", 7),
            (question("choice", options=OPTIONS), "is_not", "Black"),
            (question("multi_choice", options=OPTIONS), "contains", 7),
            (question("boolean"), "is", "maybe"),
            (question("integer"), "is", "1.5"),
            (question("integer"), "gt", "many"),
            (question("integer", max=5), "is", 6),
            (question("integer", max=5), "gt", 5),
            (question("integer", max=5), "ge", 6),
            (question("integer", min=5), "lt", 5),
            (question("money"), "is", "1.234"),
            (question("date"), "gt", "soon"),
            (question("datetime"), "is", "noon"),
            (question("person"), "is", "Ann"),
            (question("email"), "is", "nobody"),
            (question("url"), "is", "firm.example"),
            (question(max_length=3), "is", "four"),
            (question(max_length=3), "contains", "four"),
        ):
            condition = when(1, op, value)
            self.assert_condition("impossible_value", condition, source, value=value)
        asked = question(number=2, show_if=when(1, "in", [5, 7, 6]))
        source = question("choice", options=OPTIONS)
        self.assert_found("impossible_value", 2, source, asked, value=7)

    def test_possible_values(self):
        for source, op, value in (
            (question("choice", options=OPTIONS), "in", [5, "6"]),
            (question("boolean"), "is_not", "yes"),
            (question("integer", max=5), "ge", 5),
            (question("integer", min=5), "le", 5),
            (question("decimal"), "gt", "0,5"),
            (question("date", min="2026-11-24"), "lt", "2026-01-01"),
            (question("datetime"), "ge", "2026-11-24"),
            (question(pattern="[A-Z]+"), "is", "black"),
            (question("long_text"), "contains", "urgent"),
            (question("department"), "in", [3, 4]),
            (question("url"), "is", "https://firm.example"),
        ):
            self.assert_fine(source, question(number=2, show_if=when(1, op, value)))

    def test_fields_of_the_directory(self):
        asked = question(show_if=who("shoe_size", "is", 42))
        self.assertEqual(self.codes(asked), [])
        self.assertEqual(self.codes(asked, person_fields=PERSON), ["unknown_person"])
        asked = question(show_if=who("manager", "is", True))
        self.assertEqual(self.codes(asked, person_fields=PERSON), [])
