"""Time norms."""

from odoo import api, fields, models, tools

from ..norms import Norm

PRIORITIES = [("0", "Low"), ("1", "Normal"), ("2", "High"), ("3", "Urgent")]
TARGET_KINDS = [
    ("response", "First answer"),
    ("update", "Update"),
    ("resolution", "Resolution"),
]


class SpocTargetPolicy(models.Model):
    """What a desk promises: so much time for each kind of step."""

    _name = "spoc.target.policy"
    _inherit = ["spoc.kept.mixin"]
    _description = "Target policy"
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True)
    target_ids = fields.One2many(
        "spoc.target", "policy_id", string="Targets", copy=True
    )
    service_ids = fields.One2many("spoc.service", "target_policy_id", string="Services")
    desk_ids = fields.One2many("spoc.desk", "target_policy_id", string="Desks")
    preview_desk_id = fields.Many2one(
        "spoc.desk",
        string="Asked now at",
        compute="_compute_preview_desk_id",
        readonly=False,
        help="The desk whose hours and holidays the example is counted in.",
    )
    grid = fields.Html(
        string="The promise at a glance",
        compute="_compute_grid",
        sanitize=False,
        export_string_translation=False,
    )

    def _spoc_targets(self, priority="1"):
        """Norms for a priority, the one named for it before the general one.

        :param str priority: ``'0'`` to ``'3'``
        :return: ``{"response": norms.Norm, ...}`` in the order answer, update,
            resolution, only kinds with a target; ``{}`` for no policy
        """
        if isinstance(self.id, int):
            return dict(self._get_targets(self.id, priority))
        return self._read_targets(priority)

    @api.model
    @tools.ormcache("policy_id", "priority")
    def _get_targets(self, policy_id, priority):
        return self.browse(policy_id)._read_targets(priority)

    def _read_targets(self, priority):
        # sudo: promises are public, the policies behind them are not.
        targets = self.sudo().target_ids.filtered(
            lambda target: not target.priority or target.priority == priority
        )
        found = {
            target.kind: target._get_norm()
            for target in targets.sorted(lambda target: bool(target.priority))
        }
        return {kind: found[kind] for kind, _label in TARGET_KINDS if kind in found}

    @api.depends("desk_ids", "service_ids.desk_id")
    def _compute_preview_desk_id(self):
        some_desk = self.env["spoc.desk"].search([], limit=1)
        for policy in self:
            desks = policy.desk_ids or policy.service_ids.desk_id
            policy.preview_desk_id = desks[:1] or some_desk

    @api.depends(
        "preview_desk_id",
        "target_ids.kind",
        "target_ids.priority",
        "target_ids.hours",
        "target_ids.days",
        "target_ids.counts",
    )
    @api.depends_context("lang", "tz")
    def _compute_grid(self):
        kinds = dict(
            self.env["spoc.target"]._fields["kind"]._description_selection(self.env)
        )
        priorities = self.env["spoc.target"]._fields["priority"]
        priorities = priorities._description_selection(self.env)
        now = fields.Datetime.now()
        for policy in self:
            desk, timelines = policy.preview_desk_id._origin, {}
            columns = [
                (label, policy._get_column(priority, desk, now, timelines))
                for priority, label in priorities
            ]
            rows = [
                (label, [cells.get(kind) for _label, cells in columns])
                for kind, label in kinds.items()
            ]
            policy.grid = self.env["ir.qweb"]._render(
                "spoc_catalog.target_grid",
                {
                    "priorities": [label for label, _cells in columns],
                    "rows": rows,
                    "desk": desk,
                },
            )

    def _get_column(self, priority, desk, now, timelines):
        """Cells of a priority: kind -> ``{"text", "moment"}``.

        :param dict timelines: see ``spoc.desk._spoc_settle``
        """
        targets = self._spoc_targets(priority)
        if not desk:
            return {}
        dues = desk._spoc_settle(now, targets, self.env.user.tz, timelines)
        return {
            kind: {
                "text": desk._spoc_norm_text(norm),
                "moment": desk._spoc_moment_text(dues[kind].moment),
            }
            for kind, norm in targets.items()
        }


class SpocTarget(models.Model):
    """One norm of a policy."""

    _name = "spoc.target"
    _inherit = ["spoc.kept.mixin"]
    _description = "Target"
    _order = "policy_id, step, priority NULLS FIRST, id"

    policy_id = fields.Many2one(
        "spoc.target.policy", required=True, ondelete="cascade", index=True
    )
    kind = fields.Selection(TARGET_KINDS, required=True, default="response")
    step = fields.Integer(
        compute="_compute_step",
        store=True,
        precompute=True,
        export_string_translation=False,
    )
    priority = fields.Selection(
        PRIORITIES, help="Empty: whatever priority has no target of its own."
    )
    hours = fields.Float(help="So many hours, or so many working days instead.")
    days = fields.Integer(
        string="Working days",
        help="The same time of day so many working days later, instead of hours.",
    )
    counts = fields.Selection(
        [
            ("desk", "Opening hours of the desk"),
            ("requester", "These hours where the requester is"),
            ("always", "Around the clock"),
        ],
        string="Counted in",
        required=True,
        default="desk",
        help="Where the requester is: a desk open from 8 to 17 keeps it from 8 "
        "to 17 on the clock of the person who asks. Around the clock: nights, weekends "
        "and holidays count.",
    )

    _time_positive = models.Constraint(
        "CHECK (COALESCE(hours, 0) >= 0 AND COALESCE(days, 0) >= 0"
        " AND (COALESCE(hours, 0) > 0) <> (COALESCE(days, 0) > 0))",
        "A target needs some time: either hours or working days.",
    )
    _kind_unique = models.UniqueIndex(
        "(policy_id, kind, COALESCE(priority, ''))",
        "A policy has one target for each step and priority.",
    )

    @api.depends("kind")
    def _compute_step(self):
        """Answer, update, resolution: as they happen, not as they are spelled."""
        # Upper addons add kinds of their own.
        steps = [kind for kind, _label in self._fields["kind"].selection]
        for target in self:
            target.step = steps.index(target.kind) if target.kind else 0

    def _get_norm(self):
        """The target as the engine takes it, see ``norms.Norm``."""
        self.ensure_one()
        return Norm(self.hours, self.days, self.counts or "desk")

    @api.onchange("days")
    def _onchange_days(self):
        if self.days:
            self.hours = 0

    @api.onchange("hours")
    def _onchange_hours(self):
        if self.hours:
            self.days = 0

    @api.depends("kind", "priority", "hours", "days")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        priorities = dict(self._fields["priority"]._description_selection(self.env))
        lang = self.env["res.lang"]._get_data(code=self.env.lang or "en_US")
        for target in self:
            hours = f"{target.hours:g}".replace(".", lang.decimal_point)
            time = (
                self.env._("%(count)s d", count=target.days)
                if target.days
                else self.env._("%(count)s h", count=hours)
            )
            name = f"{kinds.get(target.kind, '')} {time}"
            if target.priority:
                name += f" ({priorities[target.priority]})"
            target.display_name = name
