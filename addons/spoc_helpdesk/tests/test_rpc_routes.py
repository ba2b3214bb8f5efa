"""Routes of Odoo's own that take an id, called with ids that are not theirs."""

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .personas_scene import PERSONAS, TICKETS, WORD
from .rpc_common import SILENT, RpcCase


@tagged("post_install", "-at_install")
class TestRpcRoutes(HttpCase, RpcCase):
    """Routes of Odoo's own that take the id of a thread or a record."""

    def _posts(self, ticket):
        """Route -> what is sent there."""
        thread = {"thread_model": "spoc.ticket", "thread_id": ticket.id}
        message = ticket.message_ids[-1:].id
        fetched = {"name": "mail.thread", "params": thread}
        return {
            "/mail/thread/messages": thread,
            "/mail/data": {
                "fetch_params": [
                    [
                        "mail.thread",
                        {**thread, "request_list": ["followers", "activities"]},
                    ]
                ]
            },
            "/mail/message/post": {
                **thread,
                "post_data": {"body": "x", "message_type": "comment"},
            },
            "/mail/message/update_content": {
                "message_id": message,
                "body": "x",
                "attachment_ids": [],
                "update_data": {"body": "x", "attachment_ids": []},
            },
            "/mail/message/reaction": {
                "message_id": message,
                "content": "x",
                "action": "add",
            },
            "/mail/message/translate": {"message_id": message},
            "/mail/thread/recipients": {**thread, "message_id": message},
            "/mail/thread/recipients/get_suggested_recipients": thread,
            "/mail/thread/subscribe": {
                "res_model": "spoc.ticket",
                "res_id": ticket.id,
                "partner_ids": [self.stranger.partner_id.id],
            },
            "/mail/thread/unsubscribe": {
                "res_model": "spoc.ticket",
                "res_id": ticket.id,
                "partner_ids": [ticket.owner_id.partner_id.id],
            },
            "/mail/read_subscription_data": {
                "follower_id": ticket.message_follower_ids[:1].id
            },
            "/mail/attachment/delete": {
                "attachment_id": ticket.answer_ids.attachment_ids[:1].id
            },
            "/mail/chatter_fetch": thread,
            "/portal/chatter_init": {**thread, **fetched},
            "/mail/update_is_internal": {"message_id": message, "is_internal": False},
        }

    def _gets(self, ticket):
        note = ticket.message_ids.attachment_ids[:1].id
        answer = ticket.answer_ids
        part = ticket.assignment_ids
        return (
            f"/mail/view?model=spoc.ticket&res_id={ticket.id}",
            f"/mail/message/{ticket.message_ids[:1].id}",
            f"/mail/avatar/mail.message/{ticket.message_ids[:1].id}/author_avatar/50x50",
            f"/mail/attachment/zip?file_ids={note}&zip_name=x.zip",
            f"/mail/unfollow?model=spoc.ticket&res_id={ticket.id}"
            f"&pid={ticket.owner_id.partner_id.id}&token=x",
            f"/web/content/{note}",
            f"/web/content/{answer.attachment_ids[:1].id}?download=1",
            f"/web/image/{note}",
            f"/web/content/spoc.ticket/{ticket.id}/description",
            f"/web/content/spoc.answer/{answer[:1].id}/value_text",
            f"/web/content/spoc.assignment/{part[:1].id}/brief",
            f"/web/image/spoc.ticket/{ticket.id}/description",
            f"/odoo/service-tickets/{ticket.id}",
        )

    @mute_logger(*SILENT)
    def test_routes(self):
        for persona in PERSONAS[:5]:
            names = [
                name
                for name in ("ticket", "hr_ticket", "about_ticket")
                if persona not in TICKETS[name]
                # Asked to approve, they know of it.
                and (name, persona) != ("ticket", "requester")
            ]
            login = None if persona == "public" else self._who(persona).login
            self.authenticate(login, login)
            for name in names:
                ticket = getattr(self, name)
                stored = self._stored()
                for route, sent in self._posts(ticket).items():
                    answer = self.url_open(
                        route,
                        json={"jsonrpc": "2.0", "method": "call", "params": sent},
                    )
                    with self.subTest(of=name, by=persona, route=route):
                        # Words of others they may read may well be among it.
                        self.assertNotIn(ticket.number, answer.text)
                        self.assertNotIn(f'"res_id": {ticket.id}', answer.text)
                        self.env.invalidate_all()
                        self.assertEqual(self._stored(), stored)
                for path in self._gets(ticket):
                    answer = self.url_open(path, allow_redirects=False)
                    with self.subTest(of=name, by=persona, path=path):
                        self.assertNotIn(WORD, answer.text)
                        self.env.invalidate_all()
                        self.assertEqual(self._stored(), stored)
