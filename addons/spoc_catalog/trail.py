"""What is kept of the way from the first search to the request.

Plain functions, no ORM: cuts and masks what people type, and says how one step
changes what the step before came to.
"""

import hashlib
import hmac
import re
import unicodedata

WORDS_LENGTH = 100
MASK = "…"

# What comes of a search, from nothing to the request sent.
OUTCOMES = ("nothing", "left", "opened", "article", "begun", "wished", "asked")
# A way that came to one of these is over.
ENDS = ("wished", "asked")

_MAIL = re.compile(r"\S+@\S+")
_LINK = re.compile(r"\b(?:https?://|www\.)\S+", re.I)
# Telephone and personal numbers, accounts, cards: five digits or more, however
# they are grouped.
_NUMBER = re.compile(r"\+?\d(?:[\s().,/-]{0,2}\d){4,}")
# Tokens, serial numbers: letters and digits mixed at length.
_CODE = re.compile(r"\b(?=\w*\d)(?=\w*[^\W\d_])\w{12,}\b")


def clean_words(text):
    """Words fit to be kept: folded, cut, without what points at a person.

    :param text: anything a browser sent
    :return: at most :data:`WORDS_LENGTH` characters; ``""`` for what is not text
    """
    if not isinstance(text, str):
        return ""
    text = unicodedata.normalize("NFKC", text[: WORDS_LENGTH * 4]).lower()
    text = "".join(char if char.isprintable() else " " for char in text)
    for pattern in (_MAIL, _LINK, _NUMBER, _CODE):
        text = pattern.sub(MASK, text)
    return " ".join(text.split())[:WORDS_LENGTH].strip()


def clean_number(value, most):
    """A whole number from 0 to ``most`` out of anything; 0 for what is none."""
    try:
        return max(0, min(int(value), most))
    except (TypeError, ValueError, OverflowError):
        return 0


def way_of(salt, user_id):
    """The mark that ties the steps of one user while the salt lives.

    :param str salt: secret of the day
    :return: 32 hexadecimal digits; without the salt nobody can tell whose they are
    """
    mark = hmac.new(salt.encode(), str(user_id).encode(), hashlib.sha256)
    return mark.hexdigest()[:32]


def next_outcome(before, step):
    """What a search came to, after one more step.

    :param str before: one of :data:`OUTCOMES`
    :param str step: one of :data:`OUTCOMES`
    :rtype: str
    """
    if before in ENDS:
        return before
    if step in ("opened", "left", "nothing") and before == "begun":
        # Looking elsewhere with a form begun: the form is what counts.
        return before
    return step
