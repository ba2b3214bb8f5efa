"""Pages of OCA's ``document_page`` become articles.

Runs where that addon is installed beside this one, and is skipped elsewhere: a stand-in
would only prove that we know what we wrote ourselves.
"""

from odoo.tests import tagged

from .. import article_file
from .test_article_reading import ReadingCase


@tagged("post_install", "-at_install")
class TestDocumentPages(ReadingCase):
    def setUp(self):
        super().setUp()
        if "document.page" not in self.env:
            self.skipTest("document_page is not installed")

    def _import(self, **options):
        exchange = self.env["spoc.article.exchange"].with_user(self.agent)
        source, entries, files = exchange._spoc_read_pages()
        options = {"source": source, "desk": self.desk, "lang": "en_US", **options}
        rows = exchange._spoc_import(entries, files, options)
        return {row["name"]: row for row in rows}

    def test_pages_become_articles(self):
        Page = self.env["document.page"]
        picture = self._attachment(public=True)
        category = Page.create({"name": "Machines", "type": "category"})
        page = Page.create(
            {
                "name": "How to oil it",
                "type": "content",
                "parent_id": category.id,
                "content": f'<p>Use <b>oil</b>.</p><img src="/web/image/{picture.id}">'
                "<script>alert(1)</script>",
            }
        )
        group = self.env.ref("document_knowledge.group_document_user")
        self.agent.group_ids += group
        row = self._import()["How to oil it"]
        self.assertEqual(row["status"], "new", row)
        article = self.env["spoc.article"].browse(row["res_id"])
        self.assertIn("<b>oil</b>", article.body)
        self.assertNotIn("<script", article.body)
        self.assertEqual(article.keywords, "Machines")
        self.assertEqual(article.state, "draft")
        copy = self.env["ir.attachment"].search(
            [("res_model", "=", "spoc.article"), ("res_id", "=", article.id)]
        )
        self.assertEqual(copy.raw, picture.raw)
        self.assertEqual(self._import()["How to oil it"]["status"], "same")
        page.content = "<p>Use <b>grease</b>.</p>"
        self.assertEqual(self._import()["How to oil it"]["status"], "changed")
        self.assertIn("grease", article.body)

    def test_wizard_offers_them(self):
        wizard = self.env["spoc.article.import"].with_user(self.agent).create({})
        self.assertTrue(wizard.has_origins)


@tagged("post_install", "-at_install")
class TestNoDocumentPages(ReadingCase):
    def test_without_the_addon(self):
        if "document.page" in self.env:
            self.skipTest("document_page is installed")
        with self.assertRaises(article_file.FileFault):
            self.env["spoc.article.exchange"]._spoc_read_pages()
        wizard = self.env["spoc.article.import"].with_user(self.agent).create({})
        self.assertFalse(wizard.has_origins)
