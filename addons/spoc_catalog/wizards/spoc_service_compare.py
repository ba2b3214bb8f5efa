"""Compare any two versions of a service."""

from odoo import api, fields, models


class SpocServiceCompare(models.TransientModel):
    """Two versions side by side, or one and the service as it stands."""

    _name = "spoc.service.compare"
    _description = "Compare versions of a service"

    service_id = fields.Many2one(
        "spoc.service", required=True, readonly=True, ondelete="cascade"
    )
    older_id = fields.Many2one(
        "spoc.service.version",
        string="Compare",
        required=True,
        domain="[('service_id', '=', service_id)]",
        ondelete="cascade",
    )
    newer_id = fields.Many2one(
        "spoc.service.version",
        string="With",
        domain="[('service_id', '=', service_id)]",
        ondelete="cascade",
        help="Empty: with the service as it stands now.",
    )
    difference = fields.Html(compute="_compute_difference")

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        service = self.env["spoc.service"].browse(values.get("service_id"))
        if service and not values.get("older_id"):
            last = service._spoc_last_versions().get(service.id)
            values["older_id"] = last.id if last else False
        return values

    @api.depends("older_id", "newer_id")
    @api.depends_context("lang")
    def _compute_difference(self):
        Version = self.env["spoc.service.version"]
        for wizard in self:
            older, newer = wizard.older_id, wizard.newer_id
            if not older:
                wizard.difference = False
                continue
            # Versions are for the desk and editors: whoever may read them only.
            older.check_access("read")
            service = older.service_id
            if newer:
                newer.check_access("read")
                after = newer.content
            else:
                service.check_access("read")
                # sudo: a version holds all that readers see, as publishing makes it
                after = service.sudo()._spoc_contents()[service.id]
            wizard.difference = Version._spoc_difference(older.content, after)
