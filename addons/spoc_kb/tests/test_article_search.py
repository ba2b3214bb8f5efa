from odoo.fields import Command
from odoo.tests import tagged

from .common import KnowledgeCase


@tagged("post_install", "-at_install")
class TestArticleSearch(KnowledgeCase):
    def _titles(self, user, text, limit=5):
        sections = (
            self.env["spoc.window"].with_user(user)._spoc_search_sections(text, limit)
        )
        return {section["key"]: section["items"] for section in sections}

    def test_answers_come_first(self):
        self._published(name="How do I print on the quasarnode?")
        self.service.name = "Quasarnode"
        sections = (
            self.env["spoc.window"]
            .with_user(self.requester)
            ._spoc_search_sections("quasarnode", 5)
        )
        self.assertEqual(sections[0]["key"], "articles")
        self.assertEqual(sections[1]["key"], "services")

    def test_found_by_keyword_summary_and_body(self):
        article = self._published(
            keywords="plotomat", summary="Use the glimmertray", body="<p>vortexink</p>"
        )
        for word in ("plotomat", "glimmertray", "vortexink", "print"):
            items = self._titles(self.requester, word).get("articles", [])
            self.assertIn(article._spoc_url(), [item["url"] for item in items], word)

    def find(self, user, text, lang="en_US", **kwargs):
        articles = self.env["spoc.article"].with_user(user).with_context(lang=lang)
        return articles._spoc_search(text, **kwargs).sudo()

    def test_found_however_it_is_typed(self):
        article = self._published(name="Install the quasarnode driver")
        for text in (
            "quasarnode",
            "drivers installing",
            "qausarnode",
            "quasarnod drivr",
            "quasarn",
            "quasar node",
            "йгфыфктщву",
            "QUÁSARNODE",
        ):
            with self.subTest(text):
                self.assertEqual(self.find(self.requester, text)[:1], article)

    def test_the_forbidden_is_never_found(self):
        secret = self._secret(name="Zebramussel salaries", body="<p>Quokkabonus</p>")
        for text in (
            "zebramussel",
            "zebramusel",
            "zebramus",
            "zebra mussel",
            "яуикфьгыыуд",
            "quokkabonus",
            "quokkabonsu salary",
        ):
            with self.subTest(text):
                for user in (self.requester, self.customer, self.stranger):
                    self.assertNotIn(secret, self.find(user, text, limit=50))
                self.assertEqual(self.find(self.hr, text)[:1], secret)

    def test_the_forbidden_takes_no_place(self):
        """However many better ones are closed, the open one is found."""
        for number in range(8):
            self._secret(name=f"Quokka {number}", body="<p>Quokka</p>")
        article = self._published(name="Something", body="<p>A quokka at last</p>")
        self.assertEqual(self.find(self.requester, "quokka", limit=3), article)

    def test_own_language_first(self):
        self.env["res.lang"]._activate_lang("sv_SE")
        english = self._published(name="Quokka", body="<p>wombat</p>")
        swedish = self._published(name="Quokka", body="<p>wombat</p>", lang="sv_SE")
        for lang, first in (("en_US", english), ("sv_SE", swedish)):
            found = self.find(self.requester, "quokka wombat", lang)
            self.assertEqual(found[:1], first)
            self.assertEqual(found, english | swedish)

    def test_queries_of_a_search(self):
        self._published(name="Install the quasarnode driver")
        self.find(self.requester, "quasarnode ", limit=1)
        with self.assertQueryCount(2):
            self.find(self.requester, "quasarnode ", limit=1)

    def test_nothing_found_no_section(self):
        self.assertNotIn("articles", self._titles(self.requester, "qqqqzzzz"))

    def test_translations_take_one_place(self):
        self.env["res.lang"]._activate_lang("sv_SE")
        original = self._published(name="Quasarnode one")
        translation = self._draft(
            name="Quasarnode två", lang="sv_SE", translation_group_id=original.id
        )
        translation.action_submit()
        translation.with_user(self.colleague).action_publish()
        items = self._titles(self.requester, "quasarnode")["articles"]
        self.assertEqual([item["title"] for item in items], ["Quasarnode one"])
        self.requester.lang = "sv_SE"
        window = self.env["spoc.window"].with_user(self.requester)
        sections = window.with_context(lang="sv_SE")._spoc_search_sections(
            "quasarnode", 5
        )
        self.assertEqual(
            [item["title"] for item in sections[0]["items"]], ["Quasarnode två"]
        )

    def test_service_shows_its_answers(self):
        article = self._published(service_ids=[Command.link(self.service.id)])
        self._draft(name="Draft", service_ids=[Command.link(self.service.id)])
        service = self.service.with_user(self.requester)
        self.assertEqual(service._spoc_answers(), article)
        self.assertEqual(service.article_count, 1)
        action = self.service.action_view_articles()
        self.assertIn(article, self.env["spoc.article"].search(action["domain"]))

    def test_services_without_an_answer(self):
        lonely = self.service.copy({"name": "Lonely"})
        self._published(service_ids=[Command.link(self.service.id)])
        found = self.env["spoc.service"].search(
            [("article_ids", "not any", [("state", "=", "published")])]
        )
        self.assertIn(lonely, found)
        self.assertNotIn(self.service, found)

    def test_first_page_shows_what_is_read(self):
        often, seldom, never = (
            self._published(name=name) for name in ("Often", "Seldom", "Never")
        )
        secret = self._secret()
        for user in (self.requester, self.customer):
            often.with_user(user)._spoc_record_use()
        seldom.with_user(self.requester)._spoc_record_use()
        for user in (self.hr, self.hr_colleague, self.stranger):
            secret.with_user(user)._spoc_record_use()
        window = self.env["spoc.window"]
        shown = window.with_user(self.requester)._prepare_home_values()["answers"]
        ours = shown & (often | seldom | never | secret)
        self.assertEqual(ours.mapped("name"), ["Often", "Seldom"])
        self.assertIn(
            secret, window.with_user(self.hr)._prepare_home_values()["answers"]
        )

    def test_search_costs_few_queries(self):
        articles = [self._published(name=f"Quasarnode {number}") for number in range(5)]
        self.env.flush_all()
        window = self.env["spoc.window"].with_user(self.requester)
        window._spoc_search_sections("quasarnode", 5)
        self.env.invalidate_all()
        with self.assertQueryCount(20):
            found = window._spoc_search_sections("quasarnode", 5)
        self.assertEqual(len(found[0]["items"]), len(articles))
