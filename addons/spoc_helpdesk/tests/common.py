"""One person per role, and a desk for each kind of privacy."""

from datetime import datetime

from odoo import Command

from odoo.addons.mail.tests.common import MailCommon
from odoo.addons.spoc_catalog.tests.people import new_people

#: A Monday morning at an open desk (its calendar is in UTC).
MONDAY = datetime(2026, 3, 2, 9, 0, 0)


class HelpdeskCommon(MailCommon):
    """Test data shared by the suite's own tests and, as a helper, by upper addons.

    ``desk`` (code TST, open, pushes) with ``agent``, ``agent2`` and ``manager``;
    ``line`` (code LIN) with ``liner``; ``hr`` (code CNF, confidential) with
    ``hr_agent``; ``requester`` (internal), ``customer`` (portal), ``outsider``
    (internal, nothing to do with any of it), ``admin`` (administrator of the suite),
    ``service`` with a policy of 4 h response, 8 h update, 16 h resolution.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=False))
        cls.calendar = cls.env["resource.calendar"].create(
            {
                "name": "Nine to five",
                "tz": "UTC",
                "attendance_ids": [Command.clear()]
                + [
                    Command.create(
                        {
                            "name": "Day",
                            "dayofweek": str(day),
                            "hour_from": 9,
                            "hour_to": 17,
                            "day_period": "full_day",
                        }
                    )
                    for day in range(5)
                ],
            }
        )
        cls._create_people()
        cls._create_desks()
        cls._create_service()

    @classmethod
    def _activate_multi_company(cls):
        """Odoo's scene of three companies is no part of ours."""

    @classmethod
    def _person(cls, login, groups, **kwargs):
        return cls._persons((login, groups), **kwargs)

    @classmethod
    def _persons(cls, *people, **kwargs):
        """Users by login and groups, made at once."""
        return new_people(
            cls.env,
            *(
                {
                    "login": login,
                    "groups": groups,
                    "name": login.replace("_", " ").title(),
                    "email": f"{login}@people.example",
                    "tz": "UTC",
                    **kwargs,
                }
                for login, groups in people
            ),
        )

    @classmethod
    def _create_people(cls):
        agent = "spoc_catalog.group_agent"
        cls.agent, cls.agent2, cls.liner, cls.hr_agent, cls.manager = cls._persons(
            ("t_agent", agent),
            ("t_agent_two", agent),
            ("t_liner", agent),
            ("t_hr_agent", agent),
            ("t_manager", "spoc_catalog.group_manager"),
        )
        cls.admin, cls.requester, cls.outsider, cls.customer = cls._persons(
            ("t_admin", "spoc_catalog.group_administrator,base.group_system"),
            ("t_requester", "base.group_user"),
            ("t_outsider", "base.group_user"),
            ("t_customer", "base.group_portal"),
        )

    @classmethod
    def _create_desks(cls):
        policy = cls.env["spoc.target.policy"].create(
            {
                "name": "Usual",
                "target_ids": [
                    Command.create({"kind": "response", "hours": 4}),
                    Command.create({"kind": "update", "hours": 8}),
                    Command.create({"kind": "resolution", "hours": 16}),
                ],
            }
        )
        cls.policy = policy
        common = {"resource_calendar_id": cls.calendar.id}
        cls.desk, cls.line, cls.hr = cls.env["spoc.desk"].create(
            [
                {
                    **common,
                    "name": "Test desk",
                    "code": "TST",
                    "manager_id": cls.manager.id,
                    "member_ids": [Command.set((cls.agent | cls.agent2).ids)],
                    "target_policy_id": policy.id,
                    "routing_mode": "manual",
                },
                {
                    **common,
                    "name": "Second line",
                    "code": "LIN",
                    "member_ids": [Command.set(cls.liner.ids)],
                    "routing_mode": "manual",
                },
                {
                    **common,
                    "name": "Confidential desk",
                    "code": "CNF",
                    "privacy": "confidential",
                    "member_ids": [Command.set(cls.hr_agent.ids)],
                    "routing_mode": "manual",
                },
            ]
        )
        cls.channel = cls.env["spoc.channel"].create(
            {
                "desk_id": cls.desk.id,
                "kind": "email",
                "identity": f"helpme@{cls.alias_domain}",
            }
        )

    @classmethod
    def _create_service(cls):
        cls.service = cls.env["spoc.service"].create(
            {
                "name": "A laptop that works",
                "summary": "Repaired or replaced",
                "desk_id": cls.desk.id,
                "kind": "incident",
                "state": "published",
                "target_policy_id": cls.policy.id,
            }
        )
        cls.hr_service = cls.env["spoc.service"].create(
            {"name": "A word in confidence", "desk_id": cls.hr.id, "state": "published"}
        )

    @classmethod
    def _ticket(cls, **vals):
        """A ticket of ``requester`` at ``desk``, unowned unless said otherwise."""
        return cls.env["spoc.ticket"].create(
            {
                "name": "It does not start",
                "desk_id": cls.desk.id,
                "requester_id": cls.requester.partner_id.id,
                **vals,
            }
        )

    def _say(self, ticket, user, body="Some words", **kwargs):
        """Public words of ``user`` on the thread."""
        return ticket.with_user(user).message_post(
            body=body, subtype_xmlid="mail.mt_comment", **kwargs
        )

    def _note(self, ticket, user, body="Between us", **kwargs):
        """An inner note of ``user``."""
        return ticket.with_user(user).message_post(
            body=body, subtype_xmlid="mail.mt_note", **kwargs
        )

    def _resolve(self, ticket, user=None, text="<p>It starts again.</p>"):
        """Resolve as ``user``, by default the agent."""
        ticket = ticket.with_user(user or self.agent)
        ticket.resolution = text
        ticket.action_resolve()

    def _commit_checks(self):
        """Let the database check now what it checks at commit."""
        self.env.flush_all()
        self.env.cr.execute("SET CONSTRAINTS ALL IMMEDIATE")
        self.env.cr.execute("SET CONSTRAINTS ALL DEFERRED")
