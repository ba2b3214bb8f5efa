"""Who loses a ticket loses it at once: page, words, files, links."""

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import HelpdeskCommon

SECRET = "Okapi secret"


@tagged("post_install", "-at_install")
class TestAccessChange(HttpCase, HelpdeskCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ticket = cls._ticket(
            name=SECRET,
            requester_id=cls.customer.partner_id.id,
            owner_id=cls.agent.id,
            watcher_ids=[Command.set(cls.outsider.partner_id.ids)],
        )
        cls.message = cls.ticket.with_user(cls.agent).message_post(
            body=f"{SECRET} words",
            subtype_xmlid="mail.mt_comment",
            attachments=[("answer.txt", SECRET.encode())],
        )
        cls.file = cls.message.sudo().attachment_ids
        cls.env.flush_all()

    def _page(self, login, query=""):
        self.authenticate(login, login)
        return self.url_open(f"/my/requests/{self.ticket.id}{query}")

    def _assert_lost(self, user, links):
        self.env.flush_all()
        self.env.invalidate_all()
        answer = self._page(user.login)
        self.assertIn(answer.status_code, (403, 404))
        self.assertNotIn(SECRET, answer.text)
        for link in links:
            for login in (user.login, None):
                self.authenticate(login, login)
                answer = self.url_open(link)
                self.assertNotIn(SECRET, answer.text, link)
        theirs = self.env(user=user)
        self.assertFalse(theirs["spoc.ticket"].search([("id", "=", self.ticket.id)]))
        self.assertFalse(
            theirs["mail.message"].search(
                [("model", "=", "spoc.ticket"), ("res_id", "=", self.ticket.id)]
            )
        )
        with self.assertRaises(AccessError):
            self.message.with_user(user).read(["body"])
        with self.assertRaises(AccessError):
            self.file.with_user(user).read(["name"])
        self.assertNotIn(user.partner_id, self.ticket.message_partner_ids)

    def _links(self):
        """Links a mail or page has shown."""
        token = self.ticket._portal_ensure_token()
        raw = self.file._get_raw_access_token()
        plain = self.file.generate_access_token()[0]
        number = self.file.id
        self.ticket._rating_get_access_token(self.ticket.requester_id)
        return [
            f"/my/requests/{self.ticket.id}?access_token={token}",
            f"/web/content/{number}?access_token={raw}",
            f"/web/content/{number}?access_token={plain}",
        ]

    def test_links_work_before(self):
        self.authenticate(None, None)
        for link in self._links():
            self.env.flush_all()
            answer = self.url_open(link)
            self.assertEqual(answer.status_code, 200, link)
            self.assertIn(SECRET, answer.text, link)

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule")
    def test_requester_changes(self):
        self.ticket.message_subscribe(self.customer.partner_id.ids)
        self.assertIn(SECRET, self._page("t_customer").text)
        links = self._links()
        confirm = self.ticket._spoc_confirm_token()
        self.ticket.with_user(self.agent).requester_id = self.requester.partner_id
        self._assert_lost(self.customer, links)
        self.assertFalse(self.ticket._spoc_from_confirm_token(confirm)[0])
        rating = self.env["rating.rating"].search(
            [("res_model", "=", "spoc.ticket"), ("res_id", "=", self.ticket.id)]
        )
        self.assertNotIn(self.customer.partner_id, rating.partner_id)
        self.assertIn(SECRET, self._page("t_requester").text)

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule")
    def test_watcher_removed(self):
        self.assertIn(SECRET, self._page("t_outsider").text)
        links = self._links()
        self.ticket.with_user(self.agent).watcher_ids = False
        self._assert_lost(self.outsider, links)
        self.assertIn(SECRET, self._page("t_customer").text)

    def test_links_stay_when_nobody_leaves(self):
        token = self.ticket.access_token
        self.ticket.watcher_ids |= self.requester.partner_id
        self.ticket.name = "Otherwise"
        self.assertEqual(self.ticket.access_token, token)

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_desk_changes(self):
        self.ticket.message_subscribe(self.agent2.partner_id.ids)
        self.assertTrue(self.ticket.with_user(self.agent2).has_access("read"))
        self.ticket.with_user(self.agent)._spoc_change_desk(self.line, "Theirs")
        self.env.flush_all()
        self.env.invalidate_all()
        for user in (self.agent, self.agent2, self.manager):
            self.assertFalse(self.ticket.with_user(user).has_access("read"))
            with self.assertRaises(AccessError):
                self.message.with_user(user).read(["body"])
        self.assertNotIn(self.agent2.partner_id, self.ticket.message_partner_ids)

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_member_leaves(self):
        self.ticket.message_subscribe(self.agent2.partner_id.ids)
        self.ticket.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.agent2.id, summary="Call"
        )
        self.desk.member_ids -= self.agent2
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertFalse(self.ticket.with_user(self.agent2).has_access("read"))
        self.assertNotIn(self.agent2.partner_id, self.ticket.message_partner_ids)
        self.assertNotIn(self.agent2, self.ticket.activity_ids.user_id)
