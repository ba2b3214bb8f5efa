"""When a ticket waited, what for, and what that paused."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..database_waits import guard_waits
from .spoc_wait_reason import WAITS_FOR


class SpocWait(models.Model):
    """An interval in which nobody at the desk could move: noted, never rewritten.

    ``waits_for`` and ``pauses`` are copies: a reason that changes later does not
    change what it did. The database keeps one interval of a ticket at a time.
    """

    _name = "spoc.wait"
    _description = "Waiting of a ticket"
    _order = "start, id"

    ticket_id = fields.Many2one(
        "spoc.ticket", required=True, index=True, ondelete="restrict"
    )
    reason_id = fields.Many2one(
        "spoc.wait.reason", required=True, index=True, ondelete="restrict"
    )
    waits_for = fields.Selection(WAITS_FOR, "Waits for", required=True)
    pauses = fields.Char(
        help="Kinds of clocks it paused, by their technical names.",
        export_string_translation=False,
    )
    start = fields.Datetime(required=True)
    until = fields.Datetime(help="Ends then at the latest.")
    end = fields.Datetime()
    user_id = fields.Many2one(
        "res.users", "Begun by", index="btree_not_null", ondelete="restrict"
    )
    ended_by = fields.Selection(
        [
            ("reply", "Requester answered"),
            ("approval", "Approval decided"),
            ("supplier", "Supplier answered"),
            ("date", "Date reached"),
            ("hand", "By hand"),
            ("end", "Ticket ended"),
            ("other", "Waits for something else"),
        ],
        "Ended because",
    )
    was_new = fields.Boolean(
        "Before Work Began",
        help="Nobody had begun: afterwards the ticket is as new as it was.",
    )
    desk_id = fields.Many2one(
        "spoc.desk",
        index=True,
        ondelete="restrict",
        help="The desk that waited.",
    )

    _open_uniq = models.UniqueIndex(
        '(ticket_id) WHERE "end" IS NULL', "A ticket waits for one thing at a time."
    )
    _start_idx = models.Index("(start, id)")

    def init(self):
        """Put the guards of the waiting into the database."""
        result = super().init()
        guard_waits(self.env)
        return result

    @api.depends("reason_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for wait in self:
            wait.display_name = wait.reason_id.name

    def _spoc_kinds(self):
        """Kinds of clocks this interval paused, as a tuple."""
        self.ensure_one()
        return tuple(filter(None, (self.pauses or "").split(",")))

    def write(self, vals):
        self.check_access("write")
        # The trigger says it too, in the database's words.
        if vals.keys() - {"end", "ended_by"} or any(wait.end for wait in self):
            raise UserError(self.env._("Waiting that was noted is not rewritten."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ever(self):
        raise UserError(self.env._("Waiting that was noted is not rewritten."))
