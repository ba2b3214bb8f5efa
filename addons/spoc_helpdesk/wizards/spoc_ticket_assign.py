from markupsafe import Markup

from odoo import api, fields, models


class SpocTicketAssign(models.TransientModel):
    """Give a part of a ticket's work to another line, department or supplier."""

    _name = "spoc.ticket.assign"
    _description = "Assign to another line"

    ticket_id = fields.Many2one("spoc.ticket", required=True, ondelete="cascade")
    ticket_desk_id = fields.Many2one(
        related="ticket_id.desk_id", related_sudo=False, string="Owning Desk"
    )
    target = fields.Selection(
        [
            ("desk", "Desk or line"),
            ("department", "Department"),
            ("supplier", "Supplier"),
        ],
        "To",
        required=True,
        default="desk",
    )
    department_id = fields.Many2one(
        "hr.department", domain="[('id', 'in', department_ids)]"
    )
    department_ids = fields.Many2many(
        "hr.department",
        string="Departments with a Desk",
        compute="_compute_department_ids",
        export_string_translation=False,
    )
    desk_id = fields.Many2one(
        "spoc.desk",
        "Line",
        compute="_compute_desk_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    line_id = fields.Many2one(related="desk_id.line_id")
    privacy = fields.Selection(related="desk_id.privacy")
    supplier_id = fields.Many2one(related="desk_id.supplier_id")
    user_id = fields.Many2one(
        "res.users", "Worker", domain="[('id', 'in', desk_member_ids)]"
    )
    desk_member_ids = fields.Many2many(
        related="desk_id.member_ids", export_string_translation=False
    )
    name = fields.Char(
        "Task",
        compute="_compute_from_ticket",
        compute_sudo=False,
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    brief = fields.Html(
        compute="_compute_from_ticket",
        compute_sudo=False,
        store=True,
        readonly=False,
        precompute=True,
        sanitize_style=True,
    )
    due = fields.Datetime()

    @api.depends("ticket_id")
    def _compute_from_ticket(self):
        for wizard in self:
            ticket = wizard.ticket_id._origin
            ticket._spoc_check_inner()
            wizard.name = wizard.name or ticket.name
            wizard.brief = wizard.brief or wizard._get_brief(ticket)

    @api.depends("ticket_id")
    def _compute_department_ids(self):
        groups = self.env["spoc.desk"]._read_group(
            [("department_id", "!=", False), ("supplier_id", "=", False)],
            ["department_id", "id"],
        )
        for wizard in self:
            wizard.department_ids = self.env["hr.department"].union(
                *(
                    department
                    for department, desk in groups
                    if desk != wizard.ticket_id.desk_id
                )
            )

    @api.depends("target", "department_id")
    def _compute_desk_id(self):
        for wizard in self:
            desk = wizard.desk_id
            if wizard.target == "department":
                desk = wizard._get_desk_of_department()
            elif bool(desk.supplier_id) != (wizard.target == "supplier"):
                desk = desk.browse()
            wizard.desk_id = desk

    def _get_desk_of_department(self):
        """The desk that answers for the chosen department."""
        if not self.department_id:
            return self.env["spoc.desk"]
        return self.env["spoc.desk"].search(
            [
                ("department_id", "=", self.department_id.id),
                ("supplier_id", "=", False),
                ("id", "!=", self.ticket_id.desk_id.id),
            ],
            limit=1,
        )

    @api.model
    def _get_brief(self, ticket):
        """What the other line may know, to begin with: the words, and the answers."""
        rows = Markup("").join(
            Markup("<li><b>%s</b>: %s</li>")
            % (answer.question_text, answer.value_text or "")
            for answer in ticket.answer_ids
        )
        answers = Markup("<ul>%s</ul>") % rows if rows else Markup("")
        return (ticket.description or Markup("")) + answers

    def _prepare_assignment_values(self):
        """Values of the assignment that is offered."""
        self.ensure_one()
        return {
            "ticket_id": self.ticket_id.id,
            "desk_id": self.desk_id.id,
            "user_id": self.user_id.id,
            "name": self.name,
            "brief": self.brief,
            "due": self.due,
        }

    def action_assign(self):
        """Offer the work to the line."""
        self.ensure_one()
        self.ticket_id.check_access("write")
        self.env["spoc.assignment"].create([self._prepare_assignment_values()])
        return {"type": "ir.actions.act_window_close"}
