from odoo import api, fields, models


class SpocTicketResolve(models.TransientModel):
    """Ask what solved a ticket, show what the requester will get, and tell them."""

    _name = "spoc.ticket.resolve"
    _description = "Resolve a ticket"

    ticket_id = fields.Many2one("spoc.ticket", required=True, ondelete="cascade")
    article_id = fields.Many2one("spoc.article", "Solved by Article")
    resolution = fields.Html(
        compute="_compute_resolution", store=True, readonly=False, sanitize_style=True
    )
    preview = fields.Html(compute="_compute_preview")

    @api.depends("ticket_id", "article_id")
    def _compute_resolution(self):
        for wizard in self:
            wizard.resolution = (
                wizard.resolution
                or wizard.ticket_id.resolution
                or wizard.article_id.body
                or False
            )

    @api.depends("ticket_id", "resolution")
    def _compute_preview(self):
        template = self.env.ref(
            "spoc_helpdesk.mail_template_resolved", raise_if_not_found=False
        )
        for wizard in self:
            wizard.preview = wizard._get_preview(template)

    def _get_preview(self, template):
        """The mail as it will be, with the resolution written so far."""
        ticket = self.ticket_id._origin
        if not template or not ticket or not self.resolution:
            return False
        ticket.check_access("write")
        # The template reads the record: show it the text that is not saved yet.
        resolution = ticket._fields["resolution"]
        resolution._update_cache(ticket, self.resolution)
        try:
            # sudo: the suite's own words
            rendered = template.sudo()._render_field(
                "body_html", ticket.ids, compute_lang=True
            )
            return rendered[ticket.id]
        finally:
            ticket.invalidate_recordset(["resolution"], flush=False)

    def action_resolve(self):
        """Resolve the ticket."""
        self.ensure_one()
        self.ticket_id.check_access("write")
        self.ticket_id.write(
            {
                "resolution": self.resolution,
                "resolution_article_id": self.article_id.id,
            }
        )
        self.ticket_id.action_resolve()
        return {"type": "ir.actions.act_window_close"}
