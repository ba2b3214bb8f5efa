"""How a desk gives out work."""

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from .. import routing

WEIGHTS = ("skill", "experience", "known", "shift", "load")
USUAL = routing.Weights()


class SpocDesk(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.desk"

    weight_skill = fields.Integer(
        "Skill",
        default=USUAL.skill,
        help="Points for the highest level in all skills the service asks for.",
    )
    weight_experience = fields.Integer(
        "Experience",
        default=USUAL.experience,
        help="Points at most for tickets of the same service solved and not reopened. "
        "Five of them earn half of the points.",
    )
    weight_known = fields.Integer(
        "Same requester",
        default=USUAL.known,
        help="Points for whoever owned an earlier ticket of the same requester.",
    )
    weight_shift = fields.Integer(
        "Time left",
        default=USUAL.shift,
        help="Points for four hours or more left in the shift; less time, fewer "
        "points.",
    )
    weight_load = fields.Integer(
        "Off for each open ticket",
        default=USUAL.load,
        help="Points taken off for each open ticket a member owns, at whatever desk.",
    )
    capacity = fields.Float(
        "Tickets at once",
        digits=(6, 1),
        help="Whoever owns so many open tickets gets no more by routing. 0: no limit.",
    )
    load_by_priority = fields.Boolean(
        "Urgent ones weigh more",
        help="A low ticket counts as half a ticket, a high one as one and a half, an "
        "urgent one as two.",
    )
    limit_ids = fields.One2many("spoc.desk.limit", "desk_id", string="Other limits")
    overflow_desk_id = fields.Many2one(
        "spoc.desk",
        "Overflow desk",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        help="Gets what nobody here can take, instead of an alarm.",
    )
    overflow_length = fields.Integer(
        "Queue at most",
        help="With so many tickets unowned here, further ones go to the overflow desk, "
        "too. 0: however many they are.",
    )
    routing_gaps = fields.Text(
        "Nobody can take",
        compute="_compute_routing_gaps",
        help="Services of the desk that ask for skills none of its members has.",
    )

    _weights_positive = models.Constraint(
        "CHECK (least(weight_skill, weight_experience, weight_known, weight_shift, "
        "weight_load) >= 0)",
        "Points cannot be negative.",
    )
    _capacity_positive = models.Constraint(
        "CHECK (capacity >= 0)", "A limit cannot be negative."
    )
    _overflow_length_positive = models.Constraint(
        "CHECK (overflow_length >= 0)", "A queue cannot be shorter than empty."
    )

    @api.constrains("overflow_desk_id", "privacy")
    def _check_overflow(self):
        if self._has_cycle("overflow_desk_id"):
            raise ValidationError(
                self.env._("What a desk cannot take must not come back to it.")
            )
        # sudo: desks that overflow here need not be the user's
        before = self.sudo().search([("overflow_desk_id", "in", self.ids)])
        for desk in self.sudo() | before:
            target = desk.overflow_desk_id
            if desk.privacy == "confidential" and target.privacy == "open":
                raise ValidationError(
                    self.env._(
                        "%(desk)s is confidential: what it is asked cannot go to "
                        "%(other)s, which is not.",
                        desk=desk.name,
                        other=target.name,
                    )
                )

    @api.depends("member_ids", "routing_mode", "service_ids.skill_need_ids")
    def _compute_routing_gaps(self):
        # sudo: only the names of the desk's own services are told
        desks = self.sudo()
        gaps = desks.service_ids.filtered("nobody_can_take")
        for desk in self:
            mine = gaps.filtered(lambda s, desk=desk: s.desk_id.id == desk._origin.id)
            desk.routing_gaps = "\n".join(
                f"{service.name}: {service.pool_words}" for service in mine
            )

    @api.model
    def _spoc_kept_columns(self):
        return (
            *super()._spoc_kept_columns(),
            "capacity",
            "load_by_priority",
            "overflow_desk_id",
            "overflow_length",
            *(f"weight_{name}" for name in WEIGHTS),
        )

    # ---- what the engine asks ----------------------------------------------

    def _spoc_weights(self):
        """How the desk weighs reasons.

        :rtype: routing.Weights
        """
        self.ensure_one()
        return routing.Weights(**{name: self[f"weight_{name}"] for name in WEIGHTS})

    def _spoc_work(self, priority):
        """How much load a ticket of a priority is at the desk."""
        self.ensure_one()
        return routing.WORK.get(priority, 1.0) if self.load_by_priority else 1.0

    @api.model
    @tools.ormcache()
    def _spoc_agent_groups(self):
        """Ids of the groups that make an agent: the group itself and those above."""
        # sudo: what a group implies is no secret
        groups = self.env["res.groups"].sudo()
        agent_id = self.env.ref("spoc_catalog.group_agent").id
        return (agent_id, *groups._get_group_definitions().get_subset_ids([agent_id]))
