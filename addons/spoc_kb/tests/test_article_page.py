import re

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.spoc_catalog.tests.browser_common import TourCase

from .common import KnowledgeCase


@tagged("post_install", "-at_install")
class TestArticlePage(TourCase, KnowledgeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.article = cls._published(
            inner_body="<p>innernode</p>",
            summary="In one sentence",
            service_ids=[Command.link(cls.service.id)],
        )

    def _get(self, login, article, **kwargs):
        self.authenticate(login, login)
        return self.url_open(article._spoc_url(), **kwargs)

    def _token(self, text):
        return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', text).group(1)

    # ---- Forbidden ----

    def test_signed_out(self):
        page = self.url_open(self.article._spoc_url(), allow_redirects=False)
        self.assertEqual(page.status_code, 303)
        self.assertIn("/web/login", page.headers["Location"])

    def test_what_is_not_readable_is_not_there(self):
        secret = self._secret()
        draft = self._draft()
        retired = self._published()
        retired.action_retire()
        for login in ("kb_requester", "kb_customer"):
            for article in (secret, draft, retired):
                self.assertEqual(self._get(login, article).status_code, 404)
        for login in ("kb_agent", "kb_editor", "kb_admin"):
            self.assertEqual(self._get(login, secret).status_code, 404)
        page = self.url_open("/spoc/article/999999999")
        self.assertEqual(page.status_code, 404)

    @mute_logger("odoo.http")
    def test_feedback_needs_the_token(self):
        self.authenticate("kb_requester", "kb_requester")
        url = f"{self.article._spoc_url()}/feedback"
        self.assertEqual(self.url_open(url, data={"helped": "1"}).status_code, 400)
        self.assertIn(self.url_open(url).status_code, (404, 405))
        self.assertFalse(self.article.feedback_ids)

    def test_feedback_on_what_is_not_readable(self):
        secret = self._secret()
        token = self._token(self._get("kb_requester", self.article).text)
        answer = self.url_open(
            f"{secret._spoc_url()}/feedback",
            data={"helped": "1", "csrf_token": token},
        )
        self.assertEqual(answer.status_code, 404)
        self.assertFalse(secret.feedback_ids)

    def test_inner_part_is_not_on_the_readers_page(self):
        page = self._get("kb_requester", self.article)
        self.assertNotIn("innernode", page.text)
        self.assertIn("innernode", self._get("kb_agent", self.article).text)

    def test_talk_is_not_for_readers(self):
        article = self._secret(audience_ids=[Command.link(self.employees.id)])
        article.message_post(body="zephyrtalk", subtype_xmlid="mail.mt_comment")
        self.env["ir.attachment"].create(
            {
                "name": "zephyrfile.txt",
                "res_model": "spoc.article",
                "res_id": article.id,
            }
        )
        thread = {"thread_model": "spoc.article", "thread_id": article.id}
        data = {**thread, "request_list": ["attachments", "followers"]}
        requests = (
            ("/mail/thread/messages", thread, "zephyrtalk"),
            (
                "/mail/data",
                {"fetch_params": [["mail.thread", data]]},
                "zephyrfile",
            ),
        )
        self.authenticate("kb_requester", "kb_requester")
        for secret in ({"token": "x"}, {"hash": "x", "pid": 1}):
            answer = self.url_open(
                "/mail/chatter_fetch",
                json={
                    "jsonrpc": "2.0",
                    "method": "call",
                    "params": {**thread, **secret},
                },
            )
            self.assertNotIn("zephyrtalk", answer.text)
        for login, hears in (
            ("kb_requester", False),
            ("kb_agent", False),
            ("kb_hr", True),
        ):
            self.authenticate(login, login)
            for route, params, word in requests:
                answer = self.url_open(
                    route, json={"jsonrpc": "2.0", "method": "call", "params": params}
                )
                self.assertEqual(word in answer.text, hears, (login, route))

    # ---- The page ----

    def test_page(self):
        page = self._get("kb_requester", self.article)
        self.assertEqual(page.status_code, 200)
        for text in ("How do I print?", "In one sentence", "quasarnode", "Printing"):
            self.assertIn(text, page.text)
        self.assertEqual(self.article.use_count, 0)
        opened = {
            "step": "opened",
            "opened": f"article/{self.article.id}",
            "csrf_token": self._token(page.text),
        }
        for _time in range(2):
            self.url_open("/spoc/trail", data=opened)
        self.assertEqual(self.article.use_count, 1)

    def test_preview_is_no_reading(self):
        draft = self._draft()
        page = self._get("kb_agent", draft)
        self.assertIn("not published", page.text)
        self.assertNotIn("spoc_feedback", page.text)
        self.assertEqual(draft.use_count, 0)

    def test_feedback_without_javascript(self):
        token = self._token(self._get("kb_customer", self.article).text)
        page = self.url_open(
            f"{self.article._spoc_url()}/feedback",
            data={"helped": "0", "comment": "Which one?", "csrf_token": token},
        )
        self.assertEqual(page.status_code, 200)
        self.assertIn("Thank you", page.text)
        self.assertIn("Which one?", page.text)
        said = self.article.feedback_ids
        self.assertRecordValues(
            said,
            [{"user_id": self.customer.id, "helped": False, "comment": "Which one?"}],
        )
        self.assertEqual(self.article.activity_ids.user_id, self.agent)

    def test_feedback_without_an_answer_changes_nothing(self):
        token = self._token(self._get("kb_customer", self.article).text)
        for helped in ({}, {"helped": "maybe"}):
            page = self.url_open(
                f"{self.article._spoc_url()}/feedback",
                data={"csrf_token": token, **helped},
            )
            self.assertEqual(page.status_code, 200)
        self.assertFalse(self.article.feedback_ids)

    def test_service_page_answers_first(self):
        self.authenticate("kb_requester", "kb_requester")
        page = self.url_open(f"/spoc/service/{self.service.id}").text
        self.assertIn(self.article._spoc_url(), page)
        self.assertLess(
            page.index("spoc_service_answers"), page.index("spoc_service_ask")
        )

    def test_tour_reader(self):
        self.start_tour(
            self.article._spoc_url(), "spoc_kb_reader", login="kb_requester"
        )
        self.assertEqual(self.article.feedback_ids.comment, "Where is the button?")

    def test_tour_reader_phone(self):
        self.browser_size = "360x740"
        self.start_tour(self.article._spoc_url(), "spoc_kb_reader", login="kb_customer")
        self.assertEqual(self.article.unhelpful_count, 1)

    def test_tour_writer(self):
        self.start_tour("/odoo/service-articles", "spoc_kb_writer", login="kb_agent")
        article = self.env["spoc.article"].search([("name", "=", "Where is the key?")])
        self.assertRecordValues(
            article, [{"state": "review", "author_id": self.agent.id}]
        )

    def test_tour_two_writers(self):
        article = self._draft(name="Two writers")
        with mute_logger("odoo.http"):
            self.start_tour(
                "/odoo/service-articles", "spoc_kb_two_writers", login="kb_agent"
            )
        self.assertEqual(article.summary, "Theirs")
