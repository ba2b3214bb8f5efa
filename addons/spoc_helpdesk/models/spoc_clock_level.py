"""Warnings and escalation: what is done when so much of a promise is used up."""

from odoo import api, fields, models
from odoo.fields import Domain

from .spoc_clock import RUNNING, Falls
from .spoc_stage import OPEN_STATES


class SpocClock(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.clock"

    level_due = fields.Datetime(
        "Next Level", help="When the next level of escalation is reached."
    )
    level_share = fields.Integer(
        "Next Level at", aggregator=None, help="Percent of the promised time."
    )
    escalation_ids = fields.One2many("spoc.escalation", "clock_id")

    # As for what is due: the scheduler reads the head of it.
    _level_due_idx = models.Index("(level_due, id) WHERE level_due IS NOT NULL")

    @api.model
    def _spoc_due_kinds(self):
        levels = Falls(
            self, Domain("level_due", "!=", False), "level_due", "_spoc_reach_levels"
        )
        return [*super()._spoc_due_kinds(), levels]

    def _spoc_disarmed(self):
        return {**super()._spoc_disarmed(), "level_due": False}

    # ---- when --------------------------------------------------------------

    def _spoc_used(self, now):
        """Percent of the promise that is used up, over 100 when late."""
        self.ensure_one()
        if not self.seconds:
            return 100.0
        if self.due and self.due <= now and self.state != "paused":
            basis = self.basis or ""
            late = self.desk_id._spoc_working_seconds(self.due, now, basis)
            return 100.0 + 100.0 * late / self.seconds
        return 100.0 - 100.0 * self._spoc_left(now) / self.seconds

    def _spoc_arm_levels(self, now, above=None):
        """Store when the next level of each clock is reached, and wake up then.

        :param dict above: clock id -> percent; levels over it are still to come even
            if they have been passed by now. By default what is used up counts.
        """
        moments = []
        for clock in self:
            shares = clock._spoc_shares_left()
            if not shares and not clock.level_due:
                continue
            used = clock._spoc_used(now)
            floor = (above or {}).get(clock.id, used)
            share = next((one for one in shares if one > floor), None)
            moment = clock._spoc_share_moment(share, used, now) if share else False
            clock.write({"level_due": moment, "level_share": share or 0})
            moments.append(moment)
        self._spoc_wake(moments)

    def _spoc_shares_left(self):
        """Shares at which something will be done for this clock."""
        self.ensure_one()
        waiting = self.state == "paused" or self.state not in (*RUNNING, "missed")
        if waiting or self.ended_at:
            return ()
        return self.version_id.policy_id._spoc_shares(self.kind)

    def _spoc_share_moment(self, share, used, now):
        if share <= used:
            return now
        seconds = self.seconds * (share - used) / 100
        return self.desk_id._spoc_deadline(now, round(seconds), self.basis or "")

    def _spoc_resume(self, now):
        result = super()._spoc_resume(now)
        self._spoc_arm_levels(now)
        return result

    def _spoc_change(self, now, changes):
        clocks = self.concat(*(clock for clock, _values, _cause in changes))
        above = {clock.id: clock._spoc_used(now) for clock in clocks}
        result = super()._spoc_change(now, changes)
        clocks._spoc_arm_levels(now, above)
        return result

    # ---- what is done ------------------------------------------------------

    def _spoc_reach_levels(self):
        """Carry out what the levels reached by these clocks say, each once.

        The note that it was done and the deed stand or fall together.
        """
        now = fields.Datetime.now()
        asleep = self.filtered(lambda clock: clock._spoc_is_asleep())
        asleep.write({"level_due": False})
        clocks = self - asleep
        reached = [
            (clock, level)
            for clock in clocks
            for level in clock._spoc_levels_reached(now)
        ]
        if reached:
            # sudo: escalations have no other author than the clock
            Escalation = self.env["spoc.escalation"].sudo()
            done = Escalation.create(
                [clock._spoc_escalation_values(level, now) for clock, level in reached]
            )
            done.flush_recordset()  # the database refuses a second time before a deed
            done._spoc_carry_out()
        above = {clock.id: clock.level_share for clock in clocks}
        clocks._spoc_arm_levels(now, above)

    def _spoc_is_asleep(self):
        """Whether the clock of a ticket that waits or ended was forgotten to disarm."""
        self.ensure_one()
        ticket = self.ticket_id
        if self.ended_at or ticket.state not in OPEN_STATES:
            return True
        pauses = ticket.wait_reason_id._spoc_pauses() if ticket.wait_reason_id else ()
        return ticket.state == "waiting" and self.kind in pauses

    def _spoc_levels_reached(self, now):
        """Levels of the policy that are reached and were not carried out yet."""
        self.ensure_one()
        used = self._spoc_used(now) + 0.01  # moments are whole seconds
        done = self.escalation_ids.level_id
        return self.version_id.policy_id.level_ids.filtered(
            lambda level: (
                level.kind == self.kind
                and self.level_share <= level.share <= used
                and level not in done
            )
        )

    def _spoc_escalation_values(self, level, now):
        """Values of the note that a level was carried out."""
        self.ensure_one()
        return {
            "clock_id": self.id,
            "ticket_id": self.ticket_id.id,
            "level_id": level.id,
            "share": level.share,
            "action": level.action,
            "done_at": now,
            "called_ids": [(6, 0, self._spoc_called(level).ids)],
        }

    def _spoc_called(self, level):
        """Users a level calls: who may see the ticket, nobody else."""
        self.ensure_one()
        ticket = self.ticket_id
        manager = ticket._spoc_manager()
        if level.action == "manager":
            return manager
        if level.action == "people":
            return level.user_ids.filtered(
                lambda user: user.active and user in ticket._spoc_desk_users()
            )
        if level.action == "owner":
            return ticket.owner_id or manager
        return manager.browse()


class SpocEscalation(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.escalation"

    def _spoc_carry_out(self):
        """Do what the levels say."""
        self._spoc_call()
        for escalation in self.filtered(lambda one: one.action == "raise"):
            escalation.ticket_id._spoc_raise()
        given = self.filtered(lambda one: one.action == "reassign").ticket_id
        if given:
            given._spoc_give_away()

    def _spoc_call(self):
        """Put the tickets before whoever is called."""
        self.env["mail.activity"]._spoc_put_before(
            [
                (escalation.ticket_id, user, escalation._spoc_summary)
                for escalation in self
                for user in escalation.called_ids
            ]
        )

    def _spoc_summary(self, env):
        """What is said to whoever is called, in their language."""
        self.ensure_one()
        kinds = dict(self.clock_id._fields["kind"]._description_selection(env))
        return env._(
            "%(share)s %% of the time used: %(kind)s",
            share=self.share,
            kind=kinds[self.clock_id.kind],
        )


class SpocTicket(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.ticket"

    def _spoc_raise(self):
        """One priority higher, unless it is the highest."""
        for ticket in self:
            if ticket.priority < "3":
                raised = str(int(ticket.priority) + 1)
                ticket._spoc_write({"priority": raised})

    def _spoc_give_away(self):
        """Somebody else shall have them: the owners lose them, the desk routes."""
        begun = self.filtered(lambda ticket: ticket.state != "new")
        (self - begun)._spoc_idle()
        if begun:
            begun._spoc_route_again()
