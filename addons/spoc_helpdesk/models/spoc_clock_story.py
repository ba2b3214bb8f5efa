"""The story of a clock in words and as a strip, for those who work on the ticket."""

from odoo import api, fields, models

from ..clock_story import CHANGED, CLOSED, ENDED, HELD, STARTED, Event, tell

#: What a stretch is shown as -> the class that colours it.
LOOKS = {
    "counted": "o_spoc_counted",
    "late": "o_spoc_late",
    "paused": "o_spoc_paused",
    "closed": "o_spoc_closed",
}
#: A stretch is drawn at least so wide, in percent.
LEAST_WIDTH = 0.4


def hours_words(seconds):
    """A time as hours and minutes, "12:05"."""
    minutes = round(abs(seconds) / 60)
    return f"{minutes // 60}:{minutes % 60:02d}"


class SpocClock(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.clock"

    story_html = fields.Html(
        "How It Was Counted",
        compute="_compute_story_html",
        sanitize=False,
        export_string_translation=False,
    )

    @api.depends("event_ids", "due", "state", "ended_at", "started_at", "seconds")
    @api.depends_context("lang", "tz")
    def _compute_story_html(self):
        for clock in self:
            clock.story_html = self.env["ir.qweb"]._render(
                "spoc_helpdesk.clock_story", clock._spoc_story_values()
            )

    def _spoc_events(self):
        """The events of the clock as the engine takes them, start and end included.

        :return: list of ``clock_story.Event``; ``hours`` is ``(desk id, basis)``
        """
        self.ensure_one()
        events = [
            Event(
                row.at,
                row.kind,
                row.seconds if row.kind in (STARTED, CHANGED) else None,
                (row.desk_id.id, row.basis or ""),
                row.left,
                row.reason_id if row.kind == "paused" else row.cause,
            )
            for row in self.event_ids.sorted(lambda row: (row.at, row.id))
        ]
        if not events:
            hours = (self.desk_id.id, self.basis or "")
            events = [Event(self.started_at, STARTED, self.seconds, hours)]
        if self.ended_at:
            events.append(Event(self.ended_at, ENDED))
        return events

    def _spoc_story(self, now=None):
        """The story of the clock up to now.

        :param datetime now: naive UTC
        :rtype: clock_story.Story
        """
        self.ensure_one()
        Desk = self.env["spoc.desk"]

        def hours_of(key, start):
            desk_id, basis = key
            return Desk.browse(desk_id)._spoc_timeline(start, basis)

        return tell(self._spoc_events(), hours_of, now or fields.Datetime.now())

    # ---- shown -------------------------------------------------------------

    def _spoc_story_values(self):
        """Values of the template ``clock_story``."""
        story = self._spoc_story()
        rows = [self._spoc_stretch_row(stretch) for stretch in story.stretches]
        total = sum(stretch.seconds for stretch in story.stretches) or 1
        for row, stretch in zip(rows, story.stretches, strict=True):
            row["width"] = max(100 * stretch.seconds / total, LEAST_WIDTH)
        totals = {name: 0 for name in LOOKS}
        for row, stretch in zip(rows, story.stretches, strict=True):
            totals[row["look"]] += stretch.seconds
        return {
            "rows": rows,
            "looks": LOOKS,
            "totals": [
                {"look": LOOKS[name], "label": self._spoc_look_text(name), "time": time}
                for name, seconds in totals.items()
                if seconds and (time := hours_words(seconds))
            ],
            "promised": self.desk_id._get_duration_text(self.seconds),
            # What is paused has no due moment until it goes on.
            "due": self.desk_id._spoc_moment_text(self.state != "paused" and self.due),
            "left": hours_words(story.left),
            # Holidays entered since then do not move what was promised.
            "moved": self.state == "running"
            and bool(story.due and self.due and story.due != self.due),
        }

    def _spoc_stretch_row(self, stretch):
        """A stretch in words, for the templates."""
        look = "late" if stretch.late and stretch.label != HELD else stretch.label
        if stretch.label == CLOSED:
            look = CLOSED
        return {
            "look": look,
            "class": LOOKS[look],
            "label": self._spoc_look_text(look),
            "why": self._spoc_why_text(stretch),
            "from": self.desk_id._spoc_moment_text(stretch.start),
            "to": self.desk_id._spoc_moment_text(stretch.end),
            "time": hours_words(stretch.seconds),
            "left": hours_words(stretch.left),
        }

    @api.model
    def _spoc_look_text(self, look):
        return {
            "counted": self.env._("Counted"),
            "late": self.env._("Overdue"),
            "paused": self.env._("Paused"),
            "closed": self.env._("Outside working time"),
        }[look]

    def _spoc_why_text(self, stretch):
        """Why a stretch was what it was, in words."""
        if stretch.label == CLOSED or not stretch.why:
            return ""
        if stretch.label == HELD:
            return stretch.why.name
        causes = self.env["spoc.clock.event"]._fields["cause"]
        return dict(causes._description_selection(self.env)).get(stretch.why, "")


class SpocTicket(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.ticket"

    clock_story_html = fields.Html(
        "How the Time Was Counted",
        compute="_compute_clock_story_html",
        sanitize=False,
        export_string_translation=False,
    )

    @api.depends("clock_ids.due", "clock_ids.state", "clock_ids.event_ids")
    @api.depends_context("lang", "tz")
    def _compute_clock_story_html(self):
        for ticket in self:
            last = {one.kind: one for one in ticket.clock_ids.sorted("id")}
            clocks = ticket.clock_ids.browse(one.id for one in last.values())
            ticket.clock_story_html = self.env["ir.qweb"]._render(
                "spoc_helpdesk.clock_stories",
                {
                    "stories": [
                        {
                            "id": one.id,
                            "name": dict(
                                one._fields["kind"]._description_selection(self.env)
                            )[one.kind],
                            "state": dict(
                                one._fields["state"]._description_selection(self.env)
                            )[one.state],
                            **one._spoc_story_values(),
                        }
                        for one in clocks
                    ]
                },
            )

    # ---- on the line of time of the ticket -----------------------------------

    def _spoc_timeline_lanes(self):
        lanes = getattr(super(), "_spoc_timeline_lanes", dict)()
        return {
            **lanes,
            "waiting": self.env._("Waiting"),
            "promises": self.env._("Promises"),
        }

    def _spoc_timeline_entries(self):
        """Waiting and promises beside what else happened."""
        entries = getattr(super(), "_spoc_timeline_entries", list)()
        return [*entries, *self._spoc_wait_entries(), *self._spoc_promise_entries()]

    def _spoc_wait_entries(self):
        """What the ticket waited for, and when."""
        causes = dict(
            self.env["spoc.wait"]._fields["ended_by"]._description_selection(self.env)
        )
        return [
            {
                "at": wait.start,
                "end": wait.end or None,
                "open": not wait.end,
                "lane": "waiting",
                "code": wait.waits_for,
                "label": wait.reason_id.name,
                "note": causes.get(wait.ended_by, ""),
                "tone": "warn" if not wait.end else "muted",
            }
            for wait in self.wait_ids
        ]

    def _spoc_promise_entries(self):
        """What was promised when, and what became of it."""
        tones = {"met": "ok", "missed": "bad", "running": "ok", "paused": "warn"}
        Clock = self.env["spoc.clock"]
        kinds = dict(Clock._fields["kind"]._description_selection(self.env))
        states = dict(Clock._fields["state"]._description_selection(self.env))
        return [
            {
                "at": one.started_at,
                "end": one.ended_at or one.breached_at or None,
                "open": one.state in ("running", "paused"),
                "lane": "promises",
                "code": one.kind,
                "label": kinds[one.kind],
                "note": self.env._(
                    "%(time)s promised: %(state)s",
                    time=one.desk_id._get_duration_text(one.seconds),
                    state=states[one.state],
                ),
                "tone": tones.get(one.state, "muted"),
            }
            for one in self.clock_ids
        ]
