from unittest.mock import patch

import psycopg2

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import SQL, mute_logger

from .clock_common import ClockCase
from .test_clock import at


@tagged("post_install", "-at_install")
class TestClockLevels(ClockCase):
    """Warnings and escalation: each once, whatever breaks."""

    def _level(self, **vals):
        level = {"policy_id": self.policy.id, "kind": "resolution", "share": 50}
        return self.env["spoc.target.level"].create({**level, **vals})

    def test_at_its_share(self):
        level = self._level()
        ticket = self._opened()
        clock = self._clock(ticket, "resolution")
        self.assertEqual(clock.level_due, at(0, 17))
        self._run_cron(at(0, 16))
        self.assertFalse(clock.escalation_ids)
        for _run in range(2):
            self._run_cron(at(0, 17))
        self.assertEqual(clock.escalation_ids.level_id, level)
        mine = ticket.activity_ids.filtered(lambda a: "50" in a.summary)
        self.assertEqual(mine.user_id, self.agent)
        self.assertEqual(len(mine), 1)
        self.assertFalse(clock.level_due)

    def test_pauses_move_it(self):
        self._level()
        ticket = self._opened()
        clock = self._clock(ticket, "resolution")
        with freeze_time(at(0, 11)):
            self._say(ticket, self.agent)
            ticket.with_user(self.agent).action_wait()
        self.assertFalse(clock.level_due)
        with freeze_time(at(1, 9)):
            self._say(ticket, self.requester)
        self.assertEqual(clock.level_due, at(1, 15), "6 more hours to half of it")

    def test_one_after_the_other_and_after_the_end(self):
        for share, action in ((50, "owner"), (100, "manager"), (150, "raise")):
            self._level(share=share, action=action)
        ticket = self._opened()
        clock = self._clock(ticket, "resolution")
        self._run_cron(at(0, 17))
        self.assertEqual(clock.level_due, at(1, 17))
        self._run_cron(at(1, 17))
        called = clock.escalation_ids.filtered(lambda e: e.action == "manager")
        self.assertEqual(called.called_ids, self.manager)
        self.assertEqual(clock.state, "missed")
        self.assertEqual(clock.level_due, at(2, 17), "Half the time later than due")
        self._run_cron(at(2, 17))
        self.assertEqual(ticket.priority, "2")
        self.assertEqual(clock.escalation_ids.mapped("share"), [150, 100, 50])

    def test_all_at_once_after_a_standstill(self):
        for share in (50, 75, 90):
            self._level(share=share)
        ticket = self._opened()
        self._run_cron(at(1, 16))
        clock = self._clock(ticket, "resolution")
        self.assertEqual(sorted(clock.escalation_ids.mapped("share")), [50, 75, 90])

    def test_given_to_somebody_else(self):
        self._level(action="reassign")
        self.desk.routing_mode = "push"
        ticket = self._opened()
        calls = []
        Ticket = self.env.registry["spoc.ticket"]
        with (
            patch.object(Ticket, "_spoc_idle", lambda tickets: calls.append(tickets)),
            patch.object(
                Ticket, "_spoc_route_again", lambda tickets: calls.append(tickets)
            ),
        ):
            self._run_cron(at(0, 17))
            self._run_cron(at(0, 17))
        self.assertEqual([one.ids for one in calls if one], [ticket.ids])

    def test_only_who_may_see_it_is_called(self):
        self._level(
            action="people",
            user_ids=[Command.set((self.agent2 | self.outsider).ids)],
        )
        ticket = self._opened()
        self._run_cron(at(0, 17))
        called = self._clock(ticket, "resolution").escalation_ids.called_ids
        self.assertEqual(called, self.agent2)

    def test_what_is_done_needs_none(self):
        self._level()
        ticket = self._opened()
        with freeze_time(at(0, 12)):
            self._resolve(ticket)
        self.assertFalse(self._clock(ticket, "resolution").level_due)
        self._run_cron(at(0, 17))
        self.assertFalse(self._clock(ticket, "resolution").escalation_ids)

    def test_the_scheduler_reads_indexes(self):
        """What is due is found by an index of its own, whatever number runs."""
        self.env.flush_all()
        # SQL: a plan is no ORM object; few rows would be read without an index
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        self.env.cr.execute("SET LOCAL enable_sort = off")
        now = at(0, 9)
        for kind, index in zip(
            self.env["spoc.clock"]._spoc_due_kinds(),
            ("spoc_clock_due_idx", "spoc_ticket_wait_until_idx", "level_due_idx"),
            strict=False,
        ):
            query = kind.records._search(
                kind.until(now), order=f"{kind.moment}, id", limit=100
            )
            rows = self.env.execute_query(SQL("EXPLAIN %s", query.select()))
            plan = "\n".join(row for [row] in rows)
            self.assertIn(index, plan)

    def test_a_crash_repeats_nothing(self):
        """Deed and note stand or fall together."""
        level = self._level()
        ticket = self._opened()
        clock = self._clock(ticket, "resolution")
        Escalation = self.env.registry["spoc.escalation"]

        def crash(_self):
            raise RuntimeError("lights out")

        with (
            freeze_time(at(0, 17)),
            patch.object(Escalation, "_spoc_carry_out", crash),
            self.assertRaises(RuntimeError),
            self.env.cr.savepoint(),
        ):
            clock._spoc_reach_levels()
        self.env.invalidate_all()
        self.assertFalse(clock.escalation_ids)
        self.assertEqual(clock.level_due, at(0, 17), "Still to be done")
        with freeze_time(at(0, 17)):
            clock._spoc_reach_levels()
            clock._spoc_reach_levels()
        self.assertEqual(clock.escalation_ids.level_id, level)
        values = clock._spoc_escalation_values(level, at(0, 17))
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.UniqueViolation),
            self.env.cr.savepoint(),
        ):
            self.env["spoc.escalation"].create(values)

    def test_raised_priority_counts_anew(self):
        self.policy.target_ids = [
            Command.create({"kind": "resolution", "priority": "2", "hours": 12})
        ]
        self._level(action="raise")
        ticket = self._opened()
        self._run_cron(at(0, 17))
        self.assertEqual(ticket.priority, "2")
        self.assertEqual(self._clock(ticket, "resolution").due, at(1, 13))

    def test_who_sees_and_changes_it(self):
        level = self._level()
        for user in (self.agent, self.manager):
            with self.assertRaises(AccessError):
                level.with_user(user).share = 10
        for user in (self.requester, self.customer):
            with self.assertRaises(AccessError):
                level.with_user(user).read(["share"])
        ticket = self._opened()
        self._run_cron(at(0, 17))
        done = self._clock(ticket, "resolution").escalation_ids
        self.assertTrue(done.with_user(self.agent).read(["share"]))
        for user in (self.liner, self.hr_agent, self.outsider, self.requester):
            with self.assertRaises(AccessError):
                done.with_user(user).read(["share"])
        with self.assertRaises(UserError):
            done.write({"share": 1})
        with self.assertRaises(UserError):
            level.unlink()


@tagged("post_install", "-at_install")
class TestClockPickup(ClockCase):
    """Somebody begins in time, or somebody else gets it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.desk.pickup_hours = 2

    def test_picked_up(self):
        ticket = self._opened()
        clock = self._clock(ticket, "pickup")
        self.assertEqual(clock.due, at(0, 11))
        with freeze_time(at(0, 10)):
            ticket.with_user(self.agent).action_take()
        self.assertEqual(clock.state, "met")
        self.assertEqual(clock.user_id, self.agent)

    def test_idle_owner_loses_it(self):
        ticket = self._opened()
        idle = []

        def _spoc_idle(tickets):
            idle.append(tickets.ids)
            tickets._spoc_set_owner(self.agent2)

        with patch.object(self.env.registry["spoc.ticket"], "_spoc_idle", _spoc_idle):
            self._run_cron(at(0, 11))
            self._run_cron(at(0, 12))
        self.assertEqual(idle, [ticket.ids])
        first, second = ticket.clock_ids.filtered(lambda c: c.kind == "pickup").sorted(
            "id"
        )
        self.assertEqual(first.state, "missed")
        self.assertEqual(first.user_id, self.agent, "Whoever let it lie")
        self.assertEqual(second.due, at(0, 13), "Two hours for the next one")

    def test_nobody_to_pick_it_up(self):
        with freeze_time(at(0, 9)):
            ticket = self._ticket()
        self._run_cron(at(0, 11))
        self.assertEqual(ticket.activity_ids.user_id, self.manager)
        self._run_cron(at(0, 16))
        pickups = ticket.clock_ids.filtered(lambda c: c.kind == "pickup")
        self.assertEqual(pickups.mapped("state"), ["missed"])

    def test_no_norm_no_clock(self):
        ticket = self._opened()
        with freeze_time(at(0, 10)):
            self.desk.pickup_hours = 0
        self.assertEqual(self._clock(ticket, "pickup").state, "stopped")
        self.assertFalse(self._clock(self._opened(), "pickup"))
