from odoo import Command
from odoo.tests import TransactionCase, tagged

from odoo.addons.spoc_catalog import clock

from ..clock_story import Event, tell
from .clock_oracle import (
    SPANS,
    ZONES,
    Minutes,
    deadline,
    rolled,
    some_leaves,
    some_lines,
    some_steps,
)

KINDS = ("office", "night", "two weeks")


class OracleCase(TransactionCase):
    """Calendars as Odoo has them, beside the same ones as the oracle reads them."""

    def _calendar(self, lines, zone, leaves):
        two_weeks = any(line[0] is not None for line in lines)
        calendar = self.env["resource.calendar"].create(
            {
                "name": zone,
                "tz": zone,
                "two_weeks_calendar": two_weeks,
                "attendance_ids": [Command.clear()]
                + [
                    Command.create(
                        {
                            "name": "x",
                            "dayofweek": str(weekday),
                            "hour_from": begin,
                            "hour_to": end,
                            "day_period": "morning",
                            "week_type": False if week is None else str(week),
                        }
                    )
                    for week, weekday, begin, end in lines
                ],
            }
        )
        self.env["resource.calendar.leaves"].create(
            [
                {
                    "name": "x",
                    "calendar_id": calendar.id,
                    "date_from": begin,
                    "date_to": end,
                }
                for begin, end in leaves
            ]
        )
        return calendar

    def _pair(self, dice, span, kind, zone):
        """The same hours twice: ``(calendar, {hours: Minutes})``."""
        lines, leaves = some_lines(dice, kind), some_leaves(dice, span)
        calendar = self._calendar(lines, zone, leaves)
        guest = dice.choice(ZONES)
        minutes = {
            "": Minutes(lines, zone, leaves, span),
            guest: Minutes(lines, guest, leaves, span),
            "always": Minutes(None, "UTC", [], span),
        }
        return calendar, minutes

    def _hours_of(self, calendar, span):
        def hours_of(basis, start):
            if basis == "always":
                return [(start, span[1])]
            return clock.Timeline(calendar._spoc_intervals(start, span[1], basis))

        return hours_of

    def _compare(self, calendar, minutes, dice, span, count):
        """Let engine and oracle count the same promises.

        :return: how many of them had a deadline
        """
        hours_of, dated = self._hours_of(calendar, span), 0
        for _case in range(count):
            keys = list(minutes)
            dice.shuffle(keys)
            steps = some_steps(dice, span, keys)
            expected = deadline(steps, minutes)
            events = [
                Event(moment, what, norm and norm * 60, hours)
                for moment, what, norm, hours in steps
            ]
            story = tell(events, hours_of, steps[-1][0])
            found = story.due
            if found is None and story.state == "paused":
                found = "paused"
            self.assertEqual(found, expected, (calendar.tz, steps))
            dated += found not in (None, "paused")
        return dated


@tagged("post_install", "-at_install")
class TestClockOracle(OracleCase):
    """Some hundred cases at every run."""

    def test_deadlines(self):
        dice, dated = rolled(1), 0
        for number, (kind, zone) in enumerate(
            zip(
                KINDS,
                ("Europe/Stockholm", "Pacific/Auckland", "America/St_Johns"),
                strict=True,
            )
        ):
            span = SPANS[number % 2]
            calendar, minutes = self._pair(dice, span, kind, zone)
            dated += self._compare(calendar, minutes, dice, span, 100)
        self.assertGreater(dated, 200)


@tagged("post_install", "-at_install", "-standard", "spoc_slow")
class TestClockOracleBulk(OracleCase):
    """Thousands of cases: every zone, every kind of calendar, spring and autumn."""

    def test_deadlines(self):
        dice, dated = rolled(2), 0
        for span in SPANS:
            for zone in ZONES:
                for kind in KINDS:
                    calendar, minutes = self._pair(dice, span, kind, zone)
                    dated += self._compare(calendar, minutes, dice, span, 100)
        self.assertGreater(dated, 4000)
