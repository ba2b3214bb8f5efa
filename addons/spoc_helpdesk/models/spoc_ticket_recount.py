"""Another priority, service or desk: promises are counted anew, earned time stays."""

from odoo import fields, models

from odoo.addons.spoc_catalog.norms import ALWAYS, REQUESTER

from .spoc_clock import PROMISED
from .spoc_stage import OPEN_STATES
from .spoc_ticket_clocks import Hours

#: What is written -> what that may change.
CHANGING = {
    "desk_id": "desk",
    "service_id": "service",
    "priority": "priority",
    "impact": "priority",
    "urgency": "priority",
    "priority_by_hand": "priority",
}
DECIDING = ("desk_id", "service_id", "priority")


class SpocTicket(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.ticket"

    def write(self, vals):
        """What decides about promises decides anew when it changes."""
        causes = [CHANGING[name] for name in CHANGING if name in vals]
        if not causes:
            return super().write(vals)
        # sudo: what the promises depend on, whoever writes
        tickets = self.sudo()
        before = {ticket.id: [ticket[name] for name in DECIDING] for ticket in tickets}
        result = super().write(vals)
        changed = tickets.filtered(
            lambda ticket: before[ticket.id] != [ticket[name] for name in DECIDING]
        )
        if changed:
            changed._spoc_recount_clocks(causes[0])
        return result

    def _spoc_clock_policy(self):
        """The policy that holds for the ticket now: its service's, else its desk's."""
        self.ensure_one()
        return self._spoc_draft_policy(
            {"service_id": self.service_id.id, "desk_id": self.desk_id.id}
        )

    def _spoc_recount_clocks(self, cause=None):
        """Count running promises by the norms that hold for the tickets now.

        What was counted stays counted, pauses stay pauses, what is missed stays
        missed; without a norm of its kind a promise stays as made. While the policy is
        the one a clock comes from, the version it was promised under goes on holding.
        Nothing happens where nothing has changed.

        :param str cause: see ``spoc.clock.event``
        """
        changes = []
        # sudo: follows from what was judged
        hours = Hours(self.sudo().env, fields.Datetime.now())
        # sudo: open tickets of every desk keep their promise
        tickets = self.sudo().filtered(lambda ticket: ticket.state in OPEN_STATES)
        for ticket in tickets:
            policy = ticket._spoc_clock_policy()
            for one in ticket._spoc_running(*PROMISED):
                values = ticket._spoc_norm_values(one, policy)
                if any(one[name] != values[name] for name in ("seconds", "basis")) or (
                    one.desk_id.id != values["desk_id"]
                ):
                    changes.append((one, values, cause))
            ticket._spoc_start_missing(policy, hours)
        # sudo: clocks are changed by what they measure, never by hand
        clocks = self.env["spoc.clock"].sudo()
        clocks._spoc_change(hours.start, changes)
        waiting = tickets.filtered(lambda ticket: ticket.state == "waiting")
        if waiting:
            waiting._spoc_pause_clocks()
        clocks._spoc_wake([one.due for one, _values, _cause in changes])
        tickets._spoc_sync_due()

    def _spoc_norm_values(self, one, policy):
        """What a running clock counts by now: seconds, basis, desk, version."""
        version = one.version_id
        if version.policy_id != policy:
            version = version.browse(policy._spoc_version_id() or [])
        values = {
            "seconds": one.seconds,
            "basis": one.basis,
            "desk_id": self.desk_id.id,
            "version_id": one.version_id.id,
        }
        norm = version._spoc_norms(self.priority).get(one.kind) if version else None
        if not norm:
            return values
        zone = self.requester_id.tz
        if norm.counts == REQUESTER and one.basis not in (False, "", ALWAYS):
            zone = one.basis  # where they were when it was promised
        dues = self.desk_id._spoc_settle(one.started_at, {None: norm}, zone)
        due = dues[None]
        if due.moment:
            values.update(seconds=due.seconds, basis=due.basis, version_id=version.id)
        return values

    def _spoc_start_missing(self, policy, hours):
        """Start what is promised now and was not before."""
        had = set(self.clock_ids.mapped("kind"))
        if self.first_response_at:
            had.add("response")
        norms = policy._spoc_targets(self.priority)
        vals_list = []
        for kind in norms.keys() - had:
            due = hours.due(self.desk_id.id, norms[kind], self.requester_id.tz)
            if not due.moment:
                continue
            draft = {"desk_id": self.desk_id.id}
            vals_list.append(
                {
                    "ticket_id": self.id,
                    **self._spoc_clock_values(self.desk_id.id, kind, due, hours),
                    **self._spoc_policy_values(policy, kind, due, draft, hours),
                }
            )
        clocks = self.env["spoc.clock"].create(vals_list)
        clocks._spoc_wake([*clocks.mapped("due"), *clocks.mapped("level_due")])
