"""The window: what its pages show, gathered in one place."""

from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain

ON_HOME = 6
USED_ON_HOME = 4


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
        """First page.

        :return: ``cards`` of topics, ``services`` shown first, ``used`` by the person
            lately, ``desks`` that offer the person something, ``more_desks`` whether
            there are others, and their ``openings``
        """
        categories, counts, desks = self._get_offer()
        tops = categories.filtered(lambda category: not category.parent_id)
        shown = desks[:ON_HOME]
        used = self._get_used_services(USED_ON_HOME)
        first = self._get_first_services(ON_HOME + len(used))
        return {
            "cards": self._get_cards(
                tops, counts, "/spoc/category", "fa-folder-open-o"
            ),
            # What was used lately is there already.
            "services": (first - used)[:ON_HOME],
            "used": used,
            "desks": shown,
            "more_desks": len(desks) > len(shown),
            "openings": shown._spoc_openings(),
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
    def _prepare_service_values(self, service):
        """A service's page: the promise, the desk, how to reach it."""
        desk = service.desk_id
        return {
            "service": service,
            "desk": desk,
            "preview": service.state != "published",
            "promises": service._spoc_promise(),
            "conditions": service._spoc_lines("conditions"),
            "outcomes": service._spoc_lines("outcome"),
            "information": service._spoc_information(),
            "facets": self._get_facet_links(service),
            "inner_note": self._get_inner_note(service),
            "channels": desk.channel_ids,
            "openings": desk._spoc_openings(),
            # Which departments there are is nothing for outsiders.
            "audiences": service.audience_ids.mapped("description_text")
            if self.env.user._is_internal()
            else [],
            **self._get_related(service),
        }

    @api.model
    def _get_facet_links(self, service):
        """Other ways to the service: ``{"facet", "name", "icon", "url"}``."""
        return [
            {
                "facet": value.facet_id.name,
                "name": value.name,
                "icon": value.icon or value.facet_id.icon or "fa-tag",
                "url": f"/spoc/facet/{value.id}",
            }
            for value in service.facet_value_ids.sorted()
        ]

    @api.model
    def _get_inner_note(self, service):
        """What only the desk and editors read, ``""`` for all others."""
        if not service._has_field_access(service._fields["inner_note"], "read"):
            return ""
        # sudo: who else is at the desk is of no matter here.
        is_member = self.env.user in service.desk_id.sudo().member_ids
        is_editor = self.env.user.has_group("spoc_catalog.group_catalog_editor")
        return service.inner_note or "" if is_member or is_editor else ""

    @api.model
    def _get_related(self, service):
        """Services people may need, too: those named, else neighbours on the shelf.

        :return: ``related``, and ``neighbours`` when none are named
        """
        Service = self.env["spoc.service"]
        offered = self._get_service_domain()
        related = Service.search(offered & Domain("id", "in", service.related_ids.ids))
        neighbours = Service
        if not related and service.category_id:
            neighbours = Service.search(
                offered
                & Domain("category_id", "=", service.category_id.id)
                & Domain("id", "!=", service.id),
                limit=4,
            )
        return {"related": related, "neighbours": neighbours}

    @api.model
    def _prepare_search_values(self, text, limit=20, only=""):
        """The page of results.

        :param str only: key of the one section to show; others stay in ``kinds``
        :return: ``sections`` to show, all ``kinds`` there are as ``{"key", "title",
            "count"}``, ``count`` of all results
        """
        found = self._spoc_search_sections(text, limit) if text else []
        kinds = [
            {
                "key": section["key"],
                "title": section["title"],
                "count": len(section["items"]),
            }
            for section in found
        ]
        only = only if only in {kind["key"] for kind in kinds} else ""
        return {
            "text": text,
            "sections": [
                section for section in found if not only or section["key"] == only
            ],
            "kinds": kinds,
            "only": only,
            "count": sum(kind["count"] for kind in kinds),
            "nothing": self.env._("Nothing found for “%(text)s”", text=text),
        }
