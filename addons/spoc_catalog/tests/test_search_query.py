"""The reading of search texts, alone."""

import random
import unicodedata

from odoo.tests import BaseCase

from .. import search_concepts, search_query
from ..search_concepts import Entry, Vocabulary, concepts
from ..search_query import analyse, distance, fold, layouts

KNOWN = {"rare": (3, 1), "middle": (80, 10), "common": (700, 40)}


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

    def test_codes_are_meant_as_they_stand(self):
        self.assertEqual(
            analyse("error 0x80070005, KB-4711 and a_24").exact,
            {
                "0x80070005": "0x80070005",
                "kb": "KB-4711",
                "4711": "KB-4711",
                "a": "a_24",
                "24": "a_24",
            },
        )
        self.assertEqual(analyse("the LEN of (rowHeight)").exact["len"], "LEN")
        self.assertEqual(analyse("rowHeight").exact, {"rowheight": "rowHeight"})
        for text in ("HELP ME NOW", "Print e-mail", "2024", "or.else", "IT", ""):
            self.assertFalse(analyse(text).exact, text)

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

    def test_keyboard_layouts(self):
        for typed, meant in (
            ("ghbynth", ["принтер"]),
            ("[jkjlbkmybr", ["холодильник"]),
            ("jib,rf", ["ошибка"]),
            ("`krf", ["елка"]),
            ("зкштеук", ["printer"]),
            ("l;senord", ["losenord"]),
            ("ПАРОЛЬ", ["gfhjkm"]),
        ):
            with self.subTest(typed):
                self.assertIn(meant, layouts(typed))
        self.assertEqual(layouts("123"), [])

    def test_what_is_asked_first(self):
        plan = analyse("sid nummer ghbynth ")
        for form in ("sid", "nummer", "sidnummer", "sidsnummer"):
            self.assertIn(form, plan.forms())
        # Another keyboard layout only when nobody wrote it like this.
        self.assertIn("принтер", plan.readings({}))
        known = {word: {word: (1, 1)} for word in plan.words}
        self.assertFalse(plan.readings(known))
        self.assertFalse(analyse("ghbynt").readings({}, [Entry("x", "x", 1, 1)]))
        self.assertEqual(analyse("how to print").pairs(), [("to", "print")])
        plan = analyse("print all of the page numbers")
        self.assertEqual(plan.pairs(), [("page", "numbers")])
        self.assertLess(len(analyse(" ".join("abcdefgh")).forms()), 60)

    def test_doubtful_words(self):
        known = {"printer": {"printer": (50, 5)}}
        plan = analyse("pritner printer it-000123 abc ")
        self.assertEqual(plan.doubtful(known), ["pritner"])
        # Begun, and there are words that begin so.
        plan, begun = analyse("prin"), [Entry("printer", "printer", 5, 1)]
        self.assertEqual(plan.doubtful({}, begun), [])
        self.assertEqual(plan.doubtful({}), ["prin"])

    def concepts(self, text, known, total=1000, **answers):
        return concepts(analyse(text), Vocabulary(known, total=total, **answers))

    def expand(self, text, known=(), total=100, **answers):
        """{word: {spelling: weight}} of the concepts made of a text."""
        known = {word: {word: counts} for word, counts in dict(known).items()}
        made = self.concepts(text, known, total, **answers)
        return {
            concept.word: {
                spelling.strip("'"): weight
                for tier in concept.tiers
                for spelling, weight in dict.fromkeys(
                    tier.spellings, tier.weight
                ).items()
            }
            for concept in made
        }

    def test_a_typo_is_read_as_what_is_near(self):
        alike = {
            "pritner": [
                Entry("printer", "printer", 5, 1),
                Entry("pointer", "pointer", 9, 9),
                Entry("planner", "planner", 9, 9),
            ]
        }
        spelt = self.expand("pritner ", alike=alike)["pritner"]
        self.assertIn("printer", spelt)
        self.assertNotIn("planner", spelt)
        self.assertLess(spelt.get("pointer", 0), spelt["printer"])

    def test_a_rare_word_may_be_a_slip_somebody_made(self):
        alike = {"pritner": [Entry("printer", "printer", 90, 9)]}
        known = {"pritner": (1, 0)}
        spelt = self.expand("pritner ", known, alike=alike)["pritner"]
        self.assertGreater(1.0, spelt["printer"])
        alike = {"pritner": [Entry("printer", "printer", 3, 1)]}
        spelt = self.expand("pritner ", known, alike=alike)["pritner"]
        self.assertNotIn("printer", spelt)

    def test_a_beginning(self):
        completions = [Entry("printer", "printer", 5, 1)]
        spelt = self.expand("prin", completions=completions)["prin"]
        self.assertGreater(spelt["printer"], 0.5)
        spelt = self.expand("prin", {"prin": (3, 0)}, completions=completions)["prin"]
        self.assertLess(spelt["printer"], spelt["prin"])
        self.assertNotIn("printer", self.expand("prin ", {"prin": (3, 0)})["prin"])

    def test_compounds(self):
        joined = self.expand("sid nummer ", {"sidnummer": (4, 2), "sid": (9, 1)})
        self.assertIn("sidnummer", joined["sid"])
        self.assertIn("sidnummer", joined["nummer"])
        known = {"sid": (9, 1), "nummer": (9, 1)}
        apart = self.expand("sidnummer ", known, alike={"sidnummer": []})
        self.assertEqual(set(apart), {"sid", "nummer"})
        apart = self.expand("sidsnummer ", known, alike={"sidsnummer": []})
        self.assertEqual(set(apart), {"sid", "nummer"})
        both = self.expand(
            "sidnummer ", {**known, "sidnummer": (1, 0)}, alike={"sidnummer": []}
        )
        self.assertIn("(('sid') <-> ('nummer'))", both["sidnummer"])
        parts = {"nummer": [Entry("sidnummer", "sidnummer", 3, 3)]}
        spelt = self.expand("nummer ", {"nummer": (2, 0)}, compounds=parts)["nummer"]
        self.assertGreater(spelt["nummer"], spelt["sidnummer"])

    def test_another_layout_is_read_only_when_the_word_makes_no_sense(self):
        self.assertEqual(set(self.expand("ghbynth ", {"принтер": (3, 1)})), {"принтер"})
        known = {"ghbynth": (3, 1), "принтер": (3, 1)}
        self.assertEqual(set(self.expand("ghbynth ", known)), {"ghbynth"})

    def test_rare_words_tell_more(self):
        known = {word: {word: counts} for word, counts in KNOWN.items()}
        made = self.concepts("common rare middle ", known)
        self.assertEqual([c.word for c in made], ["rare", "middle", "common"])
        self.assertGreater(made[0].idf, 2 * made[2].idf)
        # What nobody wrote narrows nothing.
        made = self.concepts("common nowhere ", known)
        self.assertEqual([c.word for c in made], ["common"])

    def test_candidates(self):
        known = {word: {word: counts} for word, counts in KNOWN.items()}

        def ask(text, most, **answers):
            made = self.concepts(text, known, **answers)
            return search_concepts.candidates(made, 1000, most)

        self.assertEqual(ask("rare middle ", 400), (("'rare' | 'middle'", ""), True))
        (whole, heading), complete = ask("rare common ", 400)
        self.assertFalse(complete)
        # The common one alone chooses nothing but by the heading.
        self.assertEqual(
            whole, "('rare') | (('rare') & ('common')) | (('rare') & ('common'))"
        )
        self.assertEqual(heading, "'common' | (('rare') & ('common'))")
        (whole, heading), complete = ask("common ", 10)
        self.assertEqual((whole, heading, complete), ("('common')", "", False))

    def test_what_was_typed_comes_before_what_may_be_meant(self):
        known = {"rare": {"rare": (3, 1)}}
        same = {"rare": [Entry("often", "often", 900, 80)]}
        made = self.concepts("rare ", known, synonyms=same)
        (whole, heading), complete = search_concepts.candidates(made, 1000, 50)
        self.assertFalse(complete, "The synonyms are too many.")
        self.assertIn("'rare'", whole)
        self.assertNotIn("'often'", whole + heading)

    def test_the_commonest_are_not_read(self):
        """However common the words are, only so much of the index is read."""
        million = 1_000_000
        words = ("text", "page", "file", "menu")
        known = {word: {word: (400_000, 150_000)} for word in words}
        made = self.concepts("text page file menu ", known, million)
        (whole, heading), complete = search_concepts.candidates(made, million, 300)
        self.assertFalse(complete)
        self.assertFalse(heading)
        self.assertEqual(whole.count("&"), 3, "All together, nothing else.")
        whole, _heading = search_concepts.everything(made)
        self.assertEqual(whole.count("|"), 0)

    def test_words_that_tell_little(self):
        known = {
            word: {word: (count, 1)}
            for word, count in (("same", 1), ("send", 90), ("letter", 80), ("map", 70))
        }
        made = self.concepts("same send letter map ", known, common={"same"})
        small = made[-1]
        self.assertEqual((small.word, small.small), ("same", True))
        self.assertLess(small.idf, min(concept.idf for concept in made[:-1]))
        (whole, _heading), _complete = search_concepts.candidates(made, 1000, 400)
        self.assertNotIn("'same'", whole)
        # Among few words it may be one of the heading.
        made = self.concepts("same letter ", known, common={"same"})
        self.assertEqual(made[0].word, "same")

    def test_words_that_mean_the_same(self):
        same = {"photo": [Entry("imag", "imag", 300, 20)]}
        spelt = self.expand("photo ", {"photo": (5, 1)}, synonyms=same)["photo"]
        self.assertEqual(spelt["photo"], 1)
        self.assertLess(spelt["imag"], 0.9, "A common word tells less.")

    def test_fused_rankings(self):
        self.assertEqual(search_concepts.fused([[1, 2, 3], []]), [1, 2, 3])
        self.assertEqual(search_concepts.fused([[], [1, 2]]), [1, 2])
        self.assertEqual(search_concepts.fused([[1, 2, 3], [3, 4]])[0], 3)
        self.assertEqual(search_concepts.fused([[1, 2], [2, 1]]), [1, 2])

    def test_neighbours(self):
        known = {word: {word: counts} for word, counts in KNOWN.items()}
        made = self.concepts("rare of the middle ", known)
        ((_weight, phrase),) = search_concepts.neighbours(made)
        self.assertEqual(phrase, "('rare') <3> ('middle')")

    def test_lexemes_are_quoted(self):
        self.assertEqual(search_concepts.quoted("a'b\\c"), "'a''b\\\\c'")
