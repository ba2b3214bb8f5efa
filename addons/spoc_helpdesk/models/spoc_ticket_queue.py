"""The queue: what breaks first on top, and who has been waiting for a word."""

from odoo import api, fields, models
from odoo.fields import Domain

from .spoc_stage import OPEN_STATES
from .spoc_ticket_conversation import DESK, REQUESTER

#: As queues are sorted: what is broken, what breaks first, what matters most.
QUEUE_ORDER = "broken_since, next_due, priority desc, id"
#: Clocks of which the requester knows.
PROMISES = ("response", "update", "resolution")


class SpocTicket(models.Model):
    """What an agent looks for in a queue, kept on the ticket so that it is found fast.

    ``broken_since`` is the due moment of the oldest promise that was broken and is
    still to be kept; ``silent_since`` the moment of the desk's last public word of a
    person, or of the beginning; ``unheard_since`` the first word of the requester
    that nobody has answered yet.
    """

    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.ticket"

    broken_since = fields.Datetime(
        "Promise Broken since",
        readonly=True,
        copy=False,
        help="The oldest promise that was not kept in time and still has to be kept.",
    )
    silent_since = fields.Datetime(
        readonly=True,
        copy=False,
        help="When a person of the desk last told the requester something; the "
        "beginning of the ticket, if nobody has yet.",
    )
    unheard_since = fields.Datetime(
        "Waits for an Answer since",
        readonly=True,
        copy=False,
        help="The requester wrote something then that the desk has not answered.",
    )

    # Whole queues, of however many desks, are read in this very order.
    _queue_idx = models.Index(
        "(broken_since, next_due, priority DESC, id) "
        "WHERE state IN ('new', 'in_progress', 'waiting')"
    )

    # Which tickets name somebody: the ids are in the index itself.
    _requester_ids_idx = models.Index("(requester_id, id)")
    _requested_for_ids_idx = models.Index(
        "(requested_for_id, id) WHERE requested_for_id IS NOT NULL"
    )

    # The trend of a desk: what came and what was solved lately. What the rules of
    # access ask for is in the indexes: tickets are wide, and none of them is read.
    _desk_created_idx = models.Index(
        "(desk_id, create_date) INCLUDE (company_id, requester_id, id)"
    )
    _desk_resolved_idx = models.Index(
        "(desk_id, resolved_at) INCLUDE (company_id, requester_id, id) "
        "WHERE resolved_at IS NOT NULL"
    )

    # ---- words -------------------------------------------------------------

    @api.model
    def _spoc_stamp(self, drafts):
        result = super()._spoc_stamp(drafts)
        now = fields.Datetime.now()
        for draft in drafts:
            draft["silent_since"] = now
        return result

    def _spoc_heard(self, message, voice):
        """Remember who spoke last, before that has its consequences."""
        if voice == REQUESTER and not self.env.context.get("spoc_ack"):
            if not self.unheard_since:
                self._spoc_write({"unheard_since": message.date})
        elif voice == DESK and self._spoc_says_something(message):
            self._spoc_write({"silent_since": message.date, "unheard_since": False})
        return super()._spoc_heard(message, voice)

    def _spoc_enter(self, state, **vals):
        if state in ("resolved", "closed", "cancelled"):
            # The requester is told how it ended: that is the answer to all of it.
            vals = {"unheard_since": False, "broken_since": False, **vals}
        return super()._spoc_enter(state, **vals)

    # ---- broken promises ---------------------------------------------------

    def _spoc_look_broken(self):
        """Find the oldest broken promise that is still to be kept, if any."""
        Clock = self.env["spoc.clock"]
        Clock.flush_model(["state", "ended_at", "due"])
        oldest = dict(
            # sudo: promises of the tickets at hand, whoever keeps them
            Clock.sudo()._read_group(
                [
                    ("ticket_id", "in", self.ids),
                    ("state", "=", "missed"),
                    ("ended_at", "=", False),
                    ("assignment_id", "=", False),
                    ("kind", "in", PROMISES),
                ],
                ["ticket_id"],
                ["due:min"],
            )
        )
        for ticket in self:
            since = ticket.state in OPEN_STATES and oldest.get(ticket, False)
            if ticket.broken_since != since:
                ticket._spoc_write({"broken_since": since})

    # ---- who is inside, asked the cheap way --------------------------------

    @api.model
    def _spoc_inner_condition(self):
        """Ask the few desks of the user, not the many tickets of the desks."""
        return self._spoc_inner_desk_domain()

    @api.model
    def _spoc_inner_desk_domain(self):
        """Tickets of the desks whose tickets the user sees from inside."""
        user = self.env.user
        if not user.has_group("spoc_catalog.group_agent"):
            return Domain.FALSE
        desks = Domain("member_ids", "in", user.ids)
        desks |= Domain("manager_id", "in", user.ids)
        if user.has_group("spoc_catalog.group_administrator"):
            desks |= Domain("privacy", "=", "open")
        # sudo: only which desks are one's own; archived ones have tickets, too
        Desk = self.env["spoc.desk"].sudo().with_context(active_test=False)
        return Domain("desk_id", "in", Desk._search(desks))
