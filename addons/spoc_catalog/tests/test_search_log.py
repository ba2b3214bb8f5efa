"""The way from the first search to the request, without telling who went it."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged, users

from .common import CatalogCase

CLOSED = ("requester", "customer", "agent", "stranger", "unplaced")
OPEN = ("manager", "editor", "administrator")


@tagged("post_install", "-at_install")
class TestSearchLog(CatalogCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Log = cls.env["spoc.search.log"]
        cls.Log.search([]).unlink()

    def log(self, user=None):
        return self.Log.with_user(user or self.requester)

    # ---- what must not be ----

    def test_closed_to_those_who_search(self):
        row = self.log()._spoc_log_search("lamp", 1)
        for name in CLOSED:
            user = getattr(self, name)
            for model in (self.Log, self.env["spoc.search.report"]):
                with self.subTest(name, model=model), self.assertRaises(AccessError):
                    model.with_user(user).search([])
        for name in OPEN:
            user = getattr(self, name)
            self.assertIn(row.id, self.Log.with_user(user).search([]).ids)
            self.assertTrue(self.env["spoc.search.report"].with_user(user).search([]))

    def test_nobody_writes_it_by_hand(self):
        row = self.log()._spoc_log_search("lamp", 1)
        for name in CLOSED + OPEN:
            mine = self.Log.with_user(getattr(self, name))
            with self.subTest(name), self.assertRaises(AccessError):
                mine.create({"source": "browse", "outcome": "asked"})
            with self.subTest(name), self.assertRaises(AccessError):
                mine.browse(row.id).write({"words": "mine"})
            with self.subTest(name), self.assertRaises(AccessError):
                mine.browse(row.id).unlink()

    def test_nobody_is_named(self):
        row = self.log()._spoc_log_search("ask anna@example.com", 1)
        self.env.flush_all()
        self.env.cr.execute("SELECT * FROM spoc_search_log WHERE id = %s", [row.id])
        (stored,) = self.env.cr.dictfetchall()
        self.assertNotIn("create_uid", stored)
        self.assertNotIn("write_uid", stored)
        texts = " ".join(str(value) for value in stored.values())
        for private in (self.requester.login, self.requester.name, "anna"):
            self.assertNotIn(private, texts)
        # Nor is the mark for those who read the reports.
        for name in ("manager", "editor"):
            with self.assertRaises(AccessError):
                row.with_user(getattr(self, name)).read(["way"])

    def test_companies_do_not_mix(self):
        row = self.log()._spoc_log_search("lamp", 1)
        row.company_id = self.env["res.company"].create({"name": "Elsewhere"})
        self.env.flush_all()
        for model in (self.Log, self.env["spoc.search.report"]):
            self.assertFalse(model.with_user(self.manager).search([]))

    # ---- the way ----

    def test_from_search_to_request(self):
        service = self.open_service
        with freeze_time("2026-11-24 10:00:00") as clock:
            first = self.log()._spoc_log_search("Lmap", 0)
            self.assertEqual(first.outcome, "nothing")
            clock.tick(timedelta(seconds=20))
            row = self.log()._spoc_log_search("lamp", 3)
            self.assertEqual((row.outcome, row.found_count), ("left", 1))
            clock.tick(timedelta(seconds=10))
            self.log()._spoc_log_opened(service, position=2)
            self.assertEqual(row.outcome, "opened")
            clock.tick(timedelta(seconds=15))
            self.log()._spoc_log_begun(service)
            self.assertEqual(row.outcome, "begun")
            clock.tick(timedelta(seconds=30))
            self.log()._spoc_log_submitted(service)
        self.assertRecordValues(
            row,
            [
                {
                    "outcome": "asked",
                    "service_id": service.id,
                    "opened_model": "spoc.service",
                    "opened_id": service.id,
                    "position": 2,
                    "opened_count": 1,
                    "begun_count": 1,
                    "asked_count": 1,
                    "article_count": 0,
                    "tries": 2,
                    "click_count": 4,
                    "seconds": 75,
                }
            ],
        )
        self.assertEqual(first.outcome, "nothing")
        # The way is over: what comes next begins another.
        after = self.log()._spoc_log_search("lamp", 3)
        self.assertNotEqual(after, row)
        self.assertEqual(after.tries, 1)

    def test_a_suggestion_taken_is_one_row(self):
        row = self.log()._spoc_log_opened(self.open_service, "lam", 4, 1)
        self.assertRecordValues(
            row,
            [
                {
                    "source": "suggestion",
                    "words": "lam",
                    "result_count": 4,
                    "position": 1,
                    "outcome": "opened",
                    "click_count": 1,
                }
            ],
        )
        self.assertEqual(self.Log.search_count([]), 1)

    def test_looking_around_is_a_way_too(self):
        row = self.log()._spoc_log_opened(self.open_service)
        self.assertRecordValues(
            row, [{"source": "browse", "words": False, "outcome": "opened"}]
        )
        self.log()._spoc_log_submitted(self.open_service)
        self.assertEqual(row.outcome, "asked")

    def test_the_same_again_is_no_step(self):
        row = self.log()._spoc_log_search("lamp", 3)
        self.assertEqual(self.log()._spoc_log_search(" LAMP ", 3), row)
        self.log()._spoc_log_opened(self.open_service)
        clicks = row.click_count
        self.log()._spoc_log_opened(self.open_service)
        # Back to the results, by the browser's own button.
        self.assertEqual(self.log()._spoc_log_search("lamp", 3), row)
        self.assertEqual(row.click_count, clicks)

    def test_a_pause_ends_a_way(self):
        with freeze_time("2026-11-24 10:00:00") as clock:
            row = self.log()._spoc_log_search("lamp", 3)
            clock.tick(timedelta(minutes=31))
            other = self.log()._spoc_log_opened(self.open_service)
        self.assertNotEqual(other, row)
        self.assertEqual(other.source, "browse")

    def test_people_do_not_mix(self):
        row = self.log()._spoc_log_search("lamp", 3)
        other = self.log(self.customer)._spoc_log_submitted(self.open_service)
        self.assertNotEqual(other, row)
        self.assertEqual(row.outcome, "left")

    def test_free_words_end_the_way(self):
        row = self.log()._spoc_log_search("lamp", 0)
        self.log()._spoc_log_submitted(self.env["spoc.service"])
        self.assertRecordValues(
            row, [{"outcome": "wished", "asked_count": 1, "service_id": False}]
        )

    def test_nothing_is_no_search(self):
        for nothing in ("", "  ", None, 7):
            self.assertFalse(self.log()._spoc_log_search(nothing, 3))

    @users("cat_requester")
    def test_cost(self):
        log = self.env["spoc.search.log"]
        log._spoc_log_search("warm", 1)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(2):
            log._spoc_log_search("lamp", 3)
            self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(2):
            log._spoc_log_opened(self.open_service)
            self.env.flush_all()

    # ---- forgetting ----

    def test_the_salt_lives_a_day(self):
        with freeze_time("2026-11-24 23:59:00"):
            salt = self.log()._get_salt()
            self.assertEqual(self.log()._get_salt(), salt)
        with freeze_time("2026-11-25 00:01:00"):
            self.assertNotEqual(self.log()._get_salt(), salt)

    def test_marks_and_rows_go(self):
        with freeze_time("2026-11-20 10:00:00"):
            row = self.log()._spoc_log_search("lamp", 3)
            self.assertEqual(self.Log._gc_ways(), (0, False))
        with freeze_time("2026-11-21 10:00:00"):
            self.assertEqual(self.Log._gc_ways(), (1, False))
            self.assertFalse(row.way)
            self.assertEqual(self.Log._gc_rows(), (0, False))
        set_param = self.env["ir.config_parameter"].set_param
        for odd in ("x", "-5", ""):
            set_param("spoc_catalog.search_log_days", odd)
            with freeze_time("2026-12-21 10:00:00"):
                self.assertEqual(self.Log._gc_rows(), (0, False), odd)
        set_param("spoc_catalog.search_log_days", "30")
        with freeze_time("2026-12-21 10:00:00"):
            self.assertEqual(self.Log._gc_rows(), (1, False))
        self.assertFalse(row.exists())

    # ---- reports ----

    def test_words_put_together(self):
        for user in (self.requester, self.customer):
            self.log(user)._spoc_log_search("lamp", 0)
        self.log(self.colleague)._spoc_log_search("Lamp", 2)
        self.log(self.unplaced)._spoc_log_opened(self.open_service, "lamp", 2, 1)
        self.log(self.agent)._spoc_log_opened(self.open_service)
        line = self.env["spoc.search.report"].with_user(self.editor).search([])
        self.assertRecordValues(
            line,
            [
                {
                    "words": "lamp",
                    "times": 4,
                    "nothing_count": 2,
                    "left_count": 1,
                    "opened_count": 1,
                    "asked_count": 0,
                }
            ],
        )
        action = line.action_open_searches()
        self.assertEqual(self.Log.search_count(action["domain"]), 4)

    def test_asked_counts(self):
        other = self._service("Torch")
        for user in (self.requester, self.customer):
            self.log(user)._spoc_log_opened(self.open_service)
        self.env["spoc.service"]._cron_count_asked()
        alone = not self.env.ref("base.module_spoc_catalog").downstream_dependencies()
        if alone:
            self.assertEqual((self.open_service | other).mapped("asked_count"), [2, 0])
        self.Log.search([]).date = fields.Datetime.now() - timedelta(days=100)
        self.env["spoc.service"]._cron_count_asked()
        self.assertEqual(self.open_service.asked_count, 0)
