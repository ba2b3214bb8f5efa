"""Stages: a desk's own names for the fixed states of a ticket."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

STATES = [
    ("new", "New"),
    ("in_progress", "In progress"),
    ("waiting", "Waiting"),
    ("resolved", "Resolved"),
    ("closed", "Closed"),
    ("cancelled", "Cancelled"),
]
OPEN_STATES = ("new", "in_progress", "waiting")
CLOSED_STATES = ("closed", "cancelled")


class SpocStage(models.Model):
    """A column of the board. Code looks at ``state`` only."""

    _name = "spoc.stage"
    _inherit = ["spoc.kept.mixin"]
    _description = "Ticket stage"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    state = fields.Selection(STATES, required=True, copy=True)
    sequence = fields.Integer(default=10)
    fold = fields.Boolean("Folded on the Board")
    desk_ids = fields.Many2many(
        "spoc.desk",
        "spoc_stage_desk_rel",
        "stage_id",
        "desk_id",
        string="Desks",
        help="Desks that use this stage; all of them when empty.",
    )

    @api.model
    @ormcache("state", "desk_id")
    def _spoc_first(self, state, desk_id):
        """Id of the first stage of ``state`` a desk uses.

        :raises ValidationError: when the desk has none
        """
        # sudo: stages are not readable by everybody whose request creates a ticket
        stage = self.sudo().search(
            [
                ("state", "=", state),
                "|",
                ("desk_ids", "=", False),
                ("desk_ids", "in", desk_id),
            ],
            limit=1,
        )
        if not stage:
            raise ValidationError(
                self.env._("No stage stands for the state “%s” at this desk.", state)
            )
        return stage.id

    @api.model
    @ormcache("stage_id")
    def _spoc_desks_of(self, stage_id):
        """Ids of the desks that alone use a stage; empty when all of them do."""
        # sudo: kept for everybody, and stages are not for every creator to read
        return frozenset(self.sudo().browse(stage_id).desk_ids.ids)

    @api.model
    def _spoc_kept_columns(self):
        return (*super()._spoc_kept_columns(), "name", "sequence", "state")

    def write(self, vals):
        if "state" in vals and any(stage.state != vals["state"] for stage in self):
            # sudo: tickets of every desk count
            used = self.env["spoc.ticket"].sudo()
            if used.search_count([("stage_id", "in", self.ids)], limit=1):
                raise ValidationError(
                    self.env._(
                        "Tickets stand in this stage: its state cannot change under "
                        "them."
                    )
                )
        return super().write(vals)
