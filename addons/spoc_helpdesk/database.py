"""What PostgreSQL itself keeps: the ledger, the owner, the ticket.

Rules that must hold whoever asks (ORM, import, another addon, a DBA in psql) are
put into the database: an exclusion constraint and a few triggers. They are made in
``init()``, so that an upgrade brings them up to date, and dropped when the addon is
uninstalled.
"""

import psycopg2

from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.sql import constraint_definition

EXTENSION = "btree_gist"

#: A function that refuses every change but the one an expression allows.
REFUSING = """
CREATE OR REPLACE FUNCTION %(function)s() RETURNS trigger AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (%(but)s) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION %(message)s
        USING ERRCODE = 'integrity_constraint_violation';
END $$ LANGUAGE plpgsql;
"""
#: The triggers that call it, for rows and for the whole table.
TRIGGERS = """
DROP TRIGGER IF EXISTS %(row)s ON %(table)s;
CREATE TRIGGER %(row)s BEFORE %(events)s ON %(table)s
    FOR EACH ROW EXECUTE FUNCTION %(function)s();
DROP TRIGGER IF EXISTS %(whole)s ON %(table)s;
CREATE TRIGGER %(whole)s BEFORE TRUNCATE ON %(table)s
    FOR EACH STATEMENT EXECUTE FUNCTION %(function)s();
"""

LEDGER = """
CREATE OR REPLACE FUNCTION spoc_ownership_guard() RETURNS trigger AS $$
DECLARE
    last_row record;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'spoc: the ownership ledger is append-only (delete)'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'TRUNCATE' THEN
        RAISE EXCEPTION 'spoc: the ownership ledger is append-only (truncate)'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF OLD."end" IS NOT NULL
            OR NEW."end" IS NULL
            OR (NEW.id, NEW.ticket_id, NEW.role, NEW.desk_id, NEW.start)
                IS DISTINCT FROM
                (OLD.id, OLD.ticket_id, OLD.role, OLD.desk_id, OLD.start)
            OR NEW.user_id IS DISTINCT FROM OLD.user_id
            OR NEW.assignment_id IS DISTINCT FROM OLD.assignment_id
        THEN
            RAISE EXCEPTION 'spoc: an interval of the ledger can only be closed, once'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.role = 'accountable' THEN
        SELECT o."end" INTO last_row FROM spoc_ownership o
         WHERE o.ticket_id = NEW.ticket_id AND o.role = 'accountable'
         ORDER BY o.start DESC, o.id DESC LIMIT 1;
        IF FOUND AND last_row."end" IS DISTINCT FROM NEW.start THEN
            RAISE EXCEPTION 'spoc: a gap in the ledger of ticket %', NEW.ticket_id
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$ LANGUAGE plpgsql;

CREATE OR REPLACE FUNCTION spoc_ownership_whole() RETURNS trigger AS $$
BEGIN
    IF NEW.role = 'accountable' AND NOT EXISTS (
        SELECT FROM spoc_ownership o
         WHERE o.ticket_id = NEW.ticket_id
           AND o.role = 'accountable' AND o."end" IS NULL)
    THEN
        RAISE EXCEPTION 'spoc: nobody would be accountable for ticket %', NEW.ticket_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$ LANGUAGE plpgsql;

DROP TRIGGER IF EXISTS spoc_ownership_whole ON spoc_ownership;
CREATE CONSTRAINT TRIGGER spoc_ownership_whole AFTER UPDATE ON spoc_ownership
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION spoc_ownership_whole();
"""

OVERLAP = """
ALTER TABLE spoc_ownership ADD CONSTRAINT spoc_ownership_one_accountable
    EXCLUDE USING gist (ticket_id WITH =, tsrange(start, "end") WITH &&)
    WHERE (role = 'accountable');
ALTER TABLE spoc_ownership ADD CONSTRAINT spoc_ownership_forward
    CHECK ("end" IS NULL OR "end" >= start)
"""

#: One worker at a time does an assignment, and only assignments are worked on.
WORKING = """
ALTER TABLE spoc_ownership ADD CONSTRAINT spoc_ownership_one_worker
    EXCLUDE USING gist (assignment_id WITH =, tsrange(start, "end") WITH &&)
    WHERE (role = 'working');
ALTER TABLE spoc_ownership ADD CONSTRAINT spoc_ownership_work_given
    CHECK ((role = 'working') = (assignment_id IS NOT NULL))
"""

TICKETS = """
CREATE OR REPLACE FUNCTION spoc_ticket_keep() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION 'spoc: tickets are never deleted'
        USING ERRCODE = 'integrity_constraint_violation';
END $$ LANGUAGE plpgsql;

DROP TRIGGER IF EXISTS spoc_ticket_keep ON spoc_ticket;
CREATE TRIGGER spoc_ticket_keep BEFORE DELETE ON spoc_ticket
    FOR EACH ROW EXECUTE FUNCTION spoc_ticket_keep();

CREATE OR REPLACE FUNCTION spoc_ticket_owned() RETURNS trigger AS $$
DECLARE
    ticket record;
BEGIN
    SELECT t.id, t.desk_id, t.owner_id, t.state INTO ticket
      FROM spoc_ticket t WHERE t.id = NEW.id;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    IF ticket.owner_id IS NOT NULL AND ticket.state NOT IN ('closed', 'cancelled')
        AND NOT EXISTS (
            SELECT FROM spoc_desk_member_rel m
             WHERE m.desk_id = ticket.desk_id AND m.user_id = ticket.owner_id)
    THEN
        RAISE EXCEPTION 'spoc: the owner of ticket % is no member of its desk',
            ticket.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NOT EXISTS (
        SELECT FROM spoc_ownership o
         WHERE o.ticket_id = ticket.id AND o.role = 'accountable' AND o."end" IS NULL
           AND o.desk_id = ticket.desk_id
           AND o.user_id IS NOT DISTINCT FROM ticket.owner_id)
    THEN
        RAISE EXCEPTION 'spoc: the ledger does not name the owner of ticket %',
            ticket.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$ LANGUAGE plpgsql;

DROP TRIGGER IF EXISTS spoc_ticket_owned ON spoc_ticket;
CREATE CONSTRAINT TRIGGER spoc_ticket_owned
    AFTER INSERT OR UPDATE OF owner_id, desk_id, state ON spoc_ticket
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION spoc_ticket_owned();

CREATE OR REPLACE FUNCTION spoc_desk_member_left() RETURNS trigger AS $$
BEGIN
    IF EXISTS (
        SELECT FROM spoc_ticket t
         WHERE t.owner_id = OLD.user_id AND t.desk_id = OLD.desk_id
           AND t.state NOT IN ('closed', 'cancelled'))
       AND NOT EXISTS (
        SELECT FROM spoc_desk_member_rel m
         WHERE m.desk_id = OLD.desk_id AND m.user_id = OLD.user_id)
    THEN
        RAISE EXCEPTION 'spoc: user % still owns open tickets of desk %',
            OLD.user_id, OLD.desk_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$ LANGUAGE plpgsql;

DROP TRIGGER IF EXISTS spoc_desk_member_left ON spoc_desk_member_rel;
CREATE CONSTRAINT TRIGGER spoc_desk_member_left
    AFTER DELETE OR UPDATE ON spoc_desk_member_rel
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION spoc_desk_member_left();
"""

FUNCTIONS = (
    "spoc_access_log_keep",
    "spoc_act_keep",
    "spoc_ownership_guard",
    "spoc_ownership_whole",
    "spoc_ticket_keep",
    "spoc_ticket_owned",
    "spoc_desk_member_left",
)

#: Tables whose rows nobody may delete, tickets last.
TABLES = (
    "spoc_access_log",
    "spoc_act",
    "spoc_transfer",
    "spoc_ownership",
    "spoc_clock",
    "spoc_answer",
    "spoc_assignment",
    "spoc_approval",
    "spoc_ticket",
)
#: Models with threads, activities and files.
OURS = ("spoc.ticket", "spoc.assignment", "spoc.transfer", "spoc.approval")
#: Odoo's tables whose rows hang on one of them, and the column that says so.
HANGING = (
    ("mail_message", "model"),
    ("mail_followers", "res_model"),
    ("mail_activity", "res_model"),
    ("rating_rating", "res_model"),
    ("ir_attachment", "res_model"),
)


def ensure_extension(env):
    """Make sure ``btree_gist`` is there.

    :raises UserError: telling what the database administrator has to run
    """
    cr = env.cr
    cr.execute(SQL("SELECT FROM pg_extension WHERE extname = %s", EXTENSION))
    if cr.rowcount:
        return
    try:
        with cr.savepoint(flush=False):
            # SQL: extensions are not ORM objects
            cr.execute(
                SQL("CREATE EXTENSION IF NOT EXISTS %s", SQL.identifier(EXTENSION))
            )
    except psycopg2.Error as error:
        raise UserError(
            env._(
                "The service desk keeps its ownership ledger with the PostgreSQL "
                "extension %(extension)s, and this database user may not create it. "
                "Ask the database administrator to run, in the database "
                "%(database)s:\n\n    CREATE EXTENSION %(extension)s;\n\n(the "
                "contrib modules of PostgreSQL have to be installed), then install "
                "again.\n\nPostgreSQL said: %(error)s",
                extension=EXTENSION,
                database=env.cr.dbname,
                error=error,
            )
        ) from error


def watch(cr, table, function, row, whole, events="UPDATE OR DELETE"):
    """Have a function look at every change of a table; safe to run again.

    :param str row: name of the trigger for rows, on ``events``
    :param str whole: name of the trigger for the table being truncated
    """
    names = {"table": table, "function": function, "row": row, "whole": whole}
    names = {key: SQL.identifier(name) for key, name in names.items()}
    # SQL: triggers are not ORM objects
    cr.execute(SQL(TRIGGERS, events=SQL(events), **names))


def keep(cr, table, message, *, but="false", function=None, row=None, whole=None):
    """Let rows of a table be added only; safe to run again.

    :param str message: what whoever tries to change one is told
    :param str but: SQL over ``OLD`` and ``NEW``: the updates that are allowed
    :param function: and ``row``, ``whole``: names, where they are not the usual ones
    """
    function = function or f"{table}_keep"
    # SQL: functions are not ORM objects; the condition is the code's own
    cr.execute(
        SQL(
            REFUSING,
            function=SQL.identifier(function),
            but=SQL(but),
            message=f"spoc: {message}",
        )
    )
    watch(cr, table, function, row or f"{table}_keep", whole or f"{table}_whole")


def guard_ledger(env):
    """Constraint and triggers of the ownership ledger; safe to run again."""
    cr = env.cr
    ensure_extension(env)
    # SQL: triggers and exclusion constraints are not ORM objects
    cr.execute(LEDGER)
    watch(
        cr,
        "spoc_ownership",
        "spoc_ownership_guard",
        row="spoc_ownership_guard",
        whole="spoc_ownership_keep",
        events="INSERT OR UPDATE OR DELETE",
    )
    if not constraint_definition(
        cr, "spoc_ownership", "spoc_ownership_one_accountable"
    ):
        cr.execute(OVERLAP)
    if not constraint_definition(cr, "spoc_ownership", "spoc_ownership_one_worker"):
        cr.execute(WORKING)


def guard_acts(cr):
    """Triggers that keep what was done; safe to run again."""
    # What is shown of the ticket with it follows the ticket
    but = (
        "to_jsonb(NEW) - 'company_id' - 'number'"
        " = to_jsonb(OLD) - 'company_id' - 'number'"
    )
    keep(cr, "spoc_act", "what was done is append-only", but=but)


def guard_reading(cr):
    """Triggers that keep who read what; safe to run again."""
    keep(cr, "spoc_access_log", "who read what is append-only")


def guard_tickets(cr):
    """Triggers that keep tickets and their owners; safe to run again."""
    # SQL: triggers are not ORM objects
    cr.execute(TICKETS)


def drop_functions(cr, functions):
    """Let go of functions and of the triggers that call them."""
    for function in functions:
        # SQL: functions are not ORM objects; their triggers go with them
        cr.execute(
            SQL("DROP FUNCTION IF EXISTS %s() CASCADE", SQL.identifier(function))
        )


def empty(cr, tables):
    """Delete the rows of tables that are about to be dropped, in this order."""
    for table in tables:
        # SQL: rows that nobody may delete by the ORM
        cr.execute(SQL("DELETE FROM %s", SQL.identifier(table)))


def drop_everything(cr):
    """Let go of everything: the addon is being uninstalled.

    What was said on tickets goes with them: nothing would guard it any more.
    """
    drop_functions(cr, FUNCTIONS)
    empty(cr, TABLES)
    for table, column in HANGING:
        # SQL: past the guards of these models, which refuse it
        cr.execute(
            SQL(
                "DELETE FROM %s WHERE %s = ANY(%s)",
                SQL.identifier(table),
                SQL.identifier(column),
                [*OURS],
            )
        )
