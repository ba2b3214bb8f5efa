"""Clocks tell their story: what was before gets its events, waiting its reason."""

from odoo import SUPERUSER_ID, api, fields
from odoo.fields import Domain

BATCH = 500


def migrate(cr, version):
    """Reasons to wait, events of clocks, shares kept."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    _note_kept(cr)
    _note_waiting(env)
    _note_pauses(env)
    _note_moved(env)


def _note_kept(cr):
    """What was judged: kept or not, and who was answerable then."""
    # SQL: judgements by the hundred thousand, each from one look into the ledger
    cr.execute(
        """
        UPDATE spoc_clock AS clock
           SET kept = CASE clock.state WHEN 'met' THEN 100 ELSE 0 END,
               user_id = (
                   SELECT o.user_id FROM spoc_ownership o
                    WHERE o.ticket_id = clock.ticket_id AND o.role = 'accountable'
                      AND o.start <= COALESCE(clock.breached_at, clock.ended_at)
                    ORDER BY o.start DESC, o.id DESC LIMIT 1)
         WHERE clock.state IN ('met', 'missed') AND clock.kept IS NULL
        """
    )


def _note_waiting(env):
    """Tickets that wait: so far it was always for the requester.

    They began to wait when their clocks were paused; where none is, when they were
    last written.
    """
    reason = env.ref("spoc_helpdesk.wait_reason_requester", raise_if_not_found=False)
    if not reason:
        return
    # SQL: as above
    env.cr.execute(
        """
        INSERT INTO spoc_wait (ticket_id, desk_id, reason_id, waits_for, pauses,
                               start, was_new, create_uid, create_date, write_uid,
                               write_date)
        SELECT ticket.id, ticket.desk_id, %(reason)s, 'reply', 'update,resolution',
               date_trunc('second', GREATEST(ticket.create_date, COALESCE((
                   SELECT max(clock.write_date) FROM spoc_clock clock
                    WHERE clock.ticket_id = ticket.id AND clock.state = 'paused'
               ), ticket.write_date))),
               false, %(user)s, now() AT TIME ZONE 'UTC', %(user)s,
               now() AT TIME ZONE 'UTC'
          FROM spoc_ticket ticket
         WHERE ticket.state = 'waiting' AND NOT EXISTS (
               SELECT FROM spoc_wait wait
                WHERE wait.ticket_id = ticket.id AND wait."end" IS NULL)
        """,
        {"reason": reason.id, "user": SUPERUSER_ID},
    )
    env.cr.execute(
        """
        UPDATE spoc_ticket SET wait_reason_id = %s
         WHERE state = 'waiting' AND wait_reason_id IS NULL
        """,
        [reason.id],
    )
    env.invalidate_all()


def _note_pauses(env):
    """Paused clocks: when they started, and when they were paused with what left."""
    # SQL: as above
    env.cr.execute(
        """
        WITH paused AS (
            SELECT clock.*, wait.start AS since, wait.reason_id
              FROM spoc_clock clock
              JOIN spoc_wait wait
                ON wait.ticket_id = clock.ticket_id AND wait."end" IS NULL
             WHERE clock.state = 'paused' AND NOT EXISTS (
                   SELECT FROM spoc_clock_event e WHERE e.clock_id = clock.id))
        INSERT INTO spoc_clock_event (clock_id, at, kind, seconds, basis, desk_id,
                                      "left", reason_id, cause)
        SELECT id, started_at, 'started', seconds, basis, desk_id, seconds, NULL, NULL
          FROM paused
        UNION ALL
        SELECT id, GREATEST(since, started_at), 'paused', seconds, basis, desk_id,
               remaining, reason_id, 'before'
          FROM paused
         ORDER BY 1, 2
        """
    )


def _note_moved(env):
    """Running clocks that were paused before: what is left of them is noted now."""
    now = fields.Datetime.now()
    Clock = env["spoc.clock"]
    running = Domain("state", "=", "running") & Domain("due", ">", now)
    last_id = 0
    while clocks := Clock.search(
        running & Domain("id", ">", last_id), order="id", limit=BATCH
    ):
        last_id = clocks[-1].id
        moved = clocks.filtered(lambda clock: clock._spoc_story(now).due != clock.due)
        Clock._spoc_note(
            [
                (clock, "changed", {"left": clock._spoc_left(now), "cause": "before"})
                for clock in moved
            ],
            now,
        )
        env.flush_all()
        env.invalidate_all()
