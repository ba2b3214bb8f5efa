from datetime import timedelta

from markupsafe import Markup

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .common import MONDAY, HelpdeskCommon


@tagged("post_install", "-at_install")
class TestConversation(HelpdeskCommon):
    """Who speaks, who hears, and that words stay."""

    def setUp(self):
        super().setUp()
        self.watcher = self.env["res.partner"].create(
            {"name": "Colleague", "email": "colleague@people.example"}
        )
        self.ticket = self._ticket(
            owner_id=self.agent.id, watcher_ids=[(6, 0, self.watcher.ids)]
        )

    # ---- speaking ----------------------------------------------------------

    def test_desk_speaks_to_requester_and_watchers(self):
        with self.mock_mail_gateway():
            message = self._say(self.ticket, self.agent, body="We are at it")
        self.assertEqual(
            message.notified_partner_ids, self.requester.partner_id | self.watcher
        )
        self.assertEqual(message.author_id, self.agent.partner_id)
        for mail in self._new_mails:
            self.assertIn(f"helpme@{self.alias_domain}", mail.email_from)
            self.assertIn(f"helpme@{self.alias_domain}", mail.reply_to)
            self.assertNotIn(self.agent.email, mail.email_from)

    def test_requester_speaks_to_owner(self):
        message = self._say(self.ticket, self.requester, body="And also this")
        self.assertIn(self.agent.partner_id, message.notified_partner_ids)
        self.assertNotIn(self.agent2.partner_id, message.notified_partner_ids)
        self.assertTrue(message._spoc_is_public())

    def test_requester_of_unowned_ticket_reaches_manager(self):
        message = self._say(self._ticket(), self.requester)
        self.assertIn(self.manager.partner_id, message.notified_partner_ids)

    def test_requester_cannot_whisper(self):
        """A note of the requester would be hidden from the requester."""
        for kwargs in (
            {"subtype_xmlid": "mail.mt_note"},
            {},
            {"is_internal": True, "subtype_xmlid": "mail.mt_comment"},
            {"message_type": "notification"},
        ):
            message = self.ticket.with_user(self.requester).message_post(
                body="x", **kwargs
            )
            self.assertTrue(message._spoc_is_public())
            self.assertEqual(message.message_type, "comment")

    def test_others_do_not_speak(self):
        for user in (self.outsider, self.liner, self.hr_agent, self.customer):
            for speak in (self._say, self._note):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    speak(self.ticket, user)
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    # what Odoo's controller does once it let somebody in
                    speak(self.ticket.with_user(user).sudo(), user)
        with self.assertRaises(AccessError):
            self._say(self.ticket, self.admin)

    def test_nobody_speaks_in_anothers_name(self):
        message = self.ticket.with_user(self.agent).message_post(
            body="I am satisfied",
            author_id=self.requester.partner_id.id,
            email_from=self.requester.email,
            subtype_xmlid="mail.mt_comment",
        )
        self.assertEqual(message.author_id, self.agent.partner_id)
        self.assertNotIn(self.requester.email, message.email_from)

    def test_message_create_is_no_side_door(self):
        values = {
            "model": "spoc.ticket",
            "res_id": self.ticket.id,
            "body": "Slipped in",
            "message_type": "comment",
            "subtype_id": self.env.ref("mail.mt_comment").id,
        }
        for user in (
            self.agent,
            self.requester,
            self.liner,
            self.admin,
            self.customer,
        ):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.env["mail.message"].with_user(user).create(values)
        own = (
            self.env["mail.message"]
            .with_user(self.liner)
            .create({"body": "To myself", "message_type": "comment"})
        )
        with self.assertRaises(UserError):
            own.sudo().write({"model": "spoc.ticket", "res_id": self.ticket.id})

    # ---- hearing -----------------------------------------------------------

    def test_followers_hear_nothing_by_following(self):
        """Following, forced or not, gives no ear for inner words."""
        partners = (
            self.requester.partner_id
            | self.liner.partner_id
            | self.outsider.partner_id
            | self.watcher
        )
        subtypes = self.env["mail.message.subtype"].search([])
        self.ticket.message_subscribe(partners.ids, subtypes.ids)
        note = self._note(self.ticket, self.agent)
        self.assertFalse(note.notified_partner_ids & partners)
        words = self._say(self.ticket, self.agent)
        self.assertEqual(
            words.notified_partner_ids, self.requester.partner_id | self.watcher
        )
        self.assertFalse(
            self.ticket.with_user(self.hr_agent).message_subscribe(
                self.hr_agent.partner_id.ids
            )
        )
        self.assertNotIn(self.hr_agent.partner_id, self.ticket.message_partner_ids)

    def test_mention_who_may_see(self):
        note = self._note(
            self.ticket, self.agent, partner_ids=self.agent2.partner_id.ids
        )
        self.assertEqual(note.notified_partner_ids, self.agent2.partner_id)
        for partner in (
            self.liner.partner_id,
            self.requester.partner_id,
            self.watcher,
        ):
            with self.subTest(partner.name), self.assertRaises(UserError):
                self._note(self.ticket, self.agent, partner_ids=partner.ids)
        with self.assertRaises(UserError):
            self._say(self.ticket, self.agent, partner_ids=self.liner.partner_id.ids)

    def test_line_never_reaches_requester(self):
        """Words of another line stay in its assignment, whatever it tries."""
        assignment = (
            self.env["spoc.assignment"]
            .with_user(self.agent)
            .create(
                {"ticket_id": self.ticket.id, "desk_id": self.line.id, "name": "Look"}
            )
        )
        line_side = assignment.with_user(self.liner)
        with self.mock_mail_gateway():
            line_side.action_accept()
            line_side.message_post(body="Which room?", subtype_xmlid="mail.mt_comment")
            line_side.answer = "<p>Cable was loose</p>"
            line_side.action_answer()
        recipients = (
            self._new_mails.recipient_ids
            | self.env["mail.message"]
            .search([("model", "=", "spoc.assignment"), ("res_id", "=", assignment.id)])
            .notified_partner_ids
        )
        self.assertNotIn(self.requester.partner_id, recipients)
        self.assertNotIn(self.watcher, recipients)
        thread = self.ticket.message_ids.filtered(lambda m: m._spoc_is_public())
        self.assertNotIn("Cable was loose", "".join(thread.mapped("body")))

    def test_raw_addresses_hear_nothing(self):
        with self.mock_mail_gateway():
            self.ticket.with_user(self.agent).message_post(
                body="Psst",
                subtype_xmlid="mail.mt_note",
                outgoing_email_to="stranger@elsewhere.example",
            )
        self.assertFalse(self._new_mails)

    # ---- what follows ------------------------------------------------------

    def test_first_words_begin_the_work(self):
        ticket = self._ticket()
        self._say(ticket, self.agent2)
        self.assertEqual(ticket.state, "in_progress")
        self.assertEqual(ticket.owner_id, self.agent2)

    def test_requester_reopens_in_time(self):
        with freeze_time(MONDAY):
            self._resolve(self.ticket)
            self.ticket.with_user(self.agent).action_close()
        with freeze_time(MONDAY + timedelta(days=13)):
            self._say(self.ticket, self.requester, body="It is back")
        self.assertEqual(self.ticket.state, "in_progress")
        self.assertEqual(self.ticket.owner_id, self.agent)
        self.assertFalse(self.ticket.follow_up_ids)

    def test_requester_late_begins_follow_up(self):
        with freeze_time(MONDAY):
            self._resolve(self.ticket)
            self.ticket.with_user(self.agent).action_close()
        with freeze_time(MONDAY + timedelta(days=15)):
            message = self._say(self.ticket, self.requester, body="It is back")
        self.assertEqual(self.ticket.state, "closed")
        follow_up = self.ticket.follow_up_ids
        self.assertEqual(follow_up.state, "new")
        self.assertEqual(follow_up.requester_id, self.requester.partner_id)
        self.assertEqual(follow_up.watcher_ids, self.watcher)
        self.assertEqual(message.res_id, follow_up.id)

    # ---- words stay --------------------------------------------------------

    def test_public_words_are_not_changed(self):
        message = self._say(self.ticket, self.agent, body="We are at it")
        own = self._say(self.ticket, self.requester, body="Hurry")
        note = self._note(self.ticket, self.agent)
        for words in (message, own):
            for values in (
                {"body": "Never said"},
                {"subject": "Other"},
                {"author_id": self.agent2.partner_id.id},
                {"is_internal": True},
                {"subtype_id": self.env.ref("mail.mt_note").id},
                {"date": "2020-01-01 00:00:00"},
                {"res_id": self._ticket().id},
                {"attachment_ids": [(5, 0, 0)]},
            ):
                for user in (self.agent, self.admin, self.env.ref("base.user_root")):
                    with (
                        self.subTest(values=values, user=user.login),
                        self.assertRaises(UserError),
                    ):
                        words.with_user(user).write(values)
            with self.assertRaises(UserError):
                self.ticket._message_update_content(words.sudo(), body="")
            with self.assertRaises(UserError):
                words.with_user(self.agent).unlink()
            with self.assertRaises(UserError):
                words.sudo().unlink()
        with self.assertRaises(UserError):
            note.sudo().write({"subtype_id": self.env.ref("mail.mt_comment").id})
        with self.assertRaises(UserError):
            note.sudo().unlink()

    def test_exchanged_files_are_not_changed(self):
        message = self.ticket.with_user(self.requester).message_post(
            body="See",
            attachments=[("shot.txt", b"1")],
            subtype_xmlid="mail.mt_comment",
        )
        file = message.attachment_ids
        for env in (file.with_user(self.agent), file.sudo()):
            with self.assertRaises(UserError):
                env.unlink()
            with self.assertRaises(UserError):
                env.write({"raw": b"2"})
            with self.assertRaises(UserError):
                env.write({"res_id": self._ticket().id})
        self.assertEqual(file.raw, b"1")

    def test_told_in_the_requesters_language(self):
        self.env["res.lang"]._activate_lang("sv_SE")
        self.requester.partner_id.lang = "sv_SE"
        template = self.env.ref("spoc_helpdesk.mail_template_received")
        template.with_context(lang="sv_SE").body_html = Markup("<p>Hej</p>")
        ticket = self._ticket()
        self.assertIn("Hej", ticket.message_ids[-1:].body)

    def test_acknowledgement(self):
        with self.mock_mail_gateway():
            ticket = self._ticket(watcher_ids=[(6, 0, self.watcher.ids)])
        message = ticket.message_ids
        self.assertEqual(len(message), 1)
        self.assertEqual(message.message_type, "auto_comment")
        self.assertIn(ticket.number, message.subject + message.body)
        self.assertEqual(
            message.notified_partner_ids, self.requester.partner_id | self.watcher
        )
        self.assertEqual(message.author_id, ticket.desk_id.partner_id)
        self.assertFalse(ticket.first_response_at)
        self.assertLessEqual(message.date, fields.Datetime.now())

    def test_confirm_link_is_in_the_mail_only(self):
        with self.mock_mail_gateway():
            self._resolve(self.ticket)
        thread = "".join(self.ticket.message_ids.mapped("body"))
        self.assertNotIn("/spoc/request/confirm/", thread)
        by_recipient = {mail.recipient_ids: mail.body_html for mail in self._new_mails}
        to_requester = "".join(
            body
            for partners, body in by_recipient.items()
            if self.requester.partner_id in partners
        )
        to_others = "".join(
            body
            for partners, body in by_recipient.items()
            if self.requester.partner_id not in partners
        )
        self.assertIn("/spoc/request/confirm/", to_requester)
        self.assertNotIn("/spoc/request/confirm/", to_others)
        self.assertTrue(to_others)
