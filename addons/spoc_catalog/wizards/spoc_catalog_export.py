"""Write services with their forms to a file."""

import base64

from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import catalog_file


class SpocCatalogExport(models.TransientModel):
    """Holds the file until it is downloaded."""

    _name = "spoc.catalog.export"
    _description = "Export of services"

    service_ids = fields.Many2many(
        "spoc.service", string="Services", default=lambda self: self._get_services()
    )
    service_count = fields.Integer(compute="_compute_service_count")
    data = fields.Binary(string="File", readonly=True, attachment=False)
    filename = fields.Char(readonly=True)

    @api.model
    def _get_services(self):
        """Those chosen in the list, else the whole catalogue."""
        Service = self.env["spoc.service"]
        if self.env.context.get("active_model") == "spoc.service":
            return Service.browse(self.env.context.get("active_ids", []))
        return Service.search([("active", "=", True)])

    @api.depends("service_ids")
    def _compute_service_count(self):
        for wizard in self:
            wizard.service_count = len(wizard.service_ids)

    def action_export(self):
        """Make the file and offer it."""
        self.ensure_one()
        if not self.service_ids:
            raise UserError(self.env._("Choose the services to export."))
        content = self.env["spoc.exchange"]._spoc_export(self.service_ids)
        self.data = base64.b64encode(catalog_file.write(content))
        day = fields.Date.context_today(self)
        self.filename = f"services-{day}.json"
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Export with forms"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }
