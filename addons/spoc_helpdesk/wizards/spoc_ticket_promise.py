from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import is_html_empty


class SpocTicketPromise(models.TransientModel):
    """Tell the requester when they hear from the desk next, and keep to it.

    A promise is not moved in silence: the words go out, and keep the one before.
    """

    _name = "spoc.ticket.promise"
    _description = "Promise the next update"

    ticket_id = fields.Many2one("spoc.ticket", required=True, ondelete="cascade")
    due = fields.Datetime("Next Update", required=True)
    body = fields.Html("Words", sanitize_style=True)
    hearers = fields.Char("To", compute="_compute_hearers")

    def _compute_hearers(self):
        for wizard in self:
            wizard.ticket_id._spoc_check_inner()
            audience = wizard.ticket_id._spoc_audience()
            wizard.hearers = ", ".join(audience.mapped("name"))

    def action_promise(self):
        """Say it, and promise it.

        :raises UserError: without words, or for a moment that cannot be promised
        """
        self.ensure_one()
        if is_html_empty(self.body):
            raise UserError(self.env._("Tell the requester why, in a few words."))
        ticket = self.ticket_id
        ticket.check_access("write")
        # Markup: sanitised by the field
        ticket.message_post(
            body=Markup(self.body),
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        ticket._spoc_promise_update(self.due)
        return {"type": "ir.actions.act_window_close"}
