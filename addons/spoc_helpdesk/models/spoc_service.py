"""What a service asks of those who deliver it."""

from odoo import api, fields, models


class SpocService(models.Model):
    _inherit = "spoc.service"

    skill_need_ids = fields.One2many(
        "spoc.skill.need",
        "service_id",
        string="Skills needed",
        groups="spoc_catalog.group_agent,spoc_catalog.group_catalog_editor",
        help="Whoever owns a ticket of this service has all of them. Without any, "
        "those of its category hold.",
    )

    @api.model
    def _spoc_asked_counts(self, since):
        """Requests there really were, instead of what people looked at."""
        groups = self.env["spoc.ticket"]._read_group(
            [("service_id", "!=", False), ("create_date", ">=", since)],
            ["service_id"],
            ["__count"],
        )
        return {service.id: count for service, count in groups}
