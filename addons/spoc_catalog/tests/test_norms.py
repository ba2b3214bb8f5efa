"""Norms counted against an oracle that looks at every single minute."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import BaseCase, Form, tagged
from odoo.tools import mute_logger

from .. import clock, norms
from ..norms import Norm
from .common import CatalogCase

MINUTE = timedelta(minutes=1)
HOUR = 3600


@tagged("post_install", "-at_install")
class TestPriority(BaseCase):
    def test_matrix(self):
        self.assertEqual(norms.priority_of("high", "high"), "3")
        self.assertEqual(norms.priority_of("low", "low"), "0")
        self.assertEqual(norms.priority_of("normal", "normal"), "1")
        self.assertEqual(norms.priority_of("sky", None), "1", "Unknown is normal.")
        own = {("low", "low"): "2"}
        self.assertEqual(norms.priority_of("low", "low", own), "2")
        self.assertEqual(norms.priority_of("high", "high", own), "3")

    def test_more_is_never_less(self):
        for fixed in norms.LEVELS:
            for less, more in zip(norms.LEVELS, norms.LEVELS[1:], strict=False):
                self.assertLessEqual(
                    norms.priority_of(less, fixed), norms.priority_of(more, fixed)
                )
                self.assertLessEqual(
                    norms.priority_of(fixed, less), norms.priority_of(fixed, more)
                )
        self.assertEqual(set(norms.MATRIX.values()), set("0123"))


@tagged("post_install", "-at_install")
class TestWorkingDays(BaseCase):
    """Plain arithmetic: the wall shows UTC."""

    def due(self, intervals, start, days):
        same = lambda moment: moment  # noqa: E731
        return clock.add_days(intervals, start, days, same, same)

    def office(self, weeks=3):
        # 2026-01-12 is a Monday; Friday is short, Tuesday begins late.
        for number in range(weeks * 7):
            day = datetime(2026, 1, 12) + timedelta(days=number)
            if day.weekday() < 5:
                begin = 10 if day.weekday() == 1 else 8
                end = 12 if day.weekday() == 4 else 17
                yield day + timedelta(hours=begin), day + timedelta(hours=end)

    def test_same_time_of_day(self):
        for start, days, due in (
            (datetime(2026, 1, 12, 14), 1, datetime(2026, 1, 13, 14)),
            (datetime(2026, 1, 12, 14), 5, datetime(2026, 1, 19, 14)),
            # Friday ends at noon, and Tuesday begins at ten.
            (datetime(2026, 1, 15, 14), 1, datetime(2026, 1, 16, 12)),
            (datetime(2026, 1, 12, 9), 1, datetime(2026, 1, 12, 17)),
            # Asked at night or on Sunday: from the next opening.
            (datetime(2026, 1, 13, 22), 1, datetime(2026, 1, 14, 17)),
            (datetime(2026, 1, 18, 3), 2, datetime(2026, 1, 20, 17)),
            (datetime(2026, 1, 12, 14), 0, datetime(2026, 1, 12, 14)),
        ):
            with self.subTest(start=start, days=days):
                self.assertEqual(self.due(self.office(), start, days), due)

    def test_what_never_comes(self):
        self.assertIsNone(self.due(self.office(1), datetime(2026, 1, 16, 9), 1))
        self.assertIsNone(self.due([], datetime(2026, 1, 16, 9), 1))
        with self.assertRaises(ValueError):
            self.due(self.office(), datetime(2026, 1, 12), -1)

    def test_night_shifts(self):
        # From ten in the evening to six, Monday to Friday, cut at midnight.
        nights = []
        for number in range(12):
            day = datetime(2026, 1, 12) + timedelta(days=number)
            if day.weekday() < 5:
                midnight = day + timedelta(days=1)
                nights.append((day + timedelta(hours=22), midnight))
                nights.append((midnight, midnight + timedelta(hours=6)))
        for start, days, due in (
            (datetime(2026, 1, 13, 3), 1, datetime(2026, 1, 14, 3)),
            (datetime(2026, 1, 12, 23), 1, datetime(2026, 1, 13, 23)),
            # Three at night of Friday's shift; the next one is Monday's.
            (datetime(2026, 1, 17, 3), 1, datetime(2026, 1, 20, 3)),
        ):
            with self.subTest(start=start):
                self.assertEqual(self.due(nights, start, days), due)

    def test_around_the_clock_is_read_only_as_far_as_needed(self):
        def always():
            day = datetime(2026, 1, 12)
            while True:
                self.assertLess(day, datetime(2026, 1, 20), "Reads on without need.")
                yield day, day + timedelta(days=1)
                day += timedelta(days=1)

        start = datetime(2026, 1, 12, 14)
        self.assertEqual(self.due(always(), start, 3), start + timedelta(days=3))
        self.assertEqual(
            clock.add_working(always(), start, 72 * HOUR), start + timedelta(days=3)
        )


@tagged("post_install", "-at_install")
class TestNorms(CatalogCase):
    """The desk's answer beside that of a walk through every minute."""

    def oracle(self, start, hours, zone, spans, holidays=(), week_type=None):
        """Walk minute by minute; know nothing of intervals.

        :param spans: ``(weekday, from, to)`` in hours, or with the type of week
            before them
        """
        info, left, now = ZoneInfo(zone), round(hours * 60), start
        while left:
            self.assertLess(now - start, timedelta(days=60))
            wall = now.replace(tzinfo=UTC).astimezone(info)
            hour = wall.hour + wall.minute / 60
            day = (wall.weekday(),)
            if week_type:
                day = (week_type(wall.date()), *day)
            off = any(begin <= now < end for begin, end in holidays)
            if not off and any(
                span[:-2] == day and span[-2] <= hour < span[-1] for span in spans
            ):
                left -= 1
            now += MINUTE
        return now

    def settle(self, norm, start, zone=None, desk=None):
        desk = (desk or self.desk).with_user(self.customer)
        return desk._spoc_settle(start, {"x": norm}, zone)["x"]

    def set_hours(self, zone, spans):
        self.desk.resource_calendar_id = self.env["resource.calendar"].create(
            {
                "name": "Odd",
                "tz": zone,
                "company_id": self.company.id,
                "attendance_ids": [Command.clear()]
                + [
                    Command.create(
                        {
                            "name": "x",
                            "dayofweek": str(day),
                            "hour_from": begin,
                            "hour_to": end,
                            "day_period": "morning",
                        }
                    )
                    for day, begin, end in spans
                ],
            }
        )

    def test_summer_and_winter_time(self):
        spans = [(day, *hours) for day in range(7) for hours in ((0, 5.5), (20, 24))]
        self.set_hours("Europe/Stockholm", spans)
        for start in (datetime(2026, 3, 27, 15), datetime(2026, 10, 23, 15)):
            for hours in (1, 9.5, 19, 30):
                with self.subTest(start=start, hours=hours):
                    due = self.settle(Norm(hours=hours), start)
                    self.assertEqual(
                        due.moment,
                        self.oracle(start, hours, "Europe/Stockholm", spans),
                    )
                    self.assertEqual(due.seconds, hours * HOUR)

    def test_where_the_requester_is(self):
        office = [(day, *hours) for day in range(5) for hours in ((8, 12), (13, 17))]
        start = datetime(2026, 3, 26, 9, 30)
        for zone in (
            "Asia/Tokyo",
            "America/New_York",
            "Asia/Kolkata",
            "Australia/Lord_Howe",
        ):
            for hours in (0.5, 7, 20):
                with self.subTest(zone=zone, hours=hours):
                    norm = Norm(hours=hours, counts="requester")
                    due = self.settle(norm, start, zone)
                    self.assertEqual(
                        due.moment, self.oracle(start, hours, zone, office)
                    )
                    self.assertEqual(due.basis, zone)
        # Nobody knows where: the desk's own clock.
        norm = Norm(hours=7, counts="requester")
        self.assertEqual(
            self.settle(norm, start), self.settle(Norm(hours=7), start), "no zone"
        )

    def test_around_the_clock(self):
        start = datetime(2026, 3, 28, 12, 7)
        due = self.settle(Norm(hours=30, counts="always"), start)
        self.assertEqual(due.moment, start + timedelta(hours=30))
        self.assertEqual(due.basis, "always")
        # A day on the wall: the night of the change has 23 hours.
        due = self.settle(Norm(days=1, counts="always"), start)
        self.assertEqual(due.moment, start + timedelta(hours=23))
        self.assertEqual(due.seconds, 23 * HOUR)

    def test_two_week_calendar_and_a_holiday(self):
        calendar = self.env["resource.calendar"].create(
            {"name": "Two weeks", "tz": "Europe/Stockholm"}
        )
        calendar.switch_calendar_type()
        calendar.attendance_ids.unlink()
        spans = [("0", day, 8, 12) for day in range(5)]
        spans += [("1", day, 13, 18) for day in (1, 3)]
        calendar.attendance_ids = [
            Command.create(
                {
                    "name": "x",
                    "week_type": week,
                    "dayofweek": str(day),
                    "hour_from": begin,
                    "hour_to": end,
                    "day_period": "morning",
                }
            )
            for week, day, begin, end in spans
        ]
        self.desk.resource_calendar_id = calendar
        holiday = (datetime(2026, 1, 15, 23), datetime(2026, 1, 16, 22, 59, 59))
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": calendar.id,
                "date_from": holiday[0],
                "date_to": holiday[1],
            }
        )
        start = datetime(2026, 1, 12, 9)

        def week_type(day):
            # Weeks are numbered from the first Monday of all on.
            return str((date.toordinal(day) - 1) // 7 % 2)

        for hours in (1, 12, 25, 31):
            with self.subTest(hours=hours):
                self.assertEqual(
                    self.settle(Norm(hours=hours), start).moment,
                    self.oracle(
                        start,
                        hours,
                        "Europe/Stockholm",
                        spans,
                        [(holiday[0], holiday[1] + timedelta(seconds=1))],
                        week_type,
                    ),
                )

    def test_working_days_of_a_desk(self):
        # Thursday, 15:00 in Stockholm; Friday is a holiday.
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": self.calendar.id,
                "date_from": datetime(2026, 1, 15, 23),
                "date_to": datetime(2026, 1, 16, 22, 59, 59),
            }
        )
        due = self.settle(Norm(days=2), datetime(2026, 1, 15, 14))
        self.assertEqual(due.moment, datetime(2026, 1, 20, 14))
        self.assertEqual(due.seconds, 16 * HOUR)
        # Over the change of the clocks it is three in the afternoon all the same.
        due = self.settle(Norm(days=1), datetime(2026, 3, 27, 14))
        self.assertEqual(due.moment, datetime(2026, 3, 30, 13))

    def test_several_norms_cost_one_look_at_each_calendar(self):
        start = datetime(2026, 1, 12)
        self.desk._spoc_settle(start, {1: Norm(hours=1)})
        before = self.env.cr.sql_log_count
        self.desk._spoc_settle(start, {1: Norm(hours=8)})
        one = self.env.cr.sql_log_count - before
        before = self.env.cr.sql_log_count
        self.desk._spoc_settle(
            start,
            {
                1: Norm(hours=1),
                2: Norm(hours=8),
                3: Norm(days=2),
                4: Norm(hours=5, counts="always"),
            },
        )
        self.assertEqual(self.env.cr.sql_log_count - before, one)

    def test_in_words(self):
        for norm, text in (
            (Norm(hours=4), "4 working hours"),
            (Norm(days=1), "1 working day"),
            (Norm(days=3), "3 working days"),
            (Norm(hours=4, counts="requester"), "4 working hours, in your time zone"),
            (Norm(hours=0.5, counts="always"), "30 minutes, day and night"),
            (Norm(hours=1, counts="always"), "1 hour, day and night"),
            (Norm(hours=4, counts="always"), "4 hours, day and night"),
            (Norm(days=3, counts="always"), "3 days, day and night"),
        ):
            with self.subTest(norm):
                self.assertEqual(self.desk._spoc_norm_text(norm), text)

    def test_matrix_of_a_company(self):
        Matrix = self.env["spoc.priority.matrix"].with_user(self.customer)
        self.assertEqual(Matrix._spoc_priority("high", "high"), "3")
        self.assertEqual(Matrix._spoc_matrix(), norms.MATRIX)
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.env["spoc.priority.matrix"].create(
            {
                "impact": "low",
                "urgency": "low",
                "priority": "2",
                "company_id": company.id,
            }
        )
        self.assertEqual(Matrix._spoc_priority("low", "low"), "0")
        self.assertEqual(Matrix._spoc_priority("low", "low", company), "2")

    def test_policy_at_a_glance(self):
        self.policy.target_ids.filtered(lambda t: t.priority == "3").counts = "always"
        self.assertEqual(self.policy.preview_desk_id, self.desk)
        grid = self.policy.grid
        self.assertIn("4 working hours", grid)
        self.assertIn("1 hour, day and night", grid)
        self.assertIn("No promise", grid)
        self.assertEqual(grid.count("→"), 8)

    def test_the_glance_follows_what_is_typed(self):
        with Form(self.policy) as form:
            before = form.grid
            with form.target_ids.edit(0) as line:
                line.days = 5
                self.assertEqual(line.hours, 0, "Either hours or days.")
            self.assertIn("5 working days", form.grid)
            self.assertNotEqual(form.grid, before)

    def test_either_hours_or_days(self):
        for values in ({"hours": 1, "days": 1}, {}, {"days": -1}, {"hours": -1}):
            with (
                self.subTest(values),
                mute_logger("odoo.sql_db"),
                self.assertRaises(CheckViolation),
                self.env.cr.savepoint(),
            ):
                self.policy.target_ids = [Command.create({"kind": "update", **values})]

    def test_in_the_order_of_the_steps(self):
        self.policy.target_ids = [Command.create({"kind": "update", "hours": 2})]
        self.env.invalidate_all()
        self.assertEqual(
            self.policy.target_ids.mapped("kind"),
            ["response", "response", "update", "resolution"],
        )

    def test_only_administrators_decide_on_priorities(self):
        line = self.env["spoc.priority.matrix"].search([], limit=1)
        for name in ("requester", "customer"):
            with self.subTest(name), self.assertRaises(AccessError):
                line.with_user(getattr(self, name)).read(["priority"])
        for name in ("requester", "customer", "agent", "manager", "editor"):
            with self.subTest(name), self.assertRaises(AccessError):
                line.with_user(getattr(self, name)).write({"priority": "2"})
        self.assertTrue(line.with_user(self.agent).priority)
        line.with_user(self.administrator).priority = "2"
