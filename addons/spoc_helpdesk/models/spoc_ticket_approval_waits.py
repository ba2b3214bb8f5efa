"""What approvals do to a ticket: it waits for them, and follows what they say."""

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html

from ..approval_votes import AGREED, outcome
from .spoc_stage import OPEN_STATES

#: Words told instead of others to those whose request depends on an approval.
TOLD_INSTEAD = {
    "spoc_helpdesk.mail_template_received": (
        "asked",
        "spoc_helpdesk.mail_template_received_approval",
    ),
    "spoc_helpdesk.mail_template_cancelled": (
        "rejected",
        "spoc_helpdesk.mail_template_approval_rejected",
    ),
}


class SpocTicket(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.ticket"

    # ---- waiting -----------------------------------------------------------

    def _spoc_wait_for_approval(self):
        """Nobody at the desk can move until others have agreed: the clocks wait."""
        for desk, tickets in self.grouped("desk_id").items():
            reason = self.env["spoc.wait.reason"]._spoc_find("approval", desk)
            if reason:
                tickets._spoc_wait(reason)
            else:  # a desk without that reason waits nonetheless
                tickets._spoc_enter("waiting")
                tickets._spoc_pause_clocks()

    def _spoc_go_on_approved(self):
        """What was waited for has come."""
        going = self._spoc_happened("approval")
        left = (self - going).filtered(lambda ticket: ticket.state == "waiting")
        if left:
            left._spoc_resume("approval")

    def _spoc_wait(self, reason, until=None):
        # sudo: reasons are definitions
        if reason.sudo().waits_for != "approval":
            self._spoc_refuse_unapproved()
        return super()._spoc_wait(reason, until)

    def _spoc_unapproved(self):
        """Those of the tickets whose approval is open."""
        # sudo: whether they wait, whoever looks
        return self.sudo().filtered(lambda ticket: ticket.approval_state == "asked")

    def _spoc_refuse_unapproved(self):
        """Raise while others have to agree to one of the tickets.

        :raises UserError: naming them
        """
        for ticket in self._spoc_unapproved():
            raise UserError(
                self.env._(
                    "%(number)s waits for the approval of %(names)s. Work goes on by "
                    "itself once they have agreed.",
                    number=ticket.number,
                    names=ticket.approval_words or self.env._("somebody to be named"),
                )
            )

    def action_resume(self):
        self._spoc_refuse_unapproved()
        return super().action_resume()

    def action_resolve(self):
        self._spoc_refuse_unapproved()
        return super().action_resolve()

    def _spoc_go_to_state(self, state):
        if state in ("in_progress", "resolved"):
            self._spoc_refuse_unapproved()
        return super()._spoc_go_to_state(state)

    def _spoc_resume(self, *args, **kwargs):
        """A word of the requester does not stand for the one that is waited for."""
        waiting = self._spoc_unapproved()
        free = self.filtered(lambda ticket: ticket.id not in waiting._ids)
        if not free:
            return None
        return super(SpocTicket, free)._spoc_resume(*args, **kwargs)

    def _spoc_resolve(self):
        self._spoc_refuse_unapproved()
        return super()._spoc_resolve()

    # ---- ends and beginnings again -----------------------------------------

    def _spoc_cancel(self):
        unapproved = self._spoc_unapproved()
        unapproved._spoc_call_off()
        return super()._spoc_cancel()

    def _spoc_call_off(self):
        """Nobody has to decide any more; called as superuser."""
        if not self:
            return
        self._spoc_fence_approvals()
        rows = self.approval_ids.filtered(lambda row: row.state in ("coming", "asked"))
        rows._spoc_spare("ended")
        self._spoc_write({"approval_state": "off"})

    def _spoc_reopen(self):
        """What others refused, or did not get to decide, is asked again."""
        result = super()._spoc_reopen()
        # sudo: a requester who reopens may not read approvals
        again = self.sudo().filtered(lambda t: t.approval_state in ("rejected", "off"))
        if again:
            again._spoc_ask_again()
        return result

    def _spoc_ask_again(self):
        """A new round of the steps that were not agreed; who was asked is asked."""
        vals_list = []
        for ticket in self:
            rows = ticket._spoc_round_rows()
            steps = [
                step
                for step, many in rows.grouped("step").items()
                if outcome(many.mapped("state"), many[:1].need) != AGREED
            ]
            for row in rows.filtered(
                lambda row, steps=steps: row.step in steps and not row.successor_id
            ):
                if row.note == "nobody" and row.state == "not_needed":
                    continue
                vals_list.append(row._spoc_repeat_values())
        self.env["spoc.approval"]._spoc_make(vals_list)
        self.invalidate_recordset(["approval_ids"])
        self._spoc_next_step()

    def write(self, vals):
        """Another service or another person: others have to agree."""
        names = {"service_id", "requester_id", "requested_for_id"} & vals.keys()
        if not names:
            return super().write(vals)
        # sudo: approvals are compared and begun, whoever changes the ticket
        tickets = self.sudo()

        def read(ticket):
            return [ticket[name].id for name in sorted(names)]

        before = {ticket.id: read(ticket) for ticket in tickets}
        result = super().write(vals)
        changed = tickets.filtered(lambda ticket: before[ticket.id] != read(ticket))
        if changed:
            changed._spoc_renew_approvals()
        return result

    def _spoc_renew_approvals(self):
        """Begin anew with what the service of open tickets asks for now."""
        tickets = self.filtered(
            lambda ticket: (
                ticket.state in OPEN_STATES
                and (ticket.approval_state or ticket.service_id.approval_rule_id)
            )
        )
        if not tickets:
            return
        waited = tickets._spoc_unapproved()
        waited._spoc_call_off()
        tickets._spoc_write({"approval_state": False})
        tickets._spoc_begin_approvals()
        free = waited.filtered(lambda ticket: ticket.approval_state != "asked")
        if free:
            free._spoc_go_on_approved()

    # ---- shown -------------------------------------------------------------

    def _spoc_timeline_lanes(self):
        lanes = getattr(super(), "_spoc_timeline_lanes", dict)()
        return {**lanes, "approval": self.env._("Approvals")}

    def _spoc_timeline_entries(self):
        """Adds who was asked for how long, and what they said."""
        entries = getattr(super(), "_spoc_timeline_entries", list)()
        tones = {"approved": "ok", "rejected": "bad", "asked": "warn"}
        # sudo: read by those inside
        for row in self.sudo().approval_ids.filtered("asked_at"):
            entries.append(
                {
                    "at": row.asked_at,
                    "end": row.decided_at or None,
                    "open": row.state == "asked",
                    "lane": "approval",
                    "code": row.state,
                    "label": ": ".join(
                        filter(None, [row.approver_id.name, row._spoc_label("state")])
                    ),
                    "note": row.reason or "",
                    "tone": tones.get(row.state, "muted"),
                }
            )
        return entries

    # ---- telling -----------------------------------------------------------

    def _spoc_tell(self, template_xmlid, **kwargs):
        """Who waits for an approval, or did not get it, is told so."""
        state, other = TOLD_INSTEAD.get(template_xmlid, (None, None))
        if not state:
            return super()._spoc_tell(template_xmlid, **kwargs)
        # sudo: whether they wait, whoever looks
        concerned = self.sudo().filtered(lambda t: t.approval_state == state)
        if concerned:
            super(SpocTicket, concerned)._spoc_tell(other, **kwargs)
        rest = self.filtered(lambda ticket: ticket.id not in concerned._ids)
        if rest:
            super(SpocTicket, rest)._spoc_tell(template_xmlid, **kwargs)
        return None

    def _spoc_log_decisions(self, approvals, by=None):
        """Keep on the thread, for the desk, who decided what.

        :param by: res.users who decided, empty for nobody in time
        """
        self.ensure_one()
        for approval in approvals:
            words = self.env._(
                "%(decision)s by %(name)s, %(step)s.",
                decision=approval._spoc_label("state"),
                name=approval.approver_id.name,
                step=approval.step_words,
            )
            if not by:
                words = self.env._(
                    "No answer of %s in time: taken for a no.",
                    approval.approver_id.name,
                )
            self._message_log(
                body=plaintext2html("\n".join(filter(None, [words, approval.reason]))),
                author_id=(by or self.env.user).partner_id.id,
            )

    def _spoc_no_words(self):
        """Who said no and why, for the mail to the requester.

        :return: dictionary ``name`` and ``reason``, both may be empty
        """
        self.ensure_one()
        rows = self._spoc_round_rows().filtered(lambda row: row.state == "rejected")
        said = rows.sorted("decided_at")[-1:]
        internal = any(user._is_internal() for user in self.requester_id.user_ids)
        return {
            "name": said.approver_id.name if internal else "",
            "reason": said.reason or "",
        }
