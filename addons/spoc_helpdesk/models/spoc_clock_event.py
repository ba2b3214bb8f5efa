"""What happened to a clock between its start and its end."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..database_waits import guard_events

EVENT_KINDS = [
    ("started", "Started"),
    ("paused", "Paused"),
    ("resumed", "Went on"),
    ("changed", "Norm changed"),
]
CAUSES = [
    ("priority", "Another priority"),
    ("service", "Another service"),
    ("desk", "Another desk"),
    ("due", "Another date agreed"),
    ("reopened", "Reopened"),
    ("before", "Kept from before events were noted"),
]


class SpocClockEvent(models.Model):
    """An event of a clock, append-only: the stored deadline follows from them.

    A clock to which nothing happened has none: its start says all. The first event
    that is noted brings the start along. ``seconds``, ``basis`` and ``desk_id`` say
    how it counts from then on; ``left`` is what was left right afterwards.
    """

    _name = "spoc.clock.event"
    _description = "Event of a clock"
    _order = "clock_id, at, id"

    clock_id = fields.Many2one(
        "spoc.clock", required=True, index=True, ondelete="restrict"
    )
    at = fields.Datetime(required=True)
    kind = fields.Selection(EVENT_KINDS, required=True)
    seconds = fields.Integer("Norm", help="Working time promised, in seconds.")
    basis = fields.Char()
    desk_id = fields.Many2one("spoc.desk", index="btree_not_null", ondelete="restrict")
    left = fields.Integer(help="Working seconds that were left.")
    reason_id = fields.Many2one(
        "spoc.wait.reason", index="btree_not_null", ondelete="restrict"
    )
    cause = fields.Selection(CAUSES)
    user_id = fields.Many2one("res.users", "By", index="btree_not_null")

    def init(self):
        """Put the guard of the events into the database."""
        result = super().init()
        guard_events(self.env.cr)
        return result

    @api.depends("kind")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for event in self:
            event.display_name = kinds.get(event.kind)

    def write(self, vals):
        self.check_access("write")
        if vals:
            raise UserError(self.env._("What happened to a clock is not rewritten."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ever(self):
        raise UserError(self.env._("What happened to a clock is not rewritten."))
