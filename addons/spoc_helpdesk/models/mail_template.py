"""The suite's own mail templates, read once."""

from odoo import api, models, tools


class MailTemplate(models.Model):
    """What a template says is kept until a template changes: each ticket is told."""

    _name = "mail.template"
    _inherit = ["mail.template", "spoc.kept.mixin"]

    @api.model
    @tools.ormcache("template_id", "self.env.lang")
    def _spoc_words(self, template_id):
        """Sources of a template in a language: ``(subject, body)``."""
        # sudo: the suite's own words
        template = self.sudo().browse(template_id)
        return template.subject or "", template.body_html or ""

    @api.model
    @tools.ormcache("template_id")
    def _spoc_language(self, template_id):
        """What says in which language a template is told."""
        # sudo: templates of the suite are not for every speaker to read
        return self.sudo().browse(template_id).lang or ""

    def _has_unsafe_expression_template_qweb(self, source, model, fname=None):
        # Odoo compiles the whole text to find that out, each time it is rendered.
        if self.env.context.get("spoc_words") and not fname:
            return self._spoc_is_unsafe(source, model)
        return super()._has_unsafe_expression_template_qweb(source, model, fname)

    @api.model
    @tools.ormcache("source", "model", cache="templates")
    def _spoc_is_unsafe(self, source, model):
        """Whether a text does more than to name fields, in Odoo's words."""
        plain = self.with_context(spoc_words=False)
        return plain._has_unsafe_expression_template_qweb(source, model)

    def _spoc_by_language(self, ids):
        """Tickets by the language in which this template is told to them.

        :param list ids: ids of spoc.ticket
        :return: dictionary language code or ``""`` -> list of ids
        """
        self.ensure_one()
        source = self._spoc_language(self.id)
        langs = self._render_template(source, "spoc.ticket", ids) if source else {}
        found = {}
        for id_ in ids:
            code = self.env["res.lang"]._get_data(code=langs.get(id_) or "").code
            found.setdefault(code or "", []).append(id_)
        return found
