from odoo import api, models


class SpocWindow(models.AbstractModel):
    """The window shows the desk that will answer this very person."""

    _inherit = "spoc.window"

    @api.model
    def _prepare_service_values(self, service):
        values = super()._prepare_service_values(service)
        site = service._spoc_site_desk(self.env.user.partner_id)
        # With the reader's own rights: a desk they may not see stays unnamed.
        desk = self.env["spoc.desk"].search([("id", "in", site.ids)])
        if desk:
            values.update(
                desk=desk,
                desk_name=desk.name,
                channels=self._get_channels(desk),
                openings=desk._spoc_openings(),
            )
        return values
