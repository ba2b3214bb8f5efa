"""Conditions of request forms: does this hold, given what was answered?

Plain Python with a twin in JavaScript (``static/src/forms/form_conditions.js``); the
shape of a condition is described in ``form_rules``.

What an operator means:

* ``is`` and ``in`` ask whether the answer is the value, or one of the values, given;
  where an answer is a list (several choices, the departments of a person), whether
  one of the list is. Texts are compared without regard to capitals.
* ``is_not`` and ``not_in`` are exactly the opposite, so they hold for a question that
  is not answered.
* ``contains`` looks for a piece of text, or for one of several.
* ``gt ge lt le`` compare numbers and days and never hold for an unanswered question.
  A range of days is after a day when it begins after it, and before when it ends
  before.
* A moment is compared with a day by its day.
"""

from .form_text import clean_line, fold, is_blank, key_of
from .form_values import (
    CHOICE_TYPES,
    NUMBER_TYPES,
    RECORD_TYPES,
    TEXT_TYPES,
    number_or_none,
    read_boolean,
    read_day,
    read_moment,
    scaled,
)

OPERATORS = (
    "answered",
    "not_answered",
    "is",
    "is_not",
    "in",
    "not_in",
    "contains",
    "gt",
    "ge",
    "lt",
    "le",
)
# Conditions within conditions; deeper ones never hold.
DEPTH_LIMIT = 20
# Kind of a value that comes from the directory, not from a question.
PERSON = "_person"
# Kind of a question that does not exist.
UNKNOWN = "_unknown"


def holds(condition, read, depth=0):
    """Whether a condition holds. No condition always does, a broken one never.

    A group without conditions holds.

    :param read: function of a leaf to ``(kind, clean value or None)``
    """
    if condition is None:
        return True
    if not isinstance(condition, dict) or depth > DEPTH_LIMIT:
        return False
    for group, combine in (("all", all), ("any", any)):
        if group in condition:
            parts = condition[group]
            if not isinstance(parts, list):
                return False
            return not parts or combine(holds(part, read, depth + 1) for part in parts)
    if "question" not in condition and "person" not in condition:
        return False
    kind, value = read(condition)
    return compare(kind, value, condition.get("op"), condition.get("value"))


def leaves(condition, depth=0):
    """All comparisons of a condition, in order."""
    if not isinstance(condition, dict) or depth > DEPTH_LIMIT:
        return []
    for group in ("all", "any"):
        if group in condition:
            parts = condition[group] if isinstance(condition[group], list) else []
            return [leaf for part in parts for leaf in leaves(part, depth + 1)]
    return [condition]


def person_value(person, field):
    """What the directory says about a person; nothing and "no record" are one."""
    usable = isinstance(person, dict) and isinstance(field, str)
    value = person.get(field) if usable else None
    return None if value in (None, "", []) else value


def compare(kind, value, op, wanted):
    """Whether one answer is as wanted.

    :param str kind: type of the question, or :data:`PERSON`
    :param value: clean value, ``None`` when not answered
    """
    if op == "answered":
        return value is not None and not (kind == PERSON and value is False)
    if op == "not_answered":
        return not compare(kind, value, "answered", wanted)
    if op in ("is", "in"):
        return _is_one_of(kind, value, wanted)
    if op in ("is_not", "not_in"):
        return not _is_one_of(kind, value, wanted)
    if value is None or not isinstance(op, str):
        return False
    if op == "contains":
        return _contains(kind, value, wanted)
    if op in _ORDER:
        return _is_ordered(kind, value, op, wanted)
    return False


def _is_one_of(kind, value, wanted):
    if value is None:
        return False
    many = wanted if isinstance(wanted, list) else [wanted]
    return any(_equals(kind, value, one) for one in many)


def _equals(kind, value, wanted):
    if isinstance(value, list):
        usable = kind == PERSON or kind == "multi_choice"
        return usable and any(_equals(kind, one, wanted) for one in value)
    if kind == PERSON:
        kind = _kind_of(value)
    if kind in TEXT_TYPES:
        return fold(clean_line(value)) == fold(_wanted_text(wanted))
    if kind in NUMBER_TYPES:
        number = number_or_none(wanted)
        return number is not None and number == number_or_none(value)
    if kind == "boolean":
        return read_boolean(wanted) is value
    if kind in CHOICE_TYPES or kind in RECORD_TYPES:
        return key_of(value) is not None and key_of(value) == key_of(wanted)
    if kind == "date":
        return value == read_day(wanted)
    if kind == "datetime":
        return value == read_moment(wanted) or value[:10] == read_day(wanted)
    if kind == "date_range":
        return value["from"] == value["to"] == read_day(wanted)
    return False


def _kind_of(value):
    """Kind of a value from the directory."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "decimal"
    return "text" if isinstance(value, str) else UNKNOWN


def _wanted_text(wanted):
    """What was entered in a condition, as one line."""
    return key_of(wanted) or ""


def _contains(kind, value, wanted):
    many = wanted if isinstance(wanted, list) else [wanted]
    if kind == "multi_choice" or isinstance(value, list):
        return _is_one_of(kind, value, wanted)
    if kind not in TEXT_TYPES and not (kind == PERSON and isinstance(value, str)):
        return False
    pieces = [fold(_wanted_text(one)) for one in many if not is_blank(one)]
    # A long text has new lines where the piece has blanks.
    text = fold(clean_line(value))
    return any(piece and piece in text for piece in pieces)


_ORDER = {
    "gt": lambda one, other: one > other,
    "ge": lambda one, other: one >= other,
    "lt": lambda one, other: one < other,
    "le": lambda one, other: one <= other,
}


def _is_ordered(kind, value, op, wanted):
    if kind == PERSON:
        day = read_day(value)
        kind, value = ("date", day) if day else (_kind_of(value), value)
    if kind == "date_range":
        kind, value = "date", value["from" if op in ("gt", "ge") else "to"]
    if kind in NUMBER_TYPES:
        one, other = number_or_none(value), number_or_none(wanted)
        if one is None or other is None:
            return False
        return _ORDER[op](scaled(one), scaled(other))
    if kind in ("date", "datetime"):
        other = read_day(wanted) or (kind == "datetime" and read_moment(wanted))
        return bool(other) and _ORDER[op](value[: len(other)], other)
    return False
