"""`./spoc doctor`: tell what is missing or wrong, and how to mend it.

Looks only: nothing is set up, and a server is started only when there is one already.
"""

import argparse
import locale
import os
import shutil
import socket
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from . import debian, odoo, pgbinaries, postgres, python, run, server
from .base import APT_HELPER, LOGS, STATE, Problem, parallel, parents_closed, say
from .base import run as run_command
from .verify import faults

GIGABYTE = 1 << 30
ROOM = 2  # gigabytes that a set-up takes, tests included
GOOD, NOTE, BAD = "ok", "note", "WRONG"
NPM_PACKAGE = "@sparticuz/chromium"
HALF_MADE = "*.new-*", "*.new", "cache/*.part-*"
PROBE = "packaging"  # a small wheel of the lock
BROWSERS = "google-chrome", "chromium", "chromium-browser", "google-chrome-stable"


def main(args):
    """Run every check; exit code 1 when something is wrong."""
    argparse.ArgumentParser(
        "./spoc doctor", description="Tell what is missing or wrong and how to mend it."
    ).parse_args(args)
    checks = [
        system,
        folder,
        settings,
        own_odoo,
        debian_mirror,
        package_index,
        npm,
        port,
        database,
        browser,
        remains,
    ]
    findings = parallel(*(lambda check=check: _collect(check) for check in checks))
    wrong = 0
    for check, found in zip(checks, findings, strict=True):
        say(f"{check.__name__.replace('_', ' ')}")
        for level, text, remedy in found:
            wrong += level == BAD
            say(f"  {level:6}{text}")
            if remedy:
                say(f"        -> {remedy}")
    say(f"\n{'all is well' if not wrong else f'{wrong} to mend'}")
    return 1 if wrong else 0


def _collect(check):
    """The findings of one check; a check that fails is a finding itself."""
    try:
        return [(*found, "", "")[:3] for found in check()]
    except Problem as problem:
        return [(BAD, problem.message, problem.remedy)]
    except OSError as error:
        return [(BAD, str(error), "")]


def system():
    """Python, account, locale."""
    version = ".".join(map(str, sys.version_info[:3]))
    yield GOOD, f"Python {version} ({sys.executable})"
    if sys.version_info[:2] > python.NEWEST:
        yield (
            BAD,
            "the lock of Python packages holds wheels for 3.11 to 3.13",
            "run ./spoc with one of these: python3.13 ./spoc run",
        )
    if os.geteuid() == 0:
        who = postgres.account()
        text = f"running as root: PostgreSQL runs as {who.user.pw_name}"
        if who.caps:
            closed = parents_closed(postgres.HOME)
            text += f", with one capability to pass {closed} (closed to others)"
        yield NOTE, text
    try:
        before = locale.setlocale(locale.LC_CTYPE)
        locale.setlocale(locale.LC_CTYPE, "C.UTF-8")
        locale.setlocale(locale.LC_CTYPE, before)
        yield GOOD, "locale C.UTF-8"
    except locale.Error:
        yield BAD, "there is no locale C.UTF-8", "on Debian it is part of libc-bin"
    if not shutil.which("wkhtmltopdf"):
        yield NOTE, "no wkhtmltopdf: reports open as HTML, not as PDF"


def folder():
    """The state folder."""
    place = next(path for path in [STATE, *STATE.parents] if path.exists())
    if not os.access(place, os.W_OK):
        yield (
            BAD,
            f"{place} cannot be written by this account",
            "use the account that owns it, or set SPOC_HOME to another folder",
        )
    elif STATE.exists() and STATE.stat().st_uid != os.geteuid():
        yield (
            BAD,
            f"{STATE} belongs to another account",
            "use that account, or give the folder to this one (chown -R)",
        )
    free = shutil.disk_usage(place).free / GIGABYTE
    done = any(STATE.glob("odoo-*")) and postgres.DATA.exists()
    if free < (0.3 if done else ROOM):
        yield BAD, f"{free:.1f} GB free below {place}", f"a set-up takes {ROOM} GB"
    else:
        yield GOOD, f"{STATE} ({free:.0f} GB free)"


def settings():
    """Variables that change what is used."""
    names = [
        name
        for name in sorted(os.environ)
        if name.startswith(("SPOC_", "ODOO_", "PG")) and "PASS" not in name
    ]
    for name in names:
        yield NOTE, f"{name}={os.environ[name]}"
    if not names:
        yield GOOD, "no SPOC_*, ODOO_* or PG* variable is set"


def own_odoo():
    """Odoo and its Python."""
    if named := os.environ.get("ODOO_HOME"):
        yield GOOD, f"Odoo {odoo.own(named).version} at {named}"
    elif homes := [path for path in STATE.glob("odoo-*") if path.suffix == ""]:
        for home in homes:
            yield GOOD, f"Odoo unpacked at {home}"
    else:
        yield NOTE, "Odoo is not unpacked yet: ./spoc setup does it"
    if os.environ.get("ODOO_PYTHON"):
        yield GOOD, f"ODOO_PYTHON {python.ensure()}"
    elif not any(STATE.glob("python-*/complete")):
        yield NOTE, "the Python packages are not installed yet: ./spoc setup does it"


def debian_mirror():
    """Whether Odoo's package can be fetched."""
    if os.environ.get("ODOO_HOME"):
        yield GOOD, "not needed: ODOO_HOME is set"
        return
    found = debian.mirrors()
    if not found:
        yield (
            BAD,
            "no mirror is known: this machine has no apt configuration",
            "set SPOC_DEBIAN_MIRROR to a Debian mirror, or ODOO_HOME",
        )
    for mirror in found:
        level, text = _answers(mirror)
        remedy = "" if level == GOOD else "check the proxy and apt.conf"
        yield level, f"{mirror} {text}", remedy
    if not any(map(os.path.exists, debian.KEYRINGS)):
        yield (
            NOTE,
            "no Debian archive keyring: only the pinned revision can be used",
            "install the package debian-archive-keyring",
        )


def _answers(mirror):
    """Whether a mirror delivers, in words; through apt's downloader if there is one."""
    url = f"{mirror}/dists/sid/InRelease"
    start = time.monotonic()
    try:
        if APT_HELPER.exists():
            with tempfile.TemporaryDirectory() as place:
                run_command(
                    [APT_HELPER, "download-file", url, f"{place}/x"], quiet=True
                )
        else:
            urllib.request.urlopen(url, timeout=20).close()
    except (Problem, OSError) as error:
        return NOTE, f"has no Debian sid: {str(error).splitlines()[-1].strip()}"
    return GOOD, f"answers ({time.monotonic() - start:.1f} s)"


def package_index():
    """Whether pip gets packages as it is configured."""
    lock = python.LOCK.read_text()
    start = lock.index(f"\n{PROBE}==") + 1
    end = lock.find("\n", lock.rindex("--hash", start, lock.find("==", start + 20)))
    with tempfile.TemporaryDirectory() as place:
        asked = Path(place, "requirement")
        asked.write_text(lock[start:end] + "\n")
        try:
            python.pip(
                Path(sys.executable), f"--requirement={asked}", f"--target={place}/x"
            )
        except Problem as problem:
            last = problem.message.splitlines()[-1].strip()
            yield (
                BAD,
                f"pip cannot fetch a package: {last}",
                f"see pip config list and {LOGS / 'pip.log'}",
            )
            return
    yield GOOD, "pip fetches packages"


def npm():
    """Whether npm answers; the tests' browser comes from it."""
    found = shutil.which("npm")
    if not found:
        yield NOTE, "no npm: the tests fetch their browser through a wheel of it"
        return
    try:
        run_command([found, "view", NPM_PACKAGE, "version"], quiet=True, timeout=60)
        yield GOOD, f"npm answers ({found})"
    except Problem as problem:
        first = problem.message.strip().splitlines()[-1]
        yield NOTE, f"npm does not answer: {first}", "only the tests' browser needs it"


def port():
    """The port to serve on."""
    if (note := run.running()) is not None:
        yield GOOD, f"this checkout serves {note.get('url', '(being set up)')}"
        return
    with socket.socket() as probe:
        probe.settimeout(2)
        taken = not probe.connect_ex(("127.0.0.1", run.PORT))
    if taken:
        yield NOTE, f"port {run.PORT} is taken: ./spoc run takes the next free one"
    else:
        yield GOOD, f"port {run.PORT} is free"


def database():
    """The server and what it can do."""
    if not postgres.external() and not postgres.DATA.exists():
        found = pgbinaries.named() or next(iter(pgbinaries.system().values()), None)
        text = f"those of {found}" if found else "the pinned ones (14 MB)"
        yield NOTE, f"no cluster yet; ./spoc setup makes one with programs: {text}"
        return
    done = sorted(STATE.glob("python-*/complete"))
    if not done and not os.environ.get("ODOO_PYTHON"):
        yield NOTE, "cannot be asked before the Python packages are installed"
        return
    interpreter = python.ensure() if os.environ.get("ODOO_PYTHON") else None
    interpreter = interpreter or done[-1].parent / "bin" / "python"
    with postgres.using() as variables:
        env = {**os.environ, **variables}
        environment = server.Environment(interpreter, None, env)
        where = "PGHOST" if postgres.external() else str(postgres.programs())
        wrong = list(faults(environment))
        for fault in wrong:
            yield BAD, f"PostgreSQL ({where}): {fault}", "see docs/running.md"
        if not wrong:
            yield GOOD, f"PostgreSQL ({where}): extensions, en/ru/sv text search"


def browser():
    """The browser of the tests."""
    named = os.environ.get("SPOC_BROWSER")
    found = [named] if named else [*STATE.glob("browser-*/bin/google-chrome")]
    found += filter(None, map(shutil.which, BROWSERS))
    if found:
        yield GOOD, f"{found[0]}"
    else:
        yield NOTE, "none yet: ./spoc test fetches one (./spoc run needs none)"


def remains():
    """What killed commands left; the next command clears it by itself."""
    for path in [found for glob in HALF_MADE for found in STATE.glob(glob)]:
        yield NOTE, f"{path.name} is half made", "the next ./spoc setup clears it"
    note = postgres.DATA / "postmaster.pid"
    if note.exists() and not postgres.running():
        yield NOTE, "PostgreSQL was killed", "the next command starts and repairs it"
    free = run.running() is None
    text = "is free" if free else "is held by the running server"
    yield GOOD, f"lock of this checkout {text}; locks end with their process"
