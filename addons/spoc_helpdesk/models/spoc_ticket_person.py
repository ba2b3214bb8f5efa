"""Who asks: the person card beside a ticket."""

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from .spoc_stage import CLOSED_STATES

#: So many of a person's other tickets are named.
LAST_TICKETS = 5


class SpocTicket(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.ticket"

    @api.model
    def get_person_cards(self, partner_ids, ticket_id=False):
        """What the reader may know of people, in one go.

        Everything is read with the reader's own rights: the directory shows what it
        shows to colleagues, and only tickets they work on are named or counted.

        :param list partner_ids: ids of res.partner, who asks first
        :param int ticket_id: ticket that need not be named among theirs
        :return: list of dictionaries, see :meth:`_prepare_person` and
            :meth:`_prepare_person_tickets`
        :raise AccessError: for anybody who is no agent
        """
        if not self.env.user.has_group("spoc_catalog.group_agent"):
            raise AccessError(self.env._("Only agents of a desk see who asks."))
        # The reader's rights say who is shown.
        partners = self.env["res.partner"].search([("id", "in", partner_ids)])
        partners = partners.sorted(lambda one: partner_ids.index(one.id))
        employees = self._spoc_directory(partners)
        return [
            {
                **self._prepare_person(partner, employees[partner]),
                **self._prepare_person_tickets(partner, ticket_id),
            }
            for partner in partners
        ]

    @api.model
    def _spoc_directory(self, partners):
        """The directory's entry of each partner: dict partner -> hr.employee.public."""
        Employee = self.env["hr.employee.public"]
        found = Employee.search(
            [
                "|",
                ("work_contact_id", "in", partners.ids),
                ("user_id.partner_id", "in", partners.ids),
            ]
        )
        return {
            partner: found.filtered(
                lambda one, partner=partner: (
                    partner in (one.work_contact_id | one.user_partner_id)
                )
            )[:1]
            for partner in partners
        }

    @api.model
    def _prepare_person(self, partner, employee):
        """One person as the card shows them. Upper addons add to ``facts``.

        :param partner: res.partner
        :param employee: hr.employee.public, empty for outsiders
        :return: dictionary of texts, empty where nothing is known; ``manager`` is a
            dictionary of ``name`` and ``email`` or ``False``; ``facts`` a list of
            dictionaries of ``label`` and ``value``
        """
        manager = employee.parent_id
        company = partner.commercial_partner_id
        return {
            "id": partner.id,
            "name": partner.name or partner.display_name,
            "job": employee.job_title or partner.function or "",
            "department": employee.department_id.name or "",
            "company": company.name if company != partner and not employee else "",
            "place": employee.work_location_id.name or partner.city or "",
            "manager": manager
            and {"name": manager.name, "email": manager.work_email or ""},
            "email": partner.email or employee.work_email or "",
            "phone": employee.work_phone or partner.phone or "",
            "mobile": employee.mobile_phone or "",
            "tz": employee.tz or partner.tz or "",
            "facts": [],
        }

    @api.model
    def _prepare_person_tickets(self, partner, ticket_id=False):
        """The person's tickets the reader works on.

        :return: ``open``, the number of open ones; ``total``; ``tickets``, the last
            others with ``id``, ``number``, ``name``, ``state``, ``stage`` and ``date``
        """
        theirs = (
            Domain("requester_id", "=", partner.id)
            | Domain("requested_for_id", "=", partner.id)
        ) & Domain("is_inner", "=", True)
        counts = dict(self._read_group(theirs, ["state"], ["__count"]))
        last = self.search_fetch(
            theirs & Domain("id", "!=", ticket_id),
            ["number", "name", "state", "stage_id", "create_date"],
            order="id desc",
            limit=LAST_TICKETS,
        )
        return {
            "open": sum(
                count
                for state, count in counts.items()
                if state not in (*CLOSED_STATES, "resolved")
            ),
            "total": sum(counts.values()),
            "tickets": [
                {
                    "id": ticket.id,
                    "number": ticket.number,
                    "name": ticket.name,
                    "state": ticket.state,
                    "stage": ticket.stage_id.name,
                    "date": ticket.create_date.isoformat(),
                }
                for ticket in last
            ],
        }

    @api.model
    def action_person_tickets(self, partner_id):
        """Open the tickets of somebody on a card, as far as the reader works on them.

        :param int partner_id: of a res.partner
        """
        partner = self.env["res.partner"].search([("id", "=", partner_id)])
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "spoc_helpdesk.spoc_ticket_action_all"
        )
        return {
            **action,
            "name": self.env._("Tickets of %s", partner.name or ""),
            "domain": [
                ("is_inner", "=", True),
                "|",
                ("requester_id", "in", partner.ids),
                ("requested_for_id", "in", partner.ids),
            ],
            "context": {},
        }
