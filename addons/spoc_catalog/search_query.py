"""Understands what was typed into a search box, and plans the search.

Plain Python, no ORM and no database. :func:`analyse` takes a text apart into a
:class:`Plan`; the plan says which spellings to ask the vocabulary for (:meth:`Plan.
forms`, :meth:`Plan.doubtful`); ``search_concepts`` makes of the answers what is
looked for. Whatever a person types or pastes is fine; what cannot be searched for is
left out.
"""

import re
import unicodedata
from dataclasses import dataclass, field

MAX_TEXT = 1000
# Words asked for: of a pasted passage the longest.
MAX_WORDS = 24
MAX_WORD = 40
MIN_PREFIX = 2
MIN_FUZZY = 4
# Shortest part of a compound.
MIN_PART = 3
# A word so rare beside one a letter away is a slip that made it into a document. In a
# question of many words the others tell enough.
SLIP = 20
FEW_WORDS = 4

_WORD = re.compile(r"[^\W_]+")
# Numbers, names of commands, codes of errors: 0x80070005, KB-4711, a_24, rowHeight, LEN
_PIECE = re.compile(r"[^\W_](?:[\w.:/+-]*[^\W_])?")
_CODE = re.compile(r"(?=.*\d).*(?:[^\W\d_]|[.:/+-])|.*_|.*[a-zа-я][A-ZА-Я]")
MIN_CAPITALS = 3

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


def codes(text):
    """What is meant as it stands, letter by letter: {folded word: piece as typed}.

    Words in capitals are, unless everything is.
    """
    shouted = text.isupper() and len(text.split()) > 1
    found = {}
    for piece in text.split():
        match = _PIECE.search(piece)
        piece = match.group() if match else ""
        capitals = piece.isalpha() and piece.isupper() and len(piece) >= MIN_CAPITALS
        if len(piece) <= MAX_WORD and (
            _CODE.match(piece) or (capitals and not shouted)
        ):
            found.update(dict.fromkeys(words_of(piece), piece))
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
    :ivar tuple small: words that tell little, typed beside the others
    :ivar dict exact: word -> the code it is (a part of), as it was typed
    """

    words: tuple = ()
    small: tuple = ()
    prefix: str = ""
    places: dict = field(default_factory=dict)
    twins: dict = field(default_factory=dict)
    exact: dict = field(default_factory=dict)

    def __bool__(self):
        return bool(self.words)

    def pairs(self):
        """Words typed next to each other: (one, other)."""
        typed = sorted((*self.words, *self.small), key=self.places.get)
        return [
            (one, other)
            for one, other in zip(typed, typed[1:], strict=False)
            if self.places[other] == self.places[one] + 1
            and not (one in self.small and other in self.small)
        ]

    def forms(self):
        """Spellings whose stems and frequencies are needed first."""
        forms = dict.fromkeys((*self.words, *self.small))
        for one, other in self.pairs():
            if len(one) + len(other) >= 2 * MIN_PART:
                forms.update(dict.fromkeys(joined(one, other)))
        return [form for form in forms if len(form) <= MAX_WORD]

    def parts(self):
        """Words that may be the end or the beginning of a compound."""
        return [word for word in self.words if len(word) > MIN_PART and word.isalpha()]

    def doubtful(self, known, completions=(), total=1000):
        """Words nobody wrote like this: to be looked up by likeness.

        :param dict known: form -> {lexeme: (documents, headings)}
        :param list completions: entries that begin with ``prefix``
        :param int total: number of documents
        """
        doubtful = []
        slip = min(SLIP, total // SLIP) if len(self.words) <= FEW_WORDS else 0
        for word in self.words:
            if len(word) < MIN_FUZZY or not word.isalpha():
                continue
            frequency = documents(known.get(word))
            if frequency > slip:
                continue
            if word == self.prefix and not frequency and completions:
                continue
            doubtful.append(word)
        return doubtful

    def readings(self, known, completions=()):
        """Words of other keyboard layouts, for those nobody wrote like this."""
        return {
            other
            for word, readings in self.twins.items()
            if not documents(known.get(word))
            and not (word == self.prefix and completions)
            for words in readings
            for other in words
        }

    def twin(self, word, known):
        """The reading on another layout that makes sense where the word does not."""
        for words in self.twins.get(word, ()):
            if all(documents(known.get(other)) for other in words):
                return words
        return ()


def documents(lexemes):
    """About how many documents have one of these lexemes.

    :param dict lexemes: {lexeme: (documents, headings)}, or nothing
    """
    return max((counts[0] for counts in (lexemes or {}).values()), default=0)


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
    small = [word for word in dict.fromkeys(found) if word not in words]
    if not words or len(found) > FEW_WORDS:
        words, small = words or small, []
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
        small=tuple(small),
        prefix=prefix,
        places={word: places[word] for word in (*words, *small)},
        twins={word: twins[word] for word in words if twins.get(word)},
        exact=codes(text),
    )
