from odoo import api, fields, models


class SpocTicketReader(models.TransientModel):
    """One person who may read a ticket: line of the list "Who can read this"."""

    _name = "spoc.ticket.reader"
    _description = "Reader of a ticket"
    _order = "sees, name, id"
    _rec_name = "name"

    ticket_id = fields.Many2one("spoc.ticket", required=True, readonly=True)
    partner_id = fields.Many2one("res.partner", "Person", readonly=True)
    user_id = fields.Many2one("res.users", readonly=True)
    name = fields.Char(readonly=True)
    email = fields.Char("E-mail", readonly=True)
    why = fields.Text(readonly=True)
    sees = fields.Selection(
        [
            ("all", "Everything"),
            ("outside", "What the requester sees"),
            ("part", "A part of the work"),
        ],
        readonly=True,
    )

    @api.model
    def _spoc_open(self, ticket):
        """Put the readers of a ticket into a list.

        :return: action that shows it
        :raises AccessError: for an outsider of the ticket
        """
        words = self._spoc_reason_words(ticket)
        # sudo: asked by somebody inside; the lines are their own
        lines = self.sudo().create(
            [
                {
                    "ticket_id": ticket.id,
                    "partner_id": reader["partner"].id,
                    "user_id": reader["user"].id,
                    "name": reader["partner"].name,
                    "email": reader["partner"].email,
                    "why": "\n".join(words[code] for code in reader["why"]),
                    "sees": reader["sees"],
                }
                for reader in ticket._spoc_readers()
            ]
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "spoc_helpdesk.spoc_ticket_reader_action"
        )
        return {
            **action,
            "name": self.env._("Who can read %s", ticket.number),
            "domain": [("id", "in", lines.ids)],
        }

    @api.model
    def _spoc_reason_words(self, ticket):
        """Words for each reason, see ``spoc.ticket._spoc_reading_reasons``."""
        desk = ticket.desk_id.name
        return {
            "requester": self.env._("Asked for it"),
            "requested_for": self.env._("It was asked for this person"),
            "watcher": self.env._("The requester shares it with them"),
            "member": self.env._("Member of %s", desk),
            "manager": self.env._("Manager of %s", desk),
            "line": self.env._("Does, or did, a part of the work"),
            "supplier": self.env._("Works for the supplier of a part"),
            "transfer": self.env._("A desk it was offered to, or came from"),
            "approver": self.env._("Was asked to approve it"),
            "administrator": self.env._("Administrator; the desk is open"),
            "link": self.env._("Has no sign-in: reads mails and the link in them"),
        }
