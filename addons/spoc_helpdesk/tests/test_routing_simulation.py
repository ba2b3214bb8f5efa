from datetime import date, timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged

from .common import MONDAY
from .routing_common import RoutingCommon


@tagged("post_install", "-at_install")
class TestRoutingSimulation(RoutingCommon):
    """A past day of the desk, played again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(MONDAY + timedelta(hours=7)))

    def setUp(self):
        super().setUp()
        # The day's tickets, all given to one by hand.
        self.desk.routing_mode = "manual"
        self.tickets = self.env["spoc.ticket"]
        for hours, partner in enumerate(self._partners(4)):
            with freeze_time(MONDAY + timedelta(hours=hours)):
                self.tickets |= self._ask(hours, requester_id=partner.id)
        for hours, ticket in enumerate(self.tickets):
            with freeze_time(MONDAY + timedelta(hours=hours, minutes=30)):
                ticket.with_user(self.agent).action_take()
        self.desk.routing_mode = "push"

    def _play(self, **vals):
        play = (
            self.env["spoc.routing.simulation"]
            .with_user(self.manager)
            .create(
                {
                    "desk_id": self.desk.id,
                    "date_from": MONDAY.date(),
                    "date_to": MONDAY.date(),
                    **vals,
                }
            )
        )
        play.action_play()
        return play

    def _got(self, play, scenario):
        lines = play.agent_line_ids.filtered(lambda line: line.scenario == scenario)
        return {line.user_id: line.tickets for line in lines if line.tickets}

    def test_beside_what_happened(self):
        play = self._play()
        self.assertEqual(play.ticket_count, 4)
        self.assertEqual(self._got(play, "past"), {self.agent: 4})
        self.assertEqual(self._got(play, "replay"), {self.agent: 2, self.agent2: 2})
        self.assertEqual(play.changed_count, 2)
        self.assertEqual(play.past_unowned, 4)
        self.assertEqual(play.new_unowned, 0)
        self.assertAlmostEqual(play.past_wait, 0.5, places=2)
        self.assertEqual(play.new_wait, 0)
        line = play.ticket_line_ids[0]
        self.assertEqual(line.ticket_id, self.tickets[0])
        self.assertIn("0 open tickets", line.why)

    def test_touches_nothing(self):
        before = self.tickets.read(["owner_id", "write_date", "routing_note"])
        ledger = self.env["spoc.ownership"].search_count([])
        self._play(mode="pull")
        self.tickets.invalidate_recordset()
        after = self.tickets.read(["owner_id", "write_date", "routing_note"])
        self.assertEqual(after, before)
        self.assertEqual(self.env["spoc.ownership"].search_count([]), ledger)

    def test_changed_members(self):
        play = self._play()
        play.member_ids.filtered(lambda m: m.user_id == self.agent2).write(
            {"away_from": MONDAY.date()}
        )
        play.action_play()
        self.assertEqual(self._got(play, "replay"), {self.agent: 4})
        play.member_ids.filtered(lambda m: m.user_id == self.agent).unlink()
        play.action_play()
        self.assertFalse(self._got(play, "replay"))
        self.assertEqual(play.never_count, 4)
        play.member_ids = [(0, 0, {"user_id": self.liner.id})]
        play.action_play()
        self.assertEqual(self._got(play, "replay"), {self.liner: 4})

    def test_capacity(self):
        play = self._play(capacity=1)
        self.assertEqual(self._got(play, "replay"), {self.agent: 1, self.agent2: 1})
        self.assertEqual((play.new_unowned, play.never_count), (2, 2))

    def test_settings_of_the_desk_to_begin_with(self):
        self.desk.write({"capacity": 7, "weight_known": 3, "routing_mode": "pull"})
        self.env["spoc.desk.limit"].create(
            {"desk_id": self.desk.id, "user_id": self.agent.id, "capacity": 2}
        )
        with Form(self.env["spoc.routing.simulation"].with_user(self.manager)) as form:
            self.assertEqual(form.desk_id, self.desk)
            self.assertEqual(form.date_to, date(2026, 3, 2))
            form.date_from = MONDAY.date()
            self.assertEqual((form.mode, form.capacity), ("pull", 7))
            self.assertEqual(form.weight_known, 3)
            form.weight_known = 4
            form.date_to = MONDAY.date()
        play = form.record
        self.assertEqual(play.weight_known, 4)
        limits = {m.user_id: (m.has_limit, m.capacity) for m in play.member_ids}
        self.assertEqual(limits, {self.agent: (True, 2), self.agent2: (False, 0)})
        play.action_play()
        self.assertEqual(play.ticket_count, 4)

    def test_bad_days(self):
        with self.assertRaises(ValidationError):
            self._play(date_to=date(2026, 3, 1))
        with self.assertRaises(ValidationError):
            self._play(date_from=date(2025, 3, 1))
        with self.assertRaises(UserError):
            self._play(date_from=date(2026, 2, 1), date_to=date(2026, 2, 1))
