"""Transfers: another desk is asked to answer for a ticket from now on."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .spoc_stage import OPEN_STATES
from .spoc_ticket import ENGINE


class SpocTransfer(models.Model):
    """A ticket offered to another desk: accepted, returned with a reason, or withdrawn.

    Until it is accepted the sending desk answers for the ticket, and all its clocks
    go on. The receiving desk reads the brief, not the ticket; once it has accepted,
    the ticket is its own, and the sending desk keeps this record of where it went.
    """

    _name = "spoc.transfer"
    _description = "Transfer to another desk"
    _inherit = ["spoc.behind.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_names_search = ["number", "name"]
    # Both desks carry out what they are reminded of; they write nothing else.
    _mail_post_access = "read"
    _spoc_behind_fields = frozenset({"ticket_id", "ended_by_id"})
    _spoc_desk_fields = ("from_desk_id", "to_desk_id")

    name = fields.Char("Subject", required=True, readonly=True)
    from_desk_id = fields.Many2one(
        "spoc.desk", required=True, index=True, ondelete="restrict"
    )
    to_desk_id = fields.Many2one(
        "spoc.desk", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="from_desk_id.company_id", store=True, precompute=True
    )
    user_id = fields.Many2one(
        "res.users",
        "Offered by",
        index="btree_not_null",
        ondelete="restrict",
        readonly=True,
    )
    reason = fields.Text(required=True, readonly=True)
    brief = fields.Html(
        sanitize_style=True,
        readonly=True,
        help="All that the other desk learns of the ticket before it accepts.",
    )
    state = fields.Selection(
        [
            ("offered", "Offered"),
            ("accepted", "Accepted"),
            ("returned", "Returned"),
            ("withdrawn", "Withdrawn"),
        ],
        default="offered",
        required=True,
        index=True,
        tracking=True,
    )
    return_reason = fields.Text(readonly=True)
    offered_at = fields.Datetime(
        required=True, readonly=True, default=fields.Datetime.now
    )
    ended_at = fields.Datetime("Decided at", readonly=True)
    ended_by_id = fields.Many2one(
        "res.users", "Decided by", ondelete="restrict", readonly=True
    )
    is_sender = fields.Boolean(
        "On the Sending Side", compute="_compute_sides", export_string_translation=False
    )
    is_receiver = fields.Boolean(
        "On the Receiving Side",
        compute="_compute_sides",
        export_string_translation=False,
    )

    _offered_uniq = models.UniqueIndex(
        "(ticket_id) WHERE state = 'offered'",
        "This ticket is already offered to another desk.",
    )

    @api.depends("from_desk_id.member_ids", "to_desk_id.member_ids")
    @api.depends_context("uid")
    def _compute_sides(self):
        user = self.env.user
        for transfer in self:
            # sudo: membership decides, whoever asks
            sender, receiver = transfer.sudo().from_desk_id, transfer.sudo().to_desk_id
            barred = transfer._spoc_barred()
            senders = (sender.member_ids | sender.manager_id) - barred
            receivers = (receiver.member_ids | receiver.manager_id) - barred
            transfer.is_sender = user in senders
            transfer.is_receiver = user in receivers

    @api.depends("number", "name")
    def _compute_display_name(self):
        for transfer in self:
            transfer.display_name = " ".join(
                filter(None, [transfer.number, transfer.name])
            )

    # ---- rights ------------------------------------------------------------

    def write(self, vals):
        if self.env.context.get("spoc_engine") is not ENGINE:
            self.check_access("write")
            raise AccessError(
                self.env._("A transfer is accepted, returned or withdrawn.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ever(self):
        raise UserError(self.env._("Transfers are never deleted. Withdraw it."))

    def _spoc_begin(self, receiver):
        """Check side and state, and keep others from deciding at the same time.

        :param bool receiver: decided by the receiving desk, else by the sending one
        :raises AccessError: for the wrong side
        :raises UserError: when it is decided already
        """
        self.check_access("read")
        for transfer in self:
            right = transfer.is_receiver if receiver else transfer.is_sender
            if not right and not self.env.user._is_superuser():
                desk = transfer.to_desk_id if receiver else transfer.from_desk_id
                raise AccessError(self.env._("Only %s decides this.", desk.name))
        # sudo: a lock on the rows shows nothing
        self.sudo().lock_for_update(allow_referencing=True)
        self.invalidate_recordset(["state"])
        for transfer in self:
            if transfer.state != "offered":
                raise UserError(
                    self.env._(
                        "The transfer of %s is decided already.", transfer.number
                    )
                )

    def _spoc_end(self, state, **vals):
        """Write the outcome, and let nobody be reminded of it any more."""
        user = self.env.user
        # sudo: results of an action that was judged
        self.sudo().with_context(spoc_engine=ENGINE).write(
            {
                "state": state,
                "ended_at": fields.Datetime.now(),
                "ended_by_id": False if user._is_superuser() else user.id,
                **vals,
            }
        )
        self.env["mail.activity"]._spoc_take_away(self)

    # ---- what is decided ---------------------------------------------------

    def action_accept(self):
        """The receiving desk answers for the tickets from now on."""
        self._spoc_begin(receiver=True)
        self._spoc_accept()
        return True

    def _spoc_accept(self):
        """Move the tickets to their new desk."""
        tickets = self.sudo().ticket_id  # sudo: the receiving desk gets them now
        tickets._spoc_lock(["state", "desk_id", "owner_id"])
        ended = tickets.filtered(lambda ticket: ticket.state not in OPEN_STATES)
        if ended:
            raise UserError(self.env._("%s is not open.", ended[0].number))
        self._spoc_end("accepted")
        # sudo: the receiving desk cannot read the tickets until they are moved
        for desk, transfers in self.sudo().grouped("to_desk_id").items():
            transfers.ticket_id._spoc_move(desk, transfers)

    def action_return_wizard(self):
        """Ask why the desk does not take it."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "spoc_helpdesk.spoc_transfer_return_action"
        )
        return {**action, "context": {"default_transfer_id": self.id}}

    def _spoc_return(self, reason):
        """The receiving desk gives the tickets back.

        :param str reason: why; the sending desk reads it
        :raises UserError: without a reason
        """
        self._spoc_begin(receiver=True)
        if not (reason or "").strip():
            raise UserError(self.env._("Say why you return it."))
        self._spoc_end("returned", return_reason=reason.strip())
        self.env["spoc.act"]._spoc_record(
            "transfer_return",
            self,
            lambda transfer: {
                "from_user_id": transfer.ticket_id.owner_id.id,
                "to_desk_id": transfer.to_desk_id.id,
                "to_line_id": transfer.to_desk_id.line_id.id,
                "transfer_id": transfer.id,
            },
            reason,
        )
        self._spoc_remind(
            lambda transfer: (
                transfer.ticket_id.owner_id
                or transfer.user_id
                or transfer.from_desk_id.manager_id - transfer._spoc_barred()
            ),
            lambda env, transfer: env._(
                "%(desk)s does not take %(number)s",
                desk=transfer.to_desk_id.name,
                number=transfer.number,
            ),
        )

    def action_withdraw(self):
        """The sending desk keeps the tickets after all."""
        self._spoc_begin(receiver=False)
        self._spoc_end("withdrawn")
        return True

    # ---- telling each other ------------------------------------------------

    def _spoc_remind(self, get_user, get_summary):
        """Put transfers before somebody.

        :param get_user: called with a transfer, returns res.users or none
        :param get_summary: called with an environment in their language and it
        """
        calls = []
        for transfer in self.sudo():  # sudo: each side is told, whoever causes it
            user = get_user(transfer)
            if user and user != self.env.user:
                calls.append(
                    (
                        transfer,
                        user,
                        lambda env, one=transfer: get_summary(env, one.with_env(env)),
                    )
                )
        self.env["mail.activity"]._spoc_put_before(calls, automated=True)

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        """Nobody hears of it but the two desks."""
        recipients = super()._notify_get_recipients(message, msg_vals, **kwargs)
        if not self or not recipients:
            return recipients
        # sudo: membership decides
        desks = self.sudo().from_desk_id | self.sudo().to_desk_id
        people = (desks.member_ids | desks.manager_id) - self._spoc_barred()
        inside = set(people.ids)
        return [one for one in recipients if one["uid"] in inside]
