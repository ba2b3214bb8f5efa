"""Somebody else decides: on leave, handed on, no answer; and the one reminder."""

from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .approval_common import ApprovalCommon
from .common import MONDAY


@tagged("post_install", "-at_install")
class TestApprovalInstead(ApprovalCommon):
    def _cron(self, moment):
        with (
            freeze_time(moment),
            patch.object(
                type(self.env["ir.cron"]), "_commit_progress", lambda *args, **kw: 60
            ),
        ):
            self.env["spoc.approval"]._cron_due()

    def _mails(self, user):
        return self.env["mail.mail"].search(
            [("recipient_ids", "in", user.partner_id.ids)]
        )

    def test_on_leave(self):
        rule = self._rule({"kind": "manager"})
        self._on_leave(self.boss_employee)
        words = self.needy.with_user(self.requester)._spoc_approval_words()
        self.assertIn("T Chief", words[0])
        ticket = self._asked_for()
        row = self._open(ticket)
        self.assertRecordValues(
            row,
            [
                {
                    "approver_id": self.chief.id,
                    "in_place_of_id": self.boss.id,
                    "note": "absent",
                }
            ],
        )
        # A deputy comes before the manager.
        self.boss.with_user(self.boss).spoc_deputy_id = self.anna
        self.assertEqual(self._open(self._asked_for()).approver_id, self.anna)
        # A deputy who asks does not decide.
        self.boss.spoc_deputy_id = self.requester
        self.assertEqual(self._open(self._asked_for()).approver_id, self.chief)
        rule.if_absent = "wait"
        self.assertEqual(self._open(self._asked_for()).approver_id, self.boss)

    def test_everybody_is_away(self):
        self._rule({"kind": "manager"})
        self._on_leave(self.boss_employee)
        self._on_leave(self.chief_employee)
        self.assertEqual(self._open(self._asked_for()).approver_id, self.boss)

    def test_leave_is_judged_when_it_is_their_turn(self):
        self._rule(self._people(self.anna), {"kind": "manager"})
        ticket = self._asked_for()
        self._on_leave(self.boss_employee)
        self._decide(ticket, self.anna)
        self.assertEqual(self._open(ticket).approver_id, self.chief)

    def test_bad_deputies(self):
        for user in (self.boss, self.customer):
            with self.subTest(user.login), self.assertRaises(ValidationError):
                self.boss.spoc_deputy_id = user

    def test_handed_on(self):
        rule = self._rule({"kind": "manager"})
        ticket = self._asked_for()
        row = self._open(ticket).with_user(self.boss)
        for user in (self.requester, self.customer, self.boss):
            with self.subTest(user.login), self.assertRaises(UserError):
                row._spoc_delegate(user, "You do it")
        with self.mock_mail_gateway():
            row._spoc_delegate(self.anna, "Knows more")
        heir = self._open(ticket)
        self.assertRecordValues(
            heir | row.sudo(),
            [
                {
                    "approver_id": self.anna.id,
                    "state": "asked",
                    "in_place_of_id": self.boss.id,
                },
                {
                    "approver_id": self.boss.id,
                    "state": "delegated",
                    "in_place_of_id": False,
                },
            ],
        )
        self.assertEqual(row.sudo().reason, "Knows more")
        with self.assertRaisesRegex(UserError, "T Anna is asked instead"):
            row._spoc_decide("approved")
        with self.assertRaises(UserError):
            heir.with_user(self.anna)._spoc_delegate(self.boss, "No, you")
        rule.may_delegate = False
        ticket = self._asked_for()
        with self.assertRaisesRegex(UserError, "cannot be handed on"):
            self._open(ticket).with_user(self.boss)._spoc_delegate(self.anna, "You")

    def test_one_reminder_then_the_next_above(self):
        """Working hours of the desk: Monday nine to five is eight of them."""
        self._rule({"kind": "manager"}, remind_hours=4, answer_hours=8)
        with freeze_time(MONDAY):
            ticket = self._asked_for()
        row = self._open(ticket)
        self.assertEqual(row.remind_at, fields.Datetime.add(MONDAY, hours=4))
        self.assertEqual(row.due, fields.Datetime.add(MONDAY, hours=8))
        before = len(self._mails(self.boss))
        self._cron(fields.Datetime.add(MONDAY, hours=3))
        self.assertEqual(len(self._mails(self.boss)), before)
        for _run in range(3):
            self._cron(fields.Datetime.add(MONDAY, hours=5))
        self.assertEqual(len(self._mails(self.boss)), before + 1)
        self.assertTrue(row.reminded_at)
        for _run in range(2):
            self._cron(fields.Datetime.add(MONDAY, hours=9))
        self.assertEqual(row.state, "expired")
        heir = self._open(ticket)
        self.assertEqual(
            (heir.approver_id, heir.in_place_of_id, heir.note),
            (self.chief, self.boss, "late"),
        )
        with self.assertRaisesRegex(UserError, "no answer in time"):
            row.with_user(self.boss)._spoc_decide("approved")
        self._decide(ticket, self.chief)
        self.assertEqual(ticket.approval_state, "approved")

    def test_nobody_above(self):
        """The desk is told, once, and they stay asked."""
        self.chief_employee.parent_id = False
        self.desk.manager_id = self.manager
        self._rule(self._people(self.chief), answer_hours=8, if_late="tell")
        with freeze_time(MONDAY):
            ticket = self._asked_for()
        for _run in range(2):
            self._cron(fields.Datetime.add(MONDAY, days=2))
        self.assertEqual(self._open(ticket).approver_id, self.chief)
        todo = ticket.activity_ids.filtered(lambda a: a.user_id == self.manager)
        self.assertEqual(len(todo), 1)
        self._decide(ticket, self.chief)

    def test_silence_is_a_no(self):
        self._rule({"kind": "manager"}, answer_hours=8, if_late="refuse")
        with freeze_time(MONDAY):
            ticket = self._asked_for()
        self._cron(fields.Datetime.add(MONDAY, days=2))
        self.assertRecordValues(
            ticket.approval_ids, [{"state": "rejected", "note": "silence"}]
        )
        self.assertEqual(ticket.state, "cancelled")
        self.assertIn("No answer came in time", str(ticket.message_ids.mapped("body")))

    def test_who_has_left(self):
        self._rule({"kind": "manager"}, if_late="tell")
        ticket = self._asked_for()
        self.boss.active = False
        self.assertRecordValues(
            self._open(ticket),
            [{"approver_id": self.chief.id, "note": "gone"}],
        )
        self.desk.manager_id = False
        self.chief.active = False
        # Nobody is left: the desk names somebody.
        row = self._open(ticket)
        row.with_user(self.agent)._spoc_reassign(self.anna, "Leads now")
        self._decide(ticket, self.anna)
        self.assertEqual(ticket.approval_state, "approved")

    def test_nothing_after_the_end(self):
        self._rule({"kind": "manager"}, remind_hours=4, answer_hours=8)
        with freeze_time(MONDAY):
            ticket = self._asked_for()
            ticket.with_user(self.agent).action_cancel()
        before = len(self._mails(self.boss))
        self._cron(fields.Datetime.add(MONDAY, days=2))
        self.assertEqual(len(self._mails(self.boss)), before)
        self.assertEqual(ticket.approval_ids.state, "not_needed")

    def test_the_scheduler_is_woken(self):
        self._rule({"kind": "manager"}, remind_hours=4, answer_hours=8)
        cron = self.env.ref("spoc_helpdesk.cron_approvals")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        triggers.unlink()
        with freeze_time(MONDAY):
            self._asked_for()
        self.env.flush_all()
        moments = (
            self.env["ir.cron.trigger"]
            .search([("cron_id", "=", cron.id)])
            .mapped("call_at")
        )
        self.assertEqual(moments, [fields.Datetime.add(MONDAY, hours=4)])
