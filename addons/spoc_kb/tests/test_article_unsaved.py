"""Words are kept while typed; two who write never overwrite each other unseen."""

from contextlib import contextmanager

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.exceptions import AccessError
from odoo.sql_db import db_connect
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..exceptions import StaleWords
from .common import KnowledgeCase


@tagged("post_install", "-at_install")
class TestArticleUnsaved(KnowledgeCase):
    def _unsaved(self, user):
        return self.env["spoc.article.unsaved"].with_user(user)

    # ---- Forbidden ----

    def test_who_may_not_write_keeps_nothing(self):
        article = self._draft()
        secret = self._secret()
        for user, record in (
            (self.requester, article),
            (self.customer, article),
            (self.stranger, article),
            (self.agent, secret),
            (self.editor, secret),
        ):
            unsaved = self._unsaved(user)
            with self.assertRaises(AccessError):
                unsaved.keep(record.id, 1, {"body": "<p>x</p>"})
            with self.assertRaises(AccessError):
                unsaved.offered(record.id)
        for user in (self.requester, self.customer):
            with self.assertRaises(AccessError):
                self._unsaved(user).keep(False, 0, {"name": "x"})

    def test_words_are_one_persons_own(self):
        article = self._draft()
        self._unsaved(self.agent).keep(article.id, 1, {"body": "<p>Mine</p>"})
        found = self._unsaved(self.colleague).offered(article.id)
        self.assertFalse(found["content"])
        self.assertEqual(found["others"], ["Kb_Agent"], "that somebody types is told")
        for user in (self.colleague, self.agent, self.admin):
            with self.assertRaises(AccessError):
                self._unsaved(user).search([])
        self._unsaved(self.colleague).forget(article.id)
        self.assertTrue(self._unsaved(self.agent).offered(article.id)["content"])

    def test_only_words_are_kept(self):
        article = self._draft()
        self._unsaved(self.agent).keep(
            article.id,
            1,
            {"state": "published", "author_id": 1, "name": ["x"], "summary": "Ok"},
        )
        found = self._unsaved(self.agent).offered(article.id)
        self.assertEqual(found["content"], {"summary": "Ok"})

    def test_what_comes_back_is_clean(self):
        article = self._draft()
        bad = '<p onclick="x()">a</p><script>alert(1)</script>'
        self._unsaved(self.agent).keep(article.id, 1, {"body": bad})
        body = self._unsaved(self.agent).offered(article.id)["content"]["body"]
        self.assertNotIn("script", body)
        self.assertNotIn("onclick", body)
        compared = article.spoc_compare_words(0, {"body": bad})
        self.assertNotIn("script", str(compared))
        self.assertNotIn("onclick", str(compared))

    # ---- Kept ----

    def test_kept_offered_forgotten(self):
        article = self._draft()
        unsaved = self._unsaved(self.agent)
        self.assertFalse(unsaved.offered(article.id)["content"])
        unsaved.keep(article.id, 1, {"body": "<p>Half</p>"})
        unsaved.keep(article.id, 1, {"body": "<p>Half a text</p>", "name": "New?"})
        found = unsaved.offered(article.id)
        self.assertEqual(
            found["content"], {"body": "<p>Half a text</p>", "name": "New?"}
        )
        self.assertEqual((found["kept_version"], found["version"]), (1, 1))
        article.write({"body": "<p>Half a text</p>", "content_version": 1})
        found = unsaved.offered(article.id)
        self.assertEqual(found["content"], {"name": "New?"}, "the rest was saved")
        unsaved.forget(article.id)
        self.assertFalse(unsaved.offered(article.id)["content"])

    def test_of_a_new_article(self):
        unsaved = self._unsaved(self.agent)
        unsaved.keep(False, 0, {"name": "Where is it?"})
        self.assertEqual(unsaved.offered(False)["content"], {"name": "Where is it?"})
        self.assertFalse(self._unsaved(self.colleague).offered(False)["content"])
        unsaved.forget(False)
        self.assertFalse(unsaved.offered(False)["content"])

    # ---- Two who write ----

    def test_both_texts_are_shown(self):
        article = self._draft(summary="Old", body="<p>Old text</p>")
        article.with_user(self.colleague).write(
            {"body": "<p>Her text</p>", "content_version": 1}
        )
        mine = {"body": "<p>My text</p>", "summary": "Mine", "content_version": 1}
        with self.assertRaises(StaleWords) as caught:
            article.write(mine)
        self.assertEqual(caught.exception.context, {"content_version": 2})
        compared = article.spoc_compare_words(1, mine)
        self.assertEqual(compared["who"], "Kb_Colleague")
        self.assertEqual([part["name"] for part in compared["parts"]], ["body"])
        (part,) = compared["parts"]
        self.assertIn("My text", part["mine"])
        self.assertIn("Her text", part["theirs"])
        self.assertIn("<ins", part["difference"])
        article.write({**mine, "content_version": compared["version"]})
        self.assertIn("My text", article.body)
        kept = [version.content.get("body") for version in article.version_ids]
        self.assertIn("<p>Her text</p>", kept, "what was overwritten is a version")

    def test_different_parts_both_stand(self):
        article = self._draft(summary="Old")
        article.with_user(self.colleague).write(
            {"body": "<p>Her text</p>", "content_version": 1}
        )
        article.write({"summary": "Mine", "content_version": 1})
        self.assertIn("Her text", article.body)
        self.assertEqual(article.summary, "Mine")
        with self.assertRaises(StaleWords):
            article.with_user(self.colleague).write(
                {"summary": "Hers", "content_version": 2}
            )

    def test_compare_asks_for_the_right_to_write(self):
        article = self._published()
        for user in (self.requester, self.stranger, self.customer):
            with self.assertRaises(AccessError):
                article.with_user(user).spoc_compare_words(1, {"body": ""})


@tagged("post_install", "-at_install", "spoc_concurrency")
class TestTwoTransactions(TransactionCase):
    """The same with two connections that really run beside each other."""

    def setUp(self):
        super().setUp()
        self.addCleanup(self._remove)
        with self._connection() as env:
            users = [
                new_test_user(env, f"kb_two_{number}", "spoc_catalog.group_agent")
                for number in range(2)
            ]
            self.user_ids = [user.id for user in users]
            desk = env["spoc.desk"].create(
                {
                    "name": "Two",
                    "code": "KBTWO",
                    "member_ids": [(6, 0, self.user_ids)],
                }
            )
            self.desk_id = desk.id
            article = env["spoc.article"].with_user(users[0])
            self.article_id = article.create(
                {"name": "Two?", "body": "<p>Old</p>", "desk_id": desk.id}
            ).id

    @contextmanager
    def _connection(self, user_id=SUPERUSER_ID):
        with db_connect(self.env.cr.dbname).cursor() as cr:
            yield api.Environment(cr, user_id, {"tracking_disable": True})
            cr.commit()  # pylint: disable=invalid-commit

    def _remove(self):
        with self._connection() as env:
            # SQL: what was committed for this test goes, whatever the models say
            for table, column, ids in (
                ("spoc_article_unsaved", "article_id", [self.article_id]),
                ("spoc_article_version", "article_id", [self.article_id]),
                ("spoc_article", "id", [self.article_id]),
                ("spoc_desk", "id", [self.desk_id]),
            ):
                env.cr.execute(f"DELETE FROM {table} WHERE {column} = ANY(%s)", [ids])
            users = env["res.users"].browse(self.user_ids)
            partners = users.partner_id
            users.unlink()
            partners.unlink()

    def _write(self, env, text, version=1):
        article = env["spoc.article"].browse(self.article_id)
        article.write({"body": f"<p>{text}</p>", "content_version": version})
        env.flush_all()

    @mute_logger("odoo.sql_db")
    def test_at_the_same_moment(self):
        first, second = self.user_ids
        with self._connection(first) as one, self._connection(second) as two:
            # Both have begun and seen version 1.
            for env in (one, two):
                article = env["spoc.article"].browse(self.article_id)
                self.assertEqual(article.content_version, 1)
            self._write(one, "First")
            one.cr.commit()
            with self.assertRaises(SerializationFailure):
                self._write(two, "Second")
            two.cr.rollback()
            # What the server does with such a failure: once more from the start.
            two.invalidate_all(flush=False)
            with self.assertRaises(StaleWords):
                self._write(two, "Second")
            two.cr.rollback()
            two.invalidate_all(flush=False)
            kept = two["spoc.article.unsaved"]
            kept.keep(self.article_id, 1, {"body": "<p>Second</p>"})
            two.cr.commit()
        with self._connection(second) as env:
            article = env["spoc.article"].browse(self.article_id)
            self.assertEqual(article.body, "<p>First</p>")
            self.assertEqual(article.version_ids.mapped("number"), [2, 1])
            offered = env["spoc.article.unsaved"].offered(self.article_id)
            self.assertEqual(offered["content"], {"body": "<p>Second</p>"})
            self.assertEqual(offered["kept_version"], 1)

    def test_two_tabs_of_one_person_keep_at_once(self):
        (first, _second) = self.user_ids
        with self._connection(first) as one, self._connection(first) as two:
            one["spoc.article.unsaved"].keep(self.article_id, 1, {"summary": "A"})
            one.cr.commit()
            two["spoc.article.unsaved"].keep(self.article_id, 1, {"summary": "B"})
            two.cr.commit()
        with self._connection(first) as env:
            offered = env["spoc.article.unsaved"].offered(self.article_id)
            self.assertEqual(offered["content"], {"summary": "B"})

    def test_a_crash_before_the_commit_loses_nothing_that_was_kept(self):
        (first, _second) = self.user_ids
        with self._connection(first) as env:
            env["spoc.article.unsaved"].keep(
                self.article_id, 1, {"body": "<p>Long text</p>"}
            )
        with db_connect(self.env.cr.dbname).cursor() as cr:
            env = api.Environment(cr, first, {})
            self._write(env, "Never committed")
            cr.rollback()
        with self._connection(first) as env:
            article = env["spoc.article"].browse(self.article_id)
            self.assertEqual(article.body, "<p>Old</p>")
            self.assertEqual(len(article.version_ids), 1)
            offered = env["spoc.article.unsaved"].offered(self.article_id)
            self.assertEqual(offered["content"], {"body": "<p>Long text</p>"})
