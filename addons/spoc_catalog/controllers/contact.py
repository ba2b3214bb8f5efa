"""Contact cards of desks."""

from odoo.http import content_disposition, request, route

from .window import SpocWindow


class SpocContact(SpocWindow):
    """How to reach a desk, shown to its audience: a page and a vCard."""

    @route(
        "/spoc/desk/<int:desk_id>",
        type="http",
        auth="user",
        website=True,
        sitemap=False,
    )
    def spoc_desk(self, desk_id, page="1", **kwargs):
        window = request.env["spoc.window"]
        desk = window._spoc_find_card(desk_id)
        if not desk:
            return self._spoc_missing()
        values = window._prepare_desk_values(desk, self._spoc_number(page))
        values["spoc_opened"] = f"desk/{desk.id}"
        return self._spoc_render("spoc_catalog.window_desk", values, title=desk.name)

    @route(
        "/spoc/desk/<int:desk_id>/vcard",
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        readonly=True,
    )
    def spoc_desk_vcard(self, desk_id, **kwargs):
        desk = request.env["spoc.window"]._spoc_find_card(desk_id)
        if not desk:
            return self._spoc_missing()
        name, content = desk._spoc_vcard(request.httprequest.host_url.rstrip("/"))
        return request.make_response(
            content.encode(),
            [
                ("Content-Type", "text/vcard; charset=utf-8"),
                ("Content-Disposition", content_disposition(name)),
                ("X-Content-Type-Options", "nosniff"),
                ("Cache-Control", "private, no-store"),
            ],
        )
