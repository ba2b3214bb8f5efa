"""A desk in a rush: 40 agents at once, four processes that answer them.

For 60 seconds tickets arrive and agents take the next one, answer, hand over, assign,
transfer and resolve, each in a session of their own, as fast as they are answered.
Afterwards the database is looked at: what was done is there once, and every invariant
of a ticket holds.
"""

import os
import sys
from pathlib import Path

from tests.support import invariants
from tests.support.rush import Company, Rush
from tests.support.server import Server

TITLE = "A desk in a rush"
MODULES = ("spoc_helpdesk",)
WORKERS, AGENTS, SECONDS = 4, 40, 60


def arguments(parser):
    """How long and how many."""
    parser.add_argument("--seconds", type=int, default=SECONDS)
    parser.add_argument("--agents", type=int, default=AGENTS)


def given(options, logs, _ensure):
    return {
        "seconds": options.seconds,
        "agents": options.agents,
        "log": str(logs / "rush-server.log"),
    }


def measure(env, given):
    """Let them work; what came of it, as a dictionary for JSON."""
    context = {
        "command": [sys.executable, sys.argv[0], "server"],
        "env": dict(os.environ),
        "database": env.cr.dbname,
    }
    admin = env.ref("base.user_admin")
    admin.password = "admin"
    env.cr.commit()
    server = Server(context, Path(given["log"]), workers=WORKERS)
    try:
        server.start()
        company = Company(server.client("admin"), given["agents"])
        rush = Rush(server, company).run(given["seconds"])
    finally:
        server.stop()

    def ask(statement):
        env.cr.execute(statement)
        return env.cr.fetchall()

    broken = invariants.broken(ask)
    return {
        "seconds": given["seconds"],
        "agents": given["agents"],
        "told": [[*key, count] for key, count in sorted(rush.told.items())],
        "lost": rush.lost,
        "broken": {words: len(rows) for words, rows in broken.items()},
        "unfit": rush.unfit(ask),
    }


def table(result):
    """What was done, by act."""
    acts = {}
    for act, outcome, count in result["told"]:
        acts.setdefault(act, {})[outcome] = count
    kinds = ("done", "nothing", "refused", "cut", "lost")
    yield f"{result['agents']} agents, {WORKERS} processes, {result['seconds']} s"
    yield "act        " + "  ".join(f"{kind:>8}" for kind in kinds)
    for act, counts in acts.items():
        cells = "  ".join(f"{counts.get(kind, 0):8}" for kind in kinds)
        yield f"{act:10} {cells}"


def over(result):
    """What must not be."""
    yield from (f"lost: {words}" for words in result["lost"][:10])
    yield from (
        f"broken: {words} ({count} rows)" for words, count in result["broken"].items()
    )
    yield from result["unfit"][:10]
