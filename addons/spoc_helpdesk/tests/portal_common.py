import base64
import re
from datetime import timedelta

from odoo import Command, fields

from odoo.addons.spoc_catalog.tests.browser_common import TourCase
from odoo.addons.spoc_catalog.tests.people import new_people


class PortalCase(TourCase):
    """A desk with its agent, a second line, a confidential desk and requesters.

    Users have their login as password: ``s_anna`` (employee), ``s_customer`` and
    ``s_stranger`` (portal), ``s_agent`` of the desk, ``s_line`` of the other line.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        env = cls.env(context={**cls.env.context, "tracking_disable": True})
        cls.company = env.company
        cls.calendar = env["resource.calendar"].create(
            {"name": "Always open", "tz": "UTC", "company_id": cls.company.id}
        )
        cls.employee, cls.customer, cls.stranger, cls.agent, cls.line = cls._users(
            ("s_anna", "Anna Requester", "base.group_user"),
            ("s_customer", "Carl Customer", "base.group_portal"),
            ("s_stranger", "Sten Stranger", "base.group_portal"),
            ("s_agent", "Agda Agent", "spoc_catalog.group_agent"),
            ("s_line", "Lars Line", "spoc_catalog.group_agent"),
        )
        cls.desk = cls._desk("Test desk", "TSD", cls.agent)
        cls.other_desk = cls._desk("Other line", "TSL", cls.line)
        cls.sealed_desk = cls._desk("Sealed desk", "TSS", cls.line)
        cls.sealed_desk.privacy = "confidential"
        cls.policy = env["spoc.target.policy"].create(
            {
                "name": "Test promise",
                "target_ids": [
                    Command.create({"kind": "response", "hours": 4}),
                    Command.create({"kind": "resolution", "hours": 16}),
                ],
            }
        )
        cls.form = env["spoc.form"].create(
            {
                "name": "Test form",
                "question_ids": [
                    Command.create(
                        {"label": "Which device?", "type": "text", "required": True}
                    ),
                    Command.create(
                        {
                            "label": "How bad?",
                            "type": "choice",
                            "option_ids": [
                                Command.create({"label": "Annoying"}),
                                Command.create({"label": "I cannot work"}),
                            ],
                        }
                    ),
                    Command.create(
                        {
                            "label": "A picture",
                            "type": "file",
                            "max_files": 1,
                            "max_mb": 0.001,
                        }
                    ),
                ],
            }
        )
        cls.q_device, cls.q_bad, cls.q_file = cls.form.question_ids
        cls.service = cls._service("Broken device", form_id=cls.form.id)
        cls.plain_service = cls._service("Plain service")
        employees = env["spoc.audience"].create(
            {"name": "Test employees", "scope": "employees"}
        )
        cls.staff_service = cls._service(
            "For staff only", audience_ids=[Command.set(employees.ids)]
        )
        cls.draft_service = cls._service("Not yet published", state="draft")

    @classmethod
    def _user(cls, login, name, groups):
        return cls._users((login, name, groups))

    @classmethod
    def _users(cls, *people):
        return new_people(
            cls.env,
            *(
                {
                    "login": login,
                    "name": name,
                    "groups": groups,
                    "email": f"{login}@test.example",
                }
                for login, name, groups in people
            ),
        )

    @classmethod
    def _desk(cls, name, code, member):
        return cls.env["spoc.desk"].create(
            {
                "name": name,
                "code": code,
                "company_id": cls.company.id,
                "resource_calendar_id": cls.calendar.id,
                "member_ids": [Command.set(member.ids)],
                "routing_mode": "manual",
            }
        )

    @classmethod
    def _service(cls, name, **values):
        return cls.env["spoc.service"].create(
            {
                "name": name,
                "desk_id": cls.desk.id,
                "target_policy_id": cls.policy.id,
                "state": "published",
                **values,
            }
        )

    # ---- tickets ----

    def _ticket(self, user=None, **values):
        """A ticket of ``user``'s, made the way the desk makes one."""
        user = user or self.customer
        return self.env["spoc.ticket"].create(
            {
                "name": "The screen is black",
                "description": "<p>Nothing to see.</p>",
                "requester_id": user.partner_id.id,
                "service_id": self.plain_service.id,
                "owner_id": self.agent.id,
                **values,
            }
        )

    def _resolved_ticket(
        self, user=None, resolution="<p>The cable is plugged in.</p>", **values
    ):
        ticket = self._ticket(user, **values)
        ticket.with_user(self.agent).resolution = resolution
        ticket.with_user(self.agent).action_resolve()
        # What follows comes in a request of its own.
        self.env.flush_all()
        return ticket

    def _count(self):
        return self.env["spoc.ticket"].search_count([])

    # ---- requests ----

    def _csrf(self, page="/my/requests"):
        """Token of the current session, as a page of it carries."""
        body = self.url_open(page).text
        found = re.search(r'name="csrf_token" (?:type="hidden" )?value="([^"]+)"', body)
        found = found or re.search(r'csrf_token: "([^"]+)"', body)
        return found.group(1)

    def _post(self, url, data=None, csrf=True, **kwargs):
        data = dict(data or {})
        if csrf:
            data["csrf_token"] = self._csrf()
        return self.url_open(url, data=data or {"x": "1"}, **kwargs)

    @staticmethod
    def _bytes(size):
        return base64.b64encode(b"x" * size)[:size]

    @staticmethod
    def _later(**kwargs):
        return fields.Datetime.now() + timedelta(**kwargs)
