"""The window among the programs of a phone or a computer."""

import hashlib

from markupsafe import Markup

from odoo.http import request, route
from odoo.tools import file_open

from odoo.addons.web.controllers.webmanifest import WebManifest

COLOUR = "#1f6f78"
WORKER = "spoc_catalog/static/src/worker/service_worker.js"
ICON = "spoc_catalog/static/description/icon.svg"


def open_route(path):
    """Route of what browsers fetch for a program, signed in or not.

    The language is part of its address, as it is of the pages: neither a worker nor
    what it keeps may come by way of another address.
    """
    return route(
        path,
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        readonly=True,
        methods=["GET"],
    )


class SpocInstall(WebManifest):
    """The window as a program of its own, beside Odoo's backend.

    Nothing here tells what the window holds: all of it is sent to anybody.
    """

    @open_route("/spoc/manifest.webmanifest")
    def spoc_manifest(self, **kwargs):
        """What browsers read before they offer to install the window."""
        return request.make_json_response(
            self._spoc_get_manifest(), {"Content-Type": "application/manifest+json"}
        )

    @open_route("/spoc/service-worker.js")
    def spoc_worker(self, **kwargs):
        """The worker that shows a page when there is no network.

        Its text changes when that page does: browsers then fetch both again.
        """
        with file_open(WORKER) as file:
            script = file.read()
        mark = hashlib.sha256(self._spoc_offline_page().encode()).hexdigest()
        return request.make_response(
            f"{script}\n// Offline page: {mark[:16]}\n",
            {
                "Content-Type": "text/javascript",
                "Cache-Control": "no-cache",
                "Service-Worker-Allowed": self._spoc_url("/spoc"),
            },
        )

    @open_route("/spoc/offline")
    def spoc_offline(self, **kwargs):
        """The page without network: it stands alone and is the same for all."""
        return request.make_response(self._spoc_offline_page())

    def _spoc_get_manifest(self):
        """A web app manifest as a dictionary, in the reader's language. A hook."""
        window = request.env._("Service window")
        # sudo: the name stands on the page for signing in, too.
        company = request.env.company.sudo().name
        return {
            # Stays the same whatever language the window was installed in.
            "id": "/spoc",
            "name": f"{company}: {window}",
            "short_name": window,
            "description": request.env._(
                "One place for everything. Just say what you need, in your own words."
            ),
            "lang": self._spoc_lang(),
            "start_url": self._spoc_url("/spoc"),
            "scope": self._spoc_url("/spoc"),
            "display": "standalone",
            "background_color": "#ffffff",
            "theme_color": COLOUR,
            "prefer_related_applications": False,
            "icons": self._spoc_get_icons(),
            "shortcuts": self._spoc_get_shortcuts(),
        }

    def _spoc_get_icons(self):
        return [
            {
                "src": f"/spoc_catalog/static/img/{name}-{size}.png",
                "sizes": f"{size}x{size}",
                "type": "image/png",
                "purpose": purpose,
            }
            for name, purpose in (("icon", "any"), ("icon-maskable", "maskable"))
            for size in (192, 512)
        ]

    def _spoc_get_shortcuts(self):
        """Pages offered by a long press on the icon. A hook."""
        pages = [
            (request.env._("Ask in your own words"), "/spoc/ask"),
            (request.env._("All services from A to Z"), "/spoc/services"),
        ]
        return [{"name": name, "url": self._spoc_url(path)} for name, path in pages]

    def _spoc_offline_page(self):
        with file_open(ICON) as file:
            icon = file.read()
        values = {
            "page_lang": self._spoc_lang(),
            "colour": COLOUR,
            # Our own file, part of the page as it is.
            "picture": Markup(icon),
        }
        page = request.env["ir.qweb"]._render("spoc_catalog.window_offline", values)
        # What kind of page it is has to be the first a browser reads.
        return page.strip()

    def _spoc_url(self, path):
        """A path as pages in the reader's language have it."""
        return request.env["ir.http"]._url_for(path)

    def _spoc_lang(self):
        return (request.env.lang or "en_US").replace("_", "-")
