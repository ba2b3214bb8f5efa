"""Audiences are worked out from the directory at the moment of asking."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import CatalogCase


@tagged("post_install", "-at_install")
class TestAudience(CatalogCase):
    def members(self, audience):
        """Names of the scene's people who belong to the audience."""
        service = self._service("Probe", audience_ids=[(6, 0, audience.ids)])
        people = ("requester", "colleague", "unplaced", "customer", "stranger")
        inside = set()
        for name in people:
            user = getattr(self, name)
            mine = audience.with_user(user).sudo().is_mine
            self.assertEqual(mine, self.may_see(user, service), name)
            if mine:
                inside.add(name)
        return inside

    def test_everyone(self):
        everyone = {"requester", "colleague", "unplaced", "customer", "stranger"}
        self.assertEqual(self.members(self._audience("everyone")), everyone)

    def test_employees(self):
        self.assertEqual(
            self.members(self._audience("employees")),
            {"requester", "colleague", "unplaced", "stranger"},
        )

    def test_customers(self):
        self.assertEqual(self.members(self._audience("customers")), {"customer"})

    def test_departments_include_those_below(self):
        self.assertEqual(
            self.members(self._audience("employees", self.sales)), {"requester"}
        )
        self.assertEqual(
            self.members(self._audience("employees", self.export)), {"requester"}
        )
        self.requester_employee.department_id = self.sales
        self.assertEqual(self.members(self._audience("employees", self.export)), set())

    def test_several_departments(self):
        self.assertEqual(
            self.members(self._audience("employees", self.sales, self.works)),
            {"requester", "colleague"},
        )

    def test_no_employee_no_department(self):
        audience = self._audience("employees", self.sales, self.works)
        self.assertNotIn("unplaced", self.members(audience))

    def test_one_of_several_audiences_is_enough(self):
        both = self._audience("employees", self.works) | self._audience("customers")
        service = self._service("Both", audience_ids=[(6, 0, both.ids)])
        self.assertTrue(self.may_see(self.colleague, service))
        self.assertTrue(self.may_see(self.customer, service))
        self.assertFalse(self.may_see(self.requester, service))

    def test_a_move_counts_at_once(self):
        service = self._service(
            "Sales only", audience_ids=self._audience("employees", self.sales).ids
        )
        self.assertFalse(self.may_see(self.colleague, service))
        self.colleague_employee.department_id = self.export
        self.assertTrue(self.may_see(self.colleague, service))
        self.colleague_employee.department_id = self.works
        self.assertFalse(self.may_see(self.colleague, service))
        # The whole department moves below the other one.
        self.works.parent_id = self.sales
        self.assertTrue(self.may_see(self.colleague, service))

    def test_a_leaver_is_out(self):
        service = self._service(
            "Sales only", audience_ids=self._audience("employees", self.sales).ids
        )
        self.assertTrue(self.may_see(self.requester, service))
        self.requester_employee.active = False
        self.assertFalse(self.may_see(self.requester, service))

    def test_an_employee_with_a_portal_user_is_an_employee(self):
        audience = self._audience("employees")
        customers = self._audience("customers")
        self._employee(self.customer, self.works)
        self.assertTrue(audience.with_user(self.customer).sudo().is_mine)
        self.assertFalse(customers.with_user(self.customer).sudo().is_mine)

    def test_negated_search(self):
        mine = self._audience("employees", self.sales)
        other = self._audience("employees", self.works)
        Audience = self.env["spoc.audience"].with_user(self.requester)
        both = [("id", "in", (mine | other).ids)]
        self.assertEqual(Audience.search([*both, ("is_mine", "=", True)]), mine)
        self.assertEqual(Audience.search([*both, ("is_mine", "=", False)]), other)
        self.assertEqual(Audience.search([*both, ("is_mine", "!=", True)]), other)
        self.assertEqual(
            Audience.search([*both, ("is_mine", "in", [True, False])]), mine | other
        )

    def test_words(self):
        self.assertEqual(
            self._audience("employees", self.sales).description_text,
            "Employees of Sales and below",
        )
        self.assertEqual(
            self._audience("customers").description_text, "Outside customers"
        )

    def test_departments_are_for_employees(self):
        with self.assertRaises(UserError):
            self._audience("customers", self.sales)
