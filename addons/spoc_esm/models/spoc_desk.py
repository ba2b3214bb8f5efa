from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class SpocDesk(models.Model):
    """A desk may answer for places: then it is where people of these places turn."""

    _inherit = "spoc.desk"

    work_location_ids = fields.Many2many(
        "hr.work.location",
        "spoc_desk_work_location_rel",
        "desk_id",
        "work_location_id",
        "Places",
        help="Where a service names several desks, people who work at one of these "
        "places are answered by this desk.",
    )
    site_service_ids = fields.Many2many(
        "spoc.service",
        "spoc_service_site_desk_rel",
        "desk_id",
        "service_id",
        "Services answered on the spot",
        copy=False,
    )

    @api.model
    def _spoc_card_domain(self):
        # Who may ask for a service answered on the spot may know the desk there.
        return super()._spoc_card_domain() | Domain(
            "site_service_ids", "any", [("state", "=", "published")]
        )

    @api.constrains("privacy", "work_location_ids", "company_id")
    def _check_site_services(self):
        # sudo: a retired or foreign service keeps its promise of privacy, too
        services = self.sudo().with_context(active_test=False)
        (services.site_service_ids | services.service_ids)._check_site_desks()

    @api.constrains("active")
    def _check_active_sites(self):
        for desk in self.filtered(lambda d: not d.active):
            # sudo: services the user cannot see would lose their desk, too
            services = desk.sudo().site_service_ids
            if services:
                raise ValidationError(
                    self.env._(
                        "%(desk)s still answers on the spot: %(services)s.",
                        desk=desk.name,
                        services=", ".join(services.mapped("name")),
                    )
                )
