"""Tickets of very important people: marked, and counted by rule."""

from odoo import api, fields, models

from .spoc_vip_rule import raised


class SpocTicket(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.ticket"

    is_vip = fields.Boolean(
        "VIP",
        compute="_compute_is_vip",
        store=True,
        precompute=True,
        help="Whoever asks, or whom it is for, was a VIP when that was written down.",
    )
    vip_words = fields.Char("Counted for a VIP as", compute="_compute_vip_words")

    @api.depends("requester_id", "requested_for_id")
    def _compute_is_vip(self):
        Rule = self.env["spoc.vip.rule"]
        # sudo: the company of a desk is no secret
        for company, tickets in self.sudo().grouped("company_id").items():
            asking = tickets.requester_id | tickets.requested_for_id
            vips = Rule._spoc_are_vip(asking._origin.ids, company)
            for ticket in tickets:
                people = ticket.requester_id | ticket.requested_for_id
                theirs = set(people._origin.ids)
                ticket.is_vip = bool(vips & theirs)

    @api.depends("is_vip", "impact", "urgency", "company_id")
    @api.depends_context("lang")
    def _compute_vip_words(self):
        levels = dict(self._fields["urgency"]._description_selection(self.env))
        for ticket in self:
            # sudo: the rule of the company, whoever looks
            company = ticket.sudo().desk_id.company_id
            impact, urgency = ticket._spoc_vip_levels(
                ticket.impact, ticket.urgency, company, ticket.is_vip
            )
            words = False
            if (impact, urgency) != (ticket.impact, ticket.urgency):
                words = self.env._(
                    "VIP: counts as impact “%(impact)s”, urgency “%(urgency)s”",
                    impact=levels[impact or "normal"],
                    urgency=levels[urgency or "normal"],
                )
            ticket.vip_words = words

    @api.model
    def _spoc_vip_levels(self, impact, urgency, company, is_vip):
        """Impact and urgency as they go into the priority matrix.

        :return: ``(impact, urgency)``
        """
        if not is_vip:
            return impact, urgency
        raises = self.env["spoc.vip.rule"]._spoc_rule(company)[0]
        if raises in ("impact", "both"):
            impact = raised(impact)
        if raises in ("urgency", "both"):
            urgency = raised(urgency)
        return impact, urgency

    @api.model
    def _spoc_mark_vips(self, drafts):
        """Put into the values of new tickets whether a VIP asks."""
        Desk = self.env["spoc.desk"].sudo()  # sudo: the company of a desk is no secret
        people = {}
        for draft in drafts:
            company = Desk.browse(draft["desk_id"]).company_id
            theirs = {draft.get("requester_id"), draft.get("requested_for_id")}
            people.setdefault(company, set()).update(theirs - {None, False})
        vips = {
            company: self.env["spoc.vip.rule"]._spoc_are_vip(ids, company)
            for company, ids in people.items()
        }
        for draft in drafts:
            company = Desk.browse(draft["desk_id"]).company_id
            theirs = {draft.get("requester_id"), draft.get("requested_for_id")}
            draft["is_vip"] = bool(vips[company] & theirs)
