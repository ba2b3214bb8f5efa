"""What is done when a promise comes near its end, and after."""

from odoo import api, fields, models, tools
from odoo.exceptions import UserError

from ..database_waits import guard_escalations

LEVEL_KINDS = [
    ("response", "First response"),
    ("update", "Next update"),
    ("resolution", "Resolution"),
    ("ola", "Work of another line"),
]
LEVEL_ACTIONS = [
    ("owner", "Call the owner"),
    ("manager", "Call the desk's manager"),
    ("people", "Call people by name"),
    ("raise", "Raise the priority"),
    ("reassign", "Give it to somebody else"),
]


class SpocTargetLevel(models.Model):
    """A warning or a step of escalation of a policy.

    It is carried out once for each clock, when so much of its time is used up. Over
    100 percent it comes that much later than due. Changed levels hold for a clock from
    its next turn on: a level reached, waiting that ends, another norm.
    """

    _name = "spoc.target.level"
    _inherit = ["spoc.kept.mixin"]
    _description = "Escalation level"
    _order = "policy_id, kind, share, id"

    policy_id = fields.Many2one(
        "spoc.target.policy", required=True, ondelete="cascade", index=True
    )
    active = fields.Boolean(default=True)
    kind = fields.Selection(LEVEL_KINDS, required=True, default="resolution")
    share = fields.Integer(
        "At",
        required=True,
        default=75,
        aggregator=None,
        help="Percent of the promised time; 100 is when it is due, more is later.",
    )
    action = fields.Selection(LEVEL_ACTIONS, required=True, default="owner")
    user_ids = fields.Many2many(
        "res.users",
        "spoc_target_level_user_rel",
        "level_id",
        "user_id",
        string="People",
        domain=[("share", "=", False)],
        help="Only those who may see the ticket are called.",
    )

    _share_positive = models.Constraint(
        "CHECK (share BETWEEN 1 AND 1000)",
        "A level comes at 1 to 1000 percent of the time.",
    )

    @api.depends("share", "action")
    @api.depends_context("lang")
    def _compute_display_name(self):
        actions = dict(self._fields["action"]._description_selection(self.env))
        for level in self:
            level.display_name = self.env._(
                "%(share)s %%: %(action)s",
                share=level.share,
                action=actions.get(level.action, ""),
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        """What was carried out keeps its level: it is archived instead."""
        # sudo: only whether it was ever used is asked
        if (
            self.env["spoc.escalation"]
            .sudo()
            .search_count([("level_id", "in", self.ids)], limit=1)
        ):
            raise UserError(
                self.env._("This level has been carried out: archive it instead.")
            )


class SpocTargetPolicy(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.target.policy"

    level_ids = fields.One2many(
        "spoc.target.level", "policy_id", string="Levels", copy=True
    )

    def _spoc_shares(self, kind):
        """Shares at which something is done for a kind of clock, in percent, sorted.

        Kept in memory: every new ticket asks.
        """
        return self._get_shares(self.id, kind) if self.id else ()

    @api.model
    @tools.ormcache("policy_id", "kind")
    def _get_shares(self, policy_id, kind):
        # sudo: the suite escalates, whoever asks
        levels = self.sudo().browse(policy_id).level_ids
        return tuple(sorted({level.share for level in levels if level.kind == kind}))


class SpocEscalation(models.Model):
    """A level that was carried out for a clock: once, the database sees to it."""

    _name = "spoc.escalation"
    _description = "Escalation carried out"
    _order = "id desc"

    clock_id = fields.Many2one(
        "spoc.clock", required=True, index=True, ondelete="restrict"
    )
    ticket_id = fields.Many2one(
        "spoc.ticket", required=True, index=True, ondelete="restrict"
    )
    level_id = fields.Many2one(
        "spoc.target.level", required=True, index=True, ondelete="restrict"
    )
    share = fields.Integer("At", aggregator=None)
    action = fields.Selection(LEVEL_ACTIONS, required=True)
    done_at = fields.Datetime(required=True, default=fields.Datetime.now)
    called_ids = fields.Many2many(
        "res.users",
        "spoc_escalation_user_rel",
        "escalation_id",
        "user_id",
    )

    _once_uniq = models.UniqueIndex(
        "(clock_id, level_id)", "A level is carried out once for a clock."
    )

    def init(self):
        """Put the guard of the escalations into the database."""
        result = super().init()
        guard_escalations(self.env.cr)
        return result

    def write(self, vals):
        self.check_access("write")
        if vals:
            raise UserError(self.env._("What was escalated is not rewritten."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ever(self):
        raise UserError(self.env._("What was escalated is not rewritten."))
