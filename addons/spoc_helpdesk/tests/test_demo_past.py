"""Demo tickets of past weeks."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from .common import HelpdeskCommon

ROW = {
    "week": "3",
    "day": "1",
    "time": "08:30",
    "service": "",
    "requester": "requester",
    "owner": "agent",
    "origin": "portal",
    "name": "The printer hums",
    "description": "And nothing comes out.",
    "answer": "Which one is it?",
    "reply": "The one on floor 2.",
    "resolution": "It works again.",
    "answer_hours": "1",
    "solve_hours": "26",
    "stars": "4",
}


@tagged("post_install", "-at_install")
class TestDemoPast(HelpdeskCommon):
    def _live(self, *rows):
        Ticket = self.env["spoc.ticket"]
        before = Ticket.search([])
        users = {"requester": self.requester, "agent": self.agent}

        def create(records, row):
            return records.create(
                {
                    "name": row["name"],
                    "desk_id": self.desk.id,
                    "requester_id": self.requester.partner_id.id,
                    "owner_id": self.agent.id,
                    "origin": row["origin"],
                }
            )

        with (
            patch.object(type(Ticket), "_demo_user", lambda _self, name: users[name]),
            patch.object(type(Ticket), "_demo_ask", create),
        ):
            Ticket._demo_live(rows)
        return Ticket.search([]) - before

    def test_each_step_at_its_time(self):
        ticket = self._live(ROW)
        asked = ticket.create_date
        self.assertEqual(asked.weekday(), 1)
        self.assertLess(asked, fields.Datetime.now() - timedelta(days=14))
        self.assertEqual(ticket.state, "closed")
        self.assertEqual(ticket.resolved_at, asked + timedelta(hours=26))
        ledger = ticket.ownership_ids.sorted("start")
        self.assertEqual(ledger[0].start, asked)
        measure = ticket.measure_ids
        self.assertEqual(measure.ended_at, asked + timedelta(hours=28))
        self.assertAlmostEqual(measure.elapsed_hours, 26, 2)
        replies = ticket.message_ids.filtered(
            lambda message: (
                message.author_id == self.requester.partner_id
                and message.message_type == "comment"
            )
        )
        self.assertEqual(
            replies.mapped("date"), [asked + timedelta(hours=1, minutes=20)]
        )
        self.assertEqual(ticket.rating_ids.rating, 4)

    def test_nothing_of_the_future(self):
        self.assertFalse(self._live({**ROW, "week": "0", "day": "6"}))
        now = self.env.cr.now()
        self.assertLess(abs(now - fields.Datetime.now()), timedelta(hours=1))
