from odoo import fields, models


class SpocAssignmentReturn(models.TransientModel):
    """Ask why a line gives work back."""

    _name = "spoc.assignment.return"
    _description = "Return an assignment"

    assignment_id = fields.Many2one(
        "spoc.assignment", required=True, ondelete="cascade"
    )
    is_confidential = fields.Boolean(related="assignment_id.is_confidential")
    reason = fields.Text(required=True)
    is_released = fields.Boolean("The desk that asked may read this")

    def action_return(self):
        """Give it back."""
        self.ensure_one()
        values = {"return_reason": self.reason}
        if self.is_released:
            values["is_released"] = True
        self.assignment_id.write(values)
        self.assignment_id.action_return()
        return {"type": "ir.actions.act_window_close"}
