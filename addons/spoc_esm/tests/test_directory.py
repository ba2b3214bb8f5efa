from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import EsmCommon


@tagged("post_install", "-at_install")
class TestDirectory(EsmCommon):
    FIELDS = (
        "requester_department_id",
        "requester_manager_name",
        "requester_work_location_id",
        "requester_job_title",
        "requester_open_count",
    )

    # ---- Forbidden ----

    def test_requesters_do_not_see_the_inner_side(self):
        ticket = self._ask(self.requester)
        for user in (self.requester, self.outsider, self.customer, self.liner):
            for name in self.FIELDS:
                with self.assertRaises(AccessError, msg=(user.login, name)):
                    ticket.with_user(user).read([name])
        for user in (self.requester, self.customer):
            with self.assertRaises(AccessError):
                self.requester.partner_id.with_user(user).read(["spoc_manager_name"])

    def test_agent_asking_another_desk_is_a_requester_there(self):
        ticket = self._ask(self.hr_agent)
        with self.assertRaises(AccessError):
            ticket.with_user(self.hr_agent).read(["requester_open_count"])

    def test_open_requests_of_confidential_desks_do_not_count(self):
        self._ask(self.requester)
        secret = self.env["spoc.service"].create(
            {"name": "Secret", "desk_id": self.hr.id, "state": "published"}
        )
        ticket, _errors = (
            self.env["spoc.ticket"]
            .with_user(self.requester)
            ._spoc_ask(secret, {}, "Between us")
        )
        self.assertEqual(ticket.sudo().desk_id, self.hr)
        self.env.flush_all()
        partner = self.requester.partner_id
        for user, count in ((self.agent, 1), (self.admin, 1), (self.hr_agent, 1)):
            self.env.invalidate_all()
            self.assertEqual(partner.with_user(user).spoc_open_ticket_count, count)
            action = partner.with_user(user).action_open_spoc_tickets()
            found = self.env["spoc.ticket"].with_user(user).search(action["domain"])
            self.assertEqual(len(found), count)

    # ---- The directory ----

    def test_place_of_the_requester(self):
        ticket = self._ask(self.requester).with_user(self.agent)
        self.assertEqual(ticket.requester_department_id, self.sales)
        self.assertEqual(ticket.requester_manager_name, "The Boss")
        self.assertEqual(ticket.requester_work_location_id, self.harbour)
        self.assertEqual(ticket.requester_job_title, "Seller")
        self.assertEqual(ticket.requester_open_count, 1)

    def test_outsiders_have_none(self):
        ticket = self._ask(self.customer).with_user(self.agent)
        for name in self.FIELDS[:-1]:
            self.assertFalse(ticket[name])

    def test_search_by_department(self):
        ticket = self._ask(self.requester)
        other = self._ask(self.customer)
        Ticket = self.env["spoc.ticket"].with_user(self.agent)
        for operator in ("in", "child_of"):
            found = Ticket.search(
                [("requester_department_id", operator, self.sales.ids)]
            )
            self.assertIn(ticket, found)
            self.assertNotIn(other, found)
        above = [("requester_department_id", "child_of", self.company_department.id)]
        self.assertIn(ticket, Ticket.search(above))
        hidden = self.env["spoc.ticket"].with_user(self.requester).search(above)
        self.assertFalse(hidden, "a requester does not search the inner side")

    def test_employee_of_two_companies(self):
        company = self.env["res.company"].create({"name": "Second"})
        self.env["hr.employee"].create(
            {
                "name": "Twice",
                "company_id": company.id,
                "work_contact_id": self.requester.partner_id.id,
            }
        )
        partner = self.requester.partner_id
        found = partner._spoc_employees(self.env.company)[partner.id]
        self.assertEqual(found.company_id, self.env.company)
        found = partner._spoc_employees(company)[partner.id]
        self.assertEqual(found.company_id, company)

    def test_departments_desks_services(self):
        self.desk.department_id = self.sales
        self.service.action_publish()
        department = self.sales.with_user(self.agent)
        self.assertEqual(department.spoc_desk_ids, self.desk)
        self.assertIn(self.service, department.spoc_service_ids)
        self.service.department_id = self.company_department
        self.env.invalidate_all()
        self.assertNotIn(self.service, department.spoc_service_ids)
        above = self.company_department.with_user(self.agent)
        self.assertIn(self.service, above.spoc_service_ids)
        action = above.action_open_spoc_services()
        self.assertIn(self.service, self.env["spoc.service"].search(action["domain"]))

    def test_list_of_tickets_costs_no_query_per_ticket(self):
        def read(tickets):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            tickets.with_user(self.agent).read(list(self.FIELDS))
            return self.env.cr.sql_log_count - before

        one = self._ask(self.requester)
        many = one | self._ask(self.outsider) | self._ask(self.customer)
        read(one)
        self.assertLessEqual(read(many), read(one) + 2)
