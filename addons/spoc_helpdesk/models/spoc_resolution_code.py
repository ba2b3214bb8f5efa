"""In which way tickets end: a short list of an organisation's own."""

from odoo import api, fields, models


class SpocResolutionCode(models.Model):
    """What kind of end a resolution is: solved, worked around, not reproducible...

    Only a code that ``solves`` lets a ticket count as solved at first contact.
    """

    _name = "spoc.resolution.code"
    _description = "Resolution code"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    solves = fields.Boolean(
        "Counts as Solved",
        default=True,
        help="Off for ends without a solution: such tickets are closed, but not "
        "counted as solved at first contact or by the first line.",
    )
    desk_ids = fields.Many2many(
        "spoc.desk",
        "spoc_resolution_code_desk_rel",
        "code_id",
        "desk_id",
        string="Desks",
        help="Desks that use this code; all of them when empty.",
    )

    @api.model
    def _spoc_usual(self, desk):
        """The first code a desk uses: what most tickets end with."""
        # sudo: whoever resolves; the list is no secret
        return self.sudo().search(
            ["|", ("desk_ids", "=", False), ("desk_ids", "in", desk.ids)], limit=1
        )


class SpocTicket(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.ticket"

    resolution_code_id = fields.Many2one(
        "spoc.resolution.code",
        "Ended as",
        index="btree_not_null",
        copy=False,
        ondelete="restrict",
        domain="['|', ('desk_ids', '=', False), ('desk_ids', 'in', desk_id)]",
        help="The kind of end: solved, worked around, could not be reproduced...",
    )

    def _spoc_name_ending(self):
        """Whoever resolves and names no code means the usual one."""
        unnamed = self.filtered(lambda ticket: not ticket.resolution_code_id)
        # sudo: the desk of the ticket, whoever resolves
        for desk, tickets in unnamed.sudo().grouped("desk_id").items():
            usual = self.env["spoc.resolution.code"]._spoc_usual(desk)
            if usual:
                tickets._spoc_write({"resolution_code_id": usual.id})
