from odoo import api, fields, models


class SpocTicketResolve(models.TransientModel):
    """Ask what solved a ticket, show what the requester will get, and tell them."""

    _name = "spoc.ticket.resolve"
    _description = "Resolve a ticket"

    ticket_id = fields.Many2one("spoc.ticket", required=True, ondelete="cascade")
    article_id = fields.Many2one(
        "spoc.article",
        "Solved by Article",
        compute="_compute_article_id",
        # With the rights of the agent: what they may not read is not filled in.
        compute_sudo=False,
        store=True,
        readonly=False,
    )
    article_warning = fields.Char(compute="_compute_article_warning")
    write_article = fields.Boolean(
        "Write an article from it",
        help="The next one who asks finds the answer. What you write here is taken "
        "over.",
    )
    code_id = fields.Many2one(
        "spoc.resolution.code",
        "Ended as",
        compute="_compute_code_id",
        compute_sudo=False,
        store=True,
        readonly=False,
        domain="['|', ('desk_ids', '=', False), ('desk_ids', 'in', desk_id)]",
    )
    desk_id = fields.Many2one(related="ticket_id.desk_id", related_sudo=False)
    child_ids = fields.Many2many(
        "spoc.ticket", compute="_compute_child_ids", compute_sudo=False
    )
    with_children = fields.Boolean(
        "Resolve its children with the same words",
        default=True,
        help="Each requester is told on their own, in their language, and asked "
        "whether it is solved.",
    )
    resolution = fields.Html(
        compute="_compute_resolution",
        compute_sudo=False,
        store=True,
        readonly=False,
        sanitize_style=True,
    )
    preview = fields.Html(compute="_compute_preview")

    @api.depends("ticket_id")
    def _compute_article_id(self):
        """What the ticket names; else the only article that was sent as an answer."""
        for wizard in self:
            ticket = wizard.ticket_id._origin
            ticket._spoc_check_inner()
            named = wizard.article_id or ticket.resolution_article_id
            wizard.article_id = named or ticket._spoc_only_sent()

    @api.depends("ticket_id")
    def _compute_code_id(self):
        for wizard in self:
            ticket = wizard.ticket_id._origin
            usual = self.env["spoc.resolution.code"]._spoc_usual(ticket.desk_id)
            wizard.code_id = wizard.code_id or ticket.resolution_code_id or usual

    @api.depends("ticket_id")
    def _compute_child_ids(self):
        for wizard in self:
            ticket = wizard.ticket_id._origin
            wizard.child_ids = ticket and ticket._spoc_open_children()

    @api.depends("ticket_id", "article_id")
    def _compute_article_warning(self):
        for wizard in self:
            ticket, article = wizard.ticket_id._origin, wizard.article_id._origin
            blocked = {}
            if ticket and article:
                ticket._spoc_check_inner()
                blocked = ticket._spoc_blocked(article)
            wizard.article_warning = blocked.get(article.id, False)

    @api.depends("ticket_id", "article_id")
    def _compute_resolution(self):
        # Nobody is told what is not for them: then the agent writes it.
        for wizard in self:
            told = wizard.article_id and not wizard.article_warning
            wizard.resolution = (
                wizard.resolution
                or wizard.ticket_id.resolution
                or (told and wizard.article_id._spoc_answer_html())
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
                "resolution_code_id": self.code_id.id,
            }
        )
        self.ticket_id.action_resolve()
        if self.with_children:
            self.ticket_id._spoc_resolve_children(self.child_ids)
        if self.write_article and not self.article_id:
            return self.ticket_id.action_write_article()
        return {"type": "ir.actions.act_window_close"}
