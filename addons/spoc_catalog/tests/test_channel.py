"""One active identity belongs to one desk; a desk has one of each kind."""

from psycopg2.errors import UniqueViolation

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .common import CatalogCase


@tagged("post_install", "-at_install")
class TestChannel(CatalogCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.country_id = cls.env.ref("base.se")
        cls.email = cls.desk.channel_ids

    def channel(self, desk, kind, identity, **values):
        return self.env["spoc.channel"].create(
            {"desk_id": desk.id, "kind": kind, "identity": identity, **values}
        )

    def test_an_identity_of_another_desk_is_refused_by_name(self):
        with self.assertRaisesRegex(ValidationError, "“Help”"):
            self.channel(self.other_desk, "email", "Help <HELP@spoc.example>")
        self.channel(self.other_desk, "phone", "08-465 004 55")
        for spelling in ("+46 8 465 004 55", "0046846500455", "08 46500455"):
            with (
                self.subTest(spelling),
                self.assertRaisesRegex(ValidationError, "House"),
            ):
                self.channel(self.desk, "phone", spelling)

    def test_a_second_identity_of_a_kind_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "help@spoc.example"):
            self.channel(self.desk, "email", "second@spoc.example")

    def test_changing_into_a_taken_identity_is_refused(self):
        other = self.channel(self.other_desk, "email", "house@spoc.example")
        with self.assertRaisesRegex(ValidationError, "Help"):
            other.identity = "help@spoc.example"
        phone = self.channel(self.desk, "phone", "08-465 004 55")
        with self.assertRaises(ValidationError):
            phone.write({"kind": "email", "identity": "new@spoc.example"})
        with self.assertRaises(ValidationError):
            other.desk_id = self.desk

    def test_two_of_one_batch_are_refused(self):
        with self.assertRaises(ValidationError):
            self.env["spoc.channel"].create(
                [
                    {"desk_id": self.desk.id, "kind": "chat", "identity": "@one"},
                    {"desk_id": self.other_desk.id, "kind": "chat", "identity": "@ONE"},
                ]
            )
        with self.assertRaises(ValidationError):
            self.env["spoc.channel"].create(
                [
                    {"desk_id": self.desk.id, "kind": "chat", "identity": "@one"},
                    {"desk_id": self.desk.id, "kind": "chat", "identity": "@two"},
                ]
            )

    def test_the_database_refuses_what_slips_past(self):
        other = self.channel(self.other_desk, "email", "house@spoc.example")
        for statement in (
            SQL(
                "UPDATE spoc_channel SET identity_normalized = %s WHERE id = %s",
                "help@spoc.example",
                other.id,
            ),
            SQL(
                "UPDATE spoc_channel SET desk_id = %s WHERE id = %s",
                self.desk.id,
                other.id,
            ),
        ):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(UniqueViolation),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(statement)

    def test_a_retired_identity_is_free(self):
        self.email.action_retire()
        self.assertTrue(self.email.retired_on)
        taken = self.channel(self.other_desk, "email", "help@spoc.example")
        with self.assertRaisesRegex(ValidationError, "House"):
            self.email.action_activate()
        taken.action_retire()
        self.email.action_activate()
        self.assertFalse(self.email.retired_on)

    def test_replaced_in_one_save_of_the_desk(self):
        self.desk.write(
            {
                "channel_ids": [
                    Command.update(self.email.id, {"active": False}),
                    Command.create({"kind": "email", "identity": "new@spoc.example"}),
                ]
            }
        )
        self.assertEqual(self.desk.channel_ids.identity, "new@spoc.example")
        self.email.successor_id = self.desk.channel_ids
        self.assertEqual(self.email.successor_id.identity, "new@spoc.example")

    def test_taken_in_a_company_out_of_sight(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        desk = self.env["spoc.desk"].create(
            {
                "name": "Far",
                "code": "FAR",
                "company_id": company.id,
                "resource_calendar_id": company.resource_calendar_id.id,
            }
        )
        self.channel(desk, "email", "far@spoc.example")
        with self.assertRaisesRegex(ValidationError, "Far"):
            self.env["spoc.channel"].with_user(self.administrator).create(
                {
                    "desk_id": self.other_desk.id,
                    "kind": "email",
                    "identity": "far@spoc.example",
                }
            )

    def test_normal_forms(self):
        normal = self.env["spoc.channel"]._normalize_identity
        sweden = self.env.ref("base.se")
        cases = [
            ("email", "Help <Help@Spoc.Example> ", "help@spoc.example"),
            ("phone", "08-465 004 10", "+46846500410"),
            ("phone", "+46 (0)8 465 00 410", "+46846500410"),
            ("phone", " 410 ", "410"),
            ("social", "https://www.Social.example/Nordvik/", "social.example/Nordvik"),
            ("social", "social.example/Nordvik", "social.example/Nordvik"),
            ("intranet", "http://intra.example:8080/", "intra.example:8080"),
            ("walkin", "Ground  floor, room 12", "ground floor, room 12"),
            ("chat", "@Nordvik_Bot", "@nordvik_bot"),
            ("social", "https://[broken", "https://[broken"),
        ]
        for kind, identity, expected in cases:
            with self.subTest(identity):
                self.assertEqual(normal(kind, identity, sweden), expected)

    def test_links(self):
        self.assertEqual(self.email.url, "mailto:help@spoc.example")
        phone = self.channel(self.desk, "phone", "08-465 004 55")
        self.assertEqual(phone.url, "tel:+46846500455")
        page = self.channel(self.desk, "intranet", "intra.example/help")
        self.assertEqual(page.url, "https://intra.example/help")
        place = self.channel(self.desk, "walkin", "javascript:alert(1)")
        self.assertFalse(place.url)
        chat = self.channel(self.desk, "chat", "javascript:alert(1)")
        self.assertFalse(chat.url)
        social = self.channel(self.desk, "social", "//evil.example")
        self.assertFalse(social.url)

    def test_an_email_has_to_be_one(self):
        with self.assertRaises(ValidationError):
            self.channel(self.other_desk, "email", "no address")

    def test_archived_desk_keeps_nothing_from_others(self):
        self.assertTrue(self.email.active)
        self.desk.active = False
        self.assertFalse(self.email.active, "An archived desk answers nobody.")
        self.channel(self.other_desk, "email", "help@spoc.example")
