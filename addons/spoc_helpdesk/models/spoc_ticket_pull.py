"""The next ticket: what breaks first and fits best, taken by one person only."""

from psycopg2.errors import SerializationFailure

from odoo import fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from .. import routing
from .spoc_ticket_queue import QUEUE_ORDER

#: So many of the tickets that break first are looked at.
LOOK = 100


class SpocTicket(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.ticket"

    def action_take_next(self):
        """Own the next ticket of one's desks: what breaks first, and fits best.

        Whoever else asks at the same moment gets another. Skills and the desk's limit
        hold; being off duty does not matter to somebody who asks.

        :return: action that opens the ticket, or says why there is none
        :raises AccessError: for anybody who is no agent
        """
        user = self.env.user
        if not user.has_group("spoc_catalog.group_agent"):
            raise AccessError(self.env._("Only agents of a desk take tickets."))
        waiting = self.search(
            [
                ("desk_id.member_ids", "in", user.ids),
                ("owner_id", "=", False),
                ("state", "in", ("new", "in_progress")),
                ("let_lie_by_id", "!=", user.id),
            ],
            order=QUEUE_ORDER,
            limit=LOOK,
        )
        ranked = waiting._spoc_judge_for(user)
        order = routing.next_first(
            [(t.id, t.next_due or None, ranked[t]) for t in waiting if t in ranked],
            fields.Datetime.now(),
        )
        ticket = self.browse(id_ for id_, _one in order)._spoc_lock_unowned(limit=1)
        if not ticket:
            return self._spoc_nothing_next(waiting, ranked)
        ticket._spoc_take_as_next(ranked[ticket])
        return ticket._spoc_opening()

    def _spoc_judge_for(self, user):
        """Judge one person for each of the tickets.

        :return: dict ticket -> routing.Ranked
        """
        tickets = self.sudo()  # sudo: rule of the desks; what comes of it is shown
        asks = [ticket._spoc_ask_of(ticket._spoc_draft()) for ticket in tickets]
        if not asks:
            return {}
        facts = self._spoc_gather(asks, self._spoc_hours())
        found = {}
        for ticket, ask in zip(tickets, asks, strict=True):
            facts.members[ticket.desk_id.id] = [user.id]
            # Whoever asks is there.
            facts.shifts[ticket.desk_id.id].setdefault(user.id, None)
            [ranked], _need = ticket._spoc_rank(facts, ticket.desk_id, ask)
            found[self.browse(ticket.id)] = ranked
        return found

    def _spoc_lock_unowned(self, limit=None):
        """Lock those of the tickets that nobody owns and nobody is at, in this order.

        Neither waits for others nor fails because of them: what another transaction
        has, or has just had, is passed over.

        :param int limit: so many are enough
        """
        locked = self.browse()
        self.flush_recordset(["owner_id"])
        for ticket in self:
            if limit and len(locked) >= limit:
                break
            try:
                with self.env.cr.savepoint(flush=False):
                    # SQL: the ORM locks many at once and fails for one of them
                    self.env.cr.execute(
                        SQL(
                            "SELECT FROM spoc_ticket WHERE id = %s "
                            "AND owner_id IS NULL FOR NO KEY UPDATE SKIP LOCKED",
                            ticket.id,
                        ),
                        log_exceptions=False,
                    )
                    if self.env.cr.rowcount:
                        locked |= ticket
            except SerializationFailure:
                continue  # taken since this transaction began to look
        return locked

    def _spoc_take_as_next(self, ranked):
        """Own a locked ticket, and keep why it was the next."""
        user = self.env.user
        # sudo: what a service asks for is the desk's own matter
        needs = self.sudo()._spoc_ask_of(self.sudo()._spoc_draft())["needs"]
        note = self._spoc_routing_note([ranked], routing.Need(skills=needs), user.id)
        self._spoc_write({"routing_note": note, "nobody_fits": False})
        self._spoc_set_owner(user, act="take")
        self.filtered(lambda t: t.state == "new")._spoc_enter("in_progress")

    def _spoc_opening(self):
        """Action that opens one ticket."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "current",
        }

    def _spoc_nothing_next(self, waiting, ranked):
        """Say why there is no next ticket.

        :param waiting: tickets that wait at the user's desks
        :param ranked: how the user was judged for them
        """
        reasons = {code for one in ranked.values() for code, *_rest in one.reasons}
        if not waiting:
            message = self.env._("Nobody is waiting at your desks.")
        elif routing.FULL in reasons:
            message = self.env._(
                "You have as many open tickets as your desk lets you have. Finish one "
                "first."
            )
        else:
            message = self.env._(
                "%s tickets are waiting, but none you have the skills for.",
                len(waiting),
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "title": self.env._("No next ticket"),
                "message": message,
            },
        }
