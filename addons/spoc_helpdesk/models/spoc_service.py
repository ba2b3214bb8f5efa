"""What a service asks of those who deliver it."""

from odoo import fields, models


class SpocService(models.Model):
    _inherit = "spoc.service"

    skill_ids = fields.Many2many(
        "hr.skill",
        "spoc_service_skill_rel",
        "service_id",
        "skill_id",
        string="Skills Needed",
        groups="spoc_catalog.group_agent",
        help="Whoever owns a ticket of this service has all of them.",
    )
