"""What is said of an article in a file: its keys, and the front matter. No ORM."""

import csv
import json
import re

MAX_TEXT = 2 * 1024 * 1024
MAX_LINE = 2000

#: What is said of an article: key -> "line", "text", "list" or "html".
KEYS = {
    "ref": "line",
    "title": "line",
    "summary": "line",
    "symptoms": "text",
    "keywords": "line",
    "lang": "line",
    "kind": "line",
    "governance": "line",
    "desk": "line",
    "services": "list",
    "facets": "list",
    "audiences": "list",
    "translation_of": "line",
    "escalation_desk": "line",
    "escalation_department": "line",
    "escalation_job": "line",
    "escalation_employee": "line",
    "escalation_skill": "line",
    "escalation_when": "text",
    "escalation_how": "text",
    "escalation_collect": "text",
    "files": "list",
    "body": "html",
    "inner_body": "html",
}
#: Other words people use for the same.
ALIASES = {
    "name": "title",
    "question": "title",
    "description": "summary",
    "tags": "keywords",
    "language": "lang",
    "locale": "lang",
    "type": "kind",
    "service": "services",
    "facet": "facets",
    "audience": "audiences",
    "answer": "body",
    "id": "ref",
}
SEPARATOR = re.compile(r"\s*[;\n]\s*")


def as_plain(text, kind):
    """A text fit to be stored."""
    text = text.replace("\x00", "").encode("utf-8", "replace").decode()
    if kind == "line":
        return " ".join(text.split())[:MAX_LINE]
    return text.strip()[:MAX_TEXT]


def read_front_matter(text):
    """What stands before the words: the simple part of YAML everybody writes.

    :return: ``(about, rest of the text)``
    """
    if not re.match(r"---[ \t]*\n", text):
        return {}, text
    lines = text.split("\n")
    about, key = {}, None
    for number, line in enumerate(lines[1:], 1):
        if line.rstrip() in ("---", "..."):
            return clean_about(about), "\n".join(lines[number + 1 :])
        found = re.match(r"([A-Za-z][\w -]*?)\s*:(?:\s+(.*))?$", line)
        item = re.match(r"\s+-\s+(.*)|-\s+(.*)", line)
        if found:
            key = found[1].strip().lower().replace(" ", "_").replace("-", "_")
            key = ALIASES.get(key, key)
            about[key] = _read_value(found[2] or "")
        elif item and key:
            value = _scalar(item[1] or item[2] or "")
            before = about.get(key)
            about[key] = [*before, value] if isinstance(before, list) else [value]
    # No end: it was a line across the page.
    return {}, text


def _read_value(text):
    text = text.strip()
    if text.startswith("[") and text.endswith("]"):
        try:
            values = json.loads(text)
        except ValueError:
            rows = list(csv.reader([text[1:-1]], skipinitialspace=True))
            values = [part for part in (rows or [[]])[0] if part.strip()]
        return [_scalar(str(value)) for value in values]
    return _scalar(text)


def _scalar(text):
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] == '"':
        try:
            return str(json.loads(text))
        except ValueError:
            return text[1:-1]
    if len(text) > 1 and text[0] == text[-1] == "'":
        return text[1:-1].replace("''", "'")
    return text


def clean_about(about):
    """Keys that are known, with values of their kind."""
    clean = {}
    for key, value in about.items():
        kind = KEYS.get(key)
        if kind == "list":
            values = value if isinstance(value, list) else SEPARATOR.split(value)
            clean[key] = [as_plain(one, "line") for one in values if one.strip()]
        elif kind in ("line", "text"):
            value = ", ".join(value) if isinstance(value, list) else value
            clean[key] = as_plain(value, kind)
    return clean


def write_front_matter(about):
    """Lines about an article, for the beginning of its file."""
    lines = ["---"]
    for key, kind in KEYS.items():
        value = about.get(key)
        if value and kind != "html":
            lines.append(f"{key}: {json.dumps(value, ensure_ascii=False)}")
    return "\n".join([*lines, "---", ""])
