"""One's own requests in the window."""

from odoo import api, models
from odoo.fields import Domain


class SpocWindow(models.AbstractModel):
    _inherit = "spoc.window"

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
