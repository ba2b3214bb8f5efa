from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import is_html_empty


class SpocTicketReply(models.TransientModel):
    """Let the agent look over a reply made of an article, and send it."""

    _name = "spoc.ticket.reply"
    _description = "Send an article as an answer"

    ticket_id = fields.Many2one("spoc.ticket", required=True, ondelete="cascade")
    article_id = fields.Many2one("spoc.article", required=True, ondelete="cascade")
    body = fields.Html("Reply", sanitize_style=True)
    hearers = fields.Char("To", compute="_compute_hearers")

    def _compute_hearers(self):
        for wizard in self:
            wizard.ticket_id._spoc_check_inner()
            audience = wizard.ticket_id._spoc_audience()
            wizard.hearers = ", ".join(audience.mapped("name"))

    def action_send(self):
        """Say it to the requester; the article was offered on the ticket.

        :raise UserError: nothing to say, or somebody may not read the article now
        """
        self.ensure_one()
        ticket = self.ticket_id
        ticket.check_access("write")
        # Once more: people and audiences may have changed since it was opened.
        ticket._check_article_told(self.article_id)
        if is_html_empty(self.body):
            raise UserError(self.env._("The reply says nothing yet."))
        # Markup: sanitised by the field
        ticket.message_post(
            body=Markup(self.body),
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        self.article_id._spoc_record_use("offered", ticket)
        return {"type": "ir.actions.act_window_close"}
