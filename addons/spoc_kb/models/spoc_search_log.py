from odoo import api, models


class SpocSearchLog(models.Model):
    """Learns of requests sent: answers offered before them did not spare them."""

    _inherit = "spoc.search.log"

    @api.model
    def _spoc_log_submitted(self, service):
        self.env["spoc.article.offer"]._spoc_note_asked(service)
        return super()._spoc_log_submitted(service)
