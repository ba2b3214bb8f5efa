from odoo import api, fields, models


class HrDepartment(models.Model):
    """A department in the directory: its desks and what it offers."""

    _inherit = "hr.department"

    spoc_desk_ids = fields.One2many("spoc.desk", "department_id", "Desks")
    spoc_service_ids = fields.Many2many(
        "spoc.service",
        string="Services",
        compute="_compute_spoc_service_ids",
    )
    spoc_service_count = fields.Integer(
        "Services offered",
        compute="_compute_spoc_service_ids",
    )

    @api.depends("spoc_desk_ids.service_ids")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_spoc_service_ids(self):
        """Services a department provides: its own, else those of its desks."""
        services = self.env["spoc.service"].search(
            [
                ("state", "=", "published"),
                "|",
                ("department_id", "in", self.ids),
                "&",
                ("department_id", "=", False),
                ("desk_id.department_id", "in", self.ids),
            ]
        )
        offered = services.grouped(lambda s: s.department_id or s.desk_id.department_id)
        for department in self:
            mine = offered.get(department._origin, services.browse())
            department.spoc_service_ids = mine
            department.spoc_service_count = len(mine)

    def action_open_spoc_services(self):
        """What the department offers."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "spoc_catalog.spoc_service_action"
        )
        action["domain"] = [("id", "in", self.spoc_service_ids.ids)]
        action["context"] = {"default_department_id": self.id}
        return action
