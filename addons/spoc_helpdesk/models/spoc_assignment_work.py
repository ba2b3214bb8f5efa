"""What is done with an assignment, by the other line and by the owner's desk."""

from odoo import fields, models
from odoo.exceptions import LockError, UserError
from odoo.tools import is_html_empty

from .spoc_assignment import OPEN


class SpocAssignment(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.assignment"

    # ---- the other line ----------------------------------------------------

    def action_accept(self):
        """The line takes it; whoever accepts works on it."""
        self._spoc_lock()
        self._spoc_begin(("offered",), line=True)
        for worker, assignments in self.grouped(
            lambda one: one.user_id or one._spoc_accepting_user()
        ).items():
            assignments._spoc_write({"state": "accepted", "user_id": worker.id})
        self._spoc_drop_activities()
        self._spoc_start_working()
        return True

    def _spoc_lock(self):
        """Keep others from changing the assignments, and look again at their state.

        :raises UserError: when somebody is at one of them this very moment
        """
        try:
            # sudo: a lock on the rows shows nothing
            self.sudo().lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(
                self.env._("Somebody else is at it this very moment. Look again.")
            ) from error
        self.invalidate_recordset(["state", "user_id"])

    def _spoc_accepting_user(self):
        """Whoever works on it when nobody was named: the one who accepts.

        :return: res.users, empty when somebody outside does
        :raises UserError: for somebody who is not at the line
        """
        self.ensure_one()
        user = self.env.user
        # sudo: members of the line decide who may accept, readable or not
        if user not in self.sudo().desk_id.member_ids:
            raise UserError(self.env._("A member of the line has to accept it."))
        return user

    def action_answer(self):
        """The line gives its answer to the owner.

        :raises UserError: without an answer
        """
        self._spoc_lock()
        self._spoc_begin(("offered", "accepted"), line=True)
        for assignment in self:
            if is_html_empty(assignment.answer):
                raise UserError(self.env._("Write the answer first."))
        self.filtered(lambda a: a.state == "offered").action_accept()
        self._spoc_write({"state": "answered"})
        self._spoc_stop_working()
        self._spoc_tell_owner(lambda env: env._("Answered by the other line"))
        self._spoc_came_back()
        return True

    def action_return(self):
        """The line gives the work back, and says why.

        :return: True, or the wizard that asks for the reason
        """
        self._spoc_begin(("offered", "accepted"), line=True)
        if len(self) == 1 and not (self.return_reason or "").strip():
            action = self.env["ir.actions.act_window"]._for_xml_id(
                "spoc_helpdesk.spoc_assignment_return_action"
            )
            return {**action, "context": {"default_assignment_id": self.id}}
        for assignment in self:
            if not (assignment.return_reason or "").strip():
                raise UserError(self.env._("Say why you return it."))
        self._spoc_end("returned")
        self._spoc_record_act(
            "assign_return",
            lambda part: (
                part.return_reason
                if part.is_released or not part.is_confidential
                else False
            ),
        )
        self._spoc_tell_owner(lambda env: env._("Returned by the other line"))
        self._spoc_came_back()
        return True

    def _spoc_came_back(self):
        """Whatever waited for the other line goes on."""
        tickets = self.sudo().ticket_id  # sudo: the line cannot read it
        if hasattr(tickets, "_spoc_happened"):
            tickets._spoc_happened("supplier")

    def _spoc_lose_worker(self):
        """The worker has left the line: whoever takes it first does it."""
        if not self:
            return
        # sudo: parts of tickets that who changed the line cannot read
        begun = self.sudo().filtered(lambda part: part.state == "accepted")
        begun._spoc_stop_working()
        begun._spoc_write({"state": "offered"})
        self._spoc_write({"user_id": False})
        begun._spoc_tell_line()

    # ---- the owner's desk --------------------------------------------------

    def action_confirm(self):
        """The owner's desk takes the answer."""
        self._spoc_begin(("answered",), line=False)
        self._spoc_end("confirmed")
        return True

    def action_reply(self):
        """Take the answer over into a reply to the requester, to be looked over.

        Sending it confirms the answer.
        """
        self.ensure_one()
        self._spoc_begin(("answered", "confirmed"), line=False)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "spoc_helpdesk.spoc_assignment_reply_action"
        )
        return {**action, "context": {"default_assignment_id": self.id}}

    def _spoc_told_answer(self):
        """What the asking desk may read of the answer; empty when nothing."""
        self.ensure_one()
        part = self.sudo()  # sudo: the asking desk does not read a confidential part
        if part.is_confidential and not part.is_released:
            return False
        return part.answer

    def action_send_back(self):
        """The answer is not enough: the line goes on."""
        self._spoc_begin(("answered",), line=False)
        self._spoc_write({"state": "accepted"})
        self._spoc_start_working()
        self._spoc_tell_line(
            lambda env, assignment: env._("Sent back: %s", assignment.name)
        )
        return True

    def action_cancel(self):
        """The owner's desk needs it no more."""
        self._spoc_begin(OPEN, line=False)
        self._spoc_end("cancelled")
        return True

    def _spoc_end(self, state):
        self._spoc_write({"state": state, "ended_at": fields.Datetime.now()})
        self._spoc_drop_activities()
        self._spoc_stop_working()

    # ---- ledger ------------------------------------------------------------

    def _spoc_start_working(self):
        """Who works on it, from now on."""
        # sudo: the ledger has no other author than the work itself
        Ownership = self.env["spoc.ownership"].sudo()
        # The clocks of two servers may differ by a moment; the ledger overlaps never.
        [[last]] = Ownership._read_group(
            [("assignment_id", "in", self.ids)], [], ["end:max"]
        )
        now = max(filter(None, [fields.Datetime.now(), last]))
        Ownership.create(
            [
                {
                    "ticket_id": assignment.ticket_id.id,
                    "role": "working",
                    "desk_id": assignment.desk_id.id,
                    "user_id": assignment.user_id.id,
                    "assignment_id": assignment.id,
                    "start": now,
                }
                # sudo: the line cannot read the ticket its part belongs to
                for assignment in self.sudo()
            ]
        )

    def _spoc_stop_working(self):
        """Nobody works on it any more, from now on."""
        # sudo: the ledger is closed by the work itself, never by hand
        running = (
            self.env["spoc.ownership"]
            .sudo()
            .search(
                [
                    ("assignment_id", "in", self.ids),
                    ("role", "=", "working"),
                    ("end", "=", False),
                ]
            )
        )
        if running:
            running.write(
                {"end": max([fields.Datetime.now(), *running.mapped("start")])}
            )
