"""The ledger of who was answerable for a ticket and who worked on it."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..database import guard_ledger


class SpocOwnership(models.Model):
    """An interval of answerability, append-only and guarded by the database.

    ``accountable`` intervals of a ticket follow one another without overlap and
    without gap from its creation on, the last one open; the database refuses
    anything else, whoever asks. ``user_id`` is empty while the desk as such answers.
    ``working`` intervals are those of people in assignments.
    """

    _name = "spoc.ownership"
    _description = "Ownership of a ticket"
    _order = "start, id"

    ticket_id = fields.Many2one(
        "spoc.ticket", required=True, index=True, ondelete="restrict"
    )
    role = fields.Selection(
        [("accountable", "Accountable"), ("working", "Working")],
        required=True,
        default="accountable",
    )
    desk_id = fields.Many2one(
        "spoc.desk", required=True, index=True, ondelete="restrict"
    )
    user_id = fields.Many2one("res.users", index="btree_not_null", ondelete="restrict")
    assignment_id = fields.Many2one(
        "spoc.assignment", index="btree_not_null", ondelete="restrict"
    )
    start = fields.Datetime(required=True)
    end = fields.Datetime()

    # The ledger is read from its end.
    _start_idx = models.Index("(start, id)")

    def init(self):
        """Put the guards of the ledger into the database."""
        result = super().init()
        guard_ledger(self.env)
        return result

    @api.depends("user_id", "desk_id", "start")
    def _compute_display_name(self):
        for interval in self:
            interval.display_name = interval.user_id.name or interval.desk_id.name

    @api.model
    def _spoc_accountable_at(self, tickets, moment):
        """Who answered for the tickets at a moment.

        :param tickets: spoc.ticket
        :param datetime moment: naive UTC
        :return: dict ticket id -> (desk id, user id or None); a ticket that did not
            exist then is missing
        """
        # sudo: the caller's right to the tickets is what counts
        rows = self.sudo()._read_group(
            [
                ("ticket_id", "in", tickets.ids),
                ("role", "=", "accountable"),
                ("start", "<=", moment),
                "|",
                ("end", "=", False),
                ("end", ">", moment),
            ],
            ["ticket_id", "desk_id", "user_id"],
        )
        return {ticket.id: (desk.id, user.id or None) for ticket, desk, user in rows}

    def write(self, vals):
        self.check_access("write")
        # The trigger says it too, in the database's words.
        if vals.keys() - {"end"} or any(interval.end for interval in self):
            raise UserError(self.env._("The ownership ledger is not rewritten."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ever(self):
        raise UserError(self.env._("The ownership ledger is not rewritten."))
