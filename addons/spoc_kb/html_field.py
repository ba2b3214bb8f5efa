"""A formatted text that is cleaned where it changed."""

from functools import partial

from markupsafe import Markup

from odoo import fields

from . import html_blocks


class ArticleHtml(fields.Html):
    """As ``fields.Html`` with ``sanitize_style``, for long texts saved often."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, sanitize_style=True, **kwargs)

    def _convert(self, value, record, validate):
        if not (value and validate and len(record.ids) == 1):
            return super()._convert(value, record, validate)
        whole = partial(super()._convert, record=record, validate=True)
        before = record[self.name]
        return Markup(html_blocks.clean(str(value), str(before or ""), whole))
