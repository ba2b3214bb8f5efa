"""The norm for work at another line (OLA): from being given to being answered."""

from odoo import api, fields, models

from .spoc_clock import RUNNING
from .spoc_ticket import ENGINE
from .spoc_ticket_clocks import REOPEN_SHARE


class SpocAssignment(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.assignment"

    clock_ids = fields.One2many("spoc.clock", "assignment_id", copy=False)
    ola_state = fields.Selection(
        [
            ("running", "In time"),
            ("paused", "Paused"),
            ("met", "Met"),
            ("missed", "Missed"),
        ],
        "Norm",
        compute="_compute_ola_state",
        help="Whether the line keeps to the time agreed for its work.",
    )

    @api.depends("clock_ids.state")
    def _compute_ola_state(self):
        for assignment in self:
            # sudo: the line reads how it does, not the clocks of the ticket
            last = assignment.sudo().clock_ids.sorted("id")[-1:]
            state = last.state
            assignment.ola_state = state if state != "stopped" else False

    @api.model_create_multi
    def create(self, vals_list):
        assignments = super().create(vals_list)
        assignments._spoc_start_ola()
        return assignments

    def write(self, vals):
        if not {"state", "due"} & vals.keys() or "spoc_ola" in self.env.context:
            return super().write(vals)
        # sudo: the clock follows from the work, whoever does it
        parts = self.sudo()
        before = {part.id: (part.state, part.due) for part in parts}
        result = super().write(vals)
        for part in parts:
            state, due = before[part.id]
            if part.state != state:
                part._spoc_move_ola(state)
            elif part.due != due and part.is_open:
                part._spoc_agree_ola()
        return result

    # ---- clocks ------------------------------------------------------------

    def _spoc_running_ola(self):
        return self.clock_ids.filtered(lambda one: one.state in RUNNING)

    def _spoc_start_ola(self):
        """Start the clocks of new parts: a date was agreed, or the line has a norm."""
        now = fields.Datetime.now()
        vals_list = []
        # sudo: the norm of the line, whoever gives it the part
        for part in self.sudo():
            norm = None if part.due else part._spoc_ola_norm()
            if part.due:
                seconds = part.desk_id._spoc_working_seconds(now, part.due)
                values = {"seconds": round(seconds), "due": part.due}
            elif norm:
                due = part.desk_id._spoc_settle(now, {None: norm})[None]
                if not due.moment:
                    continue
                version_id = part.desk_id._spoc_policy()._spoc_version_id()
                values = {
                    "seconds": due.seconds,
                    "due": due.moment,
                    "basis": due.basis,
                    "version_id": version_id,
                }
                part._spoc_set_due(due.moment)
            else:
                continue
            vals_list.append(
                {
                    "ticket_id": part.ticket_id.id,
                    "assignment_id": part.id,
                    "kind": "ola",
                    "desk_id": part.desk_id.id,
                    "started_at": now,
                    **values,
                }
            )
        if not vals_list:
            return
        # sudo: clocks are made by the work, nobody has a right to create one
        Clock = self.env["spoc.clock"].sudo()
        clocks = Clock.create(vals_list)
        clocks._spoc_wake(clocks.mapped("due"))
        clocks._spoc_arm_levels(now)

    def _spoc_ola_norm(self):
        """The norm of the line for the priority of the ticket, or ``None``."""
        self.ensure_one()
        return self.desk_id._spoc_policy()._spoc_ola(self.ticket_id.priority)

    def _spoc_set_due(self, due):
        self.with_context(spoc_engine=ENGINE, spoc_ola=True).write({"due": due})

    def _spoc_move_ola(self, before):
        """The part has come into another state: its clock ends, or goes on.

        :param str before: the state it was in
        """
        self.ensure_one()
        now = fields.Datetime.now()
        last = self.clock_ids.sorted("id")[-1:]
        if self.state in ("answered", "confirmed"):
            last._spoc_end(now)
        elif not self.is_open:
            last._spoc_end(now, kept=False)
        elif before == "answered" and last.state == "met":
            left = max(last.remaining, last.seconds // REOPEN_SHARE)
            again = self.ticket_id._spoc_next_clock(last, left, now)
            if again:
                self._spoc_set_due(again.due)

    def _spoc_agree_ola(self):
        """Another date has been agreed with the line."""
        self.ensure_one()
        now = fields.Datetime.now()
        running = self._spoc_running_ola()
        if not self.due:
            running._spoc_end(now, kept=False)
        elif not running:
            self._spoc_start_ola()
        else:
            left = round(self.desk_id._spoc_working_seconds(now, self.due))
            used = running.seconds - running._spoc_left(now)
            values = {
                "left": left,
                "seconds": used + left,
                "basis": running.basis,
                "desk_id": running.desk_id.id,
            }
            running._spoc_change(now, [(running, values, "due")])
            running._spoc_wake(running.mapped("due"))

    def _spoc_tell_overdue(self):
        """Put late work before the line."""
        if self:
            self._spoc_tell_line(
                lambda env, assignment: env._("Overdue: %s", assignment.name)
            )


class SpocClock(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.clock"

    def _spoc_resume(self, now):
        """What was agreed with a line moves by what was waited."""
        parts = self.filtered(lambda one: one.state == "paused" and one.assignment_id)
        result = super()._spoc_resume(now)
        for one in parts:
            one.assignment_id._spoc_set_due(one.due)
        return result
