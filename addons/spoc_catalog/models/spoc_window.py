"""The window: what its pages show, gathered in one place."""

from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain

FEATURED = 6


class SpocWindow(models.AbstractModel):
    """One window in front of every desk.

    Everything here runs with the rights of the person who looks, so nothing
    shows what record rules hide. Upper addons add their part by ``_inherit``.
    """

    _name = "spoc.window"
    _description = "Service window"

    # ------------------------------------------------------------------
    # Search
    # ------------------------------------------------------------------

    @api.model
    def _spoc_search_sections(self, text, limit=5):
        """What the one search box finds, by section.

        :param str text: what was typed
        :param int limit: at most so many items in a section
        :return: list of ``{"key", "title", "items"}``, items being
            ``{"title", "summary", "url", "icon"}``; sections without items are left out
        """
        sections = [
            self._get_service_section(text, limit),
            self._get_desk_section(text, limit),
        ]
        return [section for section in sections if section["items"]]

    @api.model
    def _get_service_section(self, text, limit):
        services = self.env["spoc.service"]._spoc_search(
            text, self._get_service_domain(), limit
        )
        return {
            "key": "services",
            "title": self.env._("Services"),
            "items": [
                {
                    "title": service.name,
                    "summary": service.summary or "",
                    "url": f"/spoc/service/{service.id}",
                    "icon": service.category_id.icon or "fa-book",
                }
                for service in services
            ],
        }

    @api.model
    def _get_desk_section(self, text, limit):
        desks = self.env["spoc.desk"]._spoc_search(
            text, [("service_ids", "any", self._get_service_domain())], min(limit, 3)
        )
        return {
            "key": "desks",
            "title": self.env._("Desks"),
            "items": [
                {
                    "title": desk.name,
                    "summary": desk.description or "",
                    "url": f"/spoc/desk/{desk.id}",
                    "icon": "fa-life-ring",
                }
                for desk in desks
            ],
        }

    # ------------------------------------------------------------------
    # Pages
    # ------------------------------------------------------------------

    @api.model
    def _get_service_domain(self):
        """Services the window offers; record rules narrow it further."""
        return Domain("state", "=", "published")

    @api.model
    def _prepare_home_values(self):
        """First page: categories with something in them, services, desks.

        :return: ``categories`` (top level), ``counts`` (category id -> services),
            ``services`` (shown first), ``desks`` that offer the person something
        """
        categories, counts, desks = self._get_offer()
        return {
            "categories": categories.filtered(lambda c: not c.parent_id),
            "counts": counts,
            "services": self._get_first_services(FEATURED),
            "desks": desks,
            "openings": desks._spoc_openings(),
        }

    @api.model
    def _get_offer(self):
        """Categories, counts and desks of what the person may ask for, in one go."""
        groups = self.env["spoc.service"]._read_group(
            self._get_service_domain(), ["category_id", "desk_id"], ["__count"]
        )
        counts, desk_ids = defaultdict(int), set()
        for category, desk, count in groups:
            desk_ids.add(desk.id)
            for ancestor in (category.parent_path or "").strip("/").split("/"):
                if ancestor:
                    counts[int(ancestor)] += count
        categories = self.env["spoc.category"].search([("id", "in", list(counts))])
        desks = self.env["spoc.desk"].search([("id", "in", list(desk_ids))])
        return categories, counts, desks

    @api.model
    def _get_first_services(self, limit):
        """Services for the first page: those marked for it, then by order."""
        return self.env["spoc.service"].search(
            self._get_service_domain(),
            limit=limit,
            order="is_featured desc, sequence, id",
        )

    @api.model
    def _prepare_category_values(self, category):
        """A category's page: what is below it and in it."""
        _categories, counts, _desks = self._get_offer()
        services = self.env["spoc.service"].search(
            self._get_service_domain() & Domain("category_id", "=", category.id)
        )
        return {
            "category": category,
            "categories": category.child_ids.filtered(lambda c: counts.get(c.id)),
            "counts": counts,
            "services": services,
        }

    @api.model
    def _prepare_services_values(self):
        """All services by category, those without one last."""
        services = self.env["spoc.service"].search(self._get_service_domain())
        shelves = services.grouped("category_id")
        order = self.env["spoc.category"].search(
            [("id", "in", [category.id for category in shelves])]
        )
        ordered = sorted(order, key=lambda category: category.parent_path)
        return {
            "shelves": [(category, shelves[category]) for category in ordered],
            "rest": services.filtered(lambda s: s.category_id not in order),
        }

    @api.model
    def _prepare_service_values(self, service):
        """A service's page: the promise, the desk, how to reach it."""
        desk = service.desk_id
        return {
            "service": service,
            "desk": desk,
            "preview": service.state != "published",
            "promises": service._spoc_promise(),
            "conditions": [
                line.strip("-• \t")
                for line in (service.conditions or "").splitlines()
                if line.strip("-• \t")
            ],
            "channels": desk.channel_ids,
            "openings": desk._spoc_openings(),
            # Which departments there are is nothing for outsiders.
            "audiences": service.audience_ids.mapped("description_text")
            if self.env.user._is_internal()
            else [],
            "related": self.env["spoc.service"].search(
                self._get_service_domain()
                & Domain("category_id", "=", service.category_id.id)
                & Domain("id", "!=", service.id),
                limit=4,
            )
            if service.category_id
            else service.browse(),
        }

    @api.model
    def _prepare_desk_values(self, desk):
        """A desk's contact card."""
        return {
            "desk": desk,
            "channels": desk.channel_ids,
            "openings": desk._spoc_openings(),
            "hours": desk._spoc_hours(),
            "services": self.env["spoc.service"].search(
                self._get_service_domain() & Domain("desk_id", "=", desk.id)
            ),
        }

    @api.model
    def _prepare_search_values(self, text, limit=20):
        """The page of results."""
        return {
            "text": text,
            "sections": self._spoc_search_sections(text, limit) if text else [],
            "nothing": self.env._("Nothing found for “%(text)s”", text=text),
        }
