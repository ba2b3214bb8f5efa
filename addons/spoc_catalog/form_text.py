"""Reads what was sent for a request form, before it is known what was asked.

Plain Python with a twin in JavaScript (``static/src/forms/form_text.js``).
"""

import re
import unicodedata

# Digits of a number: exact in every language and database.
DIGITS_LIMIT = 15
WHITESPACE = (
    " \t\n\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009"
    "\u200a\u2028\u2029\u202f\u205f\u3000"
)
# Browsers send CRLF; PostgreSQL refuses NUL and halves of a character; the other
# control characters have no business in a letter to a desk.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


class Fault(Exception):
    """A question is answered wrongly."""

    def __init__(self, code, **params):
        super().__init__(code)
        self.code = code
        self.params = params


def is_blank(raw):
    """Whether nothing was sent."""
    return raw is None or raw is False or raw == "" or raw == [] or raw == {}


def clean_text(raw):
    """Text without control characters, in the composed form of Unicode."""
    if raw is None or raw is False:
        return ""
    if not isinstance(raw, str):
        raise Fault("not_text")
    raw = raw.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _CONTROL.sub("", raw))


def clean_line(raw):
    """Text on one line, whatever a script sent."""
    return " ".join(clean_text(raw).split())


def fold(text):
    """Text to compare without regard to capitals."""
    return text.upper().lower().replace("ς", "σ")


def as_whole(value):
    """A whole number as int, ``None`` for anything else; ``5.0`` is one, too."""
    if isinstance(value, float) and abs(value) < 10**DIGITS_LIMIT:
        value = int(value) if value == int(value) else None
    usable = isinstance(value, int) and not isinstance(value, bool)
    return value if usable else None


def key_of(raw):
    """Text by which ids are compared, ``None`` for what cannot be one."""
    if isinstance(raw, str):
        return clean_line(raw)
    whole = as_whole(raw)
    return str(whole) if whole is not None and abs(whole) < 10**DIGITS_LIMIT else None


def read_count(question, name):
    """A limit of the question as a whole number, 0 for none."""
    return max(as_whole(question.get(name)) or 0, 0)
