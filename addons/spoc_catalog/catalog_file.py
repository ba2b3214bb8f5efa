"""The file a catalogue travels in. Pure Python, no ORM.

A file is JSON in UTF-8. Version 1::

    {
      "format": "spoc-catalog", "version": 1,
      "catalogue": {"id": "HR", "name": "Personnel department"},
      "language": "en_US",                     of texts that name none
      "categories": [{"path": "Work / Leave", "name": TEXT, "description": TEXT,
                      "icon": "fa-sun-o", "sequence": 10}],
      "facets":   [{"path": "Situation: I am moving", "name": TEXT,
                    "facet_name": TEXT, "description": TEXT, "icon": ...}],
      "forms":    [{"ref": "F1", "name": ..., "questions": [QUESTION]}],
      "services": [{"ref": "S1", "name": TEXT, "summary": TEXT, ...}]
    }

TEXT is a text, or ``{"en_US": "...", "sv_SE": "..."}``. A ``ref`` is the entry's own
name in its catalogue; with a "/" in it, catalogue and name. References to other
things are names, external ids or codes. What a service leaves out stays as it is;
``null`` or "" empties it. ``SERVICE``, ``FORM`` and their kin below list all keys.

:func:`read` checks types and sizes only; what names refer to is for the database.
Faults are ``(place, code, params)``; ``place`` is a path such as
``questions[2].label``.
"""

import json
import re

FORMAT = "spoc-catalog"
VERSION = 1

MAX_BYTES = 25 * 1024 * 1024
MAX_ENTRIES = 10000
MAX_TEXT = 100_000
MAX_NAME = 500
MAX_QUESTIONS = 500
LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Za-z0-9]{2,8})?(@[a-z]+)?")

KINDS = ("incident", "information", "request", "change")
STATES = ("draft", "published", "retired")
PRICE_KINDS = ("free", "fixed", "from")

# Types: "text" (TEXT), "name" (a short TEXT), "line" (short, one language), "bool",
# "int", "amount" (of money), "list" (of strings), "any", or a tuple of allowed strings.
SERVICE = {
    "ref": "line",
    "origin": "line",
    "name": "name",
    "summary": "text",
    "description": "text",
    "inner_note": "text",
    "outcome": "text",
    "conditions": "text",
    "synonyms": "text",
    "kind": KINDS,
    "state": STATES,
    "is_template": "bool",
    "is_featured": "bool",
    "asks_urgency": "bool",
    "sequence": "int",
    "price_kind": PRICE_KINDS,
    "price": "amount",
    "price_unit": "text",
    "price_note": "text",
    "information": "text",
    "information_url": "line",
    "review_months": "int",
    "category": "line",
    "desk": "line",
    "department": "line",
    "owner": "line",
    "policy": "line",
    "currency": "line",
    "contact": "line",
    "form": "line",
    "template": "line",
    "visibility": ("audience", "everyone", "chosen"),
    "refusal": "text",
    "refusal_contact": "line",
    "approval": "line",
    "audiences": "list",
    "seen_by": "list",
    "facets": "list",
    "related": "list",
}
CATEGORY = {
    "path": "line",
    "name": "name",
    "description": "text",
    "icon": "line",
    "sequence": "int",
}
FACET = {**CATEGORY, "facet_name": "text", "facet_description": "text"}
FORM = {"ref": "line", "name": "name", "questions": "any"}
NEEDED = {
    "services": ("ref", "name"),
    "categories": ("path",),
    "facets": ("path",),
    "forms": ("ref", "name"),
}
SECTIONS = {
    "categories": CATEGORY,
    "facets": FACET,
    "forms": FORM,
    "services": SERVICE,
}


class FileFault(ValueError):
    """The file as a whole cannot be read; ``code`` and ``params`` say why."""

    def __init__(self, code, **params):
        super().__init__(code)
        self.code, self.params = code, params


def read(data):
    """Read a file.

    :param bytes data: the file
    :return: dictionary as above, all sections present, and a dictionary
        ``(section, number) -> [fault, ...]`` of entries not fit to be used
    :raise FileFault: it is no such file
    """
    catalogue = _load(data)
    faults = {}
    for section, schema in SECTIONS.items():
        entries = catalogue.setdefault(section, [])
        if not isinstance(entries, list):
            raise FileFault("section", section=section)
        if len(entries) > MAX_ENTRIES:
            raise FileFault("many", section=section, limit=MAX_ENTRIES)
        for number, entry in enumerate(entries):
            found = list(_entry_faults(entry, schema, NEEDED[section]))
            if section == "forms" and not found:
                found = list(_form_faults(entry))
            if found:
                faults[section, number] = found
    _find_doubles(catalogue, faults)
    return catalogue, faults


def write(catalogue):
    """The file's bytes: readable, in a stable order.

    :param dict catalogue: see the module
    """
    head = {"format": FORMAT, "version": VERSION}
    text = json.dumps({**head, **catalogue}, ensure_ascii=False, indent=2)
    return text.encode() + b"\n"


def full_ref(ref, catalogue):
    """An entry's name that is unique among catalogues.

    :param str ref: its name in the file
    :param str catalogue: id of the file's catalogue
    """
    return ref if "/" in ref else f"{catalogue}/{ref}"


def texts(value, language):
    """TEXT by language.

    :param value: a text or texts by language, or None
    :return: ``{language: text}``, without empty ones
    """
    if isinstance(value, str):
        value = {language: value}
    return {lang: text for lang, text in (value or {}).items() if text}


# ----------------------------------------------------------------------
# Checks
# ----------------------------------------------------------------------


def _load(data):
    """Parse and check what holds for the whole file."""
    if not data:
        raise FileFault("empty")
    if len(data) > MAX_BYTES:
        raise FileFault("big", limit=MAX_BYTES // 1024 // 1024)
    try:
        catalogue = json.loads(data.decode("utf-8-sig"), parse_constant=_refuse)
    except UnicodeDecodeError as error:
        raise FileFault("encoding") from error
    except json.JSONDecodeError as error:
        raise FileFault("json", line=error.lineno, column=error.colno) from error
    except (RecursionError, ValueError) as error:
        raise FileFault("json", line=1, column=1) from error
    if not isinstance(catalogue, dict) or catalogue.get("format") != FORMAT:
        raise FileFault("format")
    if type(catalogue.get("version")) is not int or catalogue["version"] != VERSION:
        raise FileFault("version", version=str(catalogue.get("version"))[:20])
    about = catalogue.get("catalogue")
    if not isinstance(about, dict) or not _is_line(about.get("id")) or not about["id"]:
        raise FileFault("catalogue")
    about.setdefault("name", about["id"])
    if not _is_line(about["name"]) or not about["name"]:
        raise FileFault("catalogue")
    language = catalogue.setdefault("language", "en_US")
    if not _is_language(language):
        raise FileFault("language")
    return catalogue


def _refuse(name):
    """NaN and the infinities are no JSON."""
    raise ValueError(name)


def _entry_faults(entry, schema, needed):
    """Faults of one entry of a section."""
    if not isinstance(entry, dict):
        yield "", "dict", {}
        return
    for key in needed:
        if not entry.get(key):
            yield key, "needed", {}
    for key, value in entry.items():
        if key not in schema:
            # Forms carry what their models know; so may later versions.
            if schema is not FORM:
                yield key[:40], "unknown", {}
            continue
        if value is not None:
            yield from _value_faults(key, value, schema[key])


def _value_faults(key, value, kind):
    """Faults of one value, which is not None."""
    code, params = None, {}
    if isinstance(kind, tuple):
        if value != "" and (not isinstance(value, str) or value not in kind):
            code, params = "choice", {"choices": ", ".join(kind)}
    elif kind in ("text", "name"):
        limit = MAX_NAME if kind == "name" else MAX_TEXT
        code, params = _text_fault(value, limit)
    elif kind == "line":
        code = None if _is_line(value) else "line"
    elif kind == "bool":
        code = None if isinstance(value, bool) else "bool"
    elif kind == "int":
        fits = type(value) is int and abs(value) < 2**31
        code = None if fits else "int"
    elif kind == "amount":
        fits = type(value) in (int, float) and 0 <= value < 1e15
        code = None if fits else "amount"
    elif kind == "list":
        fits = isinstance(value, list) and len(value) <= 1000
        code = None if fits and all(_is_line(item) for item in value) else "list"
    if code:
        yield key, code, params


def _text_fault(value, limit):
    if isinstance(value, dict):
        for lang, text in value.items():
            if not _is_language(lang):
                return "text_language", {"language": str(lang)[:20]}
            if text is not None:
                code, params = _string_fault(text, limit)
                if code:
                    return code, params
        return None, {}
    return _string_fault(value, limit)


def _string_fault(value, limit):
    if not isinstance(value, str):
        return "text", {}
    if len(value) > limit:
        return "long", {"limit": limit}
    if "\x00" in value or not _is_unicode(value):
        return "characters", {}
    return None, {}


def _is_line(value):
    return (
        isinstance(value, str)
        and len(value) <= MAX_NAME
        and "\n" not in value
        and "\x00" not in value
        and _is_unicode(value)
    )


def _is_unicode(value):
    """Lone surrogates pass JSON, but no database."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_language(value):
    return isinstance(value, str) and bool(LANGUAGE.fullmatch(value))


def _form_faults(form):
    """Faults of the questions of a form: kinds of values, not what they mean."""
    questions = form.get("questions") or []
    yield from _parts_faults(questions, "questions", 0)
    for key, value in form.items():
        if key not in FORM and not _is_plain(value):
            yield key[:40], "text", {}


def _parts_faults(parts, place, level):
    """Faults of a list of questions, options or conditions."""
    if not isinstance(parts, list) or len(parts) > MAX_QUESTIONS or level > 4:
        yield place, "parts", {"limit": MAX_QUESTIONS}
        return
    for number, part in enumerate(parts):
        where = f"{place}[{number}]"
        if not isinstance(part, dict):
            yield where, "dict", {}
            continue
        for key, value in part.items():
            if key in ("questions", "options", "conditions"):
                yield from _parts_faults(value or [], f"{where}.{key}", level + 1)
            elif not _is_plain(value):
                yield f"{where}.{key[:40]}", "text", {}


def _is_plain(value):
    """A text, texts by language, a number, a list of lines or nothing."""
    if value is None or isinstance(value, bool):
        return True
    if isinstance(value, int | float):
        return abs(value) < 1e15
    if isinstance(value, list):
        return len(value) <= 1000 and all(_is_line(item) for item in value)
    return _text_fault(value, MAX_TEXT)[0] is None


def _find_doubles(catalogue, faults):
    """Two entries of one ref: the second cannot be told from the first."""
    own = catalogue["catalogue"]["id"]
    for section in ("forms", "services"):
        seen = set()
        for number, entry in enumerate(catalogue[section]):
            if (section, number) in faults:
                continue
            ref = full_ref(entry["ref"], own)
            if ref in seen:
                faults[section, number] = [("ref", "double", {"ref": entry["ref"]})]
            seen.add(ref)
