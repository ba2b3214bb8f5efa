from odoo import api, fields, models


class SpocTicketTransfer(models.TransientModel):
    """Ask to which desk tickets shall go, and why."""

    _name = "spoc.ticket.transfer"
    _description = "Transfer to another desk"

    ticket_ids = fields.Many2many(
        "spoc.ticket", "spoc_ticket_transfer_rel", string="Tickets", required=True
    )
    ticket_count = fields.Integer(compute="_compute_facts")
    from_desk_ids = fields.Many2many("spoc.desk", compute="_compute_facts")
    desk_id = fields.Many2one(
        "spoc.desk",
        "To Desk",
        required=True,
        domain="[('supplier_id', '=', False), ('id', 'not in', from_desk_ids)]",
    )
    reason = fields.Text(required=True)
    brief = fields.Html(
        compute="_compute_brief",
        compute_sudo=False,
        store=True,
        readonly=False,
        precompute=True,
        sanitize_style=True,
    )
    is_at_once = fields.Boolean(compute="_compute_at_once")
    is_disclosing = fields.Boolean(compute="_compute_facts")
    is_disclosed = fields.Boolean("The other desk may read all of it")

    @api.depends("ticket_ids")
    def _compute_facts(self):
        for wizard in self:
            wizard.ticket_count = len(wizard.ticket_ids)
            wizard.from_desk_ids = wizard.ticket_ids.desk_id
            wizard.is_disclosing = "confidential" in wizard.ticket_ids.desk_id.mapped(
                "privacy"
            )

    @api.depends("ticket_ids")
    def _compute_brief(self):
        Assign = self.env["spoc.ticket.assign"]
        for wizard in self:
            ticket = wizard.ticket_ids._origin
            ticket._spoc_check_inner()
            wizard.brief = wizard.brief or (
                len(ticket) == 1 and Assign._get_brief(ticket)
            )

    @api.depends("desk_id")
    @api.depends_context("uid")
    def _compute_at_once(self):
        for wizard in self:
            # sudo: whether one is there oneself
            members = wizard.desk_id.sudo().member_ids
            wizard.is_at_once = self.env.user in members

    def action_transfer(self):
        """Offer the tickets to the desk."""
        self.ensure_one()
        Assign = self.env["spoc.ticket.assign"]
        tickets = self.ticket_ids
        self.ticket_ids._spoc_offer_transfer(
            self.desk_id,
            self.reason,
            (lambda ticket: self.brief) if len(tickets) == 1 else Assign._get_brief,
            disclosed=self.is_disclosed,
        )
        # What came to a desk of which one is no member cannot be shown any more.
        return {"type": "ir.actions.act_window_close"}
