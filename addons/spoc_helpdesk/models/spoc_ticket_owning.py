"""Who answers for a ticket: its owner, its desk, the ledger of both."""

from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import UserError

from .spoc_stage import CLOSED_STATES, OPEN_STATES


class SpocTicket(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.ticket"

    def action_take(self):
        """Own the tickets. Whoever comes second is told who was first.

        :raises UserError: when somebody else owns one, or the user is no member
        """
        self._spoc_begin(OPEN_STATES)
        # Two agents press at once: the second does not get past this.
        self._spoc_lock(["owner_id"])
        taken = self.filtered(lambda t: t.owner_id and t.owner_id != self.env.user)
        if taken:
            raise UserError(
                self.env._(
                    "%(user)s has already taken %(number)s.",
                    user=taken[0].owner_id.name,
                    number=taken[0].number,
                )
            )
        self._spoc_set_owner(self.env.user, act="take")
        self.filtered(lambda t: t.state == "new")._spoc_enter("in_progress")
        return True

    def action_take_over(self):
        """Own tickets of colleagues of the desk, who are told.

        Not a race: whoever takes over knows that somebody owns the ticket, and wants
        it nonetheless. Tickets nobody owns are simply taken.
        """
        self._spoc_begin(OPEN_STATES)
        self._spoc_lock(["owner_id"])
        unowned = self.filtered(lambda ticket: not ticket.owner_id)
        unowned._spoc_set_owner(self.env.user, act="take")
        (self - unowned)._spoc_take_over(self.env.user)
        self.filtered(lambda t: t.state == "new")._spoc_enter("in_progress")
        return True

    def _spoc_hand_to(self, owner):
        """Change the owner by hand: whatever it is called, it is one of the acts."""
        if owner == self.env.user:
            unowned = self.filtered(lambda ticket: not ticket.owner_id)
            unowned._spoc_set_owner(owner, act="take")
            (self - unowned)._spoc_take_over(owner)
        else:
            self._spoc_set_owner(owner, act="give" if owner else "release")

    def _spoc_take_over(self, owner):
        """Own what colleagues own, and tell them."""
        theirs = self.filtered(lambda ticket: ticket.owner_id != owner)
        former = theirs.grouped("owner_id")
        theirs._spoc_set_owner(owner, act="take_over")
        for user, tickets in former.items():
            tickets._spoc_tell_former(user, owner)

    def _spoc_tell_former(self, user, owner):
        """Tell the former owner, once for all these tickets, that they are relieved.

        :param user: res.users, the former owner
        :param owner: res.users, who answers for the tickets now
        """
        env = self.with_context(lang=user.lang or self.env.lang).env
        lines = Markup("").join(
            Markup('<li><a href="%s">%s</a></li>')
            % (ticket._spoc_inner_url(), ticket.number)
            for ticket in self
        )
        # sudo: the suite tells, in the name of the one who did it
        self.env["mail.thread"].sudo().message_notify(
            partner_ids=user.partner_id.ids,
            author_id=self.env.user.partner_id.id,
            subject=env._("%s answers for your tickets now", owner.name),
            body=Markup("<p>%s</p><ul>%s</ul>")
            % (
                env._(
                    "%s answers for these tickets now. There is nothing more for you "
                    "to do on them.",
                    owner.name,
                ),
                lines,
            ),
        )

    def _spoc_inner_url(self):
        """Where those who work on the ticket find it."""
        self.ensure_one()
        return f"{self.get_base_url()}/odoo/service-tickets/{self.id}"

    def action_assign_wizard(self):
        """Ask which other line shall do which part of the work."""
        self._spoc_begin(OPEN_STATES)
        return self._spoc_wizard("spoc_helpdesk.spoc_ticket_assign_action")

    def _spoc_start(self):
        """Begin the work; who begins unowned work owns it."""
        unowned = self.filtered(lambda ticket: not ticket.owner_id)
        # sudo: membership decides, members need not be readable
        if self.env.user in unowned.sudo().desk_id.member_ids:
            unowned._spoc_set_owner(self.env.user, act="take")
        self._spoc_enter("in_progress")

    def _spoc_own_if_member(self):
        """Own tickets of one's own desks."""
        # sudo: membership decides, members need not be readable
        mine = self.filtered(
            lambda ticket: self.env.user in ticket.sudo().desk_id.member_ids
        )
        if mine:
            mine._spoc_set_owner(self.env.user, act="take")

    def _spoc_owner_stays(self):
        """Whether the owner is still an active member of the desk."""
        self.ensure_one()
        return self.owner_id.active and self.owner_id in self.desk_id.member_ids

    def _spoc_set_owner(self, owner, act=None, reason=None):
        """Make ``owner`` (or, empty, the desk as such) answerable, from now on.

        :param owner: res.users, empty or one
        :param str act: kind of the ``spoc.act`` it is; none when a rule chose
        :param str reason: why, for the act
        :raises ValidationError: for somebody who is no member of the desk
        """
        # sudo: results of an action that was judged
        changing = self.sudo().filtered(lambda ticket: ticket.owner_id != owner)
        if not changing:
            return
        ended = changing.filtered(lambda ticket: ticket.state in CLOSED_STATES)
        if ended:
            raise UserError(
                self.env._(
                    "%s is ended: reopen it to change who answers for it.",
                    ended[0].number,
                )
            )
        former = {ticket.id: ticket.owner_id.id for ticket in changing}
        changing._spoc_write({"owner_id": owner.id or False})
        changing._spoc_move_ledger()
        if act:
            changing._spoc_record_owner(act, former, reason)
        if owner and owner != self.env.user:
            changing._spoc_call_owner()

    def _spoc_record_owner(self, act, former, reason=None):
        """Write down that these tickets got the owner they have.

        :param dict former: ticket id -> user id of the owner before, or false
        """
        self.env["spoc.act"]._spoc_record(
            act,
            self,
            lambda ticket: {
                "from_user_id": former[ticket.id],
                "to_user_id": ticket.owner_id.id,
            },
            reason,
        )

    def _spoc_call_owner(self):
        """Show owners that something has come to them, if they are there to see it."""
        # sudo: owners are called, also when a requester's words lead here
        owned = self.sudo().filtered("owner_id")
        owned.owner_id.fetch(["partner_id"])
        owned.owner_id.partner_id.fetch(["lang", "name"])
        for owner, tickets in owned.grouped("owner_id").items():
            env = tickets.with_context(lang=owner.lang).env
            for ticket in tickets:
                owner._bus_send(
                    "simple_notification",
                    {
                        "type": "info",
                        "title": env._("%s is yours", ticket.number),
                        "message": ticket.name,
                    },
                )

    def _spoc_release(self):
        """The owner is gone: route again, or leave it to the desk."""
        self._spoc_route_again()

    def _spoc_ledger_values(self, start):
        """Values of the intervals of the present owners, from ``start`` on."""
        return [
            {
                "ticket_id": ticket.id,
                "role": "accountable",
                "desk_id": ticket.desk_id.id,
                "user_id": ticket.owner_id.id,
                "start": start,
            }
            for ticket in self
        ]

    def _spoc_open_books(self, clocks):
        """Begin the ledger of new tickets, and let their clocks run.

        :param clocks: per ticket the list of values of its clocks
        """
        tickets = self.sudo()  # sudo: the books have no other author than the work
        tickets.env["spoc.ownership"].create(
            tickets._spoc_ledger_values(fields.Datetime.now())
        )
        tickets.env["spoc.clock"].create(
            [
                {**values, "ticket_id": ticket.id}
                for ticket, many in zip(self, clocks, strict=True)
                for values in many
            ]
        )
        tickets._spoc_call_owner()
        self._spoc_call_manager()

    def _spoc_move_ledger(self):
        """Close the running intervals and open new ones at the same moment."""
        # sudo: the ledger is moved on by the work itself, never by hand
        Ownership = self.env["spoc.ownership"].sudo()
        running = Ownership.search(
            [
                ("ticket_id", "in", self.ids),
                ("role", "=", "accountable"),
                ("end", "=", False),
            ]
        )
        now = max([fields.Datetime.now(), *running.mapped("start")])
        running.write({"end": now})
        running.flush_recordset(["end"])
        # sudo: owners and desks as they are now, whoever changed them
        Ownership.create(self.sudo()._spoc_ledger_values(now))

    def _spoc_accountable_at(self, moment):
        """Who answered for the tickets at a moment.

        :return: dict ticket id -> (desk id, user id or None)
        """
        return self.env["spoc.ownership"]._spoc_accountable_at(self, moment)
