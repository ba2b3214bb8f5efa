"""The way from the first search to the request, without telling who went it."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged, users
from odoo.tools import SQL

from .common import CatalogCase
from .race_common import RaceChecks

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

    def rows(self):
        """The log with all steps in it, the first row first."""
        self.env["spoc.search.step"].search([])._spoc_fold()
        return self.Log.search([], order="id")

    def searched(self, *args, user=None):
        """The row a search comes to."""
        self.log(user)._spoc_log_search(*args)
        return self.rows()[-1:]

    # ---- what must not be ----

    def test_closed_to_those_who_search(self):
        row = self.searched("lamp", 1)
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
        row = self.searched("lamp", 1)
        for name in CLOSED + OPEN:
            mine = self.Log.with_user(getattr(self, name))
            with self.subTest(name), self.assertRaises(AccessError):
                mine.create({"source": "browse", "outcome": "asked"})
            with self.subTest(name), self.assertRaises(AccessError):
                mine.browse(row.id).write({"words": "mine"})
            with self.subTest(name), self.assertRaises(AccessError):
                mine.browse(row.id).unlink()

    def test_nobody_is_named(self):
        self.log()._spoc_log_search("ask anna@example.com", 1)
        self.assertUnnamed("spoc_search_step")
        row = self.rows()
        self.assertUnnamed("spoc_search_log")
        # Nor is the mark for those who read the reports.
        for name in ("manager", "editor"):
            with self.assertRaises(AccessError):
                row.with_user(getattr(self, name)).read(["way"])

    def assertUnnamed(self, table):
        self.env.flush_all()
        self.env.cr.execute(SQL("SELECT * FROM %s", SQL.identifier(table)))
        (stored,) = self.env.cr.dictfetchall()
        self.assertNotIn("create_uid", stored)
        self.assertNotIn("write_uid", stored)
        texts = " ".join(str(value) for value in stored.values())
        for private in (self.requester.login, self.requester.name, "anna"):
            self.assertNotIn(private, texts)

    def test_companies_do_not_mix(self):
        row = self.searched("lamp", 1)
        row.company_id = self.env["res.company"].create({"name": "Elsewhere"})
        self.env.flush_all()
        for model in (self.Log, self.env["spoc.search.report"]):
            self.assertFalse(model.with_user(self.manager).search([]))

    # ---- the way ----

    def test_from_search_to_request(self):
        service = self.open_service
        with freeze_time("2026-11-24 10:00:00") as clock:
            self.log()._spoc_log_search("Lmap", 0)
            clock.tick(timedelta(seconds=20))
            self.log()._spoc_log_search("lamp", 3)
            clock.tick(timedelta(seconds=10))
            self.log()._spoc_log_opened(service, position=2)
            clock.tick(timedelta(seconds=15))
            self.log()._spoc_log_begun(service)
            clock.tick(timedelta(seconds=30))
            self.log()._spoc_log_submitted(service)
            first, row = self.rows()
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
            after = self.searched("lamp", 3)
        self.assertNotEqual(after, row)
        self.assertEqual(after.tries, 1)

    def test_put_together_step_by_step(self):
        """However often steps are put together, it comes to the same."""
        service = self.open_service
        with freeze_time("2026-11-24 10:00:00") as clock:
            row = self.searched("lamp", 3)
            self.assertEqual((row.outcome, row.found_count), ("left", 1))
            clock.tick(timedelta(seconds=10))
            self.log()._spoc_log_opened(service, position=2)
            self.assertEqual(self.rows(), row)
            self.assertEqual((row.outcome, row.position), ("opened", 2))
            self.log()._spoc_log_begun(service)
            self.assertEqual(self.rows(), row)
            self.assertEqual(row.outcome, "begun")
            self.log()._spoc_log_submitted(service)
            self.assertEqual(self.rows(), row)
        self.assertEqual((row.outcome, row.seconds), ("asked", 10))
        self.assertEqual((row.click_count, row.tries), (3, 1))

    def fold(self):
        with self.enter_registry_test_mode():
            self.env.ref("spoc_catalog.ir_cron_fold_steps").method_direct_trigger()

    def test_steps_settle_first(self):
        step = self.env["spoc.search.step"]
        with freeze_time("2026-11-24 10:00:00") as clock:
            self.log()._spoc_log_search("lamp", 3)
            self.fold()
            self.assertFalse(self.Log.search([]))
            clock.tick(timedelta(seconds=61))
            self.log()._spoc_log_opened(self.open_service)
            self.fold()
            self.assertEqual(self.Log.search([]).outcome, "left")
            self.assertEqual(step.search([]).mapped("step"), ["opened"])
            clock.tick(timedelta(seconds=61))
            self.fold()
        self.assertEqual(self.Log.search([]).outcome, "opened")
        self.assertFalse(step.search([]))

    def test_a_service_deleted_meanwhile(self):
        service = self._service("Torch")
        self.log()._spoc_log_opened(service)
        number = service.id
        service.unlink()
        self.assertRecordValues(
            self.rows(),
            [{"outcome": "opened", "opened_id": number, "service_id": False}],
        )

    def test_a_suggestion_taken_is_one_row(self):
        self.log()._spoc_log_opened(self.open_service, "lam", 4, 1)
        self.assertRecordValues(
            self.rows(),
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

    def test_looking_around_is_a_way_too(self):
        self.log()._spoc_log_opened(self.open_service)
        row = self.rows()
        self.assertRecordValues(
            row, [{"source": "browse", "words": False, "outcome": "opened"}]
        )
        self.log()._spoc_log_submitted(self.open_service)
        self.assertEqual(self.rows(), row)
        self.assertEqual(row.outcome, "asked")

    def test_the_same_again_is_no_step(self):
        row = self.searched("lamp", 3)
        self.assertEqual(self.searched(" LAMP ", 3), row)
        self.log()._spoc_log_opened(self.open_service)
        clicks = self.rows().click_count
        self.log()._spoc_log_opened(self.open_service)
        # Back to the results, by the browser's own button.
        self.assertEqual(self.searched("lamp", 3), row)
        self.assertEqual(row.click_count, clicks)

    def test_a_pause_ends_a_way(self):
        with freeze_time("2026-11-24 10:00:00") as clock:
            row = self.searched("lamp", 3)
            clock.tick(timedelta(minutes=31))
            self.log()._spoc_log_opened(self.open_service)
        other = self.rows() - row
        self.assertEqual(other.source, "browse")

    def test_people_do_not_mix(self):
        row = self.searched("lamp", 3)
        self.log(self.customer)._spoc_log_submitted(self.open_service)
        other = self.rows() - row
        self.assertEqual((row.outcome, other.outcome), ("left", "asked"))

    def test_free_words_end_the_way(self):
        self.log()._spoc_log_search("lamp", 0)
        self.log()._spoc_log_submitted(self.env["spoc.service"])
        self.assertRecordValues(
            self.rows(), [{"outcome": "wished", "asked_count": 1, "service_id": False}]
        )

    def test_nothing_is_no_search(self):
        for nothing in ("", "  ", None, 7):
            self.assertFalse(self.searched(nothing, 3))

    @users("cat_requester")
    def test_cost(self):
        """A step is one row more, in one statement, and changes none; one wakes up."""
        log = self.env["spoc.search.log"]
        log._spoc_log_search("warm", 1)
        self.env.flush_all()
        self.env.invalidate_all()
        for name, step in (
            ("search", lambda: log._spoc_log_search("lamp", 3)),
            ("opened", lambda: log._spoc_log_opened(self.open_service)),
            ("begun", lambda: log._spoc_log_begun(self.open_service)),
        ):
            with self.subTest(name), self.assertQueryCount(2):
                step()
                self.env.flush_all()
            self.env.invalidate_all()

    def test_many_ways_at_once(self):
        """The cost of putting together follows the batch, not the people."""
        log, step = self.Log, self.env["spoc.search.step"]
        for number in range(40):
            log._note("search", words="lamp", result_count=1, source="results")
            step.search([], order="id desc", limit=1).way = f"way {number % 20}"
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(10):
            step.search([])._spoc_fold()
            self.env.flush_all()
        self.assertEqual(len(self.rows()), 20)

    # ---- forgetting ----

    def test_the_salt_lives_a_day(self):
        with freeze_time("2026-11-24 23:59:00"):
            salt = self.log()._get_salt()
            self.assertEqual(self.log()._get_salt(), salt)
        with freeze_time("2026-11-25 00:01:00"):
            self.assertNotEqual(self.log()._get_salt(), salt)

    def test_the_secret_is_made_ahead(self):
        def kept():
            return self.env["ir.config_parameter"].get_param("spoc_catalog.trail_salt")

        with freeze_time("2026-11-24 22:00:00"):
            first = self.Log._get_salt()
            self.Log._gc_salt()
            self.assertEqual(self.Log._get_salt(), first, "The day ends as it began")
            ready = kept()
            self.Log._gc_salt()
            self.assertEqual(kept(), ready, "Once a day")
        with freeze_time("2026-11-25 00:01:00"):
            second = self.log()._get_salt()
            self.assertEqual(kept(), ready, "Visitors write nothing")
            self.Log._gc_salt()
            self.assertEqual(self.Log._get_salt(), second)
            self.assertNotIn(first.split()[1], kept(), "Yesterday's is gone")
        with freeze_time("2026-11-28 12:00:00"):
            self.assertNotEqual(self.Log._get_salt(), second, "The job is late")

    def test_the_secret_of_the_first_day(self):
        set_param = self.env["ir.config_parameter"].set_param
        for nothing in ("none", False):
            set_param("spoc_catalog.trail_salt", nothing)
            self.assertNotIn("none", self.Log._get_salt())
            self.assertGreater(len(self.Log._get_salt()), 40)

    def test_marks_and_rows_go(self):
        with freeze_time("2026-11-20 10:00:00"):
            row = self.searched("lamp", 3)
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
        self.rows()
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
        self.rows()
        self.env["spoc.service"]._cron_count_asked()
        alone = not self.env.ref("base.module_spoc_catalog").downstream_dependencies()
        if alone:
            self.assertEqual((self.open_service | other).mapped("asked_count"), [2, 0])
        self.Log.search([]).date = fields.Datetime.now() - timedelta(days=100)
        self.env["spoc.service"]._cron_count_asked()
        self.assertEqual(self.open_service.asked_count, 0)


@tagged("post_install", "-at_install", "spoc_two_cursors")
class TestTwoSteps(RaceChecks, CatalogCase):
    """A page says that it was opened while its form is being sent."""

    # Nothing of it can be tried without transactions that are committed.
    # pylint: disable=invalid-commit

    def setUp(self):
        super().setUp()
        with self.real_cursor() as cr:
            log = self.real_env(cr)["spoc.search.log"]
            self.way = log._get_way()
            log._spoc_log_search("lamp", 1)
            cr.commit()
        self.addCleanup(self.forget)

    def forget(self):
        with self.real_cursor() as cr:
            env = self.real_env(cr)
            for model in ("spoc.search.step", "spoc.search.log"):
                env[model].search([("way", "=", self.way)]).unlink()
            cr.commit()

    def race_in_log(self, first, second):
        return self.race(
            lambda env: env["spoc.search.log"].search([("way", "=", self.way)]),
            lambda env: first(env["spoc.search.log"]),
            lambda env: second(env["spoc.search.log"]),
        )

    def test_neither_waits_nor_fails(self):
        with self.real_cursor() as cr:
            service = self.real_env(cr)["spoc.service"].search([], limit=1)
        waiting, error = self.race_in_log(
            lambda log: log._spoc_log_opened(
                log.env["spoc.service"].browse(service.id)
            ),
            lambda log: log._spoc_log_submitted(log.env["spoc.service"]),
        )
        self.assertEqual((waiting, error), (False, None))
        with self.real_cursor() as cr:
            env = self.real_env(cr)
            env["spoc.search.step"].search([("way", "=", self.way)])._spoc_fold()
            row = env["spoc.search.log"].search([("way", "=", self.way)])
            self.assertRecordValues(row, [{"words": "lamp", "outcome": "wished"}])

    def test_nor_while_they_are_put_together(self):
        waiting, error = self.race_in_log(
            lambda log: (
                log.env["spoc.search.step"]
                .search([("way", "=", self.way)])
                ._spoc_fold()
            ),
            lambda log: log._spoc_log_submitted(log.env["spoc.service"]),
        )
        self.assertEqual((waiting, error), (False, None))
