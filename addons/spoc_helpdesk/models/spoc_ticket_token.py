"""The link of a ticket's page is its requester's; the desk does not hold it."""

from odoo import api, fields, models
from odoo.fields import Domain


class SpocTicket(models.Model):
    """Whoever holds the token of a page speaks there as the requester.

    So it is read by those it was sent to, and by nobody who works on the ticket.
    """

    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.ticket"

    # Judged record by record: not along with whatever else is read.
    access_token = fields.Char(prefetch=False)

    def _has_field_access(self, field, operation):
        allowed = super()._has_field_access(field, operation)
        if not allowed or self.env.su or field.name != "access_token":
            return allowed
        partner = self.env.user.partner_id
        # sudo: whether one is among those who ask
        return all(partner in ticket._spoc_audience() for ticket in self.sudo())

    @api.model
    def _spoc_guarded(self, domain, names=()):
        domain = super()._spoc_guarded(domain, names)
        asked = [one.field_expr for one in domain.iter_conditions()]
        asked += [name.partition(":")[0] for name in names]
        if "access_token" in asked and not self.env.su:
            return Domain.FALSE  # it cannot be found out piece by piece
        return domain
