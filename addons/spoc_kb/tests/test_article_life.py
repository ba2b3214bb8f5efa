from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.spoc_article_life import ACTIVITY_HOLDS, ACTIVITY_REVIEW
from .common import BODY, KnowledgeCase


@tagged("post_install", "-at_install")
class TestArticleLife(KnowledgeCase):
    # ---- Forbidden ----

    def test_author_does_not_publish(self):
        article = self._draft()
        article.action_submit()
        with self.assertRaisesRegex(UserError, "another person"):
            article.action_publish()
        self.assertEqual(article.state, "review")

    def test_author_who_administers_does_not_publish(self):
        article = self._draft(self.admin)
        article.action_submit()
        with self.assertRaisesRegex(UserError, "another person"):
            article.action_publish()

    def test_last_writer_does_not_publish(self):
        article = self._draft()
        article.with_user(self.colleague).write({"summary": "Mine"})
        article.action_submit()
        with self.assertRaisesRegex(UserError, "another person"):
            article.with_user(self.colleague).action_publish()

    def test_publishing_in_sudo_keeps_four_eyes(self):
        article = self._draft()
        article.action_submit()
        with self.assertRaisesRegex(UserError, "another person"):
            article.sudo().action_publish()

    def test_state_is_not_written_by_hand(self):
        article = self._draft()
        for values in (
            {"state": "published"},
            {"author_id": self.colleague.id},
            {"editor_id": self.colleague.id},
            {"published_on": "2026-01-01 00:00:00"},
            {"revision_of_id": self._draft().id},
        ):
            for caller in (article, article.with_user(self.admin), article.sudo()):
                with self.assertRaisesRegex(UserError, "not written by hand"):
                    caller.write(values)
        forged = article.with_context(spoc_article_life=True)
        with self.assertRaises(UserError):
            forged.write({"state": "published"})
        self.assertEqual(article.state, "draft")

    def test_created_as_own_draft_whatever_is_asked(self):
        article = self._draft(
            state="published",
            author_id=self.colleague.id,
            published_on=fields.Datetime.now(),
        )
        defaulted = (
            self.env["spoc.article"]
            .with_user(self.agent)
            .with_context(
                default_state="published", default_author_id=self.colleague.id
            )
            .create({"name": "Defaulted", "desk_id": self.desk.id})
        )
        for draft in (article, defaulted):
            self.assertEqual(draft.state, "draft")
            self.assertEqual(draft.author_id, self.agent)
            self.assertEqual(draft.editor_id, self.agent)
            self.assertFalse(draft.published_on)

    def test_says_nothing(self):
        for body in (False, "", "<p><br></p>"):
            article = self._draft(body=body)
            with self.assertRaisesRegex(ValidationError, "says nothing"):
                article.action_submit()

    def test_escalation_names_a_desk(self):
        article = self._draft(kind="escalation")
        with self.assertRaisesRegex(ValidationError, "names no desk"):
            article.action_submit()
        article.escalation_desk_id = self.secret_desk
        article.action_submit()
        self.assertEqual(article.state, "review")

    def test_escalation_without_words(self):
        article = self._draft(
            kind="escalation", escalation_desk_id=self.secret_desk.id, body=False
        )
        with self.assertRaisesRegex(ValidationError, "says nothing"):
            article.action_submit()

    def test_words_are_closed_after_the_draft(self):
        article = self._draft()
        article.action_submit()
        with self.assertRaisesRegex(UserError, "being reviewed"):
            article.with_user(self.colleague).write({"body": "<p>Other</p>"})
        article.with_user(self.colleague).action_publish()
        for values in (
            {"body": "<p>Other</p>"},
            {"inner_body": "<p>Other</p>"},
            {"audience_ids": [Command.link(self.employees.id)]},
            {"desk_id": False},
            {"name": "Other"},
        ):
            with self.assertRaisesRegex(UserError, "not a draft"):
                article.with_user(self.admin).write(values)

    def test_published_is_not_deleted(self):
        article = self._published()
        with self.assertRaisesRegex(UserError, "retire it"):
            article.with_user(self.admin).unlink()
        article.action_retire()
        with self.assertRaisesRegex(UserError, "retire it"):
            article.with_user(self.admin).unlink()

    def test_wrong_state(self):
        article = self._draft()
        for method in ("action_publish", "action_send_back", "action_retire"):
            with self.assertRaisesRegex(UserError, "not possible"):
                getattr(article.with_user(self.colleague), method)()
        published = self._published()
        for method in ("action_submit", "action_draft", "action_publish"):
            with self.assertRaisesRegex(UserError, "not possible"):
                getattr(published.with_user(self.editor), method)()

    def test_strangers_do_not_touch_it(self):
        article = self._draft()
        article.action_submit()
        for user in (self.stranger, self.requester, self.customer, self.hr):
            with self.assertRaises(AccessError):
                article.with_user(user).action_publish()
            with self.assertRaises(AccessError):
                article.with_user(user).action_send_back()
        with self.assertRaises(AccessError):
            self._draft(self.stranger)

    def test_stale_save_is_refused(self):
        article = self._draft()
        seen = article.content_version
        article.with_user(self.colleague).write(
            {"body": "<p>Hers</p>", "content_version": seen}
        )
        with self.assertRaisesRegex(UserError, "Kb_Colleague changed"):
            article.write({"body": "<p>Mine</p>", "content_version": seen})
        self.assertIn("Hers", article.body)
        article.write({"body": "<p>Both</p>", "content_version": seen + 1})
        self.assertIn("Both", article.body)

    def test_stale_form_may_write_what_is_not_words(self):
        article = self._draft()
        article.write({"name": "New"})
        article.write({"keywords": "paper", "content_version": 1})
        self.assertEqual(article.keywords, "paper")

    # ---- The way through ----

    def test_draft_review_published_retired(self):
        self.desk.manager_id = self.colleague
        article = self._draft()
        self.assertEqual(article.desk_id, self.desk)
        article.action_submit()
        asked = article.activity_ids
        self.assertEqual(asked.activity_type_id, self.env.ref(ACTIVITY_REVIEW))
        self.assertEqual(asked.user_id, self.colleague)
        self.assertFalse(article.may_publish)
        reviewer = article.with_user(self.colleague)
        self.assertTrue(reviewer.may_publish)
        reviewer.action_publish()
        self.assertRecordValues(
            article,
            [
                {
                    "state": "published",
                    "author_id": self.agent.id,
                    "publisher_id": self.colleague.id,
                }
            ],
        )
        self.assertFalse(article.activity_ids)
        self.assertGreater(article.review_on, fields.Date.today() + timedelta(300))
        article.action_retire()
        self.assertEqual(article.state, "retired")
        article.action_draft()
        self.assertEqual(article.state, "draft")

    def test_send_back_tells_the_author(self):
        article = self._draft()
        article.action_submit()
        wizard = (
            self.env["spoc.article.send.back"]
            .with_user(self.colleague)
            .create({"article_id": article.id, "reason": "Say <which> printer"})
        )
        wizard.action_send_back()
        self.assertEqual(article.state, "draft")
        asked = article.activity_ids
        self.assertEqual(asked.user_id, self.agent)
        self.assertIn("Say &lt;which&gt; printer", asked.note)

    def test_editor_publishes_for_any_open_desk(self):
        article = self._published(publisher=self.editor)
        self.assertEqual(article.publisher_id, self.editor)

    def test_default_desk_is_the_writers(self):
        article = (
            self.env["spoc.article"].with_user(self.agent).create({"name": "Mine"})
        )
        self.assertEqual(article.desk_id, self.desk)

    def test_review_months_parameter(self):
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("spoc_kb.review_months", "2")
        self.assertLess(
            self._published().review_on, fields.Date.today() + timedelta(65)
        )
        parameters.set_param("spoc_kb.review_months", "soon")
        self.assertGreater(
            self._published().review_on, fields.Date.today() + timedelta(300)
        )

    def test_owner_is_asked_when_the_day_comes(self):
        article = self._published()
        article.write({"review_on": fields.Date.today() - timedelta(1)})
        self.env["spoc.article"]._cron_review()
        self.env["spoc.article"]._cron_review()
        asked = article.activity_ids
        self.assertEqual(len(asked), 1)
        self.assertEqual(asked.user_id, self.agent)
        self.assertEqual(asked.activity_type_id, self.env.ref(ACTIVITY_HOLDS))
        article.action_still_true()
        self.assertFalse(article.activity_ids)
        self.env["spoc.article"]._cron_review()
        self.assertFalse(article.activity_ids)

    def test_owner_gone_the_manager_is_asked(self):
        article = self._published()
        self.desk.manager_id = self.colleague
        self.agent.active = False
        self.assertEqual(article._spoc_keeper(), self.colleague)

    # ---- Revisions ----

    def test_revision_leaves_readers_the_old_words(self):
        article = self._published(inner_body="<p>Inner one</p>", keywords="toner")
        action = article.with_user(self.colleague).action_revise()
        revision = self.env["spoc.article"].browse(action["res_id"])
        self.assertEqual(revision.inner_body, "<p>Inner one</p>")
        self.assertEqual(revision.name, article.name)
        again = article.action_revise()
        self.assertEqual(again["res_id"], revision.id)
        revision.with_user(self.colleague).write(
            {"body": "<p>New words</p>", "inner_body": "<p>Inner two</p>"}
        )
        reader = article.with_user(self.requester)
        self.assertEqual(reader.body, BODY)
        self.assertFalse(revision.with_user(self.requester).has_access("read"))
        revision.with_user(self.colleague).action_submit()
        with self.assertRaisesRegex(UserError, "another person"):
            revision.with_user(self.colleague).action_publish()
        picture = self.env["ir.attachment"].create(
            {"name": "p.png", "res_model": "spoc.article", "res_id": revision.id}
        )
        action = revision.with_user(self.agent).action_publish()
        self.assertEqual(action["res_id"], article.id)
        self.assertFalse(revision.exists())
        self.assertEqual(picture.res_id, article.id)
        self.assertEqual(article.state, "published")
        self.assertIn("New words", article.body)
        self.assertIn("Inner two", article.inner_body)
        self.assertEqual(article.keywords, "toner")
        self.assertEqual(article.author_id, self.colleague)
        self.assertEqual(article.publisher_id, self.agent)

    @mute_logger("odoo.sql_db")
    def test_one_revision_at_a_time(self):
        article = self._published()
        article._spoc_create_revision()
        with self.assertRaises(UniqueViolation):
            article._spoc_create_revision()

    def test_stranger_does_not_revise(self):
        article = self._published()
        with self.assertRaises(AccessError):
            article.with_user(self.stranger).action_revise()
