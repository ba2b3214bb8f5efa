"""Saying yes or no, and letting somebody else say it."""

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from .spoc_approval import REASON_LIMIT
from .spoc_ticket import ENGINE


class SpocApproval(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.approval"

    # ---- buttons -----------------------------------------------------------

    def action_approve(self):
        """Say yes to all of these."""
        self._spoc_decide("approved")
        return True

    def action_reject(self):
        """Ask why not, then say no to all of these."""
        return self._spoc_wizard("rejected", self.env._("Say no"))

    def action_approve_with_note(self):
        """Say yes to all of these, with a word about it."""
        return self._spoc_wizard("approved", self.env._("Say yes"))

    def action_delegate(self):
        """Ask who shall decide instead."""
        return self._spoc_wizard("delegated", self.env._("Hand on"))

    def action_reassign(self):
        """The desk asks somebody else than the rule found."""
        return self._spoc_wizard("changed", self.env._("Ask somebody else"))

    def action_open_ticket(self):
        """The ticket, for those who work on it."""
        self.ensure_one()
        self._spoc_check_inner()
        return {
            "type": "ir.actions.act_window",
            "res_model": "spoc.ticket",
            "res_id": self.ticket_id.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def _spoc_wizard(self, decision, name):
        """Window that asks for the words of a decision about these.

        :param str decision: see ``spoc.approval.decide``
        :param str name: title of the window
        """
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "spoc.approval.decide",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_approval_ids": self.ids,
                "default_decision": decision,
            },
        }

    # ---- yes or no ---------------------------------------------------------

    def _spoc_decide(self, decision, reason="", by=None):
        """Say yes or no. What follows happens at once: the next step is asked, the
        work goes on, or the request is ended.

        :param str decision: ``approved`` or ``rejected``
        :param str reason: plain text; a no needs one
        :param by: res.users who was identified otherwise than by signing in; the
            current user by default
        :raises AccessError: for anybody but the person asked
        :raises UserError: without a reason, or when it cannot be decided any more
        """
        by = by or self.env.user
        reason = (reason or "").strip()[:REASON_LIMIT]
        if decision == "rejected" and not reason:
            raise UserError(self.env._("Say why not: whoever asked reads it."))
        approvals = self._spoc_begin(by)
        now = fields.Datetime.now()
        for approval in approvals:
            approval._spoc_write(
                {
                    "state": decision,
                    "reason": reason or False,
                    "decided_at": now,
                    "hours": approval._spoc_hours_until(now),
                    "next_at": False,
                }
            )
        approvals._spoc_drop_activities()
        for ticket in approvals.ticket_id:
            ticket._spoc_log_decisions(approvals & ticket.approval_ids, by)
        approvals.ticket_id._spoc_count_votes()

    def _spoc_begin(self, by=None):
        """Lock the tickets and look again at what can be decided.

        :param by: res.users who decides, empty for the suite itself
        :return: the approvals as superuser, as they are in the database now
        """
        if by is None:
            approvals = self.sudo()  # sudo: the callers check who they are
            approvals.ticket_id._spoc_fence_approvals()
            return approvals
        # sudo: who was asked decides, and nobody else learns anything
        approvals = self.sudo().exists()
        if len(approvals) < len(self) or any(a.approver_id != by for a in approvals):
            raise AccessError(self.env._("This is not yours to decide."))
        approvals.ticket_id._spoc_fence_approvals()
        for approval in approvals:
            approval._spoc_check_decidable(by)
        return approvals

    def _spoc_hours_until(self, now):
        """Working hours of the ticket's desk since it was asked."""
        self.ensure_one()
        if not self.asked_at:
            return 0.0
        # sudo: the desk's calendar, whoever decides
        desk = self.sudo().ticket_id.desk_id
        return desk._spoc_working_seconds(self.asked_at, now) / 3600

    # ---- somebody else -----------------------------------------------------

    def _spoc_delegate(self, user, reason):
        """Let a colleague decide instead; the reason is kept.

        :param user: res.users
        :raises UserError: when the rule or the colleague does not allow it
        """
        approvals = self._spoc_begin(self.env.user)
        if not all((approval.terms or {}).get("delegate") for approval in approvals):
            raise UserError(self.env._("This cannot be handed on: decide yourself."))
        # A request that came back to who gave it away would be nobody's.
        for approval in approvals:
            approval._spoc_check_successor(user)
        approvals._spoc_replace(user, "delegated", "delegated", reason)

    def _spoc_reassign(self, user, reason):
        """The desk names who decides; nobody names themselves.

        :param user: res.users
        :raises AccessError: for anybody but the manager of the desk
        :raises UserError: when the person cannot decide
        """
        approvals = self._spoc_begin()
        for approval in approvals:
            if self.env.user not in approval.ticket_id._spoc_renamers():
                raise AccessError(self.env._("The manager of the desk does this."))
            if user == self.env.user:
                raise UserError(self.env._("Nobody lets themselves decide."))
            approval._spoc_refuse_over()
            approval._spoc_check_successor(user)
        approvals._spoc_replace(user, "expired", "changed", reason)

    def _spoc_check_successor(self, user):
        """Refuse a person who cannot decide here, and say why.

        :raises UserError: naming the person
        """
        self.ensure_one()
        user = user.sudo()  # sudo: colleagues, whoever may look them up
        if not user or not user.active or user.share:
            raise UserError(self.env._("Choose a colleague who signs in here."))
        if user.partner_id in self.ticket_id._spoc_interested():
            raise UserError(self.env._("%s asked for it, so others decide.", user.name))
        rows = self.ticket_id.approval_ids.filtered(
            lambda row: row.round == self.round and row.step == self.step
        )
        if user in rows.approver_id:
            raise UserError(
                self.env._("%s is or was asked in this step already.", user.name)
            )

    def _spoc_replace(self, user, state, note, reason=""):
        """Ask somebody else in the place of those who were asked.

        :param user: res.users, the successor; or a dictionary id -> res.users
        :param str state: what becomes of the old rows
        :param str note: why the new ones are there
        :return: the new approvals, asked
        """
        now = fields.Datetime.now()
        created = self.browse()
        for approval in self:
            heir = user[approval.id] if isinstance(user, dict) else user
            fresh = approval.with_context(spoc_engine=ENGINE)._spoc_make_heir(
                heir, note
            )
            approval._spoc_write(
                {
                    "state": state,
                    "reason": (reason or "").strip()[:REASON_LIMIT] or False,
                    "decided_at": now,
                    "hours": approval._spoc_hours_until(now),
                    "next_at": False,
                    "successor_id": fresh.id,
                }
            )
            created |= fresh
        self._spoc_drop_activities()
        created._spoc_ask()
        return created

    def _spoc_make_heir(self, user, note):
        """A row like this one for somebody else, not asked yet."""
        self.ensure_one()
        vals = {
            name: self[name].id if self._fields[name].type == "many2one" else self[name]
            for name in (
                "ticket_id",
                "service_id",
                "round",
                "step",
                "step_count",
                "kind",
                "need",
                "amount",
                "currency_id",
                "terms",
            )
        }
        return self._spoc_make(
            [
                {
                    **vals,
                    "approver_id": user.id,
                    "in_place_of_id": self.approver_id.id or False,
                    "note": note,
                }
            ]
        )

    def _spoc_make(self, vals_list):
        """Create rows: without a log or followers, nobody watches them."""
        # sudo: rows have no other author than the request
        return (
            self.sudo()
            .with_context(
                spoc_engine=ENGINE,
                tracking_disable=True,
                mail_create_nolog=True,
                mail_create_nosubscribe=True,
            )
            .create(vals_list)
            # sudo: callers go on with the new rows as superuser
            .with_env(self.sudo().env)
        )
