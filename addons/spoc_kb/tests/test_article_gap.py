"""Questions without an answer: found at night, seen by their desk, settled once."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import KnowledgeCase

WORD = "flimmerquast"


class GapCase(KnowledgeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["spoc.article.gap"].search([]).unlink()
        cls.manager = cls.env["res.users"].create(
            {
                "name": "Manager",
                "login": "kb_manager",
                "group_ids": [
                    Command.set(cls.env.ref("spoc_catalog.group_manager").ids)
                ],
            }
        )
        cls.secret_service = cls.env["spoc.service"].create(
            {
                "name": "In confidence",
                "summary": "A talk",
                "desk_id": cls.secret_desk.id,
            }
        )
        cls.secret_service.action_publish()
        cls.Gap = cls.env["spoc.article.gap"]

    def _look(self):
        self.Gap._spoc_look()

    def _gap(self, **values):
        return self.Gap.search([(name, "=", one) for name, one in values.items()])

    def _searched(self, times=2, count=0, days=1, words=WORD):
        self.env["spoc.search.log"].sudo().create(
            [
                {
                    "date": fields.Datetime.now() - timedelta(days=days),
                    "source": "results",
                    "words": words,
                    "lang": "en_US",
                    "result_count": count,
                    "found_count": int(bool(count)),
                    "outcome": "left" if count else "nothing",
                    "company_id": self.env.company.id,
                }
            ]
            * times
        )

    def _forget_night(self):
        """The last look was a day ago."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE spoc_article_gap SET checked_on = checked_on - interval '1 day'"
        )
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestArticleGapForbidden(GapCase):
    def test_who_sees_which(self):
        self._searched()
        self._look()
        gaps = {
            "open": self._gap(service_id=self.service.id),
            "secret": self._gap(service_id=self.secret_service.id),
            "words": self._gap(words=WORD),
        }
        table = {
            "agent": {"open"},
            "colleague": {"open"},
            "stranger": set(),
            "hr": {"secret"},
            "manager": {"open", "words"},
            "editor": {"open", "words"},
            "admin": {"open", "words"},
        }
        for persona, seen in table.items():
            found = self.Gap.with_user(getattr(self, persona)).search([])
            shown = {name for name, gap in gaps.items() if gap & found}
            self.assertEqual(shown, seen, persona)
        for persona in ("requester", "customer"):
            with self.assertRaises(AccessError):
                self.Gap.with_user(getattr(self, persona)).search([])

    def test_nobody_writes_rows(self):
        self._look()
        gap = self._gap(service_id=self.service.id)
        for persona in ("agent", "manager", "editor", "admin"):
            with self.assertRaises(AccessError):
                gap.with_user(getattr(self, persona)).write({"hours": 1000})

    def test_others_do_not_settle(self):
        self._look()
        gap = self._gap(service_id=self.service.id)
        for persona in ("stranger", "manager", "hr"):
            for method, args in (
                ("_spoc_skip", ["No"]),
                ("action_write_missing", []),
                ("action_reopen", []),
            ):
                with self.subTest(persona=persona), self.assertRaises(AccessError):
                    getattr(gap.with_user(getattr(self, persona)), method)(*args)
        for persona in ("agent", "hr", "requester"):
            with self.assertRaises(AccessError):
                self.Gap.with_user(getattr(self, persona)).action_look()


@tagged("post_install", "-at_install")
class TestArticleGap(GapCase):
    def test_service_without_an_answer(self):
        self._look()
        gap = self._gap(service_id=self.service.id)
        self.assertEqual((gap.kind, gap.state), ("service", "open"))
        self.assertEqual(gap.desk_id, self.desk)
        self._published(service_ids=[Command.link(self.service.id)])
        self._forget_night()
        self._look()
        self.assertEqual(gap.state, "closed")

    def test_drafts_and_dead_ends_answer_nothing(self):
        self._draft(service_ids=[Command.link(self.service.id)])
        empty = self.env["spoc.desk"].create({"name": "Empty", "code": "KBE"})
        dead = self._published(
            name="Whom to ask?",
            kind="escalation",
            escalation_desk_id=empty.id,
            escalation_how="Call them",
            service_ids=[Command.link(self.service.id)],
        )
        self._look()
        self.assertEqual(self._gap(service_id=self.service.id).state, "open")
        gap = self._gap(article_id=dead.id)
        self.assertEqual(gap.kind, "dead")
        self.assertIn("Empty", gap.detail)
        empty.member_ids = self.agent
        self._forget_night()
        self._look()
        self.assertEqual(gap.state, "closed")
        self.assertEqual(self._gap(service_id=self.service.id).state, "closed")

    def test_retired_services_need_no_answer(self):
        self._look()
        gap = self._gap(service_id=self.service.id)
        self.service.action_retire()
        self._forget_night()
        self._look()
        self.assertEqual(gap.state, "closed")

    def test_words_without_a_result(self):
        self._searched(times=1)
        self._look()
        self.assertFalse(self._gap(words=WORD))
        self._searched(times=5)
        self._look()
        gap = self._gap(words=WORD)
        self.assertEqual(gap.look_count, 6)
        self.assertEqual(gap.hours, 1)
        # Somebody found something since
        self._searched(times=1, count=3, days=0)
        self._forget_night()
        self._look()
        self.assertEqual(gap.state, "closed")

    def test_most_hours_first(self):
        self._searched(times=3, words=f"{WORD} one")
        self._searched(times=9, words=f"{WORD} two")
        self._look()
        found = self.Gap.search([("words", "like", WORD)])
        self.assertEqual(found.mapped("words"), [f"{WORD} two", f"{WORD} one"])

    def test_write_the_missing_one(self):
        self._look()
        gap = self._gap(service_id=self.service.id).with_user(self.agent)
        article = self.env["spoc.article"].browse(gap.action_write_missing()["res_id"])
        self.assertEqual(article.state, "draft")
        self.assertEqual(article.author_id, self.agent)
        self.assertEqual(article.service_ids, self.service)
        self.assertEqual(article.desk_id, self.desk)
        self.assertEqual(gap.state, "started")
        self.assertEqual(gap.action_write_missing()["res_id"], article.id)
        self._forget_night()
        self._look()
        self.assertEqual(gap.state, "started")

    def test_words_become_the_question(self):
        self._searched()
        self._look()
        gap = self._gap(words=WORD).with_user(self.editor)
        article = self.env["spoc.article"].browse(gap.action_write_missing()["res_id"])
        self.assertEqual((article.name, article.keywords), (WORD, WORD))

    def test_an_article_there_learns_the_words(self):
        article = self._published(name=f"All about the {WORD} of old")
        self._searched(words=f"{WORD} of old")
        self._look()
        gap = self._gap(words=f"{WORD} of old").with_user(self.editor)
        self.assertEqual(gap.near_ids, article)
        near = gap.near_ids.with_context(spoc_gap=gap.id)
        with self.assertRaises(AccessError):
            gap.with_user(self.stranger)._spoc_answered_by(article)
        near.action_answers_gap()
        self.assertEqual(article.keywords, f"{WORD} of old")
        self.assertEqual((gap.state, gap.result_article_id), ("closed", article))
        self._forget_night()
        self._look()
        self.assertEqual(gap.state, "closed")
        # Searched again without a result: missing again
        self._searched(words=f"{WORD} of old", days=-1)
        self._look()
        self.assertEqual(gap.state, "open")

    def test_dead_end_is_repaired(self):
        empty = self.env["spoc.desk"].create({"name": "Empty", "code": "KBE"})
        dead = self._published(
            kind="escalation", escalation_desk_id=empty.id, escalation_how="Call"
        )
        self._look()
        gap = self._gap(article_id=dead.id).with_user(self.agent)
        revision = self.env["spoc.article"].browse(gap.action_write_missing()["res_id"])
        self.assertEqual(revision.revision_of_id, dead)

    def test_not_needed(self):
        self._look()
        gap = self._gap(service_id=self.service.id)
        wizard = (
            self.env["spoc.article.gap.skip"]
            .with_user(self.agent)
            .create({"gap_ids": [Command.set(gap.ids)], "reason": "Self-evident"})
        )
        wizard.action_skip()
        self.assertEqual((gap.state, gap.skip_reason), ("skipped", "Self-evident"))
        self._forget_night()
        self._look()
        self.assertEqual(gap.state, "skipped")
        gap.with_user(self.agent).action_reopen()
        self.assertEqual(gap.state, "open")

    def test_a_look_broken_off_goes_on(self):
        parameters = self.env["ir.config_parameter"]
        start = fields.Datetime.now() - timedelta(hours=1)
        note = '{"start": "%s", "done": ["_spoc_find_services"]}'
        parameters.set_param("spoc_kb.gap_run", note % start.replace(microsecond=0))
        self._searched()
        with self.enter_registry_test_mode():
            self.env.ref("spoc_kb.cron_gaps").method_direct_trigger()
        self.assertFalse(self._gap(service_id=self.service.id))
        self.assertTrue(self._gap(words=WORD))
        self.assertFalse(parameters.get_param("spoc_kb.gap_run"))

    def test_queries_do_not_grow(self):
        self._look()
        self.env.flush_all()
        self.env.invalidate_all()
        # Six of them are the hours of desks and steps of the floor above.
        with self.assertQueryCount(18):
            self._look()
        self.env["spoc.service"].create(
            [
                {
                    "name": f"N{number}",
                    "desk_id": self.desk.id,
                    "state": "published",
                }
                for number in range(20)
            ]
        )
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(18):
            self._look()
