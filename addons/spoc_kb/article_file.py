"""The files articles travel in. No ORM.

A zip of Markdown or HTML files, with pictures and files beside them::

    articles.json                 what Markdown cannot hold, exactly as it was
    how-do-i-print-12.md          one article; names and folders are free
    files/7-screen.png            whatever the articles refer to

A Markdown or HTML file may begin with lines about the article, its front matter::

    ---
    title: "How do I print?"
    summary: Hold your badge to the printer
    keywords: [printer, paper]
    lang: en_US
    kind: howto
    desk: IT
    services: ["Printing", "Copying"]
    translation_of: 11
    ref: 12
    files: [files/8-form.pdf]
    ---

    What to do …

    <!-- agents only -->

    What only agents read.

All of it is optional: a title is taken from the first heading or the name of the
file. A spreadsheet has the same words as its first row, and ``body``.

:func:`read` gives entries ``{"place", "keys...", "body", "inner_body"}`` with HTML not
yet sanitised, and files by path. Faults are ``(place, code, params)``.
"""

import csv
import hashlib
import io
import json
import posixpath
import re
import zipfile
from urllib.parse import unquote, urlsplit

from . import article_html, article_markdown
from .article_about import (
    ALIASES,
    KEYS,
    MAX_LINE,
    MAX_TEXT,
    as_plain,
    clean_about,
    read_front_matter,
    write_front_matter,
)

FORMAT = "spoc-articles"
VERSION = 1
INDEX = "articles.json"
AGENTS_ONLY = "<!-- agents only -->"

MAX_BYTES = 200 * 1024 * 1024
MAX_UNPACKED = 500 * 1024 * 1024
MAX_FILES = 20000
_TAGS = re.compile(
    r"<(p|div|ul|ol|h[1-6]|table|br|b|i|strong|em|a|img)\b", re.IGNORECASE
)
_LANG = re.compile(r"\.([a-z]{2,3}(?:[_-][A-Za-z]{2,4})?)$")


class FileFault(ValueError):
    """The file as a whole cannot be read; ``code`` and ``params`` say why."""

    def __init__(self, code, **params):
        super().__init__(code)
        self.code, self.params = code, params


def read(data, filename):
    """Read a file: a zip, one Markdown or HTML file, or a spreadsheet.

    :param bytes data: the file
    :param str filename: its name, which tells what it is
    :return: ``(source, entries, files)``: where it comes from (``""``: unknown), list
        of entries in order, dictionary path -> bytes of all other files. An entry
        that cannot be read has ``fault`` as ``(code, params)``
    :raise FileFault: nothing of it can be read
    """
    if not data:
        raise FileFault("empty")
    if len(data) > MAX_BYTES:
        raise FileFault("big", limit=MAX_BYTES // 1024 // 1024)
    suffix = posixpath.splitext(filename or "")[1].lower()
    if suffix == ".zip":
        return _read_zip(data)
    if suffix in (".xlsx", ".csv"):
        rows = _read_xlsx(data) if suffix == ".xlsx" else _read_csv(data)
        return "", list(_read_rows(rows)), {}
    if suffix in (".md", ".markdown", ".html", ".htm"):
        return "", [_read_document(posixpath.basename(filename), data)], {}
    raise FileFault("kind")


def clean_path(path, base=""):
    """A path within the file, or None for one that leads out of it.

    :param str path: as it stands in a document
    :param str base: folder of the document
    """
    path = unquote(urlsplit(path).path)
    if not path or path.startswith("/") or "\\" in path or "\x00" in path:
        return None
    path = posixpath.normpath(posixpath.join(base, path))
    return None if path == ".." or path.startswith("../") else path


def is_inside(address):
    """Whether an address in a document is one of the files it came with."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return bool(parts.path) and not parts.scheme and not parts.netloc


# ----------------------------------------------------------------------
# Zip
# ----------------------------------------------------------------------


def _read_zip(data):
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        members = [info for info in archive.infolist() if not info.is_dir()]
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise FileFault("zip") from error
    if len(members) > MAX_FILES:
        raise FileFault("many", limit=MAX_FILES)
    if sum(info.file_size for info in members) > MAX_UNPACKED:
        raise FileFault("unpacked", limit=MAX_UNPACKED // 1024 // 1024)
    files = {}
    for info in members:
        path = clean_path(info.filename.replace("%", "%25"))
        hidden = not path or any(
            part.startswith(".") or part == "__MACOSX" for part in path.split("/")
        )
        if hidden:
            continue
        files[path] = _unpack(archive, info)
    index = _read_index(files.pop(INDEX, None))
    documents = sorted(
        path
        for path in files
        if posixpath.splitext(path)[1].lower() in (".md", ".markdown", ".html", ".htm")
    )
    if not documents:
        raise FileFault("nothing")
    known = {entry["place"]: entry for entry in index["articles"]}
    entries = []
    for path in documents:
        content = files.pop(path)
        entry = known.get(path)
        if entry and entry.get("sha256") == hashlib.sha256(content).hexdigest():
            # Nobody has touched the document: what it was made of is exact.
            entries.append({**entry, "exact": True})
        else:
            entries.append({**(entry or {}), **_read_document(path, content)})
    return index["source"], entries, files


def _unpack(archive, info):
    if info.flag_bits & 1:
        raise FileFault("locked")
    try:
        with archive.open(info) as member:
            # What a member says of its size is no promise.
            content = member.read(info.file_size + 1)
    except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError) as error:
        raise FileFault("zip") from error
    if len(content) > info.file_size:
        raise FileFault("zip")
    return content


def _read_index(data):
    nothing = {"source": "", "articles": []}
    if not data:
        return nothing
    try:
        index = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise FileFault("index") from error
    if not isinstance(index, dict) or index.get("format") != FORMAT:
        raise FileFault("index")
    if index.get("version") != VERSION:
        raise FileFault("version", version=str(index.get("version"))[:20])
    articles = index.get("articles")
    source = index.get("source")
    return {
        "source": source if isinstance(source, str) else "",
        "articles": [
            _clean_entry(entry)
            for entry in (articles if isinstance(articles, list) else [])
            if isinstance(entry, dict) and isinstance(entry.get("place"), str)
        ],
    }


def _clean_entry(entry):
    """An entry of the index, with what has the wrong type left out."""
    clean = {"place": entry["place"]}
    if isinstance(entry.get("sha256"), str):
        clean["sha256"] = entry["sha256"]
    for key, kind in KEYS.items():
        value = entry.get(key)
        if kind == "list" and isinstance(value, list):
            clean[key] = [str(item)[:MAX_LINE] for item in value[:1000]]
        elif kind != "list" and isinstance(value, str):
            clean[key] = value if kind == "html" else as_plain(value, kind)
    return clean


# ----------------------------------------------------------------------
# One document
# ----------------------------------------------------------------------


def _read_document(path, data):
    """An entry out of a Markdown or HTML file."""
    entry = {"place": path}
    if len(data) > MAX_TEXT:
        return {**entry, "fault": ("long", {"limit": MAX_TEXT // 1024 // 1024})}
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\x00", "")
    except UnicodeDecodeError:
        return {**entry, "fault": ("encoding", {})}
    about, text = read_front_matter(text)
    suffix = posixpath.splitext(path)[1].lower()
    try:
        if suffix in (".html", ".htm"):
            found = _read_html(text)
        else:
            found = _read_markdown(text)
    except article_markdown.NoReader as error:
        return {**entry, "fault": ("package", {"package": str(error)})}
    entry.update({key: value for key, value in found.items() if value})
    entry.update(about)
    stem = posixpath.splitext(posixpath.basename(path))[0]
    tongue = _LANG.search(stem)
    if tongue:
        entry.setdefault("lang", tongue[1])
        stem = stem[: tongue.start()]
    entry.setdefault("title", as_plain(re.sub(r"[-_]+", " ", stem), "line"))
    return entry


def _read_markdown(text):
    body, _sign, inner_part = text.partition(AGENTS_ONLY)
    title, words = article_markdown.first_heading(article_markdown.to_html(body))
    return {
        "title": title,
        "body": words,
        "inner_body": article_markdown.to_html(inner_part),
    }


def _read_html(text):
    text, _sign, inner_part = text.partition(AGENTS_ONLY)
    parser = article_html.html.HTMLParser(encoding="utf-8")
    try:
        root = article_html.html.document_fromstring(text.encode(), parser=parser)
    except (article_html.etree.ParserError, ValueError):
        return {"body": ""}
    body = root.find("body")
    words = article_html.inner(body).strip() if body is not None else ""
    title, words = article_markdown.first_heading(words)
    named = root.findtext(".//title")
    found = {"title": title or as_plain(named or "", "line"), "body": words}
    found["lang"] = root.get("lang") or ""
    for meta in root.iter("meta"):
        key = ALIASES.get((meta.get("name") or "").lower(), meta.get("name"))
        if key in ("summary", "keywords"):
            found[key] = as_plain(meta.get("content") or "", "line")
    found["inner_body"] = inner_part.replace("</body>", "").replace("</html>", "")
    return found


# ----------------------------------------------------------------------
# Spreadsheets
# ----------------------------------------------------------------------


def _read_xlsx(data):
    try:
        from openpyxl import load_workbook  # noqa: PLC0415 (Odoo brings it)

        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        rows = [
            ["" if cell is None else str(cell) for cell in row]
            for row in book.worksheets[0].iter_rows(values_only=True)
        ]
    except ImportError as error:
        raise FileFault("package", package="openpyxl") from error
    except Exception as error:
        # The package raises whatever the broken part of the file makes it raise.
        raise FileFault("sheet") from error
    return rows


def _read_csv(data):
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileFault("encoding") from error
    try:
        dialect = csv.Sniffer().sniff(text[:5000], ",;\t")
    except csv.Error:
        dialect = csv.excel
    try:
        return list(csv.reader(io.StringIO(text), dialect))
    except csv.Error as error:
        raise FileFault("sheet") from error


def _read_rows(rows):
    """Entries out of the rows of a sheet; the first one names the columns."""
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    if not rows:
        raise FileFault("nothing")
    columns = []
    for cell in rows[0]:
        key = cell.strip().lower().replace(" ", "_")
        columns.append(ALIASES.get(key, key))
    if "title" not in columns:
        raise FileFault("columns")
    for number, row in enumerate(rows[1:], 2):
        about = dict(zip(columns, row, strict=False))
        entry = {"place": str(number), **clean_about(about)}
        try:
            for key in ("body", "inner_body"):
                if about.get(key, "").strip():
                    entry[key] = _read_cell(about[key])
        except article_markdown.NoReader as error:
            entry["fault"] = ("package", {"package": str(error)})
        yield entry


def _read_cell(text):
    """Words in a cell: HTML when it looks like it, else Markdown."""
    return text if _TAGS.search(text) else article_markdown.to_html(text)


# ----------------------------------------------------------------------
# Writing
# ----------------------------------------------------------------------


def write(source, name, entries, files):
    """A zip of articles.

    :param str source: what the entries' refs are told from others by
    :param str name: of the company
    :param entries: list as read; ``place`` is the name of the Markdown file
    :param dict files: path -> bytes
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        kept = []
        for entry in entries:
            content = write_document(entry).encode()
            archive.writestr(entry["place"], content)
            kept.append({**entry, "sha256": hashlib.sha256(content).hexdigest()})
        for path, content in files.items():
            archive.writestr(path, content)
        index = {
            "format": FORMAT,
            "version": VERSION,
            "source": source,
            "name": name,
            "articles": kept,
        }
        archive.writestr(INDEX, json.dumps(index, ensure_ascii=False, indent=1))
    return buffer.getvalue()


def write_document(entry):
    """An article as a Markdown file."""
    parts = [
        write_front_matter(entry),
        article_markdown.to_markdown(entry.get("body") or ""),
    ]
    if entry.get("inner_body"):
        parts += [AGENTS_ONLY, article_markdown.to_markdown(entry["inner_body"])]
    return "\n".join(part for part in parts if part)
