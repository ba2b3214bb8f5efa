"""What pages note of the way from search to request."""

from odoo.tests import tagged
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
        self.env["spoc.search.step"].search([])._spoc_fold()
        return self.Log.search([], order="id")

    def test_suggestions_write_nothing(self):
        self.authenticate("cat_requester", "cat_requester")
        for text in ("l", "la", "lamp"):
            self.make_jsonrpc_request("/spoc/suggest", {"text": text})
        self.assertFalse(self.rows())

    def test_only_searching_writes(self):
        self.get("/spoc")
        for path in (
            f"/spoc/service/{self.open_service.id}",
            f"/spoc/desk/{self.desk.id}",
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
        page = self.get(f"/spoc/service/{self.draft_service.id}", "cat_agent")
        self.assertShown(page, self.draft_service.name)
        self.assertHidden(page, "data-opened")
        self.opened(self.draft_service)
        self.assertFalse(self.rows())

    def test_the_page_says_what_it_shows(self):
        for path in (f"service/{self.open_service.id}", f"desk/{self.desk.id}"):
            page = self.get(f"/spoc/{path}")
            self.assertShown(page, f'data-opened="{path}"')
        self.assertHidden(self.get("/spoc"), "data-opened")

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
        self.opened(self.open_service, position=2)
        self.opened(self.open_service)
        self.assertRecordValues(
            self.rows(),
            [{"id": row.id, "outcome": "opened", "position": 2, "click_count": 2}],
        )

    def test_suggestion_taken(self):
        self.authenticate("cat_requester", "cat_requester")
        self.opened(self.open_service, text="lam", count=3, position=1)
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
        odd = (
            {"text": "5", "count": "a", "position": "[]"},
            {"text": "a" * 900, "count": "1e99", "position": "-4"},
            {"text": "\x00", "count": "", "position": "9" * 40},
        )
        for trail in odd:
            response = self.opened(self.open_service, **trail)
            self.assertEqual(response.status_code, 204, trail)
        for opened in ("", "x", "service", "service/", "service/x", "user/1", "a/1/2"):
            response = self.tell(step="opened", opened=opened)
            self.assertEqual(response.status_code, 204, opened)
        self.assertEqual(self.rows().service_id, self.open_service)
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
        self.authenticate("cat_requester", "cat_requester")
        self.opened(self.open_service)
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
            self.authenticate("cat_customer", "cat_customer")
            self.assertEqual(self.opened(service).status_code, 204)
        self.assertFalse(self.rows())

    def test_forged_steps(self):
        for step in ("asked", "wished", "", "nothing"):
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
