"""The reading of search texts, alone."""

import random
import unicodedata

from odoo.tests import BaseCase

from .. import search_query
from ..search_query import analyse, distance, fold, likeness


class TestSearchQuery(BaseCase):
    def test_words(self):
        self.assertEqual(
            analyse("Printer  TONER, empty!").words, ("printer", "toner", "empty")
        )
        self.assertEqual(analyse("printer printer").words, ("printer",))
        self.assertEqual(
            analyse("hr@nordvik.example").words, ("hr", "nordvik", "example")
        )
        # The department and the pronoun are spelt alike.
        self.assertEqual(analyse("IT").words, ("it",))
        self.assertEqual(analyse("P-3-14").words, ("p", "3", "14"))

    def test_stop_words_go_unless_there_is_nothing_else(self):
        self.assertEqual(
            analyse("how do I reset my password").words, ("reset", "password")
        )
        self.assertEqual(
            analyse("как мне сбросить пароль").words, ("сбросить", "пароль")
        )
        self.assertEqual(analyse("hur byter jag lösenord").words, ("byter", "losenord"))
        self.assertEqual(analyse("who are you").words, ("who", "are", "you"))

    def test_mixed_languages(self):
        self.assertEqual(
            analyse("принтер does not печатает").words, ("принтер", "печатает")
        )

    def test_prefix(self):
        self.assertEqual(analyse("reset passw").prefix, "passw")
        self.assertEqual(analyse("reset passw ").prefix, "")
        self.assertEqual(analyse("reset password.").prefix, "")
        self.assertEqual(analyse("p").prefix, "")
        self.assertEqual(analyse("reset th").prefix, "th")
        self.assertEqual(analyse("reset the").prefix, "")

    def test_fold(self):
        self.assertEqual(fold("Ёлка ÅÄÖ é ﬁ ß Ø"), "елка aao e fi ss o")
        # A letter of its own, not a letter with an accent.
        self.assertEqual(fold("йод"), "йод")
        self.assertEqual(fold(unicodedata.normalize("NFD", "йод Ёж")), "йод еж")

    def test_any_text_is_safe(self):
        rng = random.Random(5)
        alphabet = "aбå'\"\\:*&|!()<>-_%;\x00\n\u202e\ud800😀0９ "
        for _round in range(500):
            text = "".join(rng.choice(alphabet) for _n in range(rng.randint(0, 60)))
            plan = analyse(text)
            for word in plan.words:
                self.assertTrue(word.isalnum(), text)
                self.assertLessEqual(len(word), search_query.MAX_WORD)
            self.assertTrue(not plan.prefix or plan.prefix in plan.words)
        for odd in (None, 5, [], {}, b"x"):
            self.assertFalse(analyse(odd))

    def test_long_texts_are_cut(self):
        plan = analyse(" ".join(f"word{number}" for number in range(500)))
        self.assertEqual(len(plan.words), search_query.MAX_WORDS)
        self.assertLessEqual(len(analyse("x" * 5000).words[0]), search_query.MAX_WORD)

    def test_distance(self):
        for one, other, expected in (
            ("printer", "printer", 0),
            ("printer", "pritner", 1),
            ("printer", "prnter", 1),
            ("printer", "printerr", 1),
            ("printer", "prynter", 1),
            ("printer", "pirntre", 2),
            ("printer", "planter", 2),
        ):
            self.assertEqual(distance(one, other, 3), expected, other)
            self.assertEqual(distance(other, one, 3), expected, other)
        self.assertEqual(distance("printer", "computer", 2), 3)
        self.assertEqual(distance("a", "abcdef", 2), 3)

    def test_likeness(self):
        heading = "my printer does not print toner"
        self.assertEqual(likeness(analyse("printer "), heading), 1.0)
        self.assertGreater(likeness(analyse("pritner "), heading), 0.5)
        self.assertEqual(likeness(analyse("computer "), heading), 0.0)
        # Short words are no typos of one another.
        self.assertEqual(likeness(analyse("dog "), "dig"), 0.0)
        self.assertGreater(
            likeness(analyse("pritner tonner "), heading),
            likeness(analyse("pritner "), heading),
        )
