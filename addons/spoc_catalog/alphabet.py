"""Names in the order of the reader's alphabet.

Plain functions, no ORM: databases sort by byte, which puts Ö among the signs, Z
before a, and every Cyrillic name behind every Latin one. People look under the
letter where their own dictionary has the word.
"""

import unicodedata
from functools import lru_cache

# Letters of their own, and the letter each follows, by language; what is not
# named here stands with its base letter (É with E, Ё with Е).
_LETTERS = {
    "da": (("æ", "z"), ("ø", "æ"), ("å", "ø")),
    "es": (("ñ", "n"),),
    "et": (("õ", "w"), ("ä", "õ"), ("ö", "ä"), ("ü", "ö")),
    "fi": (("å", "z"), ("ä", "å"), ("ö", "ä")),
    "nb": (("æ", "z"), ("ø", "æ"), ("å", "ø")),
    "pl": (
        ("ą", "a"),
        ("ć", "c"),
        ("ę", "e"),
        ("ł", "l"),
        ("ń", "n"),
        ("ó", "o"),
        ("ś", "s"),
        ("ź", "z"),
        ("ż", "ź"),
    ),
    "ru": (("й", "и"),),
    "sv": (("å", "z"), ("ä", "å"), ("ö", "ä")),
    "uk": (("ґ", "г"), ("є", "е"), ("ї", "і"), ("й", "ї")),
}
_LETTERS["nn"] = _LETTERS["no"] = _LETTERS["nb"]
# Written with two letters where the language has no letter of its own for it.
_PAIRS = {"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ß": "ss", "þ": "th"}
_CYRILLIC = ("be", "bg", "kk", "ky", "mk", "mn", "ru", "sr", "tg", "uk")
OTHER = "#"
# Scripts in their order; what has no letters comes before them.
SIGN, DIGIT, OWN, NEXT, FAR = range(5)


def letter(text, lang):
    """The letter under which a reader looks for a name.

    :param str text: the name
    :param str lang: the reader's language, as ``sv_SE``
    :return: one capital letter, or :data:`OTHER` for digits, signs and nothing
    """
    places, _text = sort_key(text, lang)
    if not places or places[0][0] < OWN:
        return OTHER
    return places[0][-1].upper()


@lru_cache(maxsize=50_000)
def sort_key(text, lang):
    """A key that sorts names as the reader's dictionary does.

    Digits come first, then the reader's own script, then others. Case and accents
    only tell apart what is otherwise the same.
    """
    text = text or ""
    code = (lang or "en").split("_")[0]
    own = _own_letters(code)
    places = []
    for char in unicodedata.normalize("NFC", text).lower():
        for base in char if char in own else _base(char):
            places.append(_place(base, code, own))
    while places and places[0][0] == SIGN:
        # A quotation mark at the front is no place to look under.
        places.pop(0)
    return tuple(places), text


@lru_cache(maxsize=100)
def _own_letters(code):
    """Letter -> (code point of the letter it is behind, how far behind it)."""
    places = {}
    for char, after in _LETTERS.get(code, ()):
        base, step = places.get(after, (ord(after), 0))
        places[char] = (base, step + 1)
    return places


def _base(char):
    """A letter without what its language does not count as one."""
    if char in _PAIRS:
        return _PAIRS[char]
    return "".join(
        part
        for part in unicodedata.normalize("NFKD", char)
        if not unicodedata.combining(part)
    )


def _place(char, code, own):
    """Where a character stands: ``(script, letter, step behind it, character)``."""
    if char in own:
        return (OWN, *own[char], char)
    if char.isdigit():
        return (DIGIT, ord(char), 0, char)
    if not char.isalpha():
        return (SIGN, ord(char), 0, char)
    cyrillic, latin = "\u0400" <= char <= "\u052f", char < "\u0250"
    home = cyrillic if code in _CYRILLIC else latin
    if home:
        return (OWN, ord(char), 0, char)
    return (NEXT if cyrillic or latin else FAR, ord(char), 0, char)
