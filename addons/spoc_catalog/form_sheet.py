"""Fills a request form in the order of its conditions.

Plain Python with a twin in JavaScript (``static/src/forms/form_sheet.js``);
``form_rules`` says what it means.
"""

from . import form_conditions
from .form_conditions import PERSON, UNKNOWN
from .form_text import Fault, is_blank, key_of, read_count
from .form_values import CHOICE_TYPES, ROWS_LIMIT, SILENT_TYPES, clean, options_of

TYPES = (
    "text",
    "long_text",
    "email",
    "phone",
    "url",
    "integer",
    "decimal",
    "money",
    "boolean",
    "date",
    "datetime",
    "date_range",
    "choice",
    "multi_choice",
    "person",
    "department",
    "location",
    "record",
    "file",
    "rows",
    "info",
    "step",
)
# What may be asked within rows.
ROW_TYPES = tuple(
    kind for kind in TYPES if kind not in ("file", "rows", "info", "step")
)
# Rows looked at, blank ones included; more come from no person.
ROWS_SENT_LIMIT = 2 * ROWS_LIMIT


def evaluation_order(needs):
    """Keys in an order in which each comes after what it needs.

    Where needs go in circles, the one met first comes last. Without recursion: a
    form may be a long chain.

    :param dict needs: key -> keys needed
    """
    order, seen = [], set()
    for start in needs:
        if start in seen:
            continue
        seen.add(start)
        path = [(start, iter(needs[start]))]
        while path:
            current, rest = path[-1]
            for key in rest:
                if key in needs and key not in seen:
                    seen.add(key)
                    path.append((key, iter(needs[key])))
                    break
            else:
                order.append(current)
                path.pop()
    return order


def steps_of(questions):
    """Question key -> the step it belongs to, if any; steps belong to none."""
    steps, step = {}, None
    for question in questions:
        if question["type"] == "step":
            step = question
        elif step:
            steps[key_of(question["id"])] = step
    return steps


def question_conditions(question, with_required=False):
    """All conditions that decide what a question may be answered."""
    conditions = [question.get("show_if")]
    conditions += [option.get("show_if") for option in options_of(question)]
    if with_required:
        conditions.append(question.get("required_if"))
    if question["type"] == "rows":
        for sub in usable_questions(question, ROW_TYPES):
            conditions += question_conditions(sub, with_required=True)
    return [condition for condition in conditions if condition is not None]


def keyed(answers):
    answers = answers if isinstance(answers, dict) else {}
    return {
        key if isinstance(key, str) else key_of(key): value
        for key, value in answers.items()
    }


def usable_questions(part, types):
    """Questions of a form or of rows that can be asked, each id once."""
    questions = {}
    given = part.get("questions") if isinstance(part, dict) else None
    for question in given if isinstance(given, list | tuple) else ():
        if isinstance(question, dict) and question.get("type") in types:
            if key_of(question.get("id")):
                questions.setdefault(key_of(question["id"]), question)
    return list(questions.values())


class Sheet:
    """Questions with their answers: a whole form, or one row within.

    Values, faults and the like are kept by key, the text of the question's id.
    """

    def __init__(self, questions, given, person, allowed, parent=None, prefix=""):
        self.questions = {key_of(question["id"]): question for question in questions}
        self.steps = steps_of(questions)
        self.given = given
        self.person = person
        self.allowed = allowed
        self.parent = parent
        self.prefix = prefix
        self.values = {}
        self.faults = {}
        # In rows, by their full keys; for the rows question itself.
        self.row_faults = {}
        self.row_notes = {}
        self.silent = set()
        self.offers = {}
        self.hidden, self.offered, self.required = [], {}, []

    # ---- in the order of the conditions ----

    def fill(self):
        """Judge all questions."""
        needs = {}
        for key, question in self.questions.items():
            conditions = question_conditions(question)
            needs[key] = [
                key_of(leaf.get("question"))
                for condition in conditions
                for leaf in form_conditions.leaves(condition)
            ]
            if key in self.steps:
                needs[key].insert(0, key_of(self.steps[key]["id"]))
        for key in evaluation_order(needs):
            self._fill_one(key, self.questions[key])
        for key, question in self.questions.items():
            self._note(key, question)

    def _fill_one(self, key, question):
        step = self.steps.get(key)
        shown = not step or key_of(step["id"]) not in self.silent
        if shown and question["type"] in CHOICE_TYPES:
            self.offers[key] = [
                option
                for option in options_of(question)
                if self._holds(option.get("show_if"))
            ]
            shown = bool(self.offers[key])
        if not (shown and self._holds(question.get("show_if"))):
            self.silent.add(key)
        elif question["type"] not in SILENT_TYPES:
            try:
                value = self._clean(key, question)
            except Fault as fault:
                self.faults[key] = fault
            else:
                if value is not None and not self.row_faults.get(key):
                    self.values[key] = value

    def _holds(self, condition):
        return form_conditions.holds(condition, self._read)

    def _read(self, leaf):
        """Kind and value of what a condition names."""
        if "question" not in leaf:
            return PERSON, form_conditions.person_value(self.person, leaf["person"])
        key = key_of(leaf["question"])
        if key in self.questions:
            return self.questions[key]["type"], self.values.get(key)
        return self.parent._read(leaf) if self.parent else (UNKNOWN, None)

    def _clean(self, key, question):
        raw = self.given.get(key)
        if question["type"] == "rows":
            return self._clean_rows(key, question, raw)
        allowed = None
        if self.allowed is not None:
            allowed = self.allowed.get(key) or ()
        return clean(question, raw, self.offers.get(key, ()), allowed)

    def _clean_rows(self, key, question, raw):
        if is_blank(raw):
            return None
        if not isinstance(raw, list):
            raise Fault("not_rows")
        limit = min(read_count(question, "max_rows") or ROWS_LIMIT, ROWS_LIMIT)
        if len(raw) > ROWS_SENT_LIMIT:
            raise Fault("too_many_rows", limit=limit, count=len(raw))
        if not all(isinstance(row, dict) or is_blank(row) for row in raw):
            raise Fault("not_rows")
        sheets = [
            self._fill_row(f"{key}:{place}:", question, row)
            for place, row in enumerate(raw)
        ]
        self.row_notes[key] = sheets
        filled = [sheet for sheet in sheets if sheet.is_answered()]
        self.row_faults[key] = {
            name: fault
            for sheet in filled
            for name, fault in sheet.get_errors().items()
        }
        least = read_count(question, "min_rows")
        if len(filled) > limit:
            raise Fault("too_many_rows", limit=limit, count=len(filled))
        if filled and len(filled) < least:
            raise Fault("too_few_rows", limit=least, count=len(filled))
        return [sheet.by_id(sheet.values) for sheet in filled] or None

    def _fill_row(self, prefix, question, row):
        sheet = Sheet(
            usable_questions(question, ROW_TYPES),
            keyed(row),
            self.person,
            self.allowed,
            parent=self,
            prefix=prefix,
        )
        sheet.fill()
        return sheet

    # ---- in the order of the form ----

    def _note(self, key, question):
        """Keep what is told about a question, now that all answers are known."""
        name = self._name(key)
        if key in self.silent:
            self.hidden.append(name)
            return
        if key in self.offers:
            self.offered[name] = [option["id"] for option in self.offers[key]]
        required = question.get("required") or (
            question.get("required_if") is not None
            and self._holds(question["required_if"])
        )
        if required and question["type"] not in SILENT_TYPES:
            self.required.append(name)
            if not (
                key in self.values or key in self.faults or self.row_faults.get(key)
            ):
                self.faults[key] = Fault("required")
        for sheet in self.row_notes.get(key, ()):
            self.hidden += sheet.hidden
            self.offered.update(sheet.offered)
            self.required += sheet.required

    def _name(self, key):
        """Key under which the caller is told about a question."""
        return self.prefix + key if self.prefix else self.questions[key]["id"]

    def is_answered(self):
        """Whether anything was answered, be it wrongly."""
        return bool(self.values) or any(
            fault.code != "required" for fault in self.faults.values()
        )

    def by_id(self, values):
        """Values by the ids of the form, in its order."""
        return {
            question["id"]: values[key]
            for key, question in self.questions.items()
            if key in values
        }

    def get_errors(self):
        """Faults as the verdict tells them, in the order of the form."""
        errors = {}
        for key in self.questions:
            if key in self.faults:
                fault = self.faults[key]
                errors[self._name(key)] = (fault.code, fault.params)
            errors.update(self.row_faults.get(key, {}))
        return errors
