"""What a service's page says about who may ask and who has to agree."""

from odoo import api, models


class SpocWindow(models.AbstractModel):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.window"

    @api.model
    def _prepare_service_values(self, service):
        """Adds ``refusal``, empty for whoever may ask, ``approvals``, sentences, and
        ``unapproved``, whether nobody can be found to agree.

        Whoever cannot ask reads what is promised, and is not invited to ask now.
        """
        values = super()._prepare_service_values(service)
        refusal = {} if values["may_ask"] else service._spoc_refusal()
        unapproved = bool(service._spoc_unapproved(self.env.user.partner_id))
        if refusal or unapproved:
            values["promises"] = [
                {**promise, "moment": False, "moment_text": "", "ask_text": ""}
                for promise in values["promises"]
            ]
        return {
            **values,
            "refusal": refusal,
            "unapproved": unapproved,
            "approvals": [] if refusal else service._spoc_approval_words(),
        }
