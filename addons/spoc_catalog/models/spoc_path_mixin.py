"""Records that are shown with what they stand in, and found by it."""

from odoo import api, models
from odoo.fields import Domain


class SpocPathMixin(models.AbstractModel):
    """A model whose ``display_name`` is a path, such as “A / B”.

    What is shown can be searched for, by whoever types it and by a file that is
    imported.
    """

    _name = "spoc.path.mixin"
    _description = "Shown as a path"
    # What there is in every path.
    _spoc_path_mark = " / "

    @api.model
    def _search_display_name(self, operator, value):
        """Find a path as it is shown, and plain names."""
        domain = super()._search_display_name(operator, value)
        if operator in Domain.NEGATIVE_OPERATORS:
            return domain
        texts = [value] if isinstance(value, str) else value or []
        mark = self._spoc_path_mark
        paths = [text for text in texts if isinstance(text, str) and mark in text]
        return Domain.OR([domain, *(self._get_path_domain(path) for path in paths)])

    @api.model
    def _get_path_domain(self, path):
        """Records that stand at the end of a path such as “A / B”."""
        domain = Domain.TRUE
        for depth, part in enumerate(reversed(path.split(" / "))):
            domain &= Domain(f"{'parent_id.' * depth}name", "=", part)
        return domain
