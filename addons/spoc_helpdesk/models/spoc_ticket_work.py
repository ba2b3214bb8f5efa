"""The life of a ticket: its states, its owner, its ledger."""

from odoo import fields, models
from odoo.exceptions import LockError, UserError
from odoo.tools import is_html_empty

from .spoc_stage import CLOSED_STATES, OPEN_STATES

#: From which states an action leads to a state.
TRANSITIONS = {
    "in_progress": ("new", "waiting", "resolved", "closed", "cancelled"),
    "waiting": ("new", "in_progress"),
    "resolved": OPEN_STATES,
    "closed": ("resolved",),
    "cancelled": OPEN_STATES,
}


class SpocTicket(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.ticket"

    # ---- actions -----------------------------------------------------------

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
        self._spoc_set_owner(self.env.user)
        self.filtered(lambda t: t.state == "new")._spoc_enter("in_progress")
        return True

    def action_wait(self):
        """Nobody can move now but the requester: update and resolution pause."""
        self._spoc_begin(TRANSITIONS["waiting"])
        self._spoc_enter("waiting")
        self._spoc_pause_clocks()
        return True

    def action_resume(self):
        """Work goes on: the clocks run with what was left of them."""
        self._spoc_begin(("waiting",))
        self._spoc_resume()
        return True

    def action_resolve(self):
        """Resolve, and tell the requester what solved it.

        :return: True, or the wizard that asks for the resolution
        """
        self._spoc_begin(TRANSITIONS["resolved"])
        if len(self) == 1 and is_html_empty(self.resolution):
            return self._spoc_wizard("spoc_helpdesk.spoc_ticket_resolve_action")
        self._spoc_resolve()
        return True

    def action_close(self):
        """Close what is resolved and told."""
        self._spoc_begin(TRANSITIONS["closed"])
        self._spoc_close()
        return True

    def action_cancel(self):
        """End without a resolution, and tell the requester."""
        self._spoc_begin(TRANSITIONS["cancelled"])
        self._spoc_cancel()
        return True

    def action_reopen(self):
        """Go on with an ended ticket."""
        self._spoc_begin(("resolved", "closed", "cancelled"))
        self._spoc_reopen()
        self._spoc_tell("spoc_helpdesk.mail_template_reopened", moment=False)
        return True

    def action_assign_wizard(self):
        """Ask which other line shall do which part of the work."""
        self._spoc_begin(OPEN_STATES)
        return self._spoc_wizard("spoc_helpdesk.spoc_ticket_assign_action")

    # ---- arrows ------------------------------------------------------------

    def _spoc_begin(self, states):
        """Check that the user is the desk, and that this can be done now.

        :raises AccessError: for anybody but the owning desk
        :raises UserError: when a ticket is in another state
        """
        self.check_access("write")
        for ticket in self:
            if ticket.state not in states:
                raise UserError(
                    self.env._(
                        "%(number)s is in the state “%(state)s”: this cannot be done "
                        "now.",
                        number=ticket.number,
                        state=ticket._spoc_state_name(),
                    )
                )

    def _spoc_lock(self, names):
        """Keep others from changing the tickets, and look again at some fields.

        :raises UserError: when somebody is at one of them this very moment
        """
        try:
            # sudo: a lock shows nothing
            self.sudo().lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(
                self.env._("Somebody else is at it this very moment. Look again.")
            ) from error
        self.invalidate_recordset(names)

    def _spoc_state_name(self):
        names = dict(self._fields["state"]._description_selection(self.env))
        return names.get(self.state, self.state)

    def _spoc_wizard(self, xmlid):
        self.ensure_one()
        # sudo: the definition of the wizard's window
        action = self.env["ir.actions.act_window"].sudo()._for_xml_id(xmlid)
        return {**action, "context": {"default_ticket_id": self.id}}

    def _spoc_enter(self, state, **vals):
        """Put tickets into the first stage of ``state`` of their desk."""
        # sudo: results of an action that was judged
        for desk, tickets in self.sudo().grouped("desk_id").items():
            stage_id = self.env["spoc.stage"]._spoc_first(state, desk.id)
            tickets._spoc_write({"stage_id": stage_id, **vals})

    def _spoc_go_to_stage(self, stage):
        """What a drag on the board means: the action that leads to the stage.

        :raises UserError: when nothing leads there
        """
        self.check_access("write")
        moving = self.filtered(lambda ticket: ticket.state != stage.state)
        if moving:
            moving._spoc_go_to_state(stage.state)
        staying = self.filtered(
            lambda t: t.stage_id != stage and t.state == stage.state
        )
        if staying:
            staying._spoc_write({"stage_id": stage.id})

    def _spoc_go_to_state(self, state):
        """Do what leads to a state, if anything does."""
        if state == "new":
            raise UserError(self.env._("A ticket that was begun is not new again."))
        self._spoc_begin(TRANSITIONS[state])
        if state == "in_progress":
            self.filtered(lambda t: t.state == "new")._spoc_start()
            self.filtered(lambda t: t.state == "waiting")._spoc_resume()
            ended = self.filtered(lambda t: t.state not in OPEN_STATES)
            if ended:
                ended.action_reopen()
            return
        {
            "waiting": self.action_wait,
            "resolved": self._spoc_resolve,
            "closed": self._spoc_close,
            "cancelled": self._spoc_cancel,
        }[state]()

    def _spoc_start(self):
        """Begin the work; who begins unowned work owns it."""
        unowned = self.filtered(lambda ticket: not ticket.owner_id)
        # sudo: who the desk is
        if self.env.user in unowned.sudo().desk_id.member_ids:
            unowned._spoc_set_owner(self.env.user)
        self._spoc_enter("in_progress")

    def _spoc_resume(self):
        self._spoc_enter("in_progress")
        self._spoc_resume_clocks()

    def _spoc_resolve(self):
        """Resolve and tell; see :meth:`_check_closing` for what has to be there.

        :raises UserError: without a resolution
        """
        for ticket in self:
            if is_html_empty(ticket.resolution):
                raise UserError(
                    self.env._("%s: write what solved it first.", ticket.number)
                )
        self._spoc_refuse_assignments()
        self.filtered(lambda ticket: not ticket.owner_id)._spoc_own_if_member()
        now = fields.Datetime.now()
        self._spoc_enter("resolved", resolved_at=now, told_at=False, closed_at=False)
        self._spoc_finish_clocks(now)
        self._spoc_tell("spoc_helpdesk.mail_template_resolved")
        resolved = self.sudo()  # sudo: the desk's rule, the moments of the ticket
        for desk, tickets in resolved.grouped("desk_id").items():
            tickets._spoc_write(
                {"close_due": fields.Datetime.add(now, days=max(desk.silence_days, 1))}
            )
        self.env["spoc.clock"]._spoc_wake(resolved.mapped("close_due"))
        resolved._spoc_note_use()

    def _spoc_own_if_member(self):
        """Own tickets of one's own desks."""
        # sudo: who the desk is
        mine = self.filtered(
            lambda ticket: self.env.user in ticket.sudo().desk_id.member_ids
        )
        if mine:
            mine._spoc_set_owner(self.env.user)

    def _spoc_close(self):
        self._spoc_refuse_assignments()
        self._spoc_enter("closed", closed_at=fields.Datetime.now(), close_due=False)

    def _spoc_cancel(self):
        now = fields.Datetime.now()
        # sudo: the other line learns that its part is off
        self.sudo().assignment_ids.filtered("is_open")._spoc_end("cancelled")
        self._spoc_enter("cancelled", closed_at=now, close_due=False)
        self._spoc_stop_clocks(now)
        self._spoc_tell("spoc_helpdesk.mail_template_cancelled")

    def _spoc_reopen(self):
        """Back to work, at the same owner if they are still there."""
        for ticket in self:
            # sudo: results of an action that was judged
            ticket._spoc_write({"reopen_count": ticket.sudo().reopen_count + 1})
        # sudo: who is still at the desk
        gone = self.sudo().filtered(lambda t: t.owner_id and not t._spoc_owner_stays())
        if gone:
            gone._spoc_write({"owner_id": False})
            gone._spoc_move_ledger()
        self._spoc_enter(
            "in_progress",
            resolved_at=False,
            told_at=False,
            closed_at=False,
            close_due=False,
        )
        if gone:
            gone._spoc_route_again()
        self._spoc_restart_clocks()

    def _spoc_refuse_assignments(self):
        """Raise while another line works on one of the tickets."""
        for ticket in self:
            # sudo: only whether there is one is told
            if ticket.sudo().assignment_ids.filtered("is_open"):
                raise UserError(
                    self.env._(
                        "%s: another line still works on it. End its part first.",
                        ticket.number,
                    )
                )

    # ---- owner and ledger --------------------------------------------------

    def _spoc_owner_stays(self):
        """Whether the owner is still an active member of the desk."""
        self.ensure_one()
        return self.owner_id.active and self.owner_id in self.desk_id.member_ids

    def _spoc_set_owner(self, owner):
        """Make ``owner`` (or, empty, the desk as such) answerable, from now on.

        :param owner: res.users, empty or one
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
        changing._spoc_write({"owner_id": owner.id or False})
        changing._spoc_move_ledger()
        if owner and owner != self.env.user:
            changing._spoc_call_owner()

    def _spoc_call_owner(self):
        """Show owners that something has come to them, if they are there to see it."""
        # sudo: whoever caused it
        for owner, tickets in self.sudo().grouped("owner_id").items():
            if not owner:
                continue
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
        # sudo: as above
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
        # sudo: as above
        Ownership.create(self.sudo()._spoc_ledger_values(now))

    def _spoc_accountable_at(self, moment):
        """Who answered for the tickets at a moment.

        :return: dict ticket id -> (desk id, user id or None)
        """
        return self.env["spoc.ownership"]._spoc_accountable_at(self, moment)

    def _spoc_release(self):
        """The owner is gone: route again, or leave it to the desk."""
        self._spoc_route_again()

    def _spoc_change_desk(self, desk, reason):
        """Give tickets to another desk: one owning desk before and after.

        The promises stay as made; the new desk routes by its own rule.

        :param desk: spoc.desk
        :param str reason: why, kept on the thread
        :raises UserError: while another line works on a ticket, or after its end
        """
        self._spoc_begin(OPEN_STATES)
        self._spoc_refuse_assignments()
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the ticket goes to another desk."))
        # sudo: results of an action that was judged
        for ticket in self.sudo():
            stage_id = self.env["spoc.stage"]._spoc_first(ticket.state, desk.id)
            ticket._spoc_write(
                {"desk_id": desk.id, "owner_id": False, "stage_id": stage_id}
            )
            ticket._message_log(body=reason)
        self._spoc_move_ledger()
        self._spoc_route_again()
