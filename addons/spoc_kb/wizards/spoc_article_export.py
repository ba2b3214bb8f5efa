"""Write articles to a zip of Markdown files."""

import base64

from odoo import api, fields, models
from odoo.exceptions import UserError


class SpocArticleExport(models.TransientModel):
    """Holds the file until it is downloaded."""

    _name = "spoc.article.export"
    _description = "Export of articles"

    article_ids = fields.Many2many(
        "spoc.article", string="Articles", default=lambda self: self._get_articles()
    )
    article_count = fields.Integer(compute="_compute_article_count")
    data = fields.Binary(string="File", readonly=True, attachment=False)
    filename = fields.Char(readonly=True)

    @api.model
    def _get_articles(self):
        """Those chosen in the list, else all the user may read."""
        Article = self.env["spoc.article"]
        if self.env.context.get("active_model") == "spoc.article":
            return Article.browse(self.env.context.get("active_ids", []))
        return Article.search([("revision_of_id", "=", False)])

    @api.depends("article_ids")
    def _compute_article_count(self):
        for wizard in self:
            wizard.article_count = len(wizard.article_ids)

    def action_export(self):
        """Make the file and offer it."""
        self.ensure_one()
        if not self.article_ids:
            raise UserError(self.env._("Choose the articles to export."))
        content = self.env["spoc.article.exchange"]._spoc_export(self.article_ids)
        self.data = base64.b64encode(content)
        day = fields.Date.context_today(self)
        self.filename = f"articles-{day}.zip"
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Export articles"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }
