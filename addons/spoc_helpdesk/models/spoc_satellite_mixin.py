"""Odoo's own records that hang on a ticket, seen from inside only."""

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.base.models.ir_attachment import condition_values

GUARDED = ("spoc.ticket",)
#: Records of a ticket with a thread of their own: what hangs there is seen with them.
PARTS = ("spoc.assignment", "spoc.transfer")


def among(name, query):
    """Domain of records whose column ``name`` is the id of a record of ``query``.

    Looked up record by record where these are few: for an ``IN`` beside other
    conditions PostgreSQL would first collect all tickets somebody may read.

    :param str name: of a column with ids
    :param query: what ``_search`` returned
    """
    # SQL: the ORM asks by IN only
    return Domain.custom(
        to_sql=lambda model, alias, _query: SQL(
            "EXISTS (SELECT FROM %s WHERE %s AND %s = %s)",
            query.from_clause,
            query.where_clause or SQL("TRUE"),
            SQL.identifier(query.table, "id"),
            SQL.identifier(alias, name, to_flush=model._fields[name]),
        )
    )


class SpocSatelliteMixin(models.AbstractModel):
    """Guard of a model whose records name a ticket by ``res_model`` and ``res_id``.

    Odoo lets every internal user read some of them (followers, ratings) and others
    with the record (activities). On a ticket they belong to those who work on it.
    """

    _name = "spoc.satellite.mixin"
    _description = "Record hanging on a ticket"

    _spoc_model_field = "res_model"

    @api.model
    def _spoc_own_domain(self):
        """Records an outsider sees nonetheless."""
        return Domain.FALSE

    @api.model
    def _spoc_visible_domain(self):
        """Records on tickets and their parts the current user may see."""
        return self._spoc_inside_domain() | self._spoc_own_domain()

    @api.model
    def _spoc_inside_domain(self):
        """Those of what the current user works on."""
        Ticket = self.env["spoc.ticket"].with_context(active_test=False)
        # sudo: only which tickets one works on is asked
        inner = Ticket.sudo()._search(Ticket._spoc_inner_domain())
        domain = Domain(self._spoc_model_field, "in", GUARDED) & among("res_id", inner)
        for name in PARTS:
            Part = self.env[name]
            if Part.has_access("read"):
                domain |= Domain(self._spoc_model_field, "=", name) & among(
                    "res_id", Part._search(Domain.TRUE)
                )
        return domain

    @api.model
    def _spoc_guard(self, domain):
        """``domain`` without what hangs on tickets one does not work on."""
        domain = Domain(domain)
        names = condition_values(self, self._spoc_model_field, domain)
        if names is not None and not set(names) & {*GUARDED, *PARTS}:
            return domain
        elsewhere = Domain(
            self._spoc_model_field, "not in", [*GUARDED, *PARTS]
        ) | Domain(self._spoc_model_field, "=", False)
        return domain & (elsewhere | self._spoc_visible_domain())

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        if not self.env.su and not bypass_access:
            domain = self._spoc_guard(domain)
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if self.env.su or not self:
            return result
        passed = self - result[0] if result else self
        # sudo: which of them hang on a ticket, and which of these are visible
        ours = passed.sudo().filtered(
            lambda record: record[self._spoc_model_field] in (*GUARDED, *PARTS)
        )
        if not ours:
            return result
        visible = ours.search(
            Domain("id", "in", ours.ids) & self._spoc_visible_domain()
        )
        hidden = self.browse((ours - visible).ids)
        if operation != "read":
            hidden |= self.browse((visible - visible._spoc_changeable()).ids)
        if not hidden:
            return result
        if result:
            return (result[0] + hidden, result[1])
        return (hidden, lambda: hidden._spoc_access_error())

    def _spoc_changeable(self):
        """Visible records the user may change (``self`` comes as superuser)."""
        return self

    def _spoc_access_error(self):
        return AccessError(
            self.env._("Only those who work on the ticket may see or do this.")
        )
