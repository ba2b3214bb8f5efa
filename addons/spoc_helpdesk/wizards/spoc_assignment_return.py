from odoo import fields, models


class SpocAssignmentReturn(models.TransientModel):
    """Ask why a line gives work back."""

    _name = "spoc.assignment.return"
    _description = "Return an assignment"

    assignment_id = fields.Many2one(
        "spoc.assignment", required=True, ondelete="cascade"
    )
    reason = fields.Text(required=True)

    def action_return(self):
        """Give it back."""
        self.ensure_one()
        self.assignment_id.write({"return_reason": self.reason})
        self.assignment_id.action_return()
        return {"type": "ir.actions.act_window_close"}
