"""Support lines: the ladder a ticket may climb."""

from odoo import api, fields, models


class SpocLine(models.Model):
    """A step of the ladder: first line, second line, ..., as many as there are.

    Desks stand on a line; whose work is measured by lines reads the number.
    """

    _name = "spoc.line"
    _description = "Support line"
    _order = "number, id"

    name = fields.Char(required=True, translate=True)
    number = fields.Integer(
        required=True,
        default=lambda self: self._default_number(),
        help="1 is the line that people turn to first.",
    )
    desk_ids = fields.One2many("spoc.desk", "line_id", string="Desks")

    _number_uniq = models.Constraint(
        "UNIQUE (number)", "Another support line has this number."
    )
    _number_positive = models.Constraint(
        "CHECK (number > 0)", "Support lines are counted from 1."
    )

    @api.model
    def _default_number(self):
        return self.search([], order="number desc", limit=1).number + 1
