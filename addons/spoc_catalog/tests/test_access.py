"""What must not be possible, first."""

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CatalogCase

EVERYONE = ("requester", "customer", "agent", "stranger", "manager", "unplaced")


@tagged("post_install", "-at_install")
class TestForbidden(CatalogCase):
    def test_only_editors_describe_services(self):
        for name in EVERYONE:
            user = getattr(self, name)
            with self.subTest(name), self.assertRaises(AccessError):
                self.open_service.with_user(user).name = "Mine now"
            with self.subTest(name), self.assertRaises(AccessError):
                self.open_service.with_user(user).action_retire()
            with self.subTest(name), self.assertRaises(AccessError):
                self.env["spoc.service"].with_user(user).create(
                    {"name": "Mine", "desk_id": self.desk.id}
                )
            with self.subTest(name), self.assertRaises(AccessError):
                self.open_service.with_user(user).unlink()
        self.open_service.with_user(self.editor).name = "Better name"

    def test_only_administrators_set_up_desks_and_channels(self):
        for name in (*EVERYONE, "editor"):
            user = getattr(self, name)
            with self.subTest(name), self.assertRaises(AccessError):
                self.env["spoc.desk"].with_user(user).create(
                    {"name": "Mine", "code": "MINE"}
                )
            with self.subTest(name), self.assertRaises(AccessError):
                self.desk.channel_ids.with_user(user).write({"active": False})
            with self.subTest(name), self.assertRaises(AccessError):
                self.desk.channel_ids.with_user(user).unlink()
        desk = self.env["spoc.desk"].with_user(self.administrator)
        self.assertTrue(desk.create({"name": "New", "code": "NEW"}))

    def test_a_manager_keeps_only_the_own_desk(self):
        self.desk.with_user(self.manager).description = "Ours"
        with self.assertRaises(AccessError):
            self.other_desk.with_user(self.manager).description = "Ours, too"

    def test_an_agent_cannot_join_a_desk(self):
        with self.assertRaises(AccessError):
            self.other_desk.with_user(self.agent).write(
                {"member_ids": [Command.link(self.agent.id)]}
            )

    def test_drafts_are_for_their_desk_and_editors(self):
        for name in ("requester", "customer", "stranger", "manager"):
            self.assertFalse(
                self.may_see(getattr(self, name), self.draft_service), name
            )
        for name in ("agent", "editor", "administrator"):
            self.assertTrue(self.may_see(getattr(self, name), self.draft_service), name)

    def test_retired_services_are_gone_for_requesters(self):
        self.open_service.action_retire()
        self.assertFalse(self.may_see(self.requester, self.open_service))

    def test_inner_note_is_for_agents_and_editors(self):
        self.open_service.inner_note = "<p>Key under the mat</p>"
        for name in ("requester", "customer"):
            service = self.open_service.with_user(getattr(self, name))
            with self.subTest(name), self.assertRaises(AccessError):
                service.read(["inner_note"])
            with self.subTest(name), self.assertRaises(AccessError):
                service.search([("inner_note", "ilike", "mat")])
            self.assertNotIn("inner_note", service.fields_get())
        for name in ("agent", "editor"):
            service = self.open_service.with_user(getattr(self, name))
            self.assertIn("mat", service.inner_note)

    def test_forms_and_policies_are_not_for_requesters(self):
        form = self.env["spoc.form"].create({"name": "Inner"})
        for name in ("requester", "customer"):
            user = getattr(self, name)
            for record in (form, self.policy, self.policy.target_ids):
                with self.subTest(record._name), self.assertRaises(AccessError):
                    record.with_user(user).read(["display_name"])

    def test_customers_do_not_learn_of_other_audiences(self):
        inner = self._audience("employees", self.sales)
        outer = self._audience("customers")
        self.assertFalse(self.may_see(self.customer, inner))
        self.assertTrue(self.may_see(self.customer, outer))
        self.assertTrue(self.may_see(self.requester, inner))

    def test_an_audience_in_use_cannot_go(self):
        # Without it the service would be open to everyone.
        audience = self._audience("employees", self.works)
        self.open_service.audience_ids = audience
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            audience.unlink()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self.works.unlink()

    def test_descriptions_are_cleaned(self):
        self.open_service.description = (
            "<p onclick='steal()'>Fine</p><script>steal()</script>"
        )
        self.assertNotIn("steal", self.open_service.description)
        self.assertIn("Fine", self.open_service.description)

    def test_companies_do_not_mix(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        calendar = company.resource_calendar_id
        desk = self.env["spoc.desk"].create(
            {
                "name": "Far",
                "code": "FAR",
                "company_id": company.id,
                "resource_calendar_id": calendar.id,
            }
        )
        service = self._service("Far away", desk_id=desk.id)
        self.assertEqual(service.company_id, company)
        for name in ("requester", "customer", "editor", "administrator"):
            user = getattr(self, name)
            self.assertFalse(self.may_see(user, service), name)
            self.assertFalse(self.may_see(user, desk), name)
        self.requester.company_ids += company
        both = service.with_user(self.requester).with_context(
            allowed_company_ids=[self.company.id, company.id]
        )
        self.assertTrue(both.has_access("read"))

    def test_same_code_in_two_companies(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        twin = self.env["spoc.desk"].create(
            {
                "name": "Help",
                "code": self.desk.code,
                "company_id": company.id,
                "resource_calendar_id": company.resource_calendar_id.id,
            }
        )
        self.assertEqual(twin.code, self.desk.code)
