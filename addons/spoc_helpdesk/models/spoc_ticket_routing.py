"""Who gets a ticket."""

from odoo import api, fields, models

from .. import routing
from .spoc_stage import OPEN_STATES

#: So many candidates are kept with a ticket; the others are only counted.
KEPT = 12
#: So many waiting tickets are given out when somebody has a hand free again.
REFILL = 20


class SpocTicket(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.ticket"

    nobody_fits = fields.Boolean(
        "Nobody could be chosen",
        readonly=True,
        copy=False,
        help="Routing found nobody for it; the desk as such answers for it.",
    )
    let_lie_by_id = fields.Many2one(
        "res.users",
        "Let lie by",
        readonly=True,
        copy=False,
        ondelete="set null",
        help="Had it last and did not begin in time. Routing gives it to others.",
    )

    # What routing counts: the load of owners, and the queue.
    _load_idx = models.Index(
        "(owner_id, priority, id) WHERE owner_id IS NOT NULL "
        "AND state IN ('new', 'in_progress', 'waiting')"
    )
    _waiting_idx = models.Index(
        "(desk_id, next_due) WHERE owner_id IS NULL "
        "AND state IN ('new', 'in_progress', 'waiting')"
    )

    @api.model
    def _spoc_route(self, drafts, hours):
        """Choose owners for new tickets, and write down why.

        Tickets that come with an owner are left alone, and so are desks whose members
        choose for themselves. Where members take the next, it is only looked whether
        somebody can. Set-based: what is known of the members is gathered once for all.

        :param drafts: values of tickets; ``owner_id``, ``routing_note`` and
            ``nobody_fits`` are put in
        :param hours: working time of the desks, see ``_spoc_hours``
        """
        # sudo: membership and rule of the desk, whoever asks
        Desk = self.env["spoc.desk"].sudo()
        asks = [
            (draft, Desk.browse(draft["desk_id"]), self._spoc_ask_of(draft))
            for draft in drafts
            if not draft.get("owner_id")
        ]
        asks = [
            (draft, desk, ask)
            for draft, desk, ask in asks
            if desk.routing_mode == "push"
            or (desk.routing_mode == "pull" and ask["needs"])
        ]
        if not asks:
            return
        facts = self._spoc_gather([ask for _draft, _desk, ask in asks], hours)
        for draft, desk, ask in asks:
            draft.update(self._spoc_choose(facts, desk, ask))

    @api.model
    def _spoc_choose(self, facts, desk, ask):
        """Values of one ticket that say who gets it, and why."""
        ranked, need = self._spoc_rank(facts, desk, ask)
        if desk.routing_mode == "pull":
            pool = {user: facts.skills[user] for user in facts.members[desk.id]}
            if routing.can_at_all(pool, need):
                return {}
            chosen = None
        else:
            chosen = routing.best(ranked)
        if chosen:
            facts.take(chosen, ask["priority"])
        return {
            "owner_id": chosen or False,
            "routing_note": self._spoc_routing_note(ranked, need, chosen),
            "nobody_fits": not chosen,
        }

    @api.model
    def _spoc_ask_of(self, draft):
        """What a ticket asks of its owner, from its values.

        :return: dict of ``ticket_id`` (false before there is one), ``desk_id``,
            ``requester_id``, ``priority``, ``needs`` (see ``spoc.skill.need``),
            ``kind`` (``("service" or "category", id)``: what experience counts) and
            ``excluded`` (ids of users)
        """
        # sudo: what a service asks for is the desk's own matter
        service = self.env["spoc.service"].sudo().browse(draft.get("service_id") or [])
        category_id = service.category_id.id or draft.get("category_id") or False
        return {
            "ticket_id": draft.get("id", False),
            "desk_id": draft["desk_id"],
            "requester_id": draft.get("requester_id") or False,
            "priority": draft.get("priority") or "1",
            "needs": self.env["spoc.skill.need"]._spoc_of(service.id, category_id),
            "kind": ("service", service.id) if service else ("category", category_id),
            "excluded": frozenset(filter(None, [draft.get("let_lie_by_id")])),
        }

    def _spoc_draft(self):
        """Values of a ticket that routing looks at, as of a new one."""
        self.ensure_one()
        return {
            "id": self.id,
            "desk_id": self.desk_id.id,
            "service_id": self.service_id.id,
            "category_id": self.category_id.id,
            "requester_id": self.requester_id.id,
            "priority": self.priority,
            "let_lie_by_id": self.let_lie_by_id.id,
        }

    @api.model
    def _spoc_rank(self, facts, desk, ask):
        """Rank the members of a desk for a ticket.

        :return: ``(list of routing.Ranked, routing.Need)``
        """
        need = routing.Need(
            skills=ask["needs"],
            work=desk._spoc_work(ask["priority"]),
            excluded=ask["excluded"],
        )
        candidates = facts.candidates(desk, ask, need)
        return routing.rank(candidates, need, desk._spoc_weights()), need

    @api.model
    def _spoc_routing_note(self, ranked, need, chosen):
        """JSON that keeps why somebody was chosen, or nobody.

        :return: ``{"at": moment, "chosen": user id or None, "needed": [[skill id,
            level]], "candidates": [{"user_id", "eligible", "score", "reasons":
            [[code, value, points]]}], "others": number of those not kept}``
        """
        kept = ranked[:KEPT]
        kept += [one for one in ranked[KEPT:] if one.id == chosen]
        return {
            "at": fields.Datetime.to_string(fields.Datetime.now()),
            "chosen": chosen,
            "needed": [list(pair) for pair in need.skills],
            "candidates": [
                {
                    "user_id": one.id,
                    "eligible": one.eligible,
                    "score": one.score,
                    "reasons": [list(reason) for reason in one.reasons],
                }
                for one in kept
            ],
            "others": len(ranked) - len(kept),
        }

    def _spoc_ranking(self):
        """Rank the members of one ticket's desk for it, as of now.

        :return: ``(list of routing.Ranked, routing.Need)``
        """
        self.ensure_one()
        ticket = self.sudo()  # sudo: whoever asks; what comes of it is shown to them
        ask = ticket._spoc_ask_of(ticket._spoc_draft())
        facts = ticket._spoc_gather([ask], ticket._spoc_hours())
        return ticket._spoc_rank(facts, ticket.desk_id, ask)

    # ---- again -------------------------------------------------------------

    def _spoc_route_again(self):
        """Route tickets whose owner is gone; nobody fit leaves them to the desk."""
        # sudo: skills and load of colleagues choose, the owner alone is shown
        tickets = self.sudo()
        drafts = [ticket._spoc_draft() for ticket in tickets]
        self._spoc_route(drafts, self._spoc_hours())
        for ticket, draft in zip(tickets, drafts, strict=True):
            ticket._spoc_keep_choice(draft)
        self._spoc_call_manager()

    def _spoc_idle(self):
        """Owners did not begin in time: their tickets go back and are routed again.

        Never to the same person in a row. A desk whose members choose, or take the
        next, gets them back into its queue.
        """
        # sudo: owners are taken off by the desk's rule, not by a user's right
        tickets = self.sudo().filtered(lambda t: t.owner_id and t.state == "new")
        for owner, mine in tickets.grouped("owner_id").items():
            mine._spoc_write({"let_lie_by_id": owner.id})
            mine._message_log_batch(
                bodies={
                    ticket.id: ticket.env._(
                        "%s did not begin in time: the ticket goes back to the desk.",
                        owner.name,
                    )
                    for ticket in mine
                }
            )
        if tickets:
            tickets._spoc_route_again()

    @api.model
    def _spoc_refill(self, desks):
        """Members may have a hand free: give out what could not be given before.

        :param desks: spoc.desk
        """
        # sudo: the desk's rule gives out its queue, whoever freed a place
        desks = desks.sudo().filtered(lambda desk: desk.routing_mode == "push")
        if not desks:
            return
        # sudo: the queue of the desk, whoever ended the ticket before
        waiting = self.sudo().search(
            [
                ("desk_id", "in", desks.ids),
                ("owner_id", "=", False),
                ("nobody_fits", "=", True),
                ("state", "in", OPEN_STATES),
            ],
            order="next_due, priority desc, id",
            limit=REFILL,
        )
        if not waiting:
            return
        drafts = [ticket._spoc_draft() for ticket in waiting]
        self._spoc_route(drafts, self._spoc_hours())
        pairs = zip(waiting, drafts, strict=True)
        given = {ticket: draft for ticket, draft in pairs if draft.get("owner_id")}
        for ticket in waiting.browse(one.id for one in given)._spoc_lock_unowned():
            ticket._spoc_keep_choice(given[ticket])

    def _spoc_keep_choice(self, draft):
        """Store what routing chose, for tickets it chose the same owner for."""
        self._spoc_write(
            {
                "routing_note": draft.get("routing_note", False),
                "nobody_fits": draft.get("nobody_fits", False),
            }
        )
        self._spoc_set_owner(self.env["res.users"].browse(draft.get("owner_id") or []))

    def _spoc_resolve(self):
        result = super()._spoc_resolve()
        # sudo: rule of the desk
        self._spoc_refill(self.sudo().desk_id)
        return result

    def _spoc_cancel(self):
        result = super()._spoc_cancel()
        # sudo: the rule of the desk, also when a requester withdraws
        self._spoc_refill(self.sudo().desk_id)
        return result
