"""So soon somebody of the desk begins with a ticket, or somebody else gets it."""

from odoo import api, fields, models

from odoo.addons.spoc_catalog.norms import Norm

from .spoc_stage import OPEN_STATES
from .spoc_ticket_clocks import Hours


class SpocDesk(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.desk"

    pickup_hours = fields.Float(
        "Picked up within",
        help="Working hours in which somebody begins with a new ticket. An owner who "
        "does not gives it back, and it is routed again. Zero: no norm.",
    )

    _pickup_hours_positive = models.Constraint(
        "CHECK (pickup_hours >= 0)", "Time to pick up cannot be negative."
    )

    def _read_kept(self):
        return {**super()._read_kept(), "pickup": self.pickup_hours}

    def _spoc_pickup_hours(self):
        """Working hours in which a ticket is picked up, 0 without a norm."""
        self.ensure_one()
        # sudo: a rule of the desk
        desk = self.sudo()
        kept = desk._get_kept().get(self.id) or desk._read_kept()
        return kept["pickup"] or 0.0

    def write(self, vals):
        result = super().write(vals)
        if "pickup_hours" in vals and not vals["pickup_hours"]:
            # sudo: a norm that is no more binds nobody
            clocks = (
                self.env["spoc.clock"]
                .sudo()
                .search(
                    [
                        ("kind", "=", "pickup"),
                        ("state", "in", ("running", "paused")),
                        ("desk_id", "in", self.ids),
                    ]
                )
            )
            clocks._spoc_end(fields.Datetime.now(), kept=False)
            clocks.ticket_id._spoc_sync_due()
        return result


class SpocTicket(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.ticket"

    @api.model
    def _spoc_pickup_values(self, desk_id, hours):
        """Values of the clock of a new ticket's picking up, if the desk has a norm.

        :param Hours hours: working time of the desks
        :return: list of none or one dictionary
        """
        pickup = self.env["spoc.desk"].browse(desk_id)._spoc_pickup_hours()
        if not pickup:
            return []
        due = hours.due(desk_id, Norm(pickup), False)
        if not due.moment:
            return []
        return [self._spoc_clock_values(desk_id, "pickup", due, hours)]

    def write(self, vals):
        """Who begins has picked it up; whom nobody answers for waits to be."""
        if not {"stage_id", "owner_id", "desk_id"} & vals.keys():
            return super().write(vals)
        # sudo: rules of the desks
        desks = self.sudo().desk_id
        result = super().write(vals)
        # sudo: the norm of the desk it came to, whoever moved it
        desks |= self.sudo().desk_id
        if any(desk._spoc_pickup_hours() for desk in desks):
            self._spoc_sync_pickup()
        return result

    def _spoc_sync_pickup(self):
        """Let the clocks of picking up run where nobody has begun, else end them."""
        now = fields.Datetime.now()
        for ticket in self.sudo():  # sudo: follows from what happened
            running = ticket._spoc_running("pickup")
            if ticket._spoc_is_untouched():
                if running.desk_id and running.desk_id != ticket.desk_id:
                    running._spoc_end(now, kept=False)
                    running = running.browse()
                if not running:
                    ticket._spoc_start_pickup()
            elif running and not ticket._spoc_waits_untouched():
                begun = ticket.state in OPEN_STATES or ticket.state == "resolved"
                running._spoc_end(now, kept=begun)
            else:
                continue
            ticket._spoc_sync_due()

    def _spoc_is_untouched(self):
        """Whether somebody still has to begin with it."""
        return self.state == "new" or (
            self.state == "in_progress" and not self.owner_id
        )

    def _spoc_waits_untouched(self):
        """Whether it waits and nobody had begun, see ``spoc.wait.was_new``."""
        return self.state == "waiting" and any(
            wait.was_new and not wait.end for wait in self.wait_ids
        )

    def _spoc_start_pickup(self):
        """Start the clock of picking up, unless the desk gave up on it.

        The last one missed with nobody to own the ticket: its manager knows.
        """
        last = self.clock_ids.filtered(lambda one: one.kind == "pickup").sorted("id")
        last = last[-1:]
        if last.state == "missed" and not self.owner_id:
            return
        hours = Hours(self.env, fields.Datetime.now())
        values = self._spoc_pickup_values(self.desk_id.id, hours)
        if not values:
            return
        Clock = self.env["spoc.clock"]
        Clock.flush_model(["state"])  # the one before it has ended
        Clock.create([{**one, "ticket_id": self.id} for one in values])
        Clock._spoc_wake([one["due"] for one in values])

    def _spoc_not_picked_up(self):
        """Nobody began in time: somebody else gets it, or the manager hears of it."""
        tickets = self.filtered(lambda ticket: ticket._spoc_is_untouched())
        owned = tickets.filtered("owner_id")
        if owned:
            owned._spoc_idle()
        # Given to somebody new, they have the norm anew.
        tickets._spoc_sync_pickup()
        unowned = tickets.filtered(lambda ticket: not ticket.owner_id)
        unowned._spoc_warn(
            unowned.clock_ids.filtered(
                lambda one: one.kind == "pickup" and one.state == "missed"
            ).sorted("id", reverse=True)[: len(unowned)]
        )

    def _spoc_idle(self):
        """Owners did not begin in time: their tickets are routed again. A hook."""
        self._spoc_route_again()
