"""How two versions of an article are shown beside each other. No ORM.

A version comes in parts, ``heading -> (is_html, text)``, in reading order.
"""

from markupsafe import Markup

from odoo.addons.html_editor.models.diff_utils import generate_comparison
from odoo.addons.spoc_catalog import text_diff

MARKS = {
    "same": Markup("%s"),
    "out": Markup('<del class="text-danger">%s</del>'),
    "in": Markup('<ins class="text-success fw-bold">%s</ins>'),
}
# What Odoo's comparison of formatted texts marks changes with.
TAGS = {
    "<added>": '<ins class="text-success">',
    "</added>": "</ins>",
    "<removed>": '<del class="text-danger">',
    "</removed>": "</del>",
}


def difference(before, after):
    """What changed, part by part.

    :param dict before: parts
    :param dict after: parts
    :return: safe HTML, empty when nothing differs
    """
    blocks = Markup()
    for heading, (is_html, text) in after.items():
        old = before.get(heading, (is_html, ""))[1]
        if old != text:
            blocks += block(heading, changed(old, text, is_html))
    return blocks


def whole(parts):
    """All parts that say something, as safe HTML."""
    return Markup().join(
        block(heading, shown(text, is_html))
        for heading, (is_html, text) in parts.items()
        if text
    )


def shown(text, is_html=False):
    """One part as safe HTML.

    :param str text: text; when ``is_html``, sanitised HTML
    """
    return Markup(text or "") if is_html else _lines("same", text or "")


def changed(before, after, is_html=False):
    """One part's change as safe HTML.

    :param str before: text; when ``is_html``, sanitised HTML
    :param str after: the same
    """
    if is_html:
        # sanitised when it was saved
        compared = generate_comparison(str(after or ""), str(before or ""))
        for tag, mark in TAGS.items():
            compared = compared.replace(tag, mark)
        return Markup(compared)
    parts = text_diff.shortened(text_diff.difference(before, after))
    return Markup(" ").join(_lines(op, text) for op, text in parts)


def block(heading, content):
    """One part with its heading."""
    return Markup('<h4 class="mt-3">%s</h4><div>%s</div>') % (heading, content)


def sentence(text):
    """A remark in place of a difference."""
    return Markup('<p class="text-muted">%s</p>') % text


def _lines(op, text):
    """Plain text with its line ends."""
    return Markup("<br/>").join(
        MARKS[op] % line if line else Markup() for line in text.split("\n")
    )
