"""Titles by the beginnings of their words: suggestions while somebody types.

Plain Python, kept in memory: knows no ORM and asks no database. It finds what begins
as typed and nothing else; typos, inflected forms and other languages are for the
search (``search_query``).
"""

from bisect import bisect_left
from collections import defaultdict
from heapq import nsmallest
from typing import NamedTuple

from .search_query import words_of

#: Sorts behind whatever a word can go on with.
_LAST = chr(0x10FFFF)


class Title(NamedTuple):
    """Something that can be suggested.

    :ivar int id: of the record
    :ivar str name: what is shown and looked through
    :ivar str synonyms: looked through as well, after the name
    :ivar int weight: how much it is asked for; more comes first
    :ivar item: whatever belongs to it, not looked at here
    """

    id: int
    name: str
    synonyms: str = ""
    weight: int = 0
    item: object = None


class TitleIndex:
    """Many titles, found by the beginnings of words. Never changes once it is made."""

    def __init__(self, titles):
        """:param titles: list of :class:`Title`; of equals the first comes first"""
        self._titles = list(titles)
        self._names = [words_of(title.name) for title in self._titles]
        found = defaultdict(set)
        for number, title in enumerate(self._titles):
            for word in (*self._names[number], *words_of(title.synonyms)):
                found[word].add(number)
        self._words = sorted(found)
        self._numbers = dict(found)

    def find(self, text, limit, is_offered=lambda title: True):
        """Titles in which every word typed begins a word, best first.

        :param str text: what was typed; the last word may be unfinished, the others too
        :param int limit: at most so many
        :param is_offered: function of a title: whether it may be shown
        :return: list of :class:`Title`
        """
        typed = words_of(text)
        if not typed:
            return []
        numbers = None
        for word in typed:
            fitting = self._beginning_with(word)
            numbers = fitting if numbers is None else numbers & fitting
            if not numbers:
                return []
        offered = (n for n in numbers if is_offered(self._titles[n]))
        best = nsmallest(limit, offered, key=lambda number: self._key(number, typed))
        return [self._titles[number] for number in best]

    def _beginning_with(self, word):
        """Numbers of the titles with a word that begins so."""
        first = bisect_left(self._words, word)
        last = bisect_left(self._words, word + _LAST, lo=first)
        if last - first == 1:
            return self._numbers[self._words[first]]
        return set().union(*(self._numbers[w] for w in self._words[first:last]))

    def _key(self, number, typed):
        """Whole words of the name, then its beginning, then what is asked for most."""
        name = self._names[number]
        whole = sum(word in name for word in typed)
        begins = bool(name) and name[0].startswith(typed[0])
        return (-whole, not begins, -self._titles[number].weight, number)
