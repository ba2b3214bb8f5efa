from datetime import timedelta

import psycopg2

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .common import MONDAY, HelpdeskCommon
from .portal_common import PortalCase
from .test_clock import at


@tagged("post_install", "-at_install")
class TestWaiting(HelpdeskCommon):
    """Tickets wait for something, and go on by themselves when it comes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        ref = cls.env.ref
        cls.for_reply = ref("spoc_helpdesk.wait_reason_requester")
        cls.for_supplier = ref("spoc_helpdesk.wait_reason_supplier")
        cls.for_approval = ref("spoc_helpdesk.wait_reason_approval")
        cls.for_date = ref("spoc_helpdesk.wait_reason_date")

    def _begun(self):
        with freeze_time(at(0, 10)):
            ticket = self._ticket(owner_id=self.agent.id)
            self._say(ticket, self.agent)
        return ticket

    def _states(self, ticket):
        return {c.kind: c.state for c in ticket.clock_ids.sorted("id")}

    def _run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("spoc_helpdesk.cron_due").method_direct_trigger()

    # ---- forbidden ---------------------------------------------------------

    def test_nobody_rewrites_it(self):
        ticket = self._begun()
        with freeze_time(at(0, 11)):
            ticket.with_user(self.agent).action_wait()
        wait = ticket.wait_ids
        for user in (self.agent, self.admin, self.outsider, self.requester):
            with self.assertRaises(AccessError):
                wait.with_user(user).write({"end": at(0, 10)})
            with self.assertRaises(AccessError):
                wait.with_user(user).unlink()
        with self.assertRaises(UserError):
            wait.write({"start": at(0, 9)})
        with self.assertRaises(UserError):
            wait.unlink()

    def test_the_database_keeps_it(self):
        ticket = self._begun()
        with freeze_time(at(0, 11)):
            ticket.with_user(self.agent).action_wait()
        wait = ticket.wait_ids
        self.env.flush_all()
        for statement in (
            "UPDATE spoc_wait SET start = start - interval '1 hour' WHERE id = %s",
            "UPDATE spoc_wait SET pauses = 'ola' WHERE id = %s",
            "DELETE FROM spoc_wait WHERE id = %s",
            "INSERT INTO spoc_wait (ticket_id, reason_id, waits_for, start)"
            " SELECT ticket_id, reason_id, waits_for, start FROM spoc_wait"
            " WHERE id = %s",
        ):
            with (
                self.subTest(statement),
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.errors.IntegrityError),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(statement, [wait.id])

    def test_who_sees_it(self):
        ticket = self._begun()
        hidden = self._ticket(desk_id=self.hr.id, owner_id=self.hr_agent.id)
        for one, user in ((ticket, self.agent), (hidden, self.hr_agent)):
            one.with_user(user).action_wait()
        Wait = self.env["spoc.wait"]
        both = (ticket | hidden).wait_ids
        for user, seen in (
            (self.agent, ticket),
            (self.manager, ticket),
            (self.admin, ticket),
            (self.liner, ticket.browse()),
            (self.hr_agent, hidden),
        ):
            found = Wait.with_user(user).search([("id", "in", both.ids)])
            self.assertEqual(found.sudo().ticket_id, seen, user.login)
        for user in (self.requester, self.customer, self.outsider):
            with self.assertRaises(AccessError):
                Wait.with_user(user).search([])

    def test_only_the_desk_waits(self):
        ticket = self._begun()
        for user in (self.requester, self.liner, self.outsider, self.admin):
            with self.assertRaises(AccessError):
                ticket.with_user(user).action_wait_wizard()
            with self.assertRaises(AccessError):
                self.env["spoc.ticket.wait"].with_user(user).create(
                    {"ticket_ids": ticket.ids, "reason_id": self.for_reply.id}
                ).action_wait()
        with self.assertRaises(AccessError):
            ticket.with_user(self.agent).wait_reason_id = self.for_reply

    def test_reasons_are_the_administrators(self):
        for user in (self.agent, self.manager):
            with self.assertRaises(AccessError):
                self.for_reply.with_user(user).name = "Mine"
        self.for_reply.with_user(self.admin).name = "Theirs"
        with self.assertRaises(AccessError):
            self.for_reply.with_user(self.customer).read(["name"])

    # ---- what pauses -------------------------------------------------------

    def test_each_reason_pauses_what_it_says(self):
        expected = {
            self.for_reply: {"update": "paused", "resolution": "paused"},
            self.for_supplier: {"update": "running", "resolution": "paused"},
            self.for_approval: {"update": "paused", "resolution": "paused"},
            self.for_date: {"update": "paused", "resolution": "paused"},
        }
        for reason, states in expected.items():
            ticket = self._begun()
            with freeze_time(at(0, 11)):
                ticket._spoc_wait(reason, at(1, 11))
            with self.subTest(reason.name):
                self.assertEqual(ticket.state, "waiting")
                self.assertEqual(ticket.wait_reason_id, reason)
                self.assertEqual(self._states(ticket), {"response": "met", **states})

    def test_the_promise_goes_on_in_waiting(self):
        ticket = self._begun()
        with freeze_time(at(0, 11)):
            ticket._spoc_wait(self.for_supplier)
            self.assertEqual(ticket.next_update_due, at(1, 10))
            self._say(ticket, self.agent)
        self.assertEqual(ticket.next_update_due, at(1, 11))
        self.assertEqual(ticket.state, "waiting")

    def test_only_what_is_waited_for_sets_it_going(self):
        causes = ("reply", "approval", "supplier")
        reasons = (self.for_reply, self.for_approval, self.for_supplier)
        for cause, reason in zip(causes, reasons, strict=True):
            ticket = self._begun()
            with freeze_time(at(0, 11)):
                ticket._spoc_wait(reason)
            with freeze_time(at(0, 15)):
                for other in causes:
                    if other != cause:
                        self.assertFalse(ticket._spoc_happened(other))
                self.assertEqual(ticket.state, "waiting")
                self.assertEqual(ticket._spoc_happened(cause), ticket)
            with self.subTest(cause):
                self.assertEqual(ticket.state, "in_progress")
                self.assertEqual(ticket.resolution_due, at(2, 14), "4 h were paused")
                self.assertFalse(ticket.wait_reason_id)
                self.assertEqual(ticket.wait_ids.ended_by, cause)
                self.assertEqual(ticket.wait_ids.end, at(0, 15))
                self.assertEqual(bool(ticket.activity_ids), cause != "reply")

    def test_words_of_the_requester(self):
        ticket = self._begun()
        other = self._begun()
        with freeze_time(at(0, 11)):
            ticket._spoc_wait(self.for_reply)
            other._spoc_wait(self.for_supplier)
            self._say(ticket, self.requester)
            self._say(other, self.requester)
        self.assertEqual(ticket.state, "in_progress")
        self.assertEqual(other.state, "waiting", "They do not bring the supplier")

    def test_a_date_wakes(self):
        ticket, early = self._begun(), self._begun()
        self.env["ir.cron.trigger"].search([]).unlink()
        with freeze_time(at(0, 11)):
            ticket._spoc_wait(self.for_date, at(3, 9))
            early._spoc_wait(self.for_reply, at(1, 9))
            cron = self.env.ref("spoc_helpdesk.cron_due")
            triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
            self.assertIn(at(1, 9), triggers.mapped("call_at"))
        with freeze_time(at(1, 9)):
            self._run_cron()
        self.assertEqual(ticket.state, "waiting")
        self.assertEqual(early.state, "in_progress", "Open end, but not for ever")
        self.assertEqual(early.wait_ids.ended_by, "date")
        with freeze_time(at(3, 9)):
            self._run_cron()
            self._run_cron()
        self.assertEqual(ticket.state, "in_progress")
        self.assertEqual(ticket.resolution_due, at(4, 16))
        self.assertEqual(len(ticket.activity_ids), 1)

    def test_a_date_to_come(self):
        ticket = self._begun()
        with freeze_time(at(0, 11)):
            with self.assertRaises(UserError):
                ticket._spoc_wait(self.for_date)
            with self.assertRaises(UserError):
                ticket._spoc_wait(self.for_date, at(0, 11))

    def test_another_reason_takes_over(self):
        ticket = self._begun()
        with freeze_time(at(0, 11)):
            ticket._spoc_wait(self.for_reply)
        with freeze_time(at(0, 12)):
            ticket._spoc_wait(self.for_supplier)
        first, second = ticket.wait_ids.sorted("start")
        self.assertEqual(first.end, second.start)
        self.assertEqual(first.ended_by, "other")
        self.assertEqual(
            self._states(ticket),
            {"response": "met", "update": "running", "resolution": "paused"},
        )

    def test_the_end_ends_it(self):
        ticket, cancelled = self._begun(), self._begun()
        with freeze_time(at(0, 11)):
            (ticket | cancelled)._spoc_wait(self.for_reply)
        with freeze_time(at(0, 12)):
            self._resolve(ticket)
            cancelled.with_user(self.agent).action_cancel()
        for one in ticket | cancelled:
            self.assertEqual(one.wait_ids.end, at(0, 12))
            self.assertEqual(one.wait_ids.ended_by, "end")
            self.assertFalse(one.wait_reason_id)

    def test_approval_before_anybody_began(self):
        with freeze_time(at(0, 10)):
            ticket = self._ticket()
            ticket._spoc_wait(self.for_approval)
        self.assertEqual(set(ticket.clock_ids.mapped("state")), {"paused"})
        with freeze_time(at(1, 10)):
            ticket._spoc_happened("approval")
        self.assertEqual(ticket.state, "new", "As new as before")
        self.assertEqual(ticket.next_due, at(1, 14))

    # ---- the wizard --------------------------------------------------------

    def test_wizard(self):
        ticket = self._begun().with_user(self.agent)
        action = ticket.action_wait_wizard()
        Wizard = self.env["spoc.ticket.wait"].with_user(self.agent)
        form = Form(Wizard.with_context(**action["context"]))
        self.assertEqual(form.reason_id.waits_for, "reply", "The usual one")
        form.reason_id = self.for_date.with_user(self.agent)
        self.assertFalse(form.has_end)
        form.until = self.env.cr.now() + timedelta(days=2)
        form.save().action_wait()
        self.assertEqual(ticket.wait_reason_id, self.for_date)

    def test_wizard_offers_the_desks_own(self):
        self.for_supplier.desk_ids = self.line
        wizard = self.env["spoc.ticket.wait"].create({"ticket_ids": self._begun().ids})
        self.assertNotIn(self.for_supplier, wizard.available_reason_ids)
        self.assertIn(self.for_reply, wizard.available_reason_ids)

    def test_many_cost_little_more_than_one(self):
        with freeze_time(MONDAY):
            tickets = self.env["spoc.ticket"]
            for _more in range(10):
                tickets |= self._ticket(owner_id=self.agent.id)
        self.env.flush_all()
        tickets._spoc_wait(self.for_supplier)
        self.assertEqual(len(tickets.wait_ids), 10)
        self.assertEqual(set(tickets.mapped("state")), {"waiting"})


@tagged("post_install", "-at_install")
class TestWaitingPage(PortalCase):
    """What the requester is told of waiting."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.target_ids = [Command.create({"kind": "update", "hours": 8})]

    def _page(self, reason, until=None):
        ticket = self._ticket(
            requester_id=self.customer.partner_id.id, owner_id=self.agent.id
        )
        ticket.with_user(self.agent).message_post(
            body="Some words", subtype_xmlid="mail.mt_comment"
        )
        ticket._spoc_wait(self.env.ref(f"spoc_helpdesk.wait_reason_{reason}"), until)
        self.authenticate(self.customer.login, self.customer.login)
        return ticket, self.url_open(f"/my/requests/{ticket.id}").text

    def test_why_and_until_when(self):
        later = self.env.cr.now().replace(microsecond=0) + timedelta(days=3)
        for reason, until, words in (
            ("requester", None, "We are waiting for your answer"),
            ("supplier", None, "We are waiting for a supplier"),
            ("approval", None, "It waits for an approval"),
            ("date", later, "We go on at an agreed date"),
        ):
            with self.subTest(reason):
                _ticket, page = self._page(reason, until)
                self.assertIn(words, page)
                self.assertEqual("Next update by" in page, reason == "supplier")
                self.assertEqual("at the latest" in page, reason == "date")

    def test_waiting_for_me(self):
        mine, _page = self._page("requester")
        other, _page = self._page("supplier")
        page = self.url_open("/my/requests?filterby=answer").text
        self.assertIn(mine.number, page)
        self.assertNotIn(other.number, page)
