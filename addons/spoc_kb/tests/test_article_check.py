from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import KnowledgeCase


@tagged("post_install", "-at_install")
class TestArticleCheck(KnowledgeCase):
    """A coach's sample, the weighted score, and what the author hears."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss = new_test_user(
            cls.env, "kb_boss", "spoc_catalog.group_manager", name="Boss"
        )
        cls.desk.manager_id = cls.boss
        cls.env["spoc.article.criterion"].search([]).active = False
        cls.clear, cls.short, cls.own = cls.env["spoc.article.criterion"].create(
            [
                {"name": "Is it clear?", "weight": 30},
                {"name": "Is it short?", "weight": 10},
                {
                    "name": "For the confidential only?",
                    "weight": 5,
                    "desk_ids": [Command.set(cls.secret_desk.ids)],
                },
            ]
        )
        cls.article = cls._published()

    def _check(self, user=None, article=None):
        checks = self.env["spoc.article.check"].with_user(user or self.boss)
        return checks.create({"article_id": (article or self.article).id})

    # ---- Forbidden ----

    def test_only_coaches_check(self):
        for user in (self.agent, self.colleague, self.stranger, self.hr):
            with self.assertRaises(AccessError):
                self._check(user)
            with self.assertRaises(AccessError):
                self.env["spoc.article.check"].with_user(user)._spoc_sample(
                    self.desk, fields.Date.today(), fields.Date.today()
                )
        for user in (self.requester, self.customer):
            with self.assertRaises(AccessError):
                self.env["spoc.article.check"].with_user(user).search([])
        secret = self._secret()
        for user in (self.boss, self.editor, self.admin):
            with self.assertRaises(AccessError):
                self._check(user, secret)

    def test_nobody_checks_their_own(self):
        own = self._published(self.boss, self.colleague)
        with self.assertRaisesRegex(AccessError, "their own"):
            self._check(self.boss, own)

    def test_a_check_is_seen_by_its_author_when_done(self):
        check = self._check()
        self.assertFalse(check.with_user(self.agent).has_access("read"))
        check.line_ids.answer = "yes"
        check.action_done()
        self.assertTrue(check.with_user(self.agent).has_access("read"))
        self.assertTrue(check.line_ids.with_user(self.agent).has_access("read"))
        self.assertFalse(check.with_user(self.agent).has_access("write"))
        for user in (self.colleague, self.stranger, self.hr):
            self.assertFalse(check.with_user(user).has_access("read"), user.login)
            self.assertFalse(check.line_ids.with_user(user).has_access("read"))

    def test_done_is_done(self):
        check = self._check()
        with self.assertRaisesRegex(UserError, "Answer every question"):
            check.action_done()
        check.line_ids.answer = "yes"
        check.action_done()
        with self.assertRaises(UserError):
            check.feedback = "Changed my mind"
        with self.assertRaises(UserError):
            check.line_ids[0].answer = "no"

    def test_whose_words_is_not_typed(self):
        check = (
            self.env["spoc.article.check"]
            .with_user(self.boss)
            .create(
                {
                    "article_id": self.article.id,
                    "author_id": self.stranger.id,
                    "version_number": 99,
                    "state": "done",
                }
            )
        )
        self.assertRecordValues(
            check,
            [{"author_id": self.agent.id, "version_number": 1, "state": "todo"}],
        )

    def test_checklist_is_kept_by_editors(self):
        for user in (self.agent, self.boss):
            with self.assertRaises(AccessError):
                self.clear.with_user(user).weight = 1
        self.clear.with_user(self.editor).weight = 20

    # ---- Score ----

    def test_weighted(self):
        check = self._check()
        self.assertEqual(check.line_ids.criterion_id, self.clear | self.short)
        lines = {line.criterion_id: line for line in check.line_ids}
        lines[self.clear].answer = "yes"
        lines[self.short].answer = "no"
        self.assertEqual(check.score, 75)
        lines[self.short].answer = "na"
        self.assertEqual(check.score, 100)
        lines[self.clear].answer = "na"
        self.assertEqual(check.score, 0)

    def test_author_hears(self):
        check = self._check()
        lines = {line.criterion_id: line for line in check.line_ids}
        lines[self.clear].answer = "yes"
        lines[self.short].write({"answer": "no", "comment": "Half would <do>"})
        check.feedback = "Well done"
        check.action_done()
        told = self.article.activity_ids
        self.assertEqual(told.user_id, self.agent)
        for words in ("75", "Is it short?", "Half would &lt;do&gt;", "Well done"):
            self.assertIn(words, told.note)
        self.assertEqual(self.article.with_user(self.boss).quality, 75)

    def test_score_of_the_last_version(self):
        for answer, body in (("no", "<p>Two</p>"), ("yes", None)):
            check = self._check()
            check.line_ids.answer = answer
            check.action_done()
            if body:
                revision = self.env["spoc.article"].browse(
                    self.article.action_revise()["res_id"]
                )
                revision.with_user(self.agent).body = body
                revision.with_user(self.agent).action_submit()
                revision.with_user(self.colleague).action_publish()
        article = self.article.with_user(self.boss)
        self.assertEqual((article.check_count, article.quality), (2, 100))

    # ---- Sample ----

    def test_sample(self):
        today = fields.Date.today()
        for number in range(4):
            self._published(name=f"Mine {number}?")
            self._published(self.colleague, self.agent, name=f"Hers {number}?")
        self._published(self.boss, self.agent, name="The coach's own?")
        Check = self.env["spoc.article.check"].with_user(self.boss)
        sample = Check._spoc_sample(self.desk, today - timedelta(1), today, 3)
        counts = {
            author: len(checks)
            for author, checks in sample.grouped("author_id").items()
        }
        self.assertEqual(counts, {self.agent: 3, self.colleague: 3})
        again = Check._spoc_sample(self.desk, today - timedelta(1), today, 9)
        self.assertFalse(again.article_id & sample.article_id, "no version twice")
        self.assertEqual(len(again), 3)
        wizard = (
            self.env["spoc.article.sample"]
            .with_user(self.boss)
            .create({"desk_id": self.desk.id})
        )
        with self.assertRaisesRegex(UserError, "Nothing to draw"):
            wizard.action_draw()

    def test_no_sample_of_another_time(self):
        Check = self.env["spoc.article.check"].with_user(self.boss)
        past = fields.Date.today() - timedelta(30)
        self.assertFalse(Check._spoc_sample(self.desk, past, past))
