"""Audiences against a plain reading of the rules, over a random directory."""

import random

from odoo.fields import Command
from odoo.tests import tagged

from ..audience_rules import judge
from .common import CatalogCase

SEED = 20261124
USERS = 40
AUDIENCES = 60


@tagged("post_install", "-at_install")
class TestAudienceRandom(CatalogCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.random = random.Random(SEED)
        cls._set_directory()
        cls._set_crowd()
        cls.audiences = cls.env["spoc.audience"].create(
            [cls._random_audience(number) for number in range(AUDIENCES)]
        )

    @classmethod
    def _set_directory(cls):
        env = cls.env
        cls.companies = cls.company | env["res.company"].create({"name": "Elsewhere"})
        departments = cls.sales | cls.export | cls.works
        for number in range(12):
            departments |= env["hr.department"].create(
                {
                    "name": f"D{number}",
                    "parent_id": cls.random.choice(departments).id,
                }
            )
        addresses = env["res.partner"].create(
            [
                {"name": f"Office {code}", "country_id": env.ref(f"base.{code}").id}
                for code in ("se", "fi", "us")
            ]
        )
        cls.values = {
            "company_ids": cls.companies,
            "department_ids": departments,
            "job_ids": env["hr.job"].create([{"name": f"J{n}"} for n in range(3)]),
            "work_location_ids": env["hr.work.location"].create(
                [{"name": f"L{n}", "address_id": addresses[n].id} for n in range(3)]
            ),
            "employee_tag_ids": env["hr.employee.category"].create(
                [{"name": f"T{n}"} for n in range(3)]
            ),
            "group_ids": env.ref("spoc_catalog.group_agent")
            | env.ref("spoc_catalog.group_catalog_editor")
            | env.ref("base.group_portal"),
            "contact_tag_ids": env["res.partner.category"].create(
                [{"name": f"C{n}"} for n in range(3)]
            ),
            "country_ids": addresses.country_id,
        }
        cls.addresses = addresses

    @classmethod
    def _some(cls, records, most=2):
        return records.browse(
            cls.random.sample(
                records.ids, cls.random.randint(1, min(most, len(records)))
            )
        )

    @classmethod
    def _set_crowd(cls):
        pick = cls.random.choice
        groups = [
            "base.group_user",
            "base.group_portal",
            "spoc_catalog.group_agent",
            "spoc_catalog.group_catalog_editor",
        ]
        cls.users = cls.env["res.users"].browse()
        firm = cls.env["res.partner"].create(
            {
                "name": "Firm",
                "is_company": True,
                "category_id": cls._some(cls.values["contact_tag_ids"]).ids,
                "country_id": cls.env.ref("base.fi").id,
            }
        )
        for number in range(USERS):
            user = cls._user(f"cat_crowd_{number}", pick(groups))
            user.company_ids = cls.companies
            user.partner_id.write(
                {
                    "category_id": cls._some(cls.values["contact_tag_ids"]).ids
                    if pick((True, False))
                    else [],
                    "country_id": pick((False, cls.env.ref("base.us").id)),
                    "parent_id": pick((False, False, firm.id)),
                }
            )
            cls.users |= user
            for company in (
                cls._some(cls.companies) if pick((True, True, False)) else ()
            ):
                cls._employ(user, company)
        cls.values["person_ids"] = cls.users.partner_id

    @classmethod
    def _employ(cls, user, company):
        pick = cls.random.choice
        employees = cls.env["hr.employee"].search([("company_id", "=", company.id)])
        inside = company == cls.company
        cls.env["hr.employee"].create(
            {
                "name": user.name,
                "user_id": user.id,
                "company_id": company.id,
                "parent_id": pick([False, *employees.ids]),
                "department_id": inside and pick(cls.values["department_ids"]).id,
                "job_id": inside and pick(cls.values["job_ids"]).id,
                "work_location_id": inside
                and pick([False, *cls.values["work_location_ids"].ids]),
                "address_id": pick([False, *cls.addresses.ids]),
                "category_ids": cls._some(cls.values["employee_tag_ids"]).ids
                if pick((True, False))
                else [],
                "active": pick((True, True, True, False)),
            }
        )

    @classmethod
    def _random_audience(cls, number):
        pick = cls.random.choice
        scope = pick(("everyone", "employees", "customers"))
        names = ["country_ids", "contact_tag_ids", "group_ids", "person_ids"]
        names += ["company_ids"]
        if scope != "customers":
            names += ["department_ids", "job_ids", "work_location_ids"]
            names += ["employee_tag_ids", "managers_only"]
        lines = []
        for _line in range(cls.random.randint(0, 4)):
            kinds = cls.random.sample(names, pick((1, 1, 2, 3)))
            lines.append(
                Command.create(
                    {
                        "effect": pick(("allow", "allow", "deny")),
                        **{
                            name: name == "managers_only"
                            or [Command.set(cls._some(cls.values[name], 4).ids)]
                            for name in kinds
                        },
                    }
                )
            )
        return {"name": f"A{number}", "scope": scope, "rule_ids": lines}

    # ---- the plain reading -------------------------------------------------

    def belongs(self, audience, user):
        """Read as a person would, record by record."""
        employees = self.env["hr.employee"].search([("user_id", "=", user.id)])
        inner = not user.share or bool(employees)
        if audience.scope == "employees" and not inner:
            return False
        if audience.scope == "customers" and inner:
            return False
        allowed = denied = False
        for line in audience.rule_ids:
            if any(self.fits(line, user, e) for e in employees or [employees]):
                allowed |= line.effect == "allow"
                denied |= line.effect == "deny"
        if "allow" not in audience.rule_ids.mapped("effect"):
            allowed = True
        return allowed and not denied

    def fits(self, line, user, employee):
        partner = user.partner_id
        firm = partner.commercial_partner_id
        above, department = self.env["hr.department"], employee.department_id
        while department:
            above |= department
            department = department.parent_id
        leads = self.env["hr.employee"].search_count(
            [("parent_id", "in", employee.ids)]
        ) or self.env["hr.department"].search_count(
            [("manager_id", "in", employee.ids)]
        )
        country = (
            employee.address_id.country_id or partner.country_id or firm.country_id
        )
        facts = {
            "company_ids": employee.company_id or user.company_id,
            "department_ids": above,
            "job_ids": employee.job_id,
            "work_location_ids": employee.work_location_id,
            "employee_tag_ids": employee.category_ids,
            "group_ids": user.all_group_ids,
            "contact_tag_ids": partner.category_id | firm.category_id,
            "country_ids": country,
            "person_ids": partner,
        }
        asked = [name for name in facts if line[name]]
        if line.managers_only and not (employee and leads):
            return False
        return all(line[name] & facts[name] for name in asked)

    # ---- against it --------------------------------------------------------

    def test_every_way_agrees(self):
        Users = self.env["res.users"]
        expected = {
            user: {a.id for a in self.audiences if self.belongs(a, user)}
            for user in self.users
        }
        self.env.invalidate_all()
        sizes = set()
        for audience in self.audiences:
            found = Users.search(
                [
                    ("spoc_audience_ids", "in", audience.ids),
                    ("id", "in", self.users.ids),
                ]
            )
            with self.subTest(audience.description_text):
                self.assertEqual(
                    set(found.ids),
                    {user.id for user in self.users if audience.id in expected[user]},
                )
                self.assertEqual(
                    audience.member_count,
                    Users.search_count([("spoc_audience_ids", "in", audience.ids)]),
                )
            sizes.add(len(found))
        for user in self.users:
            mine = (
                self.env["spoc.audience"]
                .with_user(user)
                .sudo()
                .search([("id", "in", self.audiences.ids), ("is_mine", "=", True)])
            )
            self.assertEqual(set(mine.ids), expected[user])
        # Otherwise the test would say nothing.
        self.assertGreater(len(sizes), 8)

    def test_the_explanation_agrees(self):
        partners = self.users.partner_id
        facts = self.env["spoc.audience"]._spoc_facts(partners)
        for audience in self.audiences:
            compiled = audience._spoc_compile()
            for user in self.users[:15]:
                verdict = judge(compiled, facts[user.partner_id.id])
                self.assertEqual(
                    verdict.belongs,
                    self.belongs(audience, user),
                    f"{user.login}: {audience.description_text}",
                )

    def test_query_counts(self):
        """However many audiences and lines: facts once, then one query a search."""
        self.open_service.audience_ids = self.audiences[:20]
        user = self.users[0]
        audiences = self.env["spoc.audience"].with_user(user).sudo()
        services = self.env["spoc.service"].with_user(user)
        # What belongs to signing in, not to audiences.
        services.search([], limit=1)
        self.env.invalidate_all()
        self.assertTrue(services.env.user.name)
        mine = [("is_mine", "=", True)]
        with self.assertQueryCount(2):
            audiences.search(mine)
        with self.assertQueryCount(1):
            services.search([("state", "=", "published")])
        with self.assertQueryCount(1):
            audiences.search(mine)
        with self.assertQueryCount(1):
            self.open_service._spoc_may_ask(user)
        self.open_service._spoc_who_may_ask(self.users[:1].partner_id)
        # Groups are remembered by Odoo, user by user.
        self.open_service._spoc_who_may_ask(self.users.partner_id)
        self.env.invalidate_all()
        partners = self.users.partner_id
        start = self.env.cr.sql_log_count
        self.open_service._spoc_who_may_ask(partners[:2])
        few = self.env.cr.sql_log_count - start
        self.env.invalidate_all()
        start = self.env.cr.sql_log_count
        self.open_service._spoc_who_may_ask(partners)
        self.assertLessEqual(self.env.cr.sql_log_count - start, few)
