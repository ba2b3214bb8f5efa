"""Understands what was typed into a search box.

Plain Python, no ORM and no database: text in, a :class:`Plan` out. Whatever a
person types or pastes is fine; what cannot be searched for is left out.
"""

import re
import unicodedata
from dataclasses import dataclass

MAX_TEXT = 1000
MAX_WORDS = 16
MAX_WORD = 60
MIN_PREFIX = 2
MIN_FUZZY = 4

_WORD = re.compile(r"[^\W_]+")

# Words too common to tell one service from another, in the languages most asked
# in. A question made of nothing else is searched for as it is.
_STOP_WORDS = {
    "en": "a about all am an and any are as at be been but by can cannot could did do "
    "does for from get got had has have help how i if in is it its me my need no not "
    "of on or our please so some than that the their them there they this to want was "
    "we what when where which who why will with would you your",
    "ru": "а без бы был была были было быть в во вы да для до его ее если есть еще же "
    "за и из или им их к как какой когда кто ли меня мне могу мой моя можно мы на надо "
    "нам нас не нет ни но нужно нужен нужна о об он она они от по под пожалуйста "
    "помогите при с со так там то только ты у уже хочу чем что чтобы эта эти это "
    "этот я",
    "sv": "alla att av behöver beror blir de den denna det detta dig din ditt du där "
    "efter eller en er ett finns fick från får för göra gör ha hade har hej hjälp hur "
    "här i icke inte jag kan kunde man med men mig min mina mitt måste nu när och om "
    "oss på sig sin ska skulle som till ut vad var vara vem vi vid vilken vill är",
}


def typos_allowed(word):
    """Wrong letters a word of this length may have and still be recognised."""
    if len(word) < MIN_FUZZY:
        return 0
    return 1 if len(word) < 6 else 2


def distance(one, other, limit):
    """Edits between two words, neighbours swapped counting as one edit.

    :param int limit: answers ``limit + 1`` as soon as it is clear that there are more
    """
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    before, last = None, list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
        before, last = last, row
    return last[-1]


def likeness(plan, heading):
    """How many of the words looked for stand in a heading, misspelt perhaps.

    :param Plan plan: what is looked for
    :param str heading: folded heading
    :return: sum over the words, 1.0 for each found as it is, less for a misspelt
        one, 0.0 for none
    """
    there = set(heading.split())
    return sum(_word_likeness(word, there, word == plan.prefix) for word in plan.words)


def _word_likeness(word, there, unfinished):
    if word in there:
        return 1.0
    limit = typos_allowed(word)
    best = 0.0
    for other in there if limit else ():
        # Word forms differ at the end, so does what is still being typed.
        stems = {other, other[: len(word)]}
        if unfinished:
            stems.add(other[: len(word) + 1])
        edits = min(distance(word, stem, limit) for stem in stems)
        if edits <= limit:
            best = max(best, 1.0 - edits * 0.3)
    return best


@dataclass(frozen=True)
class Plan:
    """How to look for a text.

    :ivar tuple words: folded words, first seen first, at most ``MAX_WORDS``
    :ivar str prefix: the word still being typed, also in ``words``, or ``""``
    """

    words: tuple = ()
    prefix: str = ""

    def __bool__(self):
        return bool(self.words)

    @property
    def fuzzy(self):
        """Words long enough to be recognised with a letter wrong."""
        return tuple(
            word
            for word in self.words
            if len(word) >= MIN_FUZZY and not any(char.isdigit() for char in word)
        )


def fold(text):
    """Reduce spelling variants: compatibility forms, case, ``ё``, Latin diacritics.

    The same as the database function ``spoc_search_fold`` for plain words.
    """
    text = unicodedata.normalize("NFKD", text)
    kept = []
    for char in text:
        if unicodedata.combining(char) and kept and kept[-1].isascii():
            continue
        kept.append(char)
    text = unicodedata.normalize("NFKC", "".join(kept)).lower()
    return text.translate(_LETTERS)


_LETTERS = str.maketrans({"ё": "е", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "ß": "ss"})
_STOP = frozenset(
    fold(word) for words in _STOP_WORDS.values() for word in words.split()
)


def analyse(text):
    """Take a typed text apart.

    The last word counts as unfinished when nothing follows it.

    :param text: anything; what is not text is searched for as nothing
    :rtype: Plan
    """
    if not isinstance(text, str):
        return Plan()
    folded = fold(text[:MAX_TEXT])
    found = [match.group()[:MAX_WORD] for match in _WORD.finditer(folded)]
    if not found:
        return Plan()
    open_end = folded[-1].isalnum() and len(found[-1]) >= MIN_PREFIX
    prefix = found[-1] if open_end else ""
    words = [word for word in dict.fromkeys(found) if word not in _STOP]
    if prefix and words and prefix not in words and len(words) < len(set(found)):
        # "how do i" still being typed: the last word may become another one,
        # but there are better words to look for.
        prefix = ""
    words = words or list(dict.fromkeys(found))
    if len(words) > MAX_WORDS:
        # Of a pasted passage the longest words tell most.
        longest = set(sorted(words, key=len, reverse=True)[:MAX_WORDS])
        words = [word for word in words if word in longest]
        prefix = prefix if prefix in words else ""
    return Plan(words=tuple(words), prefix=prefix)
