"""The senders behind the mail of tickets, read once."""

from odoo import api, models


class ResCompany(models.Model):
    """Each mail to a requester bears the company's colours and bounce address."""

    _name = "res.company"
    _inherit = ["res.company", "spoc.kept.mixin"]

    @api.model
    def _spoc_kept_columns(self):
        return (
            *super()._spoc_kept_columns(),
            "alias_domain_id",
            "email_primary_color",
            "email_secondary_color",
        )


class MailAliasDomain(models.Model):
    """Where mail that cannot be delivered comes back to."""

    _name = "mail.alias.domain"
    _inherit = ["mail.alias.domain", "spoc.kept.mixin"]

    @api.model
    def _spoc_kept_columns(self):
        return (
            *super()._spoc_kept_columns(),
            "bounce_alias",
            "catchall_alias",
            "default_from",
            "name",
        )
