"""What managers read of confidential tickets is written down, and stays so."""

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tests.test_cursor import TestCursor
from odoo.tools import mute_logger

from ..models import spoc_access_log
from .test_own_matter import OwnMatterCase


class LogCase(OwnMatterCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead_ticket = cls._ticket(desk_id=cls.hr.id, owner_id=cls.hr_agent.id)
        cls.other_ticket = cls._ticket(desk_id=cls.hr.id)
        cls.env.flush_all()

    def setUp(self):
        super().setUp()
        spoc_access_log._written.clear()  # of tests that were rolled back

    def _ended(self):
        """End what would be a transaction: test cursors drop what comes after it."""
        with self.enter_registry_test_mode():
            self.env.cr.postcommit.run()
        return self.env["spoc.access.log"].search([])


@tagged("post_install", "-at_install")
class TestAccessLog(LogCase):
    def test_form_list_and_export(self):
        theirs = self.lead_ticket.with_user(self.hr_lead)
        theirs.web_read({"name": {}, "description": {}})
        [row] = self._ended()
        self.assertEqual(row.ticket_id, self.lead_ticket)
        self.assertEqual((row.user_id, row.how), (self.hr_lead, "form"))
        # Once an hour is enough.
        theirs.read(["description"])
        self.assertEqual(self._ended(), row)
        theirs.web_search_read([("desk_id", "=", self.hr.id)], {"next_due": {}})
        rows = self._ended()
        self.assertEqual(len(rows), 2)
        self.assertEqual((rows - row).how, "list")
        self.assertEqual((rows - row).ticket_id, self.other_ticket)

    def test_export(self):
        self.hr_lead.group_ids += self.env.ref("base.group_allow_export")
        self.lead_ticket.with_user(self.hr_lead).export_data(["name"])
        self.assertEqual(self._ended().how, "export")

    def test_who_and_what_is_not_noted(self):
        self.lead_ticket.with_user(self.hr_agent).read(["description"])
        self.lead_ticket.with_user(self.hr_lead).read(["number", "display_name"])
        open_ticket = self._ticket()
        open_ticket.with_user(self.manager).read(["description"])
        own = self._ticket(desk_id=self.hr.id, requester_id=self.hr_lead.partner_id.id)
        own.with_user(self.hr_lead).read(["description"])
        self.assertFalse(self._ended())

    def test_who_leads_without_the_group(self):
        """Leading counts, not the group that may lead."""
        lead = self._person("t_plain_lead", "spoc_catalog.group_agent")
        theirs = self.lead_ticket.with_user(lead)
        self.hr.member_ids |= lead
        theirs.read(["description"])
        self.assertFalse(self._ended())
        self.hr.manager_id = lead
        theirs.read(["description"])
        self.assertEqual(self._ended().user_id, lead)

    def test_administrator_who_belongs_to_the_desk(self):
        self.hr.member_ids |= self.admin
        self.lead_ticket.with_user(self.admin).read(["description"])
        self.assertEqual(self._ended().user_id, self.admin)

    def _written(self):
        self.lead_ticket.with_user(self.hr_lead).read(["description"])
        return self._ended()

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_who_sees_it(self):
        row = self._written()
        for user in (self.hr_agent, self.hr_lead, self.named):
            self.assertTrue(row.with_user(user).search([("id", "=", row.id)]))
        for user in (self.agent, self.manager, self.admin):
            self.assertFalse(row.with_user(user).search([("id", "=", row.id)]))
        for user in (self.outsider, self.customer):
            with self.assertRaises(AccessError):
                row.with_user(user).search([])
        self.lead_ticket.about_ids = self.named.partner_id
        self.env.flush_all()
        self.assertFalse(row.with_user(self.named).search([("id", "=", row.id)]))

    def test_nobody_changes_it(self):
        row = self._written()
        superuser = row.sudo()
        for change in (
            lambda: superuser.write({"how": "list"}),
            superuser.unlink,
            superuser.with_context(_force_unlink=True).unlink,
            lambda: superuser.create({"ticket_id": self.lead_ticket.id}),
            lambda: superuser.copy(),
        ):
            with self.assertRaises(UserError):
                change()
        for user in (self.hr_lead, self.hr_agent, self.admin):
            for operation in ("write", "create", "unlink"):
                self.assertFalse(row.browse().with_user(user).has_access(operation))

    def test_the_database_keeps_it(self):
        row = self._written()
        for query in (
            "UPDATE spoc_access_log SET at = now() WHERE id = %s",
            "DELETE FROM spoc_access_log WHERE id = %s",
        ):
            with (
                self.assertRaises(psycopg2.IntegrityError),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(query, [row.id])

    def test_nothing_twice_by_another_worker(self):
        row = self._written()
        spoc_access_log._written.clear()
        self.lead_ticket.with_user(self.hr_lead).read(["description"])
        self.assertEqual(self._ended(), row)

    def test_costs_nothing_once_written(self):
        self._written()

        def count(user):
            theirs = self.lead_ticket.with_user(user)
            # The second time it is judged from memory, the third time as ever after.
            theirs.read(["description"])
            theirs.read(["description"])
            before = self.env.cr.sql_log_count
            theirs.read(["description"])
            return self.env.cr.sql_log_count - before

        self.assertEqual(count(self.hr_lead), count(self.hr_agent))
        self.assertFalse(self.env.cr.postcommit.data)


@tagged("post_install", "-at_install")
class TestAccessLogReadonly(HttpCase, LogCase):
    """The real way: a route on a cursor that cannot write."""

    def test_read_by_rpc(self):
        self.authenticate(self.hr_lead.login, self.hr_lead.login)
        ran = []
        self.patch(spoc_access_log, "_write_down", lambda *args: ran.append(args))
        # Test cursors forget what comes after the end: let them not.
        commit = TestCursor.commit

        def run_and_commit(cr):
            cr.postcommit.run()
            return commit(cr)

        self.patch(TestCursor, "commit", run_and_commit)
        answer = self.make_jsonrpc_request(
            "/web/dataset/call_kw/spoc.ticket/web_read",
            {
                "model": "spoc.ticket",
                "method": "web_read",
                "args": [self.lead_ticket.ids, {"description": {}}],
                "kwargs": {},
            },
        )
        self.assertEqual(len(answer), 1)
        self.assertEqual(len(ran), 1)
        registry, database, pending, _hour = ran[0]
        self.assertEqual(database, self.env.cr.dbname)
        self.assertIs(registry, self.env.registry)
        self.assertEqual(pending, {(self.lead_ticket.id, self.hr_lead.id): "form"})
