"""What a service's page says about who may ask and who has to agree."""

from odoo import api, models


class SpocWindow(models.AbstractModel):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.window"

    @api.model
    def _prepare_service_values(self, service):
        """Adds ``refusal``, empty for whoever may ask, and ``approvals``, sentences."""
        refusal = service._spoc_refusal()
        return {
            **super()._prepare_service_values(service),
            "refusal": refusal,
            "approvals": [] if refusal else service._spoc_approval_words(),
        }
