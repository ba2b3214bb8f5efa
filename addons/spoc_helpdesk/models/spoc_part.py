"""Confidential parts of a ticket, as those see them who may not look inside."""

from odoo import fields, models
from odoo.tools import SQL


class SpocPart(models.Model):
    """A confidential part: who has it and whether it is done, and nothing else.

    The desk that asked does not read the assignment itself. Here it sees a neutral
    state, and the answer once the confidential desk has released it.
    """

    _name = "spoc.part"
    _description = "Confidential part of a ticket"
    _auto = False
    _order = "id desc"
    _rec_name = "number"
    _depends = {
        "spoc.assignment": [
            "answer",
            "created_at",
            "desk_id",
            "due",
            "ended_at",
            "is_released",
            "number",
            "return_reason",
            "state",
            "ticket_id",
        ],
        "spoc.desk": ["privacy"],
    }

    ticket_id = fields.Many2one("spoc.ticket", readonly=True)
    number = fields.Char("Ticket Number", readonly=True)
    desk_id = fields.Many2one("spoc.desk", "Line", readonly=True)
    progress = fields.Selection(
        [
            ("working", "Being worked on"),
            ("done", "Done"),
            ("returned", "Returned"),
            ("cancelled", "Cancelled"),
        ],
        readonly=True,
    )
    is_to_confirm = fields.Boolean("To be Confirmed", readonly=True)
    created_at = fields.Datetime("Offered at", readonly=True)
    ended_at = fields.Datetime(readonly=True)
    due = fields.Datetime(readonly=True)
    answer = fields.Html(readonly=True, help="What the confidential desk released.")
    return_reason = fields.Text(readonly=True)

    @property
    def _table_query(self):
        # SQL: leaves out what must not be seen, before any rule or field is asked
        return SQL(
            """
            SELECT part.id, part.ticket_id, part.number, part.desk_id,
                   CASE part.state
                       WHEN 'offered' THEN 'working'
                       WHEN 'accepted' THEN 'working'
                       WHEN 'answered' THEN 'done'
                       WHEN 'confirmed' THEN 'done'
                       ELSE part.state
                   END AS progress,
                   part.state = 'answered' AS is_to_confirm,
                   part.created_at, part.ended_at, part.due,
                   CASE WHEN part.is_released
                             AND part.state IN ('answered', 'confirmed')
                        THEN part.answer END AS answer,
                   CASE WHEN part.is_released AND part.state = 'returned'
                        THEN part.return_reason END AS return_reason
              FROM spoc_assignment part
              JOIN spoc_desk desk ON desk.id = part.desk_id
             WHERE desk.privacy = 'confidential'
            """
        )

    def _spoc_assignments(self):
        """The parts themselves, for what the asking desk may do with them."""
        self.check_access("read")
        # sudo: read above with the user's own rights; the actions judge the side
        return self.env["spoc.assignment"].sudo().browse(self.ids)

    def action_confirm(self):
        """Take note that it is done."""
        return self._spoc_assignments().action_confirm()

    def action_reply(self):
        """Take what was released over into a reply to the requester."""
        return self._spoc_assignments().action_reply()

    def action_send_back(self):
        """It is not done yet: the line goes on."""
        return self._spoc_assignments().action_send_back()

    def action_cancel(self):
        """The part is needed no more."""
        return self._spoc_assignments().action_cancel()


class SpocTicket(models.Model):
    """The confidential parts of a ticket."""

    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.ticket"

    part_ids = fields.One2many(
        "spoc.part", "ticket_id", string="Confidential Parts", readonly=True
    )
