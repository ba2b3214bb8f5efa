from odoo import fields, models
from odoo.fields import Domain


class ResPartner(models.Model):
    """A person's place in the organisation, as far as the desks need it.

    The directory is the one the organisation keeps already: the employee whose
    work contact the person is. Nothing is stored twice.
    """

    _inherit = "res.partner"

    spoc_department_id = fields.Many2one(
        "hr.department",
        "Department",
        compute="_compute_spoc_directory",
        groups="spoc_catalog.group_agent",
    )
    spoc_manager_name = fields.Char(
        "Manager",
        compute="_compute_spoc_directory",
        groups="spoc_catalog.group_agent",
    )
    spoc_work_location_id = fields.Many2one(
        "hr.work.location",
        "Place of work",
        compute="_compute_spoc_directory",
        groups="spoc_catalog.group_agent",
    )
    spoc_job_title = fields.Char(
        "Position at work",
        compute="_compute_spoc_directory",
        groups="spoc_catalog.group_agent",
    )
    spoc_open_ticket_count = fields.Integer(
        "Open requests",
        compute="_compute_spoc_open_ticket_count",
        groups="spoc_catalog.group_agent",
    )

    def _spoc_employees(self, company=None):
        """The employee each person is.

        :param company: res.company preferred for people employed by several; the
            current one by default
        :return: dict of partner id -> hr.employee record (sudo: read public facts
            of it only); people who are no employees are left out
        """
        company = company or self.env.company
        # sudo: agents and requesters have no right to employees; only the place in
        # the organisation is taken from them
        employees = (
            self.env["hr.employee"]
            .sudo()
            .search([("work_contact_id", "in", self.ids)], order="id desc")
        )
        found = {}
        for employee in employees.sorted(lambda e: e.company_id == company):
            found[employee.work_contact_id.id] = employee
        return found

    def _compute_spoc_directory(self):
        employees = self._origin._spoc_employees()
        # sudo: the empty employee that stands for nobody
        nobody = self.env["hr.employee"].sudo()
        for partner in self:
            employee = employees.get(partner._origin.id, nobody)
            partner.spoc_department_id = employee.department_id.id
            partner.spoc_manager_name = employee.parent_id.name
            partner.spoc_work_location_id = employee.work_location_id.id
            partner.spoc_job_title = employee.job_title or employee.job_id.name

    def _compute_spoc_open_ticket_count(self):
        groups = self.env["spoc.ticket"]._read_group(
            self._spoc_open_ticket_domain(), ["requester_id"], ["__count"]
        )
        counts = {partner.id: count for partner, count in groups}
        for partner in self:
            partner.spoc_open_ticket_count = counts.get(partner._origin.id, 0)

    def _spoc_open_ticket_domain(self):
        """Open tickets of these people; the reader's own rights narrow them."""
        return Domain("requester_id", "in", self._origin.ids) & Domain(
            "state", "in", ("new", "in_progress", "waiting")
        )

    def action_open_spoc_tickets(self):
        """The open tickets of this person."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "spoc_helpdesk.spoc_ticket_action_all"
        )
        action["domain"] = list(self._spoc_open_ticket_domain())
        action["context"] = {"default_requester_id": self.id}
        return action
