from contextlib import ExitStack

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import EsmCommon


@tagged("post_install", "-at_install")
class TestPlace(EsmCommon):
    """The same service, answered by the desk at the requester's place."""

    def _refused(self, words):
        """A refusal that says ``words``; what was refused is rolled back."""
        stack = ExitStack()
        stack.enter_context(self.assertRaisesRegex(ValidationError, words))
        stack.enter_context(self.env.cr.savepoint())
        return stack

    # ---- Forbidden ----

    def test_confidential_service_has_no_open_desk_on_the_spot(self):
        self.service.desk_id = self.hr
        with self._refused("in confidence"):
            self.service.site_desk_ids = self.site_desk

    def test_confidence_is_not_lost_later(self):
        self.site_desk.privacy = "confidential"
        self.service.site_desk_ids = self.site_desk
        self.service.desk_id = self.hr
        with self._refused("in confidence"):
            self.site_desk.privacy = "open"
        other = self.env["spoc.service"].create(
            {"name": "Open one", "desk_id": self.desk.id}
        )
        spot = self.site_desk.copy({"code": "SPO", "privacy": "open"})
        other.site_desk_ids = spot
        with self._refused("in confidence"):
            self.desk.privacy = "confidential"

    def test_one_desk_for_a_place(self):
        second = self.site_desk.copy(
            {"code": "SP2", "work_location_ids": [Command.set(self.harbour.ids)]}
        )
        with self._refused("both"):
            self.service.site_desk_ids = self.site_desk | second
        second.work_location_ids = self.office
        self.service.site_desk_ids = self.site_desk | second
        with self._refused("both"):
            second.work_location_ids = self.harbour | self.office

    def test_other_company(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        desk = self.env["spoc.desk"].create(
            {
                "name": "Elsewhere",
                "code": "ELS",
                "company_id": company.id,
                "resource_calendar_id": company.resource_calendar_id.id,
            }
        )
        with self._refused("another company"):
            self.service.site_desk_ids = desk

    def test_desk_on_the_spot_is_not_archived_unseen(self):
        self.service.site_desk_ids = self.site_desk
        with self._refused("on the spot"):
            self.site_desk.active = False
        self.service.site_desk_ids = False
        self.site_desk.active = False

    # ---- The way ----

    def test_desk_by_place(self):
        self.assertEqual(self._ask(self.requester).desk_id, self.desk)
        self.service.site_desk_ids = self.site_desk
        self.assertEqual(self._ask(self.requester).desk_id, self.site_desk)
        self.assertEqual(self._ask(self.outsider).desk_id, self.desk)
        self.assertEqual(self._ask(self.customer).desk_id, self.desk)

    def test_requester_moves(self):
        self.service.site_desk_ids = self.site_desk
        first = self._ask(self.requester)
        self.requester.sudo().employee_id.work_location_id = self.office
        self.assertEqual(self._ask(self.requester).desk_id, self.desk)
        self.assertEqual(first.desk_id, self.site_desk, "what was asked stays")

    def test_free_words_go_the_usual_way(self):
        Ticket = self.env["spoc.ticket"].with_user(self.requester)
        desk = Ticket._spoc_desk_for(
            self.env["spoc.service"], self.requester.partner_id
        )
        self.assertTrue(desk)
        self.assertNotEqual(desk, self.site_desk)

    def test_window_names_the_desk_that_answers(self):
        self.service.site_desk_ids = self.site_desk
        window = self.env["spoc.window"]
        for user, desk in (
            (self.requester, self.site_desk),
            (self.outsider, self.desk),
            (self.customer, self.desk),
        ):
            values = window.with_user(user)._prepare_service_values(
                self.service.with_user(user)
            )
            self.assertEqual(values["desk"], desk)
            self.assertIn(desk.id, values["openings"])

    def test_a_desk_on_the_spot_is_known_to_those_it_answers(self):
        desk = self.site_desk.with_user(self.customer)
        window = self.env["spoc.window"].with_user(self.customer)
        self.assertFalse(desk.has_access("read"))
        self.service.site_desk_ids = self.site_desk
        self.env.invalidate_all()
        self.assertTrue(desk.has_access("read"))
        self.assertEqual(window._spoc_find_card(desk.id), desk)
        self.service.state = "draft"
        self.env.invalidate_all()
        self.assertFalse(desk.has_access("read"))
        self.assertFalse(window._spoc_find_card(desk.id))
