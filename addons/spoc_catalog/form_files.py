"""Judges the files sent with a request form, by name and size.

Plain Python with a twin in JavaScript (``static/src/forms/form_files.js``).
"""

import re
import unicodedata

from .form_text import (
    WHITESPACE,
    Fault,
    as_whole,
    clean_line,
    fold,
    is_blank,
    read_count,
)

# Upper bounds that hold even when a question sets none.
FILES_LIMIT = 10
FILE_MB_LIMIT = 25.0
NAME_LIMIT = 200
# What a desk's computer would run when opened by mistake.
DANGEROUS = frozenset(
    "apk app bat cmd com cpl dll exe hta html htm jar js jse lnk mht mhtml msc msi msp "
    "ps1 ps1xml psm1 reg scr sct shtml svg vb vbe vbs ws wsc wsf wsh xht xhtml".split()
)


def clean_files(question, raw):
    if not isinstance(raw, list):
        raise Fault("file_name", name=_shown(raw))
    files = [item for item in raw if not _is_no_file(item)]
    limit = min(read_count(question, "max_files") or 1, FILES_LIMIT)
    if len(files) > limit:
        raise Fault("too_many_files", limit=limit, count=len(files))
    max_mb = min(_positive(question.get("max_mb")) or FILE_MB_LIMIT, FILE_MB_LIMIT)
    extensions = read_extensions(question)
    return [_file(item, max_mb, extensions) for item in files] or None


def _is_no_file(item):
    """An empty file field sends a file without name."""
    if not isinstance(item, dict):
        return is_blank(item)
    name = item.get("name")
    return is_blank(name) or (isinstance(name, str) and not name.strip(WHITESPACE))


def _positive(value):
    usable = isinstance(value, int | float) and not isinstance(value, bool)
    return value if usable and value > 0 else 0


def read_extensions(question):
    """Extensions a file may have: lower case, without point; empty for any."""
    given = question.get("extensions") or []
    if isinstance(given, str):
        given = re.split("[ ,;\t\n]+", given)
    if not isinstance(given, list | tuple):
        return []
    cleaned = [fold(item).lstrip(".*") for item in given if isinstance(item, str)]
    return [item for item in cleaned if item]


def _file(item, max_mb, extensions):
    given = item.get("name") if isinstance(item, dict) else item
    name = clean_file_name(given) if isinstance(given, str) else ""
    if not name:
        raise Fault("file_name", name=_shown(given))
    extension = fold(name.rpartition(".")[2].strip(WHITESPACE)) if "." in name else ""
    if extension in DANGEROUS:
        raise Fault("file_type", name=name)
    if extensions and extension not in extensions:
        raise Fault("file_extension", name=name, extensions=", ".join(extensions))
    size = item.get("size") if isinstance(item, dict) else 0
    if (as_whole(size) or 0) <= 0:
        raise Fault("file_empty", name=name)
    if size > max_mb * 1024 * 1024:
        raise Fault("file_too_big", name=name, limit=max_mb)
    return {**item, "name": name}


def _shown(name):
    """A name too odd to be used, for the message about it."""
    return clean_line(name)[:80] if isinstance(name, str) else ""


def clean_file_name(name):
    """File name without path, control characters and tricks, or ``""``.

    Direction marks are dropped, too: they make ``exe.doc`` out of ``cod.exe``.
    """
    name = str(name).replace("\\", "/").split("/")[-1]
    name = "".join(c for c in name if unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
    # Windows ignores dots and blanks at the end, and so hides the extension.
    name = _strip_end(unicodedata.normalize("NFC", name).strip(WHITESPACE))
    stem, dot, extension = name.rpartition(".")
    if len(name) > NAME_LIMIT and dot and len(extension) < 16:
        return stem[: NAME_LIMIT - len(extension) - 1] + dot + extension
    return _strip_end(name[:NAME_LIMIT])


def _strip_end(name):
    return name.rstrip("." + WHITESPACE)
