"""Windows that ask and show something are of whoever opened them."""

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from .base import SUITE


class IrRule(models.Model):
    """Odoo lets everybody with the right to a kind of wizard read those of others.

    What a colleague is about to answer, resolve or merge stands in there. So the
    suite's own wizards, and the lines they show, are seen by their user alone: here,
    in one place, so that none is forgotten.
    """

    _inherit = "ir.rule"

    @api.model
    def _compute_domain(self, model_name, mode="read"):
        domain = super()._compute_domain(model_name, mode)
        model = self.env[model_name]
        if self.env.su or not model._transient or not model_name.startswith(SUITE):
            return domain
        return Domain(domain) & Domain("create_uid", "=", self.env.uid)

    def _make_access_error(self, operation, records):
        """In developer mode, which anybody may turn on, Odoo names what it refuses."""
        error = super()._make_access_error(operation, records)
        if not records._name.startswith(SUITE):
            return error
        words = str(error)
        # sudo: what the message must not say
        for record in records.sudo():
            words = words.replace(
                f", {record.display_name} ({record._name}:", f" ({record._name}:"
            )
        nameless = AccessError(words)
        nameless.__dict__.update(error.__dict__)
        return nameless
