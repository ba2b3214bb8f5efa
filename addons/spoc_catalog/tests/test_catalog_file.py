"""The file a catalogue travels in, and differences of texts: without a database."""

import json
import random

from odoo.tests import BaseCase, tagged

from .. import catalog_file, text_diff

HEAD = {"format": "spoc-catalog", "version": 1, "catalogue": {"id": "HR"}}


def _read(**parts):
    return catalog_file.read(json.dumps({**HEAD, **parts}).encode())


@tagged("post_install", "-at_install")
class TestCatalogFile(BaseCase):
    def test_no_such_file(self):
        for data, code in (
            (b"", "empty"),
            (b"{", "json"),
            (b"\xff\xfe\x00", "encoding"),
            (b"[" * 100_000, "json"),
            (b'{"format": NaN}', "json"),
            (b"[]", "format"),
            (b'{"format": "other"}', "format"),
            (b"x" * (catalog_file.MAX_BYTES + 1), "big"),
        ):
            with self.subTest(code), self.assertRaises(catalog_file.FileFault) as c:
                catalog_file.read(data)
            self.assertEqual(c.exception.code, code)

    def test_heads(self):
        for parts, code in (
            ({"version": 2}, "version"),
            ({"version": True}, "version"),
            ({"version": "1"}, "version"),
            ({"catalogue": "HR"}, "catalogue"),
            ({"catalogue": {"id": ""}}, "catalogue"),
            ({"catalogue": {"id": "HR", "name": 3}}, "catalogue"),
            ({"language": "../etc"}, "language"),
            ({"services": {}}, "section"),
            ({"services": [{}] * 10_001}, "many"),
        ):
            with self.subTest(parts=str(parts)[:60]):
                with self.assertRaises(catalog_file.FileFault) as caught:
                    _read(**parts)
                self.assertEqual(caught.exception.code, code)

    def test_faults_are_of_one_entry(self):
        good = {"ref": "good", "name": {"en_US": "Good", "sv_SE": "Bra"}}
        for entry, place, code in (
            (1, "", "dict"),
            ({"name": "x"}, "ref", "needed"),
            ({"ref": "x"}, "name", "needed"),
            ({"ref": "x", "name": ["x"]}, "name", "text"),
            ({"ref": "x", "name": {"Swedish!": "x"}}, "name", "text_language"),
            ({"ref": "x", "name": "x" * 501}, "name", "long"),
            ({"ref": "x", "name": "x\x00"}, "name", "characters"),
            ({"ref": "x", "name": "\ud800"}, "name", "characters"),
            ({"ref": "x\ny", "name": "x"}, "ref", "line"),
            ({"ref": "x", "name": "x", "kind": "odd"}, "kind", "choice"),
            ({"ref": "x", "name": "x", "kind": ["request"]}, "kind", "choice"),
            ({"ref": "x", "name": "x", "price": "1"}, "price", "amount"),
            ({"ref": "x", "name": "x", "price": True}, "price", "amount"),
            ({"ref": "x", "name": "x", "price": -1}, "price", "amount"),
            ({"ref": "x", "name": "x", "price": 1e300}, "price", "amount"),
            ({"ref": "x", "name": "x", "sequence": 1.5}, "sequence", "int"),
            ({"ref": "x", "name": "x", "sequence": 2**40}, "sequence", "int"),
            ({"ref": "x", "name": "x", "facets": "a"}, "facets", "list"),
            ({"ref": "x", "name": "x", "facets": [1]}, "facets", "list"),
            ({"ref": "x", "name": "x", "is_template": 1}, "is_template", "bool"),
            ({"ref": "x", "name": "x", "odd": 1}, "odd", "unknown"),
            ({"ref": "good", "name": "x"}, "ref", "double"),
            ({"ref": "HR/good", "name": "x"}, "ref", "double"),
        ):
            with self.subTest(entry=str(entry)[:60]):
                _catalogue, faults = _read(services=[good, entry])
                self.assertEqual(list(faults), [("services", 1)])
                self.assertEqual(faults["services", 1][0][:2], (place, code))

    def test_faults_of_forms(self):
        for questions, place in (
            ({}, "questions"),
            ([1], "questions[0]"),
            ([{"label": [[1]]}], "questions[0].label"),
            ([{"options": [{"label": {"x y": "a"}}]}], "questions[0].options[0].label"),
            ([{"conditions": 5}], "questions[0].conditions"),
        ):
            form = {"ref": "f", "name": "Form", "questions": questions or {"a": 1}}
            with self.subTest(place):
                _catalogue, faults = _read(forms=[form])
                self.assertEqual(faults["forms", 0][0][0], place)

    def test_written_is_read(self):
        catalogue = {
            "catalogue": {"id": "HR", "name": "People"},
            "services": [{"ref": "a", "name": {"ru_RU": "Отпуск"}}],
        }
        read, faults = catalog_file.read(catalog_file.write(catalogue))
        self.assertEqual(read["services"], catalogue["services"])
        self.assertFalse(faults)

    def test_texts(self):
        self.assertEqual(catalog_file.texts("a", "sv_SE"), {"sv_SE": "a"})
        self.assertEqual(catalog_file.texts({"a": "", "b": "c"}, "x"), {"b": "c"})
        self.assertEqual(catalog_file.texts(None, "x"), {})


@tagged("post_install", "-at_install")
class TestTextDiff(BaseCase):
    def test_words(self):
        self.assertEqual(
            text_diff.difference("The red lamp.", "The blue lamp."),
            [("same", "The "), ("out", "red"), ("in", "blue"), ("same", " lamp.")],
        )
        self.assertEqual(
            text_diff.difference("old words here now", "new names here now"),
            [("out", "old words"), ("in", "new names"), ("same", " here now")],
        )
        self.assertEqual(text_diff.difference("", "New"), [("in", "New")])
        self.assertEqual(text_diff.difference("", ""), [])

    def test_other_texts_are_shown_one_after_the_other(self):
        parts = text_diff.difference("Light for a desk", "Ask your manager, always")
        self.assertEqual([op for op, _text in parts], ["out", "in"])

    def test_both_texts_can_be_told_from_it(self):
        letters = random.Random(7)
        for _number in range(500):
            before, after = (
                "".join(letters.choices("ab é.\n", k=letters.randrange(25)))
                for _text in range(2)
            )
            parts = text_diff.difference(before, after)
            self.assertEqual("".join(t for op, t in parts if op != "in"), before)
            self.assertEqual("".join(t for op, t in parts if op != "out"), after)

    def test_long_texts_are_cut_to_what_changed(self):
        before = "\n".join(f"line {number}" for number in range(3000))
        after = before.replace("line 1500\n", "line of old\n")
        parts = text_diff.difference(before, after)
        self.assertIn(("out", "1500"), parts)
        short = text_diff.shortened(parts, context=20)
        self.assertLess(sum(len(text) for _op, text in short), 200)
