"""The page of a service, as different people see it."""

from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common import CatalogScene


@tagged("post_install", "-at_install")
class TestServicePage(CatalogScene, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_scene()
        facet = cls.env["spoc.facet"].create({"name": "Place"})
        cls.value = cls.env["spoc.facet.value"].create(
            {"name": "Attic", "facet_id": facet.id}
        )
        cls.other = cls._service("Candles")
        cls.open_service.write(
            {
                "outcome": "- A bulb\n- A ladder",
                "conditions": "The room number",
                "price_kind": "free",
                "price_note": "Even at night",
                "information": "Ask at the gate",
                "information_url": "/spoc/desks",
                "information_contact_id": cls.manager.partner_id.id,
                "facet_value_ids": [Command.set(cls.value.ids)],
                "related_ids": [Command.set((cls.other | cls.draft_service).ids)],
                "inner_note": "<p>Key under the mat</p>",
                "reviewed_on": "2026-01-12",
            }
        )

    def _get(self, user, service=None):
        self.authenticate(user.login, user.login)
        service = service or self.open_service
        return self.url_open(f"/spoc/service/{service.id}")

    def test_what_a_customer_reads(self):
        page = self._get(self.customer).text
        for text in (
            "A bulb",
            "A ladder",
            "The room number",
            "Free of charge",
            "Even at night",
            "Ask at the gate",
            "/spoc/desks",
            "cat_manager@spoc.example",
            "Attic",
            f"/spoc/facet/{self.value.id}",
            "Candles",
            "You may need, too",
            "Last reviewed on",
        ):
            self.assertIn(text, page)
        for text in ("Key under the mat", "Secret plan", "For the desk only"):
            self.assertNotIn(text, page)

    def test_inner_text_is_for_the_desk_and_editors(self):
        for user, sees in (
            (self.requester, False),
            (self.stranger, False),
            (self.agent, True),
            (self.editor, True),
        ):
            page = self._get(user).text
            self.assertEqual("Key under the mat" in page, sees, user.login)
            self.assertEqual("For the desk only" in page, sees, user.login)

    def test_texts_are_only_texts(self):
        self.open_service.write(
            {
                "outcome": "<script>steal()</script>",
                "price_note": "<img src=x onerror=steal()>",
                "information": "<b>bold</b>",
            }
        )
        page = self._get(self.customer).text
        self.assertNotIn("<script>steal", page)
        self.assertNotIn("<img src=x", page)
        self.assertNotIn("<b>bold</b>", page)

    def test_a_draft_and_a_retired_one(self):
        self.assertEqual(self._get(self.customer, self.draft_service).status_code, 404)
        self.assertEqual(self._get(self.agent, self.draft_service).status_code, 200)
        self.open_service.action_retire()
        self.assertEqual(self._get(self.requester).status_code, 404)

    def test_query_count_does_not_grow(self):
        window = self.env["spoc.window"].with_user(self.requester)
        service = self.open_service.with_user(self.requester)
        counts = []
        for number in range(2):
            for other in range(10 * number):
                self.open_service.related_ids |= self._service(f"More {other}")
                self.open_service.facet_value_ids |= self.value.create(
                    {"name": f"Part {other}", "facet_id": self.value.facet_id.id}
                )
            self.env.flush_all()
            # What is kept until the catalogue changes.
            window._prepare_service_values(service)
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            values = window._prepare_service_values(service)
            self.assertEqual(len(values["related"]), 1 + 10 * number)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])
