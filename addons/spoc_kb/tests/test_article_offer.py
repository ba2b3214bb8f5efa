"""Answers offered while a request is typed: who sees what, what is counted."""

import re
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from odoo.addons.spoc_catalog.tests.browser_common import TourCase
from odoo.addons.spoc_catalog.tests.race_common import RaceChecks

from .common import KnowledgeCase


class OfferCase(KnowledgeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.article = cls._published(
            name="How do I replace the toner cartridge?",
            body="<p>Open the quasarnode lid.</p>",
            service_ids=[Command.link(cls.service.id)],
        )
        cls.secret = cls._secret(name="Toner of the zephyrcase")
        cls.for_staff = cls._published(
            name="Toner for colleagues",
            audience_ids=[Command.set(cls.employees.ids)],
        )
        cls.draft = cls._draft(name="Toner, a draft")
        cls.retired = cls._published(name="Toner of long ago")
        cls.retired.action_retire()
        cls.secret_service = cls.env["spoc.service"].create(
            {"name": "Toner talk", "summary": "Silent", "desk_id": cls.secret_desk.id}
        )
        cls.secret_service.action_publish()

    def _offers(self, **kwargs):
        self.env.flush_all()
        return self.env["spoc.article.offer"].search(
            [(name, "=", value) for name, value in kwargs.items()]
        )


@tagged("post_install", "-at_install")
class TestArticleOffer(OfferCase):
    # ---- Forbidden ----

    def test_nobody_writes_them(self):
        Offer = self.env["spoc.article.offer"]
        for user in (
            self.customer,
            self.requester,
            self.agent,
            self.editor,
            self.admin,
        ):
            with self.assertRaises(AccessError):
                Offer.with_user(user).create(
                    {"article_id": self.article.id, "date": fields.Date.today()}
                )

    def test_who_reads_them(self):
        Offer = self.env["spoc.article.offer"]
        Offer.with_user(self.requester)._spoc_note("shown", self.article)
        Offer.with_user(self.requester)._spoc_note(
            "shown", self.article, asked=self.secret_service
        )
        Offer.with_user(self.hr)._spoc_note("shown", self.secret)
        for user in (self.customer, self.requester, self.agent):
            with self.assertRaises(AccessError):
                Offer.with_user(user).search([])
        manager_group = self.env.ref("spoc_catalog.group_manager")
        self.hr.group_ids = [Command.link(manager_group.id)]
        for user, count in ((self.editor, 1), (self.admin, 1), (self.hr, 3)):
            self.assertEqual(Offer.with_user(user).search_count([]), count, user.login)

    def test_nobody_learns_who_it_was(self):
        Offer = self.env["spoc.article.offer"]
        Offer.with_user(self.requester)._spoc_note("deflected", self.article)
        offers = Offer.with_user(self.admin).search([])
        with self.assertRaises(AccessError):
            offers.read(["user_id"])
        with self.assertRaises(AccessError):
            Offer.with_user(self.admin).search([("user_id", "=", self.requester.id)])

    # ---- What is offered ----

    def _offered(self, user, text, service=None):
        window = self.env["spoc.window"].with_user(user)
        service = service and service.with_user(user)
        return [
            (item["kind"], item["id"])
            for item in window._spoc_answers_to(text, service)
        ]

    def test_offers_what_the_person_may_read(self):
        toner = {
            "customer": {self.article},
            "requester": {self.article, self.for_staff},
            "stranger": {self.article, self.for_staff},
            "hr": {self.article, self.for_staff, self.secret},
        }
        for persona, articles in toner.items():
            offered = self._offered(getattr(self, persona), "toner", self.service)
            self.assertEqual(
                set(offered), {("article", one.id) for one in articles}, persona
            )

    def test_services_for_free_words_only(self):
        self.assertIn(
            ("service", self.service.id), self._offered(self.requester, "printing")
        )
        offered = self._offered(self.requester, "printing", self.service)
        self.assertNotIn("service", [kind for kind, _id in offered])

    def test_articles_of_the_service_come_first(self):
        offered = self._offered(self.requester, "toner", self.service)
        self.assertEqual(offered[0], ("article", self.article.id))

    def test_typos(self):
        for text in ("tonner cartrige", "replase toner"):
            self.assertIn(
                ("article", self.article.id), self._offered(self.requester, text)
            )

    def test_anything_may_be_typed(self):
        for text in ("", " ", None, 5, ["x"], "\x00", "'\";--", "x" * 5000, "&|!:*<->"):
            self.assertIsInstance(self._offered(self.requester, text), list)

    # ---- Counting ----

    def _note(self, step, user=None, asked=None, articles=None):
        self.env["spoc.article.offer"].with_user(user or self.requester)._spoc_note(
            step, articles or self.article, asked=asked
        )

    def test_one_row_for_person_day_article_and_what_was_asked(self):
        for _time in range(3):
            self._note("shown")
        self._note("read")
        self._note("deflected")
        self._note("deflected")
        self._note("shown", asked=self.service)
        self._note("shown", user=self.customer)
        offer = self.env["spoc.article.offer"].search(
            [("article_id", "=", self.article.id), ("deflected", "=", 1)]
        )
        self.assertRecordValues(
            offer,
            [
                {
                    "service_id": False,
                    "shown": 1,
                    "read_count": 1,
                    "declined": 0,
                    "deflected": 1,
                    "asked": 0,
                    "desk_id": self.desk.id,
                }
            ],
        )
        self.assertEqual(len(self._offers(article_id=self.article.id)), 3)
        offer.date = fields.Date.today() - timedelta(1)
        self.env.flush_all()
        self._note("deflected")
        self.assertEqual(len(self._offers(deflected=1)), 2)

    def test_undo_and_no(self):
        self._note("deflected")
        self._note("undone")
        self.assertRecordValues(
            self._offers(), [{"shown": 1, "deflected": 0, "declined": 0}]
        )
        self._note("declined")
        self.assertRecordValues(self._offers(), [{"deflected": 0, "declined": 1}])
        self._note("deflected")
        self.assertRecordValues(self._offers(), [{"deflected": 1, "declined": 0}])

    def test_asked_all_the_same_was_not_deflected(self):
        self._note("deflected", asked=self.service)
        self._note("shown")
        log = self.env["spoc.search.log"].with_user(self.requester)
        log._spoc_log_submitted(self.service.with_user(self.requester))
        self.assertRecordValues(
            self._offers(service_id=self.service.id), [{"deflected": 0, "asked": 1}]
        )
        self.assertRecordValues(self._offers(service_id=False), [{"asked": 0}])
        log._spoc_log_submitted(self.env["spoc.service"])
        self.assertRecordValues(self._offers(service_id=False), [{"asked": 1}])

    def test_sums_are_counts(self):
        self._note("deflected")
        self._note("deflected", user=self.customer)
        self._note("shown", user=self.agent)
        groups = self.env["spoc.article.offer"]._read_group(
            [], ["article_id"], ["shown:sum", "deflected:sum", "asked:sum"]
        )
        self.assertEqual(groups, [(self.article, 3, 2, 0)])

    def test_people_are_forgotten(self):
        self._note("deflected")
        self._note("deflected", user=self.customer)
        offers = self._offers()
        offers[0].date = fields.Date.today() - timedelta(3)
        self.env.flush_all()
        self.env["spoc.article.offer"]._gc_people()
        self.assertFalse(offers[0].sudo().user_id)
        self.assertTrue(offers[1].sudo().user_id)
        self.assertEqual(sum(offers.mapped("deflected")), 2)

    def test_cost(self):
        """One statement, in a savepoint for what another tab may be noting."""
        self.env.flush_all()
        with self.assertQueryCount(3):
            self._note("shown")


@tagged("post_install", "-at_install")
class TestOfferPages(TourCase, OfferCase):
    def _rpc(self, login, **params):
        self.authenticate(login, login)
        return self.make_jsonrpc_request("/spoc/answers", params)["items"]

    def _post(self, login, token=True, **data):
        self.authenticate(login, login)
        if token:
            page = self.url_open("/spoc/ask").text
            data["csrf_token"] = re.search(r'name="csrf_token" value="([^"]+)"', page)[
                1
            ]
        return self.url_open("/spoc/answers/note", data=data)

    # ---- Forbidden ----

    @mute_logger("odoo.http")
    def test_notes_need_the_token(self):
        answer = self._post(
            "kb_requester", token=False, step="deflected", articles=self.article.id
        )
        self.assertEqual(answer.status_code, 400)
        self.assertFalse(self._offers())

    def test_signed_out(self):
        for path in ("article", "service"):
            page = self.url_open(f"/spoc/answers/{path}/1", allow_redirects=False)
            self.assertEqual(page.status_code, 303)

    def test_nothing_is_noted_of_what_is_not_seen(self):
        hidden = (self.secret, self.draft, self.retired)
        ids = ",".join(str(one.id) for one in hidden)
        for text in (ids, "", "x", "-1", "99999999999999", "1;drop", ",,,"):
            self._post("kb_requester", step="deflected", articles=text)
        self._post("kb_requester", step="deflected", services=text)
        self._post("kb_requester", step="made up", articles=self.article.id)
        self.assertFalse(self._offers())

    def test_hidden_answers_are_not_there(self):
        table = {
            "kb_customer": (self.secret, self.for_staff, self.draft, self.retired),
            "kb_requester": (self.secret, self.draft, self.retired),
            "kb_agent": (self.secret, self.draft, self.retired),
            "kb_editor": (self.secret, self.draft, self.retired),
            "kb_admin": (self.secret, self.draft, self.retired),
        }
        for login, hidden in table.items():
            self.authenticate(login, login)
            for article in hidden:
                page = self.url_open(f"/spoc/answers/article/{article.id}")
                self.assertEqual(page.status_code, 404, (login, article.name))
                self.assertNotIn("zephyr", page.text)
            offered = self._rpc(login, text="toner", service=self.service.id)
            self.assertFalse(
                {item["id"] for item in offered} & {one.id for one in hidden}, login
            )

    # ---- The way ----

    def test_in_place(self):
        self.authenticate("kb_requester", "kb_requester")
        page = self.url_open(f"/spoc/answers/article/{self.article.id}")
        self.assertEqual(page.status_code, 200)
        self.assertIn("quasarnode", page.text)
        self.assertNotIn("<html", page.text)
        self.assertEqual(self.article.use_count, 1)
        page = self.url_open(f"/spoc/answers/service/{self.service.id}")
        self.assertIn("Paper", page.text)

    def test_deflected(self):
        data = {"articles": self.article.id, "asked": self.service.id}
        self.assertEqual(
            self._post("kb_requester", step="deflected", **data).status_code, 204
        )
        self.assertRecordValues(
            self._offers(), [{"deflected": 1, "service_id": self.service.id}]
        )

    def test_wrong_service_is_free_words(self):
        for asked in ("0", "x", self.secret_service.id + 1000, 2**40):
            self._post(
                "kb_customer", step="shown", articles=self.article.id, asked=asked
            )
        self.assertEqual(len(self._offers()), 1)
        for service in (None, "x", -1, 2**40, [1], True):
            self.assertIsInstance(
                self._rpc("kb_customer", text="toner", service=service), list
            )

    def test_forms_work_without_scripts(self):
        self.authenticate("kb_requester", "kb_requester")
        page = self.url_open("/spoc/ask").text
        self.assertNotIn("o_spoc_answers", page)
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
        answer = self.url_open(
            "/spoc/ask", data={"csrf_token": token, "description": "Toner, please"}
        )
        self.assertEqual(answer.status_code, 200)

    # ---- In a browser ----

    def test_tour_deflected(self):
        self.start_tour("/spoc/ask", "spoc_kb_deflected", login="kb_requester")
        self.assertRecordValues(
            self._offers(article_id=self.article.id),
            [{"read_count": 1, "deflected": 1, "asked": 0}],
        )

    def test_tour_deflected_phone(self):
        self.browser_size = "360x740"
        self.start_tour("/spoc/ask", "spoc_kb_deflected", login="kb_customer")
        self.assertEqual(self._offers(article_id=self.article.id).deflected, 1)

    def test_tour_asked_all_the_same(self):
        self.start_tour("/spoc/ask", "spoc_kb_asked_anyway", login="kb_requester")
        offer = self._offers(article_id=self.article.id)
        self.assertRecordValues(offer, [{"declined": 1, "deflected": 0, "asked": 1}])


@tagged("post_install", "-at_install", "spoc_two_cursors")
class TestTwoTabs(RaceChecks, TransactionCase):
    """Two tabs of one person note at the same moment."""

    # Nothing of it can be tried without transactions that are committed.
    # pylint: disable=invalid-commit

    def setUp(self):
        super().setUp()
        with self.real_cursor() as cr:
            article = self.real_env(cr)["spoc.article"].create(
                {"name": "Two tabs", "body": "<p>Once.</p>", "kind": "solution"}
            )
            cr.commit()
        self.article_id = article.id
        self.addCleanup(self.forget)

    def forget(self):
        with self.real_cursor() as cr:
            self.real_env(cr)["spoc.article"].browse(self.article_id).unlink()
            cr.commit()

    def _note(self, step):
        return lambda env: env["spoc.article.offer"]._spoc_note(
            step, env["spoc.article"].browse(self.article_id)
        )

    def _race(self, first, second):
        return self.race(
            lambda env: env["spoc.article.offer"].search_count([]),
            self._note(first),
            self._note(second),
        )[1]

    def _noted(self):
        with self.real_cursor() as cr:
            offers = self.real_env(cr)["spoc.article.offer"]
            domain = [("article_id", "=", self.article_id)]
            return offers.search(domain).read(["shown", "read_count", "deflected"])

    def test_what_is_shown_is_counted_once(self):
        self.assertIsNone(self._race("shown", "read"))
        [offer] = self._noted()
        self.assertEqual((offer["shown"], offer["deflected"]), (1, 0))
        self.assertIsNone(self._race("shown", "shown"))
        self.assertEqual(len(self._noted()), 1)

    def test_what_was_said_is_tried_again(self):
        error = self._race("shown", "deflected")
        self.assertIsInstance(error, OperationalError, "Odoo repeats such a request")
        with self.real_cursor() as cr:
            self._note("deflected")(self.real_env(cr))
            cr.commit()
        [offer] = self._noted()
        self.assertEqual((offer["shown"], offer["deflected"]), (1, 1))
