"""Public pages: what the world must not see first, then what it gets."""

import json
import re
from urllib.parse import quote

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from odoo.addons.spoc_kb.tests.test_article_reading import ReadingCase

WORD = "quuxonaut"


@tagged("post_install", "-at_install")
class TestPublic(HttpCase, ReadingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.world = cls.env.ref("spoc_kb_website.audience_public")
        cls.everyone = cls.env["spoc.audience"].create(
            {"name": "Signed in", "scope": "everyone"}
        )
        cls.shown = cls._say("open", audience_ids=[Command.set(cls.world.ids)])
        cls.signed_in = cls._say("signed in")
        cls.for_everyone = cls._say(
            "everyone", audience_ids=[Command.set(cls.everyone.ids)]
        )
        cls.for_staff = cls._say("staff", audience_ids=[Command.set(cls.employees.ids)])
        cls.secret = cls._secret(name=f"{WORD} zephyrcase")
        cls.draft = cls._draft(
            name=f"{WORD} draft", audience_ids=[Command.set(cls.world.ids)]
        )
        cls.retired = cls._say("retired", audience_ids=[Command.set(cls.world.ids)])
        cls.retired.action_retire()
        cls.hidden = (
            cls.signed_in
            | cls.for_everyone
            | cls.for_staff
            | cls.secret
            | cls.draft
            | cls.retired
        )

    @classmethod
    def _say(cls, name, **values):
        return cls._published(
            name=f"{WORD} {name}", body=f"<h2>{WORD}</h2><p>{name} words</p>", **values
        )

    # ---- Not for the world ----

    def test_visitors_read_nothing_else(self):
        visitor = self.env.ref("base.public_user")
        Article = self.env["spoc.article"].with_user(visitor)
        mine = self.hidden | self.shown
        self.assertEqual(Article.search([("id", "in", mine.ids)]), self.shown)
        self.assertEqual(Article._spoc_search(WORD, limit=50), self.shown)
        for article in self.hidden:
            with self.assertRaises(AccessError):
                article.with_user(visitor).read(["name"])
        for operation in ("write", "create", "unlink"):
            self.assertFalse(Article.has_access(operation))
        for name in (
            "spoc.article.feedback",
            "spoc.article.flag",
            "spoc.article.inner",
        ):
            self.assertFalse(self.env[name].with_user(visitor).has_access("read"))

    def test_pages(self):
        for login in (None, "kb_customer", "kb_agent", "kb_hr", "kb_admin"):
            self.authenticate(login, login)
            for article in self.hidden.sudo():
                for path in (article._spoc_public_url(), f"/help/x-{article.id}"):
                    answer = self.url_open(path, allow_redirects=False)
                    self.assertEqual(answer.status_code, 404, (login, article.name))
                    if WORD not in path:
                        self.assertNotIn(WORD, answer.text)
            for path in ("/help", f"/help?q={WORD}", "/sitemap.xml"):
                text = self.url_open(path).text
                self.assertIn(self.shown._spoc_public_url(), text, (login, path))
                numbers = {
                    int(n) for n in re.findall(r"/help/[^\"<]*?-(\d+)[\"<]", text)
                }
                self.assertFalse(numbers & set(self.hidden.ids), (login, path))

    def test_odd_addresses(self):
        for path in ("x", "-", "0", "x-0", "x-99999999999999", "x-1;y"):
            answer = self.url_open(f"/help/{path}", allow_redirects=False)
            self.assertIn(answer.status_code, (404, 400), path)
        for query in ("page=x", "page=-1", "page=999", "q=%00", "q=" + "x" * 999):
            self.assertEqual(self.url_open(f"/help?{query}").status_code, 200, query)

    def test_a_confidential_desk_shows_nothing(self):
        with self.assertRaises(ValidationError):
            self._draft(
                self.hr,
                desk_id=self.secret_desk.id,
                audience_ids=[Command.set(self.world.ids)],
            )
        self.desk.privacy = "confidential"
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertFalse(self.shown.is_public)
        answer = self.url_open(self.shown._spoc_public_url())
        self.assertEqual(answer.status_code, 404)

    def test_a_narrowed_audience_is_not_the_world(self):
        with self.assertRaises(ValidationError):
            self.employees.is_public = True
        with self.assertRaises(ValidationError):
            self.world.scope = "customers"

    def test_the_inner_part_and_tokens_stay_inside(self):
        article, picture, file = self._with_picture(
            name=f"{WORD} picture",
            audience_ids=[Command.set(self.world.ids)],
            inner_body="<p>innernode</p>",
        )
        text = self.url_open(article._spoc_public_url()).text
        self.assertNotIn("innernode", text)
        self.assertNotIn("access_token", text)
        source = f"/help/{article.id}/file/{picture.id}"
        self.assertIn(f'src="{source}"', text)
        self.assertEqual(self.url_open(source).headers["Content-Type"], "image/png")
        kept = self.url_open(f"/help/{article.id}/file/{file.id}?download=1")
        self.assertIn(b"quasarfile", kept.content)
        answer = self.url_open(f"/help/{self.shown.id}/file/{file.id}")
        self.assertEqual(answer.status_code, 404)
        article.with_user(self.agent).action_retire()
        self.assertEqual(self.url_open(source).status_code, 404)

    # ---- For the world ----

    def test_page(self):
        answer = self.url_open(self.shown._spoc_public_url(), allow_redirects=False)
        self.assertEqual(answer.status_code, 200)
        text = answer.text
        address = self.shown._spoc_public_address(self.env["website"].browse(1))
        canonical = re.findall(r'<link rel="canonical" href="([^"]+)"', text)
        self.assertEqual(len(canonical), 1)
        self.assertTrue(canonical[0].endswith(self.shown._spoc_public_url()))
        self.assertIn(f"<title>{self.shown.name}", text)
        self.assertIn('property="og:title"', text)
        data = re.search(
            r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL
        )[1]
        data = json.loads(data)
        self.assertEqual(data["url"].split("/", 3)[3], address.split("/", 3)[3])
        self.assertIn("open words", json.dumps(data))

    def test_one_address(self):
        wanted = self.shown._spoc_public_url()
        for path in (f"/help/{self.shown.id}", f"/help/old-name-{self.shown.id}"):
            answer = self.url_open(path, allow_redirects=False)
            self.assertEqual(answer.status_code, 301)
            self.assertTrue(answer.headers["Location"].endswith(wanted))

    def test_merged_articles_lead_on(self):
        old = self._say("old", audience_ids=[Command.set(self.world.ids)])
        link = old._spoc_public_url()
        old._spoc_merge_into(self.shown)
        answer = self.url_open(link, allow_redirects=False)
        self.assertEqual(answer.status_code, 301)
        other = self._say("other", audience_ids=[Command.set(self.world.ids)])
        link = other._spoc_public_url()
        other._spoc_merge_into(self.for_staff)
        self.authenticate("kb_agent", "kb_agent")
        self.assertEqual(self.url_open(link).status_code, 404)

    def test_languages(self):
        self.env["res.lang"]._activate_lang("sv_SE")
        website = self.env["website"].browse(1)
        swedish = self.env.ref("base.lang_sv_SE")
        website.language_ids = [Command.link(swedish.id)]
        action = self.shown.with_user(self.agent).action_add_translation()
        translation = self.env["spoc.article"].browse(action["res_id"])
        translation.write({"lang": "sv_SE", "name": "Hur skriver jag ut på svenska?"})
        translation.action_submit()
        translation.with_user(self.colleague).action_publish()
        text = self.url_open(self.shown._spoc_public_url()).text
        pairs = dict(
            re.findall(r'rel="alternate" hreflang="([^"]+)" href="([^"]+)"', text)
        )
        self.assertEqual(set(pairs), {"en-US", "sv-SE"})
        path = f"/{swedish.url_code}{quote(translation._spoc_public_url())}"
        self.assertTrue(pairs["sv-SE"].endswith(path), pairs)
        answer = self.url_open(path, allow_redirects=False)
        self.assertEqual(answer.status_code, 200)
        self.assertIn('<html lang="sv-SE"', answer.text)
        # The English one asked for in Swedish leads to its translation.
        answer = self.url_open(
            f"/{swedish.url_code}{self.shown._spoc_public_url()}", allow_redirects=False
        )
        self.assertEqual(answer.status_code, 303)
        self.assertTrue(answer.headers["Location"].endswith(path))
        self.assertIn(path, self.url_open("/sitemap.xml").text)
