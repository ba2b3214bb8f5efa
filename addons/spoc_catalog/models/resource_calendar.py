"""Opening hours are kept in memory: every page of the window tells them."""

from datetime import UTC, datetime, timedelta

from pytz import all_timezones_set, timezone

from odoo import api, models, tools

from .. import clock

#: Working time is worked out and kept in stretches of so many days ...
STRETCH = timedelta(days=28)
#: ... counted from a Monday; any would do.
EPOCH = datetime(2024, 1, 1)
#: Further ahead than so many stretches nothing is kept.
MANY = 4


class ResourceCalendar(models.Model):
    """Working time, kept in stretches."""

    _name = "resource.calendar"
    _inherit = ["resource.calendar", "spoc.kept.mixin"]

    def _spoc_intervals(self, start, end, zone=None):
        """Working time between two moments, leaves of everybody taken out.

        Around a change of the clocks the hours are those really worked.

        :param datetime start: naive UTC
        :param datetime end: naive UTC
        :param str zone: a time zone: the hours as the wall clock there shows them
            (holidays stay when the calendar has them)
        :return: sorted list of naive UTC pairs ``(start, end)``
        """
        self.ensure_one()
        first, last = (start - EPOCH) // STRETCH, (end - EPOCH) // STRETCH
        if last - first >= MANY:
            return self._get_intervals(start, end, zone)
        stretches = [
            self._get_stretch(self.id, number, zone)
            for number in range(first, last + 1)
        ]
        return list(
            clock.merged(
                (max(begin, start), min(stop, end))
                for stretch in stretches
                for begin, stop in stretch
                if begin < end and stop > start
            )
        )

    @api.model
    @tools.ormcache("calendar_id", "number", "zone")
    def _get_stretch(self, calendar_id, number, zone):
        """The working time of a stretch, see :data:`STRETCH`."""
        start = EPOCH + number * STRETCH
        calendar = self.browse(calendar_id)
        return tuple(calendar._get_intervals(start, start + STRETCH, zone))

    def _get_intervals(self, start, end, zone):
        intervals = self._work_intervals_batch(
            start.replace(tzinfo=UTC),
            end.replace(tzinfo=UTC),
            tz=timezone(zone) if zone in all_timezones_set else None,
        )[False]
        return list(
            clock.merged(
                (self._to_naive(begin), self._to_naive(stop))
                for begin, stop, _meta in intervals
            )
        )

    @api.model
    def _to_naive(self, moment):
        """Naive UTC; a day that ends at the last microsecond ends at midnight."""
        moment = moment.astimezone(UTC).replace(tzinfo=None)
        if moment.microsecond == 999999:
            moment += timedelta(microseconds=1)
        return moment


class ResourceCalendarAttendance(models.Model):
    """Hours of a calendar: what is kept of it changes with them."""

    _name = "resource.calendar.attendance"
    _inherit = ["resource.calendar.attendance", "spoc.kept.mixin"]


class ResourceCalendarLeaves(models.Model):
    """Holidays of a calendar: what is kept of it changes with them."""

    _name = "resource.calendar.leaves"
    _inherit = ["resource.calendar.leaves", "spoc.kept.mixin"]

    def write(self, vals):
        self._spoc_forget()
        return super().write(vals)

    def unlink(self):
        self._spoc_forget()
        return super().unlink()

    def _spoc_forget(self):
        # Most leaves are of one person, and change no opening hours.
        if any(not leave.resource_id for leave in self.exists()):
            return super()._spoc_forget()
        return None
