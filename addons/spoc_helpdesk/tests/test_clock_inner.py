from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .clock_common import ClockCase
from .test_clock import at


@tagged("post_install", "-at_install")
class TestClockOla(ClockCase):
    """Work of another line has its own clock, in its own hours."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.line.target_policy_id = cls.env["spoc.target.policy"].create(
            {
                "name": "Between lines",
                "target_ids": [
                    Command.create({"kind": "ola", "hours": 8}),
                    Command.create({"kind": "ola", "priority": "3", "hours": 2}),
                ],
            }
        )

    def _part(self, ticket, moment, **vals):
        with freeze_time(moment):
            return (
                self.env["spoc.assignment"]
                .with_user(self.agent)
                .create(
                    {
                        "ticket_id": ticket.id,
                        "desk_id": self.line.id,
                        "name": "Look at it",
                        **vals,
                    }
                )
                .sudo()
            )

    def test_norm_of_the_line(self):
        part = self._part(self._opened(), at(0, 13))
        self.assertEqual(part.due, at(1, 13))
        self.assertEqual(part.clock_ids.desk_id, self.line)
        urgent = self._part(self._opened(priority="3"), at(0, 13))
        self.assertEqual(urgent.due, at(0, 15))
        self.assertNotIn("ola", self.line.target_policy_id._spoc_targets("1"))

    def test_a_date_agreed(self):
        part = self._part(self._opened(), at(0, 13), due=at(0, 16))
        self.assertEqual(part.clock_ids.due, at(0, 16))
        with freeze_time(at(0, 14)):
            part.with_user(self.agent).due = at(1, 12)
        self.assertEqual(part.clock_ids.due, at(1, 12))
        self.assertEqual(part.clock_ids.event_ids.mapped("cause"), [False, "due"])

    def test_a_date_agreed_is_that_date(self):
        part = self._part(self._opened(), at(0, 9))
        with freeze_time(at(0, 10)):
            part.with_user(self.agent).due = at(0, 10, 30)
        self.assertEqual(part.clock_ids.due, at(0, 10, 30))
        with freeze_time(at(0, 10)):
            part.with_user(self.agent).due = False
        self.assertEqual(part.clock_ids.state, "stopped")

    def test_pauses_where_a_reason_says_so(self):
        ticket = self._opened()
        part = self._part(ticket, at(0, 9))
        reason = self.env.ref("spoc_helpdesk.wait_reason_requester")
        reason.pauses_ola = True
        with freeze_time(at(0, 13)):
            ticket._spoc_wait(reason)
        self.assertEqual(part.ola_state, "paused")
        with freeze_time(at(1, 13)):
            ticket._spoc_happened("reply")
        self.assertEqual(part.clock_ids.due, at(1, 17))
        self.assertEqual(part.due, at(1, 17))

    def test_answered_sent_back_confirmed(self):
        part = self._part(self._opened(), at(0, 13))
        line = part.with_user(self.liner)
        with freeze_time(at(0, 15)):
            line.action_accept()
            line.answer = "<p>Done</p>"
            line.action_answer()
        self.assertEqual(part.clock_ids.state, "met")
        self.assertEqual(part.clock_ids.user_id, self.liner)
        with freeze_time(at(1, 9)):
            part.with_user(self.agent).action_send_back()
        self.assertEqual(part.due, at(1, 15), "6 hours were left")
        with freeze_time(at(2, 9)):
            line.action_answer()
            part.with_user(self.agent).action_confirm()
        self.assertEqual(part.clock_ids.sorted("id").mapped("state"), ["met", "missed"])
        self.assertEqual(part.ola_state, "missed")

    def test_overdue_calls_the_line(self):
        part = self._part(self._opened(), at(0, 13))
        with freeze_time(at(0, 13)):
            part.with_user(self.liner).action_accept()
        self._run_cron(at(1, 13))
        self.assertEqual(part.clock_ids.state, "missed")
        self.assertEqual(part.activity_ids.user_id, self.liner)

    def test_the_line_sees_no_clock(self):
        part = self._part(self._opened(), at(0, 13))
        clocks = self.env["spoc.clock"].with_user(self.liner)
        self.assertFalse(clocks.search([("assignment_id", "=", part.id)]))
        self.assertEqual(part.with_user(self.liner).ola_state, "running")
        with self.assertRaises(AccessError):
            part.clock_ids.with_user(self.liner).read(["due"])


@tagged("post_install", "-at_install")
class TestClockReports(ClockCase):
    """Promises kept, told and replayed."""

    def test_share_kept(self):
        good, late = self._opened(), self._opened()
        with freeze_time(at(0, 10)):
            self._say(good, self.agent)
        with freeze_time(at(0, 15)):
            self._say(late, self.agent2)
        clocks = (good | late).clock_ids
        rows = self.env["spoc.clock"]._read_group(
            [("id", "in", clocks.ids)], ["kind"], ["kept:avg", "__count"]
        )
        shares = {kind: share for kind, share, _count in rows}
        self.assertEqual(shares["response"], 50, "Running ones are left out")
        self.assertFalse(shares["resolution"])

    def test_told(self):
        ticket = self._opened()
        with freeze_time(at(0, 11)):
            self._say(ticket, self.agent)
            ticket.with_user(self.agent).action_wait()
        with freeze_time(at(1, 11)):
            self._say(ticket, self.requester)
        clock = self._clock(ticket, "resolution").with_user(self.agent)
        with freeze_time(at(1, 12)):
            html = clock.story_html
            self.assertEqual(clock._spoc_story().due, clock.due)
            lanes = {e["lane"] for e in ticket._spoc_timeline_entries()}
        for words in ("Answer of the requester", "Counted", "Paused", "24:00"):
            self.assertIn(words, html)
        self.assertIn("o_spoc_strip", ticket.with_user(self.agent).clock_story_html)
        self.assertLessEqual({"waiting", "promises"}, lanes)

    def _replay(self, user=None, **targets):
        policy = self.env["spoc.target.policy"].create(
            {
                "name": "To try",
                "target_ids": [
                    Command.create({"kind": kind, "hours": hours})
                    for kind, hours in targets.items()
                ],
            }
        )
        replay = (
            self.env["spoc.clock.replay"]
            .with_user(user or self.manager)
            .create(
                {
                    "policy_id": policy.id,
                    "date_from": at(0, 9).date(),
                    "date_to": at(4, 9).date(),
                    "desk_ids": [Command.set(self.desk.ids)],
                }
            )
        )
        with freeze_time(at(10, 9)):
            replay.action_replay()
        return replay

    def test_replay(self):
        quick, slow, waiting = self._opened(), self._opened(), self._opened()
        with freeze_time(at(0, 10)):
            self._say(quick, self.agent)
            self._say(waiting, self.agent)
            waiting.with_user(self.agent).action_wait()
        with freeze_time(at(0, 15)):
            self._say(slow, self.agent)
            self._resolve(quick)
        with freeze_time(at(2, 10)):
            self._say(waiting, self.requester)
            self._resolve(waiting)
        before = (quick | slow | waiting).clock_ids.read()
        replay = self._replay(response=6, resolution=5)
        lines = {(one.ticket_id, one.kind): one for one in replay.line_ids}
        self.assertEqual(lines[slow, "response"].change, "better")
        self.assertEqual(lines[quick, "response"].change, "same")
        self.assertEqual(lines[quick, "resolution"].change, "worse", "6 of 5 hours")
        self.assertEqual(
            lines[waiting, "resolution"].would, "met", "Two days did not count"
        )
        self.assertEqual(lines[slow, "resolution"].would, "missed")
        self.assertNotIn((quick, "update"), lines, "It promises no updates")
        self.assertEqual((quick | slow | waiting).clock_ids.read(), before)
        [[share]] = self.env["spoc.clock.replay.line"]._read_group(
            [("replay_id", "=", replay.id), ("kind", "=", "response")],
            [],
            ["kept_then:avg"],
        )
        self.assertAlmostEqual(share, 200 / 3, places=1)

    def test_replay_sees_what_its_user_sees(self):
        hidden = self._ticket(desk_id=self.hr.id)
        self.hr.target_policy_id = self.policy
        for user in (self.agent, self.requester, self.customer):
            with self.assertRaises(AccessError):
                self.env["spoc.clock.replay"].with_user(user).create(
                    {"policy_id": self.policy.id}
                )
        replay = self._replay(response=6)
        self.assertNotIn(hidden, replay.line_ids.ticket_id)
        other = self._person("t_manager_two", "spoc_catalog.group_manager")
        self.assertFalse(
            self.env["spoc.clock.replay.line"]
            .with_user(other)
            .search([("replay_id", "=", replay.id)])
        )

    def test_replay_costs_little(self):
        for _more in range(8):
            self._opened()
        self._replay(response=6)
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        self._replay(response=6, update=2, resolution=3)
        few = self.env.cr.sql_log_count - before
        for _more in range(24):
            self._opened()
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        self._replay(response=6, update=2, resolution=3)
        self.assertLessEqual(self.env.cr.sql_log_count - before, few + 6)
