from odoo import api, fields, models


class SpocTicketFlag(models.TransientModel):
    """Flag an article or fix it, from the ticket that showed what is wrong."""

    _name = "spoc.ticket.flag"
    _description = "Say what is wrong with an article"

    ticket_id = fields.Many2one("spoc.ticket", required=True, ondelete="cascade")
    article_id = fields.Many2one("spoc.article", required=True, ondelete="cascade")
    reason = fields.Selection("_get_reasons", required=True, default="wrong")
    text = fields.Char("What is wrong", help="Its owner reads it, and nobody's name.")
    may_fix = fields.Boolean(
        compute="_compute_may_fix", export_string_translation=False
    )

    @api.model
    def _get_reasons(self):
        return self.env["spoc.article.flag"]._get_reasons()

    @api.depends("article_id")
    def _compute_may_fix(self):
        for wizard in self:
            article = wizard.article_id
            wizard.may_fix = article.may_write and article.state in (
                "draft",
                "published",
            )

    def action_flag(self):
        """Tell the article's owner."""
        self.ensure_one()
        self._note()
        self.article_id._spoc_flag(self.reason, self.text or "")
        return {"type": "ir.actions.act_window_close"}

    def action_fix(self):
        """Open the words to put them right at once."""
        self.ensure_one()
        self._note()
        article = self.article_id
        if article.state == "published":
            return article.action_revise()
        return article._get_records_action()

    def _note(self):
        """The article was wrong on this ticket."""
        self.ticket_id._spoc_check_inner()
        self.article_id.check_access("read")
        self.article_id._spoc_record_use("wrong", self.ticket_id)
