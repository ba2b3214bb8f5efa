"""Small forms to look over, and what is found in them."""

from odoo.tests import BaseCase

from ..form_check import check

OPTIONS = [{"id": 5, "label": "Black"}, {"id": 6, "label": "White"}]


def question(kind="text", number=1, **more):
    return {"id": number, "type": kind, "label": f"Question {number}", **more}


def form(*questions):
    return {"id": 1, "version": 1, "name": "Form", "questions": list(questions)}


def when(source, op, value=None):
    condition = {"question": source, "op": op}
    return condition if value is None else {**condition, "value": value}


def who(field, op, value=None):
    condition = {"person": field, "op": op}
    return condition if value is None else {**condition, "value": value}


class CheckCase(BaseCase):
    def codes(self, *questions, **kwargs):
        return [code for code, _question, _params in check(form(*questions), **kwargs)]

    def assert_found(self, code, number, *questions, **params):
        """Exactly this is found, with at least these parameters."""
        findings = check(form(*questions))
        self.assertEqual([(f[0], f[1]) for f in findings], [(code, number)])
        for name, value in params.items():
            self.assertEqual(findings[0][2][name], value, name)

    def assert_fine(self, *questions):
        self.assertEqual(check(form(*questions)), [])
