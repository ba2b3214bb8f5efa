"""Facets, and what may become of categories."""

from psycopg2 import IntegrityError
from psycopg2.errors import UniqueViolation

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CatalogCase


@tagged("post_install", "-at_install")
class TestFacet(CatalogCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.place = cls.env["spoc.facet"].create({"name": "Place"})
        cls.thing = cls.env["spoc.facet"].create({"name": "Thing"})
        Value = cls.env["spoc.facet.value"]
        cls.office = Value.create({"name": "Office", "facet_id": cls.place.id})
        cls.floor = Value.create(
            {
                "name": "First floor",
                "facet_id": cls.place.id,
                "parent_id": cls.office.id,
            }
        )
        cls.lamp = Value.create({"name": "Lamp", "facet_id": cls.thing.id})

    def test_counts_hold_for_who_looks(self):
        self.open_service.facet_value_ids = self.floor | self.lamp
        self.draft_service.facet_value_ids = self.office
        inner = self._audience("employees", self.sales)
        hidden = self._service("Sales only", audience_ids=[Command.set(inner.ids)])
        hidden.facet_value_ids = self.office | self.floor
        for user, counts in (
            (self.customer, [1, 1, 1]),
            (self.requester, [2, 2, 1]),
        ):
            values = (self.office | self.floor | self.lamp).with_user(user)
            self.assertEqual(values.mapped("service_count"), counts)

    def test_names(self):
        self.assertEqual(self.floor.display_name, "Place: Office / First floor")
        Value = self.env["spoc.facet.value"]
        for name, value in (
            ("Place: Office / First floor", self.floor),
            ("Place: Office", self.office),
            ("Lamp", self.lamp),
        ):
            found = Value.name_search(name, operator="=")
            self.assertEqual([id_ for id_, _name in found], value.ids, name)
        self.assertFalse(Value.name_search("Thing: Office", operator="="))

    def test_a_value_once(self):
        Value = self.env["spoc.facet.value"]
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation),
            self.env.cr.savepoint(),
        ):
            Value.create({"name": "Lamp", "facet_id": self.thing.id})
        Value.create({"name": "Lamp", "facet_id": self.place.id})

    def test_no_circles_and_no_mixing(self):
        with self.assertRaises(UserError):
            self.office.parent_id = self.floor
        with self.assertRaises(UserError):
            self.lamp.parent_id = self.office

    def test_a_value_in_use_stays(self):
        self.open_service.facet_value_ids = self.lamp
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self.lamp.unlink()


@tagged("post_install", "-at_install")
class TestCategory(CatalogCase):
    def test_no_circles(self):
        below = self.category.create({"name": "Small", "parent_id": self.category.id})
        with self.assertRaises(UserError):
            self.category.parent_id = below
        with self.assertRaises(UserError):
            self.category.parent_id = self.category

    def test_moving_takes_the_services_along(self):
        top = self.category.create({"name": "Works"})
        self.category.parent_id = top
        self.env.invalidate_all()
        self.assertEqual(top.with_user(self.requester).service_count, 1)
        self.assertEqual(self.category.display_name, "Works / Machines")

    def test_a_shelf_with_services_is_not_put_away(self):
        with self.assertRaises(UserError) as caught:
            self.category.with_user(self.editor).action_archive()
        self.assertIn("Broken lamp", str(caught.exception))
        top = self.category.create({"name": "Works"})
        self.category.parent_id = top
        with self.assertRaises(UserError):
            top.active = False
        self.open_service.category_id = False
        self.draft_service.category_id = False
        top.active = False
        self.assertFalse(self.category.active)

    def test_names_with_their_path(self):
        below = self.category.create({"name": "Small", "parent_id": self.category.id})
        found = self.category.name_search("Machines / Small", operator="=")
        self.assertEqual([id_ for id_, _name in found], below.ids)
        self.assertFalse(self.category.name_search("Works / Small", operator="="))
