"""Markdown of an article's words, and words of Markdown. No ORM.

Reading Markdown needs the Python package ``markdown-it-py`` (MIT licence); writing it
needs nothing but lxml. What Markdown has no sign for is written as the HTML it is,
which every reader of Markdown lets through.
"""

import re

from lxml import html

from .article_html import HEADINGS, inner, parse, plain

#: As pip knows it.
PACKAGE = "markdown-it-py"

_SPACES = re.compile(r"[ \t\r\n]+")
# Signs that mean something wherever they stand in a line.
_SIGNS = re.compile(r"([\\`*_\[\]<>|~])")
# ... and at the beginning of one.
_STARTS = re.compile(r"^(\s*)([#+\-=>]|\d+(?=[.)]\s))")
INLINE = {"a", "b", "strong", "i", "em", "code", "br", "img", "span", "s", "del", "u"}
MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*", "s": "~~", "del": "~~"}


class NoReader(Exception):
    """There is no package that reads Markdown."""


def to_html(text):
    """Markdown as HTML, not sanitised.

    :raise NoReader: the package is missing
    """
    try:
        from markdown_it import MarkdownIt  # noqa: PLC0415 (optional)
    except ImportError as error:
        raise NoReader(PACKAGE) from error
    reader = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    return reader.render(text or "")


def to_markdown(words):
    """HTML as Markdown, readable and near to what it says.

    :param str words: HTML
    """
    blocks = _blocks(parse(words))
    text = "\n\n".join(block for block in blocks if block.strip())
    return text + "\n" if text else ""


# ----------------------------------------------------------------------
# Blocks
# ----------------------------------------------------------------------


def _blocks(element):
    """Blocks of Markdown for what is inside an element."""
    blocks, line = [], []

    def flush():
        text = _tidy("".join(line))
        line.clear()
        if text:
            blocks.append(_guard(text))

    line.append(_text(element.text))
    for child in element:
        if not isinstance(child.tag, str):
            pass
        elif child.tag in INLINE:
            line.append(_inline(child))
        else:
            flush()
            blocks.extend(_block(child))
        line.append(_text(child.tail))
    flush()
    return blocks


def _block(element):
    """Blocks of Markdown for one element."""
    tag = element.tag
    if tag in HEADINGS:
        return [f"{'#' * int(tag[1])} {_tidy(_inside(element))}"]
    if tag == "p":
        return _blocks(element)
    if tag in ("ul", "ol") and _is_plain_list(element):
        return [_list(element)]
    if tag == "pre":
        return [_code(element)]
    if tag == "blockquote":
        quoted = "\n\n".join(_blocks(element))
        return ["\n".join(f"> {line}".rstrip() for line in quoted.split("\n"))]
    if tag == "hr":
        return ["---"]
    if tag == "table" and _is_plain_table(element):
        return [_table(element)]
    if tag in ("div", "section", "article", "header", "footer", "main", "tbody"):
        return _blocks(element)
    return [_raw(element)]


def _raw(element):
    """The element as it is, in one block: an empty line would end it."""
    tail, element.tail = element.tail, None
    text = html.tostring(element, encoding="unicode")
    element.tail = tail
    return re.sub(r"\n\s*\n", "\n", text)


def _is_plain_list(element):
    return all(child.tag == "li" for child in element if isinstance(child.tag, str))


def _list(element):
    number = int(element.get("start") or 1) if element.tag == "ol" else None
    items = []
    for item in element.findall("li"):
        mark = "- " if number is None else f"{number}. "
        if number is not None:
            number += 1
        blocks = _blocks(item) or [""]
        nested = all(_is_list_text(block) for block in blocks[1:])
        body = ("\n" if nested else "\n\n").join(blocks)
        pad = " " * len(mark)
        lines = body.split("\n")
        items.append(
            "\n".join(
                [mark + lines[0], *(pad + line if line else "" for line in lines[1:])]
            )
        )
    return "\n".join(items)


def _is_list_text(block):
    return bool(re.match(r"(- |\d+\. )", block))


def _code(element):
    text = "".join(element.itertext()).strip("\n")
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}\n{text}\n{fence}"


def _is_plain_table(element):
    """Whether pipes can draw it: one line in each cell, no cell over several."""
    rows = element.findall(".//tr")
    if not rows or len({len(row) for row in rows}) != 1:
        return False
    for cell in element.iter("td", "th"):
        if cell.get("colspan") or cell.get("rowspan"):
            return False
        if any(child.tag not in INLINE - {"br"} for child in cell.iterdescendants()):
            return False
    heads = [row for row in rows if all(cell.tag == "th" for cell in row)]
    return bool(heads) and heads == [rows[0]]


def _table(element):
    rows = [[_tidy(_inside(cell)) for cell in row] for row in element.findall(".//tr")]
    lines = [f"| {' | '.join(row)} |" for row in rows]
    lines.insert(1, "|" + " --- |" * len(rows[0]))
    return "\n".join(lines)


# ----------------------------------------------------------------------
# Within a line
# ----------------------------------------------------------------------


def _inside(element):
    parts = [_text(element.text)]
    for child in element:
        if isinstance(child.tag, str):
            parts.append(_inline(child))
        parts.append(_text(child.tail))
    return "".join(parts)


def _inline(element):
    tag = element.tag
    if tag == "br":
        return "\\\n"
    if tag == "img":
        return _picture(element)
    if tag == "code":
        return _code_span(plain(element))
    within = _inside(element)
    if tag == "a" and element.get("href"):
        return f"[{within.strip()}]({_target(element.get('href'))})"
    if tag in MARKS and within.strip():
        mark = MARKS[tag]
        before = within[: len(within) - len(within.lstrip())]
        after = within[len(within.rstrip()) :]
        return f"{before}{mark}{within.strip()}{mark}{after}"
    if tag == "u" or tag not in INLINE:
        tail, element.tail = element.tail, None
        text = html.tostring(element, encoding="unicode")
        element.tail = tail
        return _SPACES.sub(" ", text)
    return within


def _picture(element):
    title = element.get("title")
    title = f' "{title}"'.replace("\n", " ") if title else ""
    alt = _text(element.get("alt"))
    return f"![{alt}]({_target(element.get('src') or '')}{title})"


def _target(address):
    """An address as it stands in brackets."""
    if re.search(r"[\s()<>]", address):
        address = address.replace("<", "%3C").replace(">", "%3E").replace("\n", "")
        return f"<{address}>"
    return address


def _code_span(text):
    fence = "`"
    while fence in text:
        fence += "`"
    pad = " " if text[:1] == "`" or text[-1:] == "`" else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def _text(text):
    """Plain text, its signs made harmless."""
    text = _SPACES.sub(" ", text or "")
    text = text.replace("&", "&amp;") if re.search(r"&#?\w+;", text) else text
    return _SIGNS.sub(r"\\\1", text)


def _tidy(text):
    """A line without spaces around it and around its breaks."""
    text = re.sub(r"[ ]*\\\n[ ]*", r"\\\n", text).strip(" \n")
    while text.endswith("\\\n"):
        text = text[:-2].rstrip()
    return text


def _guard(text):
    """What would begin a list or a heading at the start of a line does not."""
    lines = []
    for line in text.split("\n"):
        found = _STARTS.match(line)
        if found and found[2].isdigit():
            line = f"{found[1]}{found[2]}\\{line[found.end() :]}"
        elif found:
            line = f"{found[1]}\\{line[len(found[1]) :]}"
        lines.append(line)
    return "\n".join(lines)


def first_heading(words):
    """The title a document begins with, and the rest of it.

    :param str words: HTML
    :return: ``(text or "", HTML)``
    """
    root = parse(words)
    first = next((child for child in root if isinstance(child.tag, str)), None)
    if first is None or first.tag != "h1" or (root.text or "").strip():
        return "", words
    title = plain(first)
    if (first.tail or "").strip():
        return "", words
    root.remove(first)
    return title, inner(root).strip()
