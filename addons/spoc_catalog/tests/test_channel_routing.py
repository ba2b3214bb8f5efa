"""Where identities lead; two at once; what a retired one is still good for."""

from psycopg2.errors import UniqueViolation

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import SQL

from .common import CatalogCase
from .race_common import RaceChecks


@tagged("post_install", "-at_install")
class TestChannelRouting(CatalogCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.country_id = cls.env.ref("base.se")
        cls.email = cls.desk.channel_ids
        cls.third = cls.env["spoc.desk"].create(
            {
                "name": "Third",
                "code": "THD",
                "resource_calendar_id": cls.calendar.id,
            }
        )

    def channel(self, desk, kind, identity, **values):
        return self.env["spoc.channel"].create(
            {"desk_id": desk.id, "kind": kind, "identity": identity, **values}
        )

    def find(self, kind, identity, user=None, **kwargs):
        Channel = self.env["spoc.channel"].with_user(user or self.customer)
        return Channel._spoc_find(kind, identity, **kwargs)

    def test_any_spelling_is_found(self):
        phone = self.channel(self.desk, "phone", "08-465 004 10 ext. 22")
        page = self.channel(self.desk, "intranet", "https://intra.example/it/")
        chat = self.channel(self.desk, "chat", "https://t.me/HelpBot")
        for kind, identity, channel in (
            ("email", "Help <HELP+vpn@Spoc.Example>", self.email),
            ("phone", "+46 (0)8 465 004 10 x22", phone),
            ("phone", "tel:+46846500410;ext=22", phone),
            ("intranet", "http://www.intra.example:80/it?utm_source=x", page),
            ("chat", "Telegram: @helpbot", chat),
            ("chat", "@HelpBot", chat),
        ):
            with self.subTest(identity):
                self.assertEqual(self.find(kind, identity), channel)
        for kind, identity in (
            ("phone", "08-465 004 10"),
            ("phone", "08-465 004 10 ext. 23"),
            ("email", ""),
            ("social", "@HelpBot"),
            ("chat", "@other"),
        ):
            with self.subTest(identity):
                self.assertFalse(self.find(kind, identity))

    def test_a_bare_name_that_two_accounts_have_finds_none(self):
        self.channel(self.desk, "social", "facebook.com/nordvik")
        self.channel(self.other_desk, "social", "instagram.com/nordvik")
        self.assertFalse(self.find("social", "@nordvik"))
        self.assertTrue(self.find("social", "fb.com/Nordvik"))

    def test_numbers_of_another_country(self):
        company = self.env["res.company"].create(
            {"name": "Oslo", "country_id": self.env.ref("base.no").id}
        )
        desk = self.env["spoc.desk"].create(
            {
                "name": "Oslo",
                "code": "OSL",
                "company_id": company.id,
                "resource_calendar_id": company.resource_calendar_id.id,
            }
        )
        phone = self.channel(desk, "phone", "22 86 44 00")
        self.assertEqual(phone.identity_normalized, "+4722864400")
        self.assertEqual(self.find("phone", "22 86 44 00").id, phone.id)

    def test_a_retired_identity_leads_on(self):
        new = self.channel(self.other_desk, "email", "house@spoc.example")
        newest = self.channel(self.third, "email", "third@spoc.example")
        self.email.action_retire()
        self.email.successor_id = new
        self.assertEqual(self.find("email", "help@spoc.example"), new)
        new.action_retire()
        new.successor_id = newest
        self.assertEqual(self.find("email", "help@spoc.example"), newest)
        self.assertEqual(self.find("email", "help@spoc.example").desk_id, self.third)

    def test_without_a_successor_the_desk_answers(self):
        self.email.action_retire()
        found = self.find("email", "help@spoc.example")
        self.assertEqual(found, self.email)
        heir = self.channel(self.desk, "email", "it@spoc.example")
        self.assertEqual(self.find("email", "help@spoc.example"), heir)

    def test_the_one_in_use_goes_before_those_retired(self):
        self.email.action_retire()
        taken = self.channel(self.other_desk, "email", "help@spoc.example")
        self.assertEqual(self.find("email", "help@spoc.example"), taken)
        self.assertFalse(self.email.straggler_count)

    def test_stragglers_are_counted(self):
        self.find("email", "help@spoc.example")
        self.assertEqual(self.email.straggler_count, 0, "It is in use.")
        self.email.action_retire()
        for _time in range(3):
            self.find("email", "help@spoc.example")
        self.find("email", "help@spoc.example", count=False)
        self.assertEqual(self.email.straggler_count, 3)
        self.assertTrue(self.email.straggler_on)
        self.email.action_activate()
        self.email.action_retire()
        self.assertEqual(self.email.straggler_count, 0, "Counted from here on.")

    def test_successors_lead_somewhere(self):
        new = self.channel(self.other_desk, "email", "house@spoc.example")
        self.email.action_retire()
        with self.assertRaisesRegex(ValidationError, "replace itself"):
            self.email.successor_id = self.email
        self.email.successor_id = new
        new.action_retire()
        with self.assertRaisesRegex(ValidationError, "replace itself"):
            new.successor_id = self.email
        dead = self.channel(self.third, "email", "third@spoc.example")
        dead.action_retire()
        with self.assertRaisesRegex(ValidationError, "leads nowhere"):
            new.successor_id = dead

    def test_the_day_it_was_given_up_stays(self):
        self.email.action_retire()
        self.email.retired_on = "2026-01-31"
        self.email.action_retire()
        self.assertEqual(str(self.email.retired_on), "2026-01-31")

    def test_nothing_useful_is_refused(self):
        for kind, identity in (("phone", "call us"), ("walkin", "  "), ("chat", " ")):
            with self.subTest(kind), self.assertRaises(ValidationError):
                self.channel(self.third, kind, identity)


@tagged("post_install", "-at_install", "spoc_two_cursors")
class TestTwoAtOnce(RaceChecks, CatalogCase):
    """Two transactions that do not see one another: the database decides."""

    # Nothing of it can be tried without two that are committed.
    # pylint: disable=invalid-commit

    def setUp(self):
        super().setUp()
        # Apart from the test's own transaction, for others cannot see into it.
        with self.real_cursor() as cr:
            desks = self.real_env(cr)["spoc.desk"].create(
                [
                    {"name": f"Race {n}", "code": f"RACE{n}", "company_id": 1}
                    for n in (1, 2)
                ]
            )
            self.desk_ids = desks.ids
            cr.commit()
        self.addCleanup(self.forget)

    def forget(self):
        with self.real_cursor() as cr:
            desks = self.real_env(cr)["spoc.desk"].browse(self.desk_ids)
            desks.with_context(active_test=False).channel_ids.unlink()
            # SQL: what upper addons keep with a desk is not this test's business.
            cr.execute(
                SQL("DELETE FROM spoc_channel WHERE desk_id = ANY(%s)", desks.ids)
            )
            cr.execute(SQL("DELETE FROM spoc_desk WHERE id = ANY(%s)", desks.ids))
            cr.commit()

    def create_both(self, first, second):
        """Two people create a channel each, at the same moment.

        :return: the error the second one met, or ``None``
        """
        waiting, error = self.race(
            lambda env: env["res.company"].search_count([]),
            lambda env: env["spoc.channel"].create([first]),
            lambda env: env["spoc.channel"].create([second]),
        )
        self.assertTrue(waiting, "It should wait for the first.")
        return error

    def test_one_identity_for_two_desks(self):
        values = {"kind": "social", "identity": "@race"}
        error = self.create_both(
            {**values, "desk_id": self.desk_ids[0]},
            {**values, "identity": "@RACE", "desk_id": self.desk_ids[1]},
        )
        self.assertIsInstance(error, UniqueViolation)

    def test_two_identities_of_a_kind_for_one_desk(self):
        error = self.create_both(
            {"kind": "social", "identity": "@one", "desk_id": self.desk_ids[0]},
            {"kind": "social", "identity": "@two", "desk_id": self.desk_ids[0]},
        )
        self.assertIsInstance(error, UniqueViolation)

    def test_two_kinds_do_not_stand_in_each_others_way(self):
        with self.real_cursor() as cr:
            self.real_env(cr)["spoc.channel"].create(
                [
                    {"kind": "social", "identity": "@a", "desk_id": self.desk_ids[0]},
                    {"kind": "chat", "identity": "@a", "desk_id": self.desk_ids[0]},
                ]
            )
            cr.commit()

    def test_counting_never_stands_in_the_way(self):
        with self.real_cursor() as cr:
            channel = self.real_env(cr)["spoc.channel"].create(
                {
                    "kind": "social",
                    "identity": "@old",
                    "desk_id": self.desk_ids[0],
                    "active": False,
                }
            )
            channel_id = channel.id
            cr.commit()
        with self.real_cursor() as late, self.real_cursor() as early:
            mine = self.real_env(late)["spoc.channel"].browse(channel_id)
            self.assertFalse(mine.active)  # the snapshot is taken
            other = self.real_env(early)["spoc.channel"].browse(channel_id)
            other._spoc_count_straggler()
            mine._spoc_count_straggler()  # locked by the other: steps aside
            early.commit()
            mine._spoc_count_straggler()  # changed since the snapshot: the same
            late.commit()
            other.invalidate_recordset()
            self.assertEqual(other.straggler_count, 1)
