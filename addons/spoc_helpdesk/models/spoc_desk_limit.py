"""How much work a single member of a desk may have."""

from odoo import fields, models


class SpocDeskLimit(models.Model):
    """Somebody for whom the desk's usual limit does not hold."""

    _name = "spoc.desk.limit"
    _description = "Limit of a desk's member"
    _order = "desk_id, user_id"
    _rec_name = "user_id"

    desk_id = fields.Many2one(
        "spoc.desk", required=True, index=True, ondelete="cascade"
    )
    desk_member_ids = fields.Many2many(
        related="desk_id.member_ids", export_string_translation=False
    )
    user_id = fields.Many2one(
        "res.users",
        "Member",
        required=True,
        ondelete="cascade",
        domain="[('id', 'in', desk_member_ids)]",
    )
    capacity = fields.Float(
        "Tickets at once",
        digits=(6, 1),
        required=True,
        help="0: this member gets nothing by routing, but may take.",
    )

    _member_uniq = models.Constraint(
        "UNIQUE (desk_id, user_id)", "A member has one limit at a desk."
    )
    _capacity_positive = models.Constraint(
        "CHECK (capacity >= 0)", "A limit cannot be negative."
    )

    def write(self, vals):
        result = super().write(vals)
        if "desk_id" in vals:
            # Nor may it go to a desk of somebody else.
            self.check_access("write")
        return result
