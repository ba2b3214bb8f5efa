"""Ways to look through the catalogue: topics, facets, departments, letters, use."""

from collections import Counter, defaultdict

from odoo import api, models, tools
from odoo.fields import Domain

from .. import alphabet
from .spoc_window import SHOWN

PAGE_SIZE = 40
USED = 12


class SpocWindow(models.AbstractModel):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.window"

    @api.model
    def _spoc_tabs(self):
        """The ways to look, for the row of links above every list.

        :return: list of ``{"key", "title", "url"}``
        """
        facets = [
            {
                "key": f"facet_{facet_id}",
                "title": name,
                "url": f"/spoc/facets/{facet_id}",
            }
            for facet_id, name in self._get_facets()
        ]
        titles = {
            "departments": self.env._("Departments"),
            "services": self.env._("A to Z"),
            "popular": self.env._("Most asked"),
            "mine": self.env._("Used by me"),
            "desks": self.env._("Desks"),
        }
        return [
            {"key": "topics", "title": self.env._("Topics"), "url": "/spoc/topics"},
            *facets,
            *(
                {"key": key, "title": title, "url": f"/spoc/{key}"}
                for key, title in titles.items()
            ),
        ]

    @api.model
    def _get_facets(self):
        return self._spoc_by_rule("spoc.facet", "_read_facets")

    @api.model
    def _read_facets(self):
        """Facets in their order: list of ``(id, name)``."""
        facets = self.env["spoc.facet"].search(Domain.TRUE)
        return [(facet.id, facet.name) for facet in facets]

    # ------------------------------------------------------------------
    # Parts
    # ------------------------------------------------------------------

    @api.model
    def _get_page(self, domain, page=1, order=None):
        """One page of a list of services.

        :param domain: narrows the services the window offers
        :param page: number of the page, from 1; what there is none of is the first
            or the last
        :param str order: as for ``search``
        :return: ``services``, ``total`` and ``spoc_pager``, see :meth:`_get_pager`
        """
        Service = self.env["spoc.service"]
        domain = self._get_service_domain() & Domain(domain)
        total = Service.search_count(domain)
        pager = self._get_pager(total, page)
        services = Service.search_fetch(
            domain, SHOWN, limit=PAGE_SIZE, offset=pager["offset"], order=order
        )
        return {"services": services, "total": total, "spoc_pager": pager}

    @api.model
    def _get_pager(self, total, page):
        """Where a page stands: ``page`` of ``pages``, from ``offset``; ``text``."""
        pages = max(1, -(-total // PAGE_SIZE))
        page = min(max(1, page), pages)
        return {
            "page": page,
            "pages": pages,
            "offset": (page - 1) * PAGE_SIZE,
            "text": self.env._("Page %(page)s of %(pages)s", page=page, pages=pages),
        }

    @api.model
    def _get_cards(self, records, counts, path, icon):
        """Cards that lead to lists: ``name``, ``text``, ``url``, ``icon``, ``count``.

        :param records: with ``name``, perhaps ``description`` and ``icon``
        :param dict counts: id -> services
        """
        own_icon, text = "icon" in records._fields, "description" in records._fields
        return [
            {
                "name": record.name,
                "text": record.description if text else "",
                "url": f"{path}/{record.id}",
                "icon": (own_icon and record.icon) or icon,
                "count": counts[record.id],
            }
            for record in records
        ]

    # ------------------------------------------------------------------
    # Lists
    # ------------------------------------------------------------------

    @api.model
    def _prepare_first_values(self, *service_ids):
        """Services of the offer, as cards."""
        return {"services": self._get_services(service_ids)}

    @api.model
    def _get_category_counts(self):
        """Services of the offer by category, those of the ones below it included.

        :return: category id -> services
        """
        counts = Counter()
        found = self._spoc_offer().by(0)
        for category in self.env["spoc.category"].browse(found):
            for ancestor in (category.parent_path or "").strip("/").split("/"):
                if ancestor:
                    counts[int(ancestor)] += found[category.id]
        return counts

    @api.model
    def _spoc_category_path(self, category_id):
        """The way down to a category: list of ``(name, address)``, the top first."""
        categories, path = self._get_categories(), []
        while category_id in categories:
            category = categories[category_id]
            path.insert(0, (category["name"], f"/spoc/category/{category_id}"))
            category_id = category["parent_id"]
        return path

    @api.model
    def _get_categories(self):
        return self._spoc_by_rule("spoc.category", "_read_categories")

    @api.model
    def _read_categories(self):
        """All categories: id -> ``{"name", "icon", "parent_id"}``."""
        return {
            category.id: {
                "name": category.name,
                "icon": category.icon,
                "parent_id": category.parent_id.id,
            }
            for category in self.env["spoc.category"].search(Domain.TRUE)
        }

    @api.model
    def _get_desks(self):
        """Desks that offer the person something, in their order.

        :return: list of ``{"desk_id", "name", "description"}``
        """
        readers = (self._spoc_reader(), self._spoc_reader("spoc.desk"))
        return self._read_desks() if None in readers else self._keep_desks(readers)

    @api.model
    @tools.ormcache("readers", "self.env.lang")
    def _keep_desks(self, readers):
        return self._read_desks()

    @api.model
    def _read_desks(self):
        desk_ids = list(self._spoc_offer().by(1))
        desks = self.env["spoc.desk"].search_fetch(
            [("id", "in", desk_ids)], ["name", "description"]
        )
        return [
            {"desk_id": desk.id, "name": desk.name, "description": desk.description}
            for desk in desks
        ]

    @api.model
    def _prepare_topics_values(self):
        """All topics of the first level with something in them."""
        counts = self._get_category_counts()
        tops = self.env["spoc.category"].search(
            [("id", "in", list(counts)), ("parent_id", "=", False)]
        )
        return {
            "cards": self._get_cards(
                tops, counts, "/spoc/category", "fa-folder-open-o"
            ),
        }

    @api.model
    def _prepare_category_values(self, category, page=1):
        """A category's page: what is below it and in it."""
        counts = self._get_category_counts()
        below = category.child_ids.filtered(lambda child: counts.get(child.id))
        return {
            "category": category,
            "cards": self._get_cards(
                below, counts, "/spoc/category", "fa-folder-open-o"
            ),
            **self._get_page([("category_id", "=", category.id)], page),
        }

    @api.model
    def _get_department_counts(self):
        """Services by the department that provides them, as on the service's page.

        :return: department id -> services
        """
        counts = Counter()
        offer = self._spoc_offer()
        # sudo: which department runs a desk stands on the pages of its services.
        desks = self.env["spoc.desk"].sudo().browse(offer.by(1))
        runners = {desk.id: desk.department_id.id for desk in desks}
        for (_category, desk_id, department_id), count in offer.counts.items():
            provider = department_id or runners[desk_id]
            if provider:
                counts[provider] += count
        return counts

    @api.model
    def _get_departments(self, department_ids):
        # sudo: the name of who provides a service stands on its page for everyone
        # who may see it; portal users may not read departments.
        return (
            self.env["hr.department"]
            .sudo()
            .search([("id", "in", list(department_ids))], order="name, id")
        )

    @api.model
    def _prepare_departments_values(self):
        """Departments that offer the person something."""
        counts = self._get_department_counts()
        departments = self._get_departments(counts)
        lang = self.env.lang
        return {
            "cards": sorted(
                (
                    {
                        "name": department.name,
                        "text": "",
                        "url": f"/spoc/department/{department.id}",
                        "icon": "fa-building-o",
                        "count": counts[department.id],
                    }
                    for department in departments
                ),
                key=lambda card: alphabet.sort_key(card["name"], lang),
            )
        }

    @api.model
    def _prepare_department_values(self, department_id, page=1):
        """What a department offers; ``None`` when that is nothing to the person."""
        domain = Domain("department_id", "=", department_id) | (
            Domain("department_id", "=", False)
            & Domain("desk_id.department_id", "=", department_id)
        )
        values = self._get_page(domain, page)
        if not values["total"]:
            return None
        return {"name": self._get_departments([department_id]).name, **values}

    @api.model
    def _prepare_desks_values(self):
        """Desks that offer the person something."""
        desks = self._get_desks()
        records = self.env["spoc.desk"].browse([desk["desk_id"] for desk in desks])
        return {"desks": desks, "openings": records._spoc_openings()}

    @api.model
    def _prepare_popular_values(self, page=1):
        """What is asked for most."""
        return self._get_page(
            [("asked_count", ">", 0)], page, "asked_count desc, sequence, id"
        )

    # ---- used by me ----

    @api.model
    def _spoc_used_ids(self, limit):
        """Ids of services the person used, the latest first. A hook.

        The catalogue alone takes no requests: it knows what was opened while the
        person is signed in (context ``spoc_used_ids``).
        """
        return list(self.env.context.get("spoc_used_ids") or ())[:limit]

    @api.model
    def _get_used_services(self, limit):
        offered = self._spoc_offer().only(self._spoc_used_ids(limit))
        return self._get_services(offered)

    @api.model
    def _prepare_mine_values(self):
        """What the person used lately."""
        return {"services": self._get_used_services(USED)}

    # ---- facets ----

    @api.model
    def _prepare_facet_values(self, facet):
        """A facet's page: its values with something in them."""
        counts = self._get_value_counts(facet)
        values = facet.value_ids.filtered(
            lambda value: not value.parent_id and counts.get(value.id)
        )
        return {
            "facet": facet,
            "cards": self._get_cards(
                values, counts, "/spoc/facet", facet.icon or "fa-tag"
            ),
        }

    @api.model
    def _get_value_counts(self, facet):
        """Services by value of a facet, those of the values below it included.

        :return: value id -> services
        """
        services = defaultdict(set)
        for value, service_ids in self.env["spoc.service"]._read_group(
            self._get_service_domain()
            & Domain("facet_value_ids.facet_id", "=", facet.id),
            ["facet_value_ids"],
            ["id:array_agg"],
        ):
            for ancestor in (value.parent_path or "").strip("/").split("/"):
                if ancestor:
                    services[int(ancestor)].update(service_ids)
        return {value_id: len(ids) for value_id, ids in services.items()}

    @api.model
    def _prepare_value_values(self, value, page=1):
        """The page of a value: the values below it, and the services with it."""
        facet = value.facet_id
        counts = self._get_value_counts(facet) if value.child_ids else {}
        below = value.child_ids.filtered(lambda child: counts.get(child.id))
        return {
            "value": value,
            "cards": self._get_cards(
                below, counts, "/spoc/facet", facet.icon or "fa-tag"
            ),
            **self._get_page([("facet_value_ids", "child_of", value.id)], page),
        }

    # ---- letters ----

    @api.model
    def _prepare_services_values(self, letter="", page=1):
        """Services by name in the reader's alphabet.

        :param str letter: only those under it
        :return: ``shelves``, list of ``(letter, services)`` of the page; ``letters``
            there are; ``letter``, ``total``, ``spoc_pager``
        """
        names = self._get_service_names()
        letters = list(dict.fromkeys(place for place, _id in names))
        letter = letter.upper() if letter.upper() in letters else ""
        if letter:
            names = [name for name in names if name[0] == letter]
        pager = self._get_pager(len(names), page)
        shown = names[pager["offset"] :][:PAGE_SIZE]
        shelves = defaultdict(list)
        for place, service_id in shown:
            shelves[place].append(service_id)
        Service = self.env["spoc.service"]
        # One query for the whole page.
        Service.search_fetch(
            [("id", "in", [service_id for _place, service_id in shown])],
            SHOWN,
        )
        return {
            "shelves": [(place, Service.browse(ids)) for place, ids in shelves.items()],
            "letters": letters,
            "letter": letter,
            "other": alphabet.OTHER,
            "total": len(names),
            "spoc_pager": pager,
        }

    @api.model
    def _get_service_names(self):
        """``(letter, service id)`` of all the person may see, in order of the names."""
        Service, lang = self.env["spoc.service"], self.env.lang
        query = Service._search(self._get_service_domain(), order="id")
        # SQL: names alone, without a record for each of thousands; the query has
        # the record rules in it.
        rows = self.env.execute_query(
            query.select(
                f'"{Service._table}"."id"',
                Service._field_to_sql(Service._table, "name", query),
            )
        )
        rows.sort(key=lambda row: (alphabet.sort_key(row[1], lang), row[0]))
        return [(alphabet.letter(name, lang), id_) for id_, name in rows]

    # ------------------------------------------------------------------
    # "I cannot find it"
    # ------------------------------------------------------------------

    @api.model
    def _spoc_take_words(self, words, searched=""):
        """Take free words of a person who found no service that fits. A hook.

        The catalogue alone keeps them until an editor has found where they belong.

        :param str words: plain text
        :param str searched: what was searched for before
        :return: ``(path of the page that says what happens next, {})``, or ``("",
            errors)`` with a message per field: ``description``, ``_form``
        """
        wish, error = self.env["spoc.wish"]._spoc_take(words, searched)
        if error:
            return "", {"description": error}
        return f"/spoc/wish/{wish.id}?said=thanks", {}

    @api.model
    def _prepare_ask_values(self):
        """The page "I cannot find it": what the person said before."""
        return {
            "wishes": self.env["spoc.wish"].search(
                [("user_id", "=", self.env.uid)], limit=10
            )
        }
