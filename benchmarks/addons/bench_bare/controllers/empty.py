from odoo.http import Controller, request, route


class BenchEmpty(Controller):
    """A page of the portal with nothing in it: the floor of every page."""

    @route("/bench/empty", type="http", auth="user", website=True, sitemap=False)
    def bench_empty(self):
        return request.render("bench_bare.empty", {"page_name": "bench_empty"})
