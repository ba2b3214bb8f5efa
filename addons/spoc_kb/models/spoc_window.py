from odoo import api, models
from odoo.fields import Domain

from .spoc_article import AUTHOR_GROUPS

ANSWERS_ON_HOME = 5
ANSWERS_OF_SERVICE = 6
# Days of reading that count for what is shown on the first page.
RECENT = "today -30d"


class SpocWindow(models.AbstractModel):
    """The window answers before it asks: articles come first."""

    _inherit = "spoc.window"

    @api.model
    def _spoc_search_sections(self, text, limit=5):
        sections = super()._spoc_search_sections(text, limit)
        section = self._get_article_section(text, limit)
        return [section, *sections] if section["items"] else sections

    @api.model
    def _get_article_section(self, text, limit):
        # Translations of one article take one place: look for more than shown.
        found = self.env["spoc.article"]._spoc_search(
            text, self._get_article_domain(), limit * 3
        )
        return {
            "key": "articles",
            "title": self.env._("Answers"),
            "items": [
                {
                    "title": article.name,
                    "summary": article.summary or "",
                    "url": article._spoc_url(),
                    "icon": article._spoc_icon(),
                }
                for article in found._spoc_in_my_language()[:limit]
            ],
        }

    @api.model
    def _get_article_domain(self):
        """Articles the window offers; record rules narrow it further."""
        return Domain("state", "=", "published")

    @api.model
    def _prepare_home_values(self):
        return {
            **super()._prepare_home_values(),
            "answers": self._get_answers_read(ANSWERS_ON_HOME),
        }

    @api.model
    def _prepare_service_values(self, service):
        return {
            **super()._prepare_service_values(service),
            "answers": service._spoc_answers(ANSWERS_OF_SERVICE),
        }

    @api.model
    def _get_answers_read(self, limit):
        """What people read most lately, of what this person may read."""
        Article = self.env["spoc.article"]
        readable = Article._search(self._get_article_domain())
        # sudo: who read what is closed to readers; only the order is used
        groups = (
            self.env["spoc.article.use"]
            .sudo()
            ._read_group(
                [
                    ("role", "=", "read"),
                    ("date", ">=", RECENT),
                    ("article_id", "in", readable),
                ],
                ["article_id"],
                order="__count DESC, article_id",
                limit=limit * 3,
            )
        )
        articles = Article.browse([article.id for (article,) in groups])
        return articles._spoc_in_my_language()[:limit]

    @api.model
    def _prepare_article_values(self, article):
        """An article's page.

        :return: ``article``; ``body`` and ``inner_body`` to show (``inner_body``
            empty for those it is not for); ``translations``, list of ``(article,
            language)``; ``services`` and ``desk`` to turn to; ``my_feedback``, what
            the reader said before
        """
        languages = dict(article._get_languages())
        inner = self.env.user.has_groups(AUTHOR_GROUPS) and article.inner_body
        return {
            "article": article,
            "html_lang": article._spoc_html_lang(),
            "inner_body": inner or "",
            "translations": [
                (other, languages.get(other.lang, other.lang).split(" / ")[-1])
                for other in article._spoc_other_languages()
            ],
            "services": article.service_ids.filtered(lambda s: s.state == "published"),
            "desk": article.escalation_desk_id or article.desk_id,
            "my_feedback": self.env["spoc.article.feedback"].search(
                [("article_id", "=", article.id), ("user_id", "=", self.env.uid)],
                limit=1,
            ),
        }
