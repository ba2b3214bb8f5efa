"""What survives when processes die in the middle of their work."""

import os
import random
import signal
import time
from types import SimpleNamespace

import pytest

from tests.support import invariants
from tests.support.rush import Company, Rush
from tests.support.server import Server
from tools import postgres, sql

AGENTS = 9
KILLS, KILLS_WITH_ALL = 3, 8
RESTARTS = 3


@pytest.fixture
def ask(context):
    """The database, asked past the server."""
    database = SimpleNamespace(python=context["python"], env=context["env"])

    def run(statement, *params):
        return sql.query(database, statement, *params, database=context["database"])

    return run


@pytest.fixture
def durable(context, ask):
    """Wait for the disk, at each commit: the tests' server does not else.

    `./spoc test faults` starts it so that it does, whatever SPOC_PG_FSYNC says; one
    that another command started earlier may not.
    """
    for setting in ("fsync", "full_page_writes"):
        assert ask(f"SHOW {setting}") == [["on"]], f"{setting} is off: end what uses it"
    name = sql.quoted(context["database"])
    ask(f"ALTER DATABASE {name} SET synchronous_commit = on")


@pytest.fixture
def shaken(context, artefacts, running):
    """A server of its own beside the others': what dies in it disturbs nobody."""
    server = Server(context, artefacts / "shaken.log", workers=3)
    yield server.start()
    server.stop()


def settle(ask):
    """Wait until the scheduler has done what was due for the rush's tickets."""
    for _ in range(120):
        ((due,),) = ask(
            "SELECT count(*) FROM spoc_clock c JOIN spoc_ticket t ON t.id = c.ticket_id"
            " WHERE c.state = 'running' AND c.due <= now() at time zone 'UTC'"
            " AND t.create_date > now() at time zone 'UTC' - interval '1 hour'"
        )
        if not due:
            return
        time.sleep(1)
    pytest.fail(f"{due} promises that fell due were never looked at")


def judge(rush, ask):
    assert not rush.lost, "\n".join(rush.lost[:5])
    assert not invariants.broken(ask)
    assert not rush.unfit(ask)


def test_processes_killed_in_the_middle(context, shaken, running, ask):
    """Workers and the scheduler die over and over while a desk is in a rush."""
    assert not invariants.broken(ask)
    rush = Rush(shaken, Company(running.client("admin"), AGENTS, "Killed")).start()
    chance = random.Random(19)
    try:
        killed = 0
        while killed < (KILLS_WITH_ALL if context["slow"] else KILLS):
            time.sleep(chance.uniform(1.5, 3.5))
            # Whatever it is at: a create, a transfer, a batch of due promises.
            victims = shaken.processes()
            for victim in chance.sample(victims, min(2, len(victims))):
                os.kill(victim, signal.SIGKILL)
            killed += 1
        assert rush.go_on(), rush.told
    finally:
        rush.stop()
    assert any(outcome == "cut" for _act, outcome in rush.told), rush.told
    settle(ask)
    judge(rush, ask)
    assert not shaken.clashes()


@pytest.mark.alone
def test_database_restarted_under_load(durable, shaken, running, ask):
    """PostgreSQL goes down without a word, and comes again."""
    rush = Rush(shaken, Company(running.client("admin"), AGENTS, "Restarted")).start()
    try:
        for _ in range(RESTARTS):
            assert rush.go_on(), rush.told
            postgres.crash()
            time.sleep(2)  # until it ends, if it does
            shaken.revive()
        assert rush.go_on(), rush.told
    finally:
        rush.stop()
    assert any(outcome == "cut" for _act, outcome in rush.told), rush.told
    settle(ask)
    judge(rush, ask)
    assert not shaken.clashes()
