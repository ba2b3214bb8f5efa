"""What was done about who answers for a ticket and who works on it."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..database import guard_acts

ACTS = [
    ("take", "Taken"),
    ("take_over", "Taken over from a colleague"),
    ("give", "Given to a colleague"),
    ("release", "Given back to the desk"),
    ("escalate", "Escalated inside the desk"),
    ("assign", "Assigned to another line"),
    ("assign_return", "Returned by the other line"),
    ("transfer", "Offered to another desk"),
    ("transfer_accept", "Transferred to another desk"),
    ("transfer_return", "Returned by the other desk"),
    ("absence", "Handed over for absence"),
]


class SpocAct(models.Model):
    """One act: who did it, when, from whom to whom, and why. Append-only.

    The ledger says who answered at any moment; an act says how that came about, so
    that taking over, escalating, assigning and transferring are counted apart.
    ``desk_id`` is the desk that answered for the ticket when it was done; its members
    read the act for good, but the ticket behind it only while they may.
    """

    _name = "spoc.act"
    _description = "Act on a ticket"
    _inherit = ["spoc.behind.mixin"]
    _order = "at desc, id desc"
    _rec_name = "number"
    _spoc_desk_fields = ("desk_id", "to_desk_id")

    kind = fields.Selection(ACTS, "Act", required=True)
    at = fields.Datetime("When", required=True, default=fields.Datetime.now)
    user_id = fields.Many2one(
        "res.users",
        "By",
        index="btree_not_null",
        ondelete="restrict",
        help="Who did it; nobody when a rule did.",
    )
    desk_id = fields.Many2one(
        "spoc.desk", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="desk_id.company_id", store=True, index=True, precompute=True
    )
    from_user_id = fields.Many2one("res.users", "From Whom", ondelete="restrict")
    to_user_id = fields.Many2one("res.users", "To Whom", ondelete="restrict")
    to_desk_id = fields.Many2one("spoc.desk", ondelete="restrict")
    to_line_id = fields.Many2one(
        "spoc.line",
        ondelete="restrict",
        help="The support line of the other desk at that time.",
    )
    reason = fields.Text()
    assignment_id = fields.Many2one(
        "spoc.assignment",
        index="btree_not_null",
        ondelete="restrict",
        groups=fields.NO_ACCESS,
    )
    transfer_id = fields.Many2one(
        "spoc.transfer",
        index="btree_not_null",
        ondelete="restrict",
        groups=fields.NO_ACCESS,
    )

    _desk_at_idx = models.Index("(desk_id, at)")
    _at_idx = models.Index("(at, id)")

    def init(self):
        """Let the database itself keep what was done."""
        result = super().init()
        guard_acts(self.env.cr)
        return result

    @api.model
    def _spoc_record(self, kind, records, get_values, reason=None):
        """Write down an act on each of some tickets, in one go.

        :param str kind: one of :data:`ACTS`
        :param records: spoc.ticket, or records with a ``ticket_id``; the act is one
            on each of them
        :param get_values: called with a record (as superuser), returns the values
            that differ: desk, people, assignment, transfer, reason
        :param str reason: why, in words of the one who did it
        """
        user = self.env.user
        common = {
            "kind": kind,
            "at": fields.Datetime.now(),
            "user_id": False if user._is_superuser() else user.id,
            "reason": (reason or "").strip() or False,
        }
        values = []
        for record in records.sudo():  # sudo: acts have no other author than the work
            ticket = record if record._name == "spoc.ticket" else record.ticket_id
            values.append(
                {
                    **common,
                    "ticket_id": ticket.id,
                    "desk_id": ticket.desk_id.id,
                    **get_values(record),
                }
            )
        # sudo: nobody may create acts by hand
        self.sudo().create(values)

    def write(self, vals):
        self.check_access("write")
        # The trigger says it too, in the database's words.
        if vals:
            raise UserError(self.env._("What was done is not rewritten."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ever(self):
        raise UserError(self.env._("What was done is not rewritten."))
