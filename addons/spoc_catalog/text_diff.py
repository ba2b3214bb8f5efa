"""What changed between two texts, word by word. Pure Python, no ORM.

A difference is a list of ``(op, text)`` in reading order, ``op`` being ``"same"``,
``"out"`` (only before) or ``"in"`` (only after). Joining all but ``"in"`` gives the
text before, all but ``"out"`` the text after.
"""

import difflib
import re

# Words, runs of blanks, line ends and single marks; together they are the text.
TOKENS = re.compile(r"\w+|[^\S\n]+|\n|[^\w\s]")
# Beyond this many tokens in one change, words are not compared.
WORD_LIMIT = 4000
# Less alike than this, two lines are shown one after the other: words picked from
# here and there say nothing.
ALIKE = 0.5


def difference(before, after):
    """Compare two texts: line by line, changed lines word by word.

    :param str before: text
    :param str after: text
    :return: list of ``(op, text)``, neighbours differing in ``op``
    """
    old = (before or "").splitlines(keepends=True)
    new = (after or "").splitlines(keepends=True)
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    parts = []
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            parts.append(("same", "".join(old[i1:i2])))
        else:
            parts += _changed_lines(old[i1:i2], new[j1:j2])
    return _joined(parts)


def _changed_lines(old, new):
    """Lines that went and lines that came, those alike word by word."""
    parts = []
    if len(old) == len(new):
        for before, after in zip(old, new, strict=True):
            parts += _words(before, after)
        return parts
    return (
        _words("".join(old), "".join(new))
        if old and new
        else [
            ("out", "".join(old)),
            ("in", "".join(new)),
        ]
    )


def _words(before, after):
    """Two stretches of text word by word, or one after the other if unlike."""
    old, new = TOKENS.findall(before), TOKENS.findall(after)
    if len(old) + len(new) > WORD_LIMIT:
        return [("out", before), ("in", after)]
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < ALIKE:
        return [("out", before), ("in", after)]
    parts = []
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            parts.append(("same", "".join(old[i1:i2])))
        else:
            parts.append(("out", "".join(old[i1:i2])))
            parts.append(("in", "".join(new[j1:j2])))
    return parts


def shortened(parts, context=160):
    """The same difference with long unchanged stretches cut to their ends.

    :param list parts: see :func:`difference`
    :param int context: characters kept on either side of a change
    """
    result = []
    for number, (op, text) in enumerate(parts):
        if op != "same" or len(text) <= 2 * context:
            result.append((op, text))
            continue
        head = text[:context] if number else ""
        tail = text[-context:] if number < len(parts) - 1 else ""
        result.append((op, f"{head} … {tail}"))
    return result


def _joined(parts):
    """Bridge blanks between two changes, then merge neighbours of one kind.

    "old words" for "new names" reads better as two phrases than as four words.
    """
    bridged = []
    kept = [part for part in parts if part[1]]
    changes = [op != "same" for op, _text in kept]
    for number, (op, text) in enumerate(kept):
        inner = 0 < number < len(kept) - 1
        if (
            op == "same"
            and inner
            and not text.strip(" ")
            and changes[number - 1]
            and changes[number + 1]
        ):
            bridged += [("out", text), ("in", text)]
        else:
            bridged.append((op, text))
    return _merged(bridged)


def _merged(parts):
    """Within each run of changes: first all that went, then all that came."""
    result, out, new = [], "", ""
    for op, text in [*parts, ("same", "")]:
        if op == "out":
            out += text
        elif op == "in":
            new += text
        else:
            result += [(kind, part) for kind, part in (("out", out), ("in", new))]
            result.append((op, text))
            out = new = ""
    result = [part for part in result if part[1]]
    return result
