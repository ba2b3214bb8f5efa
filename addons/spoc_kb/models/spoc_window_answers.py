"""Answers offered while a request is typed."""

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.spoc_catalog import search_concepts

# Below a field there is room for a few; more would be in the way.
ARTICLES_OFFERED = 3
SERVICES_OFFERED = 2
MAX_TEXT = 500
# What has less of what was typed than this part of what the best one has is no answer
# to it. A search may show it in the end, a form must not.
NEAR = 0.6


class SpocWindow(models.AbstractModel):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.window"

    @api.model
    def _spoc_answers_to(self, text, service=None):
        """What may answer a request that is being typed.

        :param str text: what was typed so far
        :param service: spoc.service whose form is filled in; empty for free words,
            for which services are looked for, too
        :return: list of ``{"kind", "id", "title", "summary", "icon", "lang"}``, kind
            being ``article`` or ``service``
        """
        if not isinstance(text, str):
            return []
        text = text[:MAX_TEXT]
        articles = self.env["spoc.article"]._spoc_search(
            text, self._get_article_domain(), ARTICLES_OFFERED * 3
        )
        services = self.env["spoc.service"]
        if not service:
            services = services._spoc_search(
                text, self._get_service_domain(), SERVICES_OFFERED
            )
        articles, services = self._get_near(text, articles, services)
        if service:
            # What belongs to the service comes first; the order stays otherwise.
            articles = articles.sorted(lambda one: service not in one.service_ids)
        articles = articles._spoc_in_my_language()[:ARTICLES_OFFERED]
        return [
            *(self._get_article_offered(article) for article in articles),
            *(self._get_service_offered(service) for service in services),
        ]

    @api.model
    def _get_article_offered(self, article):
        return {
            "kind": "article",
            "id": article.id,
            "title": article.name,
            "summary": article.summary or "",
            "icon": article._spoc_icon(),
            "lang": article._spoc_html_lang(),
        }

    @api.model
    def _get_service_offered(self, service):
        return {
            "kind": "service",
            "id": service.id,
            "title": service.name,
            "summary": service.summary or "",
            "icon": service.category_id.icon or "fa-book",
            "lang": "",
        }

    # ------------------------------------------------------------------
    # Near enough to be offered
    # ------------------------------------------------------------------

    @api.model
    def _get_near(self, text, *found):
        """Of what was found, what is nearly as near to the words as the best of it.

        :param found: recordsets of search, best first
        :return: list of recordsets
        """
        shares = [self._get_shares(text, records) for records in found]
        best = max((share for one in shares for share in one.values()), default=0)
        return [
            records.filtered(lambda one, of=of: of.get(one.id, 0) >= NEAR * best)
            for records, of in zip(found, shares, strict=True)
        ]

    @api.model
    def _get_shares(self, text, records):
        """How much of what was typed is in each record, 0 to 1, rare words weighing
        more than common ones.

        :return: ``{id: share}``
        """
        if not records:
            return {}
        plan, vocabulary = records._spoc_search_read(text)
        concepts = search_concepts.concepts(plan, vocabulary) if plan else []
        total = sum(concept.idf for concept in concepts)
        if not total:
            return {}
        table = SQL.identifier(records._table)
        # SQL: full text has no words in the ORM
        has = SQL(" + ").join(
            SQL(
                "CASE WHEN spoc_fts @@ %s::tsquery OR spoc_head @@ %s::tsquery"
                " THEN %s ELSE 0 END",
                spelt,
                spelt,
                concept.idf / total,
            )
            for concept in concepts
            for spelt in [str(concept)]
        )
        # SQL: as above; the records were found by a search with the person's own rights
        rows = self.env.execute_query(
            SQL("SELECT id, %s FROM %s WHERE id = ANY(%s)", has, table, records.ids)
        )
        return {id_: float(share) for id_, share in rows}
