"""The small commands: setup, shell, odoo."""

import argparse
import contextlib
import signal

from . import postgres, server, sql
from .base import Problem, say
from .verify import verify

GIVES_DATABASE = ("-d", "--database")


def setup(args):
    """`./spoc setup`: everything but a database, so that a run starts at once."""
    parser = argparse.ArgumentParser("./spoc setup", description=setup.__doc__)
    parser.add_argument("--odoo", metavar="PATH", help="an Odoo 19.0 of your own")
    options = parser.parse_args(args)
    with server.environment(options.odoo) as environment:
        verify(environment)
        where = "PGHOST" if postgres.external() else postgres.programs()
        say(f"Odoo        {environment.odoo.version}  {environment.odoo.root}")
        say(f"Python      {environment.python}")
        say(f"PostgreSQL  {version(environment)}  {where}")
    return 0


def version(environment):
    """The version of the PostgreSQL server."""
    return sql.query(environment, "SHOW server_version")[0][0]


def odoo(args):
    """`./spoc odoo ARGS`: an Odoo command in this environment, database `spoc`."""
    with server.environment() as environment, _patience():
        return environment.run(*args or ["help"], env=_database(args)).returncode


def shell(args):
    """`./spoc shell`: Odoo's Python shell on the database of ./spoc run."""
    with server.environment() as environment:
        if not sql.exists(environment, server.DATABASE) and not _named(args):
            raise Problem(
                f"there is no database {server.DATABASE} yet", "run ./spoc run first"
            )
        args = ["shell", "--no-http", "--log-level=warn", *args]
        with _patience():
            return environment.run(*args, env=_database(args)).returncode


@contextlib.contextmanager
def _patience():
    """Leave Ctrl-C to the command in front: it decides what that means."""
    before = signal.signal(signal.SIGINT, lambda number, frame: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _named(args):
    return any(arg.startswith(GIVES_DATABASE) for arg in args)


def _database(args):
    return {} if _named(args) else {"PGDATABASE": server.DATABASE}
