"""The demo company's database: made, and brought up to date when addons change."""

import ast
import hashlib
import json
import re
import subprocess
from pathlib import Path

from . import sql
from .base import LOGS, STATE, Problem, key, remove, step, tail
from .server import DATABASE, addons_folders
from .verify import verify

LANGUAGES = "en_US,ru_RU,sv_SE"  # the first is the default
FILESTORE = STATE / "data" / "filestore"
# Where the database remembers which addons, at which state, it was made of: with the
# data, so that a restored backup is brought up to date as well.
PARAMETER = "spoc.addons"
# The database while it is made; on a shared server its name is this checkout's own.
UNFINISHED = f"{DATABASE}_new_{key(str(STATE))[:6]}"
# Changes of these need no update of the database.
STATIC = {"static", "tests", "readme", "__pycache__"}
PROGRESS = re.compile(rb"Loading module (\S+) \((\d+)/(\d+)\)")


def addons():
    """Folders of the installable addons by name."""
    found = {}
    for folder in addons_folders():
        for manifest in sorted(folder.glob("*/__manifest__.py")):
            try:
                values = ast.literal_eval(manifest.read_text(encoding="utf-8"))
            except (SyntaxError, ValueError) as error:
                raise Problem(f"{manifest} cannot be read: {error}") from error
            if values.get("installable", True):
                found.setdefault(manifest.parent.name, manifest.parent)
    return found


def digest(folder):
    """A hash of the files of an addon that its database depends on."""
    total = hashlib.sha256()
    for path in sorted(Path(folder).rglob("*")):
        inside = path.relative_to(folder)
        if path.is_file() and not STATIC.intersection(inside.parts):
            total.update(f"{inside}\0".encode() + path.read_bytes() + b"\0")
    return total.hexdigest()[:16]


def ensure(environment, demo=True):
    """Have the database with all addons in their present state."""
    present = {name: digest(folder) for name, folder in addons().items()}
    glue = {name for name, folder in addons().items() if _is_glue(folder)}
    if sql.exists(environment, DATABASE):
        _update(environment, present, glue)
    else:
        verify(environment)
        _create(environment, _without(present, glue), demo)


def _is_glue(folder):
    """Whether Odoo installs the addon by itself, where what it ties together is."""
    values = ast.literal_eval((folder / "__manifest__.py").read_text(encoding="utf-8"))
    return bool(values.get("auto_install"))


def _without(present, glue):
    return {name: state for name, state in present.items() if name not in glue}


def _create(environment, present, demo):
    """Make the database under another name and rename it when it is complete."""
    fresh = UNFINISHED
    drop(environment, fresh)
    title = f"Database {DATABASE}: install" + (" the demo company" if demo else "")
    with step(title) as current:
        options = ["--with-demo"] if demo else []
        options += [f"--load-language={LANGUAGES}"]
        names = ",".join(present) or "web"
        load(environment, current, fresh, f"--init={names}", *options)
        _remember(environment, fresh, present)
        # The files first: a database of the final name is never without its files.
        remove(FILESTORE / DATABASE)
        (FILESTORE / fresh).mkdir(parents=True, exist_ok=True)
        (FILESTORE / fresh).rename(FILESTORE / DATABASE)
        names = sql.quoted(fresh), sql.quoted(DATABASE)
        sql.query(environment, "ALTER DATABASE {} RENAME TO {}".format(*names))


def _update(environment, present, glue):
    """Install what is new in the tree and update what changed."""
    if not (FILESTORE / DATABASE).exists():
        raise Problem(
            f"there is a database {DATABASE}, but its files are not in {FILESTORE}: "
            "another checkout may have made it",
            "name another database by SPOC_DB",
        )
    known, states = sql.queries(
        environment,
        [
            ("SELECT value FROM ir_config_parameter WHERE key = %s", [PARAMETER]),
            ("SELECT name FROM ir_module_module WHERE state = 'installed'", []),
        ],
        database=DATABASE,
    )
    known = json.loads(known[0][0]) if known else {}
    installed = {name for (name,) in states}
    present = _without(present, glue - installed)
    new = sorted(set(present) - installed)
    changed = sorted(
        name for name in set(present) & installed if known.get(name) != present[name]
    )
    if not new and not changed:
        return
    options = [f"--init={','.join(new)}"] if new else []
    options += [f"--update={','.join(changed)}"] if changed else []
    with step(f"Addons changed: update {', '.join([*new, *changed])}") as current:
        load(environment, current, DATABASE, *options)
        _remember(environment, DATABASE, present)


def load(environment, current, database, *options):
    """Run Odoo until the modules are loaded, telling `current` the progress.

    :raise Problem: when Odoo fails, with the end of its log.
    """
    LOGS.mkdir(exist_ok=True)
    log = LOGS / "install.log"
    process = environment.start(
        f"--database={database}",
        "--stop-after-init",
        "--no-http",
        "--max-cron-threads=0",
        *options,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        with open(log, "wb") as file:
            for line in process.stdout:
                file.write(line)
                if found := PROGRESS.search(line):
                    name, number, total = (part.decode() for part in found.groups())
                    current.detail = f"module {number} of {total}: {name}"
        code = process.wait()
    except BaseException:
        process.kill()
        raise
    if code:
        lines = [line for line in tail(log, 20000).splitlines() if line.strip()]
        raise Problem(
            f"Odoo could not load the addons ({code}), log: {log}\n    "
            + "\n    ".join(lines[-15:])
        )


def _remember(environment, database, present):
    # SQL: the launcher has no ORM, and the key is of no interest to any other code.
    sql.query(
        environment,
        "INSERT INTO ir_config_parameter (key, value) VALUES (%s, %s) "
        "ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value",
        PARAMETER,
        json.dumps(present, sort_keys=True),
        database=database,
    )


def drop(environment, database):
    """Drop a database and its files; missing is fine."""
    sql.drop(environment, database)
    remove(FILESTORE / database)
