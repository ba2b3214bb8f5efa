"""Odoo in the environment of this checkout: what every other tool runs it through."""

import contextlib
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from . import odoo, postgres, python
from .base import ROOT, STATE, child, parallel, state

CONFIG = ROOT / "odoo.conf"
DATABASE = os.environ.get("SPOC_DB") or "spoc"


@dataclass
class Environment:
    """A Python with Odoo and a running PostgreSQL.

    `env` holds all the state-dependent configuration (Odoo reads each option from an
    environment variable), so that any Odoo command works without further options.
    """

    python: Path
    odoo: odoo.OdooHome
    env: dict

    def command(self, *args):
        """The command line of Odoo with `args`."""
        return [str(self.python), str(self.odoo.script), *map(str, args)]

    def run(self, *args, **options):
        """Run Odoo and wait; it ends with this process. Returns CompletedProcess.

        Options are subprocess.run's; `env` adds variables to the environment's.
        """
        options["env"] = {**self.env, **options.get("env", {})}
        return subprocess.run(
            child(*self.command(*args)), check=options.pop("check", False), **options
        )

    def start(self, *args, **options):
        """Start Odoo beside this process, in a session of its own: Ctrl-C reaches the
        launcher alone, which then ends it once and properly. Returns Popen."""
        options["env"] = {**self.env, **options.get("env", {})}
        return subprocess.Popen(
            child(*self.command(*args)), start_new_session=True, **options
        )


def addons_folders():
    """Folders of addons of ours: addons/ and those named by SPOC_ADDONS (a : list)."""
    extra = filter(None, os.environ.get("SPOC_ADDONS", "").split(os.pathsep))
    return [ROOT / "addons", *(Path(path).expanduser().absolute() for path in extra)]


def variables(home, interpreter, database):
    """The environment that Odoo needs, from this process's."""
    keep = {
        name: value
        for name, value in os.environ.items()
        # Odoo's own variables would override ours; PG* come with `database`.
        if not name.startswith(("PYTHON", "ODOO_", "PG"))
    }
    data = STATE / "data"
    data.mkdir(mode=0o700, exist_ok=True)
    folders = [folder for folder in addons_folders() if any(folder.glob("*/__*__.py"))]
    return {
        **keep,
        **database,
        "PATH": os.pathsep.join(
            [str(interpreter.parent), os.environ.get("PATH", os.defpath)]
        ),
        "PYTHONPATH": str(home.pythonpath),
        "PYTHONUNBUFFERED": "1",
        # Compiled files stay out of the checkout.
        "PYTHONPYCACHEPREFIX": str(STATE / "pycache"),
        "ODOO_RC": str(CONFIG),
        "ODOO_ADDONS_PATH": ",".join(map(str, [*folders, *home.addons_paths])),
        "ODOO_DATA_DIR": str(data),
    }


@contextlib.contextmanager
def environment(named=None):
    """Set up what is missing and yield an Environment; PostgreSQL runs meanwhile.

    :param named: the folder of another Odoo (the option --odoo).
    """
    state()
    home, interpreter, _ = parallel(
        lambda: odoo.ensure(named), python.ensure, postgres.prepare
    )
    with postgres.using() as database:
        yield Environment(interpreter, home, variables(home, interpreter, database))
