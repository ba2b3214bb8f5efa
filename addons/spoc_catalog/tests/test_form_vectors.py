"""The judge of request forms against the vectors it shares with the browser's."""

from odoo.tests import BaseCase

from .. import form_rules
from .form_vectors import as_text, get_opinion, read_vectors


class TestFormVectors(BaseCase):
    def test_vectors(self):
        for vector in read_vectors():
            opinion = get_opinion(vector)
            for part in ("values", "errors", "hidden", "options", "required"):
                if part in vector:
                    with self.subTest(vector["name"], part=part):
                        self.assertEqual(as_text(opinion[part]), as_text(vector[part]))

    def test_vectors_are_many_and_named(self):
        vectors = read_vectors()
        self.assertGreaterEqual(len(vectors), 400)
        self.assertEqual(len({vector["name"] for vector in vectors}), len(vectors))

    def test_every_code_is_met_and_described(self):
        codes = {
            code for vector in read_vectors() for code, _p in vector["errors"].values()
        }
        self.assertEqual(codes, set(form_rules.CODES))
        for code in form_rules.CODES:
            self.assertRegex(form_rules.__doc__, rf"(?m)^{code} ")

    def test_every_type_is_met(self):
        types = {
            question["type"]
            for vector in read_vectors()
            for question in vector["form"]["questions"]
        }
        self.assertEqual(types, set(form_rules.TYPES))
