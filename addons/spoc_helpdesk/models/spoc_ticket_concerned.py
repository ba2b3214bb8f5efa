"""Whom a ticket concerns: nobody of a confidential desk works on their own matter."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from .spoc_stage import CLOSED_STATES

#: Whose matter a ticket is, as names of fields.
CONCERNED = ("requester_id", "requested_for_id", "about_ids")


class SpocTicket(models.Model):
    """A confidential ticket shows its work to no one it concerns.

    Whoever asked a confidential desk, for whom it was asked, and whom the matter is
    about, may be a member or the manager of that desk. Then they see what any other
    person in their place sees: the requester the outside, the others nothing.
    """

    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.ticket"

    about_ids = fields.Many2many(
        "res.partner",
        "spoc_ticket_about_rel",
        "ticket_id",
        "partner_id",
        copy=False,
        help="People the matter is about. Who is named here sees nothing of the work "
        "on it, not even as a member of the desk, and never hears of it.",
    )
    desk_privacy = fields.Selection(
        related="desk_id.privacy",
        string="Privacy of the Desk",
        export_string_translation=False,
    )
    is_about_me = fields.Boolean(
        "Concerns Me",
        compute="_compute_is_about_me",
        search="_search_is_about_me",
        compute_sudo=True,
        export_string_translation=False,
        help="A matter of the user's own at a confidential desk.",
    )

    # ---- who is concerned --------------------------------------------------

    @api.depends("desk_id.privacy", *CONCERNED)
    @api.depends_context("uid")
    def _compute_is_about_me(self):
        partner = self.env.user.partner_id
        for ticket in self:
            ticket.is_about_me = (
                ticket.desk_id.privacy == "confidential"
                and partner in ticket._spoc_concerned()
            )

    def _search_is_about_me(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("desk_id", "in", self._spoc_confidential_desks()) & (
            self._spoc_concerned_domain(self.env.user.partner_id)
        )

    @api.model
    def _spoc_confidential_desks(self):
        """Query of the desks that keep their work from those it concerns."""
        # sudo: privacy decides about rights, whoever asks
        Desk = self.env["spoc.desk"].sudo().with_context(active_test=False)
        return Desk._search([("privacy", "=", "confidential")])

    @api.model
    def _spoc_concerned_domain(self, partner, key="id"):
        """Domain of the tickets, of whatever desk, that are a person's own matter.

        :param str key: see :meth:`_spoc_naming_domain`
        """
        return self._spoc_naming_domain(partner, CONCERNED, key)

    def _spoc_concerned(self):
        """Partners whose matter these tickets are (as superuser)."""
        return self.requester_id | self.requested_for_id | self.about_ids

    def _spoc_barred(self, desk=None):
        """Users who may not work on these tickets for a desk: it is their own matter.

        :param desk: spoc.desk, the owning one by default
        """
        # sudo: privacy and people decide about rights, whoever asks
        tickets = self.sudo()
        desks = (desk or tickets.desk_id).sudo()
        if "confidential" not in (desks | tickets.desk_id).mapped("privacy"):
            return desks.env["res.users"]
        return tickets._spoc_concerned().with_context(active_test=False).user_ids

    def _spoc_desk_users(self):
        return super()._spoc_desk_users() - self._spoc_barred()

    def _spoc_manager(self):
        """Manager of the desk of this one ticket, unless it is their own matter."""
        self.ensure_one()
        # sudo: who leads the desk, whoever asks
        manager = self.sudo().desk_id.manager_id
        return manager - self._spoc_barred() if manager else manager

    # ---- inside ------------------------------------------------------------

    @api.model
    def _spoc_inner_domain(self):
        return super()._spoc_inner_domain() & Domain("is_about_me", "=", False)

    @api.model
    def _spoc_inner_condition(self):
        return super()._spoc_inner_condition() & Domain("is_about_me", "=", False)

    @api.model
    def _spoc_inner_depends(self):
        return [*super()._spoc_inner_depends(), *CONCERNED]

    # ---- owner -------------------------------------------------------------

    @api.constrains("owner_id", "desk_id", "state", *CONCERNED)
    def _check_owner_unconcerned(self):
        for ticket in self:
            owner = ticket.owner_id
            if not owner or ticket.state in CLOSED_STATES:
                continue
            if owner in ticket._spoc_barred():
                raise ValidationError(
                    self.env._(
                        "%(number)s is a matter of %(user)s: at a confidential desk "
                        "somebody else has to answer for it.",
                        user=owner.name,
                        number=ticket.number,
                    )
                )

    @api.constrains("about_ids", "desk_id")
    def _check_about(self):
        for ticket in self:
            if ticket.about_ids and ticket.desk_id.privacy != "confidential":
                raise ValidationError(
                    self.env._(
                        "%s is no confidential desk: everybody there would read whom "
                        "the matter is about.",
                        ticket.desk_id.name,
                    )
                )

    def _spoc_owner_stays(self):
        return super()._spoc_owner_stays() and self.owner_id not in self._spoc_barred()

    # ---- routing -----------------------------------------------------------

    @api.model
    def _spoc_route(self, drafts, hours):
        self._spoc_meet_concerned(drafts)
        return super()._spoc_route(drafts, hours)

    @api.model
    def _spoc_meet_concerned(self, drafts):
        """Look up at once the users whose own matter new confidential tickets are."""
        # sudo: privacy of the desk decides about rights, whoever creates
        Desk = self.env["spoc.desk"].sudo()
        ids = {
            partner_id
            for draft in drafts
            if Desk.browse(draft["desk_id"]).privacy == "confidential"
            for partner_id in self._spoc_concerned_in(draft)
        }
        if ids:
            # sudo: fills the cache of accounts behind contacts, shows none
            self.env["res.partner"].sudo().browse(ids).user_ids.mapped("active")

    @api.model
    def _spoc_concerned_in(self, draft):
        """Ids of the partners whose matter a ticket with these values is."""
        about = self.new({"about_ids": draft.get("about_ids") or []}).about_ids
        return {
            draft.get("requester_id"),
            draft.get("requested_for_id"),
            *about._origin.ids,
        } - {None, False}

    @api.model
    def _spoc_ask_of(self, draft):
        ask = super()._spoc_ask_of(draft)
        # sudo: privacy of the desk decides who is left out, whoever asks
        desk = self.env["spoc.desk"].sudo().browse(draft["desk_id"])
        if desk.privacy != "confidential":
            return ask
        # sudo: accounts of those concerned are only kept from owning it
        people = self.env["res.partner"].sudo().browse(self._spoc_concerned_in(draft))
        return {**ask, "excluded": ask["excluded"] | frozenset(people.user_ids.ids)}

    def _spoc_draft(self):
        return {
            **super()._spoc_draft(),
            "requested_for_id": self.requested_for_id.id,
            "about_ids": [fields.Command.set(self.about_ids.ids)],
        }
