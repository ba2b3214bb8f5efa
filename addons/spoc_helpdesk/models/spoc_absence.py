"""Absence: an owner on leave hands over by rule, when the leave begins."""

import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from .spoc_stage import CLOSED_STATES

_logger = logging.getLogger(__name__)

#: What decides whether and when a leave has to be looked at.
LEAVE_FIELDS = frozenset({"date_from", "date_to", "resource_id", "time_type"})
BATCH = 50
#: Leaves further apart are never one absence, whatever the calendar says.
ADJOINING = timedelta(days=14)


class ResourceCalendarLeaves(models.Model):
    """Leaves of people, each looked at once: when it begins."""

    _inherit = "resource.calendar.leaves"

    spoc_handed_over = fields.Datetime(
        "Tickets Handed Over",
        readonly=True,
        copy=False,
        groups=fields.NO_ACCESS,
        help="When the open tickets of the person on leave were looked at.",
    )

    _spoc_to_hand_over_idx = models.Index(
        "(date_to) WHERE spoc_handed_over IS NULL AND resource_id IS NOT NULL"
    )

    @api.model_create_multi
    def create(self, vals_list):
        leaves = super().create(vals_list)
        leaves._spoc_wake()
        return leaves

    def write(self, vals):
        result = super().write(vals)
        if LEAVE_FIELDS & vals.keys():
            # Another leave now: it is looked at again when it begins.
            now = fields.Datetime.now()
            # sudo: a note of the suite's own
            moved = self.sudo().filtered(
                lambda leave: leave.spoc_handed_over and leave.date_from > now
            )
            if moved:
                moved.spoc_handed_over = False
            self._spoc_wake()
        return result

    def _spoc_wake(self):
        """See to it that tickets are handed over when these leaves begin."""
        now = fields.Datetime.now()
        # sudo: whose leave it is; scheduling is the suite's own business
        moments = {
            max(leave.date_from, now)
            for leave in self.sudo()
            if leave.resource_id.user_id
            and leave.time_type == "leave"
            and leave.date_to > now
            and not leave.spoc_handed_over
        }
        cron_id = moments and self.env["ir.model.data"]._xmlid_to_res_id(
            "spoc_helpdesk.cron_absence"
        )
        if cron_id:
            # sudo: who is away may wake the cron, not read it
            self.env["ir.cron"].sudo().browse(cron_id)._trigger(at=moments)

    @api.model
    def _cron_hand_over(self):
        """Hand over the tickets of those whose leave has begun.

        In batches, each committed; a leave is looked at once, so that what somebody
        takes while on leave is theirs. Leaves one after another are one absence, and
        are looked at together.
        """
        cron = self.env["ir.cron"]
        now = fields.Datetime.now()
        # sudo: leaves of everybody
        Leave = self.sudo()
        begun = (
            Domain("spoc_handed_over", "=", False)
            & Domain("resource_id", "!=", False)
            & Domain("time_type", "=", "leave")
            & Domain("date_from", "<=", now)
            & Domain("date_to", ">", now)
        )
        cron._commit_progress(remaining=Leave.search_count(begun))
        while leaves := Leave.search(begun, order="date_from, id", limit=BATCH):
            leaves = leaves.try_lock_for_update()
            if not leaves:
                break  # another run is at them
            absences = leaves._spoc_absences()
            for leave in leaves:
                leave._spoc_hand_over(absences[leave])
            whole = leaves.browse().union(*absences.values())
            whole.spoc_handed_over = now
            if not cron._commit_progress(len(leaves)):
                break

    def _spoc_absences(self):
        """Each of these leaves with those that follow without a working hour between.

        :return: dict leave -> resource.calendar.leaves, by their beginning
        """
        later = self.search(
            [
                ("resource_id", "in", self.resource_id.ids),
                ("time_type", "=", "leave"),
                ("date_to", ">", min(self.mapped("date_to"))),
            ],
            order="date_from, id",
        ).grouped("resource_id")
        absences = {}
        for leave in self:
            whole, until = leave, leave.date_to
            for other in later.get(leave.resource_id, ()):
                if other.date_from < leave.date_from or other.date_to <= until:
                    continue
                if not leave._spoc_is_adjoining(until, other.date_from):
                    break
                whole, until = whole | other, other.date_to
            absences[leave] = whole
        return absences

    def _spoc_is_adjoining(self, end, start):
        """Whether the person works no hour between two leaves."""
        self.ensure_one()
        if start <= end:
            return True
        if start - end > ADJOINING:
            return False
        calendar = self.calendar_id or self.resource_id.calendar_id
        calendar = calendar or self.company_id.resource_calendar_id
        return bool(calendar) and not calendar.get_work_hours_count(end, start)

    def _spoc_hand_over(self, absence):
        """Hand over the open tickets of one person who is away long enough.

        :param absence: this leave and those that adjoin it
        """
        self.ensure_one()
        user = self.resource_id.user_id
        if not user:
            return
        until = max(absence.mapped("date_to"))
        away = until - self.date_from
        # sudo: tickets of every desk
        tickets = (
            self.env["spoc.ticket"]
            .sudo()
            .search([("owner_id", "=", user.id), ("state", "not in", CLOSED_STATES)])
        )
        for desk, group in tickets.grouped("desk_id").items():
            hours = desk.absence_hours
            if hours and away > timedelta(hours=hours):
                group._spoc_hand_over_for(user, until)


class SpocTicket(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.ticket"

    def _spoc_hand_over_for(self, user, until):
        """The owner of these tickets of one desk is away: others answer for them.

        The deputy does, if they are at the desk and there; else the desk's routing
        chooses, and where nobody can be chosen the desk as such answers.

        :param user: res.users, the owner
        :param datetime until: naive UTC, end of the leave
        """
        tickets = self.sudo()  # sudo: a rule of the desk, whoever is away
        desk = tickets.desk_id
        former = dict.fromkeys(tickets.ids, user.id)
        deputy = tickets._spoc_deputy(user, desk)
        # Nobody answers for what is their own matter.
        theirs = tickets.filtered(lambda t: deputy and deputy not in t._spoc_barred())
        if theirs:
            theirs._spoc_set_owner(deputy)
        if others := tickets - theirs:
            others._spoc_set_owner(self.env["res.users"])
            others._spoc_route_again()
        for owner, group in tickets.grouped("owner_id").items():
            env = group.with_context(
                lang=owner.lang or desk.manager_id.lang or self.env.lang
            ).env
            why = env._(
                "%(user)s is away until %(date)s.",
                user=user.name,
                date=env["ir.qweb.field.date"].value_to_html(until.date(), {}),
            )
            how = (
                env._("The deputy answers for it.")
                if owner and owner == deputy
                else env._("The desk's routing chose.")
                if owner
                else env._("Nobody could be chosen: the desk answers for it.")
            )
            group._spoc_record_owner("absence", former, f"{why} {how}")
            group._message_log_batch(
                bodies={ticket.id: f"{why} {how}" for ticket in group}
            )

    def _spoc_deputy(self, user, desk):
        """The deputy of somebody, if they can own tickets of a desk now.

        :return: res.users, empty when there is none
        """
        deputy = user.spoc_deputy_id
        if not deputy.active or deputy not in desk.member_ids or deputy == user:
            return deputy.browse()
        now = fields.Datetime.now()
        # sudo: leaves are not everybody's to read; only the outcome is kept
        away = (
            self.env["resource.calendar.leaves"]
            .sudo()
            .search_count(
                [
                    ("resource_id.user_id", "=", deputy.id),
                    ("time_type", "=", "leave"),
                    ("date_from", "<=", now),
                    ("date_to", ">", now),
                ],
                limit=1,
            )
        )
        return deputy.browse() if away else deputy
