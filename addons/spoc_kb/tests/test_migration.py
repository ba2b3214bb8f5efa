"""Earlier words of a database of 19.0.1.0.0 become versions."""

import importlib.util
import json
from pathlib import Path

from odoo.tests import tagged

from odoo.addons.html_editor.models.diff_utils import generate_patch

from .common import KnowledgeCase

FOLDER = Path(__file__).parents[1] / "migrations" / "19.0.1.1.0"


@tagged("post_install", "-at_install")
class TestMigration(KnowledgeCase):
    def _script(self, name):
        spec = importlib.util.spec_from_file_location(
            f"spoc_kb_{name.replace('-', '_')}", FOLDER / f"{name}.py"
        )
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        return script

    def _history(self, texts, user):
        """The history as it was kept: the newest first."""
        history = []
        for number in range(1, len(texts)):
            history.insert(
                0,
                {
                    "patch": generate_patch(texts[number], texts[number - 1]),
                    "revision_id": number,
                    "create_date": f"2026-0{number}-01T08:00:00.123456",
                    "create_uid": user.id,
                    "create_user_name": user.name,
                },
            )
        return json.dumps({"body": history})

    def test_what_was_suggested_was_offered(self):
        article = self._published()
        partner = self.requester.partner_id
        article._spoc_record_use("offered", partner)
        use = self.env["spoc.article.use"].search([("article_id", "=", article.id)])
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE spoc_article_use SET role = 'suggested' WHERE id = %s", [use.id]
        )
        self._script("post-uses").migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()
        self.assertEqual(use.role, "offered")

    def test_history_becomes_versions(self):
        texts = ["<p>One</p>", "<p>One</p><p>Two</p>", "<p>Two</p><p>Three</p>"]
        inner = ["<p>In</p>", "<p>In and out</p>"]
        article = self._published(body=texts[-1], inner_body=inner[-1])
        plain = self._draft(name="Plain?")
        self.env.flush_all()
        cr = self.env.cr
        for table in ("spoc_article", "spoc_article_inner"):
            cr.execute(f"ALTER TABLE {table} ADD COLUMN html_field_history jsonb")
        cr.execute(
            "UPDATE spoc_article SET html_field_history = %s, content_version = 9"
            " WHERE id = %s",
            [self._history(texts, self.colleague), article.id],
        )
        cr.execute(
            "UPDATE spoc_article_inner SET html_field_history = %s"
            " WHERE article_id = %s",
            [self._history(inner, self.agent), article.id],
        )
        cr.execute("DELETE FROM spoc_article_version")
        self.env.invalidate_all()
        self._script("post-migrate").migrate(cr, "19.0.1.0.0")
        self.env.invalidate_all()
        versions = article.version_ids.sorted("number")
        self.assertEqual(versions.mapped("number"), [1, 2, 3, 4])
        self.assertEqual(article.content_version, 4)
        contents = [version._spoc_content() for version in versions]
        self.assertEqual(contents[0]["body"], texts[0])
        self.assertEqual(contents[0]["inner_body"], inner[0])
        self.assertEqual(contents[-1]["body"], texts[-1])
        self.assertEqual(contents[-1]["inner_body"], inner[-1])
        self.assertEqual(contents[-1]["name"], article.name)
        self.assertIn(texts[1], [content["body"] for content in contents])
        self.assertEqual(versions[-1].publisher_id, self.colleague)
        self.assertEqual(plain.version_ids.content["name"], "Plain?")
        # Twice does no harm.
        self._script("post-migrate").migrate(cr, "19.0.1.0.0")
        self.assertEqual(len(article.version_ids), 4)

    def test_states_get_their_confidence(self):
        published, draft = self._published(), self._draft()
        self.env.flush_all()
        cr = self.env.cr
        cr.execute("ALTER TABLE spoc_article ALTER confidence DROP NOT NULL")
        cr.execute(
            "UPDATE spoc_article SET confidence = NULL, substance_on = NULL,"
            " approver_id = NULL, approved_on = NULL"
        )
        self._script("pre-migrate").migrate(cr, "19.0.1.0.0")
        self.env.invalidate_all()
        self.assertRecordValues(
            published | draft,
            [
                {
                    "confidence": "validated",
                    "approver_id": self.colleague.id,
                    "substance_on": published.published_on,
                },
                {"confidence": "wip", "approver_id": False, "substance_on": False},
            ],
        )

    def test_nothing_on_a_fresh_install(self):
        for name in ("pre-migrate", "post-migrate"):
            self.assertIsNone(self._script(name).migrate(self.env.cr, None))
