from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .. import database
from .common import HelpdeskCommon


@tagged("post_install", "-at_install")
class TestSideDoors(HelpdeskCommon):
    """Ways round the rules that are none, and Odoo's tools that still work."""

    def setUp(self):
        super().setUp()
        self.ticket = self._ticket(owner_id=self.agent.id)

    # ---- closed doors --------------------------------------------------------

    def test_commands_from_the_desk(self):
        """A desk's list of tickets is no handle on them."""
        other = self._ticket(desk_id=self.line.id)
        self.desk.manager_id = self.admin
        desk = self.desk.with_user(self.admin)
        for command in (
            (0, 0, {"name": "x", "requester_id": 1, "state": "closed"}),
            (1, self.ticket.id, {"reopen_count": 5}),
            (2, self.ticket.id, 0),
            (3, self.ticket.id, 0),
            (4, other.id, 0),
            (5, 0, 0),
            (6, 0, [other.id]),
        ):
            for record in (desk, self.desk.sudo()):
                with self.subTest(command), self.assertRaises(UserError):
                    record.write({"ticket_ids": [command]})
                    self.env.flush_all()

    def test_commands_from_the_article(self):
        article = self.env["spoc.article"].create(
            {"name": "Restart", "body": "<p>Off, on.</p>", "kind": "solution"}
        )
        self._resolve(self.ticket)
        with self.assertRaises(UserError):
            article.write({"solved_ticket_ids": [(4, self.ticket.id, 0)]})

    def test_uninstall_flag_in_context(self):
        """What Odoo sets while uninstalling can be sent by anybody."""
        forced = self.ticket.sudo().with_context(_force_unlink=True)
        with self.assertRaises(UserError):
            forced.unlink()
            self.env.flush_all()
        message = self.ticket.with_user(self.requester).message_post(
            body="See", attachments=[("a.txt", b"1")], subtype_xmlid="mail.mt_comment"
        )
        for record in (message, message.attachment_ids):
            for user in (self.agent, self.admin, self.env.ref("base.user_root")):
                with self.subTest(user.login), self.assertRaises(UserError):
                    record.with_user(user).with_context(_force_unlink=True).unlink()

    def test_notify_off_the_thread(self):
        for user in (self.requester, self.liner, self.outsider, self.customer):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.ticket.with_user(user).message_notify(
                    body="Psst", partner_ids=self.agent.partner_id.ids
                )
        with self.mock_mail_gateway():
            self.ticket.with_user(self.agent).message_notify(
                body="Psst",
                partner_ids=(self.requester | self.outsider).partner_id.ids,
            )
        self.assertFalse(self._new_mails)

    def test_extension_cannot_be_created(self):
        """The message says what to run, and where."""
        with (
            patch.object(database, "EXTENSION", "no_such_extension"),
            mute_logger("odoo.sql_db"),
            self.assertRaises(UserError) as caught,
        ):
            database.ensure_extension(self.env)
        self.assertIn("CREATE EXTENSION no_such_extension;", str(caught.exception))
        self.assertIn(self.env.cr.dbname, str(caught.exception))

    # ---- open doors ----------------------------------------------------------

    def test_composer(self):
        composer = (
            self.env["mail.compose.message"]
            .with_user(self.agent)
            .with_context(
                default_model="spoc.ticket",
                default_res_ids=self.ticket.ids,
                default_composition_mode="comment",
                default_subtype_xmlid="mail.mt_comment",
            )
            .create({"body": "<p>From the composer</p>"})
        )
        composer.partner_ids = self.requester.partner_id
        composer.action_send_mail()
        message = self.ticket.message_ids[0]
        self.assertIn("From the composer", message.body)
        self.assertTrue(message._spoc_is_public())
        self.assertTrue(self.ticket.first_response_at)

    def test_activities(self):
        ticket = self.ticket.with_user(self.agent)
        activity = ticket.activity_schedule(
            "mail.mail_activity_data_todo", summary="Ask", user_id=self.agent2.id
        )
        activity.with_user(self.agent2).action_feedback("Asked")
        done = self.ticket.message_ids[0]
        self.assertIn("Asked", done.body)
        self.assertFalse(done._spoc_is_public())
        self.assertFalse(self.ticket.first_response_at)

    def test_manager_of_the_desk(self):
        ticket = self.ticket.with_user(self.manager)
        self._note(self.ticket, self.manager)
        self._say(self.ticket, self.manager)
        ticket.resolution = "<p>Done</p>"
        ticket.action_resolve()
        self.assertEqual(self.ticket.state, "resolved")

    def test_resolve_wizard(self):
        article = self.env["spoc.article"].with_user(self.agent)
        article = article.create(
            {
                "name": "Restart",
                "body": "<p>Off, then on.</p>",
                "desk_id": self.desk.id,
                "lang": "en_US",
            }
        )
        article.action_submit()
        article.with_user(self.agent2).action_publish()
        wizard = (
            self.env["spoc.ticket.resolve"]
            .with_user(self.agent)
            .create({"ticket_id": self.ticket.id, "article_id": article.id})
        )
        self.assertIn("Off, then on.", wizard.resolution)
        wizard.resolution = "<p>Switched it off and on.</p>"
        self.assertIn("Switched it off and on.", wizard.preview)
        self.assertFalse(self.ticket.resolution, "A preview changes nothing")
        wizard.action_resolve()
        self.assertEqual(self.ticket.state, "resolved")
        self.assertEqual(self.ticket.resolution_article_id, article)
        self.assertEqual(article.with_user(self.agent).solved_count, 1)
        use = self.env["spoc.article.use"].search(
            [("article_id", "=", article.id), ("role", "=", "solved")]
        )
        self.assertEqual(use.res_id, self.ticket.id)

    def test_wizards_are_the_desks(self):
        for user in (self.liner, self.admin):
            wizard = self.env["spoc.ticket.resolve"].with_user(user)
            with self.subTest(user.login), self.assertRaises(AccessError):
                wizard.create(
                    {"ticket_id": self.ticket.id, "resolution": "<p>x</p>"}
                ).action_resolve()
        self.assertEqual(self.ticket.state, "new")

    def test_window_finds_ones_own(self):
        window = self.env["spoc.window"].with_user(self.requester)
        sections = window._spoc_search_sections("does not start")
        mine = next(section for section in sections if section["key"] == "requests")
        self.assertEqual(mine["items"][0]["url"], f"/my/requests/{self.ticket.id}")
        for user in (self.outsider, self.customer, self.agent2):
            sections = (
                self.env["spoc.window"]
                .with_user(user)
                ._spoc_search_sections(self.ticket.number)
            )
            self.assertNotIn("requests", [section["key"] for section in sections])
