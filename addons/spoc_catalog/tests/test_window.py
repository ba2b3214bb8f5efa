"""Pages of the window: what they show, and to whom."""

import re
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tests.common import HOST
from odoo.tools import SQL

from .window_common import WindowCase


@tagged("post_install", "-at_install")
class TestWindow(WindowCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.open_service.write(
            {
                "description": "<p>We come with a <b>ladder</b>.</p>",
                "conditions": "- The room\n\n• Your name",
                "is_featured": True,
            }
        )
        cls.sales_service = cls._service(
            "Fast car", audience_ids=cls._audience("employees", cls.sales).ids
        )

    def test_signed_out(self):
        response = self.url_open("/spoc", allow_redirects=False)
        self.assertEqual(response.status_code, 303)
        self.assertIn("/web/login", response.headers["Location"])

    def test_home(self):
        response = self.get("/spoc")
        self.assertShown(response, "How can we help", "Machines", "Broken lamp", "Help")
        self.assertNotIn("Secret plan", response.text)
        # A desk that offers this person nothing is no place to turn to.
        self.assertNotIn("House", response.text)
        customer = self.get("/spoc", "cat_customer")
        self.assertShown(customer, "Broken lamp")
        self.assertNotIn("Fast car", customer.text)

    def test_own_language_after_signing_in(self):
        self.env["res.lang"]._activate_lang("sv_SE")
        self.requester.lang = "sv_SE"
        self.requester.password = "cat_requester"
        # What the scripts of the sign-in page settle on, before anyone signed in.
        self.opener.cookies.set("frontend_lang", "en_US", domain=HOST)
        page = self.url_open("/web/login")
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]
        self.url_open(
            "/web/login",
            data={
                "login": "cat_requester",
                "password": "cat_requester",
                "csrf_token": token,
                "redirect": "/spoc",
            },
        )
        page = self.url_open("/spoc")
        self.assertIn('lang="sv-SE"', page.text)
        self.assertTrue(page.url.endswith("/sv/spoc"), page.url)

    def test_empty_home(self):
        self.env["spoc.service"].search([]).action_retire()
        response = self.get("/spoc", "cat_customer")
        self.assertShown(response, "Nothing is offered here yet")

    def test_service(self):
        response = self.get(f"/spoc/service/{self.open_service.id}", "cat_customer")
        self.assertShown(
            response,
            "<b>ladder</b>",
            "The room",
            "First answer within 4 working hours",
            "Ask now: ",
            "mailto:help@spoc.example",
            'id="spoc_service_ask"',
            "Works",
        )
        self.assertNotIn("not published", response.text)

    def test_inner_note_is_for_the_desk_only(self):
        self.open_service.inner_note = "<p>Key under the mat</p>"
        for login in ("cat_customer", "cat_requester", "cat_stranger"):
            response = self.get(f"/spoc/service/{self.open_service.id}", login)
            self.assertNotIn("under the mat", response.text)

    def test_audience_in_words(self):
        response = self.get(f"/spoc/service/{self.sales_service.id}")
        self.assertShown(response, "Employees of Sales and below")
        self.sales_service.audience_ids |= self._audience("customers")
        response = self.get(f"/spoc/service/{self.sales_service.id}", "cat_customer")
        self.assertShown(response, "Fast car")
        self.assertNotIn("Employees of Sales", response.text)

    def test_what_is_hidden_looks_like_what_is_gone(self):
        gone = self.get("/spoc/service/99999999", "cat_customer")
        hidden = self.get(f"/spoc/service/{self.sales_service.id}", "cat_customer")
        draft = self.get(f"/spoc/service/{self.draft_service.id}", "cat_customer")
        for response in (gone, hidden, draft):
            self.assertEqual(response.status_code, 404)
            self.assertIn("cannot find this page", response.text)
            self.assertIn("spoc_q", response.text)
        for name in ("Fast car", "Secret plan"):
            self.assertNotIn(name, hidden.text + draft.text)
        self.assertEqual(self.get("/spoc/desk/99999999").status_code, 404)
        self.assertEqual(self.get("/spoc/category/99999999").status_code, 404)
        for odd in ("/spoc/nothing", "/spoc/service/abc", "/spoc/desk/1/2/3"):
            response = self.get(odd)
            self.assertEqual(response.status_code, 404)
            self.assertIn("We cannot find this page for you", response.text)

    def test_preview_of_a_draft(self):
        response = self.get(f"/spoc/service/{self.draft_service.id}", "cat_agent")
        self.assertShown(response, "Secret plan", "not published")

    def test_category(self):
        below = self.env["spoc.category"].create(
            {"name": "Small machines", "parent_id": self.category.id}
        )
        self._service("Torch", category_id=below.id)
        response = self.get(f"/spoc/category/{self.category.id}")
        self.assertShown(response, "Broken lamp", "Small machines")
        response = self.get(f"/spoc/category/{below.id}")
        self.assertShown(response, "Torch", f"/spoc/category/{self.category.id}")

    def test_all_services_leaves_none_out(self):
        self._service("Without shelf", category_id=False)
        response = self.get("/spoc/services")
        self.assertShown(response, "Broken lamp", "Fast car", "Without shelf")
        self.assertNotIn("Fast car", self.get("/spoc/services", "cat_customer").text)

    def test_desk(self):
        response = self.get(f"/spoc/desk/{self.desk.id}", "cat_customer")
        self.assertShown(
            response,
            "mailto:help@spoc.example",
            "08:00–12:00, 13:00–17:00",
            "Stockholm (UTC",
            "Broken lamp",
        )
        self.assertNotIn("Fast car", response.text)
        self.desk.channel_ids.action_retire()
        response = self.get(f"/spoc/desk/{self.desk.id}", "cat_customer")
        self.assertNotIn("help@spoc.example", response.text)

    def test_search(self):
        response = self.get("/spoc/search?q=lamp")
        self.assertShown(
            response, f"/spoc/service/{self.open_service.id}", "Light again"
        )
        response = self.get("/spoc/search?q=<script>alert(1)</script>")
        self.assertShown(response, "Nothing found")
        self.assertNotIn("<script>alert(1)", response.text)
        self.assertShown(self.get("/spoc/search"), "in your own words")
        response = self.get("/spoc/search?q=fast+car", "cat_customer")
        self.assertNotIn(f"/spoc/service/{self.sales_service.id}", response.text)

    def test_suggestions(self):
        self.authenticate("cat_requester", "cat_requester")
        result = self.make_jsonrpc_request("/spoc/suggest", {"text": "bro"})
        self.assertEqual(
            result["sections"],
            [
                {
                    "key": "services",
                    "title": "Services",
                    "items": [
                        {
                            "title": "Broken lamp",
                            "summary": "Light again",
                            "url": f"/spoc/service/{self.open_service.id}",
                            "icon": "fa-folder-open-o",
                        }
                    ],
                }
            ],
        )
        for odd in ("", None, 5, ["x"], "secret plan"):
            result = self.make_jsonrpc_request("/spoc/suggest", {"text": odd})
            self.assertEqual(result["sections"], [], odd)

    def test_portal_card(self):
        response = self.get("/my/home", "cat_customer")
        self.assertShown(response, 'href="/spoc"', "Ask for help")

    def test_query_counts(self):
        """Pinned for whole warm requests, with 50 services and with 5,000."""
        self.authenticate("cat_requester", "cat_requester")
        pages = {
            # One is for the facts of the person, see spoc.audience.
            "/spoc": 7,
            f"/spoc/service/{self.open_service.id}": 8,
            f"/spoc/desk/{self.desk.id}": 18,
            # One of them wakes the job that puts the steps together.
            "/spoc/search?q=broken+la": 12,
            # Enough begins as typed, and who types is trusted for a moment.
            "suggest": 0,
        }
        # Addons above add their part to the pages, and pin it themselves.
        alone = not self.env.ref("base.module_spoc_catalog").downstream_dependencies()
        before = {}
        # The first page shows what was opened before, and the first search of a day
        # makes the day's secret.
        self.opened(self.open_service)
        self._count("/spoc/search?q=broken+la")
        self._count("/spoc")
        moment = patch("odoo.addons.spoc_catalog.models.spoc_window_offer.TRUST", 1e9)
        self.startPatcher(moment)
        self._make_some()
        for size in (50, 5000):
            self._grow(size)
            for page, most in pages.items():
                self._count(page)
                count = self._count(page)
                with self.subTest(page, size=size):
                    self.assertLessEqual(count, before.setdefault(page, count))
                    if alone:
                        self.assertEqual(count, most)

    def test_who_types_is_looked_up_again(self):
        window = "odoo.addons.spoc_catalog.models.spoc_window_offer"
        clock = self.startPatcher(patch(f"{window}.time.monotonic", return_value=1e6))
        employee = self.requester.employee_id
        elsewhere = self.env["hr.department"].create({"name": "Elsewhere"})
        title = self.sales_service.name
        self.assertTrue(self._suggested(title))
        employee.department_id = elsewhere
        self.env.flush_all()
        # What opens is judged at once.
        self.assertFalse(self.sales_service.with_user(self.requester).is_seen_by_me)
        clock.return_value += 6
        self.assertFalse(self._suggested(title))

    def _suggested(self, title):
        window = self.env["spoc.window"].with_user(self.requester)
        sections = window.with_context(spoc_typing=True)._spoc_search_sections(title)
        titles = [item["title"] for one in sections for item in one["items"]]
        return title in titles

    def _count(self, page):
        start = self.env.cr.sql_log_count
        if page == "suggest":
            self.make_jsonrpc_request("/spoc/suggest", {"text": "broken la"})
        else:
            self.assertEqual(self.url_open(page).status_code, 200)
        return self.env.cr.sql_log_count - start

    def _grow(self, size):
        """Bring the catalogue to so many services the person sees.

        Most are rows copied by SQL: it is their number that counts.
        """
        seen = [("state", "=", "published"), ("is_seen_by_me", "=", True)]
        mine = self.env["spoc.service"].with_user(self.requester)
        self.env.flush_all()
        Service, rest = self.env["spoc.service"], size - mine.search_count(seen)
        names = [
            name
            for name, field in Service._fields.items()
            if field.store and field.column_type and name not in ("id", "origin_ref")
        ]
        columns = [SQL.identifier(name) for name in names]
        self.env.cr.execute(
            SQL(
                "WITH models AS ("
                " SELECT id, row_number() OVER (ORDER BY id) AS place"
                " FROM spoc_service WHERE id = ANY(%(models)s)"
                "), made AS MATERIALIZED ("
                " SELECT nextval('spoc_service_id_seq') AS id, models.id AS model"
                " FROM generate_series(0, %(rest)s - 1) AS number"
                " JOIN models ON place = 1 + number %% %(count)s"
                "), services AS ("
                " INSERT INTO spoc_service (id, %(columns)s)"
                " SELECT made.id, %(columns)s FROM made"
                " JOIN (SELECT id AS model, %(columns)s FROM spoc_service) AS model"
                " USING (model))"
                " INSERT INTO spoc_service_audience_rel (service_id, audience_id)"
                " SELECT made.id, audience_id FROM made"
                " JOIN spoc_service_audience_rel AS rel ON rel.service_id = model",
                columns=SQL(", ").join(columns),
                models=mine.search(seen, order="id").ids,
                rest=rest,
                count=size - rest,
            )
        )
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        self.env.cr.execute("ANALYZE spoc_service")
        self.assertEqual(mine.search_count(seen), size)

    def _make_some(self):
        """Categories, desks, audiences: a little of everything there is."""
        for number in range(10):
            category = self.env["spoc.category"].create({"name": f"C{number}"})
            desk = self.desk.copy({"name": f"D{number}"})
            self._service(
                f"Broken thing {number}",
                category_id=category.id,
                desk_id=desk.id,
                audience_ids=self._audience("employees", self.sales).ids,
            )
            self._service(f"Broken lamp {number}")
