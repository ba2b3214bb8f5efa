from datetime import datetime, timedelta

from odoo import fields
from odoo.tests import freeze_time, tagged

from .common import MONDAY, HelpdeskCommon


def at(day, hour, minute=0):
    """A moment of the week that begins on MONDAY."""
    return MONDAY.replace(hour=hour, minute=minute) + timedelta(days=day)


@tagged("post_install", "-at_install")
class TestClock(HelpdeskCommon):
    """Promises in working time: 4 h response, 8 h update, 16 h resolution, 9 to 17."""

    def _clock(self, ticket, kind):
        return ticket.clock_ids.filtered(lambda c: c.kind == kind).sorted("id")[-1:]

    def test_due(self):
        with freeze_time(at(0, 10)):
            ticket = self._ticket(owner_id=self.agent.id)
        self.assertEqual(self._clock(ticket, "response").due, at(0, 14))
        self.assertEqual(ticket.next_due, at(0, 14))
        self.assertEqual(ticket.next_update_due, at(1, 10))
        self.assertEqual(ticket.resolution_due, at(2, 10))

    def test_due_over_weekend_and_holiday(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": self.calendar.id,
                "date_from": datetime(2026, 3, 9, 0),
                "date_to": datetime(2026, 3, 9, 23, 59, 59),
            }
        )
        with freeze_time(at(4, 16)):  # Friday
            ticket = self._ticket()
        self.assertEqual(ticket.next_due, at(8, 12), "Saturday, Sunday, holiday")

    def test_promise_is_kept_as_made(self):
        with freeze_time(at(0, 10)):
            ticket = self._ticket(service_id=self.service.id)
        due = ticket.resolution_due
        self.policy.target_ids.hours = 1
        self.service.target_policy_id = False
        self.desk.target_policy_id = False
        self.assertEqual(ticket.resolution_due, due)
        self.assertEqual(self._clock(ticket, "resolution").seconds, 16 * 3600)
        with freeze_time(at(0, 11)):
            ticket.priority = "3"
            ticket.owner_id = self.agent
            self._say(ticket, self.agent)
        self.assertEqual(ticket.next_update_due, at(1, 11), "8 h as promised, not 1")

    def test_first_response_takes_a_person(self):
        with freeze_time(at(0, 10)):
            ticket = self._ticket(owner_id=self.agent.id)
        clock = self._clock(ticket, "response")
        with freeze_time(at(0, 11)):
            self._note(ticket, self.agent)
            self._say(ticket, self.agent, body="")
            self._say(ticket, self.agent, body="   ")
            self._say(ticket, self.requester)
            ticket._spoc_tell("spoc_helpdesk.mail_template_received", moment=False)
            ticket.with_user(self.agent).priority = "2"
        self.assertEqual(clock.state, "running")
        self.assertFalse(ticket.first_response_at)
        with freeze_time(at(0, 12)):
            self._say(ticket, self.agent2)
        self.assertEqual(clock.state, "met")
        self.assertEqual(ticket.first_response_at, at(0, 12))
        self.assertEqual(ticket.state, "in_progress")

    def test_late_response_is_missed(self):
        with freeze_time(at(0, 10)):
            ticket = self._ticket(owner_id=self.agent.id)
        with freeze_time(at(0, 15)):
            self._say(ticket, self.agent)
        clock = self._clock(ticket, "response")
        self.assertEqual(clock.state, "missed")
        self.assertEqual(clock.breached_at, at(0, 14))
        self.assertEqual(clock.ended_at, at(0, 15))

    def test_update_is_renewed(self):
        with freeze_time(at(0, 10)):
            ticket = self._ticket(owner_id=self.agent.id)
        for day in (0, 1):
            with freeze_time(at(day, 11)):
                self._say(ticket, self.agent)
            self.assertEqual(ticket.next_update_due, at(day + 1, 11))
        updates = ticket.clock_ids.filtered(lambda c: c.kind == "update").sorted("id")
        self.assertEqual(updates.mapped("state"), ["met", "met", "running"])

    def test_waiting_pauses(self):
        with freeze_time(at(0, 10)):
            ticket = self._ticket(owner_id=self.agent.id)
            self._say(ticket, self.agent)
        with freeze_time(at(0, 15)):
            ticket.with_user(self.agent).action_wait()
        resolution = self._clock(ticket, "resolution")
        self.assertEqual(resolution.state, "paused")
        self.assertEqual(resolution.remaining, 11 * 3600)
        self.assertFalse(ticket.next_due)
        with freeze_time(at(3, 9)):
            self._say(ticket, self.requester, body="Here it is")
        self.assertEqual(ticket.state, "in_progress")
        self.assertEqual(resolution.state, "running")
        self.assertEqual(resolution.due, at(4, 12))
        self.assertEqual(ticket.resolution_due, at(4, 12))
        self.assertEqual(ticket.next_update_due, at(3, 12))

    def test_waiting_does_not_hide_a_breach(self):
        with freeze_time(at(0, 10)):
            ticket = self._ticket(owner_id=self.agent.id)
        with freeze_time(at(3, 10)):
            ticket.with_user(self.agent).action_wait()
        resolution = self._clock(ticket, "resolution")
        self.assertEqual(resolution.state, "missed")
        self.assertEqual(resolution.breached_at, at(2, 10))

    def test_resolved_and_reopened(self):
        with freeze_time(at(0, 10)):
            ticket = self._ticket(owner_id=self.agent.id)
        with freeze_time(at(0, 16)):
            self._resolve(ticket)
        self.assertEqual(
            {c.kind: c.state for c in ticket.clock_ids},
            {"response": "missed", "update": "stopped", "resolution": "met"},
        )
        self.assertFalse(ticket.next_due)
        with freeze_time(at(1, 9)):
            ticket.with_user(self.agent).action_reopen()
        resolution = self._clock(ticket, "resolution")
        self.assertEqual(resolution.state, "running")
        self.assertEqual(resolution.due, at(2, 11), "10 of 16 hours were left")
        self.assertEqual(resolution.seconds, 16 * 3600)

    def test_reopened_late_gets_a_share(self):
        with freeze_time(at(0, 10)):
            ticket = self._ticket(owner_id=self.agent.id)
        with freeze_time(at(3, 10)):
            self._resolve(ticket)
        with freeze_time(at(4, 9)):
            ticket.with_user(self.agent).action_reopen()
        self.assertEqual(self._clock(ticket, "resolution").due, at(4, 13))
        missed = ticket.clock_ids.filtered(
            lambda c: c.kind == "resolution" and c.state == "missed"
        )
        self.assertEqual(len(missed), 1, "What was missed stays missed")

    def test_no_policy_no_promise(self):
        ticket = self._ticket(desk_id=self.line.id)
        self.assertFalse(ticket.clock_ids)
        self.assertFalse(ticket.next_due)

    # ---- the scheduled action ----------------------------------------------

    def _triggers(self):
        cron = self.env.ref("spoc_helpdesk.cron_due")
        return self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])

    def _run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("spoc_helpdesk.cron_due").method_direct_trigger()

    def test_wakes_when_due(self):
        self._triggers().unlink()
        with freeze_time(at(0, 10)):
            self._ticket()
            self.assertEqual(self._triggers().mapped("call_at"), [at(0, 14)])
            for _more in range(5):
                self._ticket()
            self.assertEqual(len(self._triggers()), 1, "One wake-up is enough")
        with freeze_time(at(0, 9)):
            self._ticket()
        self.assertIn(at(0, 13), self._triggers().mapped("call_at"), "An earlier due")

    def test_cron_records_each_breach_once(self):
        self.env["spoc.clock"].search([("state", "=", "running")])._spoc_end(
            fields.Datetime.now(), kept=False
        )
        with freeze_time(at(0, 10)):
            late = self._ticket(owner_id=self.agent.id)
            unowned = self._ticket()
        with freeze_time(at(0, 13)):
            fine = self._ticket()
        for _run in range(2):
            with freeze_time(at(0, 14)):
                self._run_cron()
            clock = self._clock(late, "response")
            self.assertEqual(clock.state, "missed")
            self.assertEqual(clock.breached_at, at(0, 14))
            self.assertEqual(late.next_due, at(1, 10), "The next promise counts on")
            self.assertEqual(self._clock(fine, "response").state, "running")
            self.assertEqual(late.activity_ids.user_id, self.agent)
            self.assertEqual(len(late.activity_ids), 1)
            self.assertEqual(unowned.activity_ids.user_id, self.manager)
        with freeze_time(at(0, 14)):
            self.assertTrue(
                self._triggers().filtered(lambda t: t.call_at > at(0, 14)),
                "The next wake-up is armed",
            )

    def test_cron_looks_at_what_is_due_only(self):
        """The cost follows what is due, not what is open."""
        now = fields.Datetime.now()
        self.env["spoc.clock"].search([("due", "<=", now)])._spoc_end(now, kept=False)

        def cost():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._run_cron()
            return self.env.cr.sql_log_count - before

        self._ticket()
        cost()
        few = cost()
        for _more in range(20):
            self._ticket()
        self.assertLessEqual(cost(), few)

    def test_silence_closes(self):
        ticket = self._ticket(owner_id=self.agent.id)
        with freeze_time(at(0, 10)):
            self._resolve(ticket)
            self.assertEqual(ticket.close_due, at(7, 10))
        with freeze_time(at(3, 10)):
            self._run_cron()
        self.assertEqual(ticket.reminded_at, at(3, 10))
        with freeze_time(at(7, 9)):
            self._run_cron()
            self.assertEqual(ticket.state, "resolved")
        with freeze_time(at(7, 10)):
            self._run_cron()
        self.assertEqual(ticket.state, "closed")
        self.assertEqual(ticket.closed_at, at(7, 10))
