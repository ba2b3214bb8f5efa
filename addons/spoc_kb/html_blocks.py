"""Clean the part of a text that changed; keep what is clean already. No ORM.

Cleaning a long text costs more than all else a saving does, and most of it did not
change. The clean text of before is taken apart, by the parser the cleaning itself uses,
at its outermost blocks (paragraphs, headings, lists, tables). Blocks at the beginning
and at the end that are there again, letter by letter, are kept; what is between them
is cleaned by itself, and of that, if it is long, again the blocks that are new.

Every piece of the result is thus a whole block of a clean text or was cleaned, which is
as safe as cleaning all of it. Whatever is not plainly a row of blocks is cleaned as a
whole.
"""

from functools import lru_cache

from lxml import etree, html

BLOCKS = frozenset("p h1 h2 h3 h4 h5 h6 ul ol dl table pre hr".split())
# Words by which the cleaning looks beyond a block: mail quotes and signatures.
BEYOND = (
    "data-o-mail-quote",
    "gmail",
    "yahoo",
    "SkyDrive",
    "ignature",
    "stopSpelling",
    "divRplyFwdMsg",
    "appendonsend",
)
# Not worth the trouble below: characters.
SHORT = 2000
# Stands before a part that is cleaned by itself, as another block would.
FENCE = "<hr>"


def clean(text, before, sanitize):
    """The text, clean.

    :param str text: HTML as somebody typed it
    :param str before: clean HTML, of which most still stands
    :param sanitize: function of an HTML text that gives it back clean
    :rtype: str
    """
    if len(text) < SHORT or not before or any(word in text for word in BEYOND):
        return sanitize(text)
    edges, known = _anatomy(before)
    if not known:
        return sanitize(text)
    start, end = _same_ends(text, before, edges)
    middle = text[start : len(text) - end]
    cleaned = _middle(middle, known, sanitize)
    if cleaned is None or BEYOND[0] in cleaned:
        return sanitize(text)
    return text[:start] + cleaned + text[len(text) - end :]


def split(text):
    """The outermost blocks of a text.

    :return: list of ``(block, blanks after it)``, or None when it is not plainly a row
        of blocks
    """
    if "<!" in text or "<?" in text or "\0" in text:
        return None
    try:
        document = html.document_fromstring(text)
    except (etree.LxmlError, ValueError, AssertionError):
        return None
    if [child.tag for child in document] != ["body"]:
        return None
    (body,) = document
    if body.attrib or (body.text and body.text.strip()):
        return None
    blocks = []
    for element in body:
        blank = element.tail or ""
        if element.tag not in BLOCKS or blank.strip():
            return None
        block = etree.tostring(
            element, encoding="unicode", method="html", with_tail=False
        )
        # as the cleaning writes it
        blocks.append((block.replace("\xa0", "&nbsp;"), blank))
    return blocks


@lru_cache(maxsize=32)
def _anatomy(before):
    """Where a clean text may be cut, and its blocks.

    Asked again for each saving of somebody who writes.

    :return: (sorted offsets, the text's own ends included; frozenset of blocks)
    """
    edges = [0]
    blocks = split(before) or []
    for block, blank in blocks:
        edges.append(edges[-1] + len(block) + len(blank))
    if before != "".join(block + blank for block, blank in blocks):
        return [], frozenset()
    return edges, frozenset(block for block, _blank in blocks)


def _same_ends(text, before, edges):
    """How much of the text is, block by block, what stood there before.

    :return: characters at the beginning, characters at the end; never overlapping
    """
    most = min(len(text), len(before))
    start = _longest(most, lambda size: text[:size] == before[:size])
    start = max(edge for edge in edges if edge <= start)
    most -= start
    end = _longest(most, lambda size: text[-size:] == before[-size:])
    end = max(len(before) - edge for edge in edges if 0 <= len(before) - edge <= end)
    return start, end


def _longest(most, same):
    """The largest size up to ``most`` for which two ends are the same."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if same(middle):
            low = middle
        else:
            high = middle - 1
    return low


def _middle(text, known, sanitize):
    """What is between the ends, clean; None when it cannot be cleaned by itself."""
    if len(text) < SHORT:
        return _fenced(text, sanitize)
    blocks = split(text)
    if blocks is None:
        return _fenced(text, sanitize)
    pieces, fresh = [], []
    for block, blank in blocks:
        if block in known:
            pieces += [_fenced("".join(fresh), sanitize), block, blank]
            fresh = []
        else:
            fresh += [block, blank]
    pieces.append(_fenced("".join(fresh), sanitize))
    return None if None in pieces else "".join(pieces)


def _fenced(text, sanitize):
    """A part, cleaned in a row behind a block as it stands in the whole text."""
    if not text.strip():
        return text
    cleaned = str(sanitize(FENCE + text))
    return cleaned[len(FENCE) :] if cleaned.startswith(FENCE) else None
