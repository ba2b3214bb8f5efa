"""Judges the answers to a request form.

Plain Python, no ORM. The browser has a twin of it (``static/src/forms``) that gives
the same verdicts; ``static/tests/form_vectors.json`` is judged by both.

The form is the JSON-able dictionary made by ``spoc.form._spoc_compile()``; keys that
do not apply are left out::

    {"id": 7, "version": 3, "name": "New phone", "questions": [question, ...]}

    question  {"id", "type", "label", "help", "required", "show_if": condition,
               "required_if": condition, "default", ... by type}

==============  ======================================  ==============================
type            keys of its own                         clean value
==============  ======================================  ==============================
text            max_length, min_length, pattern,        text on one line
                pattern_message
long_text       the same                                text
email phone     max_length                              text
url             max_length                              address with http(s)://
integer         min, max                                int
decimal money   min, max, digits                        canonical text ``"1234.5"``
boolean                                                 True, False
date            min, max (days)                         ``"2026-11-24"``
datetime        min, max (days or moments)              ``"2026-11-24T15:00"``
date_range      min, max (days)                         ``{"from": day, "to": day}``
choice          options                                 id of the option
multi_choice    options, min_choices, max_choices       ids in the form's order
person          must be in ``allowed``; the same for    int
                department, location and record
file            max_files, max_mb, extensions           ``[{"name", "size", ...}]``
rows            questions, min_rows, max_rows           ``[{sub-question id: value}]``
info            nothing is asked
step            begins a new step; its ``show_if``
                hides all of it
==============  ======================================  ==============================

An option is ``{"id", "label", "show_if"}``. A condition is one of::

    {"all": [condition, ...]}    {"any": [condition, ...]}
    {"question": id, "op": operator, "value": value}
    {"person": field, "op": operator, "value": value}

with the operators of ``form_conditions``. How it is read:

* A hidden question counts as not answered, so does one answered wrongly, one that
  does not exist, and, in a loop of conditions, the one the loop came from.
* A choice is not asked while none of its options is offered.
* In rows, questions of the same row and of the whole form may be named. A row in
  which nothing was answered is left out.
* ``required`` and the least number of choices or rows hold for visible questions;
  the least numbers only once something is answered.
* What is not asked is never taken: unknown keys, hidden questions, forged ids.

Answers are keyed by question id (a number or its text): text or a list of texts as
HTML forms give it, or JSON values as above; rows are a list of dictionaries; a file
is a dictionary with at least ``name`` and ``size`` (bytes), whose other keys are
kept, so the caller may carry its content along.

The verdict names what is wrong by code and leaves the wording to the caller. The key
is the question's id, in rows ``"12:0:13"`` (question, place of the row as sent,
sub-question):

=================  ===================================================================
required           nothing was answered
not_text           not a piece of text (tampered request)
too_long           ``limit`` characters allowed, ``length`` given
too_short          ``limit`` characters needed, ``length`` given
pattern            not of the form asked; ``message`` of the form's editor, or ``""``
not_email          no mail address
not_phone          no phone number
not_url            no web address
not_integer        no whole number
not_number         no number
too_many_digits    more than ``limit`` digits before the point
too_many_decimals  ``limit`` digits behind the point allowed, ``count`` given
too_small          a number below ``limit`` (int, or canonical text)
too_big            a number above ``limit`` (int, or canonical text)
not_boolean        neither yes nor no (tampered request)
not_date           no day of the calendar
not_datetime       no day and time
too_early          before ``limit`` (ISO day or moment)
too_late           after ``limit`` (ISO day or moment)
range_incomplete   one end is ``missing``: ``"from"`` or ``"to"``
range_reversed     the end ``to`` comes before the beginning ``from``
unknown_option     the choice is not one of the form
not_offered        the choice ``label`` does not go with the other answers
too_few_choices    ``limit`` needed, ``count`` chosen
too_many_choices   ``limit`` allowed, ``count`` chosen
unknown_record     not one of the records that may be named
too_many_files     ``limit`` files allowed, ``count`` given
file_too_big       ``name`` is over ``limit`` megabytes
file_empty         ``name`` holds nothing
file_name          ``name`` is no usable file name
file_type          ``name`` is of a kind that could harm its reader
file_extension     ``name`` is none of the ``extensions`` (text ``"pdf, png"``)
not_rows           not a list of rows (tampered request)
too_few_rows       ``limit`` rows needed, ``count`` given
too_many_rows      ``limit`` rows allowed, ``count`` given
=================  ===================================================================
"""

from dataclasses import dataclass, field

from .form_files import (  # noqa: F401 (what the models use)
    DANGEROUS,
    FILE_MB_LIMIT,
    FILES_LIMIT,
    NAME_LIMIT,
    clean_file_name,
)
from .form_sheet import (
    ROW_TYPES,
    ROWS_SENT_LIMIT,
    TYPES,
    Sheet,
    keyed,
    usable_questions,
)
from .form_text import key_of
from .form_values import (  # noqa: F401 (what the models use)
    LONG_TEXT_LIMIT,
    RECORD_TYPES,
    ROWS_LIMIT,
    TEXT_LIMIT,
    read_record_id,
)

CODES = (
    "required",
    "not_text",
    "too_long",
    "too_short",
    "pattern",
    "not_email",
    "not_phone",
    "not_url",
    "not_integer",
    "not_number",
    "too_many_digits",
    "too_many_decimals",
    "too_small",
    "too_big",
    "not_boolean",
    "not_date",
    "not_datetime",
    "too_early",
    "too_late",
    "range_incomplete",
    "range_reversed",
    "unknown_option",
    "not_offered",
    "too_few_choices",
    "too_many_choices",
    "unknown_record",
    "too_many_files",
    "file_too_big",
    "file_empty",
    "file_name",
    "file_type",
    "file_extension",
    "not_rows",
    "too_few_rows",
    "too_many_rows",
)


@dataclass
class Verdict:
    """What :func:`judge` thinks.

    :ivar dict values: question id -> clean value, answered questions only
    :ivar dict errors: question id, or key in rows -> ``(code, params)``, the first
        fault of each
    :ivar list hidden: question ids, and keys in rows, that are not asked
    """

    values: dict = field(default_factory=dict)
    errors: dict = field(default_factory=dict)
    hidden: list = field(default_factory=list)

    @property
    def ok(self):
        """Whether the answers may be taken as they are."""
        return not self.errors


@dataclass
class Visibility:
    """What a form asks at the moment, see :func:`visibility`.

    :ivar list hidden: question ids, and keys in rows, that are not asked
    :ivar dict options: visible choice -> ids of the options offered
    :ivar list required: visible questions that must be answered
    """

    hidden: list = field(default_factory=list)
    options: dict = field(default_factory=dict)
    required: list = field(default_factory=list)


def judge(form, answers, person=None, allowed=None):
    """Check the answers against the form.

    :param dict form: compiled form
    :param dict answers: question id -> raw value
    :param dict person: what the directory says about the person who asks
    :param dict allowed: question id -> ids that may be named in it; ``None`` leaves
        records unchecked (as a browser must), a question that is missing allows none
    :rtype: Verdict
    """
    sheet = _judged(form, answers, person, allowed)
    return Verdict(sheet.by_id(sheet.values), sheet.get_errors(), sheet.hidden)


def visibility(form, answers, person=None):
    """What is asked, offered and required after the answers given so far.

    :rtype: Visibility
    """
    sheet = _judged(form, answers, person, None)
    return Visibility(sheet.hidden, sheet.offered, sheet.required)


def record_ids(form, answers):
    """Ids that answers name, for the caller to find out which are allowed.

    :return: question id -> set of ids, for all questions about records
    """
    given = keyed(answers)
    found = {}
    for question in usable_questions(form, TYPES):
        raw = given.get(key_of(question["id"]))
        if question["type"] in RECORD_TYPES:
            found[question["id"]] = {read_record_id(raw)} - {None}
        elif question["type"] == "rows":
            rows = raw[:ROWS_SENT_LIMIT] if isinstance(raw, list) else []
            for sub in usable_questions(question, ROW_TYPES):
                if sub["type"] in RECORD_TYPES:
                    key = key_of(sub["id"])
                    ids = {read_record_id(keyed(row).get(key)) for row in rows}
                    found[sub["id"]] = ids - {None}
    return found


def _judged(form, answers, person, allowed):
    if allowed is not None:
        allowed = keyed(allowed)
    sheet = Sheet(usable_questions(form, TYPES), keyed(answers), person, allowed)
    sheet.fill()
    return sheet
