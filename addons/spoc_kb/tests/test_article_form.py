"""The form of an article in a real browser: nothing that was typed is lost."""

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.spoc_catalog.tests.browser_common import TourCase

from .common import KnowledgeCase


@tagged("post_install", "-at_install")
class TestArticleForm(KnowledgeCase, TourCase):
    def _tour(self, name, login="kb_agent"):
        self.start_tour("/odoo/service-articles", name, login=login)

    def test_kept_while_typed(self):
        article = self._draft(name="Kept while typed")
        self._tour("spoc_kb_kept_while_typed")
        self.assertFalse(article.summary)
        unsaved = self.env["spoc.article.unsaved"].with_user(self.agent)
        self.assertFalse(unsaved.offered(article.id)["content"], "thrown away")

    def test_back_after_a_crash(self):
        article = self._draft(name="After a crash")
        unsaved = self.env["spoc.article.unsaved"].with_user(self.agent)
        # The browser is gone in the middle of it; this is what it had sent.
        unsaved.keep(article.id, 1, {"body": "<p>A long text, half of it</p>"})
        self._tour("spoc_kb_back_after_a_crash")
        self.assertIn("A long text, half of it", article.body)
        self.assertEqual(article.content_version, 2)
        self.assertFalse(unsaved.offered(article.id)["content"])

    def test_both_texts(self):
        article = self._draft(name="Both texts")
        self.env["spoc.article.unsaved"].with_user(self.colleague).keep(
            article.id, 1, {"body": "<p>Hers</p>"}
        )
        with mute_logger("odoo.http"):
            self._tour("spoc_kb_both_texts")
        self.assertEqual(article.summary, "Mine")
        kept = [version.content.get("summary") for version in article.version_ids]
        self.assertIn("Theirs", kept)

    def test_review_and_publish(self):
        article = self._draft(name="Review and publish")
        article.action_submit()
        self._tour("spoc_kb_review_and_publish", "kb_colleague")
        self.assertEqual(article.state, "published")
        self.assertEqual(article.approver_id, self.colleague)
