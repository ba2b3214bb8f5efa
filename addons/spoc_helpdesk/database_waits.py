"""What PostgreSQL itself keeps of waiting and of clocks: what was noted stays noted.

Like ``database``: an exclusion constraint and a trigger, made in ``init()``, dropped
when the addon is uninstalled.
"""

from odoo.tools import SQL
from odoo.tools.sql import constraint_definition

from .database import ensure_extension

WAITS = """
CREATE OR REPLACE FUNCTION spoc_wait_guard() RETURNS trigger AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD."end" IS NULL AND NEW."end" IS NOT NULL
        AND (NEW.id, NEW.ticket_id, NEW.reason_id, NEW.start, NEW.waits_for)
            IS NOT DISTINCT FROM
            (OLD.id, OLD.ticket_id, OLD.reason_id, OLD.start, OLD.waits_for)
        AND NEW.pauses IS NOT DISTINCT FROM OLD.pauses
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'spoc: waiting that was noted can only be ended, once'
        USING ERRCODE = 'integrity_constraint_violation';
END $$ LANGUAGE plpgsql;

DROP TRIGGER IF EXISTS spoc_wait_guard ON spoc_wait;
CREATE TRIGGER spoc_wait_guard BEFORE UPDATE OR DELETE ON spoc_wait
    FOR EACH ROW EXECUTE FUNCTION spoc_wait_guard();
DROP TRIGGER IF EXISTS spoc_wait_keep ON spoc_wait;
CREATE TRIGGER spoc_wait_keep BEFORE TRUNCATE ON spoc_wait
    FOR EACH STATEMENT EXECUTE FUNCTION spoc_wait_guard();
"""

ONE_AT_A_TIME = """
ALTER TABLE spoc_wait ADD CONSTRAINT spoc_wait_one_at_a_time
    EXCLUDE USING gist (ticket_id WITH =, tsrange(start, "end") WITH &&);
ALTER TABLE spoc_wait ADD CONSTRAINT spoc_wait_forward
    CHECK ("end" IS NULL OR "end" >= start)
"""

KEPT = """
CREATE OR REPLACE FUNCTION spoc_clock_keep() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION 'spoc: what happened to a clock is append-only'
        USING ERRCODE = 'integrity_constraint_violation';
END $$ LANGUAGE plpgsql;

DROP TRIGGER IF EXISTS %(table)s_keep ON %(table)s;
CREATE TRIGGER %(table)s_keep BEFORE UPDATE OR DELETE ON %(table)s
    FOR EACH ROW EXECUTE FUNCTION spoc_clock_keep();
DROP TRIGGER IF EXISTS %(table)s_whole ON %(table)s;
CREATE TRIGGER %(table)s_whole BEFORE TRUNCATE ON %(table)s
    FOR EACH STATEMENT EXECUTE FUNCTION spoc_clock_keep();
"""

FUNCTIONS = ("spoc_wait_guard", "spoc_clock_keep")
#: Tables to empty before those of the tickets, in this order.
TABLES = ("spoc_wait", "spoc_clock_event", "spoc_escalation")


def guard_waits(env):
    """Constraint and trigger of the waiting; safe to run again."""
    ensure_extension(env)
    # SQL: triggers and exclusion constraints are not ORM objects
    env.cr.execute(WAITS)
    if not constraint_definition(env.cr, "spoc_wait", "spoc_wait_one_at_a_time"):
        env.cr.execute(ONE_AT_A_TIME)


def guard_events(cr):
    """Trigger that keeps the events of clocks; safe to run again."""
    # SQL: triggers are not ORM objects
    cr.execute(KEPT % {"table": "spoc_clock_event"})


def guard_escalations(cr):
    """Trigger that keeps what was escalated; safe to run again."""
    # SQL: as above
    cr.execute(KEPT % {"table": "spoc_escalation"})


def drop_waits(cr):
    """Let go of what hangs on tickets here: the addon is being uninstalled."""
    for function in FUNCTIONS:
        # SQL: functions are not ORM objects; their triggers go with them
        cr.execute(
            SQL("DROP FUNCTION IF EXISTS %s() CASCADE", SQL.identifier(function))
        )
    for table in TABLES:
        # SQL: rows that nobody may delete, in tables about to be dropped
        cr.execute(SQL("DELETE FROM %s", SQL.identifier(table)))
