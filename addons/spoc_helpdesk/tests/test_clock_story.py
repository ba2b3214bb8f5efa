from datetime import datetime, timedelta

from odoo.tests import BaseCase, tagged

from odoo.addons.spoc_catalog import clock

from ..clock_story import (
    CHANGED,
    CLOSED,
    COUNTED,
    ENDED,
    HELD,
    PAUSED,
    RESUMED,
    STARTED,
    Event,
    WorkTable,
    carried,
    tell,
    verdict,
)
from .clock_oracle import FIRST, rolled

HOUR = 3600


def day(number, hour, minute=0):
    """A moment of the week that begins on Monday, 2 March 2026."""
    return datetime(2026, 3, 2, hour, minute) + timedelta(days=number)


def office(_key, start):
    """Nine to five from Monday to Friday."""
    first = start.replace(hour=0, minute=0) - timedelta(days=start.weekday())
    for number in range(60):
        morning = first + timedelta(days=number, hours=9)
        if morning.weekday() < 5:
            yield morning, morning + timedelta(hours=8)


@tagged("post_install", "-at_install")
class TestClockStory(BaseCase):
    """The engine alone, without a database."""

    def _labels(self, story):
        return [(s.start, s.end, s.label, s.late) for s in story.stretches]

    def test_counted_and_closed(self):
        story = tell([Event(day(0, 16), STARTED, 4 * HOUR)], office, day(1, 10))
        self.assertEqual(
            self._labels(story),
            [
                (day(0, 16), day(0, 17), COUNTED, False),
                (day(0, 17), day(1, 9), CLOSED, False),
                (day(1, 9), day(1, 10), COUNTED, False),
            ],
        )
        self.assertEqual(story.due, day(1, 12))
        self.assertEqual(story.left, 2 * HOUR)
        self.assertEqual(story.state, "running")

    def test_a_pause_and_why(self):
        events = [
            Event(day(0, 9), STARTED, 4 * HOUR),
            Event(day(0, 10), PAUSED, why="reply"),
            Event(day(2, 9), RESUMED),
        ]
        story = tell(events, office, day(2, 10))
        held = [s for s in story.stretches if s.label == HELD]
        self.assertEqual(
            [(s.start, s.end, s.why) for s in held], [(day(0, 10), day(2, 9), "reply")]
        )
        self.assertEqual(story.due, day(2, 12))
        paused = tell(events[:2], office, day(1, 10))
        self.assertIsNone(paused.due)
        self.assertEqual(paused.left, 3 * HOUR)
        self.assertEqual(paused.state, "paused")

    def test_late_is_cut_where_it_was_due(self):
        story = tell([Event(day(0, 9), STARTED, HOUR)], office, day(0, 12))
        self.assertEqual(
            self._labels(story),
            [
                (day(0, 9), day(0, 10), COUNTED, False),
                (day(0, 10), day(0, 12), COUNTED, True),
            ],
        )
        self.assertEqual(story.due, day(0, 10))
        self.assertEqual(story.left, 0)

    def test_due_at_the_end_of_a_day(self):
        story = tell([Event(day(0, 9), STARTED, 8 * HOUR)], office, day(0, 10))
        self.assertEqual(story.due, day(0, 17), "not the next morning")

    def test_a_changed_norm_keeps_what_was_earned(self):
        events = [
            Event(day(0, 9), STARTED, 16 * HOUR),
            Event(day(0, 15), CHANGED, 8 * HOUR),
        ]
        self.assertEqual(tell(events, office, day(0, 15)).due, day(0, 17))
        events[1] = Event(day(0, 15), CHANGED, 24 * HOUR)
        self.assertEqual(tell(events, office, day(0, 15)).due, day(2, 17))

    def test_a_shorter_norm_leaves_time_to_work(self):
        self.assertEqual(carried(4 * HOUR, 10 * HOUR, 6 * HOUR), HOUR)
        self.assertEqual(carried(4 * HOUR, 15.5 * HOUR, 0.5 * HOUR), 0.5 * HOUR)
        self.assertEqual(carried(4 * HOUR, HOUR, 15 * HOUR), 3 * HOUR)
        back_and_forth = carried(16 * HOUR, 15 * HOUR, HOUR)
        self.assertEqual(back_and_forth, HOUR, "Nothing is won by raising and lowering")

    def test_changed_while_paused(self):
        events = [
            Event(day(0, 9), STARTED, 8 * HOUR),
            Event(day(0, 11), PAUSED),
            Event(day(0, 12), CHANGED, 16 * HOUR),
        ]
        story = tell(events, office, day(1, 12))
        self.assertEqual(story.state, "paused")
        self.assertEqual(story.left, 14 * HOUR)

    def test_a_noted_rest_counts(self):
        events = [
            Event(day(0, 9), STARTED, 8 * HOUR, left=2 * HOUR),
            Event(day(0, 10), PAUSED, left=1800),
            Event(day(0, 12), RESUMED),
        ]
        self.assertEqual(tell(events, office, day(0, 12)).due, day(0, 12, 30))

    def test_ended_is_told_to_its_end(self):
        events = [
            Event(day(0, 9), STARTED, 8 * HOUR),
            Event(day(0, 11), ENDED),
            Event(day(0, 12), RESUMED),
        ]
        story = tell(events, office, day(3, 9))
        self.assertEqual(story.stretches[-1].end, day(0, 11))
        self.assertEqual(story.left, 6 * HOUR)
        self.assertEqual(story.state, "ended")

    def test_never(self):
        story = tell([Event(day(0, 9), STARTED, HOUR)], lambda *_key: (), day(1, 9))
        self.assertIsNone(story.due)
        self.assertEqual(self._labels(story), [(day(0, 9), day(1, 9), CLOSED, False)])

    def test_stretches_are_whole(self):
        """No gap, no overlap, and what was counted adds up, whatever happens."""
        dice = rolled(5)
        for _case in range(500):
            moment = FIRST + timedelta(minutes=dice.randrange(10000))
            events = [Event(moment, STARTED, dice.randrange(60, 100000, 60))]
            for _event in range(dice.randrange(6)):
                moment += timedelta(minutes=dice.randrange(3000))
                kind = dice.choice([PAUSED, RESUMED, CHANGED])
                seconds = dice.randrange(60, 100000, 60) if kind == CHANGED else None
                events.append(Event(moment, kind, seconds))
            now = moment + timedelta(minutes=dice.randrange(3000))
            story = tell(events, office, now)
            bounds = [(s.start, s.end) for s in story.stretches]
            if not bounds:
                self.assertEqual(events[0].at, now)
                continue
            self.assertEqual(bounds[0][0], events[0].at)
            self.assertEqual(bounds[-1][1], now)
            for (_start, end), (start, _end) in zip(bounds, bounds[1:], strict=False):
                self.assertEqual(end, start)
            in_time = [s for s in story.stretches if s.label == COUNTED and not s.late]
            for stretch in in_time:
                self.assertEqual(
                    stretch.seconds,
                    clock.working_seconds(
                        office(None, stretch.start), stretch.start, stretch.end
                    ),
                )

    # ---- many clocks -------------------------------------------------------

    def test_table_agrees_with_the_clock(self):
        spans = list(office(None, FIRST))
        table, dice = WorkTable(spans), rolled(6)
        for _case in range(2000):
            start = FIRST + timedelta(minutes=dice.randrange(50 * 1440))
            end = start + timedelta(minutes=dice.randrange(8 * 1440))
            seconds = dice.choice([0, 60, 3600, 28800, 57600, 10**6])
            self.assertEqual(
                table.seconds(start, end), clock.working_seconds(spans, start, end)
            )
            self.assertEqual(
                table.after(start, seconds), clock.add_working(spans, start, seconds)
            )

    def test_verdict(self):
        table = WorkTable(office(None, day(0, 9)))
        start, now = day(0, 9), day(4, 9)
        pause = [(day(0, 10), day(1, 10))]
        for seconds, end, pauses, expected in (
            (HOUR, day(0, 10), [], (day(0, 10), "met")),
            (HOUR, day(0, 11), [], (day(0, 10), "missed")),
            (HOUR, None, [], (day(0, 10), "missed")),
            (8 * HOUR, day(1, 11), [], (day(0, 17), "missed")),
            (8 * HOUR, day(1, 11), pause, (day(1, 17), "met")),
            (80 * HOUR, None, [], (day(11, 17), "open")),
            (8 * HOUR, None, [(day(0, 10), None)], (None, "open")),
        ):
            with self.subTest(seconds=seconds, end=end):
                self.assertEqual(
                    verdict(seconds, table, start, end, pauses, now), expected
                )
