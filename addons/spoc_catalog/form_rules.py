"""Judges the answers to a request form.

Plain Python, no ORM. The form is the JSON-able dictionary made by
``spoc.form._spoc_compile()``::

    {
        "id": 7, "version": 3, "name": "New phone",
        "questions": [
            {"id": 1, "type": "text", "label": "Model", "help": "",
             "required": True, "max_length": 80},
            {"id": 2, "type": "choice", "label": "Colour", "help": "",
             "required": False,
             "options": [{"id": 5, "label": "Black"}, {"id": 6, "label": "White"}]},
            {"id": 3, "type": "file", "label": "Photo", "help": "",
             "required": False, "max_files": 2, "max_mb": 5.0,
             "limits": "Up to 2 files of 5 MB each"},
        ],
    }

Answers are keyed by question id (a number or its text, as HTML forms give it):
text for ``text`` and ``long_text``, an option id for ``choice``, a list of
dictionaries with at least ``name`` and ``size`` (bytes) for ``file``; other
keys of a file are kept as they are, so the caller may carry its content along.

The verdict names what is wrong by code and leaves the wording to the caller:

=================  =====================================================
required           nothing was answered
too_long           ``limit`` characters allowed, ``length`` given
unknown_option     the choice is not one of the form
not_text           not a piece of text (tampered request)
too_many_files     ``limit`` files allowed, ``count`` given
file_too_big       ``name`` is over ``limit`` megabytes
file_empty         ``name`` holds nothing
file_name          ``name`` is no usable file name
file_type          ``name`` is of a kind that could harm its reader
=================  =====================================================
"""

import unicodedata
from dataclasses import dataclass, field

# Upper bounds that hold even when a question sets none.
TEXT_LIMIT = 500
LONG_TEXT_LIMIT = 20000
FILES_LIMIT = 10
FILE_MB_LIMIT = 25.0
NAME_LIMIT = 200
# What a desk's computer would run when opened by mistake.
DANGEROUS = frozenset(
    "apk app bat cmd com cpl dll exe hta html htm jar js jse lnk mht mhtml msc msi msp "
    "ps1 ps1xml psm1 reg scr sct shtml svg vb vbe vbs ws wsc wsf wsh xht xhtml".split()
)


@dataclass
class Verdict:
    """What :func:`judge` thinks.

    :ivar dict values: question id -> clean value, answered questions only
    :ivar dict errors: question id -> ``(code, params)``, the first fault of each
    """

    values: dict = field(default_factory=dict)
    errors: dict = field(default_factory=dict)

    @property
    def ok(self):
        """Whether the answers may be taken as they are."""
        return not self.errors


class _Fault(Exception):
    """A question is answered wrongly."""

    def __init__(self, code, **params):
        super().__init__(code)
        self.code = code
        self.params = params


def judge(form, answers):
    """Check the answers against the form.

    Unknown keys are ignored: only what the form asks is ever taken.

    :param dict form: compiled form
    :param dict answers: question id -> raw value
    :rtype: Verdict
    """
    given = {str(key): value for key, value in (answers or {}).items()}
    verdict = Verdict()
    for question in form.get("questions", ()):
        raw = given.get(str(question["id"]))
        try:
            value = _CHECKS[question["type"]](question, raw)
            if not value and question.get("required"):
                raise _Fault("required")
        except _Fault as fault:
            verdict.errors[question["id"]] = (fault.code, fault.params)
        else:
            if value:
                verdict.values[question["id"]] = value
    return verdict


def _text(question, raw, limit=TEXT_LIMIT):
    value = _clean_text(raw)
    # One line stays one line, whatever a script sent.
    return _within(question, " ".join(value.split()), limit)


def _long_text(question, raw):
    return _within(question, _clean_text(raw).strip(), LONG_TEXT_LIMIT)


def _clean_text(raw):
    if raw is None or raw is False:
        return ""
    if not isinstance(raw, str):
        raise _Fault("not_text")
    # Browsers send CRLF; PostgreSQL refuses NUL; the other control characters
    # have no business in a letter to a desk.
    raw = raw.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        char for char in raw if char in "\n\t" or unicodedata.category(char) != "Cc"
    )


def _within(question, value, limit):
    limit = min(question.get("max_length") or limit, limit)
    if len(value) > limit:
        raise _Fault("too_long", limit=limit, length=len(value))
    return value


def _choice(question, raw):
    if raw in (None, False, ""):
        return None
    for option in question.get("options", ()):
        if str(option["id"]) == str(raw).strip():
            return option["id"]
    raise _Fault("unknown_option")


def _files(question, raw):
    if raw and not isinstance(raw, list):
        raise _Fault("file_name", name=str(raw)[:80])
    files = [item for item in (raw or []) if item and (item.get("name") or "").strip()]
    limit = min(question.get("max_files") or 1, FILES_LIMIT)
    if len(files) > limit:
        raise _Fault("too_many_files", limit=limit, count=len(files))
    max_mb = min(question.get("max_mb") or FILE_MB_LIMIT, FILE_MB_LIMIT)
    return [_file(item, max_mb) for item in files]


def _file(item, max_mb):
    name = clean_file_name(item["name"])
    if not name:
        raise _Fault("file_name", name=str(item["name"])[:80])
    if "." in name and name.rpartition(".")[2].lower() in DANGEROUS:
        raise _Fault("file_type", name=name)
    size = item.get("size")
    if not isinstance(size, int) or size <= 0:
        raise _Fault("file_empty", name=name)
    if size > max_mb * 1024 * 1024:
        raise _Fault("file_too_big", name=name, limit=max_mb)
    return {**item, "name": name}


def clean_file_name(name):
    """File name without path, control characters and tricks, or ``""``.

    Direction marks are dropped, too: they make ``exe.doc`` out of ``cod.exe``.
    """
    name = unicodedata.normalize("NFC", str(name)).replace("\\", "/").split("/")[-1]
    name = "".join(c for c in name if unicodedata.category(c) not in ("Cc", "Cf"))
    # Windows ignores dots and blanks at the end, and so hides the extension.
    name = name.strip().rstrip(". ")
    if not name.strip("."):
        return ""
    stem, dot, extension = name.rpartition(".")
    if len(name) > NAME_LIMIT and dot and len(extension) < 16:
        return stem[: NAME_LIMIT - len(extension) - 1] + dot + extension
    return name[:NAME_LIMIT]


_CHECKS = {
    "text": _text,
    "long_text": _long_text,
    "choice": _choice,
    "file": _files,
}
