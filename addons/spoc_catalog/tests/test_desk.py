"""Desks: codes, opening hours, deadlines."""

from datetime import datetime, timedelta

from freezegun import freeze_time
from psycopg2.errors import UniqueViolation

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CatalogCase


@tagged("post_install", "-at_install")
class TestDesk(CatalogCase):
    def test_codes(self):
        desk = self.env["spoc.desk"].create({"name": "Low", "code": " low1 "})
        self.assertEqual(desk.code, "LOW1")
        for code in ("A", "TOO-GOOD", "ABCDEFGHI", "ÅÄÖ", "A B"):
            with self.subTest(code), self.assertRaises(ValidationError):
                desk.code = code
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation),
            self.env.cr.savepoint(),
        ):
            self.env["spoc.desk"].create({"name": "Twin", "code": "LOW1"})

    def test_copy_gets_a_code_of_its_own(self):
        copies = self.desk.copy() | self.desk.copy()
        self.assertEqual(copies.mapped("code"), ["HLP2", "HLP3"])
        self.assertFalse(copies.channel_ids)

    def test_a_calendar_without_hours_is_refused(self):
        flexible = self.env["resource.calendar"].create(
            {"name": "As you like", "schedule_type": "flexible"}
        )
        empty = self.env["resource.calendar"].create(
            {"name": "Never", "attendance_ids": [Command.clear()]}
        )
        for calendar in (flexible, empty):
            with self.assertRaisesRegex(ValidationError, calendar.name):
                self.desk.resource_calendar_id = calendar

    def test_outsiders_are_no_members(self):
        with self.assertRaises(ValidationError):
            self.desk.member_ids = self.customer
        with self.assertRaises(ValidationError):
            self.desk.manager_id = self.customer

    def test_intervals_are_naive_utc(self):
        # Monday in winter: Stockholm is one hour ahead.
        self.assertEqual(
            self.desk._spoc_intervals(datetime(2026, 1, 12), datetime(2026, 1, 13)),
            [
                (datetime(2026, 1, 12, 7), datetime(2026, 1, 12, 11)),
                (datetime(2026, 1, 12, 12), datetime(2026, 1, 12, 16)),
            ],
        )

    def test_deadline_over_noon_night_and_weekend(self):
        friday = datetime(2026, 1, 16, 14)  # 15:00 in Stockholm
        self.assertEqual(
            self.desk._spoc_deadline(friday, 3600), datetime(2026, 1, 16, 15)
        )
        self.assertEqual(
            self.desk._spoc_deadline(friday, 4 * 3600), datetime(2026, 1, 19, 9)
        )
        sunday = datetime(2026, 1, 18, 3)
        self.assertEqual(
            self.desk._spoc_deadline(sunday, 5 * 3600), datetime(2026, 1, 19, 13)
        )

    def test_several_deadlines_cost_as_much_as_one(self):
        start = datetime(2026, 1, 12)
        self.desk._spoc_deadline(start, 60)
        before = self.env.cr.sql_log_count
        self.desk._spoc_deadline(start, 8 * 3600)
        one = self.env.cr.sql_log_count - before
        before = self.env.cr.sql_log_count
        due = self.desk._spoc_deadlines(start, {"a": 60, "b": 8 * 3600, "c": 3600})
        self.assertEqual(self.env.cr.sql_log_count - before, one)
        self.assertEqual(due["a"], datetime(2026, 1, 12, 7, 1))
        self.assertEqual(due["b"], datetime(2026, 1, 12, 16))

    def test_holidays_do_not_count(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": self.calendar.id,
                "date_from": datetime(2026, 1, 13),
                "date_to": datetime(2026, 1, 13, 23),
            }
        )
        monday = datetime(2026, 1, 12, 15)
        self.assertEqual(
            self.desk._spoc_deadline(monday, 2 * 3600), datetime(2026, 1, 14, 8)
        )

    def test_clock_changes(self):
        """A desk open all night works 7 hours in March and 9 in October."""
        self.calendar = self._calendar(
            "Night", "Europe/Stockholm", hours=((0, 8),), days=range(7)
        )
        self.desk.resource_calendar_id = self.calendar
        spring = self.desk._spoc_intervals(
            datetime(2026, 3, 28, 20), datetime(2026, 3, 29, 20)
        )
        autumn = self.desk._spoc_intervals(
            datetime(2026, 10, 24, 20), datetime(2026, 10, 25, 20)
        )
        self.assertEqual(
            sum((e - s for s, e in spring), timedelta()), timedelta(hours=7)
        )
        self.assertEqual(
            sum((e - s for s, e in autumn), timedelta()), timedelta(hours=9)
        )
        self.assertEqual(
            self.desk._spoc_deadline(datetime(2026, 3, 28, 23), 4 * 3600),
            datetime(2026, 3, 29, 3),
        )

    def test_round_the_clock_has_no_holes(self):
        self.desk.resource_calendar_id = self._calendar(
            "Always", "Europe/Stockholm", hours=((0, 12), (12, 24)), days=range(7)
        )
        start = datetime(2026, 6, 1)
        week = timedelta(days=7)
        self.assertEqual(
            self.desk._spoc_intervals(start, start + week), [(start, start + week)]
        )
        self.assertEqual(
            self.desk._spoc_deadline(start, 10 * 24 * 3600), start + timedelta(days=10)
        )

    def test_a_calendar_emptied_later_promises_nothing(self):
        self.calendar.attendance_ids.unlink()
        self.assertIs(self.desk._spoc_deadline(datetime(2026, 1, 12), 60), False)

    def test_long_deadlines(self):
        start = datetime(2026, 1, 12)
        due = self.desk._spoc_deadline(start, 8 * 3600 * 250)
        self.assertEqual(self.desk._spoc_working_seconds(start, due), 8 * 3600 * 250)

    def test_everyone_may_know_the_hours(self):
        for name in ("customer", "requester"):
            desk = self.desk.with_user(getattr(self, name))
            self.assertTrue(desk._spoc_deadline(datetime(2026, 1, 12), 60))
            self.assertEqual(
                desk._spoc_hours(), [("Mon – Fri", "08:00–12:00, 13:00–17:00")]
            )

    @freeze_time("2026-01-12 11:30:00")
    def test_open_or_closed(self):
        opening = self.desk.with_user(self.requester)._spoc_openings()[self.desk.id]
        self.assertFalse(opening["open"])
        self.assertEqual(opening["text"], "Closed, opens 1:00\u202fPM")
        later = datetime(2026, 1, 12, 12)
        opening = self.desk._spoc_openings(later)[self.desk.id]
        self.assertTrue(opening["open"])
        evening = self.desk.with_user(self.requester)._spoc_openings(
            datetime(2026, 1, 16, 20)
        )
        self.assertEqual(
            evening[self.desk.id]["text"], "Closed, opens Mon 8:00\u202fAM"
        )

    def test_openings_cost_the_same_for_many_desks(self):
        desks = self.desk
        for number in range(5):
            desks |= self.env["spoc.desk"].create(
                {
                    "name": f"Desk {number}",
                    "code": f"DD{number}",
                    "resource_calendar_id": self.calendar.id,
                }
            )
        self.env.invalidate_all()
        start = self.env.cr.sql_log_count
        self.desk._spoc_openings()
        one = self.env.cr.sql_log_count - start
        self.env.invalidate_all()
        start = self.env.cr.sql_log_count
        desks._spoc_openings()
        self.assertLessEqual(self.env.cr.sql_log_count - start, one)

    def test_hours_with_a_short_friday(self):
        calendar = self._calendar("Short", "Europe/Stockholm", days=range(4))
        calendar.attendance_ids = [
            Command.create(
                {
                    "name": "Friday",
                    "dayofweek": "4",
                    "hour_from": 8,
                    "hour_to": 12.5,
                    "day_period": "morning",
                }
            )
        ]
        self.desk.resource_calendar_id = calendar
        self.assertEqual(
            self.desk._spoc_hours(),
            [("Mon – Thu", "08:00–12:00, 13:00–17:00"), ("Fri", "08:00–12:30")],
        )
