from odoo import fields, models


class SpocTransferReturn(models.TransientModel):
    """Ask why a desk does not take a ticket."""

    _name = "spoc.transfer.return"
    _description = "Return a transfer"

    transfer_id = fields.Many2one("spoc.transfer", required=True, ondelete="cascade")
    reason = fields.Text(required=True)

    def action_return(self):
        """Give it back."""
        self.ensure_one()
        self.transfer_id._spoc_return(self.reason)
        return {"type": "ir.actions.act_window_close"}
