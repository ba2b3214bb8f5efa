from datetime import datetime, timedelta

from odoo.tests import freeze_time, tagged

from .common import MONDAY
from .routing_common import RoutingCommon


@tagged("post_install", "-at_install")
class TestRouting(RoutingCommon):
    """Who gets a ticket, and that it can be explained."""

    def test_load(self):
        owners = [self._ask(requester_id=p.id).owner_id for p in self._partners(4)]
        self.assertEqual(owners.count(self.agent), 2)
        self.assertEqual(owners.count(self.agent2), 2)

    def test_load_within_a_batch(self):
        with freeze_time(MONDAY + timedelta(hours=1)):
            tickets = self.env["spoc.ticket"].create(
                [
                    {
                        "name": "x",
                        "desk_id": self.desk.id,
                        "requester_id": partner.id,
                    }
                    for partner in self._partners(4)
                ]
            )
        self.assertEqual(len(tickets.filtered(lambda t: t.owner_id == self.agent)), 2)

    def test_skill(self):
        self._need(self.some)
        ticket = self._ask()
        self.assertFalse(ticket.owner_id, "Nobody can: nobody gets it")
        self.assertTrue(ticket.nobody_fits)
        self.assertEqual(ticket.activity_ids.user_id, self.manager)
        self.assertIn("lacks Printers", ticket.routing_table)
        self._teach(self.employee, self.some)
        self._teach(self.employee2, self.much)
        for _ticket in range(2):
            self.assertEqual(self._ask().owner_id, self.agent2)

    def test_expired_skill(self):
        self._need()
        self._teach(self.employee, self.some)
        self.env["hr.employee.skill"].search([]).valid_to = "2026-01-01"
        self.assertFalse(self._ask().owner_id)

    def test_leave(self):
        self._leave(self.employee, MONDAY, MONDAY + timedelta(hours=8))
        for _ticket in range(3):
            ticket = self._ask()
            self.assertEqual(ticket.owner_id, self.agent2)
        self.assertIn("not on duty", ticket.routing_table)

    def test_night_looks_at_the_morning(self):
        """What comes at night goes to somebody who works in the morning."""
        tuesday = MONDAY + timedelta(days=1)
        self._leave(self.employee, tuesday, tuesday + timedelta(hours=8))
        with freeze_time(datetime(2026, 3, 2, 22, 0)):
            self.assertEqual(self._ticket().owner_id, self.agent2)

    def test_known(self):
        first = self._ask()
        self.assertTrue(first.owner_id)
        second = self._ask()
        self.assertEqual(second.owner_id, first.owner_id)
        self.assertIn("served this requester before", second.routing_words)
        note = second.routing_note
        self.assertEqual(note["chosen"], first.owner_id.id)
        self.assertEqual(len(note["candidates"]), 2)

    def test_manual_desk_and_given_owner(self):
        self.assertEqual(self._ask(owner_id=self.agent2.id).owner_id, self.agent2)
        self.desk.routing_mode = "manual"
        ticket = self._ask()
        self.assertFalse(ticket.owner_id)
        self.assertFalse(ticket.activity_ids)
        self.assertFalse(ticket.routing_words)

    def test_words_of_before(self):
        """Notes kept before there were points are read; so is what was handed over."""
        ticket = self._ask()
        ticket._spoc_write(
            {
                "routing_note": {
                    "chosen": self.agent2.id,
                    "needed": [self.skill.id],
                    "candidates": [
                        {
                            "user_id": self.agent2.id,
                            "eligible": True,
                            "score": 75.0,
                            "reasons": [["skill", 90], ["load", 3], ["known", None]],
                        },
                        {
                            "user_id": self.agent.id,
                            "eligible": False,
                            "score": 0.0,
                            "reasons": [["lacks_skill", self.skill.id], ["load", 0]],
                        },
                    ],
                }
            }
        )
        ticket._spoc_set_owner(self.agent2)
        self.assertEqual(
            ticket.routing_words,
            "T Agent Two: skill 90 of 100, 3 open tickets, served this requester "
            "before",
        )
        self.assertIn("lacks Printers", ticket.routing_table)
        ticket._spoc_set_owner(self.agent)
        self.assertIn("Before, T Agent Two was chosen", ticket.routing_words)
