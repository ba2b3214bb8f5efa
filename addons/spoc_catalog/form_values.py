"""Cleans single answers to a request form, type by type.

Plain Python with a twin in JavaScript (``static/src/forms/form_values.js``). Each
cleaner takes a question and what was sent, gives the clean value, or ``None`` when
nothing was answered, or raises a :class:`Fault`. The codes are listed in
``form_rules``, which is what other modules import.
"""

import math
import re
from datetime import date
from decimal import Decimal

from . import form_pattern
from .form_contacts import CONTACTS
from .form_files import clean_files
from .form_pattern import PATTERN_TEXT_LIMIT
from .form_text import (
    DIGITS_LIMIT,
    WHITESPACE,
    Fault,
    as_whole,
    clean_line,
    clean_text,
    fold,
    is_blank,
    key_of,
    read_count,
)

# Upper bounds that hold even when a question sets none.
TEXT_LIMIT = 500
LONG_TEXT_LIMIT = 20000
EMAIL_LIMIT = 254
PHONE_LIMIT = 50
URL_LIMIT = 2000
ROWS_LIMIT = 100
# Digits behind the point.
DECIMALS_LIMIT = 9
MONEY_DECIMALS = 2
ID_LIMIT = 2**31 - 1
TEXT_TYPES = frozenset(("text", "long_text", "email", "phone", "url"))
NUMBER_TYPES = frozenset(("integer", "decimal", "money"))
CHOICE_TYPES = frozenset(("choice", "multi_choice"))
RECORD_TYPES = frozenset(("person", "department", "location", "record"))
# These show something and ask nothing.
SILENT_TYPES = frozenset(("info", "step"))

_LONGEST_NUMBER = 60
_NUMBER = re.compile(r"([+-]?)([0-9]*)(?:[.,]([0-9]*))?")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(?: [0-9]{3})+(?:[.,][0-9]*)?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([01][0-9]|2[0-3]):([0-5][0-9])"
    r"(?::[0-5][0-9](?:\.[0-9]+)?)?"
)


def clean(question, raw, offered=(), allowed=None):
    """Clean value of one answer to a question that has one (not ``rows``).

    :param list offered: options that may be chosen, for choices
    :param allowed: ids that may be named, ``None`` for any
    :return: ``None`` when nothing was answered
    :raises Fault: when the answer cannot be taken
    """
    kind = question["type"]
    if is_blank(raw) and (raw is not False or kind != "boolean"):
        return None
    if kind in CHOICE_TYPES:
        return _CLEANERS[kind](question, raw, offered)
    if kind in RECORD_TYPES:
        return _record(raw, allowed)
    return _CLEANERS[kind](question, raw)


# ---- text -------------------------------------------------------------------


def text_limit(question):
    """Most characters the answer may have."""
    limit = _TEXT_LIMITS[question["type"]]
    if question["type"] in ("text", "long_text") and read_pattern(question):
        limit = min(limit, PATTERN_TEXT_LIMIT)
    return min(read_count(question, "max_length") or limit, limit)


def read_pattern(question):
    """The question's pattern, compiled; ``None`` for none or an unusable one."""
    pattern = question.get("pattern")
    if not pattern or not isinstance(pattern, str):
        return None
    try:
        return form_pattern.compile_pattern(pattern)
    except form_pattern.PatternError:
        return None


def _text(question, raw):
    return _within(question, clean_line(raw))


def _long_text(question, raw):
    return _within(question, clean_text(raw).strip(WHITESPACE))


def _within(question, value):
    if not value:
        return None
    limit = text_limit(question)
    if len(value) > limit:
        raise Fault("too_long", limit=limit, length=len(value))
    if question["type"] in ("text", "long_text"):
        least = read_count(question, "min_length")
        if len(value) < least:
            raise Fault("too_short", limit=least, length=len(value))
        program = read_pattern(question)
        if program and not form_pattern.matches(program, value):
            message = question.get("pattern_message")
            message = message if isinstance(message, str) else ""
            raise Fault("pattern", message=message)
    return value


def _contact(question, raw):
    value = _within(question, clean_line(raw))
    return value and _within(question, CONTACTS[question["type"]](value))


# ---- numbers ----------------------------------------------------------------


def read_number(raw):
    """Canonical text of a number: ``-1234.5``, no blanks, no needless zeros.

    Point and comma both part the decimals, blanks may part thousands.

    :raises Fault: ``not_number``, ``too_many_digits``, ``too_many_decimals``
    """
    return _split_number(raw)[0]


def _split_number(raw):
    """``(canonical text, whether it was written as a whole number)``."""
    text = _number_text(raw)
    if _GROUPED.fullmatch(text):
        text = text.replace(" ", "")
    parts = _NUMBER.fullmatch(text)
    if not parts or not (parts[2] or parts[3]) or len(text) > _LONGEST_NUMBER:
        raise Fault("not_number")
    whole = parts[2].lstrip("0") or "0"
    rest = (parts[3] or "").rstrip("0")
    if len(whole) > DIGITS_LIMIT:
        raise Fault("too_many_digits", limit=DIGITS_LIMIT)
    if len(rest) > DECIMALS_LIMIT:
        raise Fault("too_many_decimals", limit=DECIMALS_LIMIT, count=len(rest))
    value = f"{whole}.{rest}" if rest else whole
    if parts[1] == "-" and value != "0":
        value = f"-{value}"
    return value, parts[3] is None or (not isinstance(raw, str) and not rest)


def _number_text(raw):
    if isinstance(raw, str):
        return clean_line(raw).replace("\u2212", "-")
    if isinstance(raw, bool) or not isinstance(raw, int | float) or raw != raw:
        raise Fault("not_number")
    if math.isinf(raw) or abs(raw) >= 10**DIGITS_LIMIT:
        raise Fault("too_many_digits", limit=DIGITS_LIMIT)
    return format(Decimal(repr(raw)), "f")


def scaled(canonical):
    """A canonical number as an integer that can be compared exactly."""
    whole, _point, rest = canonical.lstrip("-").partition(".")
    value = int(whole + rest.ljust(DECIMALS_LIMIT, "0"))
    return -value if canonical.startswith("-") else value


def number_or_none(raw):
    """Canonical text, ``None`` for what is no number."""
    try:
        return None if is_blank(raw) else read_number(raw)
    except Fault:
        return None


def _integer(question, raw):
    try:
        value, whole = _split_number(raw)
    except Fault as fault:
        if isinstance(raw, str) and not clean_line(raw):
            return None
        if fault.code == "too_many_digits":
            raise
        raise Fault("not_integer") from None
    if not whole:
        raise Fault("not_integer")
    _check_range(question, value)
    return int(value)


def _decimal(question, raw):
    if isinstance(raw, str) and not clean_line(raw):
        return None
    value = read_number(raw)
    limit = decimals_limit(question)
    count = len(value.partition(".")[2])
    if count > limit:
        raise Fault("too_many_decimals", limit=limit, count=count)
    _check_range(question, value)
    return value


def decimals_limit(question):
    """Most digits behind the point."""
    digits = as_whole(question.get("digits"))
    if digits is not None and 0 <= digits <= DECIMALS_LIMIT:
        return digits
    return MONEY_DECIMALS if question["type"] == "money" else DECIMALS_LIMIT


def _check_range(question, value):
    least = number_or_none(question.get("min"))
    most = number_or_none(question.get("max"))
    if least is not None and scaled(value) < scaled(least):
        raise Fault("too_small", limit=_as_limit(question, least))
    if most is not None and scaled(value) > scaled(most):
        raise Fault("too_big", limit=_as_limit(question, most))


def _as_limit(question, canonical):
    whole = question["type"] == "integer" and "." not in canonical
    return int(canonical) if whole else canonical


# ---- yes or no, days and moments --------------------------------------------

_YES = frozenset(("true", "1", "yes", "on"))
_NO = frozenset(("false", "0", "no", "off"))


def read_boolean(raw):
    """True, False, or ``None`` for neither."""
    if isinstance(raw, bool):
        return raw
    key = key_of(raw)
    if key is None:
        return None
    key = fold(key)
    return True if key in _YES else False if key in _NO else None


def _boolean(question, raw):
    value = read_boolean(raw)
    if value is None and not (isinstance(raw, str) and not clean_line(raw)):
        raise Fault("not_boolean")
    return value


def read_day(raw):
    """A day as ``2026-11-24``, ``None`` for what is none."""
    text = clean_line(raw) if isinstance(raw, str) else ""
    if not _DAY.fullmatch(text):
        return None
    try:
        date.fromisoformat(text)
    except ValueError:
        return None
    return text


def read_moment(raw):
    """A moment as ``2026-11-24T15:00``, ``None`` for what is none."""
    parts = _MOMENT.fullmatch(clean_line(raw)) if isinstance(raw, str) else None
    if not parts or not read_day(parts[1]):
        return None
    return f"{parts[1]}T{parts[2]}:{parts[3]}"


def _date(question, raw):
    return _read_time(question, raw, read_day, "not_date")


def _datetime(question, raw):
    return _read_time(question, raw, read_moment, "not_datetime")


def _read_time(question, raw, read, code):
    value = read(raw)
    if value is None:
        if isinstance(raw, str) and not clean_line(raw):
            return None
        raise Fault(code)
    _check_time(question, value)
    return value


def _check_time(question, value):
    """A limit that is a day holds for the whole day of a moment."""
    least = read_day(question.get("min")) or read_moment(question.get("min"))
    most = read_day(question.get("max")) or read_moment(question.get("max"))
    if least and value[: len(least)] < least[: len(value)]:
        raise Fault("too_early", limit=least)
    if most and value[: len(most)] > most[: len(value)]:
        raise Fault("too_late", limit=most)


def _date_range(question, raw):
    if isinstance(raw, list) and len(raw) == 2:
        raw = {"from": raw[0], "to": raw[1]}
    if isinstance(raw, str) and not clean_line(raw):
        return None
    if not isinstance(raw, dict):
        raise Fault("not_date")
    ends = {
        name: None if is_blank(raw.get(name)) else _end_of_range(raw[name])
        for name in ("from", "to")
    }
    missing = [name for name, value in ends.items() if value is None]
    if len(missing) == 2:
        return None
    if missing:
        raise Fault("range_incomplete", missing=missing[0])
    if ends["from"] > ends["to"]:
        raise Fault("range_reversed", **{"from": ends["from"], "to": ends["to"]})
    _check_time(question, ends["from"])
    _check_time(question, ends["to"])
    return ends


def _end_of_range(raw):
    return _read_time({}, raw, read_day, "not_date")


# ---- choices and records ----------------------------------------------------


def options_of(question):
    """The question's options, each id once."""
    options = {}
    given = question.get("options")
    for option in given if isinstance(given, list | tuple) else ():
        if isinstance(option, dict) and key_of(option.get("id")):
            options.setdefault(key_of(option["id"]), option)
    return list(options.values())


def _find_option(question, key, offered):
    for option in offered:
        if key_of(option["id"]) == key:
            return option["id"]
    for option in options_of(question):
        if key_of(option["id"]) == key:
            raise Fault("not_offered", label=option.get("label") or "")
    raise Fault("unknown_option")


def _choice(question, raw, offered):
    key = key_of(raw)
    return None if key == "" else _find_option(question, key, offered)


def _multi_choice(question, raw, offered):
    if not isinstance(raw, list):
        raw = [raw]
    # Each once, in the order sent: a forged list may be long.
    keys = dict.fromkeys(key_of(item) for item in raw if not is_blank(item))
    chosen = {_find_option(question, key, offered) for key in keys if key != ""}
    values = [option["id"] for option in offered if option["id"] in chosen]
    if not values:
        return None
    least = read_count(question, "min_choices")
    most = read_count(question, "max_choices")
    if len(values) < least:
        raise Fault("too_few_choices", limit=least, count=len(values))
    if most and len(values) > most:
        raise Fault("too_many_choices", limit=most, count=len(values))
    return values


def read_record_id(raw):
    """A database id, ``None`` for what cannot be one."""
    key = key_of(raw)
    if not key or not re.fullmatch("[1-9][0-9]{0,9}", key):
        return None
    return int(key) if int(key) <= ID_LIMIT else None


def _record(raw, allowed):
    if isinstance(raw, str) and not clean_line(raw):
        return None
    value = read_record_id(raw)
    if value is None or (allowed is not None and value not in allowed):
        raise Fault("unknown_record")
    return value


_TEXT_LIMITS = {
    "text": TEXT_LIMIT,
    "long_text": LONG_TEXT_LIMIT,
    "email": EMAIL_LIMIT,
    "phone": PHONE_LIMIT,
    "url": URL_LIMIT,
}

_CLEANERS = {
    "text": _text,
    "long_text": _long_text,
    "email": _contact,
    "phone": _contact,
    "url": _contact,
    "integer": _integer,
    "decimal": _decimal,
    "money": _decimal,
    "boolean": _boolean,
    "date": _date,
    "datetime": _datetime,
    "date_range": _date_range,
    "choice": _choice,
    "multi_choice": _multi_choice,
    "file": clean_files,
}
