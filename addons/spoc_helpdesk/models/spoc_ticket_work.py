"""The states of a ticket, and what leads from one to another."""

from odoo import models
from odoo.exceptions import LockError, UserError

from .spoc_stage import OPEN_STATES

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
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
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
