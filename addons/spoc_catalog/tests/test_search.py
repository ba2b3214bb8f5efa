"""Search in the database: languages, forms, typos, rights."""

import random

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..models import spoc_search_mixin
from .common import CatalogCase


@tagged("post_install", "-at_install")
class TestSearch(CatalogCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for code in ("ru_RU", "sv_SE"):
            cls.env["res.lang"]._activate_lang(code)
        cls.printer = cls._service(
            "My printer does not print",
            summary="Paper jam and bad prints",
            synonyms="toner, copier",
            description="<p class='invisiblename'>We bring cartridges &amp; paper</p>",
        )
        cls.printer.with_context(lang="ru_RU").name = "Не печатает принтер"
        cls.printer.with_context(lang="sv_SE").name = "Min skrivare skriver inte ut"
        cls.password = cls._service(
            "Forgotten password", synonyms="login, account locked, код IT-000123"
        )
        cls.password.with_context(lang="ru_RU").name = "Забытый пароль, ещё раз"
        cls.password.with_context(lang="sv_SE").name = "Glömt lösenord"
        cls.scene = cls.printer | cls.password | cls.open_service

    def find(self, text, user=None, lang="en_US", **kwargs):
        Service = self.env["spoc.service"].with_user(user or self.requester)
        return Service.with_context(lang=lang)._spoc_search(
            text, [("id", "in", (self.scene | self.draft_service).ids)], **kwargs
        )

    def test_words_and_their_forms(self):
        for text in (
            "printer",
            "Printers printing",
            "принтеры не печатают",
            "принтером",
            "skrivaren",
            "skrivarna skriva",
            "cartridge",
            "toner",
        ):
            for lang in ("en_US", "ru_RU", "sv_SE"):
                with self.subTest(text, lang=lang):
                    self.assertEqual(self.find(text, lang=lang)[:1], self.printer)

    def test_a_code_is_found_as_it_stands(self):
        others = [
            self._service(f"Glasses {number}", description="<p>Lens, lens, lens</p>")
            for number in range(6)
        ]
        code = self._service(
            "Sheets",
            description="<p>Many words about the counting of letters with LEN here</p>",
        )
        self.scene |= self.env["spoc.service"].concat(code, *others)
        self.assertEqual(self.find("LEN")[:1], code)
        self.assertNotEqual(self.find("lens")[:1], code)

    def test_spelling(self):
        for text in (
            "losenord",
            "LÖSENORD",
            "glomt",
            "еще",
            "ЕЩЁ",
            "пароли",
            "it-000123",
        ):
            with self.subTest(text):
                self.assertEqual(self.find(text)[:1], self.password)

    def test_typos(self):
        for text in ("pritner", "prnter", "printter", "принтр", "skirvare"):
            with self.subTest(text):
                self.assertEqual(self.find(text)[:1], self.printer)
        for text in ("pasword", "forgoten", "паролл", "lösneord", "forgotten pasword"):
            with self.subTest(text):
                self.assertEqual(self.find(text)[:1], self.password)

    def test_while_typing(self):
        for text in ("pri", "print", "my prin", "скр", "прин", "skriv"):
            with self.subTest(text):
                expected = self.printer if text != "скр" else self.printer.browse()
                self.assertEqual(self.find(text)[:1], expected)
        self.assertEqual(self.find("passw")[:1], self.password)

    def test_mixed_languages(self):
        self.assertEqual(self.find("принтер jam")[:1], self.printer)
        self.assertEqual(self.find("glömt пароль")[:1], self.password)

    def test_the_better_hit_comes_first(self):
        body = self._service("Something else", description="<p>printer print</p>")
        self.scene |= body
        self.assertEqual(self.find("printer"), self.printer | body)
        self.assertEqual(self.find("forgotten printer toner")[:1], self.printer)

    def test_markup_is_not_searched(self):
        for text in ("invisiblename", "class", "amp"):
            self.assertNotIn(self.printer, self.find(text + " "), text)

    def test_without_trigrams(self):
        self.patch(self.env.registry, "has_trigram", False)
        self.assertEqual(self.find("printer"), self.printer)
        self.assertEqual(self.find("pritner")[:1], self.printer)
        # The first two letters have to be right then.
        self.assertFalse(self.find("rpinter"))

    def test_keyboard_layout(self):
        self.assertEqual(self.find("ghbynth")[:1], self.printer)
        self.assertEqual(self.find("зфыыцщкв")[:1], self.password)
        self.assertEqual(self.find("l;senord")[:1], self.password)

    def test_compounds(self):
        badge = self._service("Badge")
        badge.with_context(lang="sv_SE").name = "Passerkort till parkeringsplats"
        self.scene |= badge
        for text in ("passer kort", "parkering plats", "parkering", "plats"):
            with self.subTest(text):
                self.assertEqual(self.find(text, lang="sv_SE")[:1], badge)
        room = self._service("Room", summary="Mötesrum med skärm")
        room.with_context(lang="sv_SE").summary = "Mötesrum med skärm"
        self.scene |= room
        self.assertEqual(self.find("skärmmöte", lang="sv_SE")[:1], room.browse())
        self.assertEqual(self.find("mötes rum", lang="sv_SE")[:1], room)

    def test_limit_and_nothing(self):
        self.assertEqual(len(self.find("printer password lamp", limit=2)), 2)
        for text in ("", "   ", "!!!", None, ["x"], "'", "\x00"):
            self.assertFalse(self.find(text), repr(text))
        self.assertFalse(self.find("zzzzqqqq"))

    def test_any_text_is_safe(self):
        rng = random.Random(9)
        alphabet = "aбå'\"\\:*&|!()<>-_%;\x00\n😀0 printer"
        for _round in range(60):
            text = "".join(rng.choice(alphabet) for _n in range(rng.randint(0, 40)))
            self.find(text)

    def test_rights_and_counts(self):
        self.assertFalse(self.find("secret plan"))
        self.assertEqual(self.find("secret plan", user=self.agent), self.draft_service)
        self.assertFalse(self.find("secert plna"), "Not by a typo either.")
        inner = self._audience("employees", self.works)
        self.printer.audience_ids = inner
        self.assertFalse(self.find("printer"))
        self.assertFalse(self.find("pritner", user=self.customer))
        self.assertEqual(self.find("printer", user=self.colleague), self.printer)

    def test_words_of_others_find_nothing(self):
        """A word only a hidden record has widens the question, never the answer."""
        word = self.env["spoc.search.word"]
        self.draft_service.name = "Zebramussel"
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT count(*) FROM spoc_search_word WHERE word = %s", ["zebramussel"]
        )
        self.assertTrue(self.env.cr.fetchone()[0], "The vocabulary knows it.")
        for text in (
            "zebramussel",
            "zebramusel",
            "zebram",
            "яуикфьгыыуд",
            "zebra mussel",
        ):
            with self.subTest(text):
                self.assertFalse(self.find(text))
                self.assertEqual(self.find(text, user=self.agent), self.draft_service)
        for user in (self.requester, self.agent, self.env.ref("base.user_admin")):
            with self.assertRaises(AccessError):
                word.with_user(user).search([])

    def test_pending_changes_count(self):
        self.open_service.name = "Defective umbrella"
        self.assertEqual(self.find("umbrella"), self.open_service)
        self.open_service.name = "Broken lamp"
        self.assertFalse(self.find("umbrella"))

    def test_archived_is_not_found(self):
        self.printer.active = False
        self.assertFalse(self.find("printer"))

    def test_query_count(self):
        self.find("printer")
        # Vocabulary, documents.
        self.forget()
        with self.assertQueryCount(2):
            self.find("printer ", limit=1)
        # Asked again: documents.
        with self.assertQueryCount(1):
            self.find("printer ", limit=1)
        self.env.invalidate_all()
        self.find("pritner")
        self.forget()
        # The same, what looks alike, and once more when few are found.
        with self.assertQueryCount(4):
            self.env.invalidate_all()
        self.find("pritner")
        self.forget()
        with self.assertQueryCount(4):
            self.find("pritner skirvare glomt losenord tonre coipes принтр паролл")

    def forget(self):
        self.env["spoc.service"]._spoc_search_forget()

    def test_several_models_are_read_for_at_once(self):
        services = self.env["spoc.service"].with_user(self.requester)
        desks = self.env["spoc.desk"].with_user(self.requester)
        services._spoc_search("pritner lamp ", limit=1)
        desks._spoc_search("pritner lamp ", limit=1)
        self.forget()
        # The vocabulary, what looks alike.
        with self.assertQueryCount(2):
            services._spoc_search_read("pritner lamp ", ["spoc.desk"])
        # Documents of each, and once more when few are found.
        with self.assertQueryCount(4):
            services._spoc_search("pritner lamp ", limit=1)
            desks._spoc_search("pritner lamp ", limit=1)

    def test_what_was_read_is_forgotten_with_a_write(self):
        self.assertFalse(self.find("umbrella"))
        umbrella = self._service("Umbrellas")
        self.scene |= umbrella
        self.assertEqual(self.find("umbrella"), umbrella)
        self.assertFalse(self.find("parasol "))
        umbrella.name = "Parasol"
        self.assertEqual(self.find("parasol "), umbrella)

    def test_a_heading_with_common_words_is_found(self):
        """However many texts have the words, the heading that has them all leads."""
        self.patch(spoc_search_mixin, "CANDIDATES", 2)
        for number in range(6):
            self._service(f"Torch {number}", description="<p>glow and worm</p>")
        both = self._service("Glow worm")
        self.env["spoc.search.word"]._spoc_refresh(self.env["spoc.service"])
        found = (
            self.env["spoc.service"]
            .with_user(self.requester)
            ._spoc_search("worms glow ", limit=1)
        )
        self.assertEqual(found, both)

    def test_init_is_idempotent(self):
        columns = self._columns()
        self.env["spoc.service"].init()
        self.assertEqual(self._columns(), columns)

    def test_a_changed_declaration_rebuilds(self):
        Service = type(self.env["spoc.service"])
        columns = self._columns()
        self.patch(Service, "_spoc_search_weights", {"A": ("name",)})
        self.env["spoc.service"].init()
        self.assertNotEqual(self._columns(), columns)
        self.assertFalse(self.find("toner"))
        self.assertTrue(self.find("printer"))

    def test_same_folding_on_both_sides(self):
        from ..search_query import analyse

        for text in ("Ёж", "ÅÄÖ", "café", "straße", "ﬁle", "йод", "Øre", "Łódź"):
            self.env.cr.execute("SELECT spoc_search_fold(%s)", [text])
            with self.subTest(text):
                self.assertEqual(
                    self.env.cr.fetchone()[0].strip(), " ".join(analyse(text).words)
                )

    def _columns(self):
        self.env.cr.execute(
            """SELECT attname, attnum, col_description(attrelid, attnum)
               FROM pg_attribute WHERE attrelid = 'spoc_service'::regclass
               AND attname IN ('spoc_fts', 'spoc_head') AND NOT attisdropped"""
        )
        return self.env.cr.fetchall()
