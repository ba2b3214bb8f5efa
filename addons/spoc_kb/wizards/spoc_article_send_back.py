from odoo import fields, models


class SpocArticleSendBack(models.TransientModel):
    """Send an article in review back to its author, saying why."""

    _name = "spoc.article.send.back"
    _description = "Send an article back"

    article_id = fields.Many2one("spoc.article", required=True, ondelete="cascade")
    reason = fields.Text(
        required=True, help="What has to change before it is published."
    )

    def action_send_back(self):
        """Send it back; the author is told."""
        for wizard in self:
            wizard.article_id.action_send_back(wizard.reason)
