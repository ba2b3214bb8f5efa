from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import EsmCommon


@tagged("post_install", "-at_install")
class TestInsight(EsmCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.secret = cls.env["spoc.service"].create(
            {"name": "Secret", "desk_id": cls.hr.id, "state": "published"}
        )
        Ticket = cls.env["spoc.ticket"].with_user(cls.requester)
        cls.open_ticket = Ticket._spoc_ask(cls.service, {}, "Help")[0].sudo()
        cls.secret_ticket = Ticket._spoc_ask(cls.secret, {}, "Between us")[0].sudo()

    def _rows(self, user, domain=()):
        self.env.flush_all()
        both = (self.open_ticket | self.secret_ticket).ids
        return (
            self.env["spoc.insight.request"]
            .with_user(user)
            .search([("id", "in", both), *domain])
        )

    # ---- Forbidden ----

    def test_figures_are_for_managers(self):
        for user in (self.requester, self.customer, self.agent, self.hr_agent):
            with self.assertRaises(AccessError):
                self._rows(user)

    def test_confidential_figures_are_for_its_people(self):
        for user in (self.manager, self.admin):
            self.assertEqual(self._rows(user).ids, self.open_ticket.ids)
            Insight = self.env["spoc.insight.request"].with_user(user)
            groups = Insight._read_group([], ["desk_id"], ["request_count:sum"])
            self.assertNotIn(self.hr, [desk for desk, _count in groups])
            groups = Insight._read_group(
                [("id", "=", self.secret_ticket.id)], [], ["__count"]
            )
            self.assertEqual(groups, [(0,)])
            with self.assertRaises(AccessError):
                Insight.browse(self.secret_ticket.id).read(["service_id"])
        self.hr.sudo().member_ids = [Command.link(self.manager.id)]
        self.assertIn(self.secret_ticket.id, self._rows(self.manager).ids)

    def test_row_opens_the_ticket_of_those_who_may_read_it(self):
        stranger = self._person("t_other_manager", "spoc_catalog.group_manager")
        with self.assertRaises(AccessError):
            self._rows(stranger).action_open_ticket()
        action = self._rows(self.manager).action_open_ticket()
        self.assertEqual(action["res_id"], self.open_ticket.id)

    def test_nobody_writes_it(self):
        row = self._rows(self.manager)
        for method, args in (("write", [{"kind": "change"}]), ("unlink", [])):
            with self.assertRaises(AccessError):
                getattr(row, method)(*args)

    # ---- Figures ----

    def test_row(self):
        self.assertRecordValues(
            self._rows(self.manager),
            [
                {
                    "number": self.open_ticket.number,
                    "desk_id": self.desk.id,
                    "service_id": self.service.id,
                    "department_id": self.sales.id,
                    "work_location_id": self.harbour.id,
                    "state": self.open_ticket.state,
                    "request_count": 1,
                    "met_count": 0,
                    "missed_count": 0,
                    "assignment_count": 0,
                    "first_line_count": 0,
                }
            ],
        )

    def test_met_and_missed(self):
        clocks = self.open_ticket.clock_ids
        self.assertGreaterEqual(len(clocks), 2)
        clocks[0].sudo().write({"state": "met"})
        clocks[1].sudo().write({"state": "missed"})
        row = self._rows(self.manager)
        self.assertEqual((row.met_count, row.missed_count, row.late_count), (1, 1, 1))

    def test_customer_has_no_department(self):
        ticket = self._ask(self.customer)
        self.env.flush_all()
        row = self.env["spoc.insight.request"].browse(ticket.id)
        self.assertEqual(row.request_count, 1)
        self.assertFalse(row.department_id)

    def test_two_employees_make_one_row(self):
        company = self.env["res.company"].create({"name": "Second"})
        self.env["hr.employee"].create(
            {
                "name": "Twice",
                "company_id": company.id,
                "work_contact_id": self.requester.partner_id.id,
            }
        )
        self.assertEqual(len(self._rows(self.manager)), 1)
        self.assertEqual(self._rows(self.manager).department_id, self.sales)
