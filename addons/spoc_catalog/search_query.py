"""Understands what was typed into a search box, and plans the search.

Plain Python, no ORM and no database. :func:`analyse` takes a text apart into a
:class:`Plan`; the plan says which spellings to ask the vocabulary for (:meth:`Plan.
forms`, :meth:`Plan.doubtful`); :func:`concepts` makes of the answer what is looked
for. Whatever a person types or pastes is fine; what cannot be searched for is left
out.
"""

import math
import re
import unicodedata
from dataclasses import dataclass, field

MAX_TEXT = 1000
# Words asked for, and words ranked by: of a pasted passage the rarest.
MAX_WORDS = 24
MAX_CONCEPTS = 14
MAX_WORD = 40
MIN_PREFIX = 2
MIN_FUZZY = 4
# Shortest part of a compound.
MIN_PART = 3
# Other spellings followed for one word.
MAX_PREFIXES = 30
MAX_TYPOS = 8
# What a spelling is worth beside the word as it was typed.
WEIGHT_PREFIX = 0.8
WEIGHT_PREFIX_OF_WORD = 0.3
WEIGHT_JOINED = 0.9
WEIGHT_PART = 0.5
WEIGHT_APART = 0.9
# How much more a rare word tells than BM25 would have it.
RARITY = 1.15
WEIGHT_TYPO = (1.0, 0.8, 0.6)
# A word so rare beside one a letter away is a slip that made it into a document. In a
# question of many words the others tell enough.
SLIP = 20
FEW_WORDS = 4

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

# The same keys under two keyboard layouts.
_LATIN_KEYS = "`qwertyuiop[]asdfghjkl;'zxcvbnm,."
_RUSSIAN_KEYS = "ёйцукенгшщзхъфывапролджэячсмитьбю"
_SHIFTED = {"~": "`", "{": "[", "}": "]", ":": ";", '"': "'", "<": ",", ">": "."}
_TO_RUSSIAN = str.maketrans(
    dict(zip(_LATIN_KEYS, _RUSSIAN_KEYS, strict=True))
    | {
        shifted: _RUSSIAN_KEYS[_LATIN_KEYS.index(key)]
        for shifted, key in _SHIFTED.items()
    }
)
_TO_LATIN = str.maketrans(dict(zip(_RUSSIAN_KEYS, _LATIN_KEYS, strict=True)))
# Where an American keyboard has these, a Swedish one has letters.
_TO_SWEDISH = str.maketrans({"[": "å", ";": "ö", "'": "ä"})

_LETTERS = str.maketrans({"ё": "е", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "ß": "ss"})


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


_STOP = frozenset(
    fold(word) for words in _STOP_WORDS.values() for word in words.split()
)


def words_of(text):
    """The folded words of a text, in order."""
    return [match.group()[:MAX_WORD] for match in _WORD.finditer(fold(text))]


def layouts(piece):
    """What a piece without blanks would read, typed on another keyboard layout.

    :return: list of lists of folded words
    """
    piece = unicodedata.normalize("NFC", piece).lower()
    latin = piece.translate(_TO_LATIN)
    readings = []
    if latin != piece:
        readings += [latin, latin.translate(_TO_SWEDISH)]
    else:
        readings += [piece.translate(_TO_RUSSIAN), piece.translate(_TO_SWEDISH)]
    own, found = words_of(piece), []
    for reading in readings:
        words = words_of(reading)
        if words and words != own and words not in found:
            found.append(words)
    return found


def joined(one, other):
    """Compounds two neighbours may be the parts of."""
    return (one + other, f"{one}s{other}")


def splits(word):
    """Pairs of parts a compound may be made of, with or without a joining s."""
    pairs = []
    for at in range(MIN_PART, len(word) - MIN_PART + 1):
        head, tail = word[:at], word[at:]
        pairs.append((head, tail))
        if head[-1] == "s" and len(head) > MIN_PART:
            pairs.append((head[:-1], tail))
    return pairs


@dataclass(frozen=True)
class Plan:
    """How to look for a text.

    :ivar tuple words: folded words, first seen first, at most ``MAX_WORDS``
    :ivar str prefix: the word still being typed, also in ``words``, or ``""``
    :ivar dict places: word -> its first place among all words typed
    :ivar dict twins: word -> tuple of readings (tuples of words) on another layout
    """

    words: tuple = ()
    prefix: str = ""
    places: dict = field(default_factory=dict)
    twins: dict = field(default_factory=dict)

    def __bool__(self):
        return bool(self.words)

    def pairs(self):
        """Words typed next to each other: (one, other)."""
        return [
            (one, other)
            for one, other in zip(self.words, self.words[1:], strict=False)
            if self.places[other] == self.places[one] + 1
        ]

    def forms(self):
        """Spellings whose stems and frequencies are needed first."""
        forms = dict.fromkeys(self.words)
        for readings in self.twins.values():
            forms.update(dict.fromkeys(word for words in readings for word in words))
        for one, other in self.pairs():
            if len(one) + len(other) >= 2 * MIN_PART:
                forms.update(dict.fromkeys(joined(one, other)))
        return [form for form in forms if len(form) <= MAX_WORD]

    def parts(self):
        """Words that may be the end or the beginning of a compound."""
        return [word for word in self.words if len(word) > MIN_PART and _spelt(word)]

    def doubtful(self, known, completions=(), total=1000):
        """Words nobody wrote like this: to be looked up by likeness.

        :param dict known: form -> {lexeme: (documents, headings)}
        :param list completions: entries that begin with ``prefix``
        :param int total: number of documents
        """
        doubtful = []
        slip = min(SLIP, total // SLIP) if len(self.words) <= FEW_WORDS else 0
        for word in self.words:
            if len(word) < MIN_FUZZY or not _spelt(word):
                continue
            frequency = documents(known.get(word))
            if frequency > slip:
                continue
            if word == self.prefix and not frequency and completions:
                continue
            if not frequency and self._twin(word, known):
                continue
            doubtful.append(word)
        return doubtful

    def _twin(self, word, known):
        """The reading on another layout that makes sense where the word does not."""
        for words in self.twins.get(word, ()):
            if all(documents(known.get(other)) for other in words):
                return words
        return ()


def analyse(text):
    """Take a typed text apart.

    The last word counts as unfinished when nothing follows it.

    :param text: anything; what is not text is searched for as nothing
    :rtype: Plan
    """
    if not isinstance(text, str):
        return Plan()
    text = text[:MAX_TEXT]
    found, twins = [], {}
    for piece in text.split():
        words = words_of(piece)
        readings = tuple(tuple(words) for words in layouts(piece)[:3])
        for word in words:
            found.append(word)
            twins.setdefault(word, readings)
        if not words and readings:
            # Nothing but signs that are letters elsewhere.
            found.append(readings[0][0])
    if not found:
        return Plan()
    open_end = fold(text[-1:])[-1:].isalnum() and len(found[-1]) >= MIN_PREFIX
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
    places = {}
    for place, word in enumerate(found):
        places.setdefault(word, place)
    return Plan(
        words=tuple(words),
        prefix=prefix,
        places={word: places[word] for word in words},
        twins={word: twins[word] for word in words if twins.get(word)},
    )


# ---- what the vocabulary says ----


@dataclass(frozen=True)
class Entry:
    """A word of the vocabulary: how it is written, its stem, how often it is there.

    :ivar int documents: number of documents with the stem
    :ivar int headings: number of documents with it in their heading
    """

    word: str
    stem: str
    documents: int
    headings: int


@dataclass(frozen=True)
class Concept:
    """One thing looked for, in all its spellings.

    :ivar tuple tiers: (weight, tuple of spellings), the best first; a spelling is
        the text of a tsquery
    :ivar int documents: about how many documents have any of them
    :ivar int headings: about how many have one in the heading
    :ivar float idf: how much it tells
    :ivar int place: where in the text it was typed
    """

    word: str
    tiers: tuple
    documents: int
    headings: int
    idf: float
    place: int


def documents(lexemes):
    """About how many documents have one of these lexemes."""
    return _most(lexemes or {})[0]


def _spelt(word):
    return word.isalpha()


def concepts(plan, known, completions, compounds, alike, total):
    """What to look for, the most telling first.

    :param dict known: form -> {lexeme: (documents, headings)}
    :param list completions: entries that begin with ``plan.prefix``
    :param dict compounds: word -> entries it is a part of
    :param dict alike: doubtful word -> entries that look alike
    :param int total: number of documents
    :rtype: list of Concept
    """
    made = []
    joins = _joins(plan, known)
    for word in plan.words:
        lexemes = known.get(word, {})
        unknown = not documents(lexemes)
        twin = plan._twin(word, known) if unknown else ()
        if twin:
            for other in twin:
                tiers = {1.0: _quoted(known[other])}
                made.append(_concept(other, tiers, total, plan.places[word]))
            continue
        tiers = {1.0: _quoted(lexemes)}
        if word == plan.prefix:
            weight = WEIGHT_PREFIX if unknown else WEIGHT_PREFIX_OF_WORD
            _add(tiers, weight, completions[:MAX_PREFIXES])
        if word in joins:
            tiers.setdefault(WEIGHT_JOINED, {}).update(_quoted(joins[word]))
        _add(tiers, WEIGHT_PART, compounds.get(word, ()))
        typos = _typos(word, alike.get(word, ()), lexemes)
        pair = _split(word, known) if word in alike else ()
        if pair and unknown and not typos and WEIGHT_PREFIX not in tiers:
            for part in pair:
                spelt = {WEIGHT_JOINED: _quoted(known[part])}
                made.append(_concept(part, spelt, total, plan.places[word]))
            continue
        if pair:
            counts = tuple(map(min, *(_most(known[part]) for part in pair)))
            tiers.setdefault(WEIGHT_APART, {})[_apart(pair, known)] = counts
        for weight, entries in typos:
            _add(tiers, weight, entries)
        made.append(_concept(word, tiers, total, plan.places[word]))
    return _chosen(made)


def _add(tiers, weight, entries):
    for entry in entries:
        spellings = tiers.setdefault(weight, {})
        spellings[quoted(entry.stem)] = (entry.documents, entry.headings)


def _quoted(lexemes):
    return {quoted(lexeme): counts for lexeme, counts in lexemes.items()}


def _most(lexemes):
    """About how many documents and headings have one of the lexemes."""
    return tuple(map(max, *lexemes.values(), (0, 0), (0, 0)))


def _joins(plan, known):
    """word -> lexemes of the compounds it makes with a neighbour."""
    joins = {}
    for one, other in plan.pairs():
        for form in joined(one, other):
            if documents(known.get(form)):
                for word in (one, other):
                    joins.setdefault(word, {}).update(known[form])
    return joins


def _split(word, known):
    """The parts of a compound nobody wrote as one word: the best known pair."""
    pairs = [
        (min(documents(known.get(part)) for part in pair), pair)
        for pair in splits(word)
        if all(documents(known.get(part)) for part in pair)
    ]
    return max(pairs)[1] if pairs else ()


def _apart(pair, known):
    """The parts of a compound one after the other, as the text of a tsquery."""
    parts = (any_of(map(quoted, known[part])) for part in pair)
    return "({})".format(" <-> ".join(f"({part})" for part in parts))


def _typos(word, entries, lexemes):
    """(weight, entries) of words one or two edits away, the nearest and commonest."""
    limit = typos_allowed(word)
    frequency = documents(lexemes)
    near = []
    for entry in entries:
        edits = distance(word, entry.word, limit)
        if edits > limit or not edits:
            continue
        if frequency and (edits > 1 or entry.documents < frequency * SLIP):
            continue
        # The first letter is the one least often wrong.
        first = word[0] != entry.word[0]
        near.append((edits, first, -entry.headings, -entry.documents, entry))
    near.sort(key=lambda item: item[:4])
    near = near[:MAX_TYPOS]
    if not near:
        return []
    best = near[0][0]
    return [
        (WEIGHT_TYPO[edits], [item[4] for item in near if item[0] == edits])
        for edits in (1, 2)
        if edits in (best, best + 1) and any(item[0] == edits for item in near)
    ]


def _concept(word, tiers, total, place):
    seen, kept, counts = set(), [], []
    for weight in sorted(tiers, reverse=True):
        spellings = {
            spelling: count
            for spelling, count in tiers[weight].items()
            if spelling not in seen
        }
        seen.update(spellings)
        if spellings:
            kept.append((weight, tuple(spellings)))
            # Lexemes of one word in several languages: the same documents, mostly.
            several = max if weight == 1.0 else sum
            counts.append(
                (
                    several(count[0] for count in spellings.values()),
                    sum(count[1] for count in spellings.values()),
                )
            )
    # Another spelling tells what it tells by itself: a common word that looks like a
    # rare one is not worth as much.
    told = [_idf(count[0], total) if count[0] else 0 for count in counts]
    idf = next(filter(None, told), 0) or _idf(0, total)
    return Concept(
        word,
        tuple(
            (round(weight * min(1, (own or idf) / idf), 3), spellings)
            for (weight, spellings), own in zip(kept, told, strict=True)
        ),
        min(sum(count[0] for count in counts), total),
        sum(count[1] for count in counts),
        idf,
        place,
    )


def _idf(frequency, total):
    frequency = max(1, min(frequency, total))
    total = max(total, frequency, 2)
    return math.log(1 + (total - frequency + 0.5) / (frequency + 0.5)) ** RARITY


def _chosen(made):
    """The most telling ones, each lexeme asked for once."""
    distinct = {}
    for concept in made:
        if concept.tiers:
            distinct.setdefault(concept.tiers, concept)
    found = sorted(distinct.values(), key=lambda concept: -concept.idf)
    there = [concept for concept in found if concept.documents]
    return (there or found)[:MAX_CONCEPTS]


# ---- what to ask the database ----


def any_of(spellings):
    """Text of a tsquery for any of these spellings."""
    return " | ".join(spellings)


def quoted(lexeme):
    """A lexeme as the text of a tsquery."""
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"


def _any(concept):
    return any_of(
        spelling for _weight, spellings in concept.tiers for spelling in spellings
    )


def everything(concepts):
    """Texts of tsqueries (whole, heading) for whatever has any of the concepts."""
    return " | ".join(_any(concept) for concept in concepts), ""


def candidates(concepts, total, most):
    """Which documents to rank: about ``most``, those that have what tells most.

    Rare concepts are enough by themselves; common ones have to come in pairs, all
    together, or in the heading.

    :param list concepts: the most telling first
    :param int total: number of documents
    :return: (texts of tsqueries (whole, heading), whether they leave out nothing)
    """
    whole, room, common = [], most, []
    for concept in concepts:
        if concept.documents <= room:
            whole.append(_any(concept))
            room -= concept.documents
        else:
            common.append(concept)
    if not common:
        return everything(concepts), True
    heading, head_room = [], most
    for concept in common:
        if concept.headings <= head_room:
            heading.append(_any(concept))
            head_room -= concept.headings
    for one, other in _by_pairs(common):
        expected = one.documents * other.documents / max(total, 1)
        if expected <= room:
            whole.append(f"({_any(one)}) & ({_any(other)})")
            room -= expected
    if len(concepts) > 1:
        whole.append(" & ".join(f"({_any(concept)})" for concept in concepts))
    elif not heading:
        whole.append(_any(common[0]))
    return (" | ".join(f"({text})" for text in whole), " | ".join(heading)), False


def _by_pairs(concepts):
    """Pairs, the most telling first."""
    pairs = [
        (one, other) for at, one in enumerate(concepts) for other in concepts[at + 1 :]
    ]
    return sorted(pairs, key=lambda pair: pair[0].documents * pair[1].documents)


def neighbours(concepts):
    """Pairs of concepts typed near each other: (weight, text of a phrase tsquery)."""
    found = sorted(concepts, key=lambda concept: concept.place)
    pairs = []
    for one, other in zip(found, found[1:], strict=False):
        apart = other.place - one.place
        if 0 < apart <= 3:
            phrase = f"({_any(one)}) <{apart}> ({_any(other)})"
            pairs.append(((one.idf + other.idf) / 2, phrase))
    return pairs
