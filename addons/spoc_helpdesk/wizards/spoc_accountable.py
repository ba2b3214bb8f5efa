from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_datetime


class SpocAccountable(models.TransientModel):
    """Ask who answered for what at a moment."""

    _name = "spoc.accountable"
    _description = "Who was accountable"

    moment = fields.Datetime(required=True, default=fields.Datetime.now)
    desk_id = fields.Many2one("spoc.desk")
    ticket_id = fields.Many2one("spoc.ticket", ondelete="cascade")
    role = fields.Selection(
        [("accountable", "Who answered"), ("all", "Who answered and who worked")],
        required=True,
        default="accountable",
    )

    @api.model
    def _get_domain(self, moment):
        """Domain of the intervals that hold at a moment.

        :param datetime moment: naive UTC
        """
        return Domain("start", "<=", moment) & (
            Domain("end", "=", False) | Domain("end", ">", moment)
        )

    def action_show(self):
        """List the intervals of that moment: one query, by the rules of the reader."""
        self.ensure_one()
        domain = self._get_domain(self.moment)
        if self.role == "accountable":
            domain &= Domain("role", "=", "accountable")
        if self.desk_id:
            domain &= Domain("desk_id", "=", self.desk_id.id)
        if self.ticket_id:
            domain &= Domain("ticket_id", "=", self.ticket_id.id)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "spoc_helpdesk.spoc_ownership_action"
        )
        return {
            **action,
            "name": self.env._(
                "Accountable at %s", format_datetime(self.env, self.moment)
            ),
            "domain": list(domain),
            "context": {},
        }
