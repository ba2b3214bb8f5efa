"""Words of an article made ready to be read: anchors, table of contents. No ORM.

The words come sanitised; what is added here is made of text, never of markup.
"""

import re
import unicodedata

from lxml import etree, html

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
# The page's own title is the h1: the words' headings begin below it.
FIRST_LEVEL = 2
# Shorter articles are seen at a glance.
TOC_FROM = 3
MAX_SLUG = 60
ANCHOR_CLASS = "spoc_article_anchor"
PREFIX = "part-"
# Where an address of a picture or file may stand.
SOURCES = ("src", "href", "poster")
PAGE_IDS = ("spoc_", "o_", "wrap", "oe_")

_SIGNS = re.compile(r"[^\w]+")


def slug(text, limit=MAX_SLUG):
    """A text as part of an address: lower case, words joined by hyphens.

    Letters of every alphabet stay; a text without any letter or digit gives "".
    """
    text = unicodedata.normalize("NFKC", text or "").lower().replace("_", " ")
    joined = _SIGNS.sub("-", text).strip("-")
    return joined[:limit].strip("-")


def parse(words):
    """The tree of an article's words, under one ``div``."""
    parser = html.HTMLParser(encoding="utf-8")
    source = f"<div>{words or ''}</div>"
    root = html.fromstring(source.encode(), parser=parser)
    if root.tag != "div":
        root = root.find(".//div")
    return root


def inner(root):
    """The markup inside an element, as text."""
    parts = [html.tostring(child, encoding="unicode") for child in root]
    lead = html.Element("p")
    lead.text = root.text
    text = html.tostring(lead, encoding="unicode")[3:-4]
    return text + "".join(parts)


def plain(element):
    """The text of an element, in one line."""
    return " ".join("".join(element.itertext()).split())


def sources(words):
    """Addresses of pictures and files within the words."""
    for element in parse(words).iter():
        for name in SOURCES:
            if element.get(name):
                yield element.get(name)


def with_sources(words, place):
    """The words with other addresses of pictures and files, nothing else changed.

    :param place: function from an address to the one to use instead
    """
    if not words:
        return ""
    root = parse(words)
    for element in root.iter():
        for name in SOURCES:
            if element.get(name):
                element.set(name, place(element.get(name)))
    return inner(root)


def with_anchors(words, label="", level=FIRST_LEVEL, place=None):
    """The words with an anchor and a link at every heading.

    :param str words: sanitised HTML
    :param str label: what a link is called for screen readers, with ``%s`` for the
        heading; no links without it
    :param int level: level of the highest heading on the page they are shown on
    :param place: function from the address of a picture or file to the one to use
    :return: HTML, and the table of contents: list of ``{"id", "text", "level"}`` with
        ``level`` from 0
    """
    root = parse(words)
    headings = [element for element in root.iter(*HEADINGS) if plain(element)]
    for element in list(root.iter(*HEADINGS)):
        if element not in headings:
            # An empty heading is a barrier for screen readers, and says nothing.
            element.tag = "p"
    _drop_foreign_ids(root)
    contents, taken = [], {element.get("id") for element in root.iter()}
    depths = _depths([int(element.tag[1]) for element in headings])
    for element, depth in zip(headings, depths, strict=True):
        text = plain(element)
        element.tag = f"h{min(level + depth, 6)}"
        if not element.get("id"):
            element.set("id", _unique(PREFIX + (slug(text) or "1"), taken))
        contents.append({"id": element.get("id"), "text": text, "level": depth})
        if label:
            element.append(_link(element.get("id"), label % text))
    _make_tables_reachable(root)
    _place_files(root, place)
    return inner(root), contents


def _drop_foreign_ids(root):
    """Ids the page has itself must not be taken over by the words."""
    for element in root.iter():
        name = element.get("id") or ""
        if name.startswith(PAGE_IDS):
            del element.attrib["id"]


def _depths(levels):
    """How deep each heading lies, without gaps: h1, h3, h3, h2 -> 0, 1, 1, 1."""
    depths, above = [], []
    for level in levels:
        while above and above[-1] >= level:
            above.pop()
        depths.append(len(above))
        above.append(level)
    return depths


def _unique(name, taken):
    found, number = name, 1
    while found in taken:
        number += 1
        found = f"{name}-{number}"
    taken.add(found)
    return found


def _link(target, label):
    link = etree.Element("a")
    link.set("href", f"#{target}")
    link.set("class", f"{ANCHOR_CLASS} d-print-none")
    link.set("aria-label", label)
    icon = etree.SubElement(link, "i")
    icon.set("class", "fa fa-link")
    icon.set("aria-hidden", "true")
    return link


def _make_tables_reachable(root):
    """A wide table scrolls by itself, so the keyboard has to reach it."""
    for table in list(root.iter("table")):
        if any(parent.tag == "table" for parent in table.iterancestors()):
            continue
        holder = etree.Element("div")
        holder.set("class", "spoc_article_table")
        holder.set("tabindex", "0")
        holder.tail, table.tail = table.tail, None
        table.getparent().replace(table, holder)
        holder.append(table)


def _place_files(root, place):
    for element in root.iter():
        for name in SOURCES:
            if place and element.get(name):
                element.set(name, place(element.get(name)))
        if element.tag == "img":
            # Without words for it a picture is no content to a screen reader, which
            # would read out its address instead.
            element.set("alt", element.get("alt") or "")
            element.set("loading", "lazy")
            for name in ("srcset", "data-original-src", "data-attachment-id"):
                element.attrib.pop(name, None)
