"""A past queue of a desk, given out again with other settings."""

from datetime import UTC, datetime, time, timedelta

from pytz import timezone

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from .. import routing, routing_replay
from ..models.spoc_desk_routing import WEIGHTS

#: More days than this are not played at once.
MOST_DAYS = 92
#: What begins as the desk has it, and may be changed.
SETTING = {
    "compute": "_compute_settings",
    "store": True,
    "readonly": False,
    "precompute": True,
}
DAY = {**SETTING, "compute": "_compute_days"}


class SpocRoutingSimulation(models.TransientModel):
    """Who would have got what: a past day of a desk, played with other settings.

    Reads what happened, thinks (``routing_replay``), and shows both side by side.
    Nothing but these lines is written. The desk's manager plays; administrators do
    where the desk is open.
    """

    _name = "spoc.routing.simulation"
    _description = "Replay of a desk's queue"

    desk_id = fields.Many2one(
        "spoc.desk",
        required=True,
        ondelete="cascade",
        default=lambda self: self._default_desk_id(),
    )
    date_from = fields.Date("First Day", required=True, **DAY)
    date_to = fields.Date("Last Day", required=True, **DAY)
    mode = fields.Selection(
        [("push", "The best fit gets it"), ("pull", "Members take the next")],
        required=True,
        **SETTING,
    )
    capacity = fields.Float(
        "Tickets at once",
        digits=(6, 1),
        **SETTING,
        help="0: no limit. Where members take the next, they then take all there is.",
    )
    load_by_priority = fields.Boolean(
        "Urgent ones weigh more",
        **SETTING,
    )
    weight_skill = fields.Integer("Skill", **SETTING)
    weight_experience = fields.Integer("Experience", **SETTING)
    weight_known = fields.Integer("Same requester", **SETTING)
    weight_shift = fields.Integer("Time left", **SETTING)
    weight_load = fields.Integer("Off for each open ticket", **SETTING)
    member_ids = fields.One2many(
        "spoc.routing.simulation.member",
        "simulation_id",
        "Members",
        compute="_compute_member_ids",
        store=True,
        readonly=False,
        precompute=True,
    )

    agent_line_ids = fields.One2many(
        "spoc.routing.simulation.agent", "simulation_id", "By agent", readonly=True
    )
    ticket_line_ids = fields.One2many(
        "spoc.routing.simulation.ticket", "simulation_id", "By ticket", readonly=True
    )
    played = fields.Boolean(readonly=True)
    ticket_count = fields.Integer("Tickets", readonly=True)
    changed_count = fields.Integer("Another first owner", readonly=True)
    past_wait = fields.Float("Waited for an owner", readonly=True)
    new_wait = fields.Float("Would have waited", readonly=True)
    past_unowned = fields.Integer("Had no owner at once", readonly=True)
    new_unowned = fields.Integer("Would have had none at once", readonly=True)
    never_count = fields.Integer("Nobody would have got", readonly=True)

    @api.depends("desk_id")
    def _compute_display_name(self):
        for play in self:
            play.display_name = self.env._("Replay of %s", play.desk_id.name or "…")

    # ---- defaults ----------------------------------------------------------

    @api.model
    def _default_desk_id(self):
        return self.env["spoc.desk"].search(
            [("manager_id", "=", self.env.uid)], limit=1
        )

    @api.depends("desk_id")
    def _compute_days(self):
        """The last day before today on which anything came, else today."""
        today = fields.Date.context_today(self)
        for play in self:
            last = self.env["spoc.ticket"].search(
                [
                    ("desk_id", "=", play.desk_id.id),
                    ("create_date", "<", "today"),
                ],
                order="id desc",
                limit=1,
            )
            day = (
                fields.Datetime.context_timestamp(self, last.create_date)
                if last
                else None
            )
            play.date_from = play.date_to = day.date() if day else today

    @api.depends("desk_id")
    def _compute_settings(self):
        for play in self:
            desk = play.desk_id
            push = desk.routing_mode != "pull"
            play.mode = "push" if push else "pull"
            play.capacity = desk.capacity
            play.load_by_priority = desk.load_by_priority
            for name in WEIGHTS:
                play[f"weight_{name}"] = desk[f"weight_{name}"]

    @api.depends("desk_id")
    def _compute_member_ids(self):
        for play in self:
            # sudo: limits are shown to whoever may play
            desk = play.desk_id.sudo()
            limits = {limit.user_id: limit.capacity for limit in desk.limit_ids}
            play.member_ids = [
                Command.clear(),
                *(
                    Command.create(
                        {
                            "user_id": user.id,
                            "has_limit": user in limits,
                            "capacity": limits.get(user, 0),
                        }
                    )
                    for user in desk.member_ids
                ),
            ]

    @api.constrains("date_from", "date_to")
    def _check_days(self):
        for play in self:
            if play.date_to < play.date_from:
                raise ValidationError(
                    self.env._("The last day is before the first one.")
                )
            if (play.date_to - play.date_from).days >= MOST_DAYS:
                raise ValidationError(
                    self.env._("No more than %s days are played at once.", MOST_DAYS)
                )

    # ---- play --------------------------------------------------------------

    def action_play(self):
        """Play the queue again and show what comes of it, beside what happened."""
        self.ensure_one()
        self._check_may_play()
        start, end = self._get_period()
        arrivals, past, names = self._load_arrivals(start, end)
        if not arrivals:
            raise UserError(
                self.env._(
                    "Nothing came to %s in this time. Choose other days.",
                    self.desk_id.name,
                )
            )
        outcomes = routing_replay.replay(
            arrivals,
            self._load_members(arrivals, start, end),
            start,
            end,
            mode=self.mode,
            weights=routing.Weights(
                **{name: self[f"weight_{name}"] for name in WEIGHTS}
            ),
        )
        self._show_tickets(arrivals, past, outcomes, names)
        self._show_agents(arrivals, past, outcomes, start, end)
        self._show_sums(arrivals, past, outcomes)
        return True

    def _check_may_play(self):
        """Only who may see all of the desk's tickets may play.

        :raises AccessError: for anybody else
        """
        # sudo: who leads the desk decides, whoever asks
        desk, user = self.desk_id.sudo(), self.env.user
        if desk.manager_id == user:
            return
        administrator = user.has_group("spoc_catalog.group_administrator")
        if not (administrator and desk.privacy == "open"):
            raise AccessError(
                self.env._("Only the manager of %s plays its queue again.", desk.name)
            )

    def _get_period(self):
        """The days, at the desk, as naive UTC moments; not beyond now."""
        end = self._get_midnight(self.date_to + timedelta(days=1))
        now = fields.Datetime.now()
        return self._get_midnight(self.date_from), min(end, now)

    def _get_midnight(self, day):
        """When a day begins at the desk, naive UTC."""
        _calendar, zone, _day = self.desk_id._spoc_calendar()
        local = timezone(zone or "UTC").localize(datetime.combine(day, time.min))
        return local.astimezone(UTC).replace(tzinfo=None)

    def _show_tickets(self, arrivals, past, outcomes, names):
        """Lines of tickets: who had it, who would have had it, and why."""
        Ticket = self.env["spoc.ticket"]
        lines = []
        for arrival in arrivals:
            one, (was, was_at) = outcomes[arrival.id], past[arrival.id]
            mine = next((r for r in one.ranked if r.id == one.user), None)
            lines.append(
                {
                    "simulation_id": self.id,
                    "name": names[arrival.id],
                    "ticket_id": arrival.id,
                    "at": arrival.at,
                    "past_user_id": was or False,
                    "past_wait": self._get_wait(arrival, was_at),
                    "new_user_id": one.user or False,
                    "new_wait": one.waited.total_seconds() / 3600,
                    "changed": one.user != was,
                    "why": mine
                    and ", ".join(
                        Ticket._spoc_reason_text(code, value)
                        for code, value, _points in mine.reasons
                    ),
                }
            )
        # sudo: results are nobody's to write
        self.sudo().ticket_line_ids.unlink()
        # sudo: lines of a ticket are worked out, nobody may create one
        self.env["spoc.routing.simulation.ticket"].sudo().create(lines)

    def _get_wait(self, arrival, owned_at):
        """Hours from the first working moment of the desk to an owner."""
        _start, end = self._get_period()
        waited = (owned_at or end) - arrival.moment
        return max(waited.total_seconds(), 0) / 3600

    def _show_agents(self, arrivals, past, outcomes, start, end):
        """Lines of agents: tickets and load, as it was and as it would have been."""
        held = self._load_held(start)
        stretches = {"past": list(held), "replay": list(held)}
        for arrival in arrivals:
            one, (was, was_at) = outcomes[arrival.id], past[arrival.id]
            for scenario, user, owned_at in (
                ("past", was, was_at),
                ("replay", one.user, one.owned_at),
            ):
                if user:
                    until = arrival.lasts is not None and owned_at + arrival.lasts
                    stretches[scenario].append(
                        routing_replay.Stretch(
                            user, owned_at, until or None, arrival.need.work
                        )
                    )
        lines = [
            {
                "simulation_id": self.id,
                "user_id": user,
                "scenario": scenario,
                "tickets": count,
                "peak": peak,
                "mean": mean,
            }
            for scenario, mine in stretches.items()
            for user, (count, peak, mean) in routing_replay.loads(
                mine, start, end
            ).items()
        ]
        # sudo: results are nobody's to write
        self.sudo().agent_line_ids.unlink()
        # sudo: lines of an agent are worked out, nobody may create one
        self.env["spoc.routing.simulation.agent"].sudo().create(lines)

    def _show_sums(self, arrivals, past, outcomes):
        count = len(arrivals)
        self.write(
            {
                "played": True,
                "ticket_count": count,
                "changed_count": sum(
                    one.user != past[id_][0] for id_, one in outcomes.items()
                ),
                "past_wait": sum(
                    self._get_wait(one, past[one.id][1]) for one in arrivals
                )
                / count,
                "new_wait": sum(one.waited.total_seconds() for one in outcomes.values())
                / 3600
                / count,
                "past_unowned": sum(
                    not was_at or was_at > max(one.at, one.moment)
                    for one in arrivals
                    for _was, was_at in [past[one.id]]
                ),
                "new_unowned": sum(not one.at_once for one in outcomes.values()),
                "never_count": sum(not one.user for one in outcomes.values()),
            }
        )

    def action_graph(self):
        """Tickets and load by agent, as a graph."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": "spoc.routing.simulation.agent",
            "views": [(False, "graph"), (False, "pivot"), (False, "list")],
            "domain": [("simulation_id", "=", self.id)],
        }


class SpocRoutingSimulationMember(models.TransientModel):
    """Somebody who is, or is not, at the desk in the replay."""

    _name = "spoc.routing.simulation.member"
    _description = "Member in a replay"

    simulation_id = fields.Many2one(
        "spoc.routing.simulation", required=True, ondelete="cascade"
    )
    user_id = fields.Many2one(
        "res.users",
        "Member",
        required=True,
        ondelete="cascade",
        domain="[('share', '=', False)]",
    )
    has_limit = fields.Boolean("Own limit")
    capacity = fields.Float("Tickets at once", digits=(6, 1))
    away_from = fields.Date("Away from")
    away_to = fields.Date("Away to", help="The last day of the absence.")


class SpocRoutingSimulationAgent(models.TransientModel):
    """What one agent had, in the past or in the replay."""

    _name = "spoc.routing.simulation.agent"
    _description = "Agent in a replay"
    _order = "user_id, scenario"

    simulation_id = fields.Many2one(
        "spoc.routing.simulation", required=True, ondelete="cascade"
    )
    user_id = fields.Many2one("res.users", "Agent", ondelete="cascade")
    scenario = fields.Selection(
        [("past", "As it was"), ("replay", "Replayed")], required=True
    )
    tickets = fields.Integer("Tickets got")
    peak = fields.Float("Most at once", digits=(6, 1), aggregator="max")
    mean = fields.Float("At once on average", digits=(6, 2), aggregator="avg")


class SpocRoutingSimulationTicket(models.TransientModel):
    """What became of one ticket, in the past and in the replay."""

    _name = "spoc.routing.simulation.ticket"
    _description = "Ticket in a replay"
    _order = "at, id"

    simulation_id = fields.Many2one(
        "spoc.routing.simulation", required=True, ondelete="cascade"
    )
    name = fields.Char("Ticket")
    ticket_id = fields.Many2one("spoc.ticket", "Opens", ondelete="cascade")
    at = fields.Datetime("Came in")
    past_user_id = fields.Many2one("res.users", "First owner", ondelete="cascade")
    past_wait = fields.Float("Waited", aggregator="avg")
    new_user_id = fields.Many2one("res.users", "In the replay", ondelete="cascade")
    new_wait = fields.Float("Would have waited", aggregator="avg")
    changed = fields.Boolean("Somebody else")
    why = fields.Char("Why in the replay")
