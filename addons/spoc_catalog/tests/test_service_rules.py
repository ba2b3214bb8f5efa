"""Seen by some, asked for by others, and told why."""

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common import CatalogCase, CatalogScene

SECRET = "Mallory Secret"


def set_rules(cls):
    """A service for those who lead people in Works; Colleague leads Requester."""
    cls.requester_employee.parent_id = cls.colleague_employee
    cls.leaders = cls.env["spoc.audience"].create(
        {
            "name": "Leaders",
            "scope": "employees",
            "rule_ids": [
                Command.create(
                    {"managers_only": True, "department_ids": [cls.works.id]}
                ),
                Command.create(
                    {
                        "effect": "deny",
                        "person_ids": cls.env["res.partner"]
                        .create({"name": SECRET})
                        .ids,
                    }
                ),
            ],
        }
    )
    cls.contact = cls.env["res.partner"].create(
        {"name": "Reception", "email": "reception@spoc.example", "phone": "+46 8 1"}
    )
    cls.room = cls._service(
        "New colleague",
        audience_ids=cls.leaders.ids,
        visibility="everyone",
        refusal_text="For those who lead people; ask yours.",
        refusal_contact_id=cls.contact.id,
    )


@tagged("post_install", "-at_install")
class TestServiceRules(CatalogCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        set_rules(cls)

    def test_who_sees_and_who_may_ask(self):
        personas = {
            # see and ask, by visibility: audience, everyone, chosen (Sales)
            "requester": (False, True, True),
            "colleague": (True, True, True),
            "unplaced": (False, True, False),
            "customer": (False, True, False),
            "stranger": (False, True, False),
            "manager": (False, True, False),
            # Of the desk, and editors, see everything.
            "agent": (True, True, True),
            "editor": (True, True, True),
            "administrator": (True, True, True),
        }
        self.room.seen_by_audience_ids = self._audience("employees", self.sales)
        for number, visibility in enumerate(("audience", "everyone", "chosen")):
            self.room.visibility = visibility
            for name, seen in personas.items():
                user = getattr(self, name)
                with self.subTest(name, visibility=visibility):
                    self.assertEqual(self.may_see(user, self.room), seen[number])
                    theirs = self.room.with_user(user)
                    may = theirs.sudo().with_user(user)._spoc_may_ask()
                    self.assertEqual(bool(may), name == "colleague")

    def test_without_audience_everyone_may(self):
        self.room.audience_ids = False
        for name in ("requester", "customer", "agent"):
            theirs = self.room.with_user(getattr(self, name))
            self.assertTrue(theirs._spoc_may_ask())
            self.assertEqual(theirs._spoc_refusal(), {})
            self.assertEqual(theirs._spoc_refusal_message(), "")

    def test_drafts_stay_hidden(self):
        self.room.state = "draft"
        for name in ("requester", "colleague", "customer"):
            self.assertFalse(self.may_see(getattr(self, name), self.room), name)

    def test_cache_of_a_requester_is_not_asked(self):
        """Audiences a customer may not see do not turn into "everyone"."""
        theirs = self.room.with_user(self.customer)
        theirs.invalidate_recordset(["audience_ids"])
        theirs._fields["audience_ids"].read(theirs)
        self.assertFalse(theirs.audience_ids)
        self.assertFalse(theirs._spoc_may_ask())
        self.assertTrue(theirs._spoc_refusal())

    def test_many_at_once(self):
        services = self.open_service | self.room
        services |= self._service("Sales", audience_ids=self._audience("customers").ids)
        theirs = services.with_user(self.requester)
        self.assertTrue(theirs.env.user.sudo().spoc_facts)
        # What is kept of audiences until one of them changes.
        self.env["spoc.audience"]._spoc_index()
        with self.assertQueryCount(1):
            self.assertEqual(theirs._spoc_may_ask(), self.open_service)

    def test_refusal_names_the_own_manager(self):
        refusal = self.room.with_user(self.requester)._spoc_refusal()
        self.assertEqual(
            refusal,
            {
                "rule": "This service is for: Employees of Works and below, who lead "
                f"people; not {SECRET}.",
                "text": "For those who lead people; ask yours.",
                "whom": "Your manager, Colleague, may ask for it: turn to them.",
                "contact": {
                    "name": "Reception",
                    "email": "reception@spoc.example",
                    "phone": "+46 8 1",
                },
            },
        )
        message = self.room.with_user(self.requester)._spoc_refusal_message()
        self.assertIn("Turn to: Reception, reception@spoc.example", message)

    def test_a_manager_who_may_not_is_not_named(self):
        self.works.parent_id = False
        self.colleague_employee.department_id = self.sales
        refusal = self.room.with_user(self.requester)._spoc_refusal()
        self.assertEqual(refusal["whom"], "")

    def test_refusal_for_outsiders_names_nobody(self):
        self.room.refusal_contact_id = False
        message = self.room.with_user(self.customer)._spoc_refusal_message()
        for secret in (SECRET, "Works", "Colleague"):
            self.assertNotIn(secret, message)
        self.assertIn("Some employees", message)

    def test_somebody_else(self):
        theirs = self.room.with_user(self.colleague)
        for person in (self.requester, self.requester.partner_id):
            self.assertFalse(theirs._spoc_may_ask(person))
            self.assertIn("Requester may not ask", theirs._spoc_refusal_message(person))
        self.assertTrue(
            self.room.with_user(self.requester)._spoc_may_ask(self.colleague)
        )

    def test_a_transfer_counts_at_once(self):
        self.requester_employee.parent_id = False
        self.assertFalse(self.room.with_user(self.colleague)._spoc_may_ask())
        self.requester_employee.parent_id = self.colleague_employee
        self.assertTrue(self.room.with_user(self.colleague)._spoc_may_ask())
        self.colleague_employee.department_id = self.sales
        self.assertFalse(self.room.with_user(self.colleague)._spoc_may_ask())

    def test_only_editors_change_the_rules(self):
        for name in ("requester", "customer", "agent", "manager"):
            theirs = self.room.with_user(getattr(self, name))
            for values in (
                {"visibility": "audience"},
                {"refusal_text": "Free for all"},
                {"audience_ids": [Command.clear()]},
            ):
                with self.subTest(name), self.assertRaises(AccessError):
                    theirs.write(values)
        self.room.with_user(self.editor).visibility = "audience"


@tagged("post_install", "-at_install")
class TestServiceRulesPage(CatalogScene, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_scene()
        set_rules(cls)
        cls.room.approval_rule_id = cls.env["spoc.approval.rule"].create(
            {"name": "Manager", "step_ids": [Command.create({"kind": "manager"})]}
        )

    def get(self, login):
        self.authenticate(login, login)
        return self.url_open(f"/spoc/service/{self.room.id}").text

    def test_refused(self):
        page = self.get("cat_requester")
        for text in (
            "You cannot ask for this yourself",
            "Employees of Works and below, who lead people",
            "ask yours",
            "Your manager, Colleague,",
            "mailto:reception@spoc.example",
        ):
            self.assertIn(text, page)
        self.assertNotIn('/ask"', page)
        self.assertNotIn("Who has to agree", page)

    def test_outsiders(self):
        page = self.get("cat_customer")
        self.assertIn("You cannot ask for this yourself", page)
        self.assertNotIn(SECRET, page)
        self.assertNotIn("lead people in Works", page)
        self.assertNotIn("Employees of Works", page)

    def test_allowed(self):
        self.colleague_employee.parent_id = self._employee(self.unplaced, self.sales)
        page = self.get("cat_colleague")
        self.assertNotIn("You cannot ask for this yourself", page)
        self.assertIn("Who has to agree", page)
        self.assertIn("Your manager, Unplaced, has to agree.", page)
