"""What answers to a question may be: for thinking about conditions, see ``form_reach``.

Plain Python.
"""

from datetime import date, datetime, timedelta
from itertools import combinations

from .form_sheet import ROW_TYPES, usable_questions
from .form_text import Fault, clean_line, fold, is_blank, key_of, read_count
from .form_values import (
    CHOICE_TYPES,
    DECIMALS_LIMIT,
    NUMBER_TYPES,
    RECORD_TYPES,
    TEXT_TYPES,
    clean,
    decimals_limit,
    number_or_none,
    options_of,
    read_boolean,
    read_day,
    read_moment,
    read_record_id,
    scaled,
    text_limit,
)

# Answers told apart; beyond, there are too many.
ANSWERS_LIMIT = 300
_PIECES_LIMIT = 5
_DAYS_LIMIT = 16
# A sign nobody types: between pieces of text, and in a text that is none of them.
_OTHER = "\ue000"
_ALWAYS = {"answered", "not_answered"}
_EQUAL = {"is", "is_not", "in", "not_in"}
_ORDER = {"gt", "ge", "lt", "le"}


class TooMany(Exception):
    """Too much to think through."""


def operators_of(kind):
    """Operators that make sense for a type."""
    if kind in TEXT_TYPES:
        return _ALWAYS | _EQUAL | {"contains"}
    if kind in NUMBER_TYPES or kind in ("date", "datetime", "date_range"):
        return _ALWAYS | _EQUAL | _ORDER
    if kind == "multi_choice":
        return _ALWAYS | _EQUAL | {"contains"}
    if kind in ("boolean", "choice") or kind in RECORD_TYPES:
        return _ALWAYS | _EQUAL
    return _ALWAYS


def read_time(raw):
    return read_day(raw) or read_moment(raw)


def can_be(question, op, value):
    """Whether an answer to the question can be as a condition wants it."""
    kind = question["type"]
    if kind in CHOICE_TYPES:
        return key_of(value) in {
            key_of(option["id"]) for option in options_of(question)
        }
    if kind in RECORD_TYPES:
        return read_record_id(value) is not None
    if kind == "boolean":
        return read_boolean(value) is not None
    if kind in NUMBER_TYPES:
        return _can_be_number(question, op, value)
    if kind == "datetime":
        return read_time(value) is not None
    if kind in ("date", "date_range"):
        return read_day(value) is not None
    text = key_of(value)
    if not text:
        return False
    return (
        len(text) <= text_limit(question)
        if op == "contains"
        else _can_be_text(question, text)
    )


def _can_be_number(question, op, value):
    number = number_or_none(value)
    if number is None:
        return False
    if op in _EQUAL:
        try:
            return clean(question, number) is not None
        except Fault:
            return False
    least, most = (number_or_none(question.get(name)) for name in ("min", "max"))
    here = scaled(number)
    if op in ("gt", "ge") and most is not None:
        return here < scaled(most) or (op == "ge" and here == scaled(most))
    if op in ("lt", "le") and least is not None:
        return here > scaled(least) or (op == "le" and here == scaled(least))
    return True


def make_answers(question, pairs):
    """Clean values that stand for all a question may have.

    Any two that are left out are told apart by none of the comparisons.

    :param pairs: ``(operator, value)`` it is compared with anywhere in the form
    :raises TooMany: when there are too many to try
    """
    wanted = [
        one
        for _op, value in pairs
        for one in (value if isinstance(value, list) else [value])
    ]
    answers = _make(question, wanted, pairs)
    if len(answers) > ANSWERS_LIMIT:
        raise TooMany
    return answers


def _make(question, wanted, pairs):
    kind = question["type"]
    if kind in TEXT_TYPES:
        return _texts(question, wanted, pairs)
    if kind in NUMBER_TYPES:
        return _numbers(question, wanted)
    if kind == "boolean":
        return [True, False]
    if kind == "choice":
        return [option["id"] for option in options_of(question)]
    if kind == "multi_choice":
        return _choices(question, wanted)
    if kind in RECORD_TYPES:
        ids = {read_record_id(one) for one in wanted} - {None}
        return [*sorted(ids), next(n for n in range(1, len(ids) + 2) if n not in ids)]
    if kind == "date":
        return _days(wanted)
    if kind == "datetime":
        return _moments(wanted)
    if kind == "date_range":
        days = _days(wanted)
        if len(days) > _DAYS_LIMIT:
            raise TooMany
        return [
            {"from": one, "to": other} for one in days for other in days if one <= other
        ]
    if kind == "rows" and not usable_questions(question, ROW_TYPES):
        return []
    return [[0]]


def _texts(question, wanted, pairs):
    whole = {
        clean_line(one)
        for one in wanted
        if isinstance(one, str) and _can_be_text(question, one)
    }
    whole |= {key_of(one) for one in wanted if not isinstance(one, str)} - {None}
    pieces = {
        fold(key_of(one) or "")
        for op, value in pairs
        if op == "contains"
        for one in (value if isinstance(value, list) else [value])
        if not is_blank(one)
    } - {""}
    if len(pieces) > _PIECES_LIMIT:
        raise TooMany
    mixed = [
        _OTHER.join(("", *some, "")) or _OTHER
        for count in range(len(pieces) + 1)
        for some in combinations(sorted(pieces), count)
    ]
    return [*sorted(whole - {""}), *mixed]


def _can_be_text(question, text):
    """Whether a text may be the answer, but for a pattern.

    Conditions do not look at capitals, a pattern does: it is left aside.
    """
    line = clean_line(text)
    try:
        value = clean({**question, "pattern": None}, line)
    except Fault as fault:
        if fault.code in ("too_long", "too_short"):
            return not line.isascii()
        return False
    return value is not None and fold(clean_line(value)) == fold(line)


def _numbers(question, wanted):
    """Each number, and its neighbours, within the limits."""
    digits = 0 if question["type"] == "integer" else decimals_limit(question)
    unit = 10 ** (DECIMALS_LIMIT - digits)
    limits = [number_or_none(question.get(name)) for name in ("min", "max")]
    numbers = [number_or_none(one) for one in wanted]
    least, most = [None if one is None else scaled(one) for one in limits]
    found = set()
    for number in [*numbers, *limits, "0"]:
        if number is not None:
            near = scaled(number) // unit * unit
            found |= {near - unit, near, near + unit}
    return [
        _as_number(question, value)
        for value in sorted(found)
        if (least is None or value >= least) and (most is None or value <= most)
    ]


def _as_number(question, value):
    whole, rest = divmod(abs(value), 10**DECIMALS_LIMIT)
    sign = "-" if value < 0 else ""
    if question["type"] == "integer":
        return int(f"{sign}{whole}")
    return number_or_none(f"{sign}{whole}.{rest:0{DECIMALS_LIMIT}}")


def _choices(question, wanted):
    keys = {key_of(one) for one in wanted}
    ids = [option["id"] for option in options_of(question)]
    named = [one for one in ids if key_of(one) in keys]
    most = read_count(question, "max_choices") or len(named)
    if len(named) > 2 * _PIECES_LIMIT:
        raise TooMany
    some = [
        list(chosen)
        for count in range(1, min(most, len(named)) + 1)
        for chosen in combinations(named, count)
    ]
    return [*some, *([one] for one in ids if one not in named)]


def _days(wanted):
    """Each day, the one before and the one after."""
    days = {read_day(one) for one in wanted} | {"2026-01-01"}
    found = set()
    for day in days - {None}:
        found |= {day, *_near(date.fromisoformat(day), timedelta(days=1))}
    return sorted(found)


def _moments(wanted):
    found = {"2026-01-01T00:00"}
    for one in wanted:
        day, moment = read_day(one), read_moment(one)
        for edge in (f"{day}T00:00", f"{day}T23:59") if day else (moment,):
            if edge:
                near = _near(datetime.fromisoformat(edge), timedelta(minutes=1))
                found |= {edge, *(text[:16] for text in near)}
    return sorted(found)


def _near(moment, step):
    """What comes right before and after; the calendar has two ends."""
    for sign in (-1, 1):
        try:
            yield (moment + sign * step).isoformat()
        except OverflowError:
            continue
