"""Time norms."""

from odoo import api, fields, models

PRIORITIES = [("0", "Low"), ("1", "Normal"), ("2", "High"), ("3", "Urgent")]
TARGET_KINDS = [
    ("response", "First answer"),
    ("update", "Update"),
    ("resolution", "Resolution"),
]


class SpocTargetPolicy(models.Model):
    """What a desk promises: so many working hours for each kind of step."""

    _name = "spoc.target.policy"
    _description = "Target policy"
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True)
    target_ids = fields.One2many(
        "spoc.target", "policy_id", string="Targets", copy=True
    )
    service_ids = fields.One2many("spoc.service", "target_policy_id", string="Services")

    def _spoc_targets(self, priority="1"):
        """Targets for a priority, the one named for it before the general one.

        :param str priority: ``'0'`` to ``'3'``
        :return: ``{"response": seconds, ...}``, only kinds with a target; ``{}``
            for no policy
        """
        targets = {}
        # sudo: promises are public, the policies behind them are not.
        for target in self.sudo().target_ids.sorted(lambda t: bool(t.priority)):
            if not target.priority or target.priority == priority:
                targets[target.kind] = round(target.hours * 3600)
        return targets


class SpocTarget(models.Model):
    """One norm of a policy."""

    _name = "spoc.target"
    _description = "Target"
    _order = "policy_id, kind, priority, id"

    policy_id = fields.Many2one(
        "spoc.target.policy", required=True, ondelete="cascade", index=True
    )
    kind = fields.Selection(TARGET_KINDS, required=True, default="response")
    priority = fields.Selection(
        PRIORITIES, help="Empty: whatever priority has no target of its own."
    )
    hours = fields.Float(string="Working hours", required=True, default=8.0)

    _hours_positive = models.Constraint(
        "CHECK (hours > 0)", "A target needs more than no time at all."
    )
    _kind_unique = models.UniqueIndex(
        "(policy_id, kind, COALESCE(priority, ''))",
        "A policy has one target for each step and priority.",
    )

    @api.depends("kind", "priority", "hours")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for target in self:
            target.display_name = f"{kinds.get(target.kind, '')} {target.hours:g} h"
