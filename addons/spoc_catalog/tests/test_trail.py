"""What is kept of what people type and do."""

from odoo.tests import BaseCase, tagged

from ..trail import (
    OUTCOMES,
    WORDS_LENGTH,
    clean_number,
    clean_words,
    next_outcome,
    way_of,
)


@tagged("post_install", "-at_install")
class TestTrail(BaseCase):
    def test_words_stay_words(self):
        self.assertEqual(clean_words("  My  Printer\n P-3-14 "), "my printer p-3-14")
        self.assertEqual(clean_words("Office 365, room 4012"), "office 365, room 4012")
        self.assertEqual(clean_words("Принтер Å"), "принтер å")

    def test_what_points_at_a_person_goes(self):
        for text in (
            "mail from anna.b@example.com stopped",
            "call +46 (70) 123-45-67 again",
            "pay of 19800101-1234",
            "card 4111 1111 1111 1111 lost",
            "open https://example.com/me?id=7 please",
            "token A1B2C3D4E5F6G7H8",
        ):
            words = clean_words(text)
            self.assertIn("…", words, text)
            for part in ("anna", "123", "1980", "4111", "example", "a1b2"):
                self.assertNotIn(part, words, text)

    def test_anything_may_be_sent(self):
        for odd in (None, 5, ["x"], {}, b"x"):
            self.assertEqual(clean_words(odd), "")
        self.assertEqual(len(clean_words("a" * 100_000)), WORDS_LENGTH)
        self.assertEqual(clean_words("a\x00b\u202ec"), "a b c")
        for odd in (None, "x", [], "1e9", float("inf")):
            self.assertEqual(clean_number(odd, 10), 0)
        self.assertEqual(clean_number("-3", 10), 0)
        self.assertEqual(clean_number("99", 10), 10)

    def test_the_mark_needs_the_salt(self):
        self.assertEqual(way_of("salt", 7), way_of("salt", 7))
        self.assertNotEqual(way_of("salt", 7), way_of("salt", 8))
        self.assertNotEqual(way_of("salt", 7), way_of("other", 7))

    def test_outcomes(self):
        self.assertEqual(next_outcome("nothing", "opened"), "opened")
        self.assertEqual(next_outcome("opened", "article"), "article")
        self.assertEqual(next_outcome("article", "opened"), "opened")
        # A form begun is not forgotten by looking elsewhere, but by an answer read.
        self.assertEqual(next_outcome("begun", "opened"), "begun")
        self.assertEqual(next_outcome("begun", "article"), "article")
        for step in OUTCOMES:
            self.assertEqual(next_outcome("asked", step), "asked")
            self.assertEqual(next_outcome("wished", step), "wished")
