"""Working time of desks and what can be promised in it."""

from collections import defaultdict
from datetime import date, timedelta

from odoo import api, fields, models, tools
from odoo.fields import Domain
from odoo.tools.misc import format_date

from .. import clock, norms
from ..words import hour_words, moment_words

# A deadline further away than this is no promise any more.
HORIZON = timedelta(days=3 * 366)
FIRST_LOOK = timedelta(days=14)


class SpocDesk(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.desk"

    # ------------------------------------------------------------------
    # Working time
    # ------------------------------------------------------------------

    def _spoc_calendar(self):
        """The desk's opening hours, as superuser, and how they are told.

        :return: ``(resource.calendar, time zone, hours of a day)``
        """
        self.ensure_one()
        # sudo: opening hours are public, the calendar's model is not.
        desk = self.sudo()
        kept = desk._get_kept().get(self.id) or desk._read_kept()
        calendar = desk.env["resource.calendar"].browse(kept["calendar"])
        return calendar, kept["zone"], kept["day"]

    def _spoc_policy(self):
        """The desk's usual promise, as superuser."""
        # sudo: what is promised is public, the policies behind it are not.
        desk = self.sudo()
        kept = desk._get_kept().get(self.id) or desk._read_kept()
        return desk.env["spoc.target.policy"].browse(kept["policy"] or ())

    def _spoc_department(self):
        """The department that runs the desk, as superuser."""
        # sudo: whoever sees a service reads who provides it.
        desk = self.sudo()
        kept = desk._get_kept().get(self.id) or desk._read_kept()
        return desk.env["hr.department"].browse(kept["department"] or ())

    @api.model
    @tools.ormcache()
    def _get_kept(self):
        """What promises and opening hours need of all desks: id -> dictionary."""
        # sudo: kept for all readers alike, so read past the rules of the first one
        desks = self.sudo().with_context(active_test=False).search(Domain.TRUE)
        return {desk.id: desk._read_kept() for desk in desks}

    def _read_kept(self):
        calendar = self.resource_calendar_id
        return {
            "calendar": calendar.id,
            "zone": calendar.tz,
            "day": calendar.hours_per_day or 8.0,
            "policy": self.target_policy_id.id,
            "department": self.department_id.id,
        }

    def _spoc_intervals(self, start, end, basis=""):
        """Working time of the desk between two moments.

        Leaves and holidays of the calendar are taken out. Around a change of
        the clocks the hours are those really worked.

        :param datetime start: naive UTC
        :param datetime end: naive UTC
        :param str basis: whose hours count, see ``norms.Norm.basis``: ``""`` the
            desk's, ``"always"`` every hour, a time zone: the desk's hours as the wall
            clock there shows them (holidays stay when the desk has them)
        :return: sorted list of naive UTC pairs ``(start, end)``
        """
        self.ensure_one()
        if basis == norms.ALWAYS:
            return [(start, end)] if start < end else []
        calendar, _zone, _day = self._spoc_calendar()
        return calendar._spoc_intervals(start, end, basis)

    def _spoc_timeline(self, start, basis=""):
        """Working time from a moment on, read lazily and only once.

        :param datetime start: naive UTC
        :param str basis: see :meth:`_spoc_intervals`
        :rtype: clock.Timeline
        """
        self.ensure_one()
        return clock.Timeline(
            clock.extending(
                lambda begin, end: self._spoc_intervals(begin, end, basis),
                start,
                FIRST_LOOK,
                HORIZON,
            )
        )

    def _spoc_deadline(self, start, seconds, basis=""):
        """When ``seconds`` of working time after ``start`` are over.

        :param datetime start: naive UTC
        :param float seconds: working seconds
        :param str basis: see :meth:`_spoc_intervals`
        :return: naive UTC datetime, or ``False`` when the calendar never gets there
        """
        return self._spoc_deadlines(start, {None: seconds}, basis)[None]

    def _spoc_deadlines(self, start, seconds_by_key, basis=""):
        """Several deadlines from one start, for the price of the longest.

        :param datetime start: naive UTC
        :param dict seconds_by_key: any key -> working seconds
        :param str basis: see :meth:`_spoc_intervals`
        :return: key -> naive UTC datetime or ``False``
        """
        timeline = self._spoc_timeline(start, basis)
        return {
            key: clock.add_working(timeline, start, seconds) or False
            for key, seconds in seconds_by_key.items()
        }

    def _spoc_settle(self, start, targets, zone=None, timelines=None):
        """Count norms from a moment, for the price of the longest of each basis.

        :param datetime start: naive UTC
        :param dict targets: any key -> ``norms.Norm``
        :param str zone: time zone of the requester
        :param dict timelines: basis -> timeline from ``start``; kept between calls it
            spares reading a calendar again
        :return: key -> ``norms.Due(seconds, moment, basis)``; ``moment`` is ``False``
            and what is promised in days has no seconds when the calendar never gets
            there
        """
        self.ensure_one()
        timelines = {} if timelines is None else timelines
        _calendar, own_zone, _day = self._spoc_calendar()
        dues = {}
        for key, norm in targets.items():
            basis = norm.basis(zone)
            if basis not in timelines:
                timelines[basis] = self._spoc_timeline(start, basis)
            # The day of a person begins where they are, the desk's at the desk.
            day_zone = basis if basis and basis != norms.ALWAYS else own_zone
            seconds, moment = norms.settle(norm, timelines[basis], start, day_zone)
            dues[key] = norms.Due(seconds, moment or False, basis)
        return dues

    def _spoc_working_seconds(self, start, end, basis=""):
        """Seconds of working time between two naive UTC moments.

        :param str basis: see :meth:`_spoc_intervals`
        """
        self.ensure_one()
        if end <= start:
            return 0.0
        intervals = self._spoc_intervals(start, end, basis)
        return clock.working_seconds(intervals, start, end)

    # ------------------------------------------------------------------
    # Promises in words
    # ------------------------------------------------------------------

    def _spoc_norm_text(self, norm):
        """A norm in words: "4 working hours", "2 days, around the clock"."""
        if norm.counts == norms.ALWAYS:
            return self._get_always_text(norm)
        if norm.days == 1:
            time = self.env._("1 working day")
        elif norm.days:
            time = self.env._("%(count)s working days", count=norm.days)
        else:
            time = self._get_duration_text(round(norm.hours * 3600))
        if norm.counts == norms.REQUESTER:
            return self.env._("%(time)s, in your time zone", time=time)
        return time

    def _get_always_text(self, norm):
        """Time that runs day and night, in words."""
        hours = norm.days * 24 or norm.hours
        if hours >= 48 and hours % 24 == 0:
            time = self.env._("%(count)s days", count=round(hours / 24))
        elif hours == 1:
            time = self.env._("1 hour")
        elif hours < 2:
            time = self.env._("%(count)s minutes", count=round(hours * 60))
        else:
            time = self.env._("%(count)s hours", count=f"{hours:g}")
        return self.env._("%(time)s, day and night", time=time)

    def _get_duration_text(self, seconds):
        """Working time in words people use: minutes, hours or days."""
        _calendar, _zone, day = self._spoc_calendar()
        hours = seconds / 3600
        if abs(hours - day) < 0.001:
            return self.env._("1 working day")
        if hours >= 2 * day and abs(hours / day - round(hours / day)) < 0.001:
            return self.env._("%(count)s working days", count=round(hours / day))
        if seconds % 3600 == 0:
            if hours == 1:
                return self.env._("1 working hour")
            return self.env._("%(count)s working hours", count=round(hours))
        if hours < 2:
            return self.env._("%(count)s working minutes", count=round(seconds / 60))
        return self.env._("%(count)s working hours", count=f"{hours:.1f}")

    def _spoc_moment_text(self, moment):
        """Day and time where the reader is, for example "Tue, Nov 24, 11:00 AM"."""
        if not moment:
            return ""
        return moment_words(moment, self.env.lang or "en_US", self._get_reader_zone())

    def _get_reader_zone(self):
        """Time zone of the person who looks, the desk's when unknown."""
        own = self.env.context.get("tz") or self.env.user.tz
        return own or (self[:1]._spoc_calendar()[1] if self else False)

    # ------------------------------------------------------------------
    # Open or closed
    # ------------------------------------------------------------------

    def _spoc_openings(self, now=None):
        """Whether the desks are open, and until or from when.

        :param datetime now: naive UTC, default this moment
        :return: desk id -> ``{"open": bool, "change": naive UTC datetime or False,
            "text": "Open until 17:00"}``
        """
        now = now or fields.Datetime.now()
        openings = {}
        for desk in self:
            calendar, zone, _day = desk._spoc_calendar()
            if calendar not in openings:
                intervals = calendar._spoc_intervals(now, now + FIRST_LOOK)
                opening = {
                    "open": clock.is_working(intervals, now),
                    "change": clock.next_change(intervals, now) or False,
                }
                opening["text"] = self._get_opening_text(now, zone, **opening)
                openings[calendar] = opening
        return {desk.id: openings[desk._spoc_calendar()[0]] for desk in self}

    @api.model
    def _get_opening_text(self, now, zone, open, change):
        """Open or closed, in words."""
        if not change:
            return self.env._("Open") if open else self.env._("Closed")
        zone = self.env.context.get("tz") or self.env.user.tz or zone
        time = hour_words(change, now, self.env.lang or "en_US", zone)
        if open:
            return self.env._("Open until %(time)s", time=time)
        return self.env._("Closed, opens %(time)s", time=time)

    def _spoc_hours(self):
        """Usual opening hours, days with the same hours together.

        :return: list of ``(days, hours)`` in words, for example
            ``("Mon – Fri", "08:00–12:00, 13:00–17:00")``
        """
        self.ensure_one()
        # sudo: opening hours are public, the calendar's model is not
        calendar = self.sudo().resource_calendar_id
        lines = calendar._get_global_attendances()
        if calendar.two_weeks_calendar:
            week = str(lines.get_week_type(fields.Date.context_today(self)))
            lines = lines.filtered(lambda line: line.week_type == week)
        spans = defaultdict(list)
        for line in lines.sorted("hour_from"):
            day = int(line.dayofweek)
            spans[day].append((round(line.hour_from * 60), round(line.hour_to * 60)))
        groups = []
        for day in sorted(spans):
            hours = list(clock.merged(spans[day]))
            if groups and groups[-1][1] == hours and groups[-1][0][-1] == day - 1:
                groups[-1][0].append(day)
            else:
                groups.append(([day], hours))
        return [
            (self._get_days_text(days), self._get_spans_text(hours))
            for days, hours in groups
        ]

    @api.model
    def _get_days_text(self, days):
        # 2024 began on a Monday.
        names = [
            format_date(self.env, date(2024, 1, 1 + day), date_format="EEE")
            for day in (days[0], days[-1])
        ]
        return names[0] if len(days) == 1 else f"{names[0]} – {names[1]}"

    @api.model
    def _get_spans_text(self, spans):
        return ", ".join(
            f"{start // 60:02d}:{start % 60:02d}–{end // 60:02d}:{end % 60:02d}"
            for start, end in spans
        )
