"""What a service offers and costs, and when it is read again."""

from datetime import date

from freezegun import freeze_time

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import CatalogCase


@tagged("post_install", "-at_install")
class TestOffer(CatalogCase):
    def test_price_in_words(self):
        service = self.open_service
        service.currency_id = self.env.ref("base.USD")
        self.assertEqual(service.price_text, "")
        service.price_kind = "free"
        self.assertEqual(service.price_text, "Free of charge")
        service.write({"price_kind": "fixed", "price": 12.5})
        self.assertEqual(service.price_text, "$\xa012.50")
        service.write({"price_kind": "from", "price_unit": "per month"})
        self.assertEqual(service.price_text, "From $\xa012.50 per month")
        with self.assertRaises(ValidationError):
            service.price_kind = "free"

    def test_addresses(self):
        service = self.open_service
        for url in ("https://spoc.example/a?b=c", "/spoc/desk/1", "http://x.example"):
            service.information_url = url
        for url in (
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "data:text/html,x",
            "//",
            "spoc.example",
            "https://",
            "/\\evil.example",
            "https://a b",
            "http://[::1",
        ):
            with self.subTest(url), self.assertRaises(ValidationError):
                service.information_url = url

    def test_information_shows_three_things_of_the_contact(self):
        self.open_service.information_contact_id = self.manager.partner_id
        for name in ("customer", "requester"):
            told = self.open_service.with_user(getattr(self, name))
            self.assertEqual(
                told._spoc_information(),
                {
                    "text": "",
                    "url": "",
                    "name": "Manager",
                    "email": "cat_manager@spoc.example",
                    "phone": "",
                },
            )

    def test_related_to_itself(self):
        with self.assertRaises(ValidationError):
            self.open_service.related_ids = self.open_service

    def test_query_count_of_a_list(self):
        names = ["name", "price_text", "deviation", "facet_value_ids", "is_changed"]
        services = self.env["spoc.service"].browse()
        for number in range(30):
            services |= self._service(
                f"S{number}", price_kind="fixed", price=number, state="draft"
            )
        services[:3].with_user(self.editor).read(names)
        for count in (3, 30):
            self.env.invalidate_all()
            with self.assertQueryCount(14):
                services[:count].with_user(self.editor).read(names)


@tagged("post_install", "-at_install")
class TestReview(CatalogCase):
    def test_publishing_is_a_review(self):
        self.draft_service.summary = "Plan"
        with freeze_time("2026-01-12 10:00:00"):
            self.draft_service.with_user(self.editor).action_publish()
        self.assertEqual(self.draft_service.review_date, date(2027, 1, 12))
        self.assertEqual(self.draft_service.reviewed_on, date(2026, 1, 12))

    @freeze_time("2026-01-12 10:00:00")
    def test_owners_are_asked_once(self):
        service = self.open_service
        service.write({"owner_id": self.editor.id, "review_date": "2026-01-12"})
        later = self._service("Later", owner_id=self.editor.id)
        later.review_date = "2026-01-13"
        Service = self.env["spoc.service"]
        Service._cron_review()
        Service._cron_review()
        self.assertEqual(service.activity_ids.user_id, self.editor)
        self.assertEqual(len(service.activity_ids), 1)
        self.assertFalse(later.activity_ids)
        service.with_user(self.editor).action_still_right()
        self.assertFalse(service.activity_ids)
        self.assertEqual(service.review_date, date(2027, 1, 12))

    @freeze_time("2026-01-12 10:00:00")
    def test_whoever_left_is_not_asked(self):
        self.open_service.write(
            {"owner_id": self.editor.id, "review_date": "2026-01-01"}
        )
        self.editor.active = False
        self.env["spoc.service"]._cron_review()
        self.assertEqual(self.open_service.activity_ids.user_id, self.manager)
        self.desk.manager_id = False
        self.open_service.activity_ids.unlink()
        self.env["spoc.service"]._cron_review()
        self.assertFalse(self.open_service.activity_ids)

    def test_months(self):
        with self.assertRaises(ValidationError):
            self.open_service.review_months = -1
        self.open_service.review_months = 0
        self.open_service.action_still_right()
        self.assertFalse(self.open_service.review_date)
