"""What a desk needs to own tickets."""

from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL, formataddr, ormcache

from .spoc_stage import CLOSED_STATES


class SpocDesk(models.Model):
    _inherit = "spoc.desk"

    partner_id = fields.Many2one(
        "res.partner",
        "Voice",
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="Contact in whose name the desk's automatic messages are written.",
    )
    number_sequence_id = fields.Many2one(
        "ir.sequence", "Counter", readonly=True, copy=False, ondelete="restrict"
    )
    reopen_days = fields.Integer(
        "Reopens within",
        default=14,
        required=True,
        help="So long after its end an answer reopens a ticket; later it begins a "
        "follow-up.",
    )
    silence_days = fields.Integer(
        "Silence means yes after",
        default=5,
        required=True,
        help="Working days of the desk after which a resolved ticket closes without a "
        "word of the requester. One reminder is sent before that.",
    )
    routing_mode = fields.Selection(
        [
            ("push", "The best fit gets it"),
            ("pull", "Members take the next"),
            ("manual", "Members choose"),
        ],
        string="Routing",
        default="push",
        required=True,
        help="Who gets a new ticket: the member who fits best at once; whoever asks "
        "for the next, which is then the one that breaks first and fits them best; or "
        "whoever chooses it.",
    )
    is_front_desk = fields.Boolean(
        "Front desk", help="Takes what people ask in free words, of no service."
    )
    mail_sender = fields.Char("Sender of Mail", compute="_compute_mail_sender")
    ticket_ids = fields.One2many("spoc.ticket", "desk_id", string="Tickets")

    _reopen_days_positive = models.Constraint(
        "CHECK (reopen_days >= 0)", "Reopening days cannot be negative."
    )
    _silence_days_positive = models.Constraint(
        "CHECK (silence_days > 0)", "Silence takes at least a day to be a yes."
    )

    @api.model
    def _spoc_kept_columns(self):
        return (
            *super()._spoc_kept_columns(),
            "number_sequence_id",
            "partner_id",
            "reopen_days",
            "routing_mode",
        )

    # ---- numbers -----------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        desks = super().create(vals_list)
        desks._spoc_ensure_counter()
        desks._spoc_ensure_voice()
        return desks

    def _spoc_ensure_counter(self):
        """Give each desk a counter of its own."""
        # sudo: who makes a desk may not make counters
        desks = self.sudo().filtered(lambda desk: not desk.number_sequence_id)
        counters = desks.env["ir.sequence"].create(
            [
                {
                    "name": f"Tickets of desk {desk.code}",
                    "implementation": "standard",
                    "company_id": desk.company_id.id,
                }
                for desk in desks
            ]
        )
        for desk, counter in zip(desks, counters, strict=True):
            desk.number_sequence_id = counter

    def _spoc_ensure_voice(self):
        """Give each desk a contact to speak as.

        It has no address: mail to the desk's own must not look like its author's.
        """
        # sudo: who makes a desk may not make contacts
        desks = self.sudo().filtered(lambda desk: not desk.partner_id)
        voices = desks.env["res.partner"].create(
            [{"name": desk.name, "company_id": desk.company_id.id} for desk in desks]
        )
        for desk, voice in zip(desks, voices, strict=True):
            desk.partner_id = voice

    def _spoc_next_numbers(self):
        """Numbers for new tickets, one per element: a desk may stand here repeatedly.

        :return: list of str, like ``IT-000123``
        """
        drawn = {}
        for desk_id, count in Counter(self._ids).items():
            desk = self.browse(desk_id)
            desk._spoc_ensure_counter()
            # SQL: the counter is a PostgreSQL sequence; one query draws them all
            rows = self.env.execute_query(
                SQL(
                    "SELECT nextval(%s) FROM generate_series(1, %s)",
                    f"ir_sequence_{desk.number_sequence_id.id:03d}",
                    count,
                )
            )
            drawn[desk_id] = iter(f"{desk.code}-{value:06d}" for [value] in rows)
        return [next(drawn[desk_id]) for desk_id in self._ids]

    # ---- mail --------------------------------------------------------------

    @api.depends("name", "channel_ids.identity_normalized", "channel_ids.alias_id")
    @api.depends_context("lang")
    def _compute_mail_sender(self):
        # sudo: addresses are public
        channels = (
            self.env["spoc.channel"]
            .sudo()
            .search_fetch(
                [
                    ("desk_id", "in", self.ids),
                    ("kind", "=", "email"),
                    ("alias_id", "!=", False),
                ],
                ["desk_id", "identity_normalized"],
            )
        )
        addresses = {c.desk_id.id: c.identity_normalized for c in channels}
        for desk in self:
            address = addresses.get(desk.id)
            desk.mail_sender = formataddr((desk.name, address)) if address else False

    def _spoc_sender(self):
        """The desk at its own address, for From and Reply-To; ``False`` without one."""
        self.ensure_one()
        return self._get_senders().get(self.id, False)

    @api.model
    @ormcache("self.env.lang")
    def _get_senders(self):
        """Senders of all desks by id: there is one in each mail."""
        # sudo: the address is public
        desks = self.sudo().with_context(active_test=False).search(Domain.TRUE)
        return {desk.id: desk.mail_sender for desk in desks if desk.mail_sender}

    # ---- members -----------------------------------------------------------

    def write(self, vals):
        if {"member_ids", "manager_id", "privacy"} & vals.keys():
            self._spoc_check_confidential()
        if vals.get("active") is False:
            self._spoc_check_idle()
        # sudo: members the user need not be able to read
        before = {desk.id: desk.sudo().member_ids for desk in self}
        result = super().write(vals)
        if "name" in vals:
            for desk in self.sudo():  # sudo: the suite's own contacts
                desk.partner_id.name = desk.name
        if "member_ids" in vals:
            for desk in self:
                # sudo: whoever left has to be known to take the tickets back
                gone = before[desk.id] - desk.sudo().member_ids
                desk._spoc_release_owned(gone)
        return result

    def _spoc_check_confidential(self):
        """A confidential desk lets in whom it wants; nobody lets themselves in.

        :raises AccessError: for anybody but its members and manager
        """
        if self.env.su:
            return
        for desk in self.sudo():  # sudo: membership decides, whoever asks
            inside = desk.member_ids | desk.manager_id
            if (
                desk.privacy == "confidential"
                and inside
                and self.env.user not in inside
            ):
                raise AccessError(
                    self.env._(
                        "%s is confidential: its own members decide who belongs to it.",
                        desk.name,
                    )
                )

    def _spoc_check_idle(self):
        """Refuse to archive a desk that still owns open tickets."""
        # sudo: tickets of a desk one may not see count, too
        open_ticket = (
            self.env["spoc.ticket"]
            .sudo()
            .search(
                [("desk_id", "in", self.ids), ("state", "not in", CLOSED_STATES)],
                limit=1,
            )
        )
        if open_ticket:
            raise UserError(
                self.env._(
                    "%s still owns open tickets: end them, or give them away.",
                    open_ticket.desk_id.name,
                )
            )

    def _spoc_release_owned(self, users):
        """Users are no longer at these desks: their open tickets go to others.

        :param users: res.users
        """
        if not users:
            return
        # sudo: tickets that who changed the desk cannot read
        tickets = (
            self.env["spoc.ticket"]
            .sudo()
            .search(
                [
                    ("desk_id", "in", self.ids),
                    ("owner_id", "in", users.ids),
                    ("state", "not in", CLOSED_STATES),
                ]
            )
        )
        if tickets:
            tickets._spoc_release()
