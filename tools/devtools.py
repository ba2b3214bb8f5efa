"""The environment of the tests and checks, apart from the one Odoo runs in."""

import sys

from tools import python
from tools.base import ROOT, STATE, key, lock, sha256, step

LOCK = ROOT / "tools" / "requirements-dev.lock"


def ensure():
    """The Python that has pytest, ruff and the rest; made first if need be."""
    home = STATE / f"dev-{key(sha256(LOCK), sys.version, sys.executable)}"
    with lock("dev"):
        if not (home / "complete").exists():
            with step("Test tools: download and install (70 MB)"):
                python.make(home, [LOCK])
    return home / "bin" / "python"
