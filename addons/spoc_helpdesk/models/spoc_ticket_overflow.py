"""What nobody could be chosen for: over to another desk, or before the manager."""

from odoo import fields, models

from .spoc_stage import OPEN_STATES


class SpocTicket(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.ticket"

    overflowed_from_id = fields.Many2one(
        "spoc.desk",
        "Overflowed from",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="Nobody there could take it, or the queue there was too long.",
    )

    def _spoc_call_manager(self):
        """Deal with tickets nobody owns, right after they were routed.

        Where the desk has an overflow desk they go there; else those nobody could be
        chosen for are put before the desk's manager.
        """
        # sudo: moving to an overflow desk is beyond who could not be given an owner
        unowned = self.sudo().filtered(lambda t: not t.owner_id)
        if not unowned:
            return
        staying = unowned - unowned._spoc_overflow()
        staying.filtered(lambda t: t.nobody_fits and t._spoc_manager())._spoc_alarm()

    def _spoc_alarm(self):
        """An activity of the desk's manager: somebody has to be found."""
        if not self:
            return
        self.env["mail.activity"]._spoc_put_before(
            [
                (
                    ticket,
                    ticket._spoc_manager(),
                    lambda env: env._("Nobody can own it: find an owner"),
                )
                for ticket in self
            ]
        )

    # ---- over to another desk ----------------------------------------------

    def _spoc_overflow(self):
        """Give unowned tickets to the overflow desk of theirs, if it comes to that.

        It does when nobody could be chosen, and when more are waiting than the desk
        wants to keep. No ticket goes where it has been: neither on its way nor back.

        :return: those that went
        """
        been = self.env.context.get("spoc_overflowed", ())
        may = self.filtered(
            lambda t: (
                t.desk_id.overflow_desk_id.active
                and t.desk_id.overflow_desk_id.id not in been
                and t.overflowed_from_id != t.desk_id
            )
        )
        if not may:
            return may
        surplus = may._spoc_surplus()
        over = may.filtered("nobody_fits") | surplus
        for desk, tickets in over.grouped("desk_id").items():
            tickets._spoc_go_over(desk, surplus)
        return over

    def _spoc_surplus(self):
        """Those of the tickets, the latest first, that make a queue too long."""
        desks = self.desk_id.filtered("overflow_length")
        if not desks:
            return self.browse()
        counts = self._read_group(
            [
                ("desk_id", "in", desks.ids),
                ("owner_id", "=", False),
                ("state", "in", OPEN_STATES),
            ],
            ["desk_id"],
            ["__count"],
        )
        surplus = self.browse()
        for desk, count in counts:
            mine = self.filtered(lambda t, desk=desk: t.desk_id == desk).sorted("id")
            too_many = min(count - desk.overflow_length, len(mine))
            surplus |= mine[len(mine) - max(too_many, 0) :]
        return surplus

    def _spoc_go_over(self, desk, surplus):
        """Give tickets of a desk to its overflow desk, and keep why.

        :param desk: spoc.desk the tickets are of
        :param surplus: those that go because the queue is too long
        """
        target = desk.overflow_desk_id
        for state, tickets in self.grouped("state").items():
            tickets._spoc_write(
                {
                    "desk_id": target.id,
                    "owner_id": False,
                    "stage_id": self.env["spoc.stage"]._spoc_first(state, target.id),
                    "overflowed_from_id": desk.id,
                    "nobody_fits": False,
                }
            )
        nobody = self.env._(
            "Nobody at %(desk)s could take it: over to %(other)s.",
            desk=desk.name,
            other=target.name,
        )
        many = self.env._(
            "Too many are waiting at %(desk)s: over to %(other)s.",
            desk=desk.name,
            other=target.name,
        )
        self._message_log_batch(
            bodies={ticket.id: many if ticket in surplus else nobody for ticket in self}
        )
        self._spoc_move_ledger()
        self._spoc_forget_outsiders()
        self._spoc_recount_clocks()
        been = (*self.env.context.get("spoc_overflowed", ()), desk.id)
        self.with_context(spoc_overflowed=been)._spoc_route_again()
