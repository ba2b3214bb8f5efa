"""Ways to look through the catalogue."""

import re

from odoo.fields import Command
from odoo.tests import tagged

from .window_common import WindowCase


@tagged("post_install", "-at_install")
class TestWindowViews(WindowCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sales_service = cls._service(
            "Fast car",
            audience_ids=cls._audience("employees", cls.sales).ids,
            department_id=cls.sales.id,
        )
        Facet = cls.env["spoc.facet"]
        cls.facet = Facet.create({"name": "Situation", "description": "What happened?"})
        cls.other_facet = Facet.create({"name": "Place"})
        Value = cls.env["spoc.facet.value"]
        cls.value = Value.create({"name": "New here", "facet_id": cls.facet.id})
        cls.below = Value.create(
            {
                "name": "First day",
                "facet_id": cls.facet.id,
                "parent_id": cls.value.id,
            }
        )
        cls.inner = Value.create({"name": "On the road", "facet_id": cls.facet.id})
        cls.open_service.facet_value_ids = cls.below
        cls.sales_service.facet_value_ids = cls.inner

    # ---- what must not be seen ----

    def test_only_what_is_offered(self):
        self.sales_service.asked_count = self.open_service.asked_count = 3
        for path in (
            "/spoc",
            "/spoc/topics",
            f"/spoc/category/{self.category.id}",
            "/spoc/departments",
            f"/spoc/department/{self.works.id}",
            "/spoc/services",
            "/spoc/services?letter=F",
            "/spoc/popular",
            "/spoc/mine",
            "/spoc/desks",
            f"/spoc/facets/{self.facet.id}",
            f"/spoc/facet/{self.value.id}",
        ):
            response = self.get(path, "cat_customer")
            with self.subTest(path):
                self.assertEqual(response.status_code, 200)
                self.assertHidden(
                    response, "Fast car", "Secret plan", "On the road", ">Sales<"
                )

    def test_what_offers_nothing_is_not_there(self):
        for path in (
            f"/spoc/department/{self.sales.id}",
            f"/spoc/department/{self.export.id}",
            "/spoc/department/99999999",
            "/spoc/facets/99999999",
            "/spoc/facet/99999999",
            "/spoc/category/99999999",
            "/spoc/wish/99999999",
        ):
            response = self.get(path, "cat_customer")
            with self.subTest(path):
                self.assertEqual(response.status_code, 404)
                self.assertHidden(response, "Sales", "Export")
        self.assertShown(self.get(f"/spoc/department/{self.sales.id}"), "Fast car")

    def test_signed_out(self):
        for path in ("topics", "services", "mine", "ask", "popular", "desks"):
            response = self.url_open(f"/spoc/{path}", allow_redirects=False)
            self.assertIn("/web/login", response.headers.get("Location", ""), path)

    # ---- the ways ----

    def test_tabs(self):
        response = self.get("/spoc/topics")
        tabs = re.search(
            r'<nav[^>]*aria-label="Ways to look".*?</nav>', response.text, re.S
        )
        for path in (
            "/spoc/topics",
            f"/spoc/facets/{self.facet.id}",
            f"/spoc/facets/{self.other_facet.id}",
            "/spoc/departments",
            "/spoc/services",
            "/spoc/popular",
            "/spoc/mine",
            "/spoc/desks",
        ):
            self.assertIn(f'href="{path}"', tabs[0])
        self.assertEqual(tabs[0].count("aria-current"), 1)

    def test_titles_and_headings(self):
        for path, title in (
            ("/spoc", "Service window"),
            ("/spoc/topics", "Topics | Service window"),
            ("/spoc/services", "All services from A to Z | Service window"),
            (f"/spoc/department/{self.works.id}", "Works | Service window"),
            (f"/spoc/facet/{self.value.id}", "New here | Service window"),
            ("/spoc/search?q=lamp", "Search results | Service window"),
            ("/spoc/ask", "Ask in your own words | Service window"),
            (f"/spoc/service/{self.open_service.id}", "Broken lamp | Service window"),
        ):
            text = self.get(path).text
            with self.subTest(path):
                found = re.search(r"<title>(.*?)</title>", text)[1]
                # With a website its name follows.
                self.assertTrue(found.startswith(title), found)
                levels = [int(level) for level in re.findall(r"<h([1-6])\b", text)]
                self.assertEqual(levels.count(1), 1)
                self.assertEqual(levels[0], 1)
                for before, level in zip(levels, levels[1:], strict=False):
                    self.assertLessEqual(level, before + 1, levels)
                self.assertIn('href="#wrap"', text)
                self.assertIn("<main", text)

    def test_departments(self):
        response = self.get("/spoc/departments", "cat_customer")
        self.assertShown(response, "Works", f"/spoc/department/{self.works.id}")
        # The desk's department stands in where the service names none.
        response = self.get(f"/spoc/department/{self.works.id}", "cat_customer")
        self.assertShown(response, "Broken lamp", "/spoc/departments")

    def test_facets(self):
        response = self.get(f"/spoc/facets/{self.facet.id}")
        self.assertShown(response, "What happened?", "New here", "On the road")
        self.assertHidden(response, "First day")
        response = self.get(f"/spoc/facet/{self.value.id}")
        self.assertShown(response, "First day", "Broken lamp")
        response = self.get(f"/spoc/facet/{self.below.id}")
        self.assertShown(
            response,
            "Broken lamp",
            f"/spoc/facets/{self.facet.id}",
            f"/spoc/facet/{self.value.id}",
        )
        response = self.get(f"/spoc/facets/{self.other_facet.id}")
        self.assertShown(response, "Nothing is offered here for you")

    def test_letters(self):
        self.env["res.lang"]._activate_lang("sv_SE")
        for name in ("Zoo", "Åka buss", "Ärende", "Öppna dörr", "2 dagar"):
            self._service(name)
        names = ["2 dagar", "Broken lamp", "Zoo", "Åka buss", "Ärende", "Öppna dörr"]
        self.customer.lang = "sv_SE"
        text = self.get("/spoc/services", "cat_customer").text
        places = [text.index(f">{name}<") for name in names]
        self.assertEqual(places, sorted(places))
        text = self.get("/spoc/services?letter=Å", "cat_customer").text
        self.assertIn("Åka buss", text)
        self.assertNotIn("Ärende", text)
        # For an English reader it is an A.
        text = self.get("/spoc/services?letter=A").text
        self.assertIn("Åka buss", text)
        # A letter there is none of: everything.
        for odd in ("Q", "%00", "'", "<b>"):
            response = self.get(f"/spoc/services?letter={odd}")
            self.assertShown(response, "Zoo", "Broken lamp")

    def test_pages(self):
        self._many(60)
        for path in (
            "/spoc/services",
            f"/spoc/category/{self.category.id}",
            f"/spoc/department/{self.works.id}",
        ):
            first, last = self.get(path), self.get(f"{path}?page=2")
            with self.subTest(path):
                self.assertShown(first, "Page 1 of 2", "page=2")
                self.assertShown(last, "Page 2 of 2", "page=1")
                seen = [
                    re.findall(r"/spoc/service/(\d+)", r.text) for r in (first, last)
                ]
                self.assertEqual(len(seen[0]), 40)
                self.assertFalse(set(seen[0]) & set(seen[1]))
            for odd in ("0", "-1", "x", "99999999999999999999", "²", ""):
                response = self.get(f"{path}?page={odd}")
                self.assertEqual(response.status_code, 200, odd)

    def test_most_asked(self):
        self.assertShown(self.get("/spoc/popular"), "Nothing has been asked for yet")
        self._service("Torch").asked_count = 7
        self.open_service.asked_count = 2
        text = self.get("/spoc/popular").text
        self.assertLess(text.index("Torch"), text.index("Broken lamp"))
        self.assertNotIn("Fast car", text)

    def test_used_by_me(self):
        self.authenticate("cat_requester", "cat_requester")
        self.assertShown(self.url_open("/spoc/mine"), "so that you find it again")
        for service in (self.open_service, self.sales_service):
            self.opened(service)
        text = self.url_open("/spoc/mine").text
        self.assertLess(text.index("Fast car"), text.index("Broken lamp"))
        self.assertIn("Used by you lately", self.url_open("/spoc").text)
        # What is no longer offered is not kept in sight.
        self.sales_service.action_retire()
        self.assertNotIn("Fast car", self.url_open("/spoc/mine").text)
        # Signing in as another person shows nothing of it.
        self.assertNotIn("Broken lamp", self.get("/spoc/mine", "cat_colleague").text)

    # ---- cost ----

    def _many(self, count):
        self.env["spoc.service"].create(
            [
                {
                    "name": f"Thing {number}",
                    "desk_id": self.desk.id,
                    "category_id": self.category.id,
                    "state": "published",
                    "asked_count": 1,
                    "facet_value_ids": [Command.link(self.value.id)],
                }
                for number in range(count)
            ]
        )

    def test_cost_does_not_grow(self):
        pages = [
            "/spoc",
            "/spoc/topics",
            f"/spoc/category/{self.category.id}",
            "/spoc/departments",
            f"/spoc/department/{self.works.id}",
            f"/spoc/facets/{self.facet.id}",
            f"/spoc/facet/{self.value.id}",
            "/spoc/services",
            "/spoc/popular",
            "/spoc/mine",
            "/spoc/desks",
            "/spoc/search?q=thing",
            f"/spoc/service/{self.open_service.id}",
        ]
        self.authenticate("cat_requester", "cat_requester")
        # Used before, so that its links are on the pages at all times.
        self.url_open(f"/spoc/service/{self.open_service.id}")
        self._many(50)
        small = {page: self._cost(page) for page in pages}
        self._many(450)
        for page in pages:
            queries, size = self._cost(page)
            with self.subTest(page):
                self.assertLessEqual(queries, small[page][0])
                self.assertLess(size, small[page][1] * 1.1)

    def _cost(self, page):
        """Queries and bytes of a warm page."""
        self.url_open(page)
        start = self.env.cr.sql_log_count
        response = self.url_open(page)
        self.assertEqual(response.status_code, 200)
        return self.env.cr.sql_log_count - start, len(response.content)
