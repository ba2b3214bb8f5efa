"""./spoc from nothing: interrupted, repeated, beside another, as a bare account.

Each test works in a checkout of its own, in a folder with blanks and letters beyond
ASCII, with an addon that needs little of Odoo.
"""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NAME = "Ärenden och kaffe"
MANIFEST = {
    "name": "Scratch",
    "version": "19.0.1.0.0",
    "author": "spoc contributors",
    "license": "LGPL-3",
    "depends": ["web"],
}
# Of this process's variables only those that tell how to reach the registries.
KEPT = re.compile(r"PATH|HOME|(PIP|NPM|npm)_.*|.*_(proxy|PROXY)|SPOC_DEBIAN_MIRROR")
# What is interrupted, how many seconds after it was announced, and how.
STAGES = [
    # first what is done soonest: a step that is over is not announced again
    ("create the cluster", 0.2, signal.SIGINT),
    ("Odoo: download", 0, signal.SIGKILL),
    ("Python packages", 2, signal.SIGKILL),
    ("Python packages", 4, signal.SIGTERM),
    ("Odoo: unpack", 4, signal.SIGKILL),
    ("Odoo: unpack", 2, signal.SIGINT),
    ("Database spoc: install", 0.3, signal.SIGKILL),
    ("Database spoc: install", 5, signal.SIGINT),
    ("Database spoc: install", 10, signal.SIGKILL),
]
pytestmark = pytest.mark.slow


class Checkout:
    """A checkout with its own state folder."""

    def __init__(self, folder, **environment):
        self.folder = folder
        self.options = {}
        self.env = {name: v for name, v in os.environ.items() if KEPT.fullmatch(name)}
        self.env.update(environment)
        addon = folder / "addons" / "scratch"
        addon.mkdir(parents=True)
        (addon / "__init__.py").touch()
        (addon / "__manifest__.py").write_text(json.dumps(MANIFEST))
        for name in ("spoc", "odoo.conf"):
            shutil.copy(ROOT / name, folder)
        shutil.copytree(ROOT / "tools", folder / "tools")
        # Spare the mirror: what was fetched is checked by its sum again.
        for deb in (ROOT / ".spoc" / "cache").glob("*.deb"):
            (folder / ".spoc" / "cache").mkdir(parents=True, exist_ok=True)
            shutil.copy(deb, folder / ".spoc" / "cache")

    def start(self, *args):
        self.log = self.folder.parent / f"{time.monotonic_ns()}.log"
        with open(self.log, "wb") as log:
            return subprocess.Popen(
                [self.folder / "spoc", *args],
                cwd=self.folder,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                **self.options,
            )

    def run(self, *args):
        """Run to the end; return (exit code, output)."""
        code = self.start(*args).wait(600)
        return code, self.log.read_text()

    def serve(self, *args):
        """Run the server until it is ready; return (process, address)."""
        process = self.start("run", *args)
        for _ in range(3000):
            text = self.log.read_text()
            found = re.search(r"ready \(\S+ s\): (http://\S+)/odoo", text)
            if found:
                return process, found[1]
            assert process.poll() is None, text
            time.sleep(0.1)
        raise AssertionError(text)

    def processes(self):
        """Processes that still run from this checkout's state folder."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                command = (folder / "cmdline").read_bytes().decode()
            except OSError:
                continue
            if str(self.folder) in command:
                found.append(command.replace("\0", " "))
        return found


def page(url):
    with urllib.request.urlopen(f"{url}/web/login", timeout=60) as answer:
        return answer.status, answer.read().decode()


def end(checkout):
    code, text = checkout.run("stop")
    assert code == 0, text
    assert gone(checkout)


def gone(checkout):
    """Whether no process of the checkout is left, given a moment to exit."""
    limit = time.monotonic() + 5
    while checkout.processes() and time.monotonic() < limit:
        time.sleep(0.1)
    return not checkout.processes()


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A checkout that was interrupted at every stage and serves in the end."""
    checkout = Checkout(tmp_path_factory.mktemp("setup") / NAME)
    for stage, seconds, number in STAGES:
        process = checkout.start("run")
        while stage not in (text := checkout.log.read_text()):
            assert process.poll() is None and "is ready" not in text, text
            time.sleep(0.02)
        time.sleep(seconds)
        process.send_signal(number)
        process.wait(30)
        text = checkout.log.read_text()
        assert "Traceback" not in text and "is ready" not in text, text
    process, url = checkout.serve()
    assert page(url)[0] == 200
    end(checkout)
    assert process.wait(5) == 0
    left = [*checkout.folder.glob(".spoc/*.new*"), *checkout.folder.glob("**/*.part-*")]
    assert left == []
    yield checkout
    shutil.rmtree(checkout.folder)


def test_starts_again_at_once_and_stops(checkout):
    process, url = checkout.serve()
    # nothing is set up a second time: no step is announced at all
    assert " ..." not in checkout.log.read_text()
    status, text = page(url)
    assert status == 200 and "/web/database" not in text
    code, said = checkout.run("run")
    assert code == 1 and "running already" in said and url in said
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 0
    assert gone(checkout)


def test_killed_server_leaves_nothing_in_the_way(checkout):
    process, _url = checkout.serve()
    process.kill()
    process.wait()
    checkout.serve()
    end(checkout)


def test_taken_port(checkout):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        code, said = checkout.run("run", "--port", port)
    assert code == 1 and "--port" in said and "Traceback" not in said


def test_changed_addon_is_updated_before_serving(checkout):
    addon = checkout.folder / "addons" / "scratch"
    (addon / "data.xml").write_text(
        '<odoo><record id="x" model="res.partner"><field name="name">Zebra</field>'
        "</record></odoo>"
    )
    manifest = {**MANIFEST, "data": ["data.xml"]}
    (addon / "__manifest__.py").write_text(json.dumps(manifest))
    checkout.serve()
    assert "update scratch" in checkout.log.read_text()
    end(checkout)
    checkout.serve()
    assert "update scratch" not in checkout.log.read_text()
    end(checkout)


def test_two_checkouts_do_not_meet(checkout, tmp_path):
    other = Checkout(tmp_path / "other")
    shutil.rmtree(other.folder / ".spoc", ignore_errors=True)
    # Both at work at the same time; what is unpacked may be the same.
    other.env["ODOO_HOME"] = str(
        next(checkout.folder.glob(".spoc/odoo-*")) / "usr/lib/python3/dist-packages"
    )
    other.env["ODOO_PYTHON"] = str(
        next(checkout.folder.glob(".spoc/python-*/bin/python"))
    )
    first, url = checkout.serve()
    second, other_url = other.serve()
    assert url != other_url
    assert page(url)[0] == page(other_url)[0] == 200
    end(other)
    assert page(url)[0] == 200
    end(checkout)
    shutil.rmtree(other.folder)


def test_nothing_outside_the_state_folder(checkout):
    assert sorted(path.name for path in checkout.folder.iterdir()) == [
        ".spoc",
        "addons",
        "odoo.conf",
        "spoc",
        "tools",
    ]
    for folder in ("addons", "tools"):
        assert not list(checkout.folder.glob(f"{folder}/**/__pycache__"))


def test_doctor_and_reset(checkout):
    code, said = checkout.run("doctor")
    assert code == 0, said
    code, said = checkout.run("reset")
    assert code == 1 and "--yes" in said
    code, said = checkout.run("reset", "--yes")
    assert code == 0, said
    code, said = checkout.run("shell")
    assert code == 1 and "./spoc run" in said


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another account")
def test_bare_account():
    # pytest's own folders are closed to other accounts.
    home = Path(tempfile.mkdtemp(prefix="spoc-bare-"))
    try:
        home.chmod(0o755)
        checkout = Checkout(home / "suite")
        subprocess.run(["chown", "-R", "nobody:", home], check=True)
        checkout.options = {"user": "nobody", "group": "nogroup", "extra_groups": []}
        checkout.env = {"PATH": os.defpath, "HOME": str(home)}
        _process, url = checkout.serve()
        assert page(url)[0] == 200
        end(checkout)
        assert {path.name for path in home.iterdir() if path.is_dir()} == {"suite"}
    finally:
        shutil.rmtree(home)
