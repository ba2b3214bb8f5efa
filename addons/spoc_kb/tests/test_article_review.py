from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import KnowledgeCase


@tagged("post_install", "-at_install")
class TestArticleReview(KnowledgeCase):
    """The review day, per desk and per article; publishing on a day."""

    def _due(self, **values):
        article = self._published(**values)
        article.review_on = fields.Date.today() - timedelta(1)
        return article

    def _offered(self, user):
        Article = self.env["spoc.article"].with_user(user)
        return Article.search(Article._spoc_offered_domain())

    def test_due_is_found(self):
        article, other = self._due(), self._published(name="Fresh?")
        Article = self.env["spoc.article"].with_user(self.agent)
        found = Article.search([("is_due", "=", True)])
        self.assertIn(article, found)
        self.assertNotIn(other, found)
        self.assertNotIn(article, Article.search([("is_due", "=", False)]))
        article.action_retire()
        self.assertFalse(article.is_due)

    def test_reminded_only(self):
        article = self._due()
        self.assertTrue(article.is_due)
        self.assertFalse(article.is_doubtful)
        self.assertIn(article, self._offered(self.requester))

    def test_marked(self):
        self.desk.kb_due_policy = "mark"
        article = self._due()
        self.assertTrue(article.with_user(self.requester).is_doubtful)
        self.assertIn(article, self._offered(self.requester))

    def test_hidden(self):
        article = self._due(service_ids=[Command.link(self.service.id)])
        self.desk.kb_due_policy = "hide"
        reader = article.with_user(self.requester)
        self.assertNotIn(article, self._offered(self.requester))
        self.assertTrue(reader.has_access("read"), "by its link, with a remark")
        self.assertTrue(reader.is_doubtful)
        window = self.env["spoc.window"].with_user(self.requester)
        self.assertNotIn(
            "How do I print?", str(window._spoc_search_sections("print", 10))
        )
        service = self.service.with_user(self.requester)
        self.assertNotIn(article, service._spoc_answers())
        article.action_still_true()
        self.assertIn(article, self._offered(self.requester))
        self.assertIn("How do I print?", str(window._spoc_search_sections("print", 10)))

    def test_period_of_the_article_the_desk_the_company(self):
        today = fields.Date.today()
        self.assertGreater(self._published().review_on, today + timedelta(300))
        self.desk.kb_review_months = 3
        self.assertLess(self._published().review_on, today + timedelta(95))
        article = self._published(review_months=1)
        self.assertLess(article.review_on, today + timedelta(33))
        chosen = today + timedelta(10)
        self.assertEqual(self._published(review_on=chosen).review_on, chosen)

    def test_approved_waits_for_its_day(self):
        article = self._draft(publish_on=fields.Date.today() + timedelta(5))
        article.action_submit()
        article.with_user(self.colleague).action_approve()
        with self.assertRaisesRegex(UserError, "being reviewed"):
            article.body = "<p>Other</p>"
        self.assertFalse(article.with_user(self.requester).has_access("read"))
        self.env["spoc.article"]._cron_publish()
        self.assertEqual(article.state, "approved")
        article.publish_on = fields.Date.today()
        self.env["spoc.article"]._cron_publish()
        self.assertEqual(article.state, "published")
        self.assertEqual(article.approver_id, self.colleague)
        self.assertFalse(article.publish_on)

    def test_who_lost_the_right_publishes_nothing_at_night(self):
        article = self._draft(publish_on=fields.Date.today())
        article.action_submit()
        article.with_user(self.colleague).action_approve()
        self.desk.member_ids -= self.colleague
        self.env["spoc.article"]._cron_publish()
        self.assertEqual(article.state, "approved")
        self.assertFalse(article.publish_on, "a person decides")

    def test_approved_is_sent_back(self):
        article = self._draft()
        article.action_submit()
        article.with_user(self.colleague).action_approve()
        article.action_send_back("A word is missing")
        self.assertEqual((article.state, article.confidence), ("draft", "wip"))

    def test_strangers_do_not_approve(self):
        article = self._draft()
        article.action_submit()
        for user in (self.stranger, self.requester, self.customer, self.hr):
            for method in ("action_approve", "action_publish_own", "action_validate"):
                with self.assertRaises(UserError):
                    getattr(article.with_user(user), method)()
        self.assertEqual(article.state, "review")

    def test_publish_dialog(self):
        article = self._published()
        revision = self.env["spoc.article"].browse(article.action_revise()["res_id"])
        revision.with_user(self.agent).body = "<p>Other words</p>"
        revision.with_user(self.agent).action_submit()
        action = revision.with_user(self.colleague).action_publish_note()
        wizard = (
            self.env["spoc.article.publish"]
            .with_user(self.colleague)
            .create({"article_id": revision.id, "note": "Why", "substance": "minor"})
        )
        self.assertEqual(action["res_model"], wizard._name)
        self.assertIn("Other words", wizard.difference)
        moment = article.substance_on
        wizard.action_publish()
        self.assertEqual(article.body, "<p>Other words</p>")
        self.assertEqual(article.substance_on, moment)
        for user in (self.stranger, self.hr):
            with self.assertRaises(AccessError):
                self.env["spoc.article.publish"].with_user(user).create(
                    {"article_id": article.id}
                ).action_publish()
