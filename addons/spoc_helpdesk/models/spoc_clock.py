"""Running promises of a ticket."""

from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain

from ..clock_story import carried

CLOCK_KINDS = [
    ("response", "First response"),
    ("update", "Next update"),
    ("resolution", "Resolution"),
    ("ola", "Work of another line"),
    ("pickup", "Picked up"),
]
#: What is promised to the requester; the others are norms inside the organisation.
PROMISED = ("response", "update", "resolution")
RUNNING = ("running", "paused")
BATCH = 100


class Falls(NamedTuple):
    """Something that falls due by itself.

    ``records`` is the (empty) recordset of its model, ``domain`` what of it can fall
    due, ``moment`` the name of the field that says when, ``work`` the name of the
    method that does what has to be done, on a batch. An index on ``(moment, id)``
    under the same condition makes its cost follow what is due.
    """

    records: object
    domain: Domain
    moment: str
    work: str

    def until(self, now):
        """Domain of what is due."""
        return self.domain & Domain(self.moment, "<=", now)


class SpocClock(models.Model):
    """One promise: how much working time it gives and what became of it.

    ``seconds`` and ``basis`` are copies: a policy that changes later does not change
    what was promised; ``version_id`` says which version of it this was. What happened
    in between (``spoc.clock.event``) explains the due moment, see ``clock_story``. Due
    moments are computed when something changes and stored; a scheduled action wakes
    when the first of them comes and looks at nothing else. A missed clock stays
    missed; ``ended_at`` then says when the thing was done after all.
    """

    _name = "spoc.clock"
    _description = "Clock of a ticket"
    _order = "id"

    ticket_id = fields.Many2one(
        "spoc.ticket", required=True, index=True, ondelete="restrict"
    )
    assignment_id = fields.Many2one(
        "spoc.assignment", "Part", index="btree_not_null", ondelete="restrict"
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
    version_id = fields.Many2one(
        "spoc.target.version",
        "Promised by",
        index="btree_not_null",
        ondelete="restrict",
        help="The version of the policy the promise comes from.",
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
    kept = fields.Float(
        "Kept (%)",
        aggregator="avg",
        help="100 for a promise that was met, 0 for one that was missed; on average "
        "the share of promises kept. Empty until it is judged.",
    )
    desk_id = fields.Many2one(
        "spoc.desk",
        index=True,
        ondelete="restrict",
        help="The desk whose promise it is; of work of another line, that line.",
    )
    user_id = fields.Many2one(
        "res.users",
        "Answerable",
        index="btree_not_null",
        ondelete="restrict",
        help="Who was answerable when it was judged.",
    )
    event_ids = fields.One2many("spoc.clock.event", "clock_id", string="Events")

    # Of what runs the scheduler reads the head of this index: its cost follows what
    # is due, whatever number of clocks is running or ended.
    _due_idx = models.Index("(due, id) WHERE state = 'running'")
    _running_uniq = models.UniqueIndex(
        "(ticket_id, kind, COALESCE(assignment_id, 0))"
        " WHERE state IN ('running', 'paused')",
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
                    clock.write({"ended_at": now, **clock._spoc_disarmed()})
                continue
            if clock.state not in RUNNING:
                continue
            late = clock.state == "running" and clock.due and clock.due < now
            values = {"ended_at": now, "remaining": clock._spoc_left(now)}
            if late:
                values.update(clock._spoc_missed())
            elif kept:
                values.update(state="met", kept=100.0, user_id=clock._spoc_who())
            else:
                values["state"] = "stopped"
            clock.write({**values, **clock._spoc_disarmed()})

    def _spoc_broken_words(self, env):
        """That it was missed, in the language of an environment."""
        names = dict(self._fields["kind"]._description_selection(env))
        return env._("Promise broken: %s", names[self.kind])

    def _spoc_missed(self):
        """Values of a clock that is late."""
        self.ensure_one()
        return {
            "state": "missed",
            "breached_at": self.due,
            "kept": 0.0,
            "user_id": self._spoc_who(),
        }

    def _spoc_who(self):
        """Id of the user who answers for this promise now, or ``False``."""
        self.ensure_one()
        if self.assignment_id:
            return self.assignment_id.user_id.id
        return self.ticket_id.owner_id.id

    def _spoc_disarmed(self):
        """Values of a clock of which nothing more falls due. A hook."""
        return {}

    def _spoc_left(self, now):
        """Working seconds left of this clock."""
        self.ensure_one()
        if self.state == "paused":
            return self.remaining
        if not self.due or self.due <= now:
            return 0
        return int(self.desk_id._spoc_working_seconds(now, self.due, self.basis or ""))

    # ---- events ------------------------------------------------------------

    def _spoc_pause(self, now, reason=None):
        """Stop counting; what is left is kept. What is late already is missed.

        :param reason: spoc.wait.reason
        """
        events = []
        for clock in self.filtered(lambda clock: clock.state == "running"):
            if clock.due and clock.due < now:
                clock.write(clock._spoc_missed())
                continue
            left = clock._spoc_left(now)
            clock.write({"state": "paused", "remaining": left, **self._spoc_disarmed()})
            vals = {"left": left, "reason_id": reason and reason.id}
            events.append((clock, "paused", vals))
        self._spoc_note(events, now)

    def _spoc_resume(self, now):
        """Count on from what was left."""
        events = []
        for clock in self.filtered(lambda clock: clock.state == "paused"):
            due = clock.desk_id._spoc_deadline(now, clock.remaining, clock.basis or "")
            clock.write({"state": "running", "due": due})
            events.append((clock, "resumed", {"left": clock.remaining}))
        self._spoc_note(events, now)

    def _spoc_change(self, now, changes):
        """Count by another norm; what was earned is kept, see ``clock_story.carried``.

        What is late already is missed, and stays it.

        :param changes: list of ``(clock, values, cause)`` with ``seconds``, ``basis``,
            ``desk_id`` (an id) and what else is written; with ``left`` so much is left,
            whatever was earned
        """
        events = []
        for clock, values, cause in changes:
            if clock.state == "running" and clock.due and clock.due < now:
                clock.write(clock._spoc_missed())
                continue
            before = clock._spoc_left(now)
            used = clock.seconds - before
            left = values.get("left")
            if left is None:
                left = int(carried(values["seconds"], used, before))
            clock._spoc_note_start(clock)
            clock.write({name: values[name] for name in values if name != "left"})
            if clock.state == "running":
                basis = clock.basis or ""
                clock.due = clock.desk_id._spoc_deadline(now, left, basis)
            else:
                clock.remaining = left
            events.append((clock, "changed", {"left": left, "cause": cause}))
        self._spoc_note(events, now)

    @api.model
    def _spoc_note(self, events, now):
        """Note what happened to clocks.

        :param events: list of ``(clock, kind, values)``
        """
        # sudo: events have no other author than the work
        Event = self.env["spoc.clock.event"].sudo()
        self._spoc_note_start(self.concat(*(clock for clock, _kind, _vals in events)))
        if not events:
            return
        Event.create(
            [
                {
                    "clock_id": clock.id,
                    "at": now,
                    "kind": kind,
                    "seconds": clock.seconds,
                    "basis": clock.basis,
                    "desk_id": clock.desk_id.id,
                    "user_id": self.env.uid,
                    **vals,
                }
                for clock, kind, vals in events
            ]
        )

    @api.model
    def _spoc_note_start(self, clocks, left=None, cause=None):
        """Note the start of clocks that have no event yet.

        :param left: working seconds there were, where it was not the whole norm
        :param cause: see ``spoc.clock.event``
        """
        fresh = clocks.filtered(lambda clock: not clock.event_ids)
        if not fresh:
            return
        # sudo: only the clock itself writes how it began
        self.env["spoc.clock.event"].sudo().create(
            [
                {
                    "clock_id": clock.id,
                    "at": clock.started_at,
                    "kind": "started",
                    "seconds": clock.seconds,
                    "basis": clock.basis,
                    "desk_id": clock.desk_id.id,
                    "left": clock.seconds if left is None else left,
                    "cause": cause,
                }
                for clock in fresh
            ]
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
        self.env["ir.cron"]._spoc_wake("spoc_helpdesk.cron_due", first)

    @api.model
    def _spoc_due_kinds(self):
        """All that falls due by itself; an addon adds its own.

        :return: list of :class:`Falls`
        """
        tickets = self.env["spoc.ticket"]
        return [
            Falls(self, Domain("state", "=", "running"), "due", "_spoc_breach"),
            Falls(
                tickets,
                Domain("state", "=", "waiting"),
                "wait_until",
                "_spoc_date_reached",
            ),
        ]

    @api.model
    def _cron_due(self):
        """Do what fell due, kind by kind, and arm the next wake-up.

        Works in batches, each committed, on locked rows: whatever is done is done
        once however many run, and a crash loses nothing.
        """
        now = fields.Datetime.now()
        kinds = self._spoc_due_kinds()
        tickets = self.env["spoc.ticket"]
        silent = Domain("state", "=", "resolved") & Domain("close_due", "<=", now)
        due = sum(kind.records.search_count(kind.until(now)) for kind in kinds)
        self.env["ir.cron"]._commit_progress(
            remaining=due + tickets.search_count(silent)
        )
        # No time left: the scheduler calls again.
        if all(self._spoc_do_due(kind, now) for kind in kinds):
            tickets._spoc_work_off(silent, "close_due, id")
        self._spoc_arm_next()

    @api.model
    def _spoc_do_due(self, kind, now):
        """Do what is due of one kind, batch by batch.

        :param Falls kind: what
        :return: whether there was time to finish
        """
        cron = self.env["ir.cron"]
        seen = set()
        while True:
            due = kind.records.search(
                kind.until(now), order=f"{kind.moment}, id", limit=BATCH
            )
            due = due.filtered(lambda one: one.id not in seen).try_lock_for_update()
            if not due:
                return True  # nothing left, or another run is at it
            seen.update(due.ids)
            getattr(due, kind.work)()
            if not cron._commit_progress(len(due)):
                return False

    def _spoc_breach(self):
        """Record broken promises and put them before the owners.

        A ticket that nobody picked up in time is given to somebody else.
        """
        for clock in self:
            clock.write(clock._spoc_missed())
        tickets = self.ticket_id
        tickets._spoc_sync_due()
        tickets._spoc_warn(self.filtered(lambda clock: clock.kind != "pickup"))
        idle = self.filtered(lambda clock: clock.kind == "pickup").ticket_id
        if idle:
            idle._spoc_not_picked_up()

    @api.model
    def _spoc_arm_next(self):
        """Wake up for what comes first."""
        closing = Falls(
            self.env["spoc.ticket"], Domain("state", "=", "resolved"), "close_due", ""
        )
        moments = []
        for kind in [*self._spoc_due_kinds(), closing]:
            first = kind.records.search(
                kind.domain & Domain(kind.moment, "!=", False),
                order=f"{kind.moment}, id",
                limit=1,
            )
            moments.append(first[kind.moment])
        self._spoc_wake(moments)
