"""Silence of the requester: working days, exactly one reminder, then a yes."""

from contextlib import suppress
from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ..models import spoc_ticket_silence as silence
from .common import MONDAY, HelpdeskCommon


def at(day, hour):
    """March 2026; the 2nd is a Monday."""
    return datetime(2026, 3, day, hour)


@tagged("post_install", "-at_install")
class TestSilence(HelpdeskCommon):
    def setUp(self):
        super().setUp()
        self.desk.silence_days = 5
        self.desk.reminder_percent = 60
        self.cron = self.env["spoc.clock"]

    def _resolved(self, moment=MONDAY + timedelta(hours=1), **vals):
        with freeze_time(moment):
            ticket = self._ticket(**vals)
            ticket.with_user(self.agent).action_take()
            self._resolve(ticket)
        return ticket

    def _run(self, moment):
        with freeze_time(moment), self.enter_registry_test_mode():
            self.env.ref("spoc_helpdesk.cron_due").method_direct_trigger()
        self.env.invalidate_all()

    def _reminders(self, ticket):
        return len(
            ticket.message_ids.filtered(
                lambda m: "We do not remind you again" in (m.body or "")
            )
        )

    # ---- when ----

    def test_working_days_of_the_desk(self):
        ticket = self._resolved()
        # Five working days on: Monday a week later, at the same time of day.
        self.assertEqual(ticket.close_due, at(9, 10))
        # 60 % of its 40 hours: three days of eight hours.
        self.assertEqual(ticket.reminder_due, at(5, 10))

    def test_over_a_holiday(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Closed",
                "calendar_id": self.calendar.id,
                "date_from": at(3, 0),
                "date_to": at(4, 23),
            }
        )
        ticket = self._resolved()
        self.assertEqual(ticket.close_due, at(11, 10))

    def test_a_desk_that_never_works(self):
        self.calendar.attendance_ids.unlink()
        ticket = self._resolved()
        self.assertEqual(ticket.close_due, at(7, 10))
        self.assertEqual(ticket.reminder_due, at(5, 10))

    # ---- exactly once ----

    def test_reminds_once_then_closes(self):
        ticket = self._resolved()
        self._run(at(5, 9))
        self.assertEqual(self._reminders(ticket), 0)
        for hour in (10, 11, 12):
            self._run(at(5, hour))
            self.assertEqual(self._reminders(ticket), 1)
        self.assertEqual(ticket.reminded_at, at(5, 10))
        self.assertEqual(ticket.close_due, at(9, 10))
        self._run(at(9, 9))
        self.assertEqual(ticket.state, "resolved")
        self._run(at(9, 10))
        self.assertEqual((ticket.state, self._reminders(ticket)), ("closed", 1))
        self._run(at(20, 10))
        self.assertEqual(self._reminders(ticket), 1)

    def test_never_closed_without_a_reminder(self):
        """Nobody was awake: who is reminded late has the rest of the time all the
        same."""
        ticket = self._resolved()
        self._run(at(16, 10))
        self.assertEqual((ticket.state, self._reminders(ticket)), ("resolved", 1))
        # Two working days were to be left.
        self.assertEqual(ticket.close_due, at(18, 10))
        self._run(at(18, 10))
        self.assertEqual((ticket.state, self._reminders(ticket)), ("closed", 1))

    def test_the_reminder_repeats_the_link(self):
        ticket = self._resolved()
        with self.mock_mail_gateway():
            self._run(at(5, 10))
        mails = self._new_mails.filtered(lambda mail: ticket.number in mail.subject)
        self.assertEqual(len(mails), 1)
        self.assertIn("/spoc/request/confirm/", mails.body_html)
        self.assertNotIn(
            "/spoc/request/confirm/",
            "".join(ticket.message_ids.mapped(lambda m: m.body or "")),
        )

    def test_in_the_requesters_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.requester.lang = "fr_FR"
        template = self.env.ref("spoc_helpdesk.mail_template_reminder")
        template.with_context(lang="fr_FR").body_html = "<p>Est-ce réglé ?</p>"
        ticket = self._resolved()
        self._run(at(5, 10))
        self.assertIn("Est-ce réglé", ticket.message_ids[0].body)

    def test_a_crash_repeats_nothing(self):
        """A worker dies between two batches, or within one."""
        first, second = self._resolved(), self._resolved()
        Ticket = type(self.env["spoc.ticket"])
        remind, batches = Ticket._spoc_remind, []

        def die(tickets):
            remind(tickets)
            batches.append(tickets)
            if len(batches) == 2:
                raise RuntimeError("killed")

        with (
            patch.object(silence, "BATCH", 1),
            patch.object(Ticket, "_spoc_remind", die),
            mute_logger("odoo.addons.base.models.ir_cron"),
            suppress(RuntimeError),
        ):
            self._run(at(5, 10))
        # The first was committed, the second undone with all it had said; the
        # scheduler came again for it.
        self.assertEqual(
            [tickets.ids for tickets in batches],
            [first.ids, second.ids, second.ids],
        )
        self._run(at(5, 11))
        self._run(at(5, 12))
        self.assertEqual([self._reminders(t) for t in (first, second)], [1, 1])

    def test_an_answer_calls_it_off(self):
        ticket = self._resolved()
        with freeze_time(at(3, 10)):
            ticket.with_user(self.requester).sudo()._spoc_reject("Still broken")
        self.assertFalse(ticket.reminder_due or ticket.close_due)
        self._run(at(5, 10))
        self.assertEqual(self._reminders(ticket), 0)
        with freeze_time(at(6, 10)):
            self._resolve(ticket)
        self.assertEqual(ticket.reminder_due, at(11, 10))
        self._run(at(11, 10))
        self.assertEqual(self._reminders(ticket), 1)

    def test_wakes_for_the_reminder(self):
        trigger = self.env["ir.cron.trigger"]
        trigger.search([]).unlink()
        self._resolved()
        cron = self.env.ref("spoc_helpdesk.cron_due")
        moments = trigger.search([("cron_id", "=", cron.id)]).mapped("call_at")
        self.assertTrue(any(moment <= at(5, 10) for moment in moments))
        trigger.search([]).unlink()
        self._run(at(5, 10))
        moments = trigger.search([("cron_id", "=", cron.id)]).mapped("call_at")
        self.assertIn(at(9, 10), moments)

    def test_cost_follows_what_is_due(self):
        def cost(number):
            tickets = self.env["spoc.ticket"].concat(
                *[self._resolved() for _one in range(number)]
            )
            self._run(at(5, 10))
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._run(at(9, 10))
            self.env.flush_all()
            self.assertEqual(set(tickets.mapped("state")), {"closed"})
            return self.env.cr.sql_log_count - before

        cost(1)
        few, many = cost(2), cost(12)
        # Two for the trail of each ticket, which Odoo writes one by one.
        self.assertLessEqual(many - few, 2 * 10 + 3)

    def test_the_link_lives_as_long_as_the_silence(self):
        self.desk.write({"silence_days": 30, "reopen_days": 1})
        ticket = self._resolved()
        with freeze_time(at(2, 11)):
            token = ticket._spoc_confirm_token()
        with freeze_time(ticket.close_due - timedelta(hours=1)):
            found, reason = self.env["spoc.ticket"]._spoc_from_confirm_token(token)
        self.assertEqual((found.id, reason), (ticket.id, ""))
        with freeze_time(ticket.close_due + timedelta(days=2)):
            _found, reason = self.env["spoc.ticket"]._spoc_from_confirm_token(token)
        self.assertEqual(reason, "expired")
