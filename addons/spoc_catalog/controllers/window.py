"""Pages of the window."""

from odoo.http import Controller, request, route

MAX_SUGGESTIONS = 5


class SpocWindow(Controller):
    """One window in front of every desk: finds services and tells where to turn.

    All pages read with the rights of the person who looks; what they may not
    see does not exist here.
    """

    # ------------------------------------------------------------------
    # Pages
    # ------------------------------------------------------------------

    @route("/spoc", type="http", auth="user", website=True, sitemap=False)
    def spoc_home(self, **kwargs):
        values = request.env["spoc.window"]._prepare_home_values()
        return self._spoc_render("spoc_catalog.window_home", values, crumbs=[])

    @route("/spoc/search", type="http", auth="user", website=True, sitemap=False)
    def spoc_search(self, q="", **kwargs):
        text = q.strip()[:200]
        values = request.env["spoc.window"]._prepare_search_values(text)
        return self._spoc_render(
            "spoc_catalog.window_search",
            values,
            title=request.env._("Search results"),
        )

    @route("/spoc/services", type="http", auth="user", website=True, sitemap=False)
    def spoc_services(self, **kwargs):
        values = request.env["spoc.window"]._prepare_services_values()
        return self._spoc_render(
            "spoc_catalog.window_services",
            values,
            title=request.env._("All services"),
        )

    @route(
        "/spoc/category/<int:category_id>",
        type="http",
        auth="user",
        website=True,
        sitemap=False,
    )
    def spoc_category(self, category_id, **kwargs):
        category = self._spoc_find("spoc.category", category_id)
        if not category:
            return self._spoc_missing()
        values = request.env["spoc.window"]._prepare_category_values(category)
        return self._spoc_render(
            "spoc_catalog.window_category",
            values,
            title=category.name,
            crumbs=self._spoc_category_crumbs(category.parent_id),
        )

    @route(
        "/spoc/service/<int:service_id>",
        type="http",
        auth="user",
        website=True,
        sitemap=False,
    )
    def spoc_service(self, service_id, **kwargs):
        service = self._spoc_find("spoc.service", service_id)
        if not service:
            return self._spoc_missing()
        values = request.env["spoc.window"]._prepare_service_values(service)
        return self._spoc_render(
            "spoc_catalog.window_service",
            {**values, **self._spoc_service_values(service, **kwargs)},
            title=service.name,
            crumbs=self._spoc_category_crumbs(service.category_id),
        )

    @route(
        "/spoc/desk/<int:desk_id>",
        type="http",
        auth="user",
        website=True,
        sitemap=False,
    )
    def spoc_desk(self, desk_id, **kwargs):
        desk = self._spoc_find("spoc.desk", desk_id)
        if not desk:
            return self._spoc_missing()
        values = request.env["spoc.window"]._prepare_desk_values(desk)
        return self._spoc_render("spoc_catalog.window_desk", values, title=desk.name)

    # ------------------------------------------------------------------
    # While typing
    # ------------------------------------------------------------------

    @route("/spoc/suggest", type="jsonrpc", auth="user", website=True, readonly=True)
    def spoc_suggest(self, text="", **kwargs):
        """Sections of suggestions for an unfinished text."""
        text = text[:200] if isinstance(text, str) else ""
        return {
            "sections": request.env["spoc.window"]._spoc_search_sections(
                text, MAX_SUGGESTIONS
            )
        }

    # ------------------------------------------------------------------
    # Parts
    # ------------------------------------------------------------------

    def _spoc_service_values(self, service, **kwargs):
        """Hook: more values for the page of a service."""
        return {}

    def _spoc_find(self, model, record_id):
        """The active record if the user may see it, else an empty recordset."""
        return request.env[model].search([("id", "=", record_id)], limit=1)

    def _spoc_render(self, template, values, title=None, crumbs=None, status=200):
        """Render a page of the window.

        :param str title: name of the page, also its last crumb
        :param list crumbs: ``(name, url)`` between the window and the page
        """
        values = {
            "page_name": "spoc_window",
            "title": title or request.env._("Service window"),
            "spoc_title": title,
            "spoc_crumbs": crumbs or [],
            "spoc_text": "",
            **values,
        }
        return request.render(template, values, status=status)

    def _spoc_missing(self):
        """404 that leads on: what is hidden from the user looks like what is gone."""
        return self._spoc_render(
            "spoc_catalog.window_missing",
            {},
            title=request.env._("Not found"),
            status=404,
        )

    def _spoc_category_crumbs(self, category):
        crumbs = []
        while category:
            crumbs.insert(0, (category.name, f"/spoc/category/{category.id}"))
            category = category.parent_id
        return crumbs
