from datetime import timedelta

from odoo import Command
from odoo.tests import freeze_time

from .common import MONDAY, HelpdeskCommon


class RoutingCommon(HelpdeskCommon):
    """A desk that pushes, two members with working time, and a skill of two levels."""

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

    def _need(self, level=None, **target):
        return self.env["spoc.skill.need"].create(
            {
                "skill_id": self.skill.id,
                "level_id": level.id if level else False,
                **(target or {"service_id": self.service.id}),
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

    def _ask(self, hours=1, **vals):
        """A ticket of the service, so many hours after the desk opened on Monday."""
        with freeze_time(MONDAY + timedelta(hours=hours)):
            return self._ticket(**{"service_id": self.service.id, **vals})

    def _partners(self, count):
        return self.env["res.partner"].create([{"name": str(n)} for n in range(count)])
