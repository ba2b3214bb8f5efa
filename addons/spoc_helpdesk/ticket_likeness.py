"""Which tickets are like one another, by their subjects.

Pure thinking: no ORM, no database. The database finds what shares a word
(:func:`query`), recent ones first; :func:`ranked` then weighs how much is shared. A
word that many of the found have in common says little.
"""

import re
from collections import Counter
from math import log
from typing import NamedTuple

#: Words looked for: those that tell most are the longest.
WORDS = 6
#: A shorter word says nothing, unless it is an abbreviation or a number.
SHORTEST = 4
#: Endings are left out of longer words, so that "printers" finds "printer".
ENDING = 2
LONG = 6
#: Share of what a subject says that another has to say, too.
ENOUGH = 0.34
#: What the same service is worth beside the words.
SERVICE = 0.15
#: So many words more make it another matter altogether.
MUCH = 100

#: Words of four letters and more that stand in any subject.
COMMON = frozenset(
    "about after again before cannot could does doesn from have help into need needs "
    "nothing please problem since some that their there they this today want when "
    "where which will with without work working works would your "
    "если есть меня могу можно надо нужен нужна нужно опять очень пожалуйста помогите "
    "после почему проблема просьба работает работают снова такой только этого этот "
    "behöver dessa detta eller efter finns fungerar från funkar hjälp ingen inte "
    "kunde måste något några problem ska skulle utan vill ".split()
)

_WORD = re.compile(r"[^\W_]+")


class Other(NamedTuple):
    """A ticket that shares a word: id, subject, whether it is solved, same service."""

    id: int
    name: str
    solved: bool = False
    same_service: bool = False


def stems(text):
    """The telling words of a subject without their endings, each once.

    :return: list of str in lower case
    """
    found = {}
    for word in _WORD.findall(text or ""):
        if len(word) < SHORTEST and not (word.isupper() or word.isdigit()):
            continue
        word = word.lower()
        if word in COMMON:
            continue
        stem = word[: max(SHORTEST, len(word) - ENDING)] if len(word) >= LONG else word
        found.setdefault(stem, None)
    return list(found)


def query(text):
    """What full text search is asked: any word that begins like one of the subject.

    :return: str for ``to_tsquery``, empty when the subject tells nothing
    """
    longest = sorted(stems(text), key=len, reverse=True)[:WORDS]
    return " | ".join(f"{stem}:*" for stem in longest)


def ranked(text, others, limit):
    """Order tickets by likeness: the solved ones first, the likest on top.

    :param str text: subject of the ticket at hand
    :param others: iterable of :class:`Other`
    :return: list of ``(id, share)``, the share of the subject they have in common,
        0..1
    """
    mine = stems(text)
    others = list(others)
    theirs = {one.id: stems(one.name) for one in others}
    common = {id_: _common(mine, words) for id_, words in theirs.items()}
    shared = Counter(stem for found in common.values() for stem in found)
    weight = {stem: log(1 + (len(others) + 1) / (1 + shared[stem])) for stem in mine}
    whole = sum(weight.values()) or 1
    scores = {}
    for one in others:
        share = sum(weight[stem] for stem in common[one.id]) / whole
        if share >= ENOUGH:
            more = max(0, len(theirs[one.id]) - len(common[one.id])) / MUCH
            scores[one.id] = share + SERVICE * one.same_service - more
    solved = {one.id for one in others if one.solved}
    best = sorted(scores, key=lambda id_: (id_ not in solved, -scores[id_], -id_))
    return [(id_, min(1.0, max(0.0, scores[id_]))) for id_ in best[:limit]]


def _common(mine, theirs):
    """Those of our stems that one of theirs begins with, or the other way round."""
    return {
        stem
        for stem in mine
        if any(one.startswith(stem) or stem.startswith(one) for one in theirs)
    }
