"""Scene of the tests: one user per role, two departments, desks and services."""

from odoo.fields import Command
from odoo.tests import TransactionCase

from .people import new_people


class CatalogScene:
    """Creates the scene; mixed into TransactionCase and HttpCase."""

    @classmethod
    def set_scene(cls):
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True))
        cls.company = cls.env.company
        cls._set_people()
        cls._set_catalog()

    @classmethod
    def _set_people(cls):
        cls.requester, cls.colleague, cls.unplaced, cls.customer = cls._users(
            ("cat_requester", "base.group_user"),
            ("cat_colleague", "base.group_user"),
            ("cat_unplaced", "base.group_user"),
            ("cat_customer", "base.group_portal"),
        )
        cls.agent, cls.stranger, cls.manager, cls.editor, cls.administrator = (
            cls._users(
                ("cat_agent", "spoc_catalog.group_agent"),
                ("cat_stranger", "spoc_catalog.group_agent"),
                ("cat_manager", "spoc_catalog.group_manager"),
                ("cat_editor", "spoc_catalog.group_catalog_editor"),
                ("cat_admin", "spoc_catalog.group_administrator"),
            )
        )
        Department = cls.env["hr.department"]
        cls.sales = Department.create({"name": "Sales"})
        cls.export = Department.create({"name": "Export", "parent_id": cls.sales.id})
        cls.works = Department.create({"name": "Works"})
        cls.requester_employee = cls._employee(cls.requester, cls.export)
        cls.colleague_employee = cls._employee(cls.colleague, cls.works)

    @classmethod
    def _set_catalog(cls):
        cls.calendar = cls._calendar("Stockholm office", "Europe/Stockholm")
        Desk = cls.env["spoc.desk"]
        cls.policy = cls.env["spoc.target.policy"].create(
            {
                "name": "Half a day",
                "target_ids": [
                    Command.create({"kind": "response", "hours": 4}),
                    Command.create({"kind": "response", "priority": "3", "hours": 1}),
                    Command.create({"kind": "resolution", "hours": 16}),
                ],
            }
        )
        cls.desk = Desk.create(
            {
                "name": "Help",
                "code": "HLP",
                "resource_calendar_id": cls.calendar.id,
                "member_ids": [Command.set(cls.agent.ids)],
                "manager_id": cls.manager.id,
                "department_id": cls.works.id,
                "target_policy_id": cls.policy.id,
                "channel_ids": [
                    Command.create({"kind": "email", "identity": "help@spoc.example"})
                ],
            }
        )
        cls.other_desk = Desk.create(
            {
                "name": "House",
                "code": "HSE",
                "resource_calendar_id": cls.calendar.id,
                "member_ids": [Command.set(cls.stranger.ids)],
            }
        )
        cls.category = cls.env["spoc.category"].create({"name": "Machines"})
        cls.open_service = cls._service("Broken lamp", summary="Light again")
        cls.draft_service = cls._service("Secret plan", summary="A plan", state="draft")

    @classmethod
    def _user(cls, login, groups):
        return cls._users((login, groups))

    @classmethod
    def _users(cls, *people):
        return new_people(
            cls.env,
            *(
                {
                    "login": login,
                    "name": login.removeprefix("cat_").title(),
                    "groups": groups,
                    "tz": "Europe/Stockholm",
                    "email": f"{login}@spoc.example",
                }
                for login, groups in people
            ),
        )

    @classmethod
    def _employee(cls, user, department):
        return cls.env["hr.employee"].create(
            {
                "name": user.name,
                "user_id": user.id,
                "department_id": department.id,
            }
        )

    @classmethod
    def _calendar(cls, name, tz, hours=((8, 12), (13, 17)), days=range(5)):
        return cls.env["resource.calendar"].create(
            {
                "name": name,
                "tz": tz,
                "company_id": cls.company.id,
                "attendance_ids": [Command.clear()]
                + [
                    Command.create(
                        {
                            "name": f"{day} {start}",
                            "dayofweek": str(day),
                            "hour_from": start,
                            "hour_to": end,
                            "day_period": "morning" if start < 12 else "afternoon",
                        }
                    )
                    for day in days
                    for start, end in hours
                ],
            }
        )

    @classmethod
    def _audience(cls, scope, *departments):
        return cls.env["spoc.audience"].create(
            {
                "name": f"{scope} {len(departments)}",
                "scope": scope,
                "department_ids": [Command.set([d.id for d in departments])],
            }
        )

    @classmethod
    def _service(cls, name, **values):
        return cls.env["spoc.service"].create(
            {
                "name": name,
                "desk_id": cls.desk.id,
                "category_id": cls.category.id,
                "state": "published",
                **values,
            }
        )

    def may_see(self, user, record):
        """Whether the record is found, read and reached by its id."""
        # As the next request would see it.
        self.env.invalidate_all()
        theirs = record.with_user(user)
        found = bool(theirs.search([("id", "=", record.id)]))
        self.assertEqual(found, theirs.has_access("read"))
        return found


class CatalogCase(CatalogScene, TransactionCase):
    """Model tests of the catalogue."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_scene()
