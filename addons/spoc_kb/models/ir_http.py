from odoo import models


class IrHttp(models.AbstractModel):
    """Let portal pages load the translations of our scripts."""

    _inherit = "ir.http"

    @classmethod
    def _get_translation_frontend_modules_name(cls):
        return super()._get_translation_frontend_modules_name() + ["spoc_kb"]
