"""Words that mean the same: what people say finds what is written."""

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .common import CatalogCase


@tagged("post_install", "-at_install")
class TestSearchSynonym(CatalogCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.synonym = cls.env["spoc.search.synonym"]
        cls.service = cls._service("Quokka enclosure", description="<p>wombats</p>")

    def find(self, text, user=None):
        services = self.env["spoc.service"].with_user(user or self.requester)
        return services._spoc_search(text)

    def test_one_finds_the_other(self):
        self.assertNotIn(self.service, self.find("marsupials"))
        same = self.synonym.create({"lang": "en_US", "words": "marsupial, quokka"})
        for text in ("marsupial", "MARSUPIALS", "marsupials enclosure"):
            with self.subTest(text):
                self.assertEqual(self.find(text)[:1], self.service)
        same.active = False
        self.assertNotIn(self.service, self.find("marsupials"))

    def test_the_word_itself_comes_first(self):
        other = self._service("Marsupial")
        self.synonym.create({"lang": "en_US", "words": "marsupial, quokka"})
        self.assertEqual(self.find("marsupial ")[:2], other | self.service)
        self.assertEqual(self.find("quokka ")[:2], self.service | other)

    def test_only_in_languages_that_are_installed(self):
        self.assertNotIn("da_DK", dict(self.env["res.lang"].get_installed()))
        self.synonym.create({"lang": "da_DK", "words": "pungdyr, quokka"})
        self.assertNotIn(self.service, self.find("pungdyr"))

    def test_a_synonym_shows_nothing_hidden(self):
        self.synonym.create({"lang": "en_US", "words": "marsupial, zebramussel"})
        self.draft_service.name = "Zebramussel"
        self.assertNotIn(self.draft_service, self.find("marsupial"))
        self.assertIn(self.draft_service, self.find("marsupial", self.agent))

    def test_tidied(self):
        same = self.synonym.create({"lang": "en_US", "words": " a,b ;a\nc,, "})
        self.assertEqual(same.words, "a, b, c")

    def test_mistakes_are_told(self):
        for words in ("alone", "log in, enter", ", ".join(map(str, range(21)))):
            with self.subTest(words), self.assertRaises(ValidationError):
                self.synonym.create({"lang": "en_US", "words": words})

    def test_editors_alone_write(self):
        same = self.synonym.create({"lang": "en_US", "words": "marsupial, quokka"})
        same.with_user(self.editor).words = "marsupial, wombat"
        for user in (self.requester, self.agent, self.customer):
            with self.assertRaises(AccessError):
                same.with_user(user).words = "marsupial, lamp"

    def test_house_words(self):
        """They come once, and each line can be saved."""
        self.assertTrue(self.synonym.search_count([("lang", "=", "ru_RU")]))
        count = self.synonym.search_count([])
        self.synonym._load_house_words()
        self.assertEqual(self.synonym.search_count([]), count)
        self.synonym.search([]).unlink()
        self.synonym._load_house_words()
        self.assertEqual(
            set(self.synonym.search([]).mapped("lang")),
            {
                "en_US",
                "ru_RU",
                "sv_SE",
            },
        )
