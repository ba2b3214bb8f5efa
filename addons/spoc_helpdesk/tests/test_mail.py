from datetime import timedelta

from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import MONDAY, HelpdeskCommon

MAIL = """\
Message-Id: {msg_id}
Date: Mon, 02 Mar 2026 10:00:00 +0000
From: {email_from}
To: {to}
Cc: {cc}
Subject: {subject}
{extra}MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="X"

--X
Content-Type: text/plain; charset=utf-8

{body}
--X
Content-Type: text/plain; name="log.txt"
Content-Disposition: attachment; filename="log.txt"

the log
--X--
"""


class MailScene:
    """Somebody outside writes to the desk."""

    def setUp(self):
        super().setUp()
        self.count = 0
        self.sender = "Nora New <nora.new@clients.example>"
        self.address = f"helpme@{self.alias_domain}"

    @mute_logger("odoo.addons.mail.models.mail_thread")
    def _mail(self, email_from=None, **kwargs):
        self.count += 1
        values = {
            "msg_id": f"<mail-{self.count}@clients.example>",
            "email_from": email_from or self.sender,
            "to": self.address,
            "cc": "",
            "subject": "My screen is black",
            "body": "Please help.",
            "extra": "",
            **kwargs,
        }
        with self.mock_mail_gateway():
            self.env["mail.thread"].message_process(None, MAIL.format(**values))
        return self.env["spoc.ticket"].search([], order="id desc", limit=1)


@tagged("post_install", "-at_install")
class TestMail(MailScene, HelpdeskCommon):
    """Mail in: nothing lost, nothing leaked, nothing twice, no loops."""

    def _reply(self, message, email_from=None, **kwargs):
        extra = f"In-Reply-To: {message.message_id}\nReferences: {message.message_id}\n"
        extra += kwargs.pop("headers", "")
        return self._mail(email_from, extra=extra, subject="Re: it", **kwargs)

    def _last(self, ticket):
        ticket.invalidate_recordset(["message_ids"])
        return ticket.message_ids.sorted("id")[-1:]

    # ---- a new mail --------------------------------------------------------

    def test_new_mail_is_a_ticket(self):
        ticket = self._mail(cc="Carl Copy <carl@clients.example>")
        self.assertEqual(ticket.name, "My screen is black")
        self.assertEqual(ticket.desk_id, self.desk)
        self.assertEqual(ticket.channel_id, self.channel)
        self.assertEqual(ticket.origin, "email")
        self.assertEqual(ticket.requester_id.email, "nora.new@clients.example")
        self.assertEqual(ticket.requester_id.name, "Nora New")
        self.assertEqual(ticket.watcher_ids.email, "carl@clients.example")
        self.assertEqual(len(ticket.clock_ids), 3)
        mail, receipt = ticket.message_ids.sorted("id")
        self.assertEqual(mail.message_type, "email")
        self.assertIn("Please help.", mail.body)
        self.assertEqual(mail.attachment_ids.name, "log.txt")
        self.assertEqual(mail.author_id, ticket.requester_id)
        self.assertTrue(mail._spoc_is_public())
        self.assertEqual(receipt.message_type, "auto_comment")
        self.assertIn(ticket.number, receipt.subject + receipt.body)
        self._commit_checks()

    def test_acknowledgement_by_mail(self):
        self._mail()
        self.assertSentEmail_to("nora.new@clients.example")

    def assertSentEmail_to(self, address):
        mails = self._new_mails.filtered(
            lambda m: address in m.recipient_ids.mapped("email")
        )
        self.assertEqual(len(mails), 1)
        self.assertIn(self.address, mails.email_from)
        self.assertIn(self.address, mails.reply_to)

    def test_known_sender(self):
        ticket = self._mail(self.requester.email_formatted)
        self.assertEqual(ticket.requester_id, self.requester.partner_id)
        ticket.with_user(self.requester).read(["number"])

    def test_same_mail_twice(self):
        first = self._mail(msg_id="<same@clients.example>")
        second = self._mail(msg_id="<same@clients.example>")
        self.assertEqual(first, second)
        self.assertEqual(len(first.message_ids), 2)

    def test_without_sender(self):
        ticket = self._mail(email_from="undisclosed")
        self.assertTrue(ticket.requester_id)
        self.assertIn("Please help.", ticket.message_ids.sorted("id")[0].body)

    # ---- answers -----------------------------------------------------------

    def test_reply_threads_and_resumes(self):
        ticket = self._mail()
        ticket.owner_id = self.agent
        answer = self._say(ticket, self.agent, body="Which one?")
        ticket.with_user(self.agent).action_wait()
        again = self._reply(answer, body="The left one.")
        self.assertEqual(again, ticket)
        self.assertEqual(ticket.state, "in_progress")
        words = self._last(ticket)
        self.assertIn("The left one.", words.body)
        self.assertTrue(words._spoc_is_public())
        self.assertIn(self.agent.partner_id, words.notified_partner_ids)

    def test_number_in_subject_is_enough(self):
        ticket = self._mail()
        self._mail(subject=f"RE: [{ticket.number}] black", body="Still black")
        self.assertIn("Still black", self._last(ticket).body)
        other = self._mail(
            "Sly Stranger <sly@elsewhere.example>",
            subject=f"[{ticket.number}] let me in",
        )
        self.assertNotEqual(other, ticket, "A number is no key for strangers")

    def test_reply_reopens_in_time(self):
        with freeze_time(MONDAY):
            ticket = self._mail()
            ticket.owner_id = self.agent
            self._resolve(ticket)
            told = self._last(ticket)
            ticket.with_user(self.agent).action_close()
        with freeze_time(MONDAY + timedelta(days=10)):
            self._reply(told, body="Black again")
        self.assertEqual(ticket.state, "in_progress")
        self.assertEqual(ticket.owner_id, self.agent)
        self.assertFalse(ticket.follow_up_ids)

    def test_reply_late_begins_follow_up(self):
        with freeze_time(MONDAY):
            ticket = self._mail()
            ticket.owner_id = self.agent
            self._resolve(ticket)
            told = self._last(ticket)
            ticket.with_user(self.agent).action_close()
        with freeze_time(MONDAY + timedelta(days=20)):
            follow_up = self._reply(told, body="Black again")
        self.assertEqual(ticket.state, "closed")
        self.assertEqual(follow_up.follow_up_of_id, ticket)
        self.assertEqual(follow_up.requester_id, ticket.requester_id)
        self.assertIn("Black again", follow_up.message_ids.sorted("id")[0].body)

    def test_stranger_is_kept_and_not_heard(self):
        ticket = self._mail()
        ticket.owner_id = self.agent
        answer = self._say(ticket, self.agent, body="Which one?")
        ticket.with_user(self.agent).action_wait()
        self._reply(
            answer, "Sly Stranger <sly@elsewhere.example>", body="Send it to me"
        )
        words = self._last(ticket)
        self.assertIn("Send it to me", words.body)
        self.assertIn("sly@elsewhere.example", words.body)
        self.assertFalse(words._spoc_is_public())
        self.assertEqual(words.notified_partner_ids, self.agent.partner_id)
        self.assertEqual(ticket.state, "waiting", "A stranger resumes nothing")
        self.assertFalse(
            self._new_mails.filtered(
                lambda m: (
                    ticket.requester_id in m.recipient_ids
                    or "sly" in (m.email_to or "")
                )
            )
        )

    def test_agent_answers_by_mail(self):
        ticket = self._mail()
        ticket.owner_id = self.agent
        question = self._last(ticket)
        self._reply(question, self.agent.email_formatted, body="Turn it on")
        words = self._last(ticket)
        self.assertTrue(words._spoc_is_public())
        self.assertIn(ticket.requester_id, words.notified_partner_ids)
        self.assertTrue(ticket.first_response_at)

    def test_agent_answers_note_by_mail(self):
        ticket = self._mail()
        ticket.owner_id = self.agent
        note = self._note(
            ticket, self.agent2, partner_ids=self.agent.partner_id.ids, body="Careful"
        )
        self._reply(note, self.agent.email_formatted, body="I know them")
        words = self._last(ticket)
        self.assertFalse(words._spoc_is_public())

    # ---- machines ----------------------------------------------------------

    def test_auto_reply_does_nothing(self):
        ticket = self._mail()
        ticket.owner_id = self.agent
        answer = self._say(ticket, self.agent, body="Which one?")
        ticket.with_user(self.agent).action_wait()
        before = len(ticket.message_ids)
        self._reply(
            answer, body="I am on holiday", headers="Auto-Submitted: auto-replied\n"
        )
        self.assertEqual(ticket.state, "waiting")
        words = self._last(ticket)
        self.assertIn("I am on holiday", words.body, "Kept")
        self.assertEqual(len(ticket.message_ids), before + 1, "Answered by nothing")
        self.assertFalse(self._new_mails)

    def test_auto_reply_does_not_reopen(self):
        ticket = self._mail()
        ticket.owner_id = self.agent
        self._resolve(ticket)
        told = self._last(ticket)
        ticket.with_user(self.agent).action_close()
        self._reply(told, body="Away", headers="Auto-Submitted: auto-replied\n")
        self.assertEqual(ticket.state, "closed")

    def test_machine_is_not_acknowledged(self):
        ticket = self._mail(extra="Auto-Submitted: auto-generated\n")
        self.assertEqual(len(ticket.message_ids), 1)
        self.assertFalse(self._new_mails)
        self.assertEqual(len(ticket.clock_ids), 3, "It is a request all the same")

    def test_desk_does_not_answer_a_desk(self):
        self._mail(f"Desk <{self.address}>")
        self.assertFalse(self._new_mails)

    def test_bounce_changes_nothing(self):
        ticket = self._mail()
        ticket.owner_id = self.agent
        answer = self._say(ticket, self.agent, body="Which one?")
        ticket.with_user(self.agent).action_wait()
        before = len(ticket.message_ids)
        self._reply(answer, "MAILER-DAEMON <mailer-daemon@clients.example>")
        self.assertEqual(ticket.state, "waiting")
        self.assertEqual(len(ticket.message_ids), before)

    def test_other_models_get_their_mail(self):
        """The gateway still serves everything else."""
        alias = self.env["mail.alias"].create(
            {
                "alias_name": "partners",
                "alias_domain_id": self.mail_alias_domain.id,
                "alias_model_id": self.env["ir.model"]._get_id("res.partner"),
                "alias_contact": "everyone",
            }
        )
        count = self.env["spoc.ticket"].search_count([])
        self._mail(to=alias.alias_full_name, subject="A new partner")
        self.assertTrue(
            self.env["res.partner"].search([("name", "=", "A new partner")])
        )
        self.assertEqual(self.env["spoc.ticket"].search_count([]), count)
        self._mail(to=f"{alias.alias_full_name}, {self.address}", subject="Both of you")
        self.assertTrue(self.env["res.partner"].search([("name", "=", "Both of you")]))
        self.assertTrue(self.env["spoc.ticket"].search([("name", "=", "Both of you")]))

    # ---- channels ----------------------------------------------------------

    def test_channel_makes_alias(self):
        alias = self.channel.alias_id
        self.assertEqual(alias.alias_full_name, self.address)
        channel = self.env["spoc.channel"].create(
            {"desk_id": self.line.id, "kind": "email", "identity": "Line@Far.Example"}
        )
        self.assertEqual(channel.alias_id.alias_full_name, "line@far.example")
        self.assertEqual(channel.alias_id.alias_domain_id.name, "far.example")
        channel.identity = "second@far.example"
        self.assertEqual(channel.alias_id.alias_full_name, "second@far.example")
        phone = self.env["spoc.channel"].create(
            {"desk_id": self.line.id, "kind": "phone", "identity": "+46 8 123 456 78"}
        )
        self.assertFalse(phone.alias_id)

    def test_retired_address_passes_on(self):
        self.channel.action_retire()
        taken = self.env["spoc.channel"].create(
            {"desk_id": self.line.id, "kind": "email", "identity": self.address}
        )
        self.assertEqual(self._mail().desk_id, self.line)
        self.assertFalse(self.channel.alias_id)
        taken.action_retire()
        self.channel.action_activate()
        self.assertEqual(self._mail().desk_id, self.desk)

    def test_retired_address_still_takes_mail(self):
        self.channel.action_retire()
        ticket = self._mail()
        self.assertEqual(ticket.desk_id, self.desk)
        self.assertEqual(ticket.channel_id, self.channel)
