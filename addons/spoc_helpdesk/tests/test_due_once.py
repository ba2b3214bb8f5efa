"""Whatever falls due is carried out exactly once, though a worker dies at it.

Each kind of due moment has two subjects and batches of one. The worker dies in the
second batch, after it has done the work: the first batch is kept, the second undone,
and the scheduler comes again for it alone.
"""

from contextlib import suppress
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ..models import (
    spoc_absence,
    spoc_approval_asking,
    spoc_clock,
    spoc_ticket_clocks,
)
from .approval_common import ApprovalCommon
from .common import MONDAY


@tagged("post_install", "-at_install")
class TestDueOnce(ApprovalCommon):
    def _tickets(self):
        with freeze_time(MONDAY):
            return [self._ticket(owner_id=self.agent.id) for _one in range(2)]

    def _run(self, cron, moment):
        with (
            freeze_time(moment),
            self.enter_registry_test_mode(),
            mute_logger("odoo.addons.base.models.ir_cron"),
            suppress(RuntimeError),
        ):
            self.env.ref(f"spoc_helpdesk.{cron}").method_direct_trigger()
        self.env.invalidate_all()

    def assertOnce(self, cron, moment, module, model, method, subjects):
        """Let the worker die in its second batch, and come again.

        :param str cron: the scheduled action
        :param module: where the size of its batches stands
        :param str method: what does the work, on a batch of ``model``
        :param subjects: those that are due
        """
        cls = type(self.env[model])
        work, batches = getattr(cls, method), []

        def die(records, *args):
            result = work(records, *args)
            batches.append(set(records.ids) & set(subjects.ids))
            if len([batch for batch in batches if batch]) == 2:
                raise RuntimeError("killed")
            return result

        with patch.object(module, "BATCH", 1), patch.object(cls, method, die):
            self._run(cron, moment)
        for later in (1, 2):
            self._run(cron, moment + timedelta(minutes=later))
        first, second, *rest = [batch for batch in batches if batch]
        self.assertNotEqual(first, second)
        self.assertEqual(rest, [second] * len(rest), "The first is never done again")

    def _said(self, ticket):
        """How often each word, plan and mail stands on a ticket."""
        return len(ticket.message_ids), len(ticket.activity_ids)

    def test_broken_promise(self):
        tickets = self._tickets()
        clocks = self.env["spoc.clock"].union(
            *(t.clock_ids.filtered(lambda c: c.kind == "response") for t in tickets)
        )
        moment = MONDAY + timedelta(hours=4, minutes=1)
        self.assertOnce(
            "cron_due", moment, spoc_clock, "spoc.clock", "_spoc_breach", clocks
        )
        self.assertEqual(set(clocks.mapped("state")), {"missed"})
        first, second = tickets
        self.assertEqual(self._said(first), self._said(second))
        self.assertEqual(len(first.activity_ids), 1)

    def test_date_reached(self):
        tickets = self._tickets()
        reason = self.env["spoc.wait.reason"]._spoc_find("date", self.desk)
        until = MONDAY + timedelta(hours=2)
        with freeze_time(MONDAY):
            for ticket in tickets:
                ticket._spoc_wait(reason, until)
        self.assertOnce(
            "cron_due",
            until,
            spoc_clock,
            "spoc.ticket",
            "_spoc_date_reached",
            tickets[0] | tickets[1],
        )
        for ticket in tickets:
            self.assertEqual(ticket.state, "in_progress")
            self.assertEqual(len(ticket.wait_ids), 1)
            self.assertEqual(len(ticket.activity_ids), 1)

    def test_silence_closes(self):
        self.desk.write({"silence_days": 5, "reminder_percent": 60})
        tickets = self._tickets()
        with freeze_time(MONDAY):
            for ticket in tickets:
                self._resolve(ticket)
        self._run("cron_due", max(ticket.reminder_due for ticket in tickets))
        moment = max(ticket.close_due for ticket in tickets)
        self.assertOnce(
            "cron_due",
            moment,
            spoc_ticket_clocks,
            "spoc.ticket",
            "_spoc_close",
            tickets[0] | tickets[1],
        )
        for ticket in tickets:
            self.assertEqual(ticket.state, "closed")
            self.assertEqual(len(ticket.measure_ids), 1)
        self.assertEqual(self._said(tickets[0]), self._said(tickets[1]))

    def test_reminder_to_approve(self):
        self._rule({"kind": "manager"}, remind_hours=4, answer_hours=16)
        with freeze_time(MONDAY):
            tickets = [self._asked_for() for _one in range(2)]
        rows = self._open(tickets[0]) | self._open(tickets[1])
        mails = self.env["mail.mail"].search_count([])
        self.assertOnce(
            "cron_approvals",
            fields.Datetime.add(MONDAY, hours=5),
            spoc_approval_asking,
            "spoc.approval",
            "_spoc_work_off_due",
            rows,
        )
        self.assertTrue(all(rows.mapped("reminded_at")))
        self.assertEqual(self.env["mail.mail"].search_count([]), mails + 2)

    def test_absence(self):
        self.desk.absence_hours = 24
        with freeze_time(MONDAY):
            tickets = [
                self._ticket(owner_id=user.id) for user in (self.agent, self.agent2)
            ]
        leaves = self.env["resource.calendar.leaves"]
        for user in (self.agent, self.agent2):
            employee = self.env["hr.employee"].create(
                {"name": user.name, "user_id": user.id}
            )
            with freeze_time(MONDAY):
                leaves |= leaves.create(
                    {
                        "name": "Away",
                        "resource_id": employee.resource_id.id,
                        "calendar_id": self.calendar.id,
                        "date_from": MONDAY + timedelta(hours=1),
                        "date_to": MONDAY + timedelta(days=5),
                        "time_type": "leave",
                    }
                )
        self.assertOnce(
            "cron_absence",
            MONDAY + timedelta(hours=1),
            spoc_absence,
            "resource.calendar.leaves",
            "_spoc_hand_over",
            leaves,
        )
        for ticket in tickets:
            self.assertFalse(ticket.owner_id)
            self.assertEqual(ticket.act_ids.mapped("kind"), ["absence"])
