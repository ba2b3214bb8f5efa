"""What readers get of an article."""

from odoo import api, models
from odoo.fields import Domain


class SpocArticle(models.Model):
    _inherit = "spoc.article"

    # ---- Readers ----

    def _spoc_url(self):
        """Path of the reader's page."""
        self.ensure_one()
        return f"/spoc/article/{self.id}"

    def _spoc_icon(self):
        """Font Awesome class of the article in lists."""
        self.ensure_one()
        icons = {"escalation": "fa-share", "known_error": "fa-exclamation-triangle"}
        return icons.get(self.kind, "fa-lightbulb-o")

    def _spoc_html_lang(self):
        """Language of the words as HTML wants it: ``sv-SE``."""
        self.ensure_one()
        return self.lang.split("@")[0].replace("_", "-")

    def _spoc_in_my_language(self):
        """One article of each group of translations: the reader's language first.

        The order of the articles is kept; the translation takes the place of the
        first of its group, also when it is not among the articles.
        """
        lang = self.env.lang
        mine = self.filtered(lambda article: article.lang == lang)
        known = self._get_translation_roots()
        wanted = set(known.values()) - {known[article.id] for article in mine}
        mine |= self._get_published_in(lang, wanted)
        own = {root: id_ for id_, root in mine._get_translation_roots().items()}
        places = dict.fromkeys(known[article.id] for article in self)
        for article in self:
            root = known[article.id]
            places[root] = places[root] or own.get(root, article.id)
        return self.browse(places.values())

    def _get_translation_roots(self):
        """Id of each article -> id of the original of its group."""
        # sudo: the tie between translations is closed to readers; it tells nothing
        return {
            article.id: article.sudo().translation_group_id.id or article.id
            for article in self
        }

    @api.model
    def _get_published_in(self, lang, roots):
        """Published articles in a language, of these groups, the user may read."""
        if not lang or not roots:
            return self.browse()
        roots = list(roots)
        tie = Domain("id", "in", roots) | Domain("translation_group_id", "in", roots)
        # sudo: only which are translations; they are searched as the reader below
        ids = self.sudo()._search(tie & Domain("lang", "=", lang))
        return self.search(Domain("state", "=", "published") & Domain("id", "in", ids))

    def _spoc_other_languages(self):
        """Published translations of the article the user may read."""
        self.ensure_one()
        # sudo: the tie between translations is closed to readers; it tells nothing
        root = self.sudo().translation_group_id.id or self.id
        tie = Domain("id", "=", root) | Domain("translation_group_id", "=", root)
        # sudo: only which are translations; they are searched as the reader below
        ids = self.sudo()._search(tie & Domain("id", "!=", self.id))
        published = Domain("state", "=", "published")
        return self.search(published & Domain("id", "in", ids))

    def _spoc_record_use(self, role="read", record=None):
        """Note that the articles were used; a read once per user and day.

        :param str role: ``read``, ``offered``, ``solved``, ``wrong`` or ``written``
        :param record: what they were used for (a single record of any model)
        """
        return self.env["spoc.article.use"]._spoc_record(self, role, record)

    # ---- Mail ----

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """The talk about an article (and its activities) is for those who write it.

        Reading an article must not open what agents and other readers said of it.
        """
        if message_operation == "read":
            return dict.fromkeys(self, "write")
        return super()._mail_get_operation_for_mail_message_operation(message_operation)

    @api.model
    def _get_thread_with_access(self, thread_id, **kwargs):
        """Articles are shared by no link: a token opens nothing of their talk."""
        if kwargs.get("token") or kwargs.get("hash"):
            return self.browse()
        return super()._get_thread_with_access(thread_id, **kwargs)
