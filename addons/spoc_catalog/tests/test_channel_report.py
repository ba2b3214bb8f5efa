"""Surplus and dead identities, each found by what is wrong with it."""

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CatalogCase


@tagged("post_install", "-at_install")
class TestChannelReport(CatalogCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # A company of its own, so that demo data does not count.
        cls.firm = cls.env["res.company"].create(
            {"name": "Firm", "country_id": cls.env.ref("base.se").id}
        )
        cls.env = cls.env(
            context=dict(cls.env.context, allowed_company_ids=cls.firm.ids)
        )
        calendar = cls.firm.resource_calendar_id
        cls.one, cls.two, cls.three = cls.env["spoc.desk"].create(
            [
                {
                    "name": name,
                    "code": name.upper(),
                    "company_id": cls.firm.id,
                    "resource_calendar_id": calendar.id,
                    "member_ids": [Command.set(cls.agent.ids)],
                }
                for name in ("One", "Two", "Three")
            ]
        )
        for desk in cls.one | cls.two | cls.three:
            cls.channel(desk, "email", f"{desk.code}@firm.example")
            cls.channel(desk, "phone", f"08-465 004 1{desk.sequence % 7}{desk.id % 10}")

    @classmethod
    def channel(cls, desk, kind, identity, **values):
        return cls.env["spoc.channel"].create(
            {"desk_id": desk.id, "kind": kind, "identity": identity, **values}
        )

    def report(self):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env["spoc.channel.report"].search(
            [("company_id", "=", self.firm.id)]
        )

    def findings(self):
        return [(row.finding, row.desk_id.name, row.kind) for row in self.report()]

    def test_nothing_to_say_of_a_tidy_house(self):
        self.assertEqual(self.findings(), [])

    def test_retired_and_leading_nowhere(self):
        # It is the third one's own phone that is given up: no other of its kind.
        phone = self.three.channel_ids.filtered(lambda c: c.kind == "phone")
        phone.action_retire()
        self.assertIn(("no_successor", "Three", "phone"), self.findings())
        phone.successor_id = self.two.channel_ids.filtered(lambda c: c.kind == "phone")
        self.assertNotIn("no_successor", [f[0] for f in self.findings()])
        # The way on breaks later.
        phone.successor_id.action_retire()
        found = [f for f in self.findings() if f[0] == "no_successor"]
        self.assertEqual(
            sorted(found),
            [("no_successor", "Three", "phone"), ("no_successor", "Two", "phone")],
        )

    def test_retired_but_still_used_is_also_surplus(self):
        old = self.one.channel_ids.filtered(lambda c: c.kind == "email")
        old.action_retire()
        self.channel(self.one, "email", "new@firm.example")
        self.assertEqual(self.findings(), [("surplus", "One", "email")])
        self.env["spoc.channel"]._spoc_find("email", "one@firm.example")
        rows = self.report()
        self.assertEqual(rows.mapped("finding"), ["straggler", "surplus"])
        self.assertIn("one@firm.example", rows[0].reason.lower())
        self.assertIn("Uses since then: 1,", rows[0].reason)
        self.assertIn("2 identities", rows[1].reason)
        self.assertTrue(all(rows.mapped("advice")))

    def test_belongs_to_one_person(self):
        employee, colleague = self.env["hr.employee"].create(
            [
                {
                    "name": name,
                    "company_id": self.firm.id,
                    "work_email": mail,
                }
                for name, mail in (
                    ("Ida", "IDA@firm.example"),
                    ("Per", "per@x.example"),
                )
            ]
        )
        self.one.channel_ids.filtered(
            lambda c: c.kind == "email"
        ).identity = "ida@firm.example"
        phone = self.two.channel_ids.filtered(lambda c: c.kind == "phone")
        phone.identity = "070-123 45 67"
        employee.mobile_phone = "+46 (0)70 123 45 67"
        rows = self.report()
        self.assertEqual(rows.mapped("finding"), ["private", "private"])
        self.assertEqual(rows.employee_id.ids, employee.ids)
        self.assertIn("Ida", rows[0].reason)
        # What two people share is no one person's.
        colleague.mobile_phone = "070 1234567"
        self.assertEqual(self.findings(), [("private", "One", "email")])

    def test_desks_nobody_can_reach(self):
        self.one.channel_ids.action_retire()
        self.two.member_ids = False
        self.three.resource_calendar_id = self.env["resource.calendar"].create(
            {"name": "Soon none", "company_id": self.firm.id}
        )
        self.three.resource_calendar_id.attendance_ids.unlink()
        found = {(finding, desk) for finding, desk, _kind in self.findings()}
        self.assertLessEqual(
            {("no_channel", "One"), ("nobody", "Two"), ("never_open", "Three")}, found
        )
        self.assertNotIn(("missing_kind", "One"), found, "It is told of once.")

    def test_a_desk_closed_down(self):
        self.one.active = False
        # Archiving retires; somebody took it into use again.
        self.one.with_context(active_test=False).channel_ids[:1].active = True
        self.assertIn("dead_desk", [f[0] for f in self.findings()])

    def test_what_most_others_have(self):
        self.three.channel_ids.filtered(lambda c: c.kind == "phone").unlink()
        rows = self.report()
        self.assertEqual(
            [(r.finding, r.desk_id.name, r.kind, r.number) for r in rows],
            [("missing_kind", "Three", "phone", 2)],
        )

    def test_who_may_read_it(self):
        self.two.member_ids = False
        self.two.privacy = "confidential"
        row = self.report()
        self.assertEqual(row.finding, "nobody")
        for name in ("requester", "customer", "agent", "editor"):
            with self.subTest(name), self.assertRaises(AccessError):
                row.with_user(getattr(self, name)).read(["finding"])
        people = self.manager | self.administrator
        people.company_ids += self.firm
        self.env.flush_all()
        Report = self.env["spoc.channel.report"]
        self.assertFalse(Report.with_user(self.manager).search([]))
        found = Report.with_user(self.administrator).search([])
        self.assertIn("Two", found.reason)
        self.two.privacy = "open"
        self.env.flush_all()
        self.assertTrue(Report.with_user(self.manager).search([]).reason)

    def test_opens_what_it_is_about(self):
        self.two.member_ids = False
        action = self.report().action_open()
        self.assertEqual(action["res_model"], "spoc.desk")
        self.assertEqual(action["res_id"], self.two.id)
