"""What the catalogue offers a person, worked out once for all who see the same."""

import time
from array import array
from bisect import bisect_left
from collections import Counter
from typing import NamedTuple

from odoo import api, models, tools
from odoo.fields import Domain

#: So many services, those shown first, are kept by name.
FIRST = 24
#: ... and so many of each category.
SHELF = 5
#: In the context: nobody has finished typing yet.
TYPING = "spoc_typing"
#: Who somebody is, is looked up with every page, but while they type, with a request a
#: letter, trusted for so many seconds.
TRUST = 5
#: What the rules of the catalogue look at. A rule that looks at anything else may say
#: something different at any moment: then nothing is kept.
KNOWN = {
    "active",
    "audience_ids",
    "company_id",
    "desk_id",
    "id",
    "is_led_by_me",
    "is_mine",
    "is_my_desk",
    "is_seen_by_me",
    "privacy",
    "service_ids",
    "state",
    "visibility",
}


class Offer(NamedTuple):
    """Published services somebody may see.

    :ivar ids: their ids in rising order
    :ivar first: ids of the first ones, in the order of the window's first page
    :ivar shelves: category id -> ids of its first services
    :ivar counts: ``(category id, desk id, department id)`` -> services; ``None`` for
        an id that is not set
    """

    ids: array
    first: tuple
    shelves: dict
    counts: dict

    def has(self, service_id):
        """Whether the service is among them."""
        place = bisect_left(self.ids, service_id)
        return place < len(self.ids) and self.ids[place] == service_id

    def only(self, service_ids):
        """Those of some services that are among them, in the order given."""
        return [service_id for service_id in service_ids if self.has(service_id)]

    def by(self, place):
        """Services by one part of the key of ``counts``: 0, 1 or 2.

        :rtype: Counter
        """
        totals = Counter()
        for key, count in self.counts.items():
            if key[place]:
                totals[key[place]] += count
        return totals


class SpocWindow(models.AbstractModel):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.window"

    @api.model
    def _spoc_reader(self, model="spoc.service"):
        """What decides which records the person sees: the same for many.

        :param str model: services, desks or channels
        :return: hashable; ``None`` when a rule says something nothing can be kept by
        """
        rule = self._get_rule(model)
        if rule is None:
            return None
        facts = self._get_reader_facts()
        mine = self.env["spoc.audience"]._spoc_mine_ids(facts)
        return (rule, *map(tuple, (mine, facts["desks"], facts["led_desks"])))

    @api.model
    def _get_reader_facts(self):
        """Facts of the person; see ``spoc.audience._spoc_facts``."""
        if self.env.context.get(TYPING):
            return self._keep_facts(self.env.uid, int(time.monotonic() // TRUST))
        # sudo: facts of the directory decide, nobody gets to see them.
        return self.env.user.sudo().spoc_facts

    @api.model
    @tools.ormcache("user_id", "moment")
    def _keep_facts(self, user_id, moment):
        """Facts of a user at a moment, counted in :data:`TRUST`."""
        # sudo: the facts decide what is offered and are not shown
        return self.env["res.users"].sudo().browse(user_id).spoc_facts

    @api.model
    @tools.ormcache(
        "self.env.uid",
        "self.env.su",
        "model",
        "tuple(self.env['ir.rule']._compute_domain_context_values())",
    )
    def _get_rule(self, model):
        """The record rules of a model for the person, as text; see :data:`KNOWN`."""
        self.env[model].check_access("read")
        rule = self.env["ir.rule"]._compute_domain(model)
        return repr(rule) if self._is_known(rule) else None

    @api.model
    def _is_known(self, domain):
        """Whether a domain looks at nothing but :data:`KNOWN`."""
        return all(
            condition.field_expr in KNOWN
            and (
                not isinstance(condition.value, Domain)
                or self._is_known(condition.value)
            )
            for condition in domain.iter_conditions()
        )

    @api.model
    def _spoc_offer(self):
        """What the window offers the person.

        :rtype: Offer
        """
        reader = self._spoc_reader()
        return self._read_offer() if reader is None else self._keep_offer(reader)

    @api.model
    @tools.ormcache("reader")
    def _keep_offer(self, reader):
        return self._read_offer()

    @api.model
    def _read_offer(self):
        Service = self.env["spoc.service"]
        query = Service._search(
            self._get_service_domain(),
            order="is_featured desc, asked_count desc, sequence, id",
        )
        # SQL: numbers alone, without a record for each of thousands; the query has
        # the record rules in it.
        rows = self.env.execute_query(
            query.select(
                *(
                    Service._field_to_sql(Service._table, name, query)
                    for name in ("id", "category_id", "desk_id", "department_id")
                )
            )
        )
        shelves, counts = {}, Counter()
        for service_id, category_id, desk_id, department_id in rows:
            counts[category_id, desk_id, department_id] += 1
            shelf = shelves.setdefault(category_id, [])
            if len(shelf) < SHELF:
                shelf.append(service_id)
        return Offer(
            ids=array("l", sorted(row[0] for row in rows)),
            first=tuple(row[0] for row in rows[:FIRST]),
            shelves={key: tuple(shelf) for key, shelf in shelves.items()},
            counts=dict(counts),
        )

    @api.model
    def _spoc_by_rule(self, model, method):
        """What a method of this model tells of records without an audience.

        Kept for all who have the same record rules on ``model``; with a rule nothing
        can be kept by, read each time with the person's own rights.
        """
        rule = self._get_rule(model)
        if rule is None:
            return getattr(self, method)()
        return self._keep_by_rule(rule, method)

    @api.model
    @tools.ormcache("rule", "method", "self.env.lang")
    def _keep_by_rule(self, rule, method):
        return getattr(self, method)()

    # ------------------------------------------------------------------
    # Parts of pages
    # ------------------------------------------------------------------

    @api.model
    def _spoc_part(self, template, method, *args):
        """A part of a page that is the same for all who see the same.

        :param str template: what it looks like; it gets nothing of the person
        :param str method: of this model, gives the values of the template
        :param args: for the method; hashable
        :return: Markup
        """
        reader = self._spoc_reader()
        if reader is None:
            return self._render_part(template, method, args)
        return self._keep_part(reader, template, method, args)

    @api.model
    @tools.ormcache(
        "reader",
        "template",
        "method",
        "args",
        "self.env.lang",
        "self.env.context.get('website_id')",
    )
    def _keep_part(self, reader, template, method, args):
        return self._render_part(template, method, args)

    @api.model
    def _render_part(self, template, method, args):
        values = getattr(self, method)(*args)
        return self.env["ir.qweb"]._render(template, values).strip()
