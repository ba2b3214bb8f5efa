"""A service that needs approvals, and those who give them."""

from odoo import Command, fields

from .common import HelpdeskCommon


class ApprovalCommon(HelpdeskCommon):
    """``boss`` leads ``requester``, ``chief`` leads ``boss``; ``anna``, ``bo`` and
    ``cia`` are colleagues. ``needy`` is a service; ``_rule`` gives it a rule.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss, cls.chief, cls.anna, cls.bo, cls.cia = cls._persons(
            *(
                (login, "base.group_user")
                for login in ("t_boss", "t_chief", "t_anna", "t_bo", "t_cia")
            )
        )
        Employee = cls.env["hr.employee"]
        cls.chief_employee = Employee.create({"name": "C", "user_id": cls.chief.id})
        cls.boss_employee = Employee.create(
            {
                "name": "B",
                "user_id": cls.boss.id,
                "parent_id": cls.chief_employee.id,
            }
        )
        cls.requester_employee = Employee.create(
            {
                "name": "R",
                "user_id": cls.requester.id,
                "parent_id": cls.boss_employee.id,
            }
        )
        cls.needy = cls.env["spoc.service"].create(
            {
                "name": "A new phone",
                "desk_id": cls.desk.id,
                "kind": "request",
                "state": "published",
                "price_kind": "fixed",
                "price": 500,
                "target_policy_id": cls.policy.id,
                "visibility": "everyone",
            }
        )

    @classmethod
    def _rule(cls, *steps, service=None, **values):
        rule = cls.env["spoc.approval.rule"].create(
            {
                "name": "Rule",
                "step_ids": [
                    Command.create({"sequence": position, **step})
                    for position, step in enumerate(steps)
                ],
                **values,
            }
        )
        (service or cls.needy).approval_rule_id = rule
        return rule

    @classmethod
    def _people(cls, *users, **values):
        ids = [user.id for user in users]
        return {"kind": "people", "user_ids": [Command.set(ids)], **values}

    def _asked_for(self, user=None, service=None, answers=None, **kwargs):
        """A request by ``user``, made the way requesters make one."""
        user, service = user or self.requester, service or self.needy
        tickets, errors = (
            self.env["spoc.ticket"]
            .with_user(user)
            ._spoc_ask(service.with_user(user), answers or {}, "Please", **kwargs)
        )
        self.assertFalse(errors)
        return tickets.with_env(self.env)

    def _states(self, ticket):
        return [(row.approver_id, row.state) for row in ticket.approval_ids.sorted()]

    def _open(self, ticket):
        return ticket.approval_ids.filtered(lambda row: row.state == "asked")

    def _decide(self, ticket, user, decision="approved", reason="Since I say so"):
        row = self._open(ticket).filtered(lambda row: row.approver_id == user)
        row.with_user(user)._spoc_decide(decision, reason)

    def _on_leave(self, employee, days=3):
        """Put somebody on leave from an hour ago on."""
        now = fields.Datetime.now()
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Away",
                "resource_id": employee.resource_id.id,
                "calendar_id": employee.resource_id.calendar_id.id,
                "date_from": fields.Datetime.add(now, hours=-1),
                "date_to": fields.Datetime.add(now, days=days),
                "time_type": "leave",
            }
        )
