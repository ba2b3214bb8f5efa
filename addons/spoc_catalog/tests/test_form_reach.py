"""What is found in the conditions of a request form taken together."""

import random
import time

from .. import form_check
from ..form_check import check
from ..form_rules import visibility
from .form_check_common import OPTIONS, CheckCase, form, question, when, who
from .form_random import PERSON, FormMaker


class TestFormReach(CheckCase):
    def test_loops(self):
        self.assert_found(
            "loop", 1, question(show_if=when(1, "answered")), questions=[1]
        )
        ring = [
            question(show_if=when(3, "answered")),
            question(number=2, show_if=when(1, "answered")),
            question(number=3, show_if=when(2, "answered")),
        ]
        found = [f for f in check(form(*ring)) if f[0] not in form_check.HINTS]
        self.assertEqual(found, [("loop", 1, {"questions": [1, 2, 3]})])

    def test_loop_through_options_steps_and_rows(self):
        option = {"id": 5, "label": "Black", "show_if": when(2, "answered")}
        choice = question("choice", options=[option, OPTIONS[1]])
        other = question(number=2, show_if=when(1, "answered"))
        self.assertIn("loop", self.codes(choice, other))
        step = question("step", show_if=when(2, "answered"))
        self.assertIn("loop", self.codes(step, question(number=2)))
        rows = question(
            "rows", questions=[question(number=5, show_if=when(2, "answered"))]
        )
        self.assertIn("loop", self.codes(rows, other))
        subs = [
            question(number=5, show_if=when(6, "answered")),
            question(number=6, show_if=when(5, "answered")),
        ]
        self.assertIn("loop", self.codes(question("rows", questions=subs)))

    def test_to_require_each_other_is_no_loop(self):
        self.assert_fine(
            question(required_if=when(2, "answered")),
            question(number=2, required_if=when(1, "answered")),
        )

    def contradictions(self):
        """Sources and a condition that never holds."""
        choice = question("choice", options=OPTIONS)
        several = question("multi_choice", options=OPTIONS, max_choices=1)
        yield choice, {"all": [when(1, "is", 5), when(1, "is", 6)]}
        yield choice, {"all": [when(1, "is", 5), when(1, "is_not", 5)]}
        yield choice, {"all": [when(1, "not_in", [5, 6]), when(1, "answered")]}
        yield several, {"all": [when(1, "is", 5), when(1, "is", 6)]}
        number = question("integer")
        yield number, {"all": [when(1, "gt", 5), when(1, "lt", 5)]}
        yield number, {"all": [when(1, "gt", 5), when(1, "lt", 6)]}
        yield number, {"all": [when(1, "lt", 5), when(1, "not_answered")]}
        yield (
            question("integer", min=3),
            {"all": [when(1, "le", 3), when(1, "is_not", 3)]},
        )
        yield question("money"), {"all": [when(1, "gt", "1.01"), when(1, "lt", "1.02")]}
        day = "2026-11-24"
        yield question("date"), {"all": [when(1, "gt", day), when(1, "le", day)]}
        yield question("datetime"), {"all": [when(1, "is", day), when(1, "gt", day)]}
        later = "2026-12-01"
        yield (
            question("date_range"),
            {"all": [when(1, "gt", later), when(1, "lt", day)]},
        )
        text = question()
        yield text, {"all": [when(1, "is", "red"), when(1, "is", "blue")]}
        yield text, {"all": [when(1, "is", "Red"), when(1, "is_not", "RED")]}
        yield text, {"all": [when(1, "contains", "dark red"), when(1, "is", "red")]}
        contains = {"any": [when(1, "contains", "red"), when(1, "contains", "blue")]}
        yield text, {"all": [contains, when(1, "not_answered")]}
        yield question("person"), {"all": [when(1, "is", 3), when(1, "is", 4)]}
        yield question("boolean"), {"all": [when(1, "is", True), when(1, "is", False)]}
        yield text, {"all": [who("manager", "is", True), who("manager", "is", False)]}
        yield (
            text,
            {"all": [who("country", "is", "SE"), who("country", "is_not", "se")]},
        )
        yield text, {"all": [when(1, "answered"), {"all": [when(1, "not_answered")]}]}

    def test_contradictions(self):
        for source, condition in self.contradictions():
            with self.subTest(str(condition), type=source["type"]):
                asked = question(number=2, show_if=condition)
                self.assert_found("unreachable", 2, source, asked)
                asked = question(number=2, required=True, show_if=condition)
                self.assert_found("required_hidden", 2, source, asked)
                asked = question(number=2, required_if=condition)
                self.assert_found("never_required", 2, source, asked)
                options = [{"id": 9, "label": "Grey", "show_if": condition}, OPTIONS[1]]
                asked = question("choice", 2, options=options)
                self.assert_found("unreachable_option", 2, source, asked, label="Grey")

    def test_no_contradictions(self):
        choice = question("choice", options=OPTIONS)
        several = question("multi_choice", options=OPTIONS)
        day = "2026-11-24"
        for source, condition in (
            (choice, {"any": [when(1, "is", 5), when(1, "is", 6)]}),
            (choice, {"all": [when(1, "is_not", 5), when(1, "is_not", 6)]}),
            (several, {"all": [when(1, "is", 5), when(1, "is", 6)]}),
            (question("decimal"), {"all": [when(1, "gt", 5), when(1, "lt", 6)]}),
            (question("integer"), {"all": [when(1, "ge", 5), when(1, "le", 5)]}),
            (question(), {"all": [when(1, "contains", "a"), when(1, "contains", "b")]}),
            (question(), {"all": [when(1, "contains", "a"), when(1, "is_not", "a")]}),
            (question("datetime"), {"all": [when(1, "is", day), when(1, "ge", day)]}),
            (question("date_range"), {"all": [when(1, "ge", day), when(1, "le", day)]}),
            (question(), {"all": [who("tags", "is", 3), who("tags", "is", 4)]}),
            (question(), {"all": [who("manager", "is", False), when(1, "answered")]}),
        ):
            self.assert_fine(source, question(number=2, show_if=condition))

    def test_what_follows_from_other_questions(self):
        """Conditions of several questions that exclude each other."""
        colour = question("choice", options=OPTIONS)
        if_black = question("boolean", 2, show_if=when(1, "is", 5))
        both = {"all": [when(2, "is", True), when(1, "is", 6)]}
        self.assert_found(
            "unreachable", 3, colour, if_black, question(number=3, show_if=both)
        )
        either = {"any": [when(2, "is", True), when(1, "is", 6)]}
        self.assert_fine(colour, if_black, question(number=3, show_if=either))

    def test_dependent_options_exclude_each_other(self):
        device = question("choice", options=OPTIONS)
        options = [
            {"id": 20, "label": "Mouse", "show_if": when(1, "is", 5)},
            {"id": 21, "label": "Case", "show_if": when(1, "is", 6)},
        ]
        extra = question("choice", 2, options=options)
        never = {"all": [when(1, "is", 6), when(2, "is", 20)]}
        self.assert_found(
            "unreachable", 3, device, extra, question(number=3, show_if=never)
        )
        fine = {"all": [when(1, "is", 6), when(2, "is", 21)]}
        self.assert_fine(device, extra, question(number=3, show_if=fine))

    def test_all_that_hangs_on_something_unreachable(self):
        never = {"all": [when(1, "is", True), when(1, "is", False)]}
        found = check(
            form(
                question("boolean"),
                question("step", 2, show_if=never),
                question(number=3),
                question(number=4, required=True),
                question("step", 5),
                question(number=6, show_if=when(3, "answered")),
                question(number=7, show_if=when(3, "not_answered")),
            )
        )
        # The step says it for what is in it, except for what must be answered.
        expected = [("unreachable", 2), ("required_hidden", 4), ("unreachable", 6)]
        self.assertEqual([f[:2] for f in found], expected)

    def test_within_rows(self):
        never = {"all": [when(8, "is", True), when(1, "is", False)]}
        fine = {"all": [when(8, "is", True), when(1, "is", True)]}
        first = question("boolean")
        inner = question("boolean", 8, show_if=when(1, "is", True))
        rows = [inner, question(number=9, show_if=never)]
        self.assert_found("unreachable", 9, first, question("rows", 2, questions=rows))
        rows = [inner, question(number=9, show_if=fine)]
        self.assert_fine(first, question("rows", 2, questions=rows))

    def test_a_real_form_is_fine(self):
        colours = [*OPTIONS, {"id": 7, "label": "Red", "show_if": when(2, "is", True)}]
        self.assert_fine(
            question("step", 1, label="Device"),
            question("boolean", 2, label="Is it for a manager?", required=True),
            question("choice", 3, label="Colour", options=colours, default=5),
            question("info", 4, label="Red takes longer.", show_if=when(3, "is", 7)),
            question("money", 5, label="Price", min=0, max=5000),
            question("long_text", 6, label="Why", required_if=when(5, "gt", 1000)),
            question("step", 7, label="People", show_if=who("employee", "is", True)),
            question(
                "rows",
                8,
                label="Who uses it",
                required=True,
                max_rows=5,
                questions=[
                    question("person", 9, label="Person", required=True),
                    question("date_range", 10, label="From, to"),
                    question(
                        number=11,
                        label="Reason",
                        required_if={
                            "all": [when(10, "answered"), when(2, "is", False)]
                        },
                    ),
                ],
            ),
            question("file", 12, label="Offer", extensions=["pdf"]),
        )

    def test_nothing_breaks_it(self):
        for wrong in (None, [], "x", {}, {"questions": None}, {"questions": [1, None]}):
            self.assertEqual(check(wrong), [])
        maker = FormMaker(random.Random(5))
        for _round in range(500):
            for code, _question, _params in check(maker.case()["form"]):
                self.assertIn(code, form_check.CODES)

    def test_no_false_alarms(self):
        """Whatever is said never to happen does not happen for random answers."""
        rng = random.Random(6)
        maker = FormMaker(rng)
        told = 0
        for _round in range(400):
            compiled = maker.case()["form"]
            by_code = {}
            for code, number, params in check(compiled):
                by_code.setdefault(code, set()).add((number, params.get("label")))
            dead = by_code.get("unreachable", set()) | by_code.get(
                "required_hidden", set()
            )
            dead = {number for number, _label in dead}
            told += len(dead)
            for _answers in range(20):
                answers = {
                    str(asked["id"]): maker.answer(asked)
                    for asked in compiled["questions"]
                }
                seen = visibility(compiled, answers, rng.choice([None, PERSON]))
                asked = {asked["id"] for asked in compiled["questions"]}
                self.assertLessEqual(dead & asked, set(seen.hidden), compiled)
                required = {(key, None) for key in seen.required}
                self.assertFalse(by_code.get("never_required", set()) & required)
                offered = {
                    (key, f"Option {option}")
                    for key, options in seen.options.items()
                    for option in options
                }
                self.assertFalse(by_code.get("unreachable_option", set()) & offered)
        self.assertGreater(told, 100)

    def test_big_forms_take_no_time(self):
        chain = [question("boolean")] + [
            question("boolean", number, show_if=when(number - 1, "is", True))
            for number in range(2, 200)
        ]
        every = {"all": [when(number, "is", True) for number in range(1, 100)]}
        flat = [question("boolean", number) for number in range(1, 100)]
        flat += [question(number=number, show_if=every) for number in range(200, 220)]
        never = {"all": [every, when(50, "is", False)]}
        flat.append(question(number=300, show_if=never))
        fan = [question("boolean"), question("boolean", 2)] + [
            question(
                "boolean",
                number,
                show_if={
                    "any": [when(number - 1, "is", True), when(number - 2, "is", True)]
                },
            )
            for number in range(3, 60)
        ]
        for questions in (chain, flat, fan):
            start = time.monotonic()
            check(form(*questions))
            self.assertLess(time.monotonic() - start, 10)
