from odoo import fields, models
from odoo.exceptions import UserError

from ..models.spoc_stage import OPEN_STATES


class SpocTicketFit(models.TransientModel):
    """Who at the desk fits a ticket, best first, to give it to one of them."""

    _name = "spoc.ticket.fit"
    _description = "Who fits a ticket"

    ticket_id = fields.Many2one("spoc.ticket", required=True, ondelete="cascade")
    line_ids = fields.One2many("spoc.ticket.fit.line", "fit_id", readonly=True)


class SpocTicketFitLine(models.TransientModel):
    """One member of the desk, judged."""

    _name = "spoc.ticket.fit.line"
    _description = "Member judged for a ticket"
    _order = "id"

    fit_id = fields.Many2one("spoc.ticket.fit", required=True, ondelete="cascade")
    user_id = fields.Many2one("res.users", "Member", required=True, ondelete="cascade")
    eligible = fields.Boolean("Possible")
    is_owner = fields.Boolean("Owns it")
    score = fields.Float("Points", digits=(6, 0))
    why = fields.Text()

    def action_give(self):
        """Give the ticket to this member."""
        self.ensure_one()
        ticket = self.fit_id.ticket_id
        ticket._spoc_give(self.user_id)
        return {"type": "ir.actions.act_window_close"}


class SpocTicket(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.ticket"

    def action_who_fits(self):
        """Show the members of the desk, judged for the ticket as of now.

        :return: action of the wizard, see ``spoc.ticket.fit``
        """
        self.ensure_one()
        self._spoc_begin(OPEN_STATES)
        ranked, need = self._spoc_ranking()
        note = self._spoc_routing_note(ranked, need, None)
        fit = self.env["spoc.ticket.fit"].create({"ticket_id": self.id})
        owner_id = self.owner_id.id
        # sudo: lines are worked out, nobody writes them
        self.env["spoc.ticket.fit.line"].sudo().create(
            [
                {
                    "fit_id": fit.id,
                    "user_id": row["user_id"],
                    "eligible": row["eligible"],
                    "is_owner": row["user_id"] == owner_id,
                    "score": row["score"],
                    "why": ", ".join(
                        " ".join(filter(None, [reason["text"], reason["points"]]))
                        for reason in row["reasons"]
                    ),
                }
                for row in self._spoc_routing_rows(note)
            ]
        )
        return {
            **self._spoc_wizard("spoc_helpdesk.spoc_ticket_fit_action"),
            "res_id": fit.id,
        }

    def _spoc_give(self, user):
        """Give a ticket to a member of the desk by hand, and keep how they fit.

        :param user: res.users
        :raises UserError: when the ticket is ended
        :raises AccessError: for anybody but the owning desk
        """
        self.ensure_one()
        self._spoc_begin(OPEN_STATES)
        # sudo: membership decides, members need not be readable
        if user not in self.sudo().desk_id.member_ids:
            raise UserError(self.env._("%s is not at the desk any more.", user.name))
        ranked, need = self._spoc_ranking()
        self.write({"owner_id": user.id})
        note = self._spoc_routing_note(ranked, need, user.id)
        self._spoc_write(
            {"routing_note": {**note, "by": self.env.uid}, "nobody_fits": False}
        )
