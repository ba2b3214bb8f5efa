"""What became of a filled database of the released version: nothing is lost.

``tools/upgrade.py`` makes the two databases, ``./spoc test upgrade`` runs it. The
test looks at tables, not at what this or that change was about, so it holds for every
change. Whoever takes a column or a table away, or changes what stands in it, says so
below with the reason, beside the migration script that does it.
"""

import json
import urllib.parse
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.support.server import RemoteError, Server
from tools import sql

#: Tables and columns (``table.column``) that are gone, and what became of their data.
GONE = {}
#: Columns whose values may differ, and why.
CHANGED = {
    "*.write_date": "says when, not what",
    "*.write_uid": "says who",
}
#: Tables that are worked out of others, and rebuilt.
DERIVED = {"spoc_search_word": "the words of the texts"}

TABLES = """
SELECT c.table_name, c.column_name FROM information_schema.columns c
  JOIN information_schema.tables t USING (table_schema, table_name)
 WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'
   AND c.table_name LIKE 'spoc\\_%' AND c.is_generated = 'NEVER'
"""
# Stored fields of our models, and of others those our addons brought.
FIELDS = """
SELECT m.model, replace(m.model, '.', '_'), f.name, f.ttype, f.required, f.id
  FROM ir_model_fields f JOIN ir_model m ON m.id = f.model_id
  JOIN information_schema.columns c
    ON c.table_name = replace(m.model, '.', '_') AND c.column_name = f.name
 WHERE f.store AND NOT m.transient AND c.table_schema = 'public'
   AND m.model LIKE 'spoc.%'
"""
# Models somebody may read.
READABLE = """
SELECT DISTINCT m.model FROM ir_model_access a JOIN ir_model m ON m.id = a.model_id
 WHERE a.active AND a.perm_read
"""


@pytest.fixture(scope="module")
def look(context):
    """``look(database, statement, *params)`` asks a database: "before" or "after"."""
    server = SimpleNamespace(python=context["command"][0], env=context["env"])
    names = {"before": context["before"], "after": context["database"]}

    def ask(which, statement, *params):
        return sql.query(server, statement, *params, database=names[which])

    return ask


@pytest.fixture(scope="module")
def columns(look):
    """``{"before": {table: {column}}, "after": ...}``"""
    found = {}
    for which in ("before", "after"):
        tables = found.setdefault(which, {})
        for table, column in look(which, TABLES):
            tables.setdefault(table, set()).add(column)
    return found


@pytest.fixture(scope="module")
def upgraded(context):
    """The server on the upgraded database."""
    server = Server(context, Path(context["artefacts"]) / "server.log")
    try:
        yield server.start()
    finally:
        server.stop()


def rows_of(look, which, table, columns):
    """Rows of a table: id, or the whole row where there is none, -> row."""
    statement = f'SELECT to_jsonb(t)::text FROM "{table}" t'
    rows = [json.loads(row) for (row,) in look(which, statement)]
    kept = [{key: row[key] for key in sorted(columns) if key in row} for row in rows]
    return {row.get("id", json.dumps(row)): row for row in kept}


def is_kept(before, after):
    """Whether a value is what it was, perhaps in more languages."""
    if isinstance(after, dict) and isinstance(before, str):
        return after.get("en_US") == before  # it can be translated now
    if isinstance(after, dict) and isinstance(before, dict):
        return all(after.get(key) == value for key, value in before.items())
    return before == after


def test_there_is_something_to_lose(look):
    """The data the upgrade is tried with goes beyond the demo data."""
    for table, least in (
        ("spoc_ticket", 15),
        ("spoc_answer", 7),
        ("spoc_clock", 10),
        ("spoc_ownership", 5),
        ("spoc_article", 10),
        ("spoc_article_feedback", 2),
        ("spoc_service_version", 3),
        ("spoc_audience_rule", 3),
        ("spoc_wish", 1),
        ("spoc_transfer WHERE state = 'offered'", 1),
        ("spoc_transfer WHERE state = 'accepted'", 1),
        ("spoc_transfer WHERE state = 'returned'", 1),
        ("spoc_wait", 3),
        ('spoc_wait WHERE "end" IS NULL AND until IS NOT NULL', 1),
        ("spoc_assignment", 2),
        ("spoc_act", 10),
        ("spoc_clock_event", 20),
        ("spoc_approval WHERE state = 'asked'", 2),
        ("spoc_approval WHERE state = 'approved'", 1),
        ("spoc_approval WHERE state = 'rejected'", 1),
        ("spoc_approval WHERE state = 'delegated'", 1),
        ("spoc_ticket_measure", 1),
        ("spoc_experience", 1),
        ("spoc_skill_need", 1),
        ("spoc_access_log", 1),
    ):
        ((count,),) = look("before", f"SELECT count(*) FROM {table}")
        assert count >= least, table


def test_no_table_or_column_is_gone(columns):
    gone = set()
    for table, names in columns["before"].items():
        if table not in columns["after"]:
            gone.add(table)
            continue
        left = names - columns["after"][table]
        gone |= {f"{table}.{column}" for column in left}
    assert gone - GONE.keys() == set()


def test_every_row_and_value_is_kept(look, columns):
    faults = []
    for table in sorted(columns["before"].keys() - GONE.keys() - DERIVED.keys()):
        names = {
            name
            for name in columns["before"][table] & columns["after"].get(table, set())
            if not {f"*.{name}", f"{table}.{name}"} & CHANGED.keys()
        }
        before, after = (rows_of(look, w, table, names) for w in ("before", "after"))
        lost = before.keys() - after.keys()
        faults += [f"{table}: row {key} is gone" for key in sorted(lost, key=str)]
        for key in before.keys() & after.keys():
            faults += [
                f"{table} {key}: {name} was {before[key][name]!r}, is "
                f"{after[key][name]!r}"
                for name in names
                if not is_kept(before[key][name], after[key][name])
            ]
    assert not faults, "\n".join(faults[:40])


def test_nothing_said_or_sent_is_lost(look):
    """Words and files that hang on our records are Odoo's to keep, ours to not lose."""
    for table, column in (
        ("mail_message", "model"),
        ("mail_followers", "res_model"),
        ("mail_activity", "res_model"),
        ("ir_attachment", "res_model"),
        ("rating_rating", "res_model"),
    ):
        statement = f"SELECT id FROM {table} WHERE {column} LIKE 'spoc.%'"
        before, after = (
            {id_ for (id_,) in look(which, statement)} for which in ("before", "after")
        )
        assert before - after == set(), table


def test_required_columns_are_filled(look):
    empty = []
    for _model, table, name, _type, required, _id in look("after", FIELDS):
        if required:
            statement = f'SELECT count(*) FROM "{table}" WHERE "{name}" IS NULL'
            ((count,),) = look("after", statement)
            if count:
                empty.append(f"{table}.{name}: {count} rows")
    assert not empty, "\n".join(empty)


def test_selections_hold_values_there_are(look):
    options = {}
    statement = "SELECT field_id, value FROM ir_model_fields_selection"
    for field_id, value in look("after", statement):
        options.setdefault(field_id, set()).add(value)
    strange = []
    for _model, table, name, type_, _required, field_id in look("after", FIELDS):
        # What a method offers stands nowhere in the database.
        if type_ == "selection" and field_id in options:
            statement = f'SELECT DISTINCT "{name}" FROM "{table}"'
            values = {value for (value,) in look("after", statement)} - {None}
            if values - options[field_id]:
                strange.append(f"{table}.{name}: {values - options[field_id]}")
    assert not strange, "\n".join(strange)


def test_records_can_be_read(look, upgraded):
    """Every field of every model of ours, worked out ones included."""
    admin = upgraded.client("admin")
    mark = upgraded.mark()
    open_ones = {model for (model,) in look("after", READABLE)}
    models = {model for model, *_field in look("after", FIELDS)} & open_ones
    assert len(models) > 30
    for model in sorted(models):
        try:
            admin(model, "search_read", [], limit=40)
        except RemoteError as error:
            pytest.fail(f"{model}: {error}")
    assert not upgraded.strays(mark)


def test_pages_answer(look, upgraded):
    person = upgraded.client("requester")
    mark = upgraded.mark()

    def ids(statement):
        return [id_ for (id_,) in look("after", statement)]

    own = (
        "SELECT t.id FROM spoc_ticket t JOIN res_users u ON u.login = 'requester'"
        " WHERE t.requester_id = u.partner_id AND t.id IN"
        " (SELECT ticket_id FROM spoc_answer) LIMIT 2"
    )
    services = "SELECT id FROM spoc_service WHERE name->>'en_US' LIKE 'Upgraded %'"
    articles = (
        "SELECT id FROM spoc_article WHERE state = 'published'"
        " AND name LIKE 'Upgraded %' LIMIT 2"
    )
    paths = [
        "/spoc",
        f"/spoc/search?q={urllib.parse.quote('gadget')}",
        *(f"/spoc/service/{id_}" for id_ in ids(services)),
        *(f"/spoc/article/{id_}" for id_ in ids(articles)),
        "/my/requests",
        *(f"/my/requests/{id_}" for id_ in ids(own)),
    ]
    assert len(paths) > 6, "there is nothing to open"
    for path in paths:
        status, text = person.page(path)
        assert status == 200, path
        assert "o_spoc" in text, path
    assert not upgraded.strays(mark)
