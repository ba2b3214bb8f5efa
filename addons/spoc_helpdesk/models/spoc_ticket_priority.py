"""Impact and urgency, and the priority that follows from them."""

from odoo import api, fields, models

from odoo.addons.spoc_catalog.models.spoc_priority import LEVEL_LABELS
from odoo.addons.spoc_catalog.norms import priority_of

from .spoc_ticket import PRIORITIES

#: The priority of what nobody has judged yet.
USUAL = "1"


class SpocTicket(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.ticket"

    impact = fields.Selection(
        LEVEL_LABELS,
        tracking=True,
        help="How many people it concerns: one, several, a whole site or all. Empty: "
        "nobody has judged it yet.",
    )
    urgency = fields.Selection(
        LEVEL_LABELS,
        tracking=True,
        help="How long it can wait: it can, it disturbs work, or work stands still. "
        "Whoever asks says so, where the service asks for it.",
    )
    priority = fields.Selection(
        PRIORITIES,
        compute="_compute_priority",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        tracking=True,
        help="Follows from impact and urgency. One set by hand stays until it is set "
        "to what they make again.",
    )
    priority_by_hand = fields.Boolean(
        "Priority Set by Hand",
        readonly=True,
        copy=False,
        help="Impact and urgency do not change the priority any more.",
    )

    @api.depends("impact", "urgency", "is_vip")
    def _compute_priority(self):
        made = self._spoc_made_priorities({})
        for ticket in self:
            if not (ticket.priority_by_hand and ticket.priority):
                ticket.priority = made[ticket.id]

    @api.onchange("priority")
    def _onchange_priority(self):
        """Said at once, so that a change of the impact leaves it alone."""
        made = self._spoc_made_priorities({})
        self.priority_by_hand = self.priority != made[self.id]

    def write(self, vals):
        if "priority" not in vals:
            return super().write(vals)
        made = self._spoc_made_priorities(vals)
        result = super().write(vals)
        for by_hand in (True, False):
            changed = self.filtered(
                lambda ticket, by_hand=by_hand: (
                    (made[ticket.id] != vals["priority"]) == by_hand
                    and ticket.priority_by_hand != by_hand
                )
            )
            if changed:
                changed._spoc_write({"priority_by_hand": by_hand})
        return result

    def _spoc_made_priorities(self, vals):
        """The priority that impact and urgency make.

        :param dict vals: values about to be written, which count before the stored
        :return: id -> priority
        """
        make = self._spoc_priority_maker()
        # sudo: judged alike, whoever looks
        return {
            ticket.id: make(
                vals.get("impact", ticket.impact),
                vals.get("urgency", ticket.urgency),
                ticket.desk_id.company_id,
                ticket.is_vip,
            )
            for ticket in self.sudo()
        }

    @api.model
    def _spoc_priority_maker(self):
        """A function ``(impact, urgency, company, is_vip) -> priority``.

        It reads the matrix of each company once, and only when it is needed. For a
        VIP the levels are raised by the company's rule before they are looked up.
        """
        Matrix = self.env["spoc.priority.matrix"]
        matrices = {}

        def make(impact, urgency, company, is_vip):
            impact, urgency = self._spoc_vip_levels(impact, urgency, company, is_vip)
            if not impact and not urgency:
                return USUAL
            if company not in matrices:
                matrices[company] = Matrix._spoc_matrix(company)
            return priority_of(impact, urgency, matrices[company])

        return make

    @api.model
    def _spoc_prioritise(self, drafts):
        """Put the priority of new tickets into their values."""
        self._spoc_mark_vips(drafts)
        make = self._spoc_priority_maker()
        Desk = self.env["spoc.desk"].sudo()  # sudo: the company of a desk is no secret
        for draft in drafts:
            desk = Desk.browse(draft["desk_id"])
            levels = draft.get("impact"), draft.get("urgency")
            made = make(*levels, desk.company_id, draft["is_vip"])
            draft["priority"] = draft.get("priority") or made
            draft["priority_by_hand"] = draft["priority"] != made

    @api.model
    def _spoc_urgencies(self):
        """How much something holds a person up, in their words.

        :return: dictionary in this order: urgency -> words
        """
        return {
            "low": self.env._("It can wait"),
            "normal": self.env._("It gets in my way"),
            "high": self.env._("I cannot go on without it"),
        }

    @api.model
    def _spoc_urgency_missing(self):
        """What is said to who has not chosen one."""
        return self.env._("Please say how much it holds you up.")
