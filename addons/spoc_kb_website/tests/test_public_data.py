import json

from odoo.tests import BaseCase, tagged
from odoo.tools.json import scriptsafe

from .. import public_data

ARTICLE = {
    "kind": "answer",
    "title": "How?",
    "summary": "So",
    "body": "<p>Like <b>this</b></p>",
    "url": "https://x.example/help/how-1",
    "lang": "en-US",
    "published": "2026-11-24",
    "changed": "",
    "publisher": "Co",
}


@tagged("post_install", "-at_install")
class TestPublicData(BaseCase):
    def _describe(self, **values):
        return public_data.describe({**ARTICLE, **values})

    def test_kinds(self):
        question = self._describe()
        self.assertEqual(question["@type"], "FAQPage")
        entity = question["mainEntity"][0]
        self.assertEqual(entity["name"], "How?")
        self.assertEqual(entity["acceptedAnswer"]["text"], "Like this")
        steps = "<p>x</p><ol><li>One</li><li><p>Two</p></li><li></li></ol>"
        howto = self._describe(kind="howto", body=steps)
        self.assertEqual(howto["@type"], "HowTo")
        self.assertEqual([step["text"] for step in howto["step"]], ["One", "Two"])
        for kind in ("howto", "known_error", "escalation"):
            self.assertEqual(self._describe(kind=kind)["@type"], "TechArticle")

    def test_nothing_ends_the_script(self):
        evil = "</script><script>alert(1)</script>"
        data = self._describe(title=evil, summary=evil, body=f"<p>&lt;{evil}</p>")
        text = str(scriptsafe.dumps(data).__html__())
        self.assertNotIn("<", text)
        self.assertEqual(json.loads(text)["mainEntity"][0]["name"], evil)
