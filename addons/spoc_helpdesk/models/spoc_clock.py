"""Running promises of a ticket."""

import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

_logger = logging.getLogger(__name__)

CLOCK_KINDS = [
    ("response", "First response"),
    ("update", "Next update"),
    ("resolution", "Resolution"),
]
RUNNING = ("running", "paused")
BATCH = 100
#: A wake-up closer than this may be consumed before what relies on it is committed.
MARGIN = timedelta(minutes=5)


class SpocClock(models.Model):
    """One promise: how much working time it gives and what became of it.

    ``seconds`` and ``basis`` are copies: a policy that changes later does not change
    what was promised. Due moments are computed when something changes and stored; a
    scheduled action wakes when the first of them comes and looks at nothing else.
    A missed clock stays missed; ``ended_at`` then says when the thing was done
    after all.
    """

    _name = "spoc.clock"
    _description = "Clock of a ticket"
    _order = "ticket_id desc, id"

    ticket_id = fields.Many2one(
        "spoc.ticket", required=True, index=True, ondelete="restrict"
    )
    kind = fields.Selection(CLOCK_KINDS, required=True)
    seconds = fields.Integer(
        "Promised", required=True, help="Working time promised, in seconds."
    )
    basis = fields.Char(
        "Counted in",
        help="Empty: the opening hours of the desk. “always”: every hour. A time zone: "
        "the opening hours as the clock there shows them.",
    )
    started_at = fields.Datetime(required=True)
    due = fields.Datetime()
    state = fields.Selection(
        [
            ("running", "Running"),
            ("paused", "Paused"),
            ("met", "Met"),
            ("missed", "Missed"),
            ("stopped", "Stopped"),
        ],
        required=True,
        default="running",
    )
    ended_at = fields.Datetime()
    remaining = fields.Integer(
        help="Working seconds left when the clock was paused or ended."
    )
    breached_at = fields.Datetime()
    desk_id = fields.Many2one(
        related="ticket_id.desk_id", store=True, index=True, precompute=True
    )

    _due_idx = models.Index("(due, id) WHERE state = 'running'")
    _running_uniq = models.UniqueIndex(
        "(ticket_id, kind) WHERE state IN ('running', 'paused')",
        "A ticket has one clock of a kind at a time.",
    )

    @api.depends("kind", "ticket_id.number")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for clock in self:
            clock.display_name = f"{clock.ticket_id.number}: {kinds.get(clock.kind)}"

    # ---- ends --------------------------------------------------------------

    def _spoc_end(self, now, kept=True):
        """End clocks: met or missed when the promise was ``kept``, else stopped.

        What was missed stays missed and learns when it was done.
        """
        for clock in self:
            if clock.state == "missed":
                if kept and not clock.ended_at:
                    clock.ended_at = now
                continue
            late = clock.state == "running" and clock.due and clock.due < now
            values = {"ended_at": now, "remaining": clock._spoc_left(now)}
            if late:
                values.update(state="missed", breached_at=clock.due)
            else:
                values["state"] = "met" if kept else "stopped"
            clock.write(values)

    def _spoc_left(self, now):
        """Working seconds left of this clock."""
        self.ensure_one()
        if self.state == "paused":
            return self.remaining
        if not self.due or self.due <= now:
            return 0
        return int(self.desk_id._spoc_working_seconds(now, self.due, self.basis or ""))

    def _spoc_pause(self, now):
        """Stop counting; what is left is kept. What is late already is missed."""
        for clock in self.filtered(lambda clock: clock.state == "running"):
            if clock.due and clock.due < now:
                clock.write({"state": "missed", "breached_at": clock.due})
            else:
                clock.write({"state": "paused", "remaining": clock._spoc_left(now)})

    def _spoc_resume(self, now):
        """Count on from what was left."""
        for clock in self.filtered(lambda clock: clock.state == "paused"):
            clock.write(
                {
                    "state": "running",
                    "due": clock.desk_id._spoc_deadline(
                        now, clock.remaining, clock.basis or ""
                    ),
                }
            )

    # ---- waking up ---------------------------------------------------------

    @api.model
    def _spoc_wake(self, moments):
        """See to it that the scheduled action runs at the first of these moments.

        One wake-up at or before it is enough: every run arms the next one.

        :param moments: iterable of naive UTC datetimes; false ones are skipped
        """
        first = min((moment for moment in moments if moment), default=None)
        if first is None:
            return
        cron_id = self.env["ir.model.data"]._xmlid_to_res_id("spoc_helpdesk.cron_due")
        if not cron_id:
            return
        # sudo: scheduling is the suite's own business
        cron = self.env["ir.cron"].sudo().browse(cron_id)
        now = fields.Datetime.now()
        armed = (
            self.env["ir.cron.trigger"]
            .sudo()  # sudo: as above
            .search_count(
                [
                    ("cron_id", "=", cron.id),
                    ("call_at", ">", now + MARGIN),
                    ("call_at", "<=", first),
                ],
                limit=1,
            )
        )
        if not armed:
            cron._trigger(at=max(first, now))

    @api.model
    def _cron_due(self):
        """Record what fell due, close what nobody answered, arm the next wake-up.

        Works in batches, each committed, on locked rows: a breach is recorded once
        however many run, and a crash loses nothing.
        """
        now = fields.Datetime.now()
        cron = self.env["ir.cron"]
        late = Domain("state", "=", "running") & Domain("due", "<=", now)
        silent = Domain("state", "=", "resolved") & Domain("close_due", "<=", now)
        cron._commit_progress(
            remaining=self.search_count(late)
            + self.env["spoc.ticket"].search_count(silent)
        )
        done = self._spoc_work_off(late, "due, id", SpocClock._spoc_breach)
        if done:
            tickets = self.env["spoc.ticket"]
            tickets._spoc_work_off(silent, "close_due, id")
        self._spoc_arm_next()

    @api.model
    def _spoc_work_off(self, domain, order, work):
        """Do ``work`` on what is due, batch by batch.

        :return: whether there was time to finish
        """
        cron = self.env["ir.cron"]
        while clocks := self.search(domain, order=order, limit=BATCH):
            clocks = clocks.try_lock_for_update()
            if not clocks:
                break  # another run is at them
            work(clocks)
            if not cron._commit_progress(len(clocks)):
                return False
        return True

    def _spoc_breach(self):
        """Record broken promises and put them before the owners."""
        for clock in self:
            clock.write({"state": "missed", "breached_at": clock.due})
        self.ticket_id._spoc_sync_due()
        self.ticket_id._spoc_warn(self)

    @api.model
    def _spoc_arm_next(self):
        """Wake up for what comes first."""
        clock = self.search(
            [("state", "=", "running"), ("due", "!=", False)], order="due, id", limit=1
        )
        ticket = self.env["spoc.ticket"].search(
            [("state", "=", "resolved"), ("close_due", "!=", False)],
            order="close_due, id",
            limit=1,
        )
        self._spoc_wake([clock.due, ticket.close_due])
