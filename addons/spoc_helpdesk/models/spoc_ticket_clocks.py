"""The promises of a ticket, from its creation to its end."""

from odoo import api, fields, models

from odoo.addons.spoc_catalog.clock import add_working

from .spoc_clock import BATCH, RUNNING

#: A reopened ticket gets at least this part of what was promised for its resolution.
REOPEN_SHARE = 4


class Hours:
    """Working time of desks from one moment on; each calendar is read once.

    :param env: environment of superuser
    :param datetime start: naive UTC
    """

    def __init__(self, env, start):
        self.env = env
        self.start = start
        self._timelines = {}
        self._dues = {}

    def intervals(self, desk_id):
        """Working intervals of a desk, lazily, as often as asked."""
        timelines = self._timelines.setdefault(desk_id, {})
        if "" not in timelines:
            desk = self.env["spoc.desk"].browse(desk_id)
            timelines[""] = desk._spoc_timeline(self.start)
        return iter(timelines[""])

    def due(self, desk_id, norm, zone):
        """A norm counted from now.

        :param norm: see ``spoc_catalog``'s ``norms.Norm``
        :param str zone: time zone of the requester
        :return: ``norms.Due(seconds, moment, basis)``; no moment when never
        """
        key = (desk_id, norm, norm.basis(zone))
        if key not in self._dues:
            desk = self.env["spoc.desk"].browse(desk_id)
            timelines = self._timelines.setdefault(desk_id, {})
            dues = desk._spoc_settle(self.start, {None: norm}, zone, timelines)
            self._dues[key] = dues[None]
        return self._dues[key]

    def after(self, desk_id, basis, seconds):
        """When so much working time from now is over.

        :param str basis: see ``norms.Norm.basis``
        :return: naive UTC, ``None`` when never
        """
        key = (desk_id, basis, seconds)
        if key not in self._dues:
            timelines = self._timelines.setdefault(desk_id, {})
            if basis not in timelines:
                desk = self.env["spoc.desk"].browse(desk_id)
                timelines[basis] = desk._spoc_timeline(self.start, basis)
            self._dues[key] = add_working(timelines[basis], self.start, seconds)
        return self._dues[key]

    def next_work(self, desk_id):
        """First moment from now at which a desk works; ``None`` when never."""
        for begin, end in self.intervals(desk_id):
            if end > self.start:
                return max(begin, self.start)
        return None


class SpocTicket(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.ticket"

    @api.model
    def _spoc_hours(self):
        """Working time of desks from now on."""
        # sudo: opening hours are public
        return Hours(self.sudo().env, fields.Datetime.now())

    @api.model
    def _spoc_start_clocks(self, drafts, hours):
        """Work out the promises of new tickets; their due moments go into the values.

        :param Hours hours: working time of the desks
        :return: per draft the list of values of its clocks
        """
        moments, clocks, targets = [], [], {}
        for draft in drafts:
            policy = self._spoc_draft_policy(draft)
            key = (policy.id, draft["priority"])
            if key not in targets:
                targets[key] = policy._spoc_targets(draft["priority"])
            zone = self._spoc_draft_zone(draft)
            mine = [
                {
                    **self._spoc_clock_values(draft["desk_id"], kind, due, hours),
                    **self._spoc_policy_values(policy, kind, due, draft, hours),
                }
                for kind, norm in targets[key].items()
                # The desk never works that long: nothing to promise.
                if (due := hours.due(draft["desk_id"], norm, zone)).moment
            ]
            mine += self._spoc_pickup_values(draft["desk_id"], hours)
            clocks.append(mine)
            dues = {values["kind"]: values["due"] for values in mine}
            draft.update(self._spoc_due_values(dues))
            moments += dues.values()
            moments += [values.get("level_due") for values in mine]
        self.env["spoc.clock"]._spoc_wake(moments)
        return clocks

    @api.model
    def _spoc_clock_values(self, desk_id, kind, due, hours):
        """Values of a clock that starts now.

        :param norms.Due due: how much is promised
        """
        return {
            "kind": kind,
            "seconds": due.seconds,
            "basis": due.basis,
            "started_at": hours.start,
            "due": due.moment,
            "desk_id": desk_id,
        }

    @api.model
    def _spoc_policy_values(self, policy, kind, due, draft, hours):
        """What a clock keeps of its policy: the version, and its first level."""
        values = {"version_id": policy._spoc_version_id()}
        share = next(iter(policy._spoc_shares(kind)), None)
        if share:
            seconds = round(due.seconds * share / 100)
            moment = hours.after(draft["desk_id"], due.basis, seconds)
            values.update(level_share=share, level_due=moment or False)
        return values

    @api.model
    def _spoc_draft_policy(self, draft):
        """The policy that holds for a new ticket: the service's, else the desk's."""
        # sudo: promises are public, the services behind them are not
        service = self.env["spoc.service"].sudo().browse(draft.get("service_id") or [])
        # sudo: the desk's promise is public, a requester cannot read the desk
        desk = self.env["spoc.desk"].sudo().browse(draft["desk_id"])
        return service.target_policy_id or desk.target_policy_id

    @api.model
    def _spoc_draft_zone(self, draft):
        """Time zone of a new ticket's requester, false when unknown."""
        # sudo: the clock on the wall of whoever asks
        partner = self.env["res.partner"].sudo().browse(draft.get("requester_id") or [])
        return partner.tz

    @api.model
    def _spoc_due_values(self, dues):
        """Values of the stored due moments from running clocks.

        :param dict dues: kind -> moment
        """
        return {
            "next_due": min(
                (due for kind, due in dues.items() if kind != "ola"), default=False
            ),
            "next_update_due": dues.get("update", False),
            "resolution_due": dues.get("resolution", False),
        }

    def _spoc_sync_due(self):
        """Bring the stored due moments in line with the running clocks."""
        tickets = self.sudo()  # sudo: clocks are the desk's; the outcome is stored
        for ticket in tickets:
            dues = {
                one.kind: one.due
                for one in ticket.clock_ids
                if one.state == "running" and one.due and not one.assignment_id
            }
            values = self._spoc_due_values(dues)
            if any(ticket[name] != value for name, value in values.items()):
                ticket._spoc_write(values)

    def _spoc_running(self, *kinds):
        """Clocks of some kinds that still count or wait."""
        # sudo: clocks are the desk's; callers act on them, they show none
        return self.sudo().clock_ids.filtered(
            lambda one: one.state in RUNNING and (not kinds or one.kind in kinds)
        )

    def _spoc_answered(self, message):
        """A person of the desk told the requester something.

        That is the first response, and keeps the promise of an update and makes
        the next.
        """
        self.ensure_one()
        now = message.date or fields.Datetime.now()
        if not self.first_response_at:
            self._spoc_write({"first_response_at": now})
            self.clock_ids.filtered(lambda c: c.kind == "response")._spoc_end(now)
        update = self.clock_ids.filtered(lambda c: c.kind == "update").sorted("id")[-1:]
        if update and update.state in ("running", "missed"):
            update._spoc_end(now)
            self._spoc_next_clock(update, update.seconds, now)
        self._spoc_sync_due()

    def _spoc_next_clock(self, before, left, now):
        """Start the clock after ``before``, with ``left`` of what was promised."""
        self.ensure_one()
        desk = before.assignment_id.desk_id or self.desk_id
        due = desk._spoc_deadline(now, left, before.basis or "")
        if not due:
            return before.browse()
        # sudo: the clock follows from what happened
        Clock = self.env["spoc.clock"].sudo()
        Clock.flush_model(["state"])  # the one before it has ended
        clock = Clock.create(
            {
                "ticket_id": self.id,
                "kind": before.kind,
                "assignment_id": before.assignment_id.id,
                "seconds": before.seconds,
                "basis": before.basis,
                "version_id": before.version_id.id,
                "desk_id": desk.id,
                "started_at": now,
                "due": due,
            }
        )
        if left != before.seconds:
            Clock._spoc_note_start(clock, left, "reopened")
        Clock._spoc_wake([due])
        clock._spoc_arm_levels(now)
        return clock

    def _spoc_pause_clocks(self):
        """Waiting: the clocks do not count that the reason says."""
        now = fields.Datetime.now()
        # sudo: clocks follow the state, whoever made the ticket wait
        for reason, tickets in self.sudo().grouped("wait_reason_id").items():
            kinds = reason._spoc_pauses() if reason else ("update", "resolution")
            if kinds:
                tickets._spoc_running(*kinds)._spoc_pause(now, reason)
        self._spoc_sync_due()

    def _spoc_resume_clocks(self):
        """Count on from what was left."""
        clocks = self._spoc_running()
        clocks._spoc_resume(fields.Datetime.now())
        self.env["spoc.clock"]._spoc_wake(clocks.mapped("due"))
        self._spoc_sync_due()

    def _spoc_finish_clocks(self, now):
        """Resolved: the resolution is met or missed, no update is owed any more."""
        # sudo: clocks end with the work, whoever resolved it
        clocks = self.sudo().clock_ids
        done = ("response", "resolution", "pickup")
        clocks.filtered(lambda one: one.kind in done)._spoc_end(now)
        self._spoc_running()._spoc_end(now, kept=False)
        # sudo: a first answer is noted, whoever resolved it
        for ticket in self.sudo().filtered(lambda t: not t.first_response_at):
            ticket._spoc_write({"first_response_at": now})
        self._spoc_sync_due()

    def _spoc_stop_clocks(self, now):
        """Cancelled: nothing is owed any more."""
        self._spoc_running()._spoc_end(now, kept=False)
        self._spoc_sync_due()

    def _spoc_restart_clocks(self):
        """Reopened: the resolution counts on from what was left when it ended.

        Nobody can work in no time, so at least a share of the promise is given. An
        update is owed again.
        """
        now = fields.Datetime.now()
        # sudo: clocks begin anew, also when a requester reopens
        for ticket in self.sudo():
            last = {one.kind: one for one in ticket.clock_ids.sorted("id")}
            for kind in ("update", "resolution"):
                ended = last.get(kind)
                if not ended or ended.state in RUNNING:
                    continue
                left = ended.seconds
                if kind == "resolution":
                    left = max(ended.remaining, ended.seconds // REOPEN_SHARE)
                ticket._spoc_next_clock(ended, left, now)
        self._spoc_sync_due()

    # ---- what the scheduled action does ------------------------------------

    def _spoc_warn(self, clocks):
        """Put broken promises before the owner, or the desk's manager."""
        calls = []
        for one in clocks:
            ticket = one.ticket_id
            user = ticket.owner_id or ticket._spoc_manager()
            if user:
                calls.append((ticket, user, one._spoc_broken_words))
        clocks.assignment_id._spoc_tell_overdue()
        self.env["mail.activity"]._spoc_put_before(calls)

    @api.model
    def _spoc_work_off(self, domain, order):
        """Close resolved tickets whose requester kept silent, batch by batch.

        :return: whether there was time to finish
        """
        cron = self.env["ir.cron"]
        while tickets := self.search(domain, order=order, limit=BATCH):
            tickets = tickets.try_lock_for_update()
            if not tickets:
                break  # another run is at them
            tickets._spoc_close()
            if not cron._commit_progress(len(tickets)):
                return False
        return True
