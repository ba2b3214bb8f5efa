"""Articles the whole world may read."""

import re
from urllib.parse import quote

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools.json import scriptsafe

from odoo.addons.spoc_kb import article_html

from .. import public_data

ROOT = "/help"
_PAGE = re.compile(r"(?:/[A-Za-z_]{2,8})?/spoc/article/([0-9]{1,9})\b")


class SpocArticle(models.Model):
    """A published article of an open desk, for an audience that is everyone on the
    internet: nothing less makes it public."""

    _name = "spoc.article"
    _inherit = ["spoc.article", "website.seo.metadata"]

    reach = fields.Selection(
        selection_add=[("public", "Everyone on the internet")],
        ondelete={"public": "set null"},
    )
    is_public = fields.Boolean(
        "On the website", compute="_compute_is_public", compute_sudo=True
    )

    @api.depends("audience_ids.is_public")
    def _compute_reach(self):
        result = super()._compute_reach()
        for article in self:
            if any(article.audience_ids.mapped("is_public")):
                article.reach = "public"
        return result

    @api.depends("state", "audience_ids.is_public", "desk_id.privacy")
    def _compute_is_public(self):
        public = self.filtered_domain(self._spoc_public_domain())
        for article in self:
            article.is_public = article in public

    @api.constrains("audience_ids", "desk_id")
    def _check_public(self):
        self._check_public_audience([("id", "in", self.ids)])

    @api.model
    def _check_public_audience(self, domain):
        """A confidential desk shows nothing to the world."""
        # sudo: which desk is confidential decides, whoever asks
        wrong = self.sudo().search(
            Domain(domain)
            & Domain("audience_ids.is_public", "=", True)
            & Domain("desk_id.privacy", "=", "confidential"),
            limit=1,
        )
        if wrong:
            raise ValidationError(
                self.env._(
                    "“%s” belongs to a confidential desk: it cannot be for everyone on "
                    "the internet.",
                    wrong.name,
                )
            )

    # ------------------------------------------------------------------
    # What the world may read
    # ------------------------------------------------------------------

    @api.model
    def _spoc_public_domain(self):
        """Articles anybody may read. The record rule of public users says the same."""
        world = Domain("is_public", "=", True)
        confidential = Domain("privacy", "=", "confidential")
        # "any!": visitors see neither audiences nor desks, which decide all the same.
        return (
            Domain("state", "=", "published")
            & Domain("audience_ids", "any!", world)
            & ~Domain("desk_id", "any!", confidential)
        )

    def _spoc_public_url(self):
        """Path of the public page, without language."""
        self.ensure_one()
        name = article_html.slug(self.name)
        return f"{ROOT}/{name}-{self.id}" if name else f"{ROOT}/{self.id}"

    def _spoc_public_address(self, website):
        """Full address of the public page, in the article's own language."""
        self.ensure_one()
        path = quote(self._spoc_public_url())
        lang = self._spoc_public_lang(website)
        if lang != website.default_lang_id.code:
            url_code = self.env["res.lang"]._get_data(code=lang).url_code
            path = f"/{url_code}{path}"
        return website.get_base_url() + path

    def _spoc_public_lang(self, website):
        """Language the page is shown in: the article's, if the website has it."""
        self.ensure_one()
        langs = website.language_ids.mapped("code")
        return self.lang if self.lang in langs else website.default_lang_id.code

    def _spoc_translations_public(self):
        """The article and its translations that anybody may read."""
        self.ensure_one()
        root = self._get_translation_roots()[self.id]
        tie = Domain("id", "=", root) | Domain("translation_group_id", "=", root)
        # sudo: the tie between translations is closed to readers; what is public is
        # searched as the visitor
        ids = self.sudo()._search(tie)
        return self.search(self._spoc_public_domain() & Domain("id", "in", ids))

    def _spoc_place(self, source):
        """Pictures of a public page are fetched by it; links stay in public."""
        if not self.env.context.get("spoc_public"):
            return super()._spoc_place(source)
        if found := _PAGE.match(source or ""):
            other = self.search(
                self._spoc_public_domain() & Domain("id", "=", int(found[1])), limit=1
            )
            return other._spoc_public_url() if other else source
        return super()._spoc_place(source)

    def _spoc_file_url(self, attachment_id):
        if not self.env.context.get("spoc_public"):
            return super()._spoc_file_url(attachment_id)
        return f"{ROOT}/{self.id}/file/{attachment_id}"

    # ------------------------------------------------------------------
    # Search engines
    # ------------------------------------------------------------------

    def _spoc_structured(self, website):
        """Structured data for a script element, safe within it.

        :rtype: Markup
        """
        self.ensure_one()
        # sudo: the name of the company stands on its website
        publisher = website.company_id.sudo().name
        data = public_data.describe(
            {
                "kind": self.kind,
                "title": self.name,
                "summary": self.summary or "",
                "body": str(self.body or ""),
                "url": self._spoc_public_address(website),
                "lang": self._spoc_html_lang(),
                "published": self.published_on and self.published_on.date().isoformat(),
                "changed": self.checked_on and self.checked_on.isoformat(),
                "publisher": publisher,
            }
        )
        return scriptsafe.dumps(data)

    def _default_website_meta(self):
        meta = super()._default_website_meta()
        for tags in ("default_opengraph", "default_twitter"):
            prefix = "og" if tags == "default_opengraph" else "twitter"
            meta[tags][f"{prefix}:title"] = self.name
            meta[tags][f"{prefix}:description"] = self.summary or ""
        meta["default_opengraph"]["og:type"] = "article"
        meta["default_meta_description"] = self.summary or ""
        return meta

    def action_read_public(self):
        """Open the article as the world sees it."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": self._spoc_public_url(),
            "target": "new",
        }
