"""Ways to look through the articles: topic, service, facet, newest, most useful."""

from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain

from odoo.addons.spoc_catalog.models.spoc_window_views import PAGE_SIZE

ON_FIRST_PAGE = 5
SERVICES_ON_FIRST_PAGE = 12
# Of an article in a list.
SHOWN = ["name", "summary", "kind", "lang"]


class SpocWindow(models.AbstractModel):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.window"

    @api.model
    def _spoc_tabs(self):
        first, *others = super()._spoc_tabs()
        articles = {
            "key": "articles",
            "title": self.env._("Answers"),
            "url": "/spoc/articles",
        }
        return [first, articles, *others]

    # ---- First page ----

    @api.model
    def _prepare_articles_values(self):
        """The first page of the answers.

        :return: ``newest`` and ``useful`` articles; ``shelves``, ways to look, as
            ``(title, links)`` with links as ``{"name", "url", "count"}``
        """
        services = self._get_article_services()
        domain = self.env["spoc.article"]._get_in_my_language_domain()
        shelves = [
            (self.env._("By topic"), self._get_article_topics(services)),
            *self._get_article_facets(services),
            (self.env._("By service"), self._get_article_links(services)),
        ]
        return {
            "newest": self._get_newest(domain, ON_FIRST_PAGE),
            "useful": self._get_useful(ON_FIRST_PAGE)[0],
            "shelves": [shelf for shelf in shelves if shelf[1]],
        }

    @api.model
    def _get_links(self, records, found, path):
        """Links to lists: ``name``, ``url``, ``count``.

        :param dict found: id -> ids of articles
        """
        return [
            {
                "name": record.name,
                "url": f"{path}/{record.id}",
                "count": len(found[record.id]),
            }
            for record in records
        ]

    @api.model
    def _get_article_services(self):
        """Services the person is offered -> ids of articles they may read of them."""
        Article = self.env["spoc.article"]
        groups = dict(
            Article._read_group(
                Article._get_in_my_language_domain()
                & Domain("service_ids", "!=", False),
                ["service_ids"],
                ["id:array_agg"],
            )
        )
        ids = [service.id for service in groups if service]
        # Their own rights decide which services the articles are counted under.
        offered = self.env["spoc.service"].search(
            self._get_service_domain() & Domain("id", "in", ids)
        )
        return {service: groups[service] for service in offered}

    @api.model
    def _get_article_links(self, services):
        """Links to the services with most articles."""
        most = sorted(services, key=lambda one: (-len(services[one]), one.id))
        found = {service.id: ids for service, ids in services.items()}
        return self._get_links(
            most[:SERVICES_ON_FIRST_PAGE], found, "/spoc/articles/service"
        )

    @api.model
    def _get_article_topics(self, services):
        found = defaultdict(set)
        for service, ids in services.items():
            self._count_up(found, service.category_id, ids)
        topics = self.env["spoc.category"].search(
            [("id", "in", list(found)), ("parent_id", "=", False)]
        )
        return self._get_links(topics, found, "/spoc/articles/topic")

    @api.model
    def _count_up(self, found, record, ids):
        """Count articles for a record of a tree and for those above it."""
        for ancestor in (record.parent_path or "").strip("/").split("/"):
            if ancestor:
                found[int(ancestor)].update(ids)

    @api.model
    def _get_article_facets(self, services):
        """Facets with articles: list of ``(name, links)``."""
        Article = self.env["spoc.article"]
        found = defaultdict(set)
        for service, ids in services.items():
            for value in service.facet_value_ids:
                self._count_up(found, value, ids)
        for value, ids in Article._read_group(
            Article._get_in_my_language_domain()
            & Domain("facet_value_ids", "!=", False),
            ["facet_value_ids"],
            ["id:array_agg"],
        ):
            self._count_up(found, value, ids)
        values = self.env["spoc.facet.value"].search(
            [("id", "in", list(found)), ("parent_id", "=", False)]
        )
        by_facet = values.grouped("facet_id")
        return [
            (
                facet.name,
                self._get_links(by_facet[facet], found, "/spoc/articles/facet"),
            )
            for facet in values.facet_id.sorted()
        ]

    @api.model
    def _get_newest(self, domain, limit, offset=0):
        return self.env["spoc.article"].search_fetch(
            domain,
            SHOWN,
            limit=limit,
            offset=offset,
            order="published_on desc, id desc",
        )

    @api.model
    def _get_useful(self, limit, offset=0):
        """What readers say helped them, of what this person may read.

        :return: articles, most often helped first, and how many there are in all
        """
        Article = self.env["spoc.article"]
        readable = Article._search(Article._get_in_my_language_domain())
        # sudo: who said it is closed to others; only the order is used
        groups = (
            self.env["spoc.article.feedback"]
            .sudo()
            ._read_group(
                [("helped", "=", True), ("article_id", "in", readable)],
                ["article_id"],
                order="__count DESC, article_id",
            )
        )
        ids = [article.id for (article,) in groups]
        return Article.browse(ids[offset:][:limit]), len(ids)

    # ---- Lists ----

    @api.model
    def _prepare_article_list_values(self, domain=None, page=1, useful=False):
        """One page of a list of articles.

        :param domain: narrows the articles the person may read
        :param int page: from 1
        :param bool useful: those that helped, most helpful first, instead of all,
            newest first
        :return: ``answers``, ``total``, ``spoc_pager``
        """
        Article = self.env["spoc.article"]
        if useful:
            _none, total = self._get_useful(0)
            pager = self._get_pager(total, page)
            answers, _total = self._get_useful(PAGE_SIZE, pager["offset"])
        else:
            domain = Article._get_in_my_language_domain() & Domain(domain or [])
            total = Article.search_count(domain)
            pager = self._get_pager(total, page)
            answers = self._get_newest(domain, PAGE_SIZE, pager["offset"])
        return {"answers": answers, "total": total, "spoc_pager": pager}

    @api.model
    def _get_topic_domain(self, category):
        """Articles of the services the person is offered in a topic or below it."""
        inside = self._get_service_domain() & Domain(
            "category_id", "child_of", category.id
        )
        return Domain("service_ids", "any", list(inside))

    @api.model
    def _get_facet_value_domain(self, value):
        """Articles with a facet's value, their own or that of a service the person is
        offered."""
        has = Domain("facet_value_ids", "child_of", value.id)
        inside = self._get_service_domain() & has
        return has | Domain("service_ids", "any", list(inside))
