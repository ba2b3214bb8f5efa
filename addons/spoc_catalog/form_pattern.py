"""Patterns that editors set on questions, matched in steady time.

Plain Python with a twin in JavaScript (``static/src/forms/form_pattern.js``). The
matchers of both languages differ in what a pattern means and can be kept busy for
hours by a clumsy one. So a small common language is read here and followed by all
ways at once: the time grows with the text, never with the number of ways.

A pattern always stands for the whole text. It may use letters as they are,
``.`` (anything but a new line), ``[a-z]`` and ``[^a-z]``, ``\\d \\w \\s`` and their
opposites ``\\D \\W \\S``, ``\\t \\n``, a backslash before any sign, ``( )`` and
``(?: )``, ``|``, and the counts ``? * + {2} {2,} {2,5}``. ``\\d`` is 0 to 9, ``\\w`` a
letter or digit of any script or ``_``. ``^`` and ``$`` may stand at the very
beginning and end. Anything else (looking around, referring back, flags) is refused.
"""

import functools
import unicodedata

from .form_text import WHITESPACE

# Longest pattern, most states it may need, deepest nesting, longest text it tests.
PATTERN_LIMIT = 500
STATES_LIMIT = 300
DEPTH_LIMIT = 20
PATTERN_TEXT_LIMIT = 1000
# Parts looked at while a pattern is unfolded; stops counts of counts of nothing.
_WORK_LIMIT = 5000


class PatternError(Exception):
    """A pattern that cannot be used.

    :ivar str reason: ``syntax``, ``unsupported`` or ``too_big``
    """

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


@functools.lru_cache(maxsize=256)
def compile_pattern(pattern):
    """What :func:`matches` needs: a program, and what is reached from each state.

    :raises PatternError: when it is not of the language above
    """
    pattern = unicodedata.normalize("NFC", pattern)
    if len(pattern) > PATTERN_LIMIT:
        raise PatternError("too_big")
    program = _Writer().unfold(_Reader(pattern).parse())
    return program, [_reach(program, state) for state in range(len(program))]


def matches(compiled, text):
    """Whether the whole text is as the pattern says."""
    program, after = compiled
    current = after[0]
    for char in text:
        current = set().union(
            *(
                after[state + 1]
                for state in current
                if program[state][0] == "one" and _fits(program[state][1], char)
            )
        )
        if not current:
            return False
    return any(program[state][0] == "end" for state in current)


def _reach(program, start):
    """States that read a character, or the end, reached from one without reading."""
    seen, waiting, found = set(), [start], set()
    while waiting:
        state = waiting.pop()
        if state in seen:
            continue
        seen.add(state)
        if program[state][0] == "jump":
            waiting.extend(program[state][1])
        else:
            found.add(state)
    return found


def _fits(part, char):
    negated, items = part
    return any(_fits_item(item, char) for item in items) != negated


def _fits_item(item, char):
    if isinstance(item, tuple):
        return item[0] <= char <= item[1]
    if item.isupper():
        return not _fits_item(item.lower(), char)
    if item == "d":
        return "0" <= char <= "9"
    if item == "s":
        return char in WHITESPACE
    return char == "_" or unicodedata.category(char)[0] in "LMN"


class _Reader:
    """Reads a pattern into a tree of ``(kind, ...)``."""

    def __init__(self, pattern):
        self.chars = pattern.removeprefix("^")
        if self.chars.endswith("$") and not self._is_escaped(len(self.chars) - 1):
            self.chars = self.chars[:-1]
        self.at = 0

    def _is_escaped(self, place):
        before = self.chars[:place]
        return (len(before) - len(before.rstrip("\\"))) % 2 == 1

    def parse(self):
        tree = self._either(0)
        if self.at < len(self.chars):
            raise PatternError("syntax")
        return tree

    def _peek(self):
        return self.chars[self.at] if self.at < len(self.chars) else ""

    def _next(self):
        char = self._peek()
        if not char:
            raise PatternError("syntax")
        self.at += 1
        return char

    def _either(self, depth):
        if depth > DEPTH_LIMIT:
            raise PatternError("too_big")
        ways = [self._row(depth)]
        while self._peek() == "|":
            self.at += 1
            ways.append(self._row(depth))
        return ("either", ways)

    def _row(self, depth):
        parts = []
        while self._peek() and self._peek() not in "|)":
            parts.append(self._count(self._part(depth)))
        return ("row", parts)

    def _part(self, depth):
        char = self._next()
        if char == "(":
            return self._group(depth)
        if char == "[":
            return ("one", self._class())
        if char == ".":
            return ("one", (True, [("\n", "\n")]))
        if char == "\\":
            return ("one", (False, [self._escape()]))
        if char in "^$":
            raise PatternError("unsupported")
        if char in "*+?{}]":
            raise PatternError("syntax")
        return ("one", (False, [(char, char)]))

    def _group(self, depth):
        if self._peek() == "?":
            self.at += 1
            if self._next() != ":":
                raise PatternError("unsupported")
        tree = self._either(depth + 1)
        if self._next() != ")":
            raise PatternError("syntax")
        return tree

    def _escape(self):
        char = self._next()
        if char in "dDwWsS":
            return char
        if char in "tn":
            char = {"t": "\t", "n": "\n"}[char]
        elif char.isalnum() or ord(char) > 126:
            raise PatternError("unsupported")
        return (char, char)

    def _class(self):
        negated = self._peek() == "^"
        self.at += negated
        items = []
        while self._peek() != "]":
            item = self._class_item()
            if self._peek() == "-" and self.chars[self.at + 1 : self.at + 2] != "]":
                self.at += 1
                last = self._class_item()
                if not (isinstance(item, tuple) and isinstance(last, tuple)):
                    raise PatternError("syntax")
                if item[0] > last[0]:
                    raise PatternError("syntax")
                item = (item[0], last[0])
            items.append(item)
        self.at += 1
        if not items:
            raise PatternError("syntax")
        return (negated, items)

    def _class_item(self):
        char = self._next()
        if char == "[":
            raise PatternError("syntax")
        return self._escape() if char == "\\" else (char, char)

    def _count(self, part):
        char = self._peek()
        if char not in ("?", "*", "+", "{"):
            return part
        self.at += 1
        least, most = {"?": (0, 1), "*": (0, None), "+": (1, None)}.get(
            char
        ) or self._braces()
        if self._peek() == "?":
            # "As few as possible" makes no difference to the whole text.
            self.at += 1
        if self._peek() in ("?", "*", "+", "{"):
            raise PatternError("syntax")
        return ("count", part, least, most)

    def _braces(self):
        end = self.chars.find("}", self.at)
        text = self.chars[self.at : end] if end >= 0 else ""
        least, comma, most = text.partition(",")
        self.at = end + 1
        for number in (least, most):
            if not (number.isascii() and (number.isdigit() or not number)):
                raise PatternError("syntax")
        if not least:
            raise PatternError("syntax")
        if len(least) > 3 or len(most) > 3:
            raise PatternError("too_big")
        least = int(least)
        most = int(most) if most else (None if comma else least)
        if most is not None and most < least:
            raise PatternError("syntax")
        return least, most


class _Writer:
    """Turns a tree into a program: ``("one", part)``, ``("jump", [to])``, ``("end",)``.

    After ``one`` the next state follows.
    """

    def __init__(self):
        self.program = []
        self.work = 0

    def unfold(self, tree):
        self._write(tree)
        self._add("end")
        return self.program

    def _add(self, *state):
        if len(self.program) >= STATES_LIMIT:
            raise PatternError("too_big")
        self.program.append(state)
        return len(self.program) - 1

    def _write(self, tree):
        self.work += 1
        if self.work > _WORK_LIMIT:
            raise PatternError("too_big")
        if tree[0] == "one":
            self._add("one", tree[1])
        elif tree[0] == "row":
            for part in tree[1]:
                self._write(part)
        elif tree[0] == "either":
            self._either(tree[1])
        else:
            self._count(*tree[1:])

    def _either(self, ways):
        if len(ways) == 1:
            self._write(ways[0])
            return
        fork = self._add("jump", [])
        ends = []
        for way in ways:
            self.program[fork][1].append(len(self.program))
            self._write(way)
            ends.append(self._add("jump", []))
        for end in ends:
            self.program[end][1].append(len(self.program))

    def _count(self, part, least, most):
        for _number in range(least):
            self._write(part)
        if most is None:
            fork = self._add("jump", [len(self.program) + 1])
            self._write(part)
            back = self._add("jump", [fork])
            self.program[fork][1].append(back + 1)
            return
        forks = []
        for _number in range(most - least):
            forks.append(self._add("jump", [len(self.program) + 1]))
            self._write(part)
        for fork in forks:
            self.program[fork][1].append(len(self.program))
