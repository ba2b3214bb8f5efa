"""The private Python environment that Odoo runs in, from a lock with hashes.

ODOO_PYTHON names a Python that has Odoo's requirements already (as in the official
Docker image). Otherwise a virtual environment is made of the Python that runs this,
and filled by pip as this machine has it configured. pip itself is Debian's, pinned
and run from its wheel, as a bare machine has neither pip nor ensurepip; a machine
without apt uses its own.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from . import debian
from .base import CACHE, LOGS, ROOT, STATE, Problem, build, key, lock, run, sha256, step

LOCK = ROOT / "tools" / "requirements.lock"
POSTGRES_LOCK = ROOT / "tools" / "postgres.lock"
PIP_DEB = (
    "pool/main/p/python-pip/python3-pip-whl_25.1.1+dfsg-1_all.deb",
    "e65351935aa4af2b10ae2abb5744f5059e9abad51aea6cd0cb825702010763f7",
)
NEWEST = (3, 13)
NEEDED = ("psycopg2", "lxml", "werkzeug", "babel")


def ensure(odoo=None):
    """The Python of the environment for `odoo`, made first if need be."""
    if named := os.environ.get("ODOO_PYTHON"):
        return _own(named)
    if sys.version_info[:2] > NEWEST:
        raise Problem(
            "the lock of Python packages has none for Python "
            f"{sys.version_info[0]}.{sys.version_info[1]} yet",
            "install Python 3.13 (./spoc finds it on PATH), or set ODOO_PYTHON",
        )
    name = f"python-{key(sha256(LOCK), sys.version, sys.executable)}"
    home = STATE / name
    python = home / "bin" / "python"
    with lock("python"):
        if not (home / "complete").exists() or not _works(python):
            with step("Python packages: download and install (60 MB)"):
                make(home, [LOCK])
    return python


def make(home, requirements):
    """Build the virtual environment `home` from hashed requirement files.

    The environment is made in place, as its scripts hold its path; the stamp written
    last tells a complete one.
    """
    with build(home):
        pass  # an empty folder in place of whatever was there
    run([sys.executable, "-m", "venv", "--without-pip", home])
    pip(home / "bin" / "python", *(f"--requirement={path}" for path in requirements))
    (home / "complete").touch()


def pip(python, *args):
    """Install into the environment of `python`; args must bring their hashes."""
    if wheel := _pip_wheel():
        command = [python, "-s", wheel / "pip"]
    else:
        command = [sys.executable, "-m", "pip", "--python", python]
    options = (
        "--require-hashes",
        "--no-deps",
        "--only-binary=:all:",
        "--no-compile",
        "--no-cache-dir",
        "--disable-pip-version-check",
        "--no-input",
        "--quiet",
    )
    try:
        run([*command, "install", *options, *args], log=LOGS / "pip.log")
    except Problem as problem:
        raise Problem(
            problem.message,
            "pip uses this machine's configuration (pip config list); "
            "./spoc doctor tells whether its index answers",
        ) from problem


def _pip_wheel():
    """The wheel of the pinned pip; None where the machine's own pip must do."""
    if not debian.mirrors() and _works(sys.executable, "pip"):
        return None
    home = CACHE / f"pip-{key(PIP_DEB)}"
    with lock("pip"):
        if not home.exists():
            deb = debian.pinned(*PIP_DEB)
            with build(home) as fresh:
                debian.unpack(deb, fresh, lambda path: path.endswith(".whl"))
    return next(home.glob("usr/share/python-wheels/pip-*.whl"))


def _works(python, *modules):
    """Whether this Python starts and imports `modules`."""
    code = "import sys; " + "".join(f"import {name}; " for name in modules)
    try:
        done = subprocess.run(
            [python, "-I", "-c", code], capture_output=True, check=False, timeout=60
        )
    except OSError:
        return False
    return done.returncode == 0


def _own(named):
    python = Path(shutil.which(Path(named).expanduser()) or named).absolute()
    missing = [name for name in NEEDED if not _works(python, name)]
    if missing:
        raise Problem(
            f"ODOO_PYTHON={named} cannot import {', '.join(missing)}",
            "install Odoo's requirements there, or unset ODOO_PYTHON",
        )
    return python
