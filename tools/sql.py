"""SQL from the tools, through psycopg2 of the private environment.

The launcher has the standard library alone, so statements are handed as JSON to this
file, run as a script by the environment's Python; PG* variables tell the server.
"""

import json
import subprocess
import sys

from_tools = __package__  # empty when run as a script

if from_tools:
    from .base import Problem


def query(server, statement, *params, database="postgres"):
    """Run one statement outside a transaction block; return its rows as lists.

    :param server: an environment of tools.server.
    :raise Problem: with PostgreSQL's message.
    """
    return queries(server, [(statement, params)], database=database)[0]


def queries(server, statements, database="postgres"):
    """Run several (statement, params) in one connection, each for itself."""
    done = subprocess.run(
        [str(server.python), "-I", __file__],
        input=json.dumps({"database": database, "statements": statements}),
        env=server.env,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Problem(done.stderr.strip() or "PostgreSQL could not be asked")
    return json.loads(done.stdout)


def exists(server, name):
    """Whether the server has a database of this name."""
    return bool(query(server, "SELECT 1 FROM pg_database WHERE datname = %s", name))


def drop(server, name):
    """Drop a database, ending our own sessions in it; missing is fine.

    ``WITH (FORCE)`` wants a right over every session there is, and the server's own
    cleaning (autovacuum) belongs to nobody. A plain drop ends that one by itself.
    """
    end = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = %s AND usename = current_user AND pid <> pg_backend_pid()"
    )
    statements = [(end, (name,)), (f"DROP DATABASE IF EXISTS {quoted(name)}", ())]
    queries(server, statements)


def quoted(name):
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def main():
    """Run what standard input asks; rows as JSON on standard output."""
    import psycopg2

    asked = json.load(sys.stdin)
    answers = []
    try:
        connection = psycopg2.connect(dbname=asked["database"], connect_timeout=10)
        connection.autocommit = True
        with connection.cursor() as cursor:
            for statement, params in asked["statements"]:
                cursor.execute(statement, params or None)
                answers.append(cursor.fetchall() if cursor.description else [])
    except psycopg2.Error as error:
        sys.exit(str(error).strip())
    json.dump(answers, sys.stdout, default=str)


if __name__ == "__main__":
    main()
