from odoo import api, fields, models
from odoo.fields import Domain


class SpocTicket(models.Model):
    """The requester's place in the organisation, beside their words.

    All of it belongs to the inner side of the ticket.
    """

    _inherit = "spoc.ticket"

    requester_department_id = fields.Many2one(
        "hr.department",
        "Department of the requester",
        related="requester_id.spoc_department_id",
        related_sudo=False,
        search="_search_requester_department_id",
        groups="spoc_catalog.group_agent",
    )
    requester_manager_name = fields.Char(
        "Manager of the requester",
        related="requester_id.spoc_manager_name",
        related_sudo=False,
        groups="spoc_catalog.group_agent",
    )
    requester_work_location_id = fields.Many2one(
        "hr.work.location",
        "Requester's place of work",
        related="requester_id.spoc_work_location_id",
        related_sudo=False,
        groups="spoc_catalog.group_agent",
    )
    requester_job_title = fields.Char(
        "Position of the requester",
        related="requester_id.spoc_job_title",
        related_sudo=False,
        groups="spoc_catalog.group_agent",
    )
    requester_open_count = fields.Integer(
        "Open requests of the requester",
        related="requester_id.spoc_open_ticket_count",
        related_sudo=False,
        groups="spoc_catalog.group_agent",
    )

    @api.model
    def _search_requester_department_id(self, operator, value):
        # sudo: agents have no right to employees; who works where is no secret
        people = self.env["hr.employee"].sudo()
        working = Domain("department_id", operator, value)
        contacts = people.search(working & Domain("work_contact_id", "!=", False))
        return Domain("requester_id", "in", contacts.work_contact_id.ids)

    @api.model
    def _spoc_desk_for(self, service, requester):
        """The desk at the requester's place of work, when the service names one."""
        if service:
            site = service._spoc_site_desk(requester)
            if site:
                return site
        return super()._spoc_desk_for(service, requester)

    def action_open_requester_tickets(self):
        """The open tickets of the requester."""
        self.ensure_one()
        return self.requester_id.action_open_spoc_tickets()
