"""`./spoc reset`: back to the beginning."""

import argparse
import sys

from . import install, postgres, run, server
from .base import STATE, Problem, lock, remove, say


def main(args):
    """Delete after asking."""
    parser = argparse.ArgumentParser(
        "./spoc reset",
        description="Delete the database and its files, so that the next run makes "
        "them anew. What was downloaded and unpacked stays.",
    )
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.add_argument(
        "--odoo", action="store_true", help="the unpacked Odoo only, not the database"
    )
    parser.add_argument("--all", action="store_true", help=f"all of {STATE}")
    options = parser.parse_args(args)
    if run.running() is not None:
        raise Problem("the server is running", "end it with ./spoc stop first")
    with lock("run", wait=False):
        if options.odoo:
            _ask(options, "the unpacked Odoo")
            for folder in STATE.glob("odoo-*"):
                remove(folder)
        else:
            _forget(options)
    say("spoc: done")
    return 0


def _forget(options):
    where = "on the server at PGHOST" if postgres.external() else f"in {STATE}"
    what = f"the database {server.DATABASE} {where} and its files"
    _ask(options, f"{what} and everything else in {STATE}" if options.all else what)
    if postgres.external() or (postgres.DATA.exists() and not options.all):
        with server.environment() as environment:
            for name in (server.DATABASE, install.UNFINISHED):
                install.drop(environment, name)
    if options.all:
        if not postgres.stop_if_unused():
            raise Problem("another spoc command uses PostgreSQL", "end that first")
        remove(STATE)


def _ask(options, what):
    if options.yes:
        return
    if not sys.stdin.isatty():
        raise Problem(f"this deletes {what}", "say --yes to mean it")
    if input(f"Delete {what}? [y/N] ").strip().lower() not in ("y", "yes"):
        raise Problem("nothing was deleted")
