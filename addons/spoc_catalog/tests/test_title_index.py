"""Suggestions out of memory: the pure index."""

from odoo.tests import BaseCase, tagged

from ..title_index import Title, TitleIndex


@tagged("post_install", "-at_install")
class TestTitleIndex(BaseCase):
    def setUp(self):
        super().setUp()
        self.index = TitleIndex(
            [
                Title(1, "Order a laptop", "notebook, computer", 5),
                Title(2, "Repair a laptop", "", 9),
                Title(3, "Laptop", "", 0),
                Title(4, "Заказать ноутбук", "компьютер"),
                Title(5, "Ny dator på kontoret"),
                Title(6, ""),
            ]
        )

    def found(self, text, limit=9, **options):
        return [title.id for title in self.index.find(text, limit, **options)]

    def test_beginnings_of_words(self):
        self.assertEqual(self.found("lap"), [3, 2, 1])
        self.assertEqual(self.found("order lap"), [1])
        self.assertEqual(self.found("lap ord"), [1])
        self.assertEqual(self.found("note"), [1])
        self.assertEqual(self.found("ЗАКАЗ"), [4])
        self.assertEqual(self.found("pa kont"), [5], "diacritics need not be typed")
        self.assertEqual(self.found("top"), [], "no word begins so")
        self.assertEqual(self.found("laptop printer"), [])

    def test_whole_words_come_first(self):
        index = TitleIndex([Title(1, "Cars", weight=9), Title(2, "Company car")])
        self.assertEqual([t.id for t in index.find("car", 5)], [2, 1])
        # The first letters of a name before those further back, then by use.
        self.assertEqual(self.found("laptop"), [3, 2, 1])

    def test_limit_and_what_may_be_shown(self):
        self.assertEqual(self.found("lap", 1), [3])
        self.assertEqual(
            self.found("lap", 2, is_offered=lambda title: title.id != 3), [2, 1]
        )

    def test_nothing_typed(self):
        for text in ("", " ", "!?", "\x00", "%_"):
            self.assertEqual(self.found(text), [], repr(text))
        self.assertEqual(TitleIndex([]).find("a", 5), [])
