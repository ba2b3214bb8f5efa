"""Silence of the requester: one reminder, then it is a yes."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.spoc_catalog import clock
from odoo.addons.spoc_catalog.norms import Norm

from .spoc_clock import BATCH

#: A reminder later than this moves the end of the silence as well.
LATE = timedelta(hours=1)


class SpocTicket(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.ticket"

    reminder_due = fields.Datetime(
        "Reminds the Requester",
        readonly=True,
        copy=False,
        help="When the requester is asked once more whether it is solved.",
    )
    reminded_at = fields.Datetime("Requester Reminded", readonly=True, copy=False)

    _reminder_due_idx = models.Index("(reminder_due) WHERE reminder_due IS NOT NULL")

    def _spoc_await_word(self, now):
        """Set when resolved tickets remind their requester, and when they close.

        :param datetime now: naive UTC, when the requester was told
        """
        tickets = self.sudo()  # sudo: the desk's rule, the moments of the ticket
        moments = []
        for desk, mine in tickets.grouped("desk_id").items():
            reminder_due, close_due = desk._spoc_silence(now)
            mine._spoc_write(
                {
                    "reminder_due": reminder_due,
                    "reminded_at": False,
                    "close_due": close_due,
                }
            )
            moments.append(reminder_due)
        self.env["spoc.clock"]._spoc_wake(moments)

    # ---- what the scheduled action does ------------------------------------

    @api.model
    def _spoc_remind_due(self):
        """Remind requesters whose reminder is due, batch by batch, each committed.

        A reminder and the note that it was sent stand or fall together, on rows that
        nobody else can have: it is sent once, whatever breaks in between.

        :return: whether there was time to finish
        """
        cron = self.env["ir.cron"]
        domain = Domain("state", "=", "resolved") & Domain(
            "reminder_due", "<=", fields.Datetime.now()
        )
        found = self.search(domain, order="reminder_due, id", limit=BATCH)
        if not found:
            return True
        cron._commit_progress(remaining=self.search_count(domain))
        while found:
            tickets = found.try_lock_for_update()
            if not tickets:
                break  # another run is at them
            tickets._spoc_remind()
            if not cron._commit_progress(len(tickets)):
                return False
            found = self.search(domain, order="reminder_due, id", limit=BATCH)
        return True

    def _spoc_remind(self):
        """Ask once more whether it is solved.

        Who is reminded late keeps the time that was to be left after the reminder.
        """
        now = fields.Datetime.now()
        for desk, tickets in self.grouped("desk_id").items():
            late = tickets.filtered(lambda one: one.reminder_due < now - LATE)
            for ticket, close_due in desk._spoc_silence_left(late, now).items():
                ticket._spoc_write({"close_due": close_due})
        self._spoc_write({"reminder_due": False, "reminded_at": now})
        self._spoc_tell("spoc_helpdesk.mail_template_reminder", moment=False)

    @api.model
    def _spoc_work_off(self, domain, order):
        """Silence is a yes only after the reminder."""
        domain = Domain(domain) & Domain("reminded_at", "!=", False)
        return super()._spoc_work_off(domain, order)


class SpocClock(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.clock"

    @api.model
    def _cron_due(self):
        """Remind before anything is closed for silence."""
        if not self.env["spoc.ticket"]._spoc_remind_due():
            return None  # no time left: the next run goes on
        return super()._cron_due()

    @api.model
    def _spoc_arm_next(self):
        """Wake up for the next reminder, too."""
        result = super()._spoc_arm_next()
        ticket = self.env["spoc.ticket"].search(
            [("state", "=", "resolved"), ("reminder_due", "!=", False)],
            order="reminder_due, id",
            limit=1,
        )
        self._spoc_wake([ticket.reminder_due])
        return result


class SpocDesk(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.desk"

    reminder_percent = fields.Integer(
        "Reminds after",
        default=60,
        required=True,
        help="Share of the silence, in percent, after which the requester is asked "
        "once more whether it is solved. It happens exactly once.",
    )

    _reminder_percent_inside = models.Constraint(
        "CHECK (reminder_percent BETWEEN 1 AND 99)",
        "The reminder comes within the silence: after 1 to 99 percent of it.",
    )

    def _spoc_silence(self, now):
        """When silence from ``now`` on leads to a reminder, and when it is a yes.

        Counted in the desk's working days; in plain days at a desk that never works.

        :param datetime now: naive UTC
        :return: ``(reminder, end)``, naive UTC
        """
        self.ensure_one()
        days = max(self.silence_days, 1)
        timelines = {}
        due = self._spoc_settle(now, {None: Norm(days=days)}, None, timelines)[None]
        if not due.moment:
            span = timedelta(days=days)
            return now + span * self.reminder_percent / 100, now + span
        seconds = due.seconds * self.reminder_percent / 100
        return clock.add_working(timelines[""], now, seconds), due.moment

    def _spoc_silence_left(self, tickets, now):
        """New ends of the silence of tickets that are reminded late.

        :param tickets: spoc.ticket of this desk with ``reminder_due`` and ``close_due``
        :param datetime now: naive UTC
        :return: dict ticket -> naive UTC moment
        """
        self.ensure_one()
        if not tickets:
            return {}
        timeline = self._spoc_timeline(min(tickets.mapped("reminder_due")))
        ends = {}
        for ticket in tickets:
            left = clock.working_seconds(
                timeline, ticket.reminder_due, ticket.close_due
            )
            end = clock.add_working(timeline, now, left)
            end = end or now + (ticket.close_due - ticket.reminder_due)
            ends[ticket] = max(end, ticket.close_due)
        return ends
