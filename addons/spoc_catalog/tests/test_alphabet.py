"""Names in the order of the reader's alphabet."""

from odoo.tests import BaseCase, tagged

from ..alphabet import OTHER, letter, sort_key


@tagged("post_install", "-at_install")
class TestAlphabet(BaseCase):
    def assertOrder(self, lang, *names):
        mixed = sorted(names, key=lambda name: (len(name), name))
        self.assertEqual(
            sorted(mixed, key=lambda name: sort_key(name, lang)), list(names)
        )

    def test_swedish(self):
        self.assertOrder(
            "sv_SE", "2 saker", "apa", "Élan", "Zebra", "Åka", "Ärt", "Öl", "Яма"
        )
        self.assertEqual(letter("åka", "sv_SE"), "Å")

    def test_russian(self):
        self.assertOrder(
            "ru_RU", "Арка", "Ёлка", "Ель", "Жук", "Ива", "Йод", "Юла", "Zoom"
        )
        self.assertEqual(letter("ёлка", "ru_RU"), "Е")
        self.assertEqual(letter("йод", "ru_RU"), "Й")

    def test_english(self):
        self.assertOrder("en_US", "a car", "Åka", "apple", "Ärt", "Öl", "Zoom", "Арка")
        self.assertEqual(letter("Åka", "en_US"), "A")
        self.assertEqual(letter("Øl", "en_US"), "O")

    def test_danish_and_polish(self):
        self.assertOrder("da_DK", "Zoo", "Æble", "Øl", "Ål")
        self.assertOrder("pl_PL", "lato", "Łódź", "mama", "zupa", "źle", "żaba")

    def test_case_and_accents_only_tell_apart(self):
        self.assertOrder("en_US", "resume", "resumes", "Résumés at work")
        self.assertNotEqual(sort_key("a", "en_US"), sort_key("A", "en_US"))

    def test_odd_names(self):
        for name in ("", None, "  ", "!!!", "2 things", "«»"):
            self.assertEqual(letter(name, "sv_SE"), OTHER, name)
        # Quotation marks are not what a name begins with.
        self.assertEqual(letter("«Kök»", "sv_SE"), "K")
        self.assertEqual(letter("日本", "en_US"), "日")
        self.assertEqual(letter("ab", None), "A")
