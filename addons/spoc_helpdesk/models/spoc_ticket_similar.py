"""Tickets like this one: what solved them may solve it, and who has it, too."""

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL, html2plaintext

from .. import ticket_likeness
from .spoc_stage import CLOSED_STATES

#: So many of those that share a word are weighed, the latest.
WEIGHED = 300
SHOWN = 6
EXCERPT = 200


class SpocTicket(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.ticket"

    _words_idx = models.Index("USING gin (to_tsvector('simple'::regconfig, name))")

    def get_similar_tickets(self):
        """Tickets with a like subject the reader works on, the solved ones first.

        :return: list of dictionaries ``id``, ``number``, ``name``, ``state``,
            ``stage``, ``owner``, ``requester``, ``date`` (ISO), ``resolution`` (the
            first words, plain), ``solved``
        :raise AccessError: for anybody who does not work on the ticket
        """
        self.ensure_one()
        self._spoc_check_inner()
        words = ticket_likeness.query(self.name)
        if not words:
            return []
        found = self.search_fetch(
            Domain("id", "!=", self.id)
            & Domain("is_inner", "=", True)
            & Domain("state", "!=", "cancelled")
            & self._spoc_words_domain(words),
            ["name", "state", "service_id"],
            order="id desc",
            limit=WEIGHED,
        )
        best = ticket_likeness.ranked(
            self.name,
            [
                ticket_likeness.Other(
                    one.id,
                    one.name,
                    one.state in ("resolved", "closed"),
                    bool(self.service_id) and one.service_id == self.service_id,
                )
                for one in found
            ],
            SHOWN,
        )
        tickets = self.browse(id_ for id_, _share in best)
        return [ticket._prepare_similar() for ticket in tickets]

    def _spoc_words_domain(self, words):
        """Tickets whose subject matches a ``tsquery``."""
        # SQL: the ORM has no operator for full text search
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "to_tsvector('simple'::regconfig, %s) @@ to_tsquery('simple', %s)",
                SQL.identifier(alias, "name"),
                words,
                to_flush=[model._fields["name"]],
            )
        )

    def _prepare_similar(self):
        solution = " ".join(html2plaintext(self.resolution or "").split())
        if len(solution) > EXCERPT:
            solution = solution[:EXCERPT].rsplit(" ", 1)[0] + "…"
        return {
            "id": self.id,
            "number": self.number,
            "name": self.name,
            "state": self.state,
            "stage": self.stage_id.name,
            "owner": self.owner_id.name or "",
            "requester": self.requester_id.name or "",
            "date": self.create_date.isoformat(),
            "resolution": solution,
            "solved": self.state in ("resolved", *CLOSED_STATES),
        }
