"""Tickets nobody can move now, and what sets them going again."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from .spoc_stage import OPEN_STATES
from .spoc_ticket_work import TRANSITIONS

#: From these a ticket can wait; one that waits may begin to wait for something else.
CAN_WAIT = (*TRANSITIONS["waiting"], "waiting")


class SpocTicket(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.ticket"

    wait_ids = fields.One2many("spoc.wait", "ticket_id", copy=False)
    wait_reason_id = fields.Many2one(
        "spoc.wait.reason",
        "Waits for",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
    )
    wait_until = fields.Datetime(
        "Waits until",
        readonly=True,
        copy=False,
        help="Then it goes on by itself, whatever happened.",
    )

    _wait_until_idx = models.Index("(wait_until, id) WHERE wait_until IS NOT NULL")

    # ---- actions -----------------------------------------------------------

    def action_wait(self):
        """Nobody can move now but the requester: what that pauses, pauses."""
        self._spoc_begin(TRANSITIONS["waiting"])
        # sudo: desks and reasons are definitions
        for desk, tickets in self.sudo().grouped("desk_id").items():
            reason = self.env["spoc.wait.reason"]._spoc_find("reply", desk)
            if not reason:
                raise UserError(
                    self.env._(
                        "%s has no reason to wait for a requester. Ask your "
                        "administrator for one.",
                        desk.name,
                    )
                )
            tickets.with_env(self.env)._spoc_wait(reason)
        return True

    def action_wait_wizard(self):
        """Ask what the tickets wait for."""
        self._spoc_begin(CAN_WAIT)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "spoc_helpdesk.spoc_ticket_wait_action"
        )
        return {**action, "context": {"default_ticket_ids": self.ids}}

    def action_resume(self):
        """Work goes on: the clocks run with what was left of them."""
        self._spoc_begin(("waiting",))
        self._spoc_resume()
        return True

    # ---- waiting -----------------------------------------------------------

    def _spoc_wait(self, reason, until=None):
        """Wait for something; the clocks pause that ``reason`` says.

        :param reason: spoc.wait.reason
        :param datetime until: naive UTC; goes on then at the latest
        :raises UserError: for a moment that is past, or none where one is needed
        """
        now = fields.Datetime.now()
        reason = reason.sudo()  # sudo: reasons are definitions
        self._spoc_judge_wait(reason, until, now)
        tickets = self.sudo()  # sudo: results of an action that was judged
        new = tickets.filtered(lambda ticket: ticket.state == "new")
        again = tickets.filtered(lambda ticket: ticket.state == "waiting")
        if again:
            again._spoc_end_waits("other")
            again._spoc_resume_clocks()
        self._spoc_enter("waiting", wait_reason_id=reason.id, wait_until=until or False)
        # sudo: the book of waits is kept by the work, never by hand
        Wait = self.env["spoc.wait"].sudo()
        Wait.create(
            [
                {
                    "ticket_id": ticket.id,
                    "desk_id": ticket.desk_id.id,
                    "reason_id": reason.id,
                    "waits_for": reason.waits_for,
                    "pauses": ",".join(reason._spoc_pauses()),
                    "start": now,
                    "until": until or False,
                    "user_id": self.env.uid,
                    "was_new": ticket in new and reason.waits_for == "approval",
                }
                for ticket in tickets
            ]
        )
        self._spoc_pause_clocks()
        self.env["spoc.clock"]._spoc_wake([until])

    @api.model
    def _spoc_judge_wait(self, reason, until, now):
        if reason.waits_for == "date" and not until:
            raise UserError(self.env._("Say until when it waits."))
        if until and until <= now:
            raise UserError(self.env._("Choose a moment that is still to come."))

    def _spoc_happened(self, what):
        """Something happened: tickets that waited for it go on, others stay.

        :param str what: ``reply``, ``approval``, ``supplier`` or ``date``
        :return: the tickets that go on
        """
        now = fields.Datetime.now()

        def waited(ticket):
            if ticket.state != "waiting":
                return False
            if what == "date":
                return bool(ticket.wait_until) and ticket.wait_until <= now
            return (ticket.wait_reason_id.waits_for or "reply") == what

        # sudo: what a ticket waits for, whoever brought it
        going = self.filtered(lambda ticket: waited(ticket.sudo()))
        if going:
            going._spoc_resume(what)
            if what != "reply":  # the requester's words reach the owner themselves
                going._spoc_tell_wait_over()
        return going

    def _spoc_resume(self, cause="hand"):
        """Go on working.

        :param str cause: see ``spoc.wait.ended_by``
        """
        # sudo: the books have no other author than the work
        ended = self.sudo()._spoc_end_waits(cause)
        untouched_ids = set(ended.filtered("was_new").ticket_id._ids)
        untouched = self.filtered(lambda ticket: ticket.id in untouched_ids)
        if untouched:
            untouched._spoc_enter("new")
        begun = self - untouched
        if begun:
            begun._spoc_enter("in_progress")
        self._spoc_resume_clocks()

    def _spoc_end_waits(self, cause):
        """Close the open intervals of waiting.

        :return: the intervals
        """
        # sudo: running waits are ended by the work, also by mail that came in
        waits = (
            self.env["spoc.wait"]
            .sudo()
            .search([("ticket_id", "in", self.ids), ("end", "=", False)])
        )
        if waits:
            now = max([fields.Datetime.now(), *waits.mapped("start")])
            waits.write({"end": now, "ended_by": cause})
            waits.flush_recordset()  # the next one begins after it
        told = self.filtered(lambda ticket: ticket.wait_reason_id or ticket.wait_until)
        if told:
            told._spoc_write({"wait_reason_id": False, "wait_until": False})
        return waits

    def write(self, vals):
        """Whatever leads out of waiting ends it."""
        if "stage_id" not in vals:
            return super().write(vals)
        # sudo: the state of what is being written
        waiting = self.sudo().filtered(lambda ticket: ticket.state == "waiting")
        result = super().write(vals)
        left = waiting.filtered(lambda ticket: ticket.state != "waiting")
        if left:
            ended = left.filtered(lambda ticket: ticket.state not in OPEN_STATES)
            ended._spoc_end_waits("end")
            (left - ended)._spoc_end_waits("hand")
        return result

    def _spoc_date_reached(self):
        """What the scheduled action does with tickets whose date has come."""
        self._spoc_happened("date")

    # ---- telling -----------------------------------------------------------

    def _spoc_tell_wait_over(self):
        """Put before the owners, or managers, that a ticket goes on."""
        calls = []
        # sudo: the owners are told, whoever caused it
        for ticket in self.sudo():
            user = ticket.owner_id or ticket._spoc_manager()
            if user:
                calls.append(
                    (ticket, user, lambda env: env._("The wait is over: go on"))
                )
        self.env["mail.activity"]._spoc_put_before(calls)
