"""PostgreSQL for the commands: one private server per checkout, or a named one.

PGHOST names a server of the user's. Otherwise a cluster of our own lives in the state
folder and listens on a free loopback port, with a random password in a file only its
account reads. It runs while a command uses it and stops with the last one. Odoo's role
may create databases but is no superuser: the three extensions need none.

A cluster keeps to the major version that made it.
"""

import contextlib
import fcntl
import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from .base import (
    STATE,
    Problem,
    lock,
    parents_closed,
    remove,
    run,
    say,
    state,
    step,
    tail,
)
from .pgbinaries import binaries

HOME = STATE / "postgres"
DATA = HOME / "data"
LOG = HOME / "server.log"
PASSWORD = HOME / "password"
USE = STATE / "lock" / "postgres.use"
ROLE = "spoc"
CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 1, 2
SETTINGS = """
# spoc
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
password_encryption = scram-sha-256
timezone = 'UTC'
log_timezone = 'UTC'
jit = off
# A crash may lose the last moment's transactions, never the database's integrity.
synchronous_commit = off
"""


def external():
    """Whether the user named a server."""
    return bool(os.environ.get("PGHOST"))


def programs():
    """The folder of the programs that fit the cluster."""
    version = DATA / "PG_VERSION"
    return binaries(int(version.read_text()) if version.exists() else None)


# -- the account it runs as ------------------------------------------------------


@dataclass
class Account:
    """Who runs the server; `caps` let it into folders closed to that account."""

    user: pwd.struct_passwd | None = None
    caps: tuple = ()


def account():
    """PostgreSQL refuses root: root hands it to `postgres` or `nobody`.

    When a folder above is closed to other accounts (/root is), the server keeps one
    capability to pass it; nothing needs to live outside the checkout then.
    """
    if os.geteuid():
        return Account()
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            user = pwd.getpwnam(name)
            break
    else:
        raise Problem(
            "PostgreSQL does not run as root and there is no account `nobody`",
            "run ./spoc as an ordinary account or set PGHOST",
        )
    if not parents_closed(HOME):
        return Account(user)
    status = Path("/proc/self/status").read_text()
    held = int(re.search(r"^CapEff:\s*(\w+)", status, re.M)[1], 16)
    for cap in (CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE):
        if held >> cap & 1:
            return Account(user, (cap,))
    raise Problem(
        f"PostgreSQL does not run as root, and {user.pw_name} may not enter "
        f"{parents_closed(HOME)}",
        "run ./spoc as an ordinary account, or set SPOC_HOME to a folder below "
        "/var/lib, or open that folder (chmod o+x)",
    )


def _run(command, *args, who, **options):
    return run(
        [programs() / command, *args],
        user=who.user,
        caps=who.caps,
        cwd="/",
        env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
        **options,
    )


# -- the cluster -----------------------------------------------------------------


def prepare():
    """Have binaries and a cluster; nothing is started."""
    if external():
        return
    programs()
    with lock("postgres"):
        if not (DATA / "PG_VERSION").exists():
            who = account()
            if who.user:
                note = f"PostgreSQL refuses root: it runs as {who.user.pw_name}"
                if who.caps:
                    note += f", with one capability to pass {parents_closed(HOME)}"
                say(f"  {note}")
            with step("PostgreSQL: create the cluster"):
                _create(who)


def _create(who):
    """Make the cluster under another name; it gets its own when complete."""
    state()
    remove(HOME)
    fresh = STATE / "postgres.new"
    remove(fresh)
    fresh.mkdir()
    secret, role_secret = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
    data, pwfile = fresh / "data", fresh / "pwfile"
    data.mkdir(mode=0o700)
    _private(pwfile, secret)
    _private(fresh / "password", role_secret)
    if who.user:
        for path in (fresh, data, pwfile):
            shutil.chown(path, who.user.pw_uid, who.user.pw_gid)
    locale = "C.UTF-8" if sys.platform == "linux" else "en_US.UTF-8"
    _run(
        "initdb",
        f"--pgdata={data}",
        "--username=postgres",
        f"--pwfile={pwfile}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        f"--locale={locale}",
        who=who,
    )
    pwfile.unlink()
    with open(data / "postgresql.conf", "a", encoding="utf-8") as file:
        file.write(SETTINGS)
    role = f"CREATE ROLE {ROLE} LOGIN CREATEDB PASSWORD '{role_secret}'\n"
    _run("postgres", "--single", "-D", data, "postgres", who=who, input=role.encode())
    fresh.rename(HOME)


def _private(path, text):
    """Write a secret into a file only its owner reads."""
    with open(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "w") as file:
        file.write(text)


def _note():
    """(process, port, status) as the server noted them, or None.

    The note of a crashed server may name a process that is another program's by now
    (in a container numbers start again); a server works in its data folder.
    """
    try:
        lines = (DATA / "postmaster.pid").read_text().splitlines()
        process = int(lines[0])
        os.kill(process, 0)
    except (OSError, IndexError, ValueError):
        return None  # PostgreSQL clears a dead server's note itself, with more checks
    with contextlib.suppress(OSError):
        if Path(f"/proc/{process}/cwd").resolve(strict=True) != DATA.resolve():
            remove(DATA / "postmaster.pid")
            return None
    status = lines[7].strip() if len(lines) > 7 else "starting"
    return process, lines[3] if len(lines) > 3 else "", status


def running():
    """(process, port) of the server of our data folder that takes connections."""
    note = _note()
    return (note[0], int(note[1])) if note and note[2] == "ready" else None


def free_port():
    """A loopback port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _start(who, port=None):
    """Start the server; a port taken in between is tried again with another."""
    for _ in range(600):  # one that a killed command left starting or stopping
        note = _note()
        if not note:
            break
        if note[2] == "ready":
            return
        time.sleep(0.1)
    options = "-c fsync=off -c full_page_writes=off"
    options = options if os.environ.get("SPOC_PG_FSYNC") == "off" else ""
    for attempt in range(3):
        try:
            _run(
                "pg_ctl",
                f"--pgdata={DATA}",
                f"--log={LOG}",
                "--wait",
                "--timeout=120",
                f"--options=-p {port or free_port()} {options}",
                "start",
                who=who,
                log=STATE / "log" / "postgres.log",
            )
            return
        except Problem as problem:
            if attempt == 2:
                detail = tail(LOG).strip() if LOG.exists() else problem.message
                raise Problem(
                    f"PostgreSQL did not start\n    {detail[-800:]}", f"see {LOG}"
                ) from problem


def stop():
    """Stop the server; nothing to do is fine. The caller holds the lock."""
    note = _note()
    if not note:
        return
    process = note[0]
    os.kill(process, signal.SIGINT)  # fast shutdown
    for _ in range(600):
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    raise Problem(f"PostgreSQL (process {process}) does not stop", f"see {LOG}")


def durable():
    """Have the server wait for the disk when it is started from now on.

    For tests of what survives a crash, here and in child processes.
    """
    os.environ.pop("SPOC_PG_FSYNC", None)


def crash():
    """Kill the server that serves a command, and bring it up where it was.

    For tests: whoever is connected loses the connection without a word, and what was
    committed has to be there afterwards.
    """
    with lock("postgres"):
        process, port = running()
        os.kill(process, signal.SIGQUIT)  # at once, without a checkpoint
        while _note():
            time.sleep(0.05)
        _start(account(), port)


def stop_if_unused():
    """Stop the server unless a command uses it; whether it is stopped."""
    if external() or not DATA.exists():
        return True
    with lock("postgres"), open(USE, "a", encoding="utf-8") as use:
        try:
            fcntl.flock(use, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        stop()
        return True


@contextlib.contextmanager
def using():
    """Have the server running meanwhile; yield the PG* variables that reach it."""
    if external():
        yield {name: value for name, value in os.environ.items() if name[:2] == "PG"}
        return
    prepare()
    with open(USE, "a", encoding="utf-8") as use:
        with lock("postgres"):
            fcntl.flock(use, fcntl.LOCK_SH)
            alive = running()
            if not alive:
                _start(account())
                alive = running()
        try:
            yield {
                "PGHOST": "127.0.0.1",
                "PGPORT": str(alive[1]),
                "PGUSER": ROLE,
                "PGPASSWORD": PASSWORD.read_text(),
                "PGSSLMODE": "disable",
                "PGPATH": str(programs()),
            }
        finally:
            fcntl.flock(use, fcntl.LOCK_UN)
            stop_if_unused()
