import importlib.util
from pathlib import Path

from odoo.tests import freeze_time, tagged

from .clock_common import HOUR, ClockCase
from .test_clock import at

SCRIPT = Path(__file__).parents[1] / "migrations/19.0.1.1.0/post-clocks.py"


@tagged("post_install", "-at_install")
class TestClockMigration(ClockCase):
    """Tickets as the version before left them get their events and their reason."""

    def _migrate(self, moment):
        spec = importlib.util.spec_from_file_location("post_clocks", SCRIPT)
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        self.env.flush_all()
        with freeze_time(moment):
            script.migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()

    def _execute(self, statement, *values):
        # SQL: as the version before wrote it, which wrote no events
        self.env.flush_all()
        self.env.cr.execute(statement, values)
        self.env.invalidate_all()

    def test_waiting(self):
        ticket = self._opened()
        stage_id = self.env["spoc.stage"]._spoc_first("waiting", self.desk.id)
        self._execute(
            "UPDATE spoc_ticket SET stage_id = %s, state = 'waiting' WHERE id = %s",
            stage_id,
            ticket.id,
        )
        self._execute(
            "UPDATE spoc_clock SET state = 'paused', remaining = %s, write_date = %s"
            " WHERE ticket_id = %s AND kind = 'resolution'",
            10 * HOUR,
            at(0, 15),
            ticket.id,
        )
        self._execute(
            "UPDATE spoc_ticket SET create_date = %s WHERE id = %s", at(0, 9), ticket.id
        )
        self._migrate(at(1, 10))
        self._migrate(at(1, 11))  # nothing is noted twice
        self.assertEqual(ticket.wait_ids.start, at(0, 15))
        self.assertEqual(ticket.wait_reason_id.waits_for, "reply")
        clock = self._clock(ticket, "resolution")
        self.assertEqual(clock.event_ids.mapped("kind"), ["started", "paused"])
        story = clock._spoc_story(at(1, 12))
        self.assertEqual(
            [(s.start, s.end, s.label) for s in story.stretches],
            [(at(0, 9), at(0, 15), "counted"), (at(0, 15), at(1, 12), "paused")],
        )
        with freeze_time(at(1, 9)):
            self._say(ticket, self.requester)
        self.assertEqual(ticket.state, "in_progress")
        self.assertEqual(clock.due, at(2, 11))

    def test_kept(self):
        ticket = self._opened()
        with freeze_time(at(0, 10)):
            self._say(ticket, self.agent)
        self._execute(
            "UPDATE spoc_clock SET kept = NULL, user_id = NULL WHERE ticket_id = %s",
            ticket.id,
        )
        self._migrate(at(0, 11))
        response = self._clock(ticket, "response")
        self.assertEqual(response.kept, 100)
        self.env.cr.execute(
            "SELECT kept FROM spoc_clock WHERE ticket_id = %s AND kind = 'resolution'",
            [ticket.id],
        )
        self.assertEqual(self.env.cr.fetchall(), [(None,)])

    def test_paused_before(self):
        ticket = self._opened()
        self._execute(
            "UPDATE spoc_clock SET due = %s"
            " WHERE ticket_id = %s AND kind = 'resolution'",
            at(3, 12),
            ticket.id,
        )
        self._migrate(at(1, 9))
        clock = self._clock(ticket, "resolution")
        self.assertEqual(clock.event_ids[-1:].cause, "before")
        self.assertEqual(clock._spoc_story(at(1, 10)).due, at(3, 12))
        self.assertFalse(self._clock(ticket, "update").event_ids, "It needs none")
