"""The words of an article as a page shows them: anchors, pictures, files, kin."""

import re

from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import consteq, human_size

from .. import article_html

# Loaded before, as what they do is extended here.
from . import spoc_article_kcs, spoc_article_life, spoc_article_review  # noqa: F401

# Shown in the words; anything else is downloaded, as it may carry scripts.
PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp")
RELATED = 5
# How much of an article's own words has to be in another for it to be alike.
ALIKE = 0.3
_STORED = re.compile(r"/web/(?:image|content)/([0-9]{1,9})\b")
_TOKEN = re.compile(r"[?&]access_token=([^&#]+)")


class SpocArticle(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.article"

    checked_on = fields.Date(
        "Last checked",
        readonly=True,
        copy=False,
        help="When somebody last said that it holds: published it, or read it again.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        articles = super().create(vals_list)
        articles._adopt_files()
        return articles

    def write(self, vals):
        result = super().write(vals)
        if "file_ids" in vals:
            self._adopt_files()
        return result

    def _adopt_files(self):
        """Files put there before the article was saved belong to it, too."""
        for article in self:
            # sudo: until now they were their uploader's alone; the ORM has checked
            # that who ties a file to the article may read it
            files = article.sudo().file_ids.filtered(
                lambda one: not one.res_id and one.res_model in (False, self._name)
            )
            files.write({"res_model": self._name, "res_id": article.id})

    def _prepare_publish_values(self, *args, **kwargs):
        return {
            **super()._prepare_publish_values(*args, **kwargs),
            "checked_on": fields.Date.context_today(self),
        }

    def action_still_true(self):
        result = super().action_still_true()
        self._spoc_live().write({"checked_on": fields.Date.context_today(self)})
        return result

    def action_validate(self):
        result = super().action_validate()
        self._spoc_live().write({"checked_on": fields.Date.context_today(self)})
        return result

    # ---- Words ----

    def _spoc_page_words(self, words, links=True, level=article_html.FIRST_LEVEL):
        """Words of the article ready for a page.

        Headings have anchors; pictures and files are fetched by way of the article,
        so that the right to read it decides, not a token anybody can pass on.

        :param words: sanitised HTML: the body or the inner part
        :param bool links: whether headings link to themselves
        :param int level: of the highest heading
        :return: ``(Markup, table of contents)``, see ``article_html.with_anchors``
        """
        self.ensure_one()
        label = self.env._("Link to “%s”", "%s") if links else ""
        text, contents = article_html.with_anchors(
            str(words or ""), label, level, self._spoc_place
        )
        # Markup: the words were sanitised when they were stored; what is added is
        # made by lxml of text alone
        return Markup(text), contents

    def _spoc_place(self, source):
        """Address on the page of a picture, file or link within the words. A hook."""
        found = _STORED.match(source or "")
        return self._spoc_file_url(int(found[1])) if found else source

    def _spoc_file_url(self, attachment_id):
        """Where a file of the article is fetched from. A hook."""
        return f"{self._spoc_url()}/file/{attachment_id}"

    def _spoc_find_file(self, attachment_id):
        """A file of the article: one to download, or one within its words.

        The caller has found the article with the reader's own rights. What an author
        merely names by its number is not handed out: a picture is the article's own,
        public, or the words hold its token.

        :return: ir.attachment record, as superuser; empty when there is none
        """
        self.ensure_one()
        # sudo: readers have no right to attachments of an article; which of them are
        # meant for them is decided here
        attachment = (
            self.env["ir.attachment"].sudo().search([("id", "=", attachment_id)])
        )
        if not attachment:
            return attachment
        # sudo: files that come with the article are for all its readers
        if attachment in self.sudo().file_ids:
            return attachment
        for source in article_html.sources(str(self.body or "")):
            found = _STORED.match(source)
            if found and int(found[1]) == attachment.id:
                token = _TOKEN.search(source)
                own = (attachment.res_model, attachment.res_id) == (self._name, self.id)
                given = token and attachment.access_token
                if (
                    own
                    or attachment.public
                    or (given and consteq(token[1], attachment.access_token))
                ):
                    return attachment
        return attachment.browse()

    def _spoc_files(self):
        """Files to download.

        :return: list of ``{"name", "url", "size_text", "mimetype"}``
        """
        self.ensure_one()
        # sudo: files that come with the article are for all its readers
        return [
            {
                "name": attachment.name,
                "url": self._spoc_file_url(attachment.id),
                "size_text": human_size(attachment.file_size) or "",
                "mimetype": attachment.mimetype,
            }
            for attachment in self.sudo().file_ids
        ]

    # ---- Facts ----

    def _spoc_checked_on(self):
        """The day somebody last said that the article holds, or nothing."""
        self.ensure_one()
        return self.checked_on or (self.published_on and self.published_on.date())

    def _spoc_author_name(self):
        """Who answers for the words, as readers are told: the desk, else the author."""
        self.ensure_one()
        # sudo: outside customers read neither desks' nor colleagues' records as such;
        # the name stands on the page of what they may read
        article = self.sudo()
        return article.desk_id.name or article.author_id.name

    # ---- Kin ----

    def _spoc_related(self, limit=RELATED):
        """Other articles that may be of use: of the same services, facets, words.

        :return: published spoc.article records the user may read, likeliest first, in
            their language where there is one
        """
        self.ensure_one()
        own = set(self._get_translation_roots().values())
        others = self._get_in_my_language_domain() & Domain("id", "!=", self.id)
        found = self.browse()
        for kin in self._get_kin_domains():
            if len(found) < limit:
                found |= self.search(others & kin, limit=2 * limit)
        if len(found) < limit:
            words = f"{self.name} {self.keywords or ''} "
            alike = self._spoc_search(words, others, 2 * limit)
            shares = self.env["spoc.window"]._get_shares(words, alike)
            found |= alike.filtered(lambda one: shares.get(one.id, 0) >= ALIKE)
        roots = found._get_translation_roots()
        return found.filtered(lambda one: roots[one.id] not in own)[:limit]

    def _get_kin_domains(self):
        """What makes articles kin, the nearest first: services, then facets."""
        # sudo: which services and facets an article belongs to is no secret to its
        # readers; others of them are searched with the reader's own rights
        article = self.sudo()
        services = article.service_ids
        if services:
            yield Domain("service_ids", "in", services.ids)
        values = article.facet_value_ids | services.facet_value_ids
        if values:
            yield Domain("facet_value_ids", "in", values.ids) | Domain(
                "service_ids.facet_value_ids", "in", values.ids
            )

    @api.model
    def _get_in_my_language_domain(self):
        """Articles offered to readers, of each group of translations the one in the
        user's language, or all where there is none."""
        published = self._spoc_offered_domain()
        lang = self.env.lang
        mine = list(published & Domain("lang", "=", lang))
        tie = (
            Domain("translation_ids", "any", mine)
            | Domain("translation_group_id", "any", mine)
            | Domain("translation_group_id.translation_ids", "any", mine)
        )
        # sudo: the tie between translations is closed to readers; they have the desk
        # and the audience of their original, so who reads one reads the others
        translated = self.sudo()._search(published & Domain("lang", "!=", lang) & tie)
        return published & Domain("id", "not in", translated)
