"""The window's one search box: while typing, and the page of results."""

from odoo import api, models, tools

from ..title_index import Title, TitleIndex
from .spoc_window_offer import TYPING

DESKS = 3


class SpocWindow(models.AbstractModel):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.window"

    @api.model
    def _spoc_search_sections(self, text, limit=5):
        """What the one search box finds, by section.

        While somebody types (context ``spoc_typing``) titles that begin as typed are
        shown, out of memory, when there are enough of them. The search, which knows
        typos, inflected forms and other languages, is asked when there are not.

        :param str text: what was typed
        :param int limit: at most so many items in a section
        :return: list of ``{"key", "title", "items"}``, items being
            ``{"title", "summary", "url", "icon"}``; sections without items are left out
        """
        begun = self._get_begun(text, limit) if self.env.context.get(TYPING) else None
        services, desks = begun or self._get_found(text, limit)
        sections = [
            {"key": "services", "title": self.env._("Services"), "items": services},
            {"key": "desks", "title": self.env._("Desks"), "items": desks},
        ]
        return [section for section in sections if section["items"]]

    # ------------------------------------------------------------------
    # Searched for
    # ------------------------------------------------------------------

    @api.model
    def _get_found(self, text, limit):
        """What the search finds: items of services, items of desks."""
        offered, Service = self._get_service_domain(), self.env["spoc.service"]
        # The words are looked up once for all that is searched.
        Service._spoc_search_read(text, self._get_searched_models())
        services = Service._spoc_search(text, offered, limit)
        desks = self.env["spoc.desk"]._spoc_search(
            text, [("service_ids", "any", offered)], min(limit, DESKS)
        )
        items = self._get_titles()[1]
        return (
            [dict(items[service.id]) for service in services if service.id in items],
            [
                self._get_desk_item(desk.id, desk.name, desk.description)
                for desk in desks
            ],
        )

    @api.model
    def _get_searched_models(self):
        """What is searched beside services. A hook."""
        return ["spoc.desk"]

    @api.model
    def _get_desk_item(self, desk_id, name, description):
        return {
            "title": name,
            "summary": description or "",
            "url": f"/spoc/desk/{desk_id}",
            "icon": "fa-life-ring",
        }

    # ------------------------------------------------------------------
    # Begun
    # ------------------------------------------------------------------

    @api.model
    def _get_begun(self, text, limit):
        """What begins as typed: likewise, ``None`` when that is not enough."""
        offer = self._spoc_offer()
        services = self._get_titles()[0].find(
            text, limit, lambda title: offer.has(title.id)
        )
        if len(services) < limit:
            return None
        desks = self._get_desks()
        names = TitleIndex(
            [Title(desk["desk_id"], desk["name"], item=desk) for desk in desks]
        )
        return (
            [dict(title.item) for title in services],
            [
                self._get_desk_item(**title.item)
                for title in names.find(text, min(limit, DESKS))
            ],
        )

    @api.model
    @tools.ormcache("self.env.lang")
    def _get_titles(self):
        """Titles of all published services in the reader's language.

        :return: ``(TitleIndex, items)``, items by id of the service
        """
        # sudo: of all of them; whoever asks shows what is in the person's offer.
        services = (
            self.env["spoc.service"]
            .sudo()
            .search_fetch(
                self._get_service_domain(),
                ["name", "synonyms", "summary", "category_id", "asked_count"],
            )
        )
        categories = self._get_categories()
        titles = [
            Title(
                service.id,
                service.name,
                service.synonyms or "",
                service.asked_count,
                {
                    "title": service.name,
                    "summary": service.summary or "",
                    "url": f"/spoc/service/{service.id}",
                    "icon": categories.get(service.category_id.id, {}).get("icon")
                    or "fa-book",
                },
            )
            for service in services
        ]
        return TitleIndex(titles), {title.id: title.item for title in titles}
