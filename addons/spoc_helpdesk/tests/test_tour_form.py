from odoo import Command
from odoo.tests import tagged

from .portal_common import PortalCase


class FormTours:
    """A long form with a condition, a person, rows and a file, on any screen."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.form = cls.env["spoc.form"].create({"name": "Workplace"})
        kind = cls._question(
            "Kind", "choice", required=True, options_text="Office\nLaboratory"
        )
        lab = cls._question("Which laboratory", "text")
        cls.env["spoc.form.condition"].create(
            [
                {
                    "question_id": lab.id,
                    "effect": effect,
                    "source_id": kind.id,
                    "operator": "is",
                    "value_option_ids": [Command.set(kind.option_ids[1].ids)],
                }
                for effect in ("show", "require")
            ]
        )
        cls._question("Who shows you around", "person")
        cls._question("Things you need", "step")
        rows = cls._question("Things", "rows", max_rows=3, required=True)
        cls._question("Thing", "text", parent_id=rows.id, required=True)
        cls._question("Number", "integer", parent_id=rows.id)
        cls._question("Last words", "step")
        cls._question("Plan", "file")
        cls.service.form_id = cls.form
        cls.env["hr.employee"].create({"name": "Nils Newcomer"})

    @classmethod
    def _question(cls, label, kind, **values):
        return cls.env["spoc.form.question"].create(
            {"form_id": cls.form.id, "label": label, "type": kind, **values}
        )

    def walk_long_form(self):
        known = self.env["spoc.ticket"].search([])
        self.start_tour(
            f"/spoc/service/{self.service.id}",
            "spoc_helpdesk_long_form",
            login=self.employee.login,
        )
        ticket = self.env["spoc.ticket"].search([]) - known
        self.assertEqual(
            ticket.answer_ids.mapped("value_text"),
            [
                "Laboratory",
                "L-12",
                "Nils Newcomer",
                "1. Thing: Chair\n2. Thing: Desk; Number: 2",
                "plan.txt",
            ],
        )
        self.assertEqual(ticket.answer_ids.attachment_ids.raw, b"A plan")


@tagged("post_install", "-at_install")
class TestTourForm(FormTours, PortalCase):
    """On a wide screen."""

    def test_long_form(self):
        self.walk_long_form()

    def test_by_keyboard(self):
        self.start_tour(
            f"/spoc/service/{self.service.id}",
            "spoc_helpdesk_form_by_keyboard",
            login=self.employee.login,
        )


@tagged("post_install", "-at_install")
class TestTourFormPhone(FormTours, PortalCase):
    """On a phone."""

    browser_size = "360x740"
    touch_enabled = True

    def test_long_form(self):
        self.walk_long_form()
