"""The window: what its pages show, gathered in one place."""

from collections import defaultdict

from odoo import api, fields, models, tools
from odoo.fields import Domain
from odoo.tools import SQL

ON_HOME = 6
USED_ON_HOME = 4
NEIGHBOURS = 4
# Of a service in a list.
SHOWN = ["name", "summary", "sequence"]


class SpocWindow(models.AbstractModel):
    """One window in front of every desk.

    Everything here runs with the rights of the person who looks, so nothing
    shows what record rules hide. Upper addons add their part by ``_inherit``.
    """

    _name = "spoc.window"
    _description = "Service window"

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

        :return: ``topics``, Markup of cards; ``first``, Markup of services shown
            first; ``used``, services the person used lately; ``desks`` that offer the
            person something, ``more_desks`` whether there are others, and their
            ``openings``
        """
        offer = self._spoc_offer()
        used = self._get_used_services(USED_ON_HOME)
        # What was used lately is there already.
        first = [id_ for id_ in offer.first if id_ not in used._ids][:ON_HOME]
        desks = self._get_desks()
        shown = desks[:ON_HOME]
        return {
            "topics": offer.ids
            and self._spoc_part("spoc_catalog.cards", "_prepare_topics_values"),
            "first": first
            and self._spoc_part(
                "spoc_catalog.service_cards", "_prepare_first_values", *first
            ),
            "used": used,
            "desks": shown,
            "more_desks": len(desks) > len(shown),
            "openings": self.env["spoc.desk"]
            .browse([desk["desk_id"] for desk in shown])
            ._spoc_openings(),
        }

    @api.model
    def _prepare_service_values(self, service):
        """A service's page: the promise, the desk, how to reach it."""
        desk = service.desk_id
        desk_name = self._get_desk_names()[desk.id]
        # sudo: portal users may not read departments; see spoc.desk._spoc_department.
        department = service.sudo().department_id or desk._spoc_department()
        ties = self._get_ties(service)
        return {
            "service": service,
            "desk": desk,
            "desk_name": desk_name,
            "provider": department.name or desk_name,
            "preview": service.state != "published",
            "may_ask": service._spoc_lets_in(
                ties["audience_ids"], self.env["spoc.audience"]._spoc_my_ids()
            ),
            "promises": service._spoc_promise(),
            "conditions": service._spoc_lines("conditions"),
            "outcomes": service._spoc_lines("outcome"),
            "information": service._spoc_information(),
            "facets": self._get_facet_links(ties["facet_value_ids"]),
            "inner_note": self._get_inner_note(service),
            "channels": self._get_channels(desk),
            "openings": desk._spoc_openings(),
            # Which departments there are is nothing for outsiders.
            "audiences": self._get_words(ties["audience_ids"])
            if self.env.user._is_internal()
            else [],
            "related": self._get_related(service, ties["related_ids"]),
            "neighbours": self._get_neighbours(service),
        }

    @api.model
    @tools.ormcache("self.env.lang")
    def _get_desk_names(self):
        """Names of all desks by id: the page of a service names the one behind it."""
        # sudo: whoever sees a service reads whose it is.
        desks = self.env["spoc.desk"].sudo().with_context(active_test=False)
        return {
            desk.id: desk.name for desk in desks.search_fetch(Domain.TRUE, ["name"])
        }

    @api.model
    def _get_channels(self, desk):
        """How to reach a desk, as far as the person may know.

        :return: list of ``{"icon", "kind", "url", "identity", "note"}``
        """
        reader = self._spoc_reader("spoc.channel")
        found = self._read_channels() if reader is None else self._keep_channels(reader)
        return found.get(desk.id, [])

    @api.model
    @tools.ormcache("reader", "self.env.lang")
    def _keep_channels(self, reader):
        return self._read_channels()

    @api.model
    def _read_channels(self):
        """Channels of all desks: desk id -> list."""
        Channel = self.env["spoc.channel"]
        kinds = dict(Channel._fields["kind"]._description_selection(self.env))
        found = defaultdict(list)
        for channel in Channel.search(Domain.TRUE):
            found[channel.desk_id.id].append(
                {
                    "icon": channel.icon,
                    "kind": kinds[channel.kind],
                    "url": channel.url,
                    "identity": channel.identity,
                    "note": channel.note,
                }
            )
        return dict(found)

    @api.model
    @tools.ormcache("service.id")
    def _get_ties(self, service):
        """What the service is tied to: field -> ids, of all, in one query."""
        names = ("audience_ids", "facet_value_ids", "related_ids")
        relations = [service._fields[name] for name in names]
        # SQL: a query for each of them otherwise; what of it the person sees is
        # chosen afterwards.
        (row,) = self.env.execute_query(
            SQL(
                "SELECT %s",
                SQL(", ").join(
                    SQL(
                        "ARRAY(SELECT %s FROM %s WHERE %s = %s ORDER BY 1)",
                        SQL.identifier(field.column2),
                        SQL.identifier(field.relation),
                        SQL.identifier(field.column1),
                        service.id,
                        to_flush=field,
                    )
                    for field in relations
                ),
            )
        )
        return dict(zip(names, row, strict=True))

    @api.model
    def _get_words(self, audience_ids):
        """Audiences in words, for people inside."""
        if not audience_ids:
            return []
        words = self._get_all_words(f"{fields.Datetime.now():%Y-%m-%d %H}")
        return [words[id_] for id_ in words if id_ in audience_ids]

    @api.model
    @tools.ormcache("hour", "self.env.lang")
    def _get_all_words(self, hour):
        """All audiences in their order, kept for an hour: names in them may change."""
        audiences = self.env["spoc.audience"].search(Domain.TRUE)
        return {audience.id: audience.description_text for audience in audiences}

    @api.model
    def _get_facet_links(self, value_ids):
        """Other ways to a service: ``{"facet", "name", "icon", "url"}``."""
        return [
            {
                "facet": value["facet"],
                "name": value["name"],
                "icon": value["icon"],
                "url": f"/spoc/facet/{value_id}",
            }
            for value_id, value in self._get_facet_values().items()
            if value_id in value_ids
        ]

    @api.model
    def _get_facet_values(self):
        return self._spoc_by_rule("spoc.facet.value", "_read_facet_values")

    @api.model
    def _read_facet_values(self):
        """Values of facets in their order: id -> ``facet``, ``name``, ``icon``."""
        return {
            value.id: {
                "facet": value.facet_id.name,
                "name": value.name,
                "icon": value.icon or value.facet_id.icon or "fa-tag",
            }
            for value in self.env["spoc.facet.value"].search(Domain.TRUE)
        }

    @api.model
    def _get_inner_note(self, service):
        """What only the desk and editors read, ``""`` for all others."""
        if not service._has_field_access(service._fields["inner_note"], "read"):
            return ""
        is_editor = self.env.user.has_group("spoc_catalog.group_catalog_editor")
        shown = is_editor or service.desk_id.is_my_desk
        return service.inner_note or "" if shown else ""

    @api.model
    def _get_related(self, service, related_ids):
        """Services named as related that the person may see.

        :return: list of ``{"id", "name"}``
        """
        services = self._get_services(self._spoc_offer().only(related_ids)).sorted()
        return [{"id": other.id, "name": other.name} for other in services]

    @api.model
    def _get_neighbours(self, service):
        """The first services of the same category, likewise."""
        if not service.category_id:
            return []
        reader = self._spoc_reader()
        shelves = self._read_shelves() if reader is None else self._keep_shelves(reader)
        shelf = shelves.get(service.category_id.id, ())
        return [other for other in shelf if other["id"] != service.id][:NEIGHBOURS]

    @api.model
    @tools.ormcache("reader", "self.env.lang")
    def _keep_shelves(self, reader):
        return self._read_shelves()

    @api.model
    def _read_shelves(self):
        """The first services of each category: category id -> list."""
        shelves = self._spoc_offer().shelves
        services = self._get_services([id_ for ids in shelves.values() for id_ in ids])
        names = {service.id: service.name for service in services}
        return {
            category_id: [{"id": id_, "name": names[id_]} for id_ in ids]
            for category_id, ids in shelves.items()
        }

    @api.model
    def _get_services(self, service_ids):
        """Services of the person's offer, with what a list shows of them.

        :param service_ids: ids, see :class:`Offer`
        """
        services = self.env["spoc.service"].browse(service_ids)
        # sudo: the offer says that the person sees them; saves the rules' query.
        services.sudo().fetch(SHOWN)
        return services

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
