from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import HelpdeskCommon

REPLY = """Return-Path: <{email}>
To: {to}
Subject: Re: {subject}
Message-Id: <{number}@cables.example>
In-Reply-To: {reference}
References: {reference}
From: {email}
{extra}Content-Type: text/plain; charset="UTF-8"

{body}
"""


class SupplierCase(HelpdeskCommon):
    """A supplier with a portal user, and another one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company, cls.rival = cls.env["res.partner"].create(
            [
                {
                    "name": "Cables Ltd",
                    "is_company": True,
                    "email": "we@cables.example",
                },
                {"name": "Wires Ltd", "is_company": True, "email": "we@wires.example"},
            ]
        )
        cls.fitter = cls._person("t_fitter", "base.group_portal")
        cls.fitter.partner_id.parent_id = cls.company
        cls.other = cls._person("t_other_fitter", "base.group_portal")
        cls.other.partner_id.parent_id = cls.rival
        cls.outside = cls.desk.create(
            {
                "name": "Cabling",
                "code": "CAB",
                "resource_calendar_id": cls.calendar.id,
                "supplier_id": cls.company.id,
            }
        )
        cls.ticket = cls._ticket(
            owner_id=cls.agent.id, description="<p>Private words</p>"
        )

    def _part(self, **vals):
        return (
            self.env["spoc.assignment"]
            .with_user(self.agent)
            .create(
                {
                    "ticket_id": self.ticket.id,
                    "desk_id": self.outside.id,
                    "name": "New socket in B12",
                    "brief": "<p>Room B12, left of the door</p>",
                    **vals,
                }
            )
        )


@tagged("post_install", "-at_install")
class TestSupplier(SupplierCase):
    """An outside company does a part, and sees nothing else."""

    def test_strangers(self):
        part = self._part()
        for user in (self.other, self.customer, self.outsider, self.liner):
            with self.subTest(user.login), self.assertRaises(AccessError):
                part.with_user(user).read(["name"])
        Part = self.env["spoc.assignment"].with_user(self.other)
        self.assertFalse(Part.search([]))
        self.assertEqual(Part._read_group([], [], ["__count"]), [(0,)])

    def test_reads_its_part_only(self):
        part = self._part()
        theirs = part.with_user(self.fitter)
        self.assertEqual(theirs.search([]), theirs)
        self.assertEqual(theirs.name, "New socket in B12")
        self.assertEqual(theirs.state, "offered")
        for name in (
            "ticket_id",
            "owner_ticket_id",
            "user_id",
            "ownership_ids",
            "activity_ids",
            "message_follower_ids",
            "create_uid",
            "is_inner",
        ):
            with self.subTest(name), self.assertRaises(AccessError):
                theirs.read([name])
        with self.assertRaises(AccessError):
            self.ticket.with_user(self.fitter).read(["name"])
        for domain in (
            [("ticket_id.name", "ilike", "start")],
            [("user_id", "=", False)],
            [("create_uid", "=", self.agent.id)],
        ):
            with self.subTest(domain):
                self.assertFalse(theirs.browse().search(domain))
                self.assertFalse(theirs.search(domain))

    def test_writes_nothing_by_itself(self):
        theirs = self._part().with_user(self.fitter)
        for values in ({"answer": "<p>x</p>"}, {"state": "confirmed"}, {"name": "x"}):
            with self.subTest(values), self.assertRaises(AccessError):
                theirs.write(values)
        for name in ("action_confirm", "action_cancel", "action_accept"):
            with self.subTest(name), self.assertRaises(AccessError):
                getattr(theirs, name)()
        with self.assertRaises(AccessError):
            theirs.message_post(body="x")
        with self.assertRaises(AccessError):
            theirs.create({"ticket_id": self.ticket.id, "name": "x"})

    def test_owns_no_tickets(self):
        with self.assertRaises(ValidationError):
            self.desk.supplier_id = self.company

    def test_on_their_behalf(self):
        """They phone: the asking desk writes it down."""
        part = self._part()
        part.action_accept()
        self.assertFalse(part.user_id)
        part.answer = "<p>They called: done</p>"
        part.action_answer()
        part.action_confirm()
        work = self.ticket.ownership_ids.filtered(lambda row: row.role == "working")
        self.assertEqual(work.desk_id, self.outside)
        self.assertTrue(work.end)
        self._commit_checks()

    def test_gets_it_by_mail(self):
        with self.mock_mail_gateway():
            self._part()
        [mail] = self._new_mails
        self.assertEqual(mail.recipient_ids, self.company)
        self.assertIn("Room B12", mail.body_html)
        self.assertNotIn("Private words", mail.body_html)
        self.assertNotIn(self.requester.name, mail.body_html)

    def _reply(self, part, email="we@cables.example", body="Done", extra="", number=1):
        sent = part.message_ids.filtered(lambda m: m.message_type == "comment")[-1]
        with self.mock_mail_gateway():
            self.env["mail.thread"].message_process(
                None,
                REPLY.format(
                    email=email,
                    to=f"{self.alias_catchall}@{self.alias_domain}",
                    subject="New socket",
                    reference=sent.message_id,
                    number=number,
                    body=body,
                    extra=extra,
                ),
            )
        self.env.flush_all()

    def test_answers_by_mail(self):
        part = self._part()
        self._reply(part, body="I am away", extra="Auto-Submitted: auto-replied\n")
        self.assertEqual(part.state, "offered", "A machine answers nothing")
        self._reply(part, email="x@stranger.example", number=2)
        self.assertEqual(part.state, "offered", "Nor does a stranger")
        self._reply(part, body="Socket is in", number=3)
        self.assertEqual(part.state, "answered")
        self.assertIn("Socket is in", part.answer)
        self.assertEqual(part.activity_ids.user_id, self.agent)
        heard = self.env["mail.message"].with_user(self.requester)
        self.assertFalse(heard.search([("body", "ilike", "Socket is in")]))
        with self.mock_mail_gateway():
            part.action_send_back()
        self.assertEqual(len(self._new_mails), 1)
        self.assertIn("needs more", self._new_mails.body_html)
        self._reply(part, body="Labelled, too", number=4)
        self.assertIn("Labelled", part.answer)
        self._commit_checks()


@tagged("post_install", "-at_install")
class TestSupplierPages(SupplierCase, HttpCase):
    """Their page."""

    def _post(self, path, **data):
        data["csrf_token"] = self.csrf_token()
        return self.url_open(path, data=data)

    def csrf_token(self):
        from odoo import http

        return http.Request.csrf_token(self)

    @mute_logger("odoo.http")
    def test_foreign_parts(self):
        part = self._part()
        for user in (self.other, self.customer, self.agent, self.outsider):
            self.authenticate(user.login, user.login)
            with self.subTest(user.login):
                page = self.url_open(f"/my/assignments/{part.id}")
                self.assertEqual(page.status_code, 404)
                page = self.url_open("/my/assignments")
                self.assertEqual(page.status_code, 200)
                self.assertNotIn("New socket", page.text)
                for act in ("accept", "answer", "return"):
                    page = self._post(
                        f"/my/assignments/{part.id}/{act}", answer="x", reason="x"
                    )
                    self.assertEqual(page.status_code, 404)
        self.assertEqual(part.state, "offered")

    @mute_logger("odoo.http")
    def test_forgery(self):
        part = self._part()
        self.authenticate(self.fitter.login, self.fitter.login)
        page = self.url_open(f"/my/assignments/{part.id}/accept", data={"x": "1"})
        self.assertEqual(page.status_code, 400)
        page = self.url_open(f"/my/assignments/{part.id}/accept")
        self.assertIn(page.status_code, (404, 405))
        self.assertEqual(part.state, "offered")

    def test_the_way(self):
        part = self._part()
        self.authenticate(self.fitter.login, self.fitter.login)
        page = self.url_open("/my/assignments")
        self.assertIn("New socket in B12", page.text)
        page = self.url_open(f"/my/assignments/{part.id}")
        self.assertIn("left of the door", page.text)
        self.assertNotIn("Private words", page.text)
        self.assertNotIn(self.requester.name, page.text)
        page = self._post(f"/my/assignments/{part.id}/accept")
        self.assertEqual(page.status_code, 200)
        self.assertEqual(part.state, "accepted")
        page = self._post(f"/my/assignments/{part.id}/answer", answer="  ")
        self.assertIn("Write what was done first.", page.text)
        page = self._post(
            f"/my/assignments/{part.id}/answer", answer="<script>x</script> Done"
        )
        self.assertEqual(part.state, "answered")
        self.assertNotIn("<script>", part.answer)
        self.assertIn("Done", part.answer)
        page = self._post(f"/my/assignments/{part.id}/return", reason="Too late")
        self.assertIn("answered or ended already", page.text)
        self.assertIn("Your answer", page.text)
        self.assertEqual(part.state, "answered")

    def test_returned(self):
        part = self._part()
        self.authenticate(self.fitter.login, self.fitter.login)
        self._post(f"/my/assignments/{part.id}/return", reason="No parts in stock")
        self.assertEqual(part.state, "returned")
        self.assertEqual(part.return_reason, "No parts in stock")
        act = self.ticket.act_ids[0]
        self.assertEqual(act.kind, "assign_return")
        self.assertEqual(act.user_id, self.fitter)
        with self.assertRaises(UserError):
            part._spoc_take_answer("<p>x</p>")
