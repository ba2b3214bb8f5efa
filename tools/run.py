"""`./spoc run` and `./spoc stop`: the server of this checkout."""

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

from . import install, postgres, server, sql
from .base import LOGS, Problem, lock, say, tail

PORT, LAST_PORT = 8069, 8119
START_SECONDS = 180
LOG = LOGS / "odoo.log"
LOG_SIZE = 20_000_000
# The demo company's log-ins; the password is the same word.
LOGINS = "admin", "requester", "agent", "line2", "manager", "hr", "customer"
# Built once per database, while the user still reads the log-in page.
BUNDLES = "web.assets_web.min.css", "web.assets_web.min.js"


def arguments(args):
    """The options of run."""
    parser = argparse.ArgumentParser(
        "./spoc run",
        description="Set up what is missing and serve the demo company on this "
        "machine. Ctrl-C ends it. Options after -- go to Odoo itself.",
    )
    parser.add_argument(
        "--port", type=int, help=f"port to serve on (default: {PORT} or the next free)"
    )
    parser.add_argument(
        "--no-demo", action="store_true", help="make an empty database, no demo company"
    )
    parser.add_argument("--odoo", metavar="PATH", help="an Odoo 19.0 of your own")
    parser.add_argument(
        "--verbose", action="store_true", help="show the whole log, not warnings only"
    )
    parser.add_argument("options", nargs="*", metavar="-- OPTIONS", help="for Odoo")
    return parser.parse_args(args)


def main(args):
    """Serve until interrupted."""
    options = arguments(args)
    with lock("run", wait=False) as note:
        if not note:
            raise _running_already()
        _write(note, pid=os.getpid(), state="being set up")
        if options.port:
            _free(options.port, explicit=True)
        if not any(server.STATE.glob("p*/complete")):
            say(f"spoc: first start; all it needs goes to {server.STATE} (1-3 minutes)")
        started = time.monotonic()
        with server.environment(options.odoo) as environment:
            install.ensure(environment, demo=not options.no_demo)
            port = _free(options.port or PORT, explicit=bool(options.port))
            url = f"http://127.0.0.1:{port}"
            _serve(environment, options, port, lambda: _write(note, url=url), started)
    return 0


def _write(file, **values):
    """Note who holds the lock and where it serves."""
    file.seek(0)
    known = json.loads(file.read() or "{}")
    if values.get("pid", known.get("pid")) != known.get("pid"):
        known = {}
    file.truncate(0)
    file.write(json.dumps({**known, **values}))
    file.flush()


def running():
    """What the running server of this checkout noted, or None."""
    with lock("run", wait=False) as free:
        if free:
            return None
    try:
        return json.loads((server.STATE / "lock" / "run").read_text())
    except ValueError:
        return {}


def _running_already():
    note = running() or {}
    where = note.get("url") or note.get("state", "")
    return Problem(
        f"this checkout's server is running already: {where} "
        f"(process {note.get('pid', '?')})",
        "open that address, or end it with ./spoc stop",
    )


def _free(port, explicit):
    """`port` if nobody listens there, else the next free one, and say so."""
    for candidate in [port] if explicit else range(port, LAST_PORT + 1):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", candidate))
            except OSError as error:
                reason = error
                continue
        if candidate != port:
            say(f"  port {port} is taken by another program: using {candidate}")
        return candidate
    raise Problem(
        f"port {port} cannot be used: {reason.strerror}",
        "choose another with --port, or leave it out to take the next free one",
    )


def _serve(environment, options, port, ready, started):
    """Start Odoo, tell when and where it answers, and wait for its end."""
    if LOG.exists() and LOG.stat().st_size > LOG_SIZE:
        LOG.replace(LOG.with_suffix(".log.1"))
    with open(LOG, "ab") as log:
        begin = log.seek(0, os.SEEK_END)
        process = environment.start(
            f"--database={server.DATABASE}",
            f"--http-port={port}",
            *options.options,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    _follow(begin, everything=options.verbose)
    try:
        url = f"http://127.0.0.1:{port}"
        _await(process, url)
        ready()
        _welcome(environment, url, time.monotonic() - started)
        threading.Thread(target=_warm, args=(url,), daemon=True).start()
        if process.wait() not in (0, -signal.SIGTERM, -signal.SIGINT):
            raise _died(process)
        say("spoc: Odoo was ended from outside")
    except KeyboardInterrupt:
        say("\nspoc: stopping")
    finally:
        _end(process)


def _await(process, url):
    """Wait for the log-in page."""
    limit = time.monotonic() + START_SECONDS
    while time.monotonic() < limit:
        if process.poll() is not None:
            raise _died(process)
        try:
            with urllib.request.urlopen(f"{url}/web/login", timeout=60) as page:
                page.read()
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise Problem(f"Odoo does not answer at {url}", f"see {LOG}")


def _died(process):
    lines = [line for line in tail(LOG, 20000).splitlines() if line.strip()][-15:]
    return Problem(f"Odoo ended ({process.returncode})\n    " + "\n    ".join(lines))


def _end(process):
    """End Odoo properly; one that hangs, or a second Ctrl-C, ends it at once."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(20)
        except (subprocess.TimeoutExpired, KeyboardInterrupt):
            process.kill()
            process.wait()


def _welcome(environment, url, seconds):
    """Tell the address and who can log in."""
    people = sql.query(
        environment,
        "SELECT u.login, p.name FROM res_users u JOIN res_partner p "
        "ON p.id = u.partner_id WHERE u.active AND u.login = ANY(%s) "
        "ORDER BY array_position(%s, u.login::text)",
        LOGINS,
        LOGINS,
        database=server.DATABASE,
    )
    say(f"\nspoc is ready ({seconds:.1f} s): {url}/odoo")
    say("Log in as one of these; the password is the same word:")
    for login, name in people:
        say(f"  {login:10} {name}")
    say(f"Log: {LOG}. Ctrl-C or ./spoc stop ends it.\n")


def _warm(url):
    """Have Odoo build the interface's files before the user asks for them."""
    for bundle in BUNDLES:
        try:
            with urllib.request.urlopen(f"{url}/web/assets/any/{bundle}") as answer:
                answer.read()
        except OSError:
            return


def _follow(begin, everything):
    """Copy the log's new lines to the terminal from a thread of its own."""

    def follow():
        with open(LOG, encoding="utf-8", errors="replace") as log:
            log.seek(begin)
            shown = False
            while True:
                line = log.readline()
                if not line:
                    time.sleep(0.3)
                    continue
                level = line.split(" ", 4)[3:4]
                if line[:4].isdigit():
                    shown = level in (["WARNING"], ["ERROR"], ["CRITICAL"])
                if everything or shown:
                    sys.stdout.write(line)
                    sys.stdout.flush()

    threading.Thread(target=follow, daemon=True).start()


def stop(args):
    """`./spoc stop`: end the server of this checkout and wait until it has ended."""
    argparse.ArgumentParser("./spoc stop", description=stop.__doc__).parse_args(args)
    note = running()
    if note is None:
        left = postgres.stop_if_unused()
        say("spoc: no server of this checkout is running")
        if not left:
            say("  PostgreSQL is in use by another spoc command and goes on")
        return 0
    os.kill(note["pid"], signal.SIGTERM)
    for _ in range(300):
        if running() is None:
            say(f"spoc: stopped {note.get('url', '')}".rstrip())
            return 0
        time.sleep(0.1)
    raise Problem(
        f"process {note['pid']} does not end", f"kill -9 {note['pid']} ends it safely"
    )
