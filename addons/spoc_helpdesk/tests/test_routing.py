from datetime import datetime, timedelta

from odoo import Command
from odoo.tests import freeze_time, tagged

from .common import MONDAY, HelpdeskCommon


@tagged("post_install", "-at_install")
class TestRouting(HelpdeskCommon):
    """Who gets a ticket, and that it can be explained."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.desk.routing_mode = "push"
        cls.employee, cls.employee2 = cls.env["hr.employee"].create(
            [
                {
                    "name": user.name,
                    "user_id": user.id,
                    "resource_calendar_id": cls.calendar.id,
                    "tz": "UTC",
                }
                for user in (cls.agent, cls.agent2)
            ]
        )
        kind = cls.env["hr.skill.type"].create(
            {
                "name": "Things",
                "skill_ids": [Command.create({"name": "Printers"})],
                "skill_level_ids": [
                    Command.create({"name": "Some", "level_progress": 40}),
                    Command.create({"name": "Much", "level_progress": 90}),
                ],
            }
        )
        cls.skill = kind.skill_ids
        cls.some, cls.much = kind.skill_level_ids.sorted("level_progress")

    def _teach(self, employee, level):
        self.env["hr.employee.skill"].create(
            {
                "employee_id": employee.id,
                "skill_type_id": self.skill.skill_type_id.id,
                "skill_id": self.skill.id,
                "skill_level_id": level.id,
                "valid_from": "2020-01-01",
            }
        )

    def _leave(self, employee, start, end):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Away",
                "resource_id": employee.resource_id.id,
                "calendar_id": self.calendar.id,
                "date_from": start,
                "date_to": end,
            }
        )

    def _ask(self, **vals):
        with freeze_time(MONDAY + timedelta(hours=1)):
            return self._ticket(service_id=self.service.id, **vals)

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

    def _partners(self, count):
        return self.env["res.partner"].create([{"name": str(n)} for n in range(count)])

    def test_skill(self):
        self.service.skill_ids = self.skill
        ticket = self._ask()
        self.assertFalse(ticket.owner_id, "Nobody can: nobody gets it")
        self.assertEqual(ticket.activity_ids.user_id, self.manager)
        self.assertIn("Printers", ticket.routing_words)
        self._teach(self.employee, self.some)
        self._teach(self.employee2, self.much)
        for _ticket in range(2):
            self.assertEqual(self._ask().owner_id, self.agent2)

    def test_expired_skill(self):
        self.service.skill_ids = self.skill
        self._teach(self.employee, self.some)
        self.env["hr.employee.skill"].search([]).valid_to = "2026-01-01"
        self.assertFalse(self._ask().owner_id)

    def test_leave(self):
        self._leave(self.employee, MONDAY, MONDAY + timedelta(hours=8))
        for _ticket in range(3):
            ticket = self._ask()
            self.assertEqual(ticket.owner_id, self.agent2)
        self.assertIn("not on duty", ticket.routing_words)

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
