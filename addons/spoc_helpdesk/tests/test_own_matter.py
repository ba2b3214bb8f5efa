"""Nobody of a confidential desk works on, or looks into, a matter of their own."""

import base64

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import HelpdeskCommon

SECRET = "Quagga secret"


class OwnMatterCase(HelpdeskCommon):
    """``hr`` with ``hr_agent`` (owner), ``named`` and ``hr_lead`` (manager)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        agent = "spoc_catalog.group_agent"
        cls.named = cls._person("t_named", agent)
        cls.hr_lead = cls._person("t_hr_lead", "spoc_catalog.group_manager")
        cls.hr.write(
            {
                "member_ids": [Command.link(cls.named.id)],
                "manager_id": cls.hr_lead.id,
            }
        )

    @classmethod
    def _rich(cls, **vals):
        """A confidential ticket with all that hangs on it."""
        ticket = cls._ticket(
            desk_id=cls.hr.id,
            name=f"{SECRET} subject",
            owner_id=cls.hr_agent.id,
            description=f"<p>{SECRET}</p>",
            **vals,
        )
        cls.env["spoc.answer"].create(
            {
                "ticket_id": ticket.id,
                "question_text": "What?",
                "type": "text",
                "value_text": SECRET,
            }
        )
        ours = ticket.with_user(cls.hr_agent)
        ours.message_post(
            body=f"{SECRET} note",
            subtype_xmlid="mail.mt_note",
            attachments=[("note.txt", SECRET.encode())],
        )
        ours.message_post(
            body=f"{SECRET} answer",
            subtype_xmlid="mail.mt_comment",
            attachments=[("answer.txt", SECRET.encode())],
        )
        ours.activity_schedule(
            "mail.mail_activity_data_todo", summary=SECRET, user_id=cls.hr_agent.id
        )
        ticket.message_subscribe(cls.hr_agent.partner_id.ids)
        cls.env["spoc.assignment"].with_user(cls.hr_agent).create(
            {
                "ticket_id": ticket.id,
                "desk_id": cls.line.id,
                "name": f"{SECRET} part",
                "brief": "<p>Only this</p>",
            }
        )
        cls.env["rating.rating"].create(
            {
                "res_model_id": cls.env["ir.model"]._get_id("spoc.ticket"),
                "res_id": ticket.id,
                "partner_id": cls.outsider.partner_id.id,
                "rated_partner_id": cls.hr_agent.partner_id.id,
                "rating": 2,
                "feedback": SECRET,
                "consumed": True,
            }
        )
        cls.env.cr.precommit.run()  # tracking
        cls.env.flush_all()
        cls.env.invalidate_all()
        return ticket

    def _hanging(self, ticket):
        """Models of what hangs on a ticket, and the domain that finds it."""
        on_record = [("res_model", "=", "spoc.ticket"), ("res_id", "=", ticket.id)]
        of_ticket = [("ticket_id", "=", ticket.id)]
        message = [("model", "=", "spoc.ticket"), ("res_id", "=", ticket.id)]
        return {
            "spoc.answer": of_ticket,
            "spoc.ownership": of_ticket,
            "spoc.clock": of_ticket,
            "spoc.clock.event": [("clock_id.ticket_id", "=", ticket.id)],
            "spoc.act": of_ticket,
            "spoc.assignment": of_ticket,
            "mail.message": message,
            "mail.activity": on_record,
            "mail.followers": on_record,
            "rating.rating": on_record,
            "ir.attachment": on_record,
            "mail.tracking.value": [("mail_message_id.res_id", "=", ticket.id)],
        }

    def _finds_nothing(self, user, model, domain):
        Model = self.env[model].with_user(user).with_context(active_test=False)
        if not Model.has_access("read"):
            return
        records = self.env[model].sudo().with_context(active_test=False).search(domain)
        self.assertFalse(Model.search(domain))
        self.assertFalse(Model.search([("id", "in", records.ids)]))
        self.assertEqual(Model._read_group(domain, [], ["__count"]), [(0,)])
        if records:
            with self.assertRaises(AccessError):
                Model.browse(records.ids).read(["display_name"])
            with self.assertRaises(UserError):  # AccessError is one
                Model.browse(records.ids).export_data(["id", "display_name"])


@tagged("post_install", "-at_install")
class TestAccessOwnMatter(OwnMatterCase):
    def _not_at_all(self, user, ticket):
        """Every way to a ticket is closed for a person."""
        theirs = ticket.with_user(user)
        Ticket = theirs.browse()
        for text in (SECRET, ticket.number, ticket.name):
            found = [id_ for id_, _name in Ticket.name_search(text)]
            self.assertNotIn(ticket.id, found)
        self._finds_nothing(user, "spoc.ticket", [("id", "=", ticket.id)])
        rows = Ticket.formatted_read_group([], ["desk_id"], ["__count"])
        desks = {row["desk_id"][0]: row["__count"] for row in rows if row["desk_id"]}
        seen = Ticket.search_count([("desk_id", "=", ticket.desk_id.id)])
        self.assertEqual(desks.get(ticket.desk_id.id, 0), seen)
        for operation in ("read", "write"):
            self.assertFalse(theirs.has_access(operation))
        for model, domain in self._hanging(ticket).items():
            with self.subTest(user=user.login, model=model):
                self._finds_nothing(user, model, domain)
        with self.assertRaises(AccessError):
            theirs.action_take()
        with self.assertRaises(AccessError):
            theirs.message_post(body="Let me see", subtype_xmlid="mail.mt_note")
        with self.assertRaises(AccessError):
            theirs._spoc_readers()
        with self.assertRaises(AccessError):
            theirs.action_readers()

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.models.unlink")
    def test_whom_it_is_about(self):
        partners = (self.named | self.hr_lead).partner_id
        ticket = self._rich(about_ids=[Command.set(partners.ids)])
        for user in (self.named, self.hr_lead):
            self._not_at_all(user, ticket)
        # Everybody else of the desk works as ever.
        self.assertTrue(ticket.with_user(self.hr_agent).is_inner)
        self.assertTrue(ticket.with_user(self.hr_agent).has_access("write"))

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_for_whom_it_was_asked(self):
        ticket = self._rich(requested_for_id=self.named.partner_id.id)
        self._not_at_all(self.named, ticket)
        self.assertTrue(ticket.with_user(self.hr_lead).is_inner)

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_requester_sees_the_outside(self):
        ticket = self._rich(requester_id=self.hr_lead.partner_id.id)
        theirs = ticket.with_user(self.hr_lead)
        self.assertTrue(theirs.has_access("read"))
        self.assertFalse(theirs.has_access("write"))
        self.assertFalse(theirs.is_inner)
        self.assertTrue(theirs.read(["name", "description", "state"]))
        self.assertTrue(theirs.answer_ids.read(["value_text"]))
        for name in ("clock_ids", "ownership_ids", "routing_note", "about_ids"):
            with self.subTest(name=name), self.assertRaises(AccessError):
                theirs.read([name])
        self.assertFalse(theirs.browse().search([("about_ids", "=", False)]) & theirs)
        messages = self.env["mail.message"].with_user(self.hr_lead)
        bodies = messages.search(
            [("model", "=", "spoc.ticket"), ("res_id", "=", ticket.id)]
        ).mapped("body")
        self.assertTrue(any("answer" in body for body in bodies))
        self.assertFalse(any("note" in body for body in bodies))
        files = self.env["ir.attachment"].with_user(self.hr_lead)
        names = files.search(
            [("res_model", "=", "spoc.ticket"), ("res_id", "=", ticket.id)]
        ).mapped("name")
        self.assertEqual(names, ["answer.txt"])
        for model in ("spoc.ownership", "spoc.clock", "spoc.act", "mail.followers"):
            domain = self._hanging(ticket)[model]
            with self.subTest(model=model):
                self._finds_nothing(self.hr_lead, model, domain)

    def test_nobody_hears_of_their_own_matter(self):
        ticket = self._ticket(
            desk_id=self.hr.id,
            about_ids=[Command.set(self.hr_lead.partner_id.ids)],
        )
        self.assertFalse(ticket._spoc_manager())
        self.assertNotIn(self.hr_lead, ticket._spoc_desk_users())
        message = ticket.with_user(self.hr_agent).message_post(
            body="To you", subtype_xmlid="mail.mt_note"
        )
        self.assertNotIn(self.hr_lead.partner_id, message.notified_partner_ids)
        with self.assertRaises(UserError):
            ticket.with_user(self.hr_agent).message_post(
                body="Look here",
                subtype_xmlid="mail.mt_note",
                partner_ids=self.hr_lead.partner_id.ids,
            )
        ticket.message_subscribe(self.hr_lead.partner_id.ids)
        ours = ticket.with_user(self.hr_agent)
        message = ours.message_post(body="Hm", subtype_xmlid="mail.mt_comment")
        self.assertNotIn(self.hr_lead.partner_id, message.notified_partner_ids)

    def test_nobody_owns_their_own_matter(self):
        for vals in (
            {"requester_id": self.named.partner_id.id},
            {"requested_for_id": self.named.partner_id.id},
            {"about_ids": [Command.set(self.named.partner_id.ids)]},
        ):
            with self.subTest(vals=vals), self.assertRaises(ValidationError):
                self._ticket(desk_id=self.hr.id, owner_id=self.named.id, **vals)
            ticket = self._ticket(desk_id=self.hr.id, **vals)
            with self.subTest(vals=vals), self.assertRaises(ValidationError):
                ticket.owner_id = self.named
            owned = self._ticket(desk_id=self.hr.id, owner_id=self.named.id)
            with self.subTest(vals=vals), self.assertRaises(ValidationError):
                owned.write(vals)
        # An open desk has no such secrets: who works there may see to it.
        self._ticket(requester_id=self.agent.partner_id.id, owner_id=self.agent.id)

    def test_never_routed_to_them(self):
        self.hr.write(
            {
                "routing_mode": "push",
                "member_ids": [Command.set(self.named.ids)],
            }
        )
        people = self.named.partner_id
        values = [
            {"requester_id": people.id},
            {"requested_for_id": people.id},
            {"about_ids": [Command.set(people.ids)]},
        ]
        tickets = [self._ticket(desk_id=self.hr.id, **vals) for vals in values]
        for ticket in tickets:
            self.assertFalse(ticket.owner_id)
            ticket._spoc_route_again()
            self.assertFalse(ticket.owner_id)
        self.assertEqual(self._ticket(desk_id=self.hr.id).owner_id, self.named)
        self.hr.routing_mode = "pull"
        self.env.flush_all()
        Ticket = self.env["spoc.ticket"].with_user(self.named)
        Ticket.action_take_next()
        self.assertFalse(any(ticket.owner_id for ticket in tickets))
        self.assertFalse(
            {p.id for ticket in tickets for p in ticket._spoc_propose()}
            & set(self.named.ids)
        )

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_part_of_a_confidential_line(self):
        """HR does a part of somebody's request at IT: a colleague's of that person."""
        ticket = self._ticket(
            requester_id=self.named.partner_id.id, owner_id=self.agent.id
        )
        part = (
            self.env["spoc.assignment"]
            .with_user(self.agent)
            .create({"ticket_id": ticket.id, "desk_id": self.hr.id, "name": SECRET})
            .sudo()
        )
        self.assertFalse(part.with_user(self.named).has_access("read"))
        self._finds_nothing(self.named, "spoc.assignment", [("id", "=", part.id)])
        self.assertTrue(part.with_user(self.hr_agent).has_access("write"))
        with self.assertRaises(ValidationError):
            part._spoc_write({"user_id": self.named.id})
        self.assertNotIn(self.named, part._spoc_hearers())
        # The line of an open ticket has no such secrets.
        plain = self._ticket(
            requester_id=self.liner.partner_id.id, owner_id=self.agent.id
        )
        given = (
            self.env["spoc.assignment"]
            .with_user(self.agent)
            .create({"ticket_id": plain.id, "desk_id": self.line.id, "name": "Part"})
        )
        self.assertTrue(given.with_user(self.liner).has_access("write"))

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_named_later(self):
        ticket = self._rich()
        theirs = ticket.with_user(self.named)
        self.assertTrue(theirs.is_inner)
        ticket.message_subscribe(self.named.partner_id.ids)
        ticket.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.named.id, summary="Call"
        )
        ticket.with_user(self.hr_agent).about_ids = self.named.partner_id
        self.env.flush_all()
        self.assertNotIn(self.named.partner_id, ticket.message_partner_ids)
        self.assertNotIn(self.named, ticket.activity_ids.user_id)
        self._not_at_all(self.named, ticket)

    def test_only_confidential_desks_name_people(self):
        with self.assertRaises(ValidationError):
            self._ticket(about_ids=[Command.set(self.agent.partner_id.ids)])

    def test_desk_becomes_confidential(self):
        ticket = self._ticket(
            requester_id=self.agent.partner_id.id, owner_id=self.agent.id
        )
        self.desk.privacy = "confidential"
        self.assertNotEqual(ticket.owner_id, self.agent)
        self.env.flush_all()
        self.assertFalse(ticket.with_user(self.agent).is_inner)

    def test_files_by_foreign_ids(self):
        ticket = self._rich(about_ids=[Command.set(self.named.partner_id.ids)])
        for file in self.env["ir.attachment"].search(
            [("res_model", "=", "spoc.ticket"), ("res_id", "=", ticket.id)]
        ):
            self.assertEqual(base64.b64decode(file.datas), SECRET.encode())
            with self.assertRaises(AccessError):
                file.with_user(self.named).read(["datas"])
