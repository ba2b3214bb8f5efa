from odoo.http import request

from odoo.addons.spoc_catalog.controllers.window import SpocWindow, page_route


class SpocArticleList(SpocWindow):
    """Ways to look through the articles."""

    @page_route("/spoc/articles")
    def spoc_articles(self, **kwargs):
        return self._spoc_render(
            "spoc_kb.window_articles",
            self._spoc_window()._prepare_articles_values(),
            title=request.env._("Answers"),
            tab="articles",
        )

    @page_route("/spoc/articles/newest")
    def spoc_articles_newest(self, page="1", **kwargs):
        return self._spoc_render_list(
            request.env._("Newest answers"),
            self._spoc_window()._prepare_article_list_values(
                page=self._spoc_number(page)
            ),
        )

    @page_route("/spoc/articles/useful")
    def spoc_articles_useful(self, page="1", **kwargs):
        return self._spoc_render_list(
            request.env._("Most useful answers"),
            self._spoc_window()._prepare_article_list_values(
                page=self._spoc_number(page), useful=True
            ),
            nothing=request.env._("No reader has said yet what helped."),
        )

    @page_route("/spoc/articles/topic/<int:category_id>")
    def spoc_articles_topic(self, category_id, page="1", **kwargs):
        category = self._spoc_find("spoc.category", category_id)
        if not category:
            return self._spoc_missing()
        window = self._spoc_window()
        values = window._prepare_article_list_values(
            window._get_topic_domain(category), self._spoc_number(page)
        )
        ways = [(request.env._("Services"), f"/spoc/category/{category.id}")]
        return self._spoc_render_list(category.name, values, ways=ways)

    @page_route("/spoc/articles/facet/<int:value_id>")
    def spoc_articles_facet(self, value_id, page="1", **kwargs):
        value = self._spoc_find("spoc.facet.value", value_id)
        if not value:
            return self._spoc_missing()
        window = self._spoc_window()
        values = window._prepare_article_list_values(
            window._get_facet_value_domain(value), self._spoc_number(page)
        )
        ways = [(request.env._("Services"), f"/spoc/facet/{value.id}")]
        return self._spoc_render_list(value.name, values, ways=ways)

    @page_route("/spoc/articles/service/<int:service_id>")
    def spoc_articles_service(self, service_id, page="1", **kwargs):
        service = self._spoc_find("spoc.service", service_id)
        if not service:
            return self._spoc_missing()
        values = self._spoc_window()._prepare_article_list_values(
            [("service_ids", "in", service.ids)], self._spoc_number(page)
        )
        ways = [(request.env._("Ask for it"), f"/spoc/service/{service.id}")]
        return self._spoc_render_list(service.name, values, ways=ways)

    def _spoc_render_list(self, title, values, ways=(), nothing=""):
        """A list of articles.

        :param ways: ``(name, url)`` of where to go on from here
        :param str nothing: what is said of an empty list
        """
        return self._spoc_render(
            "spoc_kb.window_article_list",
            {**values, "ways": ways, "nothing": nothing},
            title=title,
            crumbs=[(request.env._("Answers"), "/spoc/articles")],
            tab="articles",
        )
