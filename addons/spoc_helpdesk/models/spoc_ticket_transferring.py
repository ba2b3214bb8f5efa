"""Change of the owning desk: offered, accepted or returned."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from .spoc_stage import OPEN_STATES


class SpocTicket(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.ticket"

    act_ids = fields.One2many("spoc.act", "ticket_id", string="Acts", copy=False)
    transfer_ids = fields.One2many(
        "spoc.transfer", "ticket_id", string="Transfers", copy=False
    )
    offered_transfer_id = fields.Many2one(
        "spoc.transfer", "Offered to Another Desk", compute="_compute_offered"
    )
    offered_desk_id = fields.Many2one(
        "spoc.desk", "Offered to", compute="_compute_offered"
    )

    @api.depends("transfer_ids.state")
    def _compute_offered(self):
        offered = (
            self.env["spoc.transfer"]
            .sudo()  # sudo: where the ticket itself is offered is shown
            .search([("ticket_id", "in", self.ids), ("state", "=", "offered")])
        )
        of = {transfer.ticket_id.id: transfer for transfer in offered}
        for ticket in self:
            transfer = of.get(ticket._origin.id)
            ticket.offered_transfer_id = transfer and transfer.id
            ticket.offered_desk_id = transfer and transfer.to_desk_id.id

    def action_transfer_wizard(self):
        """Ask to which desk the tickets shall go, and why."""
        self._spoc_begin(OPEN_STATES)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "spoc_helpdesk.spoc_ticket_transfer_action"
        )
        return {**action, "context": {"default_ticket_ids": [(6, 0, self.ids)]}}

    def action_withdraw_transfer(self):
        """Keep the ticket after all."""
        self._spoc_begin(OPEN_STATES)
        offered = self.offered_transfer_id
        if offered:
            offered.action_withdraw()
        return True

    # ---- offering ----------------------------------------------------------

    def _spoc_offer_transfer(self, desk, reason, get_brief=None, disclosed=False):
        """Offer tickets to another desk; nothing changes until it accepts.

        Whoever is at both desks, or is the suite itself, offers and accepts at once.

        :param spoc.desk desk: that shall answer for the tickets
        :param str reason: why
        :param get_brief: called with a ticket, returns what the desk learns of it
        :param bool disclosed: known that the desk will read what was confidential
        :return: spoc.transfer
        :raises UserError: without a reason, or when it cannot go there
        """
        self._spoc_begin(OPEN_STATES)
        self._spoc_lock(["owner_id", "desk_id"])
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the ticket goes to another desk."))
        self._spoc_check_goal(desk)
        self._spoc_check_disclosed(disclosed)
        transfers = self._spoc_create_transfers(desk, reason.strip(), get_brief)
        self.env["spoc.act"]._spoc_record(
            "transfer",
            transfers,
            lambda transfer: {
                "from_user_id": transfer.ticket_id.owner_id.id,
                "to_desk_id": desk.id,
                "to_line_id": transfer.to_desk_id.line_id.id,
                "transfer_id": transfer.id,
            },
            reason,
        )
        user = self.env.user
        # sudo: membership decides
        if user._is_superuser() or user in desk.sudo().member_ids:
            transfers._spoc_accept()
        else:
            transfers._spoc_remind(
                lambda transfer: (
                    transfer.to_desk_id.manager_id - transfer._spoc_barred()
                ),
                lambda env, transfer: env._(
                    "%(desk)s offers you %(number)s",
                    desk=transfer.from_desk_id.name,
                    number=transfer.number,
                ),
            )
        return transfers

    def _spoc_create_transfers(self, desk, reason, get_brief):
        """Write the offers down, one per ticket; see ``_spoc_offer_transfer``."""
        user = self.env.user
        # sudo: transfers have no other author than this act
        Transfer = self.env["spoc.transfer"].sudo()
        transfers = Transfer.with_context(
            mail_create_nosubscribe=True, mail_create_nolog=True
        ).create(
            [
                {
                    "ticket_id": ticket.id,
                    "name": ticket.name,
                    "from_desk_id": ticket.desk_id.id,
                    "to_desk_id": desk.id,
                    "user_id": False if user._is_superuser() else user.id,
                    "reason": reason,
                    "brief": get_brief(ticket) if get_brief else False,
                }
                for ticket in self
            ]
        )
        return transfers.with_env(self.env)

    def _spoc_check_goal(self, desk):
        """Refuse a desk where the tickets would be lost.

        :raises UserError: for the same desk, a supplier, a desk without people, or
            tickets that are offered already
        """
        desk = desk.sudo()  # sudo: whether somebody is there is all that is told
        here = self.filtered(lambda ticket: ticket.desk_id == desk)
        if here:
            raise UserError(
                self.env._(
                    "%(number)s is at %(desk)s already.",
                    number=here[0].number,
                    desk=desk.name,
                )
            )
        if desk.supplier_id:
            raise UserError(
                self.env._(
                    "%s is a supplier: it owns no tickets. Assign a part to it.",
                    desk.name,
                )
            )
        if not desk.active or not desk._spoc_has_people():
            raise UserError(
                self.env._("Nobody is at %s: nobody would see the ticket.", desk.name)
            )
        offered = self.offered_transfer_id
        if offered:
            raise UserError(
                self.env._(
                    "%(number)s is offered to %(desk)s already.",
                    number=offered[0].number,
                    desk=offered[0].to_desk_id.name,
                )
            )

    def _spoc_check_disclosed(self, disclosed):
        """Refuse to let a confidential desk's ticket out by mistake.

        :raises UserError: unless it was said that the other desk may read it all
        """
        # sudo: whether the desk is confidential, whoever asks
        secret = self.filtered(lambda t: t.sudo().desk_id.privacy == "confidential")
        if secret and not disclosed:
            raise UserError(
                self.env._(
                    "%s is confidential: the other desk will read everything that is "
                    "written on it, notes included. Say that this is meant.",
                    secret[0].number,
                )
            )

    def _spoc_change_desk(self, desk, reason, disclosed=False):
        """Give tickets to another desk at once, without asking it.

        For rules of the organisation; people offer, see ``_spoc_offer_transfer``.

        :param spoc.desk desk: that answers from now on
        :param str reason: why, kept on the transfer and the act
        :param bool disclosed: known that the desk will read what was confidential
        :raises UserError: without a reason, or when it cannot go there
        """
        self._spoc_begin(OPEN_STATES)
        self._spoc_drop_offers()
        transfers = self._spoc_offer_transfer(desk, reason, disclosed=disclosed)
        transfers.filtered(lambda one: one.state == "offered")._spoc_accept()

    # ---- moving ------------------------------------------------------------

    def _spoc_move(self, desk, transfers):
        """The tickets are the desk's from now on; its own rule finds an owner.

        The promises made go on. Parts of the work at other lines go on, too, and
        answer the new owner; a part at the new desk itself ends, it is no other line.

        :param spoc.desk desk: as superuser
        :param transfers: spoc.transfer of these tickets, accepted
        """
        tickets = self.sudo()  # sudo: results of an act that was judged
        former = {ticket.id: ticket.owner_id.id for ticket in tickets}
        tickets.assignment_ids.filtered(
            lambda part: part.is_open and part.desk_id == desk
        )._spoc_end("cancelled")
        for state, group in tickets.grouped("state").items():
            stage_id = self.env["spoc.stage"]._spoc_first(state, desk.id)
            group._spoc_write(
                {"desk_id": desk.id, "owner_id": False, "stage_id": stage_id}
            )
        tickets._spoc_move_ledger()
        self.env["spoc.act"]._spoc_record(
            "transfer_accept",
            transfers,
            lambda transfer: {
                "desk_id": transfer.from_desk_id.id,
                "from_user_id": former[transfer.ticket_id.id],
                "to_desk_id": desk.id,
                "to_line_id": desk.line_id.id,
                "transfer_id": transfer.id,
                "reason": transfer.reason,
            },
        )
        tickets._spoc_route_again()
        tickets._spoc_recount_clocks()

    # ---- what else ends an offer -------------------------------------------

    def _spoc_drop_offers(self):
        """Ended tickets go nowhere."""
        # sudo: offers end with the ticket, a requester who ends it reads none
        offered = (
            self.env["spoc.transfer"]
            .sudo()
            .search([("ticket_id", "in", self.ids), ("state", "=", "offered")])
        )
        if offered:
            offered.with_env(self.env)._spoc_end("withdrawn")

    def _spoc_resolve(self):
        result = super()._spoc_resolve()
        self._spoc_drop_offers()
        return result

    def _spoc_cancel(self):
        result = super()._spoc_cancel()
        self._spoc_drop_offers()
        return result
