"""Looks a request form over before it is published.

Plain Python, no ORM; the form is as in ``form_rules``. What it finds is named by code
and leaves the wording to the caller. Findings are about a question (its id; a step and
a question within rows are questions, too). :data:`HINTS` are worth a look and do not
stand in the way.

A condition is named by ``where``: ``show``, ``require``, or ``option`` (then ``option``
is the label of the option it governs); ``source`` is the id it names, ``source_label``
the label of that question, ``""`` for none.

===================  =================================================================
unknown_type         a question of a ``type`` that does not exist
no_label             a question without a label
duplicate_question   another question has the same id
duplicate_label      ``other`` (id) asks the same beside it
duplicate_option     two options are called, or identified by, ``label``
no_options           nothing to choose from
too_few_options      ``limit`` choices needed, ``count`` options there
no_sub_questions     rows that ask nothing
bad_sub_question     ``type`` cannot be asked within rows
empty_step           a step without anything in it
min_above_max        the limit ``least`` (as ``min_length``) is ``min``, above ``max``
bad_limit            the ``limit`` named is no number or day: ``value``
bad_pattern          the pattern cannot be used: ``reason`` ``syntax``, ``unsupported``
                     or ``too_big``
bad_extension        files with the ``extension`` are never accepted
bad_default          the default is refused: ``error`` (code of ``form_rules``) with its
                     ``params``
bad_condition        a condition that cannot be read; it never holds
missing_question     a condition over a question that is not in the form
foreign_question     a condition over a question of other rows, or of rows from outside
silent_question      a condition over a question that takes no answer
later_question       shown or offered by a question further below (a hint)
bad_operator         ``op`` makes no sense for the question named
no_value             a condition without the value it needs
impossible_value     no answer to the question named can be as ``value`` says
unknown_person       a condition over a ``field`` the directory does not have
loop                 questions that wait for each other: ``questions`` (ids)
unreachable          a question that is never asked
required_hidden      a question that must be answered and is never asked
never_required       what makes the question required never happens
unreachable_option   the option ``label`` is never offered
===================  =================================================================
"""

from . import form_rules
from .form_answers import can_be, operators_of, read_time
from .form_conditions import DEPTH_LIMIT, OPERATORS, leaves
from .form_files import DANGEROUS, read_extensions
from .form_pattern import PatternError, compile_pattern
from .form_reach import Reach, read_nodes
from .form_sheet import ROW_TYPES, TYPES
from .form_text import fold, is_blank, key_of, read_count
from .form_values import (
    CHOICE_TYPES,
    NUMBER_TYPES,
    ROWS_LIMIT,
    SILENT_TYPES,
    number_or_none,
    options_of,
    scaled,
    text_limit,
)

CODES = (
    "unknown_type",
    "no_label",
    "duplicate_question",
    "duplicate_label",
    "duplicate_option",
    "no_options",
    "too_few_options",
    "no_sub_questions",
    "bad_sub_question",
    "empty_step",
    "min_above_max",
    "bad_limit",
    "bad_pattern",
    "bad_extension",
    "bad_default",
    "bad_condition",
    "missing_question",
    "foreign_question",
    "silent_question",
    "later_question",
    "bad_operator",
    "no_value",
    "impossible_value",
    "unknown_person",
    "loop",
    "unreachable",
    "required_hidden",
    "never_required",
    "unreachable_option",
)
# Worth telling, no reason to refuse.
HINTS = ("later_question",)

_ALWAYS = ("answered", "not_answered")


def check(form, person_fields=None):
    """What is wrong with a form.

    :param dict form: compiled form
    :param person_fields: fields of the directory that conditions may name, ``None``
        to leave them unchecked
    :return: list of ``(code, question id, params)``, in the order of the form, what
        follows from conditions taken together at the end
    """
    checker = _Checker(form if isinstance(form, dict) else {}, person_fields)
    checker.check()
    return checker.findings


class _Checker:
    def __init__(self, form, person_fields):
        questions = form.get("questions")
        questions = questions if isinstance(questions, list | tuple) else ()
        self.questions = [item for item in questions if isinstance(item, dict)]
        self.person_fields = person_fields
        self.nodes = read_nodes(form)
        self.reach = Reach(self.nodes)
        self.places = {key: place for place, key in enumerate(self.nodes)}
        self.findings = []

    def _find(self, code, question, **params):
        finding = (code, question.get("id"), params)
        if finding not in self.findings:
            self.findings.append(finding)

    def check(self):
        self._check_questions(self.questions, TYPES)
        self._check_steps()
        for node in self.nodes.values():
            self._check_conditions(node)
        loops = self._check_loops()
        for node in self.nodes.values():
            if node.key not in loops:
                self._check_reach(node)

    # ---- each question by itself ----

    def _check_questions(self, questions, types, seen=None):
        seen = {} if seen is None else seen
        labels = {}
        for question in questions:
            kind, key = question.get("type"), key_of(question.get("id"))
            if kind not in TYPES:
                self._find("unknown_type", question, type=kind)
                continue
            if kind not in types:
                self._find("bad_sub_question", question, type=kind)
                continue
            if key in seen:
                self._find("duplicate_question", question)
                continue
            seen[key] = question
            self._check_label(question, labels)
            self._check_kind(question)
            if kind == "rows":
                self._check_rows(question, seen)

    def _check_label(self, question, labels):
        label = question.get("label")
        label = fold(" ".join(label.split())) if isinstance(label, str) else ""
        if question["type"] == "step":
            # Equal questions of two steps are told apart by their steps.
            labels.clear()
        if not label:
            # An info text may stand in the hint alone.
            if question["type"] != "info" or not question.get("help"):
                self._find("no_label", question)
        elif question["type"] not in SILENT_TYPES and not question.get("show_if"):
            if label in labels:
                self._find("duplicate_label", question, other=labels[label])
            labels.setdefault(label, question["id"])

    def _check_kind(self, question):
        kind = question["type"]
        if kind in CHOICE_TYPES:
            self._check_options(question)
        elif kind in NUMBER_TYPES:
            self._check_range(question, number_or_none, scaled)
        elif kind in ("date", "datetime", "date_range"):
            self._check_range(question, read_time, str)
        elif kind in ("text", "long_text"):
            self._check_text(question)
        elif kind == "file":
            for extension in read_extensions(question):
                if extension in DANGEROUS:
                    self._find("bad_extension", question, extension=extension)
        if kind not in SILENT_TYPES:
            self._check_default(question)

    def _check_options(self, question):
        options = options_of(question)
        given = question.get("options")
        labels = set()
        for option in given if isinstance(given, list | tuple) else ():
            label = str(option.get("label") or "") if isinstance(option, dict) else ""
            if option not in options:
                self._find("duplicate_option", question, label=label)
            elif not option.get("show_if"):
                name = fold(" ".join(label.split()))
                if name in labels:
                    self._find("duplicate_option", question, label=label)
                labels.add(name)
        least = read_count(question, "min_choices")
        most = read_count(question, "max_choices")
        if not options:
            self._find("no_options", question)
        elif question["type"] == "multi_choice":
            if least > len(options):
                count = len(options)
                self._find("too_few_options", question, limit=least, count=count)
            self._check_counts(question, "min_choices", least, most)

    def _check_counts(self, question, name, least, most):
        if most and least > most:
            self._find("min_above_max", question, least=name, min=least, max=most)

    def _check_range(self, question, read, weigh):
        limits = {}
        for name in ("min", "max"):
            raw = question.get(name)
            limits[name] = None if is_blank(raw) else read(raw)
            if limits[name] is None and not is_blank(raw):
                self._find("bad_limit", question, limit=name, value=raw)
        least, most = limits["min"], limits["max"]
        if least is None or most is None:
            return
        # A day and a moment are compared by their days.
        length = min(len(least), len(most)) if weigh is str else None
        if weigh(least[:length]) > weigh(most[:length]):
            given = {name: question[name] for name in limits}
            self._find("min_above_max", question, least="min", **given)

    def _check_text(self, question):
        pattern = question.get("pattern")
        if pattern:
            try:
                compile_pattern(pattern if isinstance(pattern, str) else "(")
            except PatternError as error:
                self._find("bad_pattern", question, reason=error.reason)
        least = read_count(question, "min_length")
        self._check_counts(question, "min_length", least, text_limit(question))

    def _check_default(self, question):
        """The default by the rules of its question alone."""
        default = question.get("default")
        if is_blank(default):
            return
        options = [{**option, "show_if": None} for option in options_of(question)]
        alone = {**question, "show_if": None, "required_if": None, "options": options}
        alone["required"] = False
        verdict = form_rules.judge({"questions": [alone]}, {question["id"]: default})
        for error, params in list(verdict.errors.values())[:1]:
            self._find("bad_default", question, error=error, params=params)

    def _check_rows(self, question, seen):
        given = question.get("questions")
        subs = [
            item
            for item in (given if isinstance(given, list | tuple) else ())
            if isinstance(item, dict)
        ]
        self._check_questions(subs, ROW_TYPES, seen)
        if not any(sub.get("type") in ROW_TYPES for sub in subs):
            self._find("no_sub_questions", question)
        most = min(read_count(question, "max_rows") or ROWS_LIMIT, ROWS_LIMIT)
        self._check_counts(question, "min_rows", read_count(question, "min_rows"), most)

    def _check_steps(self):
        step, filled = None, True
        for question in [*self.questions, {"type": "step"}]:
            if question.get("type") == "step":
                if not filled:
                    self._find("empty_step", step)
                step, filled = question, False
            else:
                filled = True

    # ---- each condition by itself ----

    def _check_conditions(self, node):
        question = node.question
        for where, owner, name in [
            ("show", question, "show_if"),
            ("require", question, "required_if"),
        ] + [("option", option, "show_if") for option in options_of(question)]:
            condition = owner.get(name)
            if condition is None:
                continue
            params = {"where": where}
            if where == "option":
                params["option"] = str(owner.get("label") or "")
            if not _is_readable(condition):
                self._find("bad_condition", question, **params)
            for leaf in leaves(condition):
                if "question" in leaf:
                    self._check_question_leaf(node, leaf, params)
                elif "person" in leaf:
                    self._check_person_leaf(node, leaf, params)

    def _check_person_leaf(self, node, leaf, params):
        field, op = leaf["person"], leaf.get("op")
        if self.person_fields is not None and field not in self.person_fields:
            self._find("unknown_person", node.question, field=field, **params)
        if op in OPERATORS and op not in _ALWAYS and _has_no_value(leaf):
            self._find("no_value", node.question, **params)

    def _check_question_leaf(self, node, leaf, params):
        source = self.nodes.get(key_of(leaf["question"]))
        label = source.question.get("label") if source else ""
        params = {**params, "source": leaf["question"], "source_label": label or ""}
        question, op = node.question, leaf.get("op")
        if not source:
            self._find("missing_question", question, **params)
        elif source.key != node.key and not self.reach.resolve(leaf, node):
            self._find("foreign_question", question, **params)
        elif source.type in SILENT_TYPES:
            self._find("silent_question", question, **params)
        else:
            if params["where"] != "require" and self._is_later(source, node):
                self._find("later_question", question, **params)
            if op in OPERATORS and op not in operators_of(source.type):
                self._find("bad_operator", question, op=op, **params)
            elif op in OPERATORS and op not in _ALWAYS:
                self._check_values(node, source, leaf, params)

    def _is_later(self, source, node):
        if source.key == node.key:
            return False
        if source.rows == node.rows:
            return self.places[source.key] > self.places[node.key]
        return self.places[source.key] > self.places[node.rows]

    def _check_values(self, node, source, leaf, params):
        if _has_no_value(leaf):
            self._find("no_value", node.question, **params)
            return
        value = leaf["value"]
        for one in value if isinstance(value, list) else [value]:
            if not can_be(source.question, leaf["op"], one):
                self._find("impossible_value", node.question, value=one, **params)

    # ---- conditions taken together ----

    def _check_loops(self):
        """Keys of questions that wait for each other."""
        needs = {key: self._needs(node) for key, node in self.nodes.items()}
        after = {key: _reachable(needs, key) for key in needs}
        looped = [key for key in needs if key in after[key]]
        told = set()
        for key in looped:
            if key not in told:
                ring = [other for other in looped if self._same(after, key, other)]
                told.update(ring)
                ids = [self.nodes[other].question["id"] for other in ring]
                self._find("loop", self.nodes[key].question, questions=ids)
        return told

    def _same(self, after, key, other):
        return other in after[key] and key in after[other]

    def _needs(self, node):
        """Questions whose answers decide whether one is asked, and what it offers."""
        needs = {node.step} - {None}
        inner = [node]
        if node.type == "rows":
            inner += [sub for sub in self.nodes.values() if sub.rows == node.key]
        for each in inner:
            conditions = [each.question.get("show_if")]
            conditions += [o.get("show_if") for o in options_of(each.question)]
            if each.rows:
                conditions.append(each.question.get("required_if"))
            for condition in conditions:
                for leaf in leaves(condition):
                    source = self.nodes.get(key_of(leaf.get("question")))
                    if source and (each is node or not source.rows):
                        needs.add(source.key)
        if node.rows:
            # Within rows, the rows come first; they are looked at on their own.
            needs.discard(node.rows)
        return needs

    def _check_reach(self, node):
        question = node.question
        if self.reach.can_show(node.key) is False:
            if self._is_told_around(node):
                return
            asked = node.type not in SILENT_TYPES and question.get("required")
            self._find("required_hidden" if asked else "unreachable", question)
            return
        if question.get("required_if") is not None and not question.get("required"):
            if self.reach.can_require(node.key) is False:
                self._find("never_required", question)
        for option in options_of(question):
            if option.get("show_if") is not None:
                if self.reach.can_offer(node.key, option) is False:
                    label = str(option.get("label") or "")
                    self._find("unreachable_option", question, label=label)

    def _is_told_around(self, node):
        """Whether it is never asked because its step or rows never are."""
        if node.question.get("required") and node.type not in SILENT_TYPES:
            return False
        around = [key for key in (node.rows, node.step) if key]
        if node.type in CHOICE_TYPES and not options_of(node.question):
            return True
        return any(self.reach.can_show(key) is False for key in around)


def _reachable(needs, start):
    seen, waiting = set(), list(needs[start])
    while waiting:
        key = waiting.pop()
        if key in needs and key not in seen:
            seen.add(key)
            waiting.extend(needs[key])
    return seen


def _is_readable(condition, depth=0):
    """Whether a condition is built as it should be."""
    if not isinstance(condition, dict) or depth > DEPTH_LIMIT:
        return False
    for group in ("all", "any"):
        if group in condition:
            parts = condition[group]
            return isinstance(parts, list) and all(
                _is_readable(part, depth + 1) for part in parts
            )
    return condition.get("op") in OPERATORS and (
        "question" in condition or "person" in condition
    )


def _has_no_value(leaf):
    value = leaf.get("value")
    if isinstance(value, list):
        return all(is_blank(one) and one is not False for one in value)
    return is_blank(value) and value is not False
