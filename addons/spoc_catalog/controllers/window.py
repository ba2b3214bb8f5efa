"""Pages of the window."""

from odoo.http import Controller, request, route

from ..models.spoc_window_offer import TYPING

MAX_SUGGESTIONS = 5
MAX_RESULTS = 20
MAX_WORDS = 200
MAX_NUMBER = 2**31 - 1
# Services opened lately, kept with the session: gone when the person signs out.
USED = "spoc_used"
MAX_USED = 12
# Pages that tell when they are shown; addons above add theirs.
OPENED = {"service": "spoc.service", "desk": "spoc.desk"}


def page_route(*paths, **options):
    """Route of a page that whoever is signed in may open."""
    return route(
        list(paths), type="http", auth="user", website=True, sitemap=False, **options
    )


class SpocWindow(Controller):
    """One window in front of every desk: finds services and tells where to turn.

    All pages read with the rights of the person who looks; what they may not
    see does not exist here.
    """

    # ------------------------------------------------------------------
    # Pages
    # ------------------------------------------------------------------

    @page_route("/spoc")
    def spoc_home(self, **kwargs):
        values = self._spoc_window()._prepare_home_values()
        return self._spoc_render(
            "spoc_catalog.window_home", values, crumbs=[], tab="home"
        )

    @page_route("/spoc/search")
    def spoc_search(self, q="", only="", **kwargs):
        text = q.strip()[:MAX_WORDS]
        values = self._spoc_window()._prepare_search_values(text, MAX_RESULTS, only)
        if text:
            request.env["spoc.search.log"]._spoc_log_search(text, values["count"])
        title = request.env._("Search results")
        return self._spoc_render(
            "spoc_catalog.window_search", {"spoc_text": text, **values}, title=title
        )

    @page_route("/spoc/topics")
    def spoc_topics(self, **kwargs):
        return self._spoc_render(
            "spoc_catalog.window_cards",
            self._spoc_window()._prepare_topics_values(),
            title=request.env._("Topics"),
            tab="topics",
        )

    @page_route("/spoc/category/<int:category_id>")
    def spoc_category(self, category_id, page="1", **kwargs):
        category = self._spoc_find("spoc.category", category_id)
        if not category:
            return self._spoc_missing()
        values = self._spoc_window()._prepare_category_values(
            category, self._spoc_number(page)
        )
        return self._spoc_render(
            "spoc_catalog.window_category",
            values,
            title=category.name,
            crumbs=self._spoc_category_crumbs(category.parent_id),
            tab="topics",
        )

    @page_route("/spoc/facets/<int:facet_id>")
    def spoc_facet(self, facet_id, **kwargs):
        facet = self._spoc_find("spoc.facet", facet_id)
        if not facet:
            return self._spoc_missing()
        values = self._spoc_window()._prepare_facet_values(facet)
        return self._spoc_render(
            "spoc_catalog.window_cards",
            {**values, "lead": facet.description},
            title=facet.name,
            tab=f"facet_{facet.id}",
        )

    @page_route("/spoc/facet/<int:value_id>")
    def spoc_facet_value(self, value_id, page="1", **kwargs):
        value = self._spoc_find("spoc.facet.value", value_id)
        if not value:
            return self._spoc_missing()
        values = self._spoc_window()._prepare_value_values(
            value, self._spoc_number(page)
        )
        return self._spoc_render(
            "spoc_catalog.window_list",
            {**values, "lead": value.description},
            title=value.name,
            crumbs=self._spoc_value_crumbs(value),
            tab=f"facet_{value.facet_id.id}",
        )

    @page_route("/spoc/departments")
    def spoc_departments(self, **kwargs):
        return self._spoc_render(
            "spoc_catalog.window_cards",
            self._spoc_window()._prepare_departments_values(),
            title=request.env._("Departments"),
            tab="departments",
        )

    @page_route("/spoc/department/<int:department_id>")
    def spoc_department(self, department_id, page="1", **kwargs):
        values = self._spoc_window()._prepare_department_values(
            department_id, self._spoc_number(page)
        )
        if not values:
            return self._spoc_missing()
        return self._spoc_render(
            "spoc_catalog.window_list",
            values,
            title=values["name"],
            crumbs=[(request.env._("Departments"), "/spoc/departments")],
            tab="departments",
        )

    @page_route("/spoc/desks")
    def spoc_desks(self, **kwargs):
        return self._spoc_render(
            "spoc_catalog.window_desks",
            self._spoc_window()._prepare_desks_values(),
            title=request.env._("Desks"),
            tab="desks",
        )

    @page_route("/spoc/services")
    def spoc_services(self, letter="", page="1", **kwargs):
        values = self._spoc_window()._prepare_services_values(
            letter[:1], self._spoc_number(page)
        )
        return self._spoc_render(
            "spoc_catalog.window_services",
            {**values, "pager_args": {"letter": values["letter"] or None}},
            title=request.env._("All services from A to Z"),
            tab="services",
        )

    @page_route("/spoc/popular")
    def spoc_popular(self, page="1", **kwargs):
        values = self._spoc_window()._prepare_popular_values(self._spoc_number(page))
        return self._spoc_render(
            "spoc_catalog.window_list",
            {
                **values,
                "nothing": request.env._("Nothing has been asked for yet."),
            },
            title=request.env._("Most asked"),
            tab="popular",
        )

    @page_route("/spoc/mine")
    def spoc_mine(self, **kwargs):
        return self._spoc_render(
            "spoc_catalog.window_list",
            {
                **self._spoc_window()._prepare_mine_values(),
                "nothing": request.env._(
                    "What you open or ask for will be here, so that you find it again."
                ),
            },
            title=request.env._("Used by me"),
            tab="mine",
        )

    @route(
        "/spoc/service/<int:service_id>",
        type="http",
        auth="user",
        website=True,
        sitemap=False,
    )
    def spoc_service(self, service_id, **kwargs):
        service = self._spoc_find_service(service_id)
        if not service:
            return self._spoc_missing()
        values = request.env["spoc.window"]._prepare_service_values(service)
        return self._spoc_render(
            "spoc_catalog.window_service",
            {
                **values,
                "spoc_opened": service.state == "published" and f"service/{service.id}",
                **self._spoc_service_values(service, **kwargs),
            },
            title=service.name,
            crumbs=self._spoc_category_crumbs(service.category_id),
        )

    # ------------------------------------------------------------------
    # While typing
    # ------------------------------------------------------------------

    # No page of a website: what these find out first takes longer than the answer.
    @route("/spoc/suggest", type="jsonrpc", auth="user", readonly=True)
    def spoc_suggest(self, text="", **kwargs):
        """Sections of suggestions for an unfinished text, in the page's language."""
        text = text[:MAX_WORDS] if isinstance(text, str) else ""
        lang = request.env["ir.http"].get_nearest_lang(
            request.cookies.get("frontend_lang")
        )
        window = request.env["spoc.window"].with_context(
            **{TYPING: True}, lang=lang or request.env.lang
        )
        return {"sections": window._spoc_search_sections(text, MAX_SUGGESTIONS)}

    # ------------------------------------------------------------------
    # "I cannot find it"
    # ------------------------------------------------------------------

    @page_route("/spoc/ask", methods=["GET"])
    def spoc_ask(self, q="", **kwargs):
        text = q.strip()[:MAX_WORDS]
        return self._spoc_render_ask({"ask_text": text, "ask_searched": text})

    @page_route("/spoc/ask", methods=["POST"])
    def spoc_ask_freely(self, description="", searched="", **post):
        """Take free words: the person found no service that fits."""
        description = self._spoc_text(description)
        searched = self._spoc_text(searched)[:MAX_WORDS]
        url, errors = self._spoc_window()._spoc_take_words(description, searched)
        if url:
            request.env["spoc.search.log"]._spoc_log_submitted(
                request.env["spoc.service"]
            )
        # The forms' script keeps what was typed, and asks to be told in JSON.
        if request.httprequest.headers.get("X-Requested-With") == "spoc":
            answer = {"redirect": url} if url else {"errors": errors}
            return request.make_json_response(answer)
        if url:
            return request.redirect(url)
        return self._spoc_render_ask(
            {
                "ask_text": description,
                "ask_searched": searched,
                "ask_errors": errors,
            }
        )

    def _spoc_render_ask(self, values):
        return self._spoc_render(
            "spoc_catalog.window_ask",
            {**self._spoc_window()._prepare_ask_values(), **values},
            title=request.env._("Ask in your own words"),
        )

    @page_route("/spoc/wish/<int:wish_id>")
    def spoc_wish(self, wish_id, said="", **kwargs):
        wish = self._spoc_find("spoc.wish", wish_id)
        if not wish:
            return self._spoc_missing()
        # Whether they may see the service is asked with their own rights.
        service = self._spoc_find("spoc.service", wish.service_id.id)
        return self._spoc_render(
            "spoc_catalog.window_wish",
            {
                "wish": wish,
                "service": service.filtered(lambda one: one.state == "published"),
                "thanks": said == "thanks",
            },
            title=request.env._("What you told us"),
        )

    # ------------------------------------------------------------------
    # The way to the request
    # ------------------------------------------------------------------

    @route(
        "/spoc/trail",
        type="http",
        auth="user",
        website=True,
        multilang=False,
        sitemap=False,
        methods=["POST"],
    )
    def spoc_trail(self, step="", text="", count="0", service="0", **post):
        """What only the browser knows: a page opened, words left, a form begun.

        Nothing is answered: pages send this by the way, or while they are being left.
        To look at a page writes nothing: that is quicker, and what fetches pages
        ahead or in bulk is no reader.
        """
        log = request.env["spoc.search.log"]
        if step == "opened":
            record = self._spoc_find_opened(post.get("opened", ""))
            if record:
                self._spoc_opened(record, text, count, post.get("position"))
        elif step == "left":
            log._spoc_log_search(text, count, "suggestion")
        elif step == "begun":
            found = self._spoc_find("spoc.service", self._spoc_number(service, 0))
            if found.state == "published":
                log._spoc_log_begun(found)
        return request.make_response("", status=204)

    @page_route("/spoc/<path:unknown>")
    def spoc_unknown(self, unknown, **kwargs):
        """Addresses nothing else answers lead on, too."""
        return self._spoc_missing()

    def _spoc_find_opened(self, opened):
        """What a page says it shows, found with the person's own rights.

        :param str opened: for example ``"service/12"``, see :data:`OPENED`
        :return: a record, or ``None``
        """
        kind, _slash, number = opened.partition("/")
        if kind not in OPENED:
            return None
        record = self._spoc_find(OPENED[kind], self._spoc_number(number, 0))
        # What is not published is looked at by those who work on it.
        shown = "state" not in record._fields or record.state == "published"
        return record if record and shown else None

    def _spoc_opened(self, record, text="", count=0, position=0):
        """A page of a service, a desk or an article is shown to the person. A hook.

        Notes it in the log of searches, and a service among those used lately.

        :param record: found with the person's own rights
        :param text: the words it was found by, with ``count`` results
        :param position: its place among them, 1 first
        """
        request.env["spoc.search.log"]._spoc_log_opened(record, text, count, position)
        if record._name == "spoc.service":
            before = request.session.get(USED) or []
            after = [record.id, *(id_ for id_ in before if id_ != record.id)]
            if after != before:
                request.session[USED] = after[:MAX_USED]

    # ------------------------------------------------------------------
    # Parts
    # ------------------------------------------------------------------

    def _spoc_window(self):
        """The model behind the pages, told what the person used lately."""
        return request.env["spoc.window"].with_context(
            spoc_used_ids=request.session.get(USED) or []
        )

    def _spoc_service_values(self, service, **kwargs):
        """Hook: more values for the page of a service."""
        return {}

    def _spoc_find_service(self, service_id):
        """The service if the user may see it, else an empty recordset."""
        if not request.env["spoc.window"]._spoc_offer().has(service_id):
            # One that is not published may be seen by its desk.
            return self._spoc_find("spoc.service", service_id)
        service = request.env["spoc.service"].browse(service_id)
        # sudo: the offer says that the person sees it; saves the rules' query.
        service.sudo().fetch(service._spoc_page_fields())
        return service

    def _spoc_find(self, model, record_id):
        """The active record if the user may see it, else an empty recordset."""
        return request.env[model].search([("id", "=", record_id)], limit=1)

    def _spoc_text(self, text):
        """What was typed into a box of many lines, fit to be stored."""
        return text.replace("\x00", "").replace("\r\n", "\n").strip()

    def _spoc_number(self, text, default=1):
        """A number out of an address; ``default`` for what is none."""
        return min(int(text[:12]), MAX_NUMBER) if text.isdecimal() else default

    def _spoc_render(
        self, template, values, title=None, crumbs=None, status=200, tab=None
    ):
        """Render a page of the window.

        :param str title: name of the page, also its last crumb
        :param list crumbs: ``(name, url)`` between the window and the page
        :param str tab: key of the way to look the page belongs to; the page has the
            row of them when it is given
        """
        window = request.env._("Service window")
        values = {
            "page_name": "spoc_window",
            "title": f"{title} | {window}" if title else window,
            "spoc_title": title,
            "spoc_crumbs": crumbs or [],
            "spoc_text": "",
            "spoc_opened": False,
            "spoc_tab": tab,
            "spoc_tabs": self._spoc_window()._spoc_tabs() if tab else [],
            "spoc_path": request.httprequest.path,
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
        return request.env["spoc.window"]._spoc_category_path(category.id)

    def _spoc_value_crumbs(self, value):
        crumbs = [(value.facet_id.name, f"/spoc/facets/{value.facet_id.id}")]
        above = value.parent_id
        while above:
            crumbs.insert(1, (above.name, f"/spoc/facet/{above.id}"))
            above = above.parent_id
        return crumbs
