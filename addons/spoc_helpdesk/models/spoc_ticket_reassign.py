"""Other owners for tickets, proposed by the routing."""

from odoo import models

from .spoc_stage import OPEN_STATES


class SpocTicket(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.ticket"

    def action_reassign_wizard(self):
        """Propose other owners for the tickets, before anything is done."""
        self._spoc_begin(OPEN_STATES)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "spoc_helpdesk.spoc_ticket_reassign_action"
        )
        return {**action, "context": {"spoc_ticket_ids": self.ids}}

    def _spoc_propose_owners(self):
        """The best other owner of each ticket, as the routing sees it now.

        Each proposal counts as load for the next: not all go to the same one.

        :return: dict ticket id -> (user id or ``False``, why, in words)
        """
        tickets = self.sudo()  # sudo: skills and load are the routing's to know
        asks = [
            {
                **ask,
                "excluded": frozenset({*ask["excluded"], *ticket.owner_id.ids}),
            }
            for ticket in tickets
            for ask in [ticket._spoc_ask_of(ticket._spoc_draft())]
        ]
        if not asks:
            return {}
        facts = tickets._spoc_gather(asks, tickets._spoc_hours())
        proposals = {}
        for ticket, ask in zip(tickets, asks, strict=True):
            ranked, _need = ticket._spoc_rank(facts, ticket.desk_id, ask)
            best = next((one for one in ranked if one.eligible), None)
            if not best:
                proposals[ticket.id] = (False, self.env._("Nobody else fits now"))
                continue
            facts.take(best.id, ask["priority"])
            proposals[ticket.id] = (
                best.id,
                ", ".join(self._spoc_reason(*one)["text"] for one in best.reasons),
            )
        return proposals
