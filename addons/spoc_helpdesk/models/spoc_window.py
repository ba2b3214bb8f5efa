"""One's own requests in the window."""

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

# The latest requests looked through for the services used.
LATEST = 50
WORDS_LIMIT = 20000


class SpocWindow(models.AbstractModel):
    _inherit = "spoc.window"

    @api.model
    def _spoc_take_words(self, words, searched=""):
        """Free words become a request to the front desk at once."""
        if not words:
            return "", {"description": self.env._("Please say what you need.")}
        if len(words) > WORDS_LIMIT:
            message = self.env._(
                "Please say it in no more than %(limit)s characters; these are "
                "%(count)s.",
                limit=WORDS_LIMIT,
                count=len(words),
            )
            return "", {"description": message}
        try:
            with self.env.cr.savepoint():
                ticket, errors = self.env["spoc.ticket"]._spoc_ask(
                    self.env["spoc.service"], {}, words, searched=searched
                )
        except (AccessError, UserError) as error:
            return "", {"_form": str(error)}
        if not ticket:
            return "", errors
        return f"/my/requests/{ticket.id}?said=asked", {}

    @api.model
    def _spoc_used_ids(self, limit):
        """What was asked for comes before what was only looked at."""
        Ticket = self.env["spoc.ticket"]
        tickets = Ticket.search(
            Ticket._spoc_requester_domain() & Domain("service_id", "!=", False),
            order="id desc",
            limit=LATEST,
        )
        ids = [*tickets.service_id.ids, *super()._spoc_used_ids(limit)]
        return list(dict.fromkeys(ids))[:limit]

    @api.model
    def _spoc_search_sections(self, text, limit=5):
        sections = super()._spoc_search_sections(text, limit=limit)
        section = self._get_request_section(text, limit)
        return [*sections, section] if section["items"] else sections

    @api.model
    def _get_request_section(self, text, limit):
        """Requests of the person who looks, by words of subject or by number."""
        Ticket = self.env["spoc.ticket"]
        words = (text or "").split()
        tickets = Ticket.browse()
        if words:
            domain = Domain.AND(
                Domain("name", "ilike", word) | Domain("number", "ilike", word)
                for word in words
            )
            tickets = Ticket.search(
                Ticket._spoc_requester_domain() & domain, limit=limit, order="id desc"
            )
        return {
            "key": "requests",
            "title": self.env._("My requests"),
            "items": [
                {
                    "title": f"{ticket.number} {ticket.name}",
                    "summary": ticket._spoc_state_name(),
                    "url": f"/my/requests/{ticket.id}",
                    "icon": "fa-ticket",
                }
                for ticket in tickets
            ],
        }
