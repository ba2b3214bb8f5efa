"""The page of a request that goes on in another one: leads on, shows nobody more."""

from odoo.tests import tagged

from .portal_common import PortalCase

NEUTRAL = "Goes on together with another request"


@tagged("post_install", "-at_install")
class TestPortalMerged(PortalCase):
    def setUp(self):
        super().setUp()
        self.first = self._ticket(
            name="The first matter", requester_id=self.customer.partner_id.id
        )
        self.second = self._ticket(
            name="Asked again", requester_id=self.customer.partner_id.id
        )

    def _merge(self):
        self.second.with_user(self.agent)._spoc_merge(self.first)

    def _page(self, ticket, **params):
        query = "&".join(f"{name}={value}" for name, value in params.items())
        return self.url_open(f"/my/requests/{ticket.id}?{query}")

    def test_nobody_sees_more(self):
        self.second.watcher_ids = self.employee.partner_id
        self._merge()
        token = self.second._portal_ensure_token()
        # Somebody informed of the one: neither name nor number of the other.
        self.authenticate(self.employee.login, self.employee.login)
        for page in (self._page(self.second), self._page(self.second, stay=1)):
            self.assertIn(NEUTRAL, page.text)
            self.assertNotIn(self.first.number, page.text)
            self.assertNotIn("The first matter", page.text)
        self.assertEqual(self._page(self.first).status_code, 404)
        # The link of the page, which they hold as well, leads no further.
        self.authenticate(None, None)
        page = self._page(self.second, access_token=token)
        self.assertIn(NEUTRAL, page.text)
        self.assertNotIn(self.first.number, page.text)
        self.assertNotIn(self.first._portal_ensure_token(), page.text)
        # Nor does the page of the other tell of the one to who must not read it.
        self.first.watcher_ids = self.stranger.partner_id
        self.authenticate(self.stranger.login, self.stranger.login)
        page = self._page(self.first)
        self.assertEqual(page.status_code, 200)
        self.assertNotIn(self.second.number, page.text)
        self.assertEqual(self._page(self.second).status_code, 404)

    def test_leads_on(self):
        self._merge()
        self.authenticate(self.customer.login, self.customer.login)
        page = self._page(self.second)
        self.assertIn(f"/my/requests/{self.first.id}", page.url)
        self.assertIn("The first matter", page.text)
        self.assertIn(self.second.number, page.text)
        page = self._page(self.second, stay=1)
        self.assertIn(f"Goes on as {self.first.number}", page.text)
        self.assertIn("Asked again", page.text)
        lines = self.url_open("/my/requests?filterby=ended").text
        self.assertIn("Merged", lines)

    def test_the_link_of_the_mail_leads_on(self):
        token = self.second._portal_ensure_token()
        self._merge()
        self.authenticate(None, None)
        page = self._page(self.second, access_token=token)
        self.assertEqual(page.status_code, 200)
        self.assertIn("The first matter", page.text)
        # Taken apart, it is a page of its own again.
        self.second.with_user(self.agent).action_unmerge()
        page = self._page(self.second, access_token=token)
        self.assertIn("Asked again", page.text)
        self.assertNotIn("The first matter", page.text)

    def test_words_on_the_page_go_on(self):
        self._merge()
        self.authenticate(self.customer.login, self.customer.login)
        self.make_jsonrpc_request(
            "/mail/message/post",
            {
                "thread_model": "spoc.ticket",
                "thread_id": self.second.id,
                "post_data": {"body": "Words from the old page"},
            },
        )
        self.assertIn("Words from the old page", self.first.message_ids[0].body)
        self.assertEqual(self.second.state, "cancelled")
