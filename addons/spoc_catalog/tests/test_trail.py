"""What is kept of what people type and do."""

from datetime import datetime, timedelta

from odoo.tests import BaseCase, tagged

from ..trail import (
    OUTCOMES,
    WORDS_LENGTH,
    clean_number,
    clean_words,
    next_outcome,
    renew,
    salt_of,
    walk,
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

    def test_the_salt_of_a_day(self):
        self.assertEqual(salt_of("2026-11-23 old", "2026-11-24"), "2026-11-24 old")
        kept = renew("2026-11-23 old", "2026-11-25", "new")
        self.assertEqual(kept, "2026-11-25 old new")
        self.assertEqual(salt_of(kept, "2026-11-24"), "2026-11-24 old")
        self.assertEqual(salt_of(kept, "2026-11-25"), "2026-11-25 new")
        self.assertEqual(renew(kept, "2026-11-25", "other"), kept)
        self.assertEqual(renew(kept, "2026-11-26", "x"), "2026-11-26 new x")

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


NOW = datetime(2026, 11, 24, 10)
FIELDS = (
    "words",
    "result_count",
    "source",
    "opened_model",
    "opened_id",
    "service_id",
    "position",
    "lang",
    "company_id",
)


def go(*steps):
    """Rows of the log that steps come to: ``(kind, seconds since, values)``."""
    row, rows = None, []
    for kind, seconds, values in steps:
        date = NOW + timedelta(seconds=seconds)
        step = {**dict.fromkeys(FIELDS, False), "step": kind, "date": date, "way": "w"}
        after = walk(row, {**step, **values})
        if after is not row:
            rows.append(after)
        row = after
    return rows


def search(words, count=1, source="results"):
    return {"words": words, "result_count": count, "source": source}


def service(number):
    return {
        "opened_model": "spoc.service",
        "opened_id": number,
        "service_id": number,
    }


@tagged("post_install", "-at_install")
class TestWalk(BaseCase):
    def assertRow(self, row, **values):
        self.assertEqual({name: row.get(name) for name in values}, values)

    def test_from_search_to_request(self):
        first, row = go(
            ("search", 0, search("lmap", 0)),
            ("search", 20, search("lamp", 3)),
            ("opened", 30, {**service(7), "position": 2}),
            ("begun", 45, service(7)),
            ("asked", 75, service(7)),
        )
        self.assertRow(first, outcome="nothing", found_count=0, tries=1, click_count=1)
        self.assertRow(
            row,
            outcome="asked",
            service_id=7,
            position=2,
            tries=2,
            click_count=4,
            seconds=75,
            begun_count=1,
            asked_count=1,
        )

    def test_two_steps_at_once_in_either_order(self):
        """What a page tells by the way may be stored after the request it led to."""
        opened, asked = ("opened", 5, service(7)), ("asked", 5, service(7))
        (row,) = go(("search", 0, search("lamp")), opened, asked)
        self.assertRow(row, outcome="asked", seconds=5, click_count=3)
        row, late = go(("search", 0, search("lamp")), asked, opened)
        self.assertRow(row, outcome="asked", seconds=5, click_count=2)
        self.assertRow(late, outcome="opened", source="browse")

    def test_the_same_again_is_no_step(self):
        again = ("search", 1, search("lamp")), ("opened", 2, service(7))
        (row,) = go(*again, *again)
        self.assertRow(row, outcome="opened", click_count=2, tries=1)

    def test_a_service_that_is_gone_was_opened(self):
        (row,) = go(("opened", 0, {**service(7), "service_id": False}))
        self.assertRow(row, outcome="opened", opened_id=7, service_id=False)

    def test_what_nobody_knows_is_no_step(self):
        self.assertEqual(go(("moved", 0, {})), [])
