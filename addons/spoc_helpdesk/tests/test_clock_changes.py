from datetime import timedelta

import psycopg2

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .clock_common import HOUR, ClockCase
from .clock_oracle import deadline, rolled
from .test_clock import at


@tagged("post_install", "-at_install")
class TestClockChanges(ClockCase):
    """Another priority, service or desk: counted anew, what was earned is kept."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.target_ids = [
            Command.create({"kind": "resolution", "priority": "3", "hours": 8}),
            Command.create({"kind": "resolution", "priority": "0", "hours": 40}),
        ]

    def test_a_higher_priority(self):
        ticket = self._opened()
        with freeze_time(at(0, 14)):
            ticket.with_user(self.agent).priority = "3"
        clock = self._clock(ticket, "resolution")
        self.assertEqual(clock.due, at(0, 17), "5 of 8 hours are used up")
        self.assertEqual(clock.seconds, 8 * HOUR)
        self.assertEqual(
            clock.event_ids.mapped(lambda e: (e.kind, e.at, e.left, e.cause)),
            [
                ("started", at(0, 9), 16 * HOUR, False),
                ("changed", at(0, 14), 3 * HOUR, "priority"),
            ],
        )
        self.assertEqual(ticket.resolution_due, at(0, 17))
        self.assertEqual(self._clock(ticket, "update").due, at(0, 17))
        self.assertFalse(
            self._clock(ticket, "update").event_ids, "Its norm is the same"
        )

    def test_by_impact_and_urgency(self):
        ticket = self._opened()
        with freeze_time(at(0, 14)):
            ticket.with_user(self.agent).write({"impact": "high", "urgency": "high"})
            self.assertEqual(ticket.priority, "3")
        self.assertEqual(ticket.resolution_due, at(0, 17))

    def test_nobody_is_late_by_judging_rightly(self):
        ticket = self._opened()
        with freeze_time(at(1, 13)):  # 12 hours used
            ticket.with_user(self.agent).priority = "3"
        self.assertEqual(self._clock(ticket, "resolution").due, at(1, 15))
        with freeze_time(at(1, 14)):
            ticket.with_user(self.agent).priority = "1"
            ticket.with_user(self.agent).priority = "3"
        self.assertLessEqual(
            self._clock(ticket, "resolution").due, at(2, 9), "Nothing much is won"
        )

    def test_a_lower_priority(self):
        ticket = self._opened()
        with freeze_time(at(0, 14)):
            ticket.with_user(self.agent).priority = "0"
        self.assertEqual(ticket.resolution_due, at(4, 17))

    def test_late_stays_late(self):
        ticket = self._opened()
        with freeze_time(at(3, 10)):
            ticket.with_user(self.agent).priority = "0"
        clock = self._clock(ticket, "resolution")
        self.assertEqual(clock.state, "missed")
        self.assertEqual(clock.breached_at, at(1, 17))

    def test_pauses_are_kept(self):
        ticket = self._opened()
        with freeze_time(at(0, 11)):
            self._say(ticket, self.agent)
            ticket.with_user(self.agent).action_wait()
        with freeze_time(at(1, 11)):
            ticket.with_user(self.agent).priority = "3"
        clock = self._clock(ticket, "resolution")
        self.assertEqual(clock.state, "paused")
        self.assertEqual(clock.remaining, 6 * HOUR, "2 hours used, a day was not")
        with freeze_time(at(2, 9)):
            self._say(ticket, self.requester)
        self.assertEqual(clock.due, at(2, 15))

    def test_another_service(self):
        quick = self.env["spoc.target.policy"].create(
            {
                "name": "Quick",
                "target_ids": [Command.create({"kind": "resolution", "hours": 4})],
            }
        )
        self.hr_service.desk_id = self.desk
        self.hr_service.target_policy_id = quick
        ticket = self._opened()
        with freeze_time(at(0, 10)):
            ticket.with_user(self.agent).service_id = self.hr_service
        self.assertEqual(ticket.resolution_due, at(0, 13))
        clock = self._clock(ticket, "resolution")
        self.assertEqual(clock.version_id.policy_id, quick)
        self.assertEqual(
            self._clock(ticket, "response").due, at(0, 13), "It promises no answer"
        )
        self.assertEqual(clock.event_ids[-1:].cause, "service")

    def test_a_service_that_promises_more(self):
        self.desk.target_policy_id = False
        ticket = self._opened()
        self.assertFalse(ticket.clock_ids)
        with freeze_time(at(0, 12)):
            ticket.with_user(self.agent).service_id = self.service
        self.assertEqual(self._clock(ticket, "response").due, at(0, 16))

    def test_another_desk_counts_in_its_hours(self):
        self.line.resource_calendar_id = self.calendar.copy({"name": "Late"})
        self.line.resource_calendar_id.attendance_ids.write(
            {"hour_from": 13, "hour_to": 21}
        )
        ticket = self._opened()
        with freeze_time(at(0, 13)):
            ticket.with_user(self.agent)._spoc_change_desk(self.line, "Theirs")
        clock = self._clock(ticket, "resolution")
        self.assertEqual(clock.desk_id, self.line)
        self.assertEqual(clock.due, at(1, 17), "12 hours left, 8 of them today")
        story = clock._spoc_story(at(0, 20))
        labels = [(s.start.hour, s.end.hour, s.label) for s in story.stretches]
        self.assertEqual(labels, [(9, 13, "counted"), (13, 20, "counted")])
        self.assertEqual(story.due, clock.due)

    def test_past_judgements_stay_with_their_desk(self):
        ticket = self._opened()
        with freeze_time(at(0, 10)):
            self._say(ticket, self.agent)
            ticket.with_user(self.agent)._spoc_change_desk(self.line, "Theirs")
        response = self._clock(ticket, "response")
        self.assertEqual(response.desk_id, self.desk)
        self.assertEqual(response.user_id, self.agent)
        self.assertEqual(response.kept, 100)

    def test_nothing_changes_nothing(self):
        ticket = self._opened()
        before = ticket.clock_ids.mapped("due")
        with freeze_time(at(0, 12)):
            ticket._spoc_recount_clocks()
        self.assertEqual(ticket.clock_ids.mapped("due"), before)
        self.assertFalse(ticket.clock_ids.event_ids)

    # ---- versions ----------------------------------------------------------

    def test_a_change_makes_a_version(self):
        first = self.policy.version_number
        ticket = self._opened()
        self.policy.target_ids = [
            Command.update(self.policy.target_ids[0].id, {"hours": 2}),
            Command.update(self.policy.target_ids[1].id, {"hours": 3}),
        ]
        self.assertEqual(
            self.policy.version_number, first + 1, "One saving, one version"
        )
        self.policy.name = "Other words"
        self.assertEqual(self.policy.version_number, first + 1)
        self.policy.target_ids[0].hours = 2.5
        self.assertEqual(self.policy.version_number, first + 2)
        later = self._opened()
        self.assertEqual(set(ticket.clock_ids.version_id.mapped("number")), {first})
        self.assertEqual(set(later.clock_ids.version_id.mapped("number")), {first + 2})

    def test_running_promises_keep_their_version(self):
        ticket = self._opened()
        self.policy.target_ids.filtered(lambda t: t.priority == "3").hours = 1
        with freeze_time(at(0, 10)):
            ticket.with_user(self.agent).priority = "3"
        self.assertEqual(ticket.resolution_due, at(0, 17), "8 hours, as it was")
        with freeze_time(at(0, 9)):
            later = self._ticket(priority="3")
        self.assertEqual(later.resolution_due, at(0, 10))

    def test_nobody_rewrites_a_version(self):
        version = self.policy.version_ids[:1]
        with self.assertRaises(UserError):
            version.write({"number": 9})
        for user in (self.agent, self.manager, self.admin):
            with self.assertRaises(AccessError):
                version.with_user(user).write({"number": 9})
            with self.assertRaises(AccessError):
                version.with_user(user).unlink()

    def test_who_sees_events(self):
        ticket = self._opened()
        with freeze_time(at(0, 14)):
            ticket.with_user(self.agent).priority = "3"
        event = ticket.clock_ids.event_ids[:1]
        self.assertTrue(event.with_user(self.agent).read(["kind"]))
        self.assertTrue(event.with_user(self.admin).read(["kind"]))
        for user in (self.liner, self.hr_agent, self.outsider, self.requester):
            with self.assertRaises(AccessError):
                event.with_user(user).read(["kind"])
        for user in (self.agent, self.admin):
            with self.assertRaises(AccessError):
                event.with_user(user).write({"left": 1})
        with self.assertRaises(UserError):
            event.write({"left": 1})
        self.env.flush_all()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.IntegrityError),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(
                "DELETE FROM spoc_clock_event WHERE id = %s", [event.id]
            )

    # ---- agreement with the oracle -----------------------------------------

    def test_tickets_agree_with_the_oracle(self):
        """Whole tickets through waiting and priorities, beside the oracle."""
        dice = rolled(9)
        norms = {"0": 40 * 60, "1": 16 * 60, "2": 16 * 60, "3": 8 * 60}
        reason = self.env.ref("spoc_helpdesk.wait_reason_requester")
        minutes = Office()
        for _case in range(25):
            ticket, moment, priority = self._opened(), at(0, 9), "1"
            steps = [(moment, "started", norms[priority], "")]
            waiting = False
            for _step in range(dice.randrange(1, 5)):
                moment += timedelta(minutes=dice.choice([20, 75, 240, 600]))
                with freeze_time(moment):
                    if dice.random() < 0.5:
                        before = norms[priority]
                        priority = dice.choice("0123")
                        ticket.priority = priority
                        if norms[priority] != before:
                            steps.append((moment, "changed", norms[priority], ""))
                    elif waiting:
                        ticket._spoc_happened("reply")
                        steps.append((moment, "resumed", None, None))
                        waiting = False
                    else:
                        ticket._spoc_wait(reason)
                        steps.append((moment, "paused", None, None))
                        waiting = True
            clock = self._clock(ticket, "resolution")
            expected = deadline(steps, {"": minutes})
            found = "paused" if clock.state == "paused" else clock.due
            self.assertEqual(found, expected, steps)
            if found != "paused":
                self.assertEqual(clock._spoc_story(moment).due, found)


class Office:
    """Nine to five, Monday to Friday, minute by minute, for the oracle."""

    def count(self, start, end):
        worked = 0
        while start < end:
            worked += start.weekday() < 5 and 9 <= start.hour < 17
            start += timedelta(minutes=1)
        return worked

    def after(self, start, minutes):
        while minutes:
            minutes -= start.weekday() < 5 and 9 <= start.hour < 17
            start += timedelta(minutes=1)
        return start
