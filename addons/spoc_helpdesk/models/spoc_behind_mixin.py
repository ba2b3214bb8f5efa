"""Records behind which a ticket stands that not everybody who reads them may see."""

from odoo import api, fields, models
from odoo.fields import Domain


class SpocBehindMixin(models.AbstractModel):
    """A record of a ticket that others than its desk read, too: not the ticket.

    The inner side, the ticket itself, is for members and manager of its desk; see
    ``spoc.inner.mixin``. A model lists in ``_spoc_behind_fields`` what else outsiders
    do not read.
    """

    _name = "spoc.behind.mixin"
    _description = "Record with a ticket behind it"
    _inherit = ["spoc.inner.mixin"]

    _spoc_behind_fields = frozenset({"ticket_id"})
    #: Desks that read the record beside the one that owns the ticket.
    _spoc_desk_fields = ("desk_id",)

    ticket_id = fields.Many2one(
        "spoc.ticket",
        "Owning Ticket",
        required=True,
        index=True,
        ondelete="restrict",
    )
    number = fields.Char(
        related="ticket_id.number", string="Ticket Number", store=True, precompute=True
    )
    owner_ticket_id = fields.Many2one(
        "spoc.ticket",
        "Ticket",
        compute="_compute_owner_ticket_id",
        help="The ticket, for those who work on it.",
    )

    @api.depends("ticket_id", "is_inner")
    @api.depends_context("uid")
    def _compute_owner_ticket_id(self):
        for record in self:
            # sudo: shown to the inner side only
            ticket = record.sudo().ticket_id
            record.owner_ticket_id = ticket if record.is_inner else False

    is_about_me = fields.Boolean(
        "Concerns Me",
        compute="_compute_is_about_me",
        search="_search_is_about_me",
        compute_sudo=True,
        export_string_translation=False,
        help="Belongs to a matter of the user's own, and a confidential desk has it.",
    )

    # ---- one's own matter ---------------------------------------------------

    @api.model
    def _spoc_about_depends(self):
        names = [f"{name}.privacy" for name in self._spoc_desk_fields]
        return ["ticket_id.is_about_me", *names]

    @api.depends(lambda self: self._spoc_about_depends())
    @api.depends_context("uid")
    def _compute_is_about_me(self):
        for record in self:
            record.is_about_me = self.env.user in record._spoc_barred()

    def _search_is_about_me(self, operator, value):
        if operator != "in":
            return NotImplemented
        Ticket = self.env["spoc.ticket"]
        desks = Ticket._spoc_confidential_desks()
        # any!: see _spoc_inner_domain, it only names people and desks
        kept = Domain("ticket_id", "any!", Domain("desk_id", "in", desks))
        for name in self._spoc_desk_fields:
            kept |= Domain(name, "in", desks)
        partner = self.env.user.partner_id
        return kept & Ticket._spoc_concerned_domain(partner, key="ticket_id")

    def _spoc_barred(self):
        """Users who may not see these records by being staff: it is their own matter.

        See ``spoc.ticket._spoc_barred``.
        """
        # sudo: privacy and people decide about rights, whoever asks
        records = self.sudo()
        users = self.env["res.users"].sudo()
        for record in records:
            desks = records.env["spoc.desk"].union(
                *(record[name] for name in self._spoc_desk_fields)
            )
            users |= record.ticket_id._spoc_barred(desks)
        return users

    @api.model
    def _spoc_is_outer_field(self, name):
        return name not in self._spoc_behind_fields

    @api.model
    def _spoc_inner_domain(self):
        return self._spoc_owning_domain("is_about_me")

    @api.model
    def _spoc_inner_condition(self):
        """The same by way of the ticket of each record: no second look at all."""
        # any!: see _spoc_inner_domain, it only names people and desks
        desks = self.env["spoc.ticket"]._spoc_inner_desk_domain()
        return Domain("ticket_id", "any!", desks) & Domain("is_about_me", "=", False)

    @api.model
    def _spoc_inner_depends(self):
        return self._spoc_owning_depends("is_about_me")

    def _spoc_is_owner_side(self):
        """Whether the user is at the desk that owns the ticket."""
        self.ensure_one()
        ticket = self.sudo().ticket_id  # sudo: membership decides, whoever asks
        return bool(ticket) and self.env.user in ticket._spoc_desk_users()
