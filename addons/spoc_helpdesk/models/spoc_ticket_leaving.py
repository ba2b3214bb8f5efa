"""Who loses a ticket loses it at once: links, files, reminders, what they follow."""

import uuid

from odoo import models
from odoo.fields import Domain

from .spoc_stage import CLOSED_STATES

#: What decides who reads a ticket.
DECIDING = frozenset(
    {"about_ids", "desk_id", "requested_for_id", "requester_id", "watcher_ids"}
)


class SpocTicket(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.ticket"

    def write(self, vals):
        if not DECIDING & vals.keys():
            return super().write(vals)
        # sudo: who had it, whoever changes that
        before = {ticket: ticket._spoc_audience() for ticket in self.sudo()}
        result = super().write(vals)
        # sudo: who no longer has it, also when this very write shuts the writer out
        left = self.sudo().filtered(lambda t: before[t] - t._spoc_audience())
        left._spoc_renew_links()
        self.sudo()._spoc_forget_outsiders()  # sudo: followers of whoever has left
        return result

    def _spoc_renew_links(self):
        """Links that were sent lead nowhere any more, nor do those to files.

        Called as superuser, when somebody who had them may not read the tickets.
        """
        for ticket in self:
            ticket._spoc_write({"access_token": str(uuid.uuid4())})
        # Files of public words and of answers are linked one by one.
        files = self.env["ir.attachment"].with_context(skip_res_field_check=True)
        files.search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("access_token", "!=", False),
            ]
        ).write({"access_token": False})
        self.env["rating.rating"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("consumed", "=", False),
            ]
        ).filtered(
            lambda one: one.partner_id != self.browse(one.res_id).requester_id
        ).unlink()

    def _spoc_forget_outsiders(self):
        """Whoever has no part in the tickets any more follows none and plans none.

        Called as superuser.
        """
        inside = {ticket.id: ticket._spoc_desk_users().partner_id for ticket in self}
        on_tickets = [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        self.env["mail.activity"].search(on_tickets).filtered(
            lambda one: one.user_id and one.user_id.partner_id not in inside[one.res_id]
        ).unlink()
        self.env["mail.followers"].search(on_tickets).filtered(
            lambda one: (
                one.partner_id
                not in inside[one.res_id] | self.browse(one.res_id)._spoc_audience()
            )
        ).unlink()


class SpocDesk(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.desk"

    def write(self, vals):
        if not {"manager_id", "member_ids", "privacy"} & vals.keys():
            return super().write(vals)
        # sudo: who is at the desk, whoever changes that
        before = {
            desk: (desk.member_ids | desk.manager_id, desk.privacy)
            for desk in self.sudo()
        }
        result = super().write(vals)
        for desk, (users, privacy) in before.items():
            gone = users - (desk.member_ids | desk.manager_id)
            if gone:
                desk._spoc_forget_members(gone)
            if privacy != desk.privacy == "confidential":
                desk._spoc_free_from_own_matters()
        return result

    def _spoc_forget_members(self, users):
        """Users who have left the desk follow none of its tickets and plan nothing.

        Called as superuser; set-based, for a desk may have any number of tickets.
        """
        Ticket = self.env["spoc.ticket"].with_context(active_test=False)
        here = Domain("desk_id", "=", self.id)
        on_tickets = Domain("res_model", "=", Ticket._name) & Domain(
            "res_id", "in", Ticket._search(here)
        )
        self.env["mail.activity"].search(
            on_tickets & Domain("user_id", "in", users.ids)
        ).unlink()
        # What was shared with them, or asked by them, they go on following.
        following = Domain.OR(
            Domain("partner_id", "=", partner.id)
            & Domain(
                "res_id",
                "not in",
                Ticket._search(here & Ticket._spoc_requester_domain(partner)),
            )
            for partner in users.partner_id
        )
        self.env["mail.followers"].search(on_tickets & following).unlink()

    def _spoc_free_from_own_matters(self):
        """A desk has become confidential: nobody keeps a matter of their own.

        Called as superuser.
        """
        for user in self.member_ids:
            tickets = self.env["spoc.ticket"].search(
                Domain("desk_id", "=", self.id)
                & Domain("owner_id", "=", user.id)
                & Domain("state", "not in", CLOSED_STATES)
                & self.env["spoc.ticket"]._spoc_concerned_domain(user.partner_id)
            )
            if tickets:
                tickets._spoc_release()
        own = self.env["spoc.ticket"].search(
            Domain("desk_id", "=", self.id)
            & Domain.OR(
                self.env["spoc.ticket"]._spoc_concerned_domain(user.partner_id)
                for user in self.member_ids | self.manager_id
            )
        )
        own._spoc_forget_outsiders()
