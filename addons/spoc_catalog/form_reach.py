"""Finds out whether a condition of a request form can ever hold.

Plain Python, used by ``form_check`` before a form is published. The answers to each
question are boiled down to the few that its conditions can tell apart (each option,
the numbers at and around each limit, texts with and without each piece, ...), and the
combinations are searched, giving up a branch as soon as it cannot hold any more.

It never claims too much: where the answers are too many, or the conditions run in
circles, it does not know, and says so by ``None``. What it leaves aside (patterns,
limits of days that move with the calendar, what must be answered) could only make
fewer answers possible, never more.
"""

from .form_answers import TooMany, make_answers
from .form_conditions import DEPTH_LIMIT, PERSON, compare, leaves
from .form_sheet import ROW_TYPES, TYPES, steps_of, usable_questions
from .form_text import fold, key_of
from .form_values import CHOICE_TYPES, SILENT_TYPES, options_of

# Combinations tried for one question, questions looked at for all of a form, questions
# in one chain: beyond, it gives up.
TRIES_LIMIT = 500
WORK_LIMIT = 200000
CHAIN_LIMIT = 40


class Node:
    """A question in its place.

    :ivar dict question: the compiled question
    :ivar str rows: key of the rows it belongs to, or ``None``
    :ivar str step: key of the step it belongs to, or ``None``
    """

    def __init__(self, question, rows, step):
        self.question = question
        self.key = key_of(question["id"])
        self.type = question["type"]
        self.rows = rows
        self.step = step

    @property
    def scope(self):
        """Key of the rows whose questions it may name besides those of the form."""
        return self.rows


def read_nodes(form):
    """All questions of a form by key, those within rows included."""
    nodes = {}
    questions = usable_questions(form, TYPES)
    steps = steps_of(questions)
    for question in questions:
        key = key_of(question["id"])
        step = steps.get(key)
        nodes[key] = Node(question, None, step and key_of(step["id"]))
    for question in questions:
        if question["type"] == "rows":
            for sub in usable_questions(question, ROW_TYPES):
                node = Node(sub, key_of(question["id"]), None)
                nodes.setdefault(node.key, node)
    return nodes


class Reach:
    """Thinks about one form.

    :param dict nodes: see :func:`read_nodes`
    """

    def __init__(self, nodes):
        self.nodes = nodes
        self.wanted = self._collect()
        self.answers = {}
        self.work = 0

    # ---- what is asked ----

    def can_show(self, key):
        """Whether a question is ever asked: True, False, or None for unknown."""
        return self._can(lambda: self._shown(key))

    def can_offer(self, key, option):
        """Whether an option is ever offered by a question that is asked."""
        node = self.nodes[key]
        return self._can(
            lambda: self._every(
                [
                    lambda: self._placed(node),
                    lambda: self._holds(option.get("show_if"), node),
                ]
            )
        )

    def can_require(self, key):
        """Whether what makes a question required ever holds while it is asked."""
        node = self.nodes[key]
        return self._can(
            lambda: self._every(
                [
                    lambda: self._shown(key),
                    lambda: self._holds(node.question.get("required_if"), node),
                ]
            )
        )

    # ---- search ----

    def _can(self, goal):
        self.assigned, self.tries = {}, 0
        try:
            return self._search(goal)
        except (TooMany, RecursionError):
            # Groups within groups may be deeper than this machine's stack.
            return None

    def _search(self, goal):
        self.tries += 1
        if self.tries > TRIES_LIMIT or len(self.assigned) > CHAIN_LIMIT:
            raise TooMany
        self.open, self.path, self.found = None, [], {}
        found = goal()
        if found is not None:
            return found
        name = self.open
        if name is None:
            raise TooMany
        for answer in self._get_answers(name):
            self.assigned[name] = answer
            if self._search(goal):
                return True
        del self.assigned[name]
        return False

    def _every(self, tests):
        """True when all hold, False when one fails, None while undecided."""
        result = True
        for test in tests:
            found = test()
            if found is False:
                return False
            result = found if found is None else result
        return result

    def _some(self, tests):
        result = False
        for test in tests:
            found = test()
            if found is True:
                return True
            result = found if found is None else result
        return result

    # ---- forms ----

    def _shown(self, key):
        if key in self.found:
            return self.found[key]
        self.work += 1
        too_much = self.work > WORK_LIMIT or len(self.path) > CHAIN_LIMIT
        if key in self.path or too_much:
            raise TooMany
        node = self.nodes[key]
        self.path.append(key)
        tests = [lambda: self._placed(node)]
        if node.type in CHOICE_TYPES:
            options = options_of(node.question)
            tests.append(
                lambda: self._some(
                    [
                        lambda option=option: self._holds(option.get("show_if"), node)
                        for option in options
                    ]
                )
            )
        result = self._every(tests)
        self.path.pop()
        self.found[key] = result
        return result

    def _placed(self, node):
        """Whether the question is asked, its options left aside."""
        around = [key for key in (node.rows, node.step) if key]
        tests = [lambda key=key: self._shown(key) for key in around]
        tests.append(lambda: self._holds(node.question.get("show_if"), node))
        return self._every(tests)

    def _holds(self, condition, node, depth=0):
        if condition is None:
            return True
        if not isinstance(condition, dict) or depth > DEPTH_LIMIT:
            return False
        for group, combine in (("all", self._every), ("any", self._some)):
            if group in condition:
                parts = condition[group]
                if not isinstance(parts, list):
                    return False
                return not parts or combine(
                    [
                        lambda part=part: self._holds(part, node, depth + 1)
                        for part in parts
                    ]
                )
        if "question" in condition:
            return self._holds_question(condition, node)
        return self._holds_person(condition) if "person" in condition else False

    def _holds_question(self, leaf, node):
        source = self.resolve(leaf, node)
        op, wanted = leaf.get("op"), leaf.get("value")
        if not source or source.type in SILENT_TYPES:
            return compare("", None, op, wanted)
        known, value = self._get_value(source)
        return compare(source.type, value, op, wanted) if known else None

    def resolve(self, leaf, node):
        """The question a condition of another names, if it may name it."""
        source = self.nodes.get(key_of(leaf.get("question")))
        if not source or (source.rows and source.rows != node.scope):
            return None
        return None if source.key == node.rows else source

    def _get_value(self, source):
        """``(whether it is known, clean value)``"""
        if source.key in self.assigned and self.assigned[source.key] is None:
            return True, None
        shown = self._shown(source.key)
        if shown is False:
            return True, None
        if source.key not in self.assigned:
            self.open = self.open or source.key
            return False, None
        value = self.assigned[source.key]
        offered = self._is_offered(source, value)
        if shown is None or offered is None:
            return False, None
        return True, value if offered else None

    def _is_offered(self, source, value):
        if source.type not in CHOICE_TYPES:
            return True
        mark = ("offered", source.key)
        if mark in self.path:
            raise TooMany
        self.path.append(mark)
        chosen = value if isinstance(value, list) else [value]
        result = self._every(
            [
                lambda option=option: self._holds(option.get("show_if"), source)
                for option in options_of(source.question)
                if option["id"] in chosen
            ]
        )
        self.path.pop()
        return result

    def _holds_person(self, leaf):
        """The directory may say anything, but not one thing and its opposite."""
        field, op, wanted = str(leaf["person"]), leaf.get("op"), leaf.get("value")
        if self._is_yes_or_no(field):
            name = ("person", field, "yes")
            if name not in self.assigned:
                self.open = self.open or name
                return None
            return compare(PERSON, self.assigned[name], op, wanted)
        opposite = op in ("is_not", "not_in", "not_answered")
        if op in ("answered", "not_answered"):
            facts = ["answered"]
        elif op in ("is", "in", "is_not", "not_in"):
            many = wanted if isinstance(wanted, list) else [wanted]
            facts = [f"is {fold(str(key_of(one) or one))}" for one in many]
        else:
            facts = [f"{op} {wanted}"]
        found = self._some(
            [lambda fact=fact: self._fact(field, fact) for fact in facts]
        )
        return found if found is None else found is not opposite

    def _is_yes_or_no(self, field):
        wanted = self.wanted.get(("person", field), ())
        return all(
            op in ("answered", "not_answered") or isinstance(value, bool)
            for op, value in wanted
        )

    def _fact(self, field, fact):
        name = ("person", field, fact)
        if name not in self.assigned:
            self.open = self.open or name
            return None
        return self.assigned[name]

    # ---- answers ----

    def _collect(self):
        """What conditions compare each question, and field of the directory, with."""
        wanted = {}
        for node in self.nodes.values():
            for condition in node_conditions(node):
                for leaf in leaves(condition):
                    if "question" in leaf:
                        source = self.resolve(leaf, node)
                        name = source and source.key
                    else:
                        name = ("person", str(leaf.get("person")))
                    wanted.setdefault(name, []).append(
                        (leaf.get("op"), leaf.get("value"))
                    )
        return wanted

    def _get_answers(self, name):
        if isinstance(name, tuple):
            return [None, True, False] if name[2] == "yes" else [True, False]
        if name not in self.answers:
            pairs = self.wanted.get(name, ())
            answers = make_answers(self.nodes[name].question, pairs)
            self.answers[name] = [None, *answers]
        return self.answers[name]


def node_conditions(node):
    """All conditions of one question, its options included."""
    question = node.question
    conditions = [question.get("show_if"), question.get("required_if")]
    conditions += [option.get("show_if") for option in options_of(question)]
    return [condition for condition in conditions if condition is not None]
