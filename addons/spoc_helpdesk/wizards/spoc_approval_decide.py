"""Why yes, why no, or who instead."""

from odoo import api, fields, models
from odoo.exceptions import UserError


class SpocApprovalDecide(models.TransientModel):
    """Ask for the words that belong to a decision about one or several requests."""

    _name = "spoc.approval.decide"
    _description = "Decide on requests"

    approval_ids = fields.Many2many(
        "spoc.approval",
        "spoc_approval_decide_rel",
        "wizard_id",
        "approval_id",
        string="Requests",
        required=True,
    )
    count = fields.Integer("Number of requests", compute="_compute_count")
    decision = fields.Selection(
        [
            ("approved", "Yes"),
            ("rejected", "No"),
            ("delegated", "Somebody else decides"),
            ("changed", "The desk asks somebody else"),
        ],
        required=True,
        default="approved",
    )
    user_id = fields.Many2one(
        "res.users",
        "Who decides instead",
        domain="[('share', '=', False)]",
    )
    reason = fields.Text()

    @api.depends("approval_ids")
    def _compute_count(self):
        for wizard in self:
            wizard.count = len(wizard.approval_ids)

    def action_decide(self):
        """Do it, for all of the requests or for none."""
        self.ensure_one()
        approvals = self.approval_ids
        if self.decision in ("approved", "rejected"):
            approvals._spoc_decide(self.decision, self.reason)
        else:
            if not (self.reason or "").strip():
                raise UserError(self.env._("Say why somebody else decides."))
            if self.decision == "delegated":
                approvals._spoc_delegate(self.user_id, self.reason)
            else:
                approvals._spoc_reassign(self.user_id, self.reason)
        return {"type": "ir.actions.act_window_close"}
