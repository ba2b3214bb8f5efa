"""How a ticket begins: the way of one request, each step for all of them at once."""

import uuid

from odoo import api, models
from odoo.exceptions import UserError

from .spoc_ticket import ENGINE, ENGINE_FIELDS

#: What is read of whoever asks, and of the voices of desks that answer.
KNOWN_OF_PEOPLE = (
    "active",
    "email",
    "email_normalized",
    "lang",
    "name",
    "spoc_vip",
    "tz",
)


class SpocTicket(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.ticket"

    @api.model_create_multi
    def create(self, vals_list):
        """Take requests in: classify, start the clocks, route, ask for approvals, tell.

        Set-based: every step looks at all requests at once.

        :param vals_list: per ticket at least ``name``, ``requester_id`` and
            ``desk_id`` or ``service_id``; see :data:`ENGINE_FIELDS` for what is
            not accepted
        :raises UserError: when a value belongs to the engine
        """
        hours = self._spoc_hours()
        drafts = self._spoc_classify(vals_list)
        clocks = self._spoc_start_clocks(drafts, hours)
        self._spoc_route(drafts, hours)
        tickets = super(SpocTicket, self._spoc_creating()).create(drafts)
        tickets = tickets.with_env(self.env)
        tickets._spoc_open_books(clocks)
        tickets._spoc_begin_approvals()
        tickets._spoc_acknowledge({})
        return tickets

    def _spoc_creating(self):
        """Environment of an insertion: the ledger tells it, no log or follower does."""
        return self.with_context(
            tracking_disable=True,
            mail_create_nolog=True,
            mail_create_nosubscribe=True,
            spoc_engine=ENGINE,
        )

    @api.model
    def _spoc_classify(self, vals_list):
        """Complete the values of new tickets: service, desk, priority, number, stage.

        :return: new list of dicts; the caller's are left alone
        """
        drafts = self._spoc_accept(vals_list)
        services = self.env["spoc.service"].browse(
            {draft["service_id"] for draft in drafts if draft.get("service_id")}
        )
        # sudo: a requester need not be able to read the desk behind a service
        services = services.sudo()._spoc_recall()
        desk_of = {service.id: service.desk_id.id for service in services}
        for draft in drafts:
            draft["desk_id"] = draft.get("desk_id") or desk_of.get(
                draft.get("service_id")
            )
            if not draft["desk_id"]:
                raise UserError(self.env._("A ticket needs a desk or a service."))
            draft["name"] = (draft.get("name") or "").strip() or self.env._(
                "(no subject)"
            )
        self._spoc_meet(drafts)
        self._spoc_fill_in(drafts, services)
        self._spoc_prioritise(drafts)
        self._spoc_stamp(drafts)
        return drafts

    @api.model
    def _spoc_meet(self, drafts):
        """Read at once what the way of new tickets has to know of desks and people."""
        # sudo: rules of the desks, whoever asks
        desks = self.env["spoc.desk"].sudo()
        desks = desks.browse({draft["desk_id"] for draft in drafts})._spoc_recall()
        companies = desks.company_id._spoc_recall()
        companies.alias_domain_id._spoc_recall()
        people = {
            draft.get(name)
            for draft in drafts
            for name in ("requester_id", "requested_for_id")
        }
        people = desks.partner_id.browse(
            [*people - {None, False}, *desks.partner_id.ids]
        )
        people.fetch(KNOWN_OF_PEOPLE)

    @api.model
    def _spoc_fill_in(self, drafts, services):
        """Put into new tickets what follows from their service, desk and requester.

        The same as the fields compute, without a record made up for each of them.

        :param services: spoc.service as superuser
        """
        # sudo: the company of a desk is no secret
        Desk = self.env["spoc.desk"].sudo()
        for draft in drafts:
            service = services.browse(draft.get("service_id") or [])
            usual = {
                "kind": service.kind or "request",
                "category_id": service.category_id.id,
                "requested_for_id": draft.get("requester_id"),
            }
            for name, value in usual.items():
                draft[name] = draft.get(name) or value
            draft["company_id"] = Desk.browse(draft["desk_id"]).company_id.id
            draft["rating_last_value"] = 0.0

    @api.model
    def _spoc_accept(self, vals_list):
        """Copies of the values of new tickets, with what is usual.

        :raises AccessError: when a value belongs to the engine
        """
        engine = self._spoc_is_engine()
        kept = set() if engine else ENGINE_FIELDS | {"stage_id"}
        defaults = self.default_get(
            ["category_id", "desk_id", "kind", "origin", "priority", "requested_for_id"]
        )
        drafts = []
        for vals in vals_list:
            self._spoc_refuse(name for name in kept & vals.keys() if vals[name])
            given = {name: vals[name] for name in vals if name not in kept}
            drafts.append({**defaults, **given})
        return drafts

    @api.model
    def _spoc_stamp(self, drafts):
        """Number new tickets and put them at their beginning."""
        # sudo: the counter of the desk, whoever asks
        desks = self.env["spoc.desk"].sudo().browse(d["desk_id"] for d in drafts)
        for draft, number in zip(drafts, desks._spoc_next_numbers(), strict=True):
            draft["number"] = number
            # Known beforehand, and each would cost a query of its own.
            draft["access_token"] = str(uuid.uuid4())
            draft["state"] = "new"
            draft["stage_id"] = self.env["spoc.stage"]._spoc_first(
                "new", draft["desk_id"]
            )
        # sudo: stages, as the counter
        stages = self.env["spoc.stage"].sudo()
        stages.browse({draft["stage_id"] for draft in drafts})._spoc_recall()
