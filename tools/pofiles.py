"""Translation files: merge a fresh template, find what is missing or wrong.

Run as a script by the Python of the tests' environment, which has polib; a task comes
as JSON on standard input, what was found goes to standard output as JSON.
"""

import json
import re
import sys
from collections import Counter
from pathlib import Path

# A sentence of so many words is never the same in two languages
LONG = 5
HEADER = {
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
}
PLURALS = {
    "ru": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && "
    "(n%100<10 || n%100>=20) ? 1 : 2);",
    "sv": "nplurals=2; plural=(n != 1);",
}
PARTS = (
    ("placeholders", re.compile(r"%(?:\(\w+\))?[-+#0]*\d*(?:\.\d+)?[sdifrgx]|%%")),
    ("expressions", re.compile(r"\{\{.*?\}\}|\$\{.*?\}", re.S)),
    ("braces", re.compile(r"(?<![{$])\{\w*\}(?!\})")),
    ("tags", re.compile(r"</?[a-zA-Z][\w-]*")),
    ("addresses", re.compile(r'(?:href|src|t-\w+)="[^"]*"')),
)


def template(exported, name):
    """The exported template as it is kept: sorted, without dates."""
    fresh = polib.pofile(exported)
    result = polib.POFile(wrapwidth=78)
    result.header = f"Translation template of {name}"
    result.metadata = dict(HEADER)
    for entry in sorted(fresh, key=lambda entry: (entry.msgid, entry.msgctxt or "")):
        entry.occurrences.sort()
        result.append(entry)
    return result


def merged(pot, old, name, language):
    """The translation of `pot` with what `old` knows: no fuzzy, no obsolete terms."""
    known = {
        entry.msgid: entry
        for entry in old
        if not entry.obsolete and "fuzzy" not in entry.flags
    }
    result = polib.POFile(wrapwidth=78)
    result.header = f"Translation of {name}"
    result.metadata = {"Language": language, **HEADER}
    if language in PLURALS:
        result.metadata["Plural-Forms"] = PLURALS[language]
    for term in pot:
        before = known.get(term.msgid)
        result.append(
            polib.POEntry(
                msgid=term.msgid,
                msgstr=before.msgstr if before else "",
                comment=term.comment,
                tcomment=before.tcomment if before else "",
                occurrences=term.occurrences,
                flags=term.flags,
            )
        )
    return result


def outdated(pot, kept):
    """How a kept template differs from the fresh one."""
    if not kept.exists():
        return [f"{kept.name} does not exist"]
    if kept.read_text("utf-8") == _text(pot):
        return []
    old, new = ({entry.msgid for entry in each} for each in (polib.pofile(kept), pot))
    found = [f"new: {msgid!r}" for msgid in sorted(new - old)]
    found += [f"gone: {msgid!r}" for msgid in sorted(old - new)]
    return found or ["the places of some terms have changed"]


def faults(pot, path):
    """What is wrong with one translation, a line for each fault."""
    if not path.exists():
        yield f"{path.name} does not exist"
        return
    kept = polib.pofile(path)
    terms = {entry.msgid: entry for entry in kept if not entry.obsolete}
    for entry in kept:
        if entry.obsolete or "fuzzy" in entry.flags:
            yield f"obsolete or fuzzy: {entry.msgid!r}"
    for entry in pot:
        term = terms.pop(entry.msgid, None)
        if term is None:
            yield f"missing: {entry.msgid!r}"
        elif not term.msgstr.strip():
            yield f"empty: {entry.msgid!r}"
        else:
            yield from _differences(entry.msgid, term.msgstr)
    for msgid in terms:
        yield f"not in the template: {msgid!r}"


def _differences(source, translation):
    for what, pattern in PARTS:
        left, right = (Counter(pattern.findall(x)) for x in (source, translation))
        if left != right:
            lost, gained = sorted(left - right), sorted(right - left)
            yield f"{what} differ (lost {lost}, gained {gained}): {source!r}"
    if source[:1].isspace() != translation[:1].isspace():
        yield f"blank at the start: {source!r}"
    if source[-1:].isspace() != translation[-1:].isspace():
        yield f"blank at the end: {source!r}"
    words = re.findall(r"[^\W\d_]{2,}", re.sub(r"<[^>]*>|\{\{.*?\}\}", " ", source))
    if source == translation and len(words) >= LONG:
        yield f"not translated: {source!r}"


def _text(pofile):
    return f"{pofile.__unicode__()}\n".lstrip()


def _write(pofile, path):
    path.parent.mkdir(exist_ok=True)
    if not path.exists() or path.read_text("utf-8") != _text(pofile):
        path.write_text(_text(pofile), "utf-8")


def main():
    """Carry out the task: {"exported", "folder", "name", "languages", "write"}."""
    task = json.load(sys.stdin)
    name, folder = task["name"], Path(task["folder"])
    pot = template(task["exported"], name)
    if task["write"]:
        _write(pot, folder / f"{name}.pot")
        for language in task["languages"]:
            path = folder / f"{language}.po"
            old = polib.pofile(path) if path.exists() else []
            _write(merged(pot, old, name, language), path)
    found = {f"{name}.pot": outdated(pot, folder / f"{name}.pot")}
    for language in task["languages"]:
        path = folder / f"{language}.po"
        found[path.name] = list(faults(pot, path))
    json.dump({"terms": len(pot), "found": found}, sys.stdout)


if __name__ == "__main__":
    import polib

    main()
