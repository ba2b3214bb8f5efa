"""Who may read a ticket is told as it is, for everybody and every ticket."""

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .test_own_matter import OwnMatterCase

PARTS = ("spoc.assignment", "spoc.transfer", "spoc.approval")


@tagged("post_install", "-at_install")
class TestAccessReaders(OwnMatterCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hr_admin = cls._person("t_hr_admin", "spoc_catalog.group_administrator")
        cls.hr.member_ids |= cls.hr_admin
        cls.supplier = cls.env["res.partner"].create({"name": "Supplier"})
        cls.fitter = cls._person("t_fitter", "base.group_portal")
        cls.fitter.partner_id.parent_id = cls.supplier
        cls.outer_line = cls.line.copy({"name": "Outer", "code": "OUT"})
        cls.outer_line.supplier_id = cls.supplier
        cls.tickets = cls._scene()
        cls.env.flush_all()
        cls.env.invalidate_all()

    @classmethod
    def _scene(cls):
        """Tickets of all kinds, so that every reason occurs."""
        people = {user: user.partner_id.id for user in cls.env["res.users"].search([])}
        mail = cls.env["res.partner"].create(
            {"name": "By mail", "email": "m@x.example"}
        )
        tickets = cls.env["spoc.ticket"]
        for desk in (cls.desk, cls.line, cls.hr):
            member = desk.member_ids[:1]
            for vals in (
                {},
                {"watcher_ids": [Command.set(cls.customer.partner_id.ids)]},
                {"requester_id": mail.id},
                {"requester_id": cls.customer.partner_id.id},
                {"requester_id": member.partner_id.id},
                {"requested_for_id": member.partner_id.id},
                {"watcher_ids": [Command.set(member.partner_id.ids)]},
                {"requester_id": people[cls.admin]},
            ):
                tickets |= cls._ticket(desk_id=desk.id, **vals)
        named = cls.named.partner_id | cls.hr_admin.partner_id
        tickets |= cls._ticket(desk_id=cls.hr.id, about_ids=[Command.set(named.ids)])
        for line in (cls.line, cls.hr, cls.outer_line):
            tickets |= (given := cls._ticket(owner_id=cls.agent.id))
            cls.env["spoc.assignment"].with_user(cls.agent).create(
                {"ticket_id": given.id, "desk_id": line.id, "name": "Part"}
            )
        tickets |= (moved := cls._ticket(owner_id=cls.agent.id))
        moved.with_user(cls.agent)._spoc_offer_transfer(cls.line, "Theirs")
        return tickets

    def _really(self, ticket, user):
        """What a person sees of a ticket, asked of the records themselves."""
        env = self.env(user=user, context={"allowed_company_ids": user.company_ids.ids})
        theirs = ticket.with_env(env)
        if theirs.browse().has_access("read") and theirs.has_access("read"):
            self.assertTrue(theirs.search([("id", "=", ticket.id)]))
            return "all" if theirs.is_inner else "outside"
        for name in PARTS:
            records = self.env[name].sudo().search([("ticket_id", "=", ticket.id)])
            Model = env[name]
            if Model.has_access("read") and Model.browse(records.ids)._filtered_access(
                "read"
            ):
                return "part"
        return None

    def test_told_as_it_is(self):
        users = self.env["res.users"].search(
            [("id", "!=", self.env.ref("base.user_root").id)]
        )
        users |= self.env.ref("base.public_user")
        seen = set()
        for ticket in self.tickets:
            self.env.invalidate_all()
            readers = {
                one["user"]: one for one in ticket._spoc_readers() if one["user"]
            }
            for user in users:
                with self.subTest(ticket=ticket.id, user=user.login):
                    told = readers.get(user)
                    really = self._really(ticket, user)
                    self.assertEqual(told and told["sees"], really)
                    if told:
                        self.assertTrue(told["why"])
            seen |= {code for one in readers.values() for code in one["why"]}
        self.assertLessEqual(
            {
                "requester",
                "watcher",
                "member",
                "manager",
                "line",
                "supplier",
                "transfer",
                "administrator",
            },
            seen,
        )

    def test_people_without_sign_in(self):
        [ticket] = self.tickets.filtered(
            lambda t: t.requester_id.name == "By mail" and t.desk_id == self.desk
        )
        told = [one for one in ticket._spoc_readers() if not one["user"]]
        self.assertEqual([one["why"] for one in told], [["requester", "link"]])
        self.assertEqual(told[0]["partner"], ticket.requester_id)

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_for_the_inner_side_only(self):
        ticket = self.tickets[0]
        for user in (self.requester, self.liner, self.outsider, self.customer):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                ticket.with_user(user)._spoc_readers()
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                ticket.with_user(user).action_readers()

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_list(self):
        ticket = self.tickets[0]
        action = ticket.with_user(self.agent).action_readers()
        lines = (
            self.env["spoc.ticket.reader"]
            .with_user(self.agent)
            .search(action["domain"])
        )
        words = {line.user_id: line.why for line in lines}
        self.assertIn(self.desk.name, words[self.agent2])
        self.assertIn(self.desk.name, words[self.manager])
        self.assertTrue(words[self.requester])
        theirs = self.env["spoc.ticket.reader"].with_user(self.liner)
        self.assertFalse(theirs.search(action["domain"]))
        with self.assertRaises(AccessError):
            theirs.browse(lines.ids).read(["name"])

    def test_queries_do_not_follow_the_members(self):
        ticket = self.tickets[0]
        ticket._spoc_readers()

        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            ticket._spoc_readers()
            return self.env.cr.sql_log_count - before

        few = count()
        users = self.env["res.users"]
        for index in range(40):
            users |= new_test_user(
                self.env, f"t_many_{index}", "spoc_catalog.group_agent"
            )
        self.desk.member_ids |= users
        ticket._spoc_readers()
        self.assertLessEqual(count(), few + 5)
