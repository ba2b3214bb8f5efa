"""Request forms: versions, compiled data, messages."""

from io import BytesIO

from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..controllers.form import read_answers
from .common import CatalogCase


@tagged("post_install", "-at_install")
class TestForm(CatalogCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.form = cls.env["spoc.form"].create(
            {
                "name": "Lamp",
                "question_ids": [
                    Command.create(
                        {"label": "Which lamp?", "type": "text", "required": True}
                    ),
                    Command.create(
                        {
                            "label": "Colour?",
                            "type": "choice",
                            "option_ids": [
                                Command.create({"label": "Warm"}),
                                Command.create({"label": "Cold"}),
                            ],
                        }
                    ),
                    Command.create(
                        {"label": "Photo", "type": "file", "max_files": 2, "max_mb": 1}
                    ),
                ],
            }
        )
        cls.which, cls.colour, cls.photo = cls.form.question_ids
        cls.open_service.form_id = cls.form

    def test_version_rises_with_each_change(self):
        def rises(change):
            before = self.form.version
            change()
            return self.form.version > before

        self.assertTrue(rises(lambda: self.which.write({"label": "Which one?"})))
        self.assertTrue(rises(lambda: self.colour.option_ids[0].write({"label": "W"})))
        self.assertTrue(
            rises(
                lambda: self.colour.write(
                    {"option_ids": [Command.create({"label": "X"})]}
                )
            )
        )
        self.assertTrue(rises(lambda: self.colour.option_ids[-1].unlink()))
        self.assertTrue(rises(lambda: self.photo.unlink()))
        self.assertTrue(
            rises(
                lambda: self.which.update_field_translations(
                    "label", {"en_US": "Which, please?"}
                )
            )
        )
        self.assertFalse(rises(lambda: self.form.write({"name": "Lamps"})))

    def test_a_moved_question_changes_both_forms(self):
        other = self.env["spoc.form"].create({"name": "Other"})
        versions = other.version, self.form.version
        self.which.form_id = other
        self.assertGreater(other.version, versions[0])
        self.assertGreater(self.form.version, versions[1])

    def test_a_choice_needs_options(self):
        with self.assertRaises(ValidationError):
            self.colour.option_ids = [Command.clear()]
        with self.assertRaises(ValidationError):
            self.which.type = "choice"

    def test_options_as_lines(self):
        self.assertEqual(self.colour.options_text, "Warm\nCold")
        warm, cold = self.colour.option_ids
        self.colour.options_text = "Cold\n\n  Very   warm \nCold\n"
        self.assertEqual(self.colour.option_ids, cold | warm)
        self.assertEqual(warm.label, "Very warm")
        self.colour.options_text = "Cold\nBlue\nRed"
        self.assertEqual(
            self.colour.option_ids.mapped("label"), ["Cold", "Blue", "Red"]
        )
        self.assertFalse(warm.exists())
        self.assertTrue(cold.exists())
        self.colour.options_text = "Cold"
        self.assertEqual(self.colour.option_ids, cold)

    def test_built_in_the_form_view(self):
        with Form(self.env["spoc.form"].with_user(self.editor)) as form:
            form.name = "New"
            with form.question_ids.new() as question:
                question.label = "Which?"
                question.type = "choice"
                question.options_text = "This\nThat"
            with form.question_ids.new() as question:
                question.label = "Why?"
        record = form.record
        self.assertEqual(
            record.question_ids[0].option_ids.mapped("label"), ["This", "That"]
        )
        with Form(record) as form, form.question_ids.edit(0) as question:
            question.options_text = "This\nThe other"
        self.assertEqual(
            record.question_ids[0].option_ids.mapped("label"), ["This", "The other"]
        )

    def test_compiled_for_anyone_who_sees_the_service(self):
        service = self.open_service.with_user(self.customer)
        compiled = service.form_id._spoc_compile()
        self.assertEqual(compiled["version"], self.form.version)
        self.assertEqual(
            [(q["type"], q["label"], q["required"]) for q in compiled["questions"]],
            [
                ("text", "Which lamp?", True),
                ("choice", "Colour?", False),
                ("file", "Photo", False),
            ],
        )
        self.assertEqual(compiled["questions"][2]["max_files"], 2)

    def test_no_form_asks_nothing(self):
        compiled = self.env["spoc.form"]._spoc_compile()
        self.assertEqual(compiled["questions"], [])
        self.assertEqual(self.env["spoc.form"]._spoc_judge({"1": "x"}), ({}, {}))

    def test_judged(self):
        answers = {
            str(self.which.id): "  The  one in the hall ",
            self.colour.id: str(self.colour.option_ids[1].id),
            99999999: "smuggled",
        }
        clean, errors = self.form.with_user(self.customer)._spoc_judge(answers)
        self.assertFalse(errors)
        self.assertEqual(
            clean,
            {
                self.which.id: "The one in the hall",
                self.colour.id: self.colour.option_ids[1].id,
            },
        )

    def test_messages(self):
        big = {"name": "lamp.png", "size": 2 * 1024 * 1024}
        _clean, errors = self.form._spoc_judge(
            {self.colour.id: "12345678", self.photo.id: [big]}
        )
        self.assertEqual(errors[self.which.id], "Please answer this question.")
        self.assertIn("one of the answers", errors[self.colour.id])
        self.assertIn("lamp.png", errors[self.photo.id])
        self.assertIn("1 MB", errors[self.photo.id])

    def test_every_error_has_words(self):
        params = {"limit": 1, "length": 2, "count": 3, "name": "x"}
        for code in (
            "required",
            "too_long",
            "unknown_option",
            "not_text",
            "too_many_files",
            "file_too_big",
            "file_empty",
            "file_name",
            "file_type",
        ):
            self.assertTrue(self.env["spoc.form"]._get_error_message(code, params))

    def test_copy(self):
        copy = self.form.copy()
        self.assertEqual(copy.name, "Lamp (copy)")
        self.assertEqual(len(copy.question_ids), 3)
        self.assertEqual(len(copy.question_ids.option_ids), 2)
        self.assertFalse(copy.question_ids & self.form.question_ids)

    def test_rendered_with_values_and_errors(self):
        compiled = self.form._spoc_compile()
        html = str(
            self.env["ir.qweb"]._render(
                "spoc_catalog.form_questions",
                {
                    "form": compiled,
                    "values": {
                        self.which.id: '"><script>alert(1)</script>',
                        self.colour.id: str(self.colour.option_ids[0].id),
                    },
                    "errors": {self.which.id: "Too odd", "_form": "Please look"},
                },
            )
        )
        self.assertNotIn("<script>alert", html)
        self.assertIn("&lt;script&gt;", html)
        self.assertIn("Too odd", html)
        self.assertIn("Please look", html)
        self.assertIn('aria-invalid="true"', html)
        self.assertIn(f'aria-describedby="q_{self.which.id}_error"', html)
        self.assertIn(f'id="q_{self.which.id}_error"', html)
        self.assertEqual(html.count("checked="), 1)
        self.assertRegex(html, r'type="file"[^>]* multiple="')
        self.assertEqual(html.count('type="radio"'), 3)

    def test_read_from_a_request(self):
        compiled = self.form._spoc_compile()
        which, colour, photo = (f"q_{q['id']}" for q in compiled["questions"])
        builder = EnvironBuilder(
            method="POST",
            data={
                which: "The red one",
                colour: "5",
                photo: [
                    (BytesIO(b"12345"), "one.png"),
                    (BytesIO(b""), ""),
                    (BytesIO(b"1"), "two.png"),
                ],
                "q_999999": "smuggled",
            },
        )
        answers = read_answers(compiled, Request(builder.get_environ()))
        self.assertEqual(set(answers), {q["id"] for q in compiled["questions"]})
        self.assertEqual(answers[self.which.id], "The red one")
        self.assertEqual(answers[self.colour.id], "5")
        self.assertEqual(
            [(f["name"], f["size"]) for f in answers[self.photo.id]],
            [("one.png", 5), ("two.png", 1)],
        )
        self.assertEqual(answers[self.photo.id][0]["storage"].read(), b"12345")

    def test_many_options_become_a_list(self):
        self.colour.option_ids = [
            Command.create({"label": str(number)}) for number in range(4)
        ]
        html = str(
            self.env["ir.qweb"]._render(
                "spoc_catalog.form_questions", {"form": self.form._spoc_compile()}
            )
        )
        self.assertEqual(html.count("<select"), 1)
        self.assertNotIn('type="radio"', html)

    def test_every_field_of_a_question_can_be_read(self):
        for question in self.form.question_ids:
            (values,) = question.with_user(self.editor).read()
            self.assertFalse(values["model_id"])
