"""Lines of audiences: each kind lets in and keeps out, combined as they are told."""

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CatalogCase

PEOPLE = ("requester", "colleague", "unplaced", "customer", "stranger")


class AudienceCase(CatalogCase):
    """The scene with a job, a tag, a location and a country for one person each."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        env = cls.env
        cls.job = env["hr.job"].create({"name": "Driver"})
        cls.tag = env["hr.employee.category"].create({"name": "Trainee"})
        cls.sweden = env.ref("base.se")
        address = env["res.partner"].create(
            {"name": "Head office", "country_id": cls.sweden.id}
        )
        cls.place = env["hr.work.location"].create(
            {"name": "Head office", "address_id": address.id}
        )
        cls.requester_employee.write(
            {
                "job_id": cls.job.id,
                "work_location_id": cls.place.id,
                "address_id": address.id,
                "category_ids": [Command.set(cls.tag.ids)],
            }
        )
        cls.colleague_employee.parent_id = cls.requester_employee
        cls.gold = env["res.partner.category"].create({"name": "Gold"})
        cls.elsewhere = env["res.company"].create({"name": "Elsewhere"})

    def audience(self, scope, *lines):
        """An audience of lines ``(effect, {field: records or True})``."""
        return self.env["spoc.audience"].create(
            {
                "name": "Some",
                "scope": scope,
                "rule_ids": [
                    Command.create(
                        {
                            "effect": effect,
                            **{
                                name: value is True or [Command.set(value.ids)]
                                for name, value in kinds.items()
                            },
                        }
                    )
                    for effect, kinds in lines
                ],
            }
        )

    def members(self, audience):
        """Names of the scene's people in it, by every way there is to ask."""
        # As the next request would see it.
        self.env.invalidate_all()
        users = {name: getattr(self, name) for name in PEOPLE}
        mine = {
            name
            for name, user in users.items()
            if audience.with_user(user).sudo().is_mine
        }
        found = self.env["res.users"].search(
            [("spoc_audience_ids", "in", audience.ids)]
        )
        self.assertEqual({name for name in PEOPLE if users[name] in found}, mine)
        self.assertEqual(audience.member_count, len(found))
        service = self._service("Probe", audience_ids=[Command.set(audience.ids)])
        partners = self.env["res.partner"].union(
            *(u.partner_id for u in users.values())
        )
        may = service._spoc_who_may_ask(partners)
        self.assertEqual(
            {name for name in PEOPLE if users[name].partner_id in may}, mine
        )
        for name, user in users.items():
            self.assertEqual(
                bool(service.with_user(user).sudo()._spoc_may_ask()), name in mine
            )
        return mine


@tagged("post_install", "-at_install")
class TestAudienceLines(AudienceCase):
    def kinds(self):
        """Field -> value that fits the requester only."""
        self.requester.partner_id.category_id = self.gold
        return {
            "department_ids": self.sales,
            "job_ids": self.job,
            "work_location_ids": self.place,
            "employee_tag_ids": self.tag,
            "managers_only": True,
            "contact_tag_ids": self.gold,
            "country_ids": self.sweden,
            "person_ids": self.requester.partner_id,
        }

    def test_each_kind_lets_in_and_keeps_out(self):
        everyone = self.members(self.audience("everyone"))
        self.assertEqual(everyone, set(PEOPLE))
        for name, value in self.kinds().items():
            with self.subTest(name):
                allow = self.audience("everyone", ("allow", {name: value}))
                self.assertEqual(self.members(allow), {"requester"})
                deny = self.audience("everyone", ("deny", {name: value}))
                self.assertEqual(self.members(deny), everyone - {"requester"})

    def test_groups_by_way_of_others(self):
        agents = self.env.ref("spoc_catalog.group_agent")
        inner = self.env.ref("base.group_user")
        audience = self.audience("everyone", ("allow", {"group_ids": agents}))
        self.assertEqual(self.members(audience), {"stranger"})
        audience = self.audience("everyone", ("allow", {"group_ids": inner}))
        self.assertEqual(self.members(audience), set(PEOPLE) - {"customer"})
        audience = self.audience("everyone", ("deny", {"group_ids": inner}))
        self.assertEqual(self.members(audience), {"customer"})

    def test_several_values_are_or(self):
        audience = self.audience(
            "employees", ("allow", {"department_ids": self.export | self.works})
        )
        self.assertEqual(self.members(audience), {"requester", "colleague"})

    def test_several_kinds_are_and(self):
        audience = self.audience(
            "employees",
            ("allow", {"department_ids": self.sales | self.works, "job_ids": self.job}),
        )
        self.assertEqual(self.members(audience), {"requester"})

    def test_several_lines_are_or(self):
        audience = self.audience(
            "everyone",
            ("allow", {"department_ids": self.works}),
            ("allow", {"person_ids": self.customer.partner_id}),
        )
        self.assertEqual(self.members(audience), {"colleague", "customer"})

    def test_deny_wins(self):
        audience = self.audience(
            "everyone",
            ("allow", {"department_ids": self.sales}),
            ("allow", {"person_ids": self.requester.partner_id}),
            ("allow", {"person_ids": self.colleague.partner_id}),
            ("deny", {"employee_tag_ids": self.tag}),
        )
        self.assertEqual(self.members(audience), {"colleague"})

    def test_deny_needs_all_its_kinds(self):
        audience = self.audience(
            "employees",
            ("deny", {"department_ids": self.works, "employee_tag_ids": self.tag}),
        )
        self.assertIn("requester", self.members(audience))
        self.assertIn("colleague", self.members(audience))
        self.colleague_employee.category_ids = self.tag
        self.assertNotIn("colleague", self.members(audience))

    def test_lines_stay_within_the_scope(self):
        audience = self.audience(
            "customers",
            ("allow", {"person_ids": (self.customer | self.requester).partner_id}),
        )
        self.assertEqual(self.members(audience), {"customer"})

    def test_contact_tags_of_the_own_company(self):
        company = self.env["res.partner"].create(
            {"name": "Buyers", "is_company": True, "category_id": self.gold.ids}
        )
        audience = self.audience("customers", ("allow", {"contact_tag_ids": self.gold}))
        self.assertEqual(self.members(audience), set())
        self.customer.partner_id.parent_id = company
        self.assertEqual(self.members(audience), {"customer"})

    def test_two_employments(self):
        """The kinds of a line have to meet in one of them."""
        self.colleague.company_ids += self.elsewhere
        twin = self.env["hr.employee"].create(
            {
                "name": "Colleague",
                "user_id": self.colleague.id,
                "company_id": self.elsewhere.id,
                "job_id": self.job.id,
            }
        )
        here = self.audience(
            "employees",
            ("allow", {"department_ids": self.works, "company_ids": self.company}),
        )
        there = self.audience("employees", ("allow", {"company_ids": self.elsewhere}))
        mixed = self.audience(
            "employees",
            ("allow", {"department_ids": self.works, "company_ids": self.elsewhere}),
        )
        job = self.audience(
            "employees", ("allow", {"department_ids": self.works, "job_ids": self.job})
        )
        self.assertEqual(self.members(here), {"colleague"})
        self.assertEqual(self.members(there), {"colleague"})
        self.assertEqual(self.members(mixed), set())
        self.assertEqual(self.members(job), set())
        twin.active = False
        self.assertEqual(self.members(there), set())

    def test_archived_employees(self):
        audience = self.audience(
            "employees",
            ("allow", {"employee_tag_ids": self.tag}),
            ("allow", {"managers_only": True}),
        )
        self.assertEqual(self.members(audience), {"requester"})
        self.colleague_employee.active = False
        self.requester_employee.category_ids = False
        self.assertEqual(self.members(audience), set())

    def test_a_transfer_counts_at_once(self):
        """Within the transaction, too: nothing is kept that a change makes wrong."""
        audience = self.audience("employees", ("allow", {"department_ids": self.sales}))
        jobs = self.audience("employees", ("allow", {"job_ids": self.job}))
        mine = [("id", "in", (audience | jobs).ids), ("is_mine", "=", True)]
        theirs = self.env["spoc.audience"].with_user(self.colleague)
        self.assertFalse(theirs.search(mine))
        self.colleague_employee.department_id = self.export
        self.assertEqual(theirs.search(mine).ids, audience.ids)
        self.colleague_employee.write(
            {"department_id": self.works.id, "job_id": self.job.id}
        )
        self.assertEqual(theirs.search(mine).ids, jobs.ids)
        self.works.parent_id = self.sales
        self.assertEqual(len(theirs.search(mine)), 2)
        self.colleague_employee.active = False
        self.assertFalse(theirs.search(mine))

    def test_people_without_a_sign_in(self):
        worker = self.env["hr.employee"].create(
            {"name": "Worker", "department_id": self.sales.id}
        )
        guest = self.env["res.partner"].create({"name": "Guest"})
        people = worker.work_contact_id | guest
        sales = self.audience("employees", ("allow", {"department_ids": self.sales}))
        service = self._service("Shoes", audience_ids=[Command.set(sales.ids)])
        self.assertEqual(service._spoc_who_may_ask(people), worker.work_contact_id)
        self.assertTrue(service._spoc_may_ask(worker.work_contact_id))
        self.assertFalse(service._spoc_may_ask(guest))
        self.assertTrue(service._spoc_may_ask(self.requester))

    # ---- what is refused ---------------------------------------------------

    def test_a_line_says_who(self):
        with self.assertRaises(ValidationError):
            self.audience("employees", ("allow", {}))
        audience = self.audience("employees", ("allow", {"job_ids": self.job}))
        with self.assertRaises(ValidationError):
            audience.rule_ids.job_ids = False

    def test_customers_have_no_employment(self):
        for name, value in self.kinds().items():
            if name in ("contact_tag_ids", "country_ids", "person_ids"):
                continue
            with self.subTest(name), self.assertRaises(ValidationError):
                self.audience("customers", ("allow", {name: value}))
        audience = self.audience("employees", ("allow", {"job_ids": self.job}))
        with self.assertRaises(ValidationError):
            audience.scope = "customers"

    def test_what_a_line_names_stays(self):
        self.audience("employees", ("deny", {"employee_tag_ids": self.tag}))
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self.tag.unlink()

    def test_lines_are_for_editors(self):
        audience = self.audience("employees", ("allow", {"department_ids": self.sales}))
        for name in ("requester", "customer", "agent", "manager", "stranger"):
            theirs = audience.with_user(getattr(self, name))
            with self.subTest(name), self.assertRaises(AccessError):
                theirs.sudo().rule_ids.with_user(getattr(self, name)).read(["effect"])
            with self.subTest(name), self.assertRaises(AccessError):
                theirs.read(["rule_ids"])
            with self.subTest(name), self.assertRaises(AccessError):
                theirs.read(["member_count"])
            with self.subTest(name), self.assertRaises(AccessError):
                theirs.env["spoc.audience.rule"].create(
                    {"audience_id": audience.id, "job_ids": self.job.ids}
                )
            with self.subTest(name), self.assertRaises(AccessError):
                theirs.env["spoc.audience.check"].create({"audience_id": audience.id})
            with self.subTest(name), self.assertRaises(AccessError):
                theirs.env.user.with_env(theirs.env).read(["spoc_facts"])
            with self.subTest(name), self.assertRaises(AccessError):
                theirs.env["res.users"].search(
                    [("spoc_audience_ids", "in", audience.ids)]
                )
            with self.subTest(name), self.assertRaises(AccessError):
                theirs.search([("department_ids", "ilike", "Sales")])
        theirs = audience.with_user(self.editor)
        self.assertTrue(theirs.rule_ids.description_text)
        self.assertEqual(theirs.member_count, 1)

    # ---- words -------------------------------------------------------------

    def test_words(self):
        audience = self.audience(
            "employees",
            ("allow", {"department_ids": self.sales}),
            ("deny", {"employee_tag_ids": self.tag}),
            ("deny", {"person_ids": self.colleague.partner_id}),
        )
        words = (
            "Employees of Sales and below, except those tagged Trainee; not Colleague"
        )
        self.assertEqual(audience.description_text, words)
        self.assertEqual(audience.with_user(self.requester).description_text, words)

    def test_words_of_combinations(self):
        kinds = {"department_ids": self.sales | self.works, "job_ids": self.job}
        audience = self.audience(
            "everyone", ("allow", kinds), ("allow", {"country_ids": self.sweden})
        )
        self.assertEqual(
            audience.description_text,
            "People of Sales or Works and below, with the job Driver, or in Sweden",
        )
        audience = self.audience("customers", ("deny", {"contact_tag_ids": self.gold}))
        self.assertEqual(
            audience.description_text,
            "Outside customers, except those with the contact tag Gold",
        )
        audience = self.audience("employees", ("allow", {"managers_only": True}))
        self.assertEqual(audience.description_text, "Employees who lead people")

    def test_many_names_are_cut(self):
        jobs = self.env["hr.job"].create([{"name": f"J{n}"} for n in range(9)])
        audience = self.audience("employees", ("allow", {"job_ids": jobs}))
        self.assertIn("and 4 more", audience.description_text)
        self.assertNotIn("J8", audience.description_text)

    def test_outsiders_learn_no_names(self):
        self._employee(self.customer, self.export)
        audience = self.audience(
            "employees",
            ("allow", {"department_ids": self.sales}),
            ("deny", {"person_ids": self.colleague.partner_id}),
        )
        theirs = audience.with_user(self.customer)
        self.assertEqual(theirs.description_text, "Some employees")
        self.assertEqual(theirs.sudo().description_text, "Some employees")

    # ---- why ---------------------------------------------------------------

    def test_why(self):
        audience = self.audience(
            "employees",
            ("allow", {"department_ids": self.sales | self.works}),
            ("deny", {"employee_tag_ids": self.tag}),
        )
        answers = {
            "requester": "kept out of “Some” by the line: tagged Trainee",
            "colleague": "let in by the line: of Sales or Works and below",
            "unplaced": "no line of “Some” lets Unplaced in",
            "customer": "not of the scope of “Some” (Employees)",
        }
        Check = self.env["spoc.audience.check"].with_user(self.editor)
        for name, text in answers.items():
            check = Check.create(
                {
                    "audience_id": audience.id,
                    "partner_id": getattr(self, name).partner_id.id,
                }
            )
            self.assertIn(text, check.answer_text)
            self.assertEqual(check.belongs, name == "colleague")

    def test_why_of_a_service(self):
        employees = self.audience("employees")
        works = self.audience("employees", ("allow", {"department_ids": self.works}))
        service = self._service("Shoes", audience_ids=[Command.set(works.ids)])
        Check = self.env["spoc.audience.check"].with_user(self.editor)
        values = {"partner_id": self.requester.partner_id.id}
        check = Check.create({"service_id": service.id, **values})
        self.assertFalse(check.belongs)
        service.audience_ids |= employees
        check = Check.create({"service_id": service.id, **values})
        self.assertTrue(check.belongs)
        self.assertIn("as everyone of the scope does (Employees)", check.answer_text)
        self.assertNotIn("No:", check.answer_text)
        service.audience_ids = False
        check = Check.create({"service_id": service.id, **values})
        self.assertTrue(check.belongs)
        self.assertIn("everyone signed in", check.answer_text)

    # ---- short ways --------------------------------------------------------

    def test_departments_in_short(self):
        audience = self.audience("employees", ("allow", {"job_ids": self.job}))
        audience.department_ids = self.works
        self.assertEqual(len(audience.rule_ids), 1)
        self.assertEqual(self.members(audience), {"colleague"})
        Audience = self.env["spoc.audience"]
        self.assertIn(
            audience, Audience.search([("department_ids", "in", self.works.ids)])
        )
        audience.department_ids = False
        self.assertFalse(audience.rule_ids)

    def test_opens_the_members(self):
        audience = self.audience("employees", ("allow", {"department_ids": self.sales}))
        action = audience.with_user(self.editor).action_open_members()
        users = self.env["res.users"].with_user(self.editor)
        self.assertEqual(users.search(action["domain"]), self.requester)
        copy = audience.copy()
        self.assertEqual(self.members(copy), {"requester"})
