from odoo import api, models
from odoo.fields import Domain

from .. import article_html
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
    def _get_searched_models(self):
        return [*super()._get_searched_models(), "spoc.article"]

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
        return self.env["spoc.article"]._spoc_offered_domain()

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
        uses = self.env["spoc.article.use"].sudo()
        groups = uses._read_group(
            Domain("role", "=", "read")
            & Domain("date", ">=", RECENT)
            & Domain("article_id", "in", readable)
            & uses._spoc_told_domain(),
            ["article_id"],
            order="__count DESC, article_id",
            limit=limit * 3,
        )
        articles = Article.browse([article.id for (article,) in groups])
        return articles._spoc_in_my_language()[:limit]

    @api.model
    def _prepare_article_values(self, article):
        """An article's page.

        :return: ``article``; ``body`` and ``inner_body`` to show (``inner_body``
            empty for those it is not for); ``contents``, the table of contents of a
            long one; ``files`` to download; ``translations``, list of ``(article,
            language)``; ``services`` and ``desk`` to turn to; ``related`` articles;
            ``my_feedback``, what the reader said before, and ``reasons`` to choose
            from; ``flag_reasons``, ``flags`` and ``may_fix`` for agents
        """
        body, contents = article._spoc_page_words(article.body)
        return {
            "article": article,
            "html_lang": article._spoc_html_lang(),
            "body": body,
            "contents": contents if len(contents) >= article_html.TOC_FROM else [],
            "files": article._spoc_files(),
            "translations": self._get_article_languages(article),
            "services": article.service_ids.filtered(lambda s: s.state == "published"),
            "turn_to": article._spoc_turn_to() if article._spoc_has_target() else [],
            "desk": article.escalation_desk_id or article.desk_id,
            "related": article._spoc_related(),
            "my_feedback": self.env["spoc.article.feedback"].search(
                [("article_id", "=", article.id), ("user_id", "=", self.env.uid)],
                limit=1,
            ),
            "reasons": self.env["spoc.article.feedback"]._get_reasons(),
            **self._prepare_article_agent_values(article),
        }

    @api.model
    def _get_article_languages(self, article):
        """Published translations: list of ``(article, name of the language)``."""
        languages = dict(article._get_languages())
        return [
            (other, languages.get(other.lang, other.lang).split(" / ")[-1])
            for other in article._spoc_other_languages()
        ]

    @api.model
    def _prepare_article_agent_values(self, article):
        """What the page shows to those who answer questions."""
        if not self.env.user.has_groups(AUTHOR_GROUPS):
            return {"inner_body": "", "may_flag": False, "may_fix": False}
        inner, _contents = article._spoc_page_words(
            article.inner_body or "", links=False, level=3
        )
        published = article.state == "published"
        return {
            "inner_body": inner,
            "may_flag": published,
            "flag_reasons": self.env["spoc.article.flag"]._get_reasons(),
            "flags": self.env["spoc.article.flag"].search(
                [("article_id", "=", article.id), ("state", "=", "open")]
            ),
            "may_fix": article.may_write and article.state in ("draft", "published"),
        }
