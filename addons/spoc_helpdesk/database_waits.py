"""What PostgreSQL itself keeps of waiting and of clocks: what was noted stays noted.

Like ``database``: an exclusion constraint and a trigger, made in ``init()``, dropped
when the addon is uninstalled.
"""

from odoo.tools.sql import constraint_definition

from .database import drop_functions, empty, ensure_extension, keep

#: The one change of a noted wait that is allowed: it ends.
ENDING = """
    OLD."end" IS NULL AND NEW."end" IS NOT NULL
    AND (NEW.id, NEW.ticket_id, NEW.reason_id, NEW.start, NEW.waits_for)
        IS NOT DISTINCT FROM
        (OLD.id, OLD.ticket_id, OLD.reason_id, OLD.start, OLD.waits_for)
    AND NEW.pauses IS NOT DISTINCT FROM OLD.pauses
"""

ONE_AT_A_TIME = """
ALTER TABLE spoc_wait ADD CONSTRAINT spoc_wait_one_at_a_time
    EXCLUDE USING gist (ticket_id WITH =, tsrange(start, "end") WITH &&);
ALTER TABLE spoc_wait ADD CONSTRAINT spoc_wait_forward
    CHECK ("end" IS NULL OR "end" >= start)
"""

CLOCKS = "what happened to a clock is append-only"

FUNCTIONS = ("spoc_wait_guard", "spoc_clock_keep")
#: Tables to empty before those of the tickets, in this order.
TABLES = ("spoc_wait", "spoc_clock_event", "spoc_escalation")


def guard_waits(env):
    """Constraint and trigger of the waiting; safe to run again."""
    ensure_extension(env)
    keep(
        env.cr,
        "spoc_wait",
        "waiting that was noted can only be ended, once",
        but=ENDING,
        function="spoc_wait_guard",
        row="spoc_wait_guard",
        whole="spoc_wait_keep",
    )
    if not constraint_definition(env.cr, "spoc_wait", "spoc_wait_one_at_a_time"):
        # SQL: exclusion constraints are not ORM objects
        env.cr.execute(ONE_AT_A_TIME)


def guard_events(cr):
    """Trigger that keeps the events of clocks; safe to run again."""
    keep(cr, "spoc_clock_event", CLOCKS, function="spoc_clock_keep")


def guard_escalations(cr):
    """Trigger that keeps what was escalated; safe to run again."""
    keep(cr, "spoc_escalation", CLOCKS, function="spoc_clock_keep")


def drop_waits(cr):
    """Let go of what hangs on tickets here: the addon is being uninstalled."""
    drop_functions(cr, FUNCTIONS)
    empty(cr, TABLES)
