"""A policy replayed on past tickets: what it would have made of them."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..clock_story import WorkTable, verdict
from ..models.spoc_clock import CLOCK_KINDS, PROMISED

#: So many clocks are read and judged at a time.
BATCH = 1000
#: What a norm longer than the time since then still needs of the calendar.
AHEAD = timedelta(days=120)
OUTCOMES = [("met", "Met"), ("missed", "Missed"), ("open", "Still open")]
CHANGES = [
    ("better", "Missed then, met now"),
    ("worse", "Met then, missed now"),
    ("same", "No change"),
    ("open", "Still open"),
]


class SpocClockReplay(models.TransientModel):
    """Ask for a policy, a time and desks; judge their promises anew.

    Nothing of the tickets is touched: what would have become of them stands in lines
    of the replay alone.
    """

    _name = "spoc.clock.replay"
    _description = "Replay of a target policy"

    policy_id = fields.Many2one(
        "spoc.target.policy", "Policy to Try", required=True, ondelete="cascade"
    )
    date_from = fields.Date(
        "Tickets from",
        required=True,
        default=lambda self: fields.Date.context_today(self) - timedelta(days=90),
    )
    date_to = fields.Date(
        "Last Day",
        required=True,
        default=lambda self: fields.Date.context_today(self),
    )
    desk_ids = fields.Many2many(
        "spoc.desk",
        "spoc_clock_replay_desk_rel",
        "replay_id",
        "desk_id",
        string="Desks",
        help="Empty: all desks whose promises you may see.",
    )
    line_ids = fields.One2many("spoc.clock.replay.line", "replay_id")

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for replay in self:
            if replay.date_from > replay.date_to:
                raise ValidationError(
                    self.env._("The time ends before it begins: change the dates.")
                )

    def action_replay(self):
        """Judge the promises anew and show the outcome."""
        self.ensure_one()
        self.line_ids.unlink()
        self._spoc_replay()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "spoc_helpdesk.spoc_clock_replay_line_action"
        )
        return {**action, "domain": [("replay_id", "=", self.id)]}

    # ---- judging -----------------------------------------------------------

    def _get_domain(self):
        """Domain of the promises that are judged anew."""
        domain = Domain("kind", "in", PROMISED) & Domain("state", "!=", "stopped")
        domain &= Domain("started_at", ">=", self.date_from)
        domain &= Domain("started_at", "<", self.date_to + timedelta(days=1))
        if self.desk_ids:
            domain &= Domain("desk_id", "in", self.desk_ids.ids)
        return domain

    def _spoc_replay(self):
        """Judge the promises the user may read, batch by batch."""
        now = fields.Datetime.now()
        last_id, tables = 0, {}
        while True:
            clocks = self.env["spoc.clock"].search(
                self._get_domain() & Domain("id", ">", last_id),
                order="id",
                limit=BATCH,
            )
            if not clocks:
                return
            last_id = clocks[-1].id
            pauses = self._get_pauses(clocks)
            self.env["spoc.clock.replay.line"].create(
                [
                    values
                    for one in clocks
                    if (values := self._get_line(one, pauses, tables, now))
                ]
            )
            # Only what is still needed stays in memory.
            clocks.invalidate_recordset()

    def _get_pauses(self, clocks):
        """When the tickets waited: ticket id -> list of ``(kinds, start, end)``."""
        waits = self.env["spoc.wait"].search_fetch(
            [("ticket_id", "in", clocks.ticket_id.ids)],
            ["ticket_id", "pauses", "start", "end"],
            order="ticket_id, start, id",
        )
        pauses = {}
        for wait in waits:
            span = (wait._spoc_kinds(), wait.start, wait.end or None)
            pauses.setdefault(wait.ticket_id.id, []).append(span)
        return pauses

    def _get_line(self, one, pauses, tables, now):
        """Values of the line of a promise; ``None`` where the policy promises nothing.

        :param dict pauses: see :meth:`_get_pauses`
        :param dict tables: working time read so far, by desk and basis
        """
        # sudo: facts of a promise the user may read
        ticket = one.sudo().ticket_id
        norm = self.policy_id._spoc_targets(ticket.priority).get(one.kind)
        if not norm:
            return None
        desk = one.desk_id or ticket.desk_id
        spans = [
            (start, end)
            for kinds, start, end in pauses.get(ticket.id, ())
            if one.kind in kinds
        ]
        zone = ticket.requester_id.tz
        due, outcome = verdict(
            self._get_seconds(one, norm, desk, zone),
            self._get_table(desk, norm.basis(zone), tables, now),
            one.started_at,
            one.ended_at or None,
            spans,
            now,
        )
        was = one.state if one.state in ("met", "missed") else "open"
        return {
            "replay_id": self.id,
            "clock_id": one.id,
            "ticket_id": ticket.id,
            "desk_id": desk.id,
            "service_id": ticket.service_id.id,
            "user_id": one.user_id.id,
            "priority": ticket.priority,
            "kind": one.kind,
            "started_at": one.started_at,
            "ended_at": one.ended_at,
            "due_then": one.due,
            "due_now": due or False,
            "was": was,
            "would": outcome,
            "change": self._get_change(was, outcome),
            # No value where nothing was judged: averages leave it out.
            **({} if was == "open" else {"kept_then": 100.0 * (was == "met")}),
            **({} if outcome == "open" else {"kept_now": 100.0 * (outcome == "met")}),
        }

    @api.model
    def _get_seconds(self, one, norm, desk, zone):
        """Seconds of working time a norm would have given a promise."""
        if norm.days:
            return desk._spoc_settle(one.started_at, {None: norm}, zone)[None].seconds
        return round(norm.hours * 3600)

    def _get_table(self, desk, basis, tables, now):
        key = (desk.id, basis)
        if key not in tables:
            start = fields.Datetime.to_datetime(self.date_from) - timedelta(days=1)
            tables[key] = WorkTable(desk._spoc_intervals(start, now + AHEAD, basis))
        return tables[key]

    @api.model
    def _get_change(self, was, outcome):
        if "open" in (was, outcome):
            return "open"
        if was == outcome:
            return "same"
        return "better" if outcome == "met" else "worse"


class SpocClockReplayLine(models.TransientModel):
    """A past promise, as it was kept then and as it would be under another policy."""

    _name = "spoc.clock.replay.line"
    _description = "Promise judged anew"
    _order = "id"

    replay_id = fields.Many2one(
        "spoc.clock.replay", required=True, index=True, ondelete="cascade"
    )
    clock_id = fields.Many2one("spoc.clock", "Promise", ondelete="cascade")
    ticket_id = fields.Many2one("spoc.ticket", ondelete="cascade")
    desk_id = fields.Many2one("spoc.desk", ondelete="cascade")
    service_id = fields.Many2one("spoc.service", ondelete="cascade")
    user_id = fields.Many2one("res.users", "Agent", ondelete="cascade")
    priority = fields.Selection(
        [("0", "Low"), ("1", "Normal"), ("2", "High"), ("3", "Urgent")]
    )
    kind = fields.Selection(CLOCK_KINDS)
    started_at = fields.Datetime()
    ended_at = fields.Datetime()
    due_then = fields.Datetime()
    due_now = fields.Datetime("Due by This Policy")
    was = fields.Selection(OUTCOMES, "Then")
    would = fields.Selection(OUTCOMES, "By This Policy")
    change = fields.Selection(CHANGES)
    kept_then = fields.Float("Kept Then (%)", aggregator="avg")
    kept_now = fields.Float("Kept by This Policy (%)", aggregator="avg")
