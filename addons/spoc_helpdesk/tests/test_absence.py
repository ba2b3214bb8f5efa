from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .common import MONDAY, HelpdeskCommon


@tagged("post_install", "-at_install")
class TestAbsence(HelpdeskCommon):
    """An owner on leave hands over, by rule and once."""

    def setUp(self):
        super().setUp()
        self.cron = self.env.ref("spoc_helpdesk.cron_absence")
        for user in (self.agent, self.agent2):
            self.env["hr.employee"].create(
                {
                    "name": user.name,
                    "user_id": user.id,
                    "resource_calendar_id": self.calendar.id,
                }
            )
        with freeze_time(MONDAY):
            self.ticket = self._ticket(owner_id=self.agent.id)

    def _leave(self, user, start=1, days=5, **vals):
        resource = self.env["resource.resource"].search([("user_id", "=", user.id)])
        return self.env["resource.calendar.leaves"].create(
            {
                "name": "Secret cure",
                "resource_id": resource.id,
                "calendar_id": self.calendar.id,
                "date_from": MONDAY + timedelta(days=start),
                "date_to": MONDAY + timedelta(days=start + days),
                **vals,
            }
        )

    def _triggers(self):
        return (
            self.env["ir.cron.trigger"]
            .search([("cron_id", "=", self.cron.id)])
            .mapped("call_at")
        )

    def _run(self, days=1, hours=0):
        with (
            freeze_time(MONDAY + timedelta(days=days, hours=hours)),
            self.enter_registry_test_mode(),
        ):
            self.cron.method_direct_trigger()

    def test_nothing_polls(self):
        with freeze_time(MONDAY):
            leave = self._leave(self.agent)
        self.assertEqual(self._triggers(), [leave.date_from])
        with freeze_time(MONDAY):
            leave.date_from = MONDAY + timedelta(days=2)
        self.assertIn(MONDAY + timedelta(days=2), self._triggers())

    def test_others_wake_nobody(self):
        with freeze_time(MONDAY):
            self._leave(self.agent, time_type="other")
            self._leave(self.agent, resource_id=False)
            self._leave(self.agent, start=-9, days=2)
        self.assertFalse(self._triggers())

    def test_deputy(self):
        self.agent.with_user(self.agent).spoc_deputy_id = self.agent2
        with freeze_time(MONDAY):
            self._leave(self.agent)
        self._run()
        self.assertEqual(self.ticket.owner_id, self.agent2)
        act = self.ticket.act_ids
        self.assertEqual(act.kind, "absence")
        self.assertFalse(act.user_id, "A rule did it")
        self.assertEqual(act.from_user_id, self.agent)
        self.assertEqual(act.to_user_id, self.agent2)
        self.assertIn("T Agent is away until 03/08/2026", act.reason)
        self.assertIn("deputy", act.reason)
        self.assertNotIn("cure", act.reason, "Why somebody is away is nobody's matter")
        said = "".join(self.ticket.message_ids.mapped("body"))
        self.assertIn("is away until", said)
        self._commit_checks()

    def test_deputy_is_away_too(self):
        self.agent.spoc_deputy_id = self.agent2
        with freeze_time(MONDAY):
            self._leave(self.agent)
            self._leave(self.agent2)
        self._run()
        self.assertFalse(self.ticket.owner_id, "The desk routes by hand: it answers")
        self.assertIn("the desk answers for it", self.ticket.act_ids.reason)

    def test_deputy_of_another_desk(self):
        self.agent.spoc_deputy_id = self.liner
        with freeze_time(MONDAY):
            self._leave(self.agent)
        self._run()
        self.assertFalse(self.ticket.owner_id)

    def test_routed_again(self):
        self.desk.routing_mode = "push"
        with freeze_time(MONDAY):
            self._leave(self.agent)
        self._run()
        self.assertEqual(self.ticket.owner_id, self.agent2)
        self.assertIn("routing chose", self.ticket.act_ids.reason)

    def test_short_leave(self):
        with freeze_time(MONDAY):
            self._leave(self.agent, days=0.5)
        self._run()
        self.assertEqual(self.ticket.owner_id, self.agent)
        self.desk.absence_hours = 6
        with freeze_time(MONDAY):
            self._leave(self.agent, start=2, days=0.5)
        self._run(days=2)
        self.assertFalse(self.ticket.owner_id)

    def test_never(self):
        self.desk.absence_hours = 0
        with freeze_time(MONDAY):
            self._leave(self.agent, days=50)
        self._run()
        self.assertEqual(self.ticket.owner_id, self.agent)

    def test_not_before_not_after(self):
        with freeze_time(MONDAY):
            self._leave(self.agent)
        self._run(days=0)
        self.assertEqual(self.ticket.owner_id, self.agent)
        self._run(days=9)
        self.assertEqual(self.ticket.owner_id, self.agent)

    def test_once(self):
        """What somebody takes while on leave is theirs."""
        with freeze_time(MONDAY):
            leave = self._leave(self.agent)
        self._run()
        self.ticket.with_user(self.agent).action_take()
        self._run(days=2)
        self.assertEqual(self.ticket.owner_id, self.agent)
        with freeze_time(MONDAY + timedelta(days=2)):
            leave.date_to += timedelta(days=1)
        self._run(days=2, hours=1)
        self.assertEqual(self.ticket.owner_id, self.agent, "The same leave, longer")

    def test_ended_tickets_stay(self):
        with freeze_time(MONDAY):
            self._resolve(self.ticket)
            self.ticket.with_user(self.agent).action_close()
            self._leave(self.agent)
        self._run()
        self.assertEqual(self.ticket.owner_id, self.agent)

    def test_deputy_is_ones_own(self):
        with self.assertRaises(AccessError):
            self.agent.with_user(self.agent2).spoc_deputy_id = self.agent2

    def test_leaves_one_after_another_are_one(self):
        """Two days, a weekend, three days: away from Thursday to Wednesday."""
        self.agent.with_user(self.agent).spoc_deputy_id = self.agent2
        self.desk.absence_hours = 72
        with freeze_time(MONDAY):
            first = self._leave(self.agent, start=3, days=2 - 16 / 24)  # Fri, 17:00
            second = self._leave(self.agent, start=7, days=2)
        self._run(days=3)
        self.assertEqual(self.ticket.owner_id, self.agent2)
        self.assertIn("away until 03/11/2026", self.ticket.act_ids.reason)
        self.assertTrue(first.sudo().spoc_handed_over)
        self.assertTrue(second.sudo().spoc_handed_over, "Looked at as one")
        with freeze_time(MONDAY):
            taken = self._ticket(owner_id=self.agent.id)
        self._run(days=7)
        self.assertEqual(taken.owner_id, self.agent, "What one takes stays one's own")

    def test_a_working_hour_between_makes_two(self):
        self.agent.with_user(self.agent).spoc_deputy_id = self.agent2
        self.desk.absence_hours = 72
        with freeze_time(MONDAY):
            self._leave(self.agent, start=3, days=2 - 17 / 24)  # Fri, 16:00
            second = self._leave(self.agent, start=7, days=2)
            self._leave(self.agent, start=7, days=4, time_type="other")
            self._leave(self.agent2, start=5, days=9)
        self._run(days=3)
        self.assertEqual(self.ticket.owner_id, self.agent)
        self.assertFalse(second.sudo().spoc_handed_over)
