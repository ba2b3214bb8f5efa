from datetime import datetime

from odoo.tests import BaseCase, freeze_time, tagged

from ..words import hour_words, moment_words, span_words


@tagged("post_install", "-at_install")
class TestWords(BaseCase):
    """Moments in words, on the reader's clock."""

    moment = datetime(2026, 11, 24, 13, 0)

    @freeze_time("2026-11-23 12:00")
    def test_moment_follows_language_and_zone(self):
        # Babel puts a narrow no-break space before "PM".
        english = moment_words(self.moment, "en_US", "Europe/Stockholm")
        self.assertEqual(english.replace("\u202f", " "), "Tue, Nov 24, 2:00 PM")
        self.assertEqual(
            moment_words(self.moment, "sv_SE", "Europe/Stockholm"), "tis 24 nov., 14:00"
        )
        self.assertEqual(
            moment_words(self.moment, "ru_RU", "Asia/Vladivostok"),
            "вт, 24 нояб., 23:00",
        )

    @freeze_time("2025-11-23 12:00")
    def test_another_year_is_named(self):
        self.assertIn("2026", moment_words(self.moment, "sv_SE", "UTC"))

    def test_no_moment_is_no_words(self):
        self.assertEqual(moment_words(False, "en_US", "UTC"), "")
        self.assertEqual(span_words(False, self.moment, "en_US"), "")

    def test_unknown_zone_is_utc(self):
        self.assertIn("13:00", moment_words(self.moment, "sv_SE", "Nowhere/Else"))

    def test_hour_names_another_day(self):
        night = datetime(2026, 11, 23, 23, 30)  # the 24th in Stockholm
        self.assertEqual(
            hour_words(self.moment, night, "sv_SE", "Europe/Stockholm"), "14:00"
        )
        self.assertEqual(hour_words(self.moment, night, "sv_SE", "UTC"), "tis 13:00")

    def test_span_never_says_nothing(self):
        near = datetime(2026, 11, 24, 13, 0, 10)
        self.assertEqual(span_words(near, self.moment, "en_US"), "in 60 seconds")
        self.assertEqual(span_words(self.moment, near, "en_US"), "10 seconds ago")
