"""Contact card of a desk: how to reach it, when, in which languages."""

from datetime import UTC, datetime, time, timedelta

from babel.dates import get_timezone_location

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.misc import babel_locale_parse, format_date

from .. import clock, norms, vcard

#: Holidays so far ahead are worth knowing.
HOLIDAYS_AHEAD = timedelta(days=60)
HOLIDAYS_SHOWN = 4
#: Telephone, mail and page properties of a vCard by kind of channel.
TEL = {"TYPE": "WORK,VOICE"}
MAIL = {"TYPE": "INTERNET,WORK"}


class SpocDesk(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.desk"

    is_open = fields.Boolean(
        compute="_compute_opening", export_string_translation=False
    )
    opening_text = fields.Char(string="Now", compute="_compute_opening")

    @api.depends("resource_calendar_id")
    @api.depends_context("lang", "tz", "uid")
    def _compute_opening(self):
        openings = self._origin._spoc_openings()
        for desk in self:
            opening = openings.get(desk._origin.id, {})
            desk.is_open = opening.get("open", False)
            desk.opening_text = opening.get("text", "")

    # ------------------------------------------------------------------
    # Who sees it
    # ------------------------------------------------------------------

    @api.model
    def _spoc_card_domain(self):
        """Desks whose contact card the user may see.

        Those that offer them something, those they belong to, and for internal
        users every open desk. Administrators see all. Record rules narrow it
        further.
        """
        user = self.env.user
        if user.has_group("spoc_catalog.group_administrator"):
            return Domain.TRUE
        domain = (
            Domain("member_ids", "in", user.ids)
            | Domain("manager_id", "in", user.ids)
            | Domain("service_ids", "any", [("state", "=", "published")])
        )
        if user._is_internal():
            domain |= Domain("privacy", "=", "open")
        return domain

    # ------------------------------------------------------------------
    # Hours
    # ------------------------------------------------------------------

    def _spoc_week(self, zone=None, now=None):
        """Opening hours of the current week on the clock of a time zone.

        Usual hours: holidays are told apart, see :meth:`_spoc_holidays`.

        :param str zone: time zone, default the desk's
        :param datetime now: naive UTC, default this moment
        :return: list of ``{"day": "Monday", "hours": "08:00–12:00", "today": bool}``,
            Monday to Sunday; ``hours`` is ``""`` on a day off
        """
        self.ensure_one()
        now = now or fields.Datetime.now()
        to_wall, to_moment = norms.walls(zone or self.tz)
        today = to_wall(now).date()
        monday = datetime.combine(today - timedelta(days=today.weekday()), time())
        days = []
        intervals = self._get_usual_intervals(
            to_moment(monday), to_moment(monday + timedelta(days=7))
        )
        for number in range(7):
            start = monday + timedelta(days=number)
            begin, end = to_moment(start), to_moment(start + timedelta(days=1))
            spans = [
                (max(first, begin), min(last, end))
                for first, last in intervals
                if first < end and last > begin
            ]
            days.append(
                {
                    "day": format_date(self.env, start.date(), date_format="EEEE"),
                    "hours": ", ".join(
                        f"{to_wall(first):%H:%M}–{self._get_end(to_wall(last), start)}"
                        for first, last in spans
                    ),
                    "today": start.date() == today,
                }
            )
        return days

    @api.model
    def _get_end(self, wall, day):
        """A day that ends at midnight ends at 24:00."""
        return "24:00" if wall.date() > day.date() else f"{wall:%H:%M}"

    def _get_usual_intervals(self, start, end):
        """Opening hours without regard to holidays: naive UTC pairs."""
        # sudo: opening hours are public, the calendar's model is not.
        calendar = self.sudo().resource_calendar_id
        intervals = calendar._attendance_intervals_batch(
            start.replace(tzinfo=UTC), end.replace(tzinfo=UTC)
        )[False]
        return list(
            clock.merged(
                (calendar._to_naive(begin), calendar._to_naive(stop))
                for begin, stop, _meta in intervals
            )
        )

    def _spoc_holidays(self, now=None):
        """Holidays that will close the desk while it would be open.

        :param datetime now: naive UTC, default this moment
        :return: list of ``{"name", "days"}``: the next ones, their days in words
        """
        self.ensure_one()
        now = now or fields.Datetime.now()
        # sudo: holidays are public, the model behind them is not.
        desk = self.sudo()
        leaves = desk.env["resource.calendar.leaves"].search(
            [
                ("time_type", "=", "leave"),
                ("resource_id", "=", False),
                ("calendar_id", "in", [False, desk.resource_calendar_id.id]),
                ("company_id", "in", [False, desk.company_id.id]),
                ("date_to", ">", now),
                ("date_from", "<", now + HOLIDAYS_AHEAD),
            ],
            order="date_from, id",
        )
        if not leaves:
            return []
        usual = self._get_usual_intervals(
            min(now, leaves[0].date_from), max(leaves.mapped("date_to"))
        )
        return [
            {
                "name": leave.name or self.env._("Closed"),
                "days": self._get_leave_text(leave),
            }
            for leave in leaves
            if any(s < leave.date_to and e > leave.date_from for s, e in usual)
        ][:HOLIDAYS_SHOWN]

    def _get_leave_text(self, leave):
        """Days of a holiday where the desk is."""
        to_wall, _to_moment = norms.walls(self.tz)
        days = [
            format_date(self.env, to_wall(moment).date(), date_format="EEE d MMM")
            for moment in (leave.date_from, leave.date_to - timedelta(seconds=1))
        ]
        return days[0] if days[0] == days[1] else f"{days[0]} – {days[1]}"

    @api.model
    def _spoc_zone_name(self, zone):
        """A time zone for people: "Stockholm (UTC+1)"."""
        locale = babel_locale_parse(self.env.lang or "en_US")
        city = get_timezone_location(zone, locale=locale, return_city=True)
        minutes = round(self._get_offset(zone).total_seconds() / 60)
        if zone == "UTC":
            return zone
        hours, rest = divmod(abs(minutes), 60)
        sign = "-" if minutes < 0 else "+"
        return f"{city} (UTC{sign}{hours}{f':{rest:02d}' if rest else ''})"

    @api.model
    def _get_offset(self, zone):
        """How far the clocks of a time zone are ahead of UTC now."""
        now = fields.Datetime.now()
        to_wall, _to_moment = norms.walls(zone)
        return to_wall(now) - now

    def _spoc_languages(self):
        """Names of the languages spoken, each in itself and for the reader.

        :return: list of ``{"code": "sv-SE", "name": "svenska"}``
        """
        self.ensure_one()
        # sudo: names of languages are no secret, also of those not installed.
        languages = self.sudo().language_ids
        return [
            {
                "code": lang.code.replace("_", "-").partition("@")[0],
                "name": babel_locale_parse(lang.code).language_name or lang.name,
            }
            for lang in languages
        ]

    # ------------------------------------------------------------------
    # vCard
    # ------------------------------------------------------------------

    def _spoc_vcard(self, base_url):
        """The contact card for an address book.

        :param str base_url: where the window is reached, without a trailing slash
        :return: ``(name of the file, content)``, both text
        """
        self.ensure_one()
        # sudo: the names of company and department are on the card anyway.
        desk = self.sudo()
        organisation = [desk.company_id.name, desk.department_id.name or ""]
        properties = [
            ("N", {}, [desk.name, "", "", "", ""]),
            ("FN", {}, desk.name),
            ("ORG", {}, organisation),
            ("X-ABShowAs", {}, "COMPANY"),
            *self._get_vcard_channels(base_url),
            ("URL", {}, f"{base_url}/spoc/desk/{desk.id}"),
            ("TZ", {"VALUE": "text"}, desk.tz),
            *[("LANG", {}, lang["code"]) for lang in self._spoc_languages()],
            ("NOTE", {}, self._get_vcard_note()),
            ("UID", {}, f"spoc-desk-{desk.id}@{base_url.partition('://')[2]}"),
            ("REV", {}, f"{fields.Datetime.now():%Y-%m-%dT%H:%M:%SZ}"),
        ]
        return f"{desk.code}.vcf", vcard.render(properties)

    def _get_vcard_channels(self, base_url):
        """Numbers, addresses and pages the reader may see."""
        properties = []
        for channel in self.channel_ids:
            if channel.kind == "phone":
                number = channel.identity_normalized.replace(";ext=", " ext. ")
                properties.append(("TEL", TEL, number))
            elif channel.kind == "email":
                address = (channel.url or "").removeprefix("mailto:")
                properties.append(("EMAIL", MAIL, address))
            elif channel.kind == "walkin":
                place = ["", "", channel.identity, "", "", "", ""]
                properties.append(("ADR", {"TYPE": "WORK"}, place))
            elif channel.url:
                url = channel.url
                url = f"{base_url}{url}" if url.startswith("/") else url
                properties.append(("URL", {}, url))
        return properties

    def _get_vcard_note(self):
        """What the desk is for and when it is open."""
        hours = [f"{days}: {spans}" for days, spans in self._spoc_hours()]
        lines = [self.description or "", *hours, self.tz if hours else ""]
        return "\n".join(line for line in lines if line)
