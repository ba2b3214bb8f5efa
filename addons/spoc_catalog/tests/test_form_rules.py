"""The judge of request forms, alone."""

import random

from odoo.tests import BaseCase

from .. import form_rules
from ..form_rules import clean_file_name, judge


def form(**question):
    return {"questions": [{"id": 1, "type": "text", "label": "Q", **question}]}


def file(name="a.png", size=10, **more):
    return {"name": name, "size": size, **more}


class TestFormRules(BaseCase):
    def code(self, compiled, value):
        """Error code of the one question, None when it is fine."""
        verdict = judge(compiled, {1: value})
        self.assertEqual(verdict.ok, not verdict.errors)
        return verdict.errors.get(1, (None,))[0]

    def value(self, compiled, value):
        verdict = judge(compiled, {"1": value})
        self.assertTrue(verdict.ok, verdict.errors)
        return verdict.values.get(1)

    def test_required(self):
        for kind, nothing in (
            ("text", ("", "  ", None, "\x00", "\n")),
            ("long_text", ("", " \r\n ", None)),
            ("choice", ("", None, False)),
            ("file", ([], None, [file(name=" ")])),
        ):
            options = [{"id": 5, "label": "x"}]
            for value in nothing:
                with self.subTest(kind=kind, value=value):
                    compiled = form(type=kind, options=options)
                    self.assertIsNone(self.code(compiled, value))
                    self.assertNotIn(1, judge(compiled, {1: value}).values)
                    compiled = form(type=kind, options=options, required=True)
                    self.assertEqual(self.code(compiled, value), "required")

    def test_missing_key_is_no_answer(self):
        self.assertEqual(judge(form(required=True), {}).errors, {1: ("required", {})})
        self.assertEqual(judge(form(required=True), None).errors[1][0], "required")

    def test_text(self):
        self.assertEqual(self.value(form(), " one \r\n line\x00 "), "one line")
        self.assertEqual(self.value(form(type="long_text"), " a\r\nb "), "a\nb")
        self.assertEqual(self.code(form(max_length=3), "abc"), None)
        self.assertEqual(self.code(form(max_length=3), "abcd"), "too_long")
        self.assertEqual(
            self.code(form(), "x" * (form_rules.TEXT_LIMIT + 1)), "too_long"
        )
        self.assertEqual(
            self.code(form(max_length=10**9), "x" * (form_rules.TEXT_LIMIT + 1)),
            "too_long",
        )

    def test_tampered_text(self):
        for value in (5, ["a"], {"a": 1}, b"x", True):
            self.assertEqual(self.code(form(), value), "not_text", value)

    def test_choice(self):
        compiled = form(type="choice", options=[{"id": 5}, {"id": 6}])
        self.assertEqual(self.value(compiled, "6"), 6)
        self.assertEqual(self.value(compiled, 5), 5)
        for value in ("7", "5,6", ["5"], "five", -5, "5.0"):
            self.assertEqual(self.code(compiled, value), "unknown_option", value)

    def test_files(self):
        compiled = form(type="file", max_files=2, max_mb=1)
        kept = self.value(compiled, [file(storage="kept")])
        self.assertEqual(kept, [{"name": "a.png", "size": 10, "storage": "kept"}])
        self.assertEqual(self.code(compiled, [file()] * 3), "too_many_files")
        self.assertEqual(
            self.code(compiled, [file(size=1024 * 1024 + 1)]), "file_too_big"
        )
        self.assertIsNone(self.code(compiled, [file(size=1024 * 1024)]))
        self.assertEqual(self.code(compiled, [file(size=0)]), "file_empty")
        self.assertEqual(self.code(compiled, [file(size=-5)]), "file_empty")
        for name in ("..", "/", "\x00.", "a/.."):
            self.assertEqual(self.code(compiled, [file(name)]), "file_name", name)

    def test_limits_hold_without_limits(self):
        compiled = form(type="file", max_files=0, max_mb=0)
        self.assertEqual(self.code(compiled, [file()] * 2), "too_many_files")
        huge = int(form_rules.FILE_MB_LIMIT * 1024 * 1024) + 1
        self.assertEqual(self.code(compiled, [file(size=huge)]), "file_too_big")
        compiled = form(type="file", max_files=1000, max_mb=10**6)
        self.assertEqual(self.code(compiled, [file()] * 11), "too_many_files")
        self.assertEqual(self.code(compiled, [file(size=huge)]), "file_too_big")

    def test_harmful_files(self):
        compiled = form(type="file", max_files=1)
        for name in (
            "virus.exe",
            "VIRUS.EXE",
            "virus.exe.",
            "virus.exe. . ",
            "page.HTML",
            "picture.svg",
            "list.txt.lnk",
            "c:\\temp\\virus.bat",
            "virus.e\u200bxe",
        ):
            self.assertEqual(self.code(compiled, [file(name)]), "file_type", name)
        for name in ("offer.pdf", "exe", "notes.txt", "фото.jpg"):
            self.assertIsNone(self.code(compiled, [file(name)]), name)

    def test_file_names(self):
        self.assertEqual(clean_file_name("../../etc/passwd"), "passwd")
        self.assertEqual(clean_file_name("C:\\Users\\me\\a.png"), "a.png")
        self.assertEqual(clean_file_name("a\r\nb.png"), "ab.png")
        self.assertEqual(clean_file_name("cod\u202egnp.exe"), "codgnp.exe")
        long_name = clean_file_name("x" * 500 + ".pdf")
        self.assertEqual(len(long_name), form_rules.NAME_LIMIT)
        self.assertTrue(long_name.endswith(".pdf"))

    def test_all_faults_are_told_at_once(self):
        compiled = {
            "questions": [
                {"id": 1, "type": "text", "required": True},
                {"id": 2, "type": "text", "max_length": 1},
                {"id": 3, "type": "text"},
            ]
        }
        verdict = judge(compiled, {1: "", 2: "long", 3: "fine"})
        self.assertEqual(set(verdict.errors), {1, 2})
        self.assertEqual(verdict.values, {3: "fine"})

    def test_nothing_sent_ever_breaks_it(self):
        rng = random.Random(3)
        pieces = [None, False, "", "x" * 30000, 5, -1.5, [], [None], [{}], {}, b"x"]
        pieces += [[file(name="\ud800", size="1")], [file(size=None)], "\x00\x01"]
        compiled = {
            "questions": [
                {"id": number, "type": kind, "options": [{"id": 1}], "max_files": 2}
                for number, kind in enumerate(("text", "long_text", "choice", "file"))
            ]
        }
        for _round in range(300):
            answers = {number: rng.choice(pieces) for number in range(5)}
            verdict = judge(compiled, answers)
            self.assertFalse(set(verdict.errors) & set(verdict.values))
