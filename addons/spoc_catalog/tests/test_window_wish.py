"""The page "I cannot find it"."""

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.spoc_window_views import SpocWindow
from .window_common import WindowCase


@tagged("post_install", "-at_install")
class TestWindowWish(WindowCase):
    def setUp(self):
        super().setUp()
        # Addons above take the words another way, and test it themselves: here it is
        # the catalogue's own.
        window = self.env.registry["spoc.window"]
        self.patch(window, "_spoc_take_words", SpocWindow._spoc_take_words)

    def wishes(self):
        self.env.invalidate_all()
        return self.env["spoc.wish"].search([("user_id", "=", self.requester.id)])

    def test_ways_in(self):
        for path in (
            "/spoc",
            "/spoc/topics",
            f"/spoc/category/{self.category.id}",
            "/spoc/services",
            "/spoc/popular",
        ):
            self.assertShown(self.get(path), 'href="/spoc/ask"')
        for path in ("/spoc/search?q=pony", "/spoc/ask?q=pony"):
            self.assertShown(self.get(path), ">pony</textarea>", 'value="pony"')
        self.assertIn("spoc_ask_freely", self.get("/spoc/service/99999999").text)

    def test_said_and_thanked(self):
        response = self.post(
            "/spoc/ask", {"description": "A pony\r\nplease", "searched": "pony"}
        )
        wish = self.wishes()
        self.assertRecordValues(
            wish, [{"words": "A pony\nplease", "searched": "pony", "state": "new"}]
        )
        self.assertShown(response, "Thank you", "What happens now", "A pony")
        self.assertIn(f"/spoc/wish/{wish.id}", response.url)
        self.assertShown(self.get("/spoc/ask"), "What you told us before", "A pony")
        self.env["spoc.search.step"].search([])._spoc_fold()
        row = self.env["spoc.search.log"].search([], limit=1)
        self.assertEqual(row.outcome, "wished")
        # To others it does not exist.
        response = self.get(f"/spoc/wish/{wish.id}", "cat_colleague")
        self.assertEqual(response.status_code, 404)
        self.assertNotIn("pony", response.text.lower())

    def test_twice_is_once(self):
        for _time in range(2):
            self.post("/spoc/ask", {"description": "A pony"})
        self.assertEqual(len(self.wishes()), 1)

    def test_nothing_typed_is_lost(self):
        long = "A pony & a <b>cart</b> " * 200
        response = self.post("/spoc/ask", {"description": long, "searched": "pony"})
        self.assertShown(response, "no more than 2000 characters", 'value="pony"')
        self.assertIn("A pony &amp; a &lt;b&gt;cart&lt;/b&gt;", response.text)
        self.assertIn('aria-invalid="true"', response.text)
        self.assertFalse(self.wishes())

    def test_by_script(self):
        scripted = {"headers": {"X-Requested-With": "spoc"}}
        response = self.post("/spoc/ask", {"description": "  "}, **scripted)
        self.assertEqual(
            response.json(), {"errors": {"description": "Please say what you need."}}
        )
        response = self.post("/spoc/ask", {"description": "A pony"}, **scripted)
        self.assertEqual(
            response.json(), {"redirect": f"/spoc/wish/{self.wishes().id}?said=thanks"}
        )

    def test_markup_is_text(self):
        response = self.post(
            "/spoc/ask", {"description": "<script>alert(1)</script> pony"}
        )
        self.assertNotIn("<script>alert(1)", response.text)

    def test_answered(self):
        self.post("/spoc/ask", {"description": "The lamp"})
        wish = self.wishes()
        wish.write(
            {"service_id": self.open_service.id, "answer": "It was here all along."}
        )
        wish.state = "answered"
        response = self.get(f"/spoc/wish/{wish.id}")
        self.assertShown(response, "It was here all along.", "Broken lamp")
        self.open_service.audience_ids = self._audience("employees", self.works)
        response = self.get(f"/spoc/wish/{wish.id}")
        self.assertShown(response, "It was here all along.")
        self.assertNotIn("Broken lamp", response.text)

    def test_not_without_a_token(self):
        self.authenticate("cat_requester", "cat_requester")
        with mute_logger("odoo.http"):
            response = self.url_open("/spoc/ask", data={"description": "A pony"})
        self.assertEqual(response.status_code, 400)
        self.assertFalse(self.wishes())
