from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import is_html_empty


class SpocAssignmentReply(models.TransientModel):
    """Let the owner look over what another line found, and tell the requester."""

    _name = "spoc.assignment.reply"
    _description = "Reply with the answer of another line"
    # The asking desk does not read a confidential part, whose name is neutral; whoever
    # else points at a part is refused by _get_assignment.
    _spoc_judged_links = ("assignment_id",)

    assignment_id = fields.Many2one(
        "spoc.assignment", required=True, ondelete="cascade"
    )
    body = fields.Html(
        "Reply",
        compute="_compute_body",
        store=True,
        readonly=False,
        precompute=True,
        sanitize_style=True,
    )
    hearers = fields.Char("To", compute="_compute_hearers")

    def _get_assignment(self):
        """The assignment, for those of the asking desk.

        :raises AccessError: for anybody else
        """
        # sudo: the asking desk does not read a confidential part; the side is judged
        part = self.assignment_id.sudo()
        part._spoc_begin(("answered", "confirmed"), line=False)
        return part

    @api.depends("assignment_id")
    def _compute_body(self):
        for wizard in self:
            if not wizard.body and wizard.assignment_id:
                wizard.body = wizard._get_assignment()._spoc_told_answer()

    @api.depends("assignment_id")
    def _compute_hearers(self):
        for wizard in self:
            ticket = wizard._get_assignment().ticket_id
            wizard.hearers = ", ".join(ticket._spoc_audience().mapped("name"))

    def action_send(self):
        """Say it to the requester, and confirm the answer it was made of.

        :raises UserError: when there is nothing to say
        """
        self.ensure_one()
        part = self._get_assignment()
        ticket = self.env["spoc.ticket"].browse(part.ticket_id.id)
        ticket.check_access("write")
        if is_html_empty(self.body):
            raise UserError(self.env._("The reply says nothing yet."))
        if part.state == "answered":
            part.action_confirm()
        # Markup: sanitised by the field
        ticket.message_post(
            body=Markup(self.body),
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        return {"type": "ir.actions.act_window_close"}
