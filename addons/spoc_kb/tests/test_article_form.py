"""The form of an article in a real browser: nothing that was typed is lost."""

import time
from itertools import count
from types import SimpleNamespace
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.spoc_catalog.tests.browser_common import TourCase

from ..models import spoc_article_import as spoc_article_import_engine
from ..wizards import spoc_article_import
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

    def test_import_with_progress(self):
        self._import_tour()

    def test_import_on_a_phone(self):
        self.browser_size = "360x740"
        self._import_tour()

    def _import_tour(self):
        wizards = self.env.registry["spoc.article.import"]
        run = wizards._run

        def run_row_by_row(wizard, dry):
            if dry:
                return run(wizard, dry)
            # Each look at the clock is a second: a batch is one row, as of a long
            # file. It lasts as long as it takes a person to see it.
            clock = SimpleNamespace(monotonic=count().__next__)
            with (
                patch.object(spoc_article_import_engine, "time", clock),
                patch.object(spoc_article_import, "SECONDS", 1.5),
            ):
                result = run(wizard, dry)
            time.sleep(0.2)
            return result

        self.patch(wizards, "_run", run_row_by_row)
        url = "/odoo/action-spoc_kb.spoc_article_import_action"
        self.start_tour(url, "spoc_kb_import", login="kb_agent")
        found = self.env["spoc.article"].search([("name", "like", "Imported question")])
        self.assertEqual(len(found), 6)
        self.assertEqual(set(found.mapped("state")), {"draft"})
        self.assertEqual(found.desk_id, self.desk)
