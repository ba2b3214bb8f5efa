import re

from odoo.tests import BaseCase, tagged

from .. import article_html

LONG = "<h1>First</h1><p>a</p><h3>Then</h3><p>b</p><h1>Last</h1><p>c</p>"


@tagged("post_install", "-at_install")
class TestArticleHtml(BaseCase):
    def _anchors(self, words, **kwargs):
        return article_html.with_anchors(words, **kwargs)

    def test_headings_go_down_without_gaps(self):
        words, contents = self._anchors(LONG)
        self.assertEqual(re.findall(r"<(h\d)", words), ["h2", "h3", "h2"])
        self.assertEqual([part["level"] for part in contents], [0, 1, 0])
        self.assertEqual(
            [part["id"] for part in contents], ["part-first", "part-then", "part-last"]
        )

    def test_ids_are_unique_in_every_alphabet(self):
        words = "<h2>Что делать?</h2><h2>Что делать?</h2><h2>!!!</h2><h2>Å å</h2>"
        _words, contents = self._anchors(words)
        self.assertEqual(
            [part["id"] for part in contents],
            ["part-что-делать", "part-что-делать-2", "part-1", "part-å-å"],
        )

    def test_own_anchors_stay_the_page_s_do_not(self):
        words, contents = self._anchors(
            '<h2 id="spoc_feedback">A</h2><h2 id="two">B</h2><p id="wrap">x</p>'
        )
        self.assertEqual([part["id"] for part in contents], ["part-a", "two"])
        self.assertNotIn("spoc_feedback", words)
        self.assertNotIn('"wrap"', words)

    def test_text_never_becomes_markup(self):
        words, contents = self._anchors(
            "<h2>&lt;script&gt;alert(1)&lt;/script&gt;</h2>&lt;b&gt;", label="“%s”"
        )
        self.assertNotIn("<script", words)
        self.assertNotIn("<b>", words)
        self.assertEqual(contents[0]["text"], "<script>alert(1)</script>")

    def test_a_percent_sign_in_a_heading(self):
        words, _contents = self._anchors("<h2>100 % done %s</h2>", label="Link to “%s”")
        self.assertIn("Link to “100 % done %s”", words)

    def test_anything(self):
        for words in ("", None, "text", "<p>", "<h2></h2>", "<!-- x --><p>y</p>"):
            self.assertIsInstance(self._anchors(words)[0], str)
        self.assertEqual(self._anchors("<p>a</p>tail")[0], "<p>a</p>tail")

    def test_tables_and_pictures(self):
        words, _contents = self._anchors(
            '<table><tr><td><img src="a.png"></td></tr></table>after'
        )
        self.assertIn('<div class="spoc_article_table" tabindex="0"><table>', words)
        self.assertIn('alt=""', words)
        self.assertTrue(words.endswith("</div>after"))
