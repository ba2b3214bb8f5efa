"""Two sides of one record: those who work on it, and those it is for."""

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

#: Names every reader may use: they tell nothing of the work behind a record.
PLAIN_FIELDS = frozenset({"id", "display_name", "is_inner"})


class SpocInnerMixin(models.AbstractModel):
    """Keep the inner side of a record from those who may read only its outside.

    Record rules say who may read a record at all. On some models that is not
    enough: the requester reads the ticket, the other line reads its assignment,
    and neither may see what the owning desk writes down for itself. A group on a
    field cannot say it, since one person may be an agent here and a requester
    there. So a model lists the names of its outside, everything else (whatever an
    addon adds later, too) belongs to the inner side, and the two are told apart
    record by record.

    A model defines:

    * ``_spoc_outer_fields``: frozenset of the names an outsider may read;
    * ``_spoc_inner_domain()``: the records whose inner side the user sees;
    * ``_compute_is_inner``'s dependencies through ``_spoc_inner_depends``.
    """

    _name = "spoc.inner.mixin"
    _description = "Record with an inner side"

    _spoc_outer_fields = frozenset()

    is_inner = fields.Boolean(
        "Seen from Inside",
        compute="_compute_is_inner",
        search="_search_is_inner",
        compute_sudo=True,
        export_string_translation=False,
        help="The user works on this record, not only asks or answers.",
    )

    # ---- who is inside -----------------------------------------------------

    @api.model
    def _spoc_inner_domain(self):
        """Domain of the records the current user sees from inside.

        Evaluated with access rules left aside: it only names people and desks.
        """
        return Domain.FALSE

    @api.model
    def _spoc_inner_depends(self):
        """Names ``is_inner`` depends on, for :meth:`_compute_is_inner`."""
        return []

    @api.model
    def _spoc_owning_domain(self, about):
        """The inner side of a record of a ticket: who owns the ticket as a desk.

        :param str about: field that says whether it is the user's own matter
        """
        user = self.env.user
        if not user.has_group("spoc_catalog.group_agent"):
            return Domain.FALSE
        domain = Domain("ticket_id.desk_id.member_ids", "in", user.ids)
        domain |= Domain("ticket_id.desk_id.manager_id", "in", user.ids)
        if user.has_group("spoc_catalog.group_administrator"):
            domain |= Domain("ticket_id.desk_id.privacy", "=", "open")
        return domain & Domain(about, "=", False)

    @api.model
    def _spoc_owning_depends(self, about):
        """What :meth:`_spoc_owning_domain` depends on."""
        return [
            "ticket_id.desk_id.member_ids",
            "ticket_id.desk_id.manager_id",
            "ticket_id.desk_id.privacy",
            about,
        ]

    @api.depends(lambda self: self._spoc_inner_depends())
    @api.depends_context("uid")
    def _compute_is_inner(self):
        records = self._origin
        # sudo: only the question "inside or not" is answered, for this very user
        inner = records.sudo().filtered_domain(self._spoc_inner_domain())
        inner_ids = set(inner._ids)
        for record in self:
            origin = record._origin
            record.is_inner = not origin or origin.id in inner_ids

    def _search_is_inner(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._spoc_inner_condition()

    @api.model
    def _spoc_inner_condition(self):
        """The same as a condition of the user's own searches.

        A model may put it in a way that costs less than naming all its records.
        """
        # sudo: the search tells who is inside; rules of the records apply outside it
        return Domain("id", "in", self.sudo()._search(self._spoc_inner_domain()))

    # ---- values ------------------------------------------------------------

    @api.model
    def _spoc_is_outer_field(self, name):
        """Whether an outsider may read the field ``name``."""
        return name in PLAIN_FIELDS or name in self._spoc_outer_fields

    def _has_field_access(self, field, operation):
        allowed = super()._has_field_access(field, operation)
        if (
            not allowed
            or self.env.su
            or operation != "read"
            or not self._ids
            or self._spoc_is_outer_field(field.name)
        ):
            return allowed
        # sudo: the flag says who one is, it shows nothing
        return all(record.is_inner for record in self.sudo())

    # ---- searches ----------------------------------------------------------
    # A domain, an order or a group on an inner field answers questions about its
    # values: such a search sees inner records only.

    @api.model
    def _spoc_asks_inside(self, names):
        """Whether one of these names (dotted or with ``:granularity``) is inner."""
        return any(
            not self._spoc_is_outer_field(name.partition(":")[0].partition(".")[0])
            for name in names
        )

    @api.model
    def _spoc_guarded(self, domain, names=()):
        """``domain``, limited to inner records when it or ``names`` asks inside."""
        domain = Domain(domain)
        if self.env.su:
            return domain
        asked = [condition.field_expr for condition in domain.iter_conditions()]
        if self._spoc_asks_inside([*asked, *names]):
            domain &= self._spoc_inner_condition()
        return domain

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, **kwargs):
        if not self.env.su:
            terms = [term.split() for term in (order or "").split(",")]
            domain = self._spoc_guarded(domain, [term[0] for term in terms if term])
        return super()._search(domain, offset, limit, order, **kwargs)

    @api.model
    def search_fetch(self, domain, field_names=None, offset=0, limit=None, order=None):
        if not self.env.su and field_names:
            domain = self._spoc_guarded(domain, field_names)
        return super().search_fetch(domain, field_names, offset, limit, order)

    @api.model
    def _read_group(
        self,
        domain,
        groupby=(),
        aggregates=(),
        having=(),
        offset=0,
        limit=None,
        order=None,
    ):
        domain = self._spoc_guarded(domain, self._spoc_group_names(groupby, aggregates))
        return super()._read_group(
            domain, groupby, aggregates, having, offset, limit, order
        )

    @api.model
    def _read_grouping_sets(self, domain, grouping_sets, aggregates=(), order=None):
        groupby = [name for names in grouping_sets for name in names]
        domain = self._spoc_guarded(domain, self._spoc_group_names(groupby, aggregates))
        return super()._read_grouping_sets(domain, grouping_sets, aggregates, order)

    @api.model
    def _spoc_group_names(self, groupby, aggregates):
        return [*groupby, *(name for name in aggregates if name != "__count")]

    # ---- the satellites of a thread ----------------------------------------

    def _spoc_check_inner(self):
        """Raise unless the user sees all these records from inside.

        :raises AccessError: for an outsider
        """
        self.check_access("read")
        # sudo: the flag says who one is, it shows nothing
        if not self.env.su and not all(record.is_inner for record in self.sudo()):
            raise AccessError(
                self.env._("Only those who work on it may see or do this.")
            )
