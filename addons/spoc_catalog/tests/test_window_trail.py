"""What pages note of the way from search to request."""

import json
from urllib.parse import quote

from odoo.tests import tagged
from odoo.tests.common import HOST
from odoo.tools import mute_logger

from .window_common import WindowCase


@tagged("post_install", "-at_install")
class TestWindowTrail(WindowCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Log = cls.env["spoc.search.log"]
        cls.Log.search([]).unlink()
        cls.hidden = cls._service(
            "Fast car", audience_ids=cls._audience("employees", cls.works).ids
        )

    def rows(self):
        self.env.invalidate_all()
        return self.Log.search([], order="id")

    def note(self, **trail):
        """What the scripts leave when a result is taken."""
        self.opener.cookies.set("spoc_trail", quote(json.dumps(trail)), domain=HOST)

    def test_suggestions_write_nothing(self):
        self.authenticate("cat_requester", "cat_requester")
        for text in ("l", "la", "lamp"):
            self.make_jsonrpc_request("/spoc/suggest", {"text": text})
        self.assertFalse(self.rows())

    def test_only_searching_and_opening_write(self):
        self.get("/spoc")
        for path in (
            "/spoc/topics",
            "/spoc/services",
            "/spoc/mine",
            "/spoc/ask?q=lamp",
            "/spoc/search",
            "/spoc/search?q=",
            "/spoc/service/99999999",
            f"/spoc/service/{self.hidden.id}",
        ):
            self.url_open(path)
            self.assertFalse(self.rows(), path)
        # Nor a draft its desk looks at.
        self.get(f"/spoc/service/{self.draft_service.id}", "cat_agent")
        self.assertFalse(self.rows())

    def test_results_then_service(self):
        self.get("/spoc/search?q=Lamp")
        row = self.rows()
        self.assertRecordValues(
            row,
            [
                {
                    "source": "results",
                    "words": "lamp",
                    "outcome": "left",
                    "company_id": self.company.id,
                }
            ],
        )
        self.assertGreater(row.result_count, 0)
        self.url_open("/spoc/search?q=lamp")
        self.note(position=2)
        self.url_open(f"/spoc/service/{self.open_service.id}")
        self.assertRecordValues(
            self.rows(),
            [{"id": row.id, "outcome": "opened", "position": 2, "click_count": 2}],
        )
        self.assertFalse(self.opener.cookies.get("spoc_trail"))

    def test_suggestion_taken(self):
        self.authenticate("cat_requester", "cat_requester")
        self.note(text="lam", count=3, position=1)
        self.url_open(f"/spoc/service/{self.open_service.id}")
        self.assertRecordValues(
            self.rows(),
            [
                {
                    "source": "suggestion",
                    "words": "lam",
                    "result_count": 3,
                    "position": 1,
                    "service_id": self.open_service.id,
                }
            ],
        )

    def test_odd_notes(self):
        self.authenticate("cat_requester", "cat_requester")
        for odd in (
            "x",
            "%",
            quote("[1]"),
            quote('{"text": 5, "count": "a", "position": []}'),
            quote('{"text": "' + "a" * 900 + '", "count": 1e99, "position": -4}'),
        ):
            self.opener.cookies.set("spoc_trail", odd, domain=HOST)
            response = self.url_open(f"/spoc/service/{self.open_service.id}")
            self.assertEqual(response.status_code, 200, odd)
        for row in self.rows():
            self.assertLessEqual(len(row.words or ""), 100)
            self.assertGreaterEqual(row.position, 0)

    def test_words_left_in_the_box(self):
        response = self.post(
            "/spoc/trail", {"step": "left", "text": "flux", "count": "0"}
        )
        self.assertEqual(response.status_code, 204)
        self.assertRecordValues(
            self.rows(), [{"words": "flux", "outcome": "nothing", "result_count": 0}]
        )

    def test_form_begun(self):
        self.get(f"/spoc/service/{self.open_service.id}")
        self.post("/spoc/trail", {"step": "begun", "service": self.open_service.id})
        self.assertRecordValues(
            self.rows(), [{"outcome": "begun", "service_id": self.open_service.id}]
        )

    def test_foreign_records_are_not_named(self):
        for service in (self.hidden, self.draft_service):
            for value in (service.id, f"{service.id} ", "x", "-1", ""):
                response = self.post(
                    "/spoc/trail", {"step": "begun", "service": value}, "cat_customer"
                )
                self.assertEqual(response.status_code, 204)
        self.assertFalse(self.rows())

    def test_forged_steps(self):
        for step in ("asked", "wished", "opened", "", "nothing"):
            self.post(
                "/spoc/trail",
                {
                    "step": step,
                    "text": "lamp",
                    "service": self.open_service.id,
                    "outcome": "asked",
                    "user_id": 1,
                },
            )
        self.assertFalse(self.rows())

    def test_sent_only_by_a_page_of_ours(self):
        self.authenticate("cat_requester", "cat_requester")
        response = self.url_open("/spoc/trail?step=left&text=x", allow_redirects=False)
        self.assertIn(response.status_code, (404, 405))
        step = {"step": "left", "text": "lamp"}
        with mute_logger("odoo.http"):
            response = self.url_open("/spoc/trail", data=step)
        self.assertEqual(response.status_code, 400)
        self.assertFalse(self.rows())
        self.logout()
        with mute_logger("odoo.http"):
            self.url_open("/spoc/trail", data=step)
        self.assertFalse(self.rows())
