"""A database of the released version, filled, then upgraded to this checkout.

What was released has data at companies: this is how we learn whether they keep it.
"""

import json
import subprocess
import tarfile
from io import BytesIO

from . import addons, checks
from .base import ROOT, STATE, Problem, build
from .report import failed, passed, skipped

#: The released version 19.0.1.1.0 of all addons: the last commit before their next
#: one. A later release puts its commit here, with the migrations it brings.
RELEASED = "35997a01233bfd8ab5661a95e306b77574af9a29"
SCRIPT = ROOT / "tests" / "support" / "released_data.py"


def check(stage):
    """Install what was released, fill it, upgrade it, look at what became of it."""
    if not _git("cat-file", "-e", f"{RELEASED}^{{commit}}"):
        reason = (
            "needs the history of the repository: this copy of it does not have the "
            f"released commit {RELEASED[:7]} (git fetch --unshallow brings it)"
        )
        return [skipped("upgrade", "from the released version", reason)]
    released = _released()
    manifests = addons.manifests(released)
    names = ",".join(manifests)
    template = stage.databases.template(addons.whole_foundations(manifests), demo=True)
    before = stage.databases.clone(template, stage.databases.scratch("released"))
    old = {"variables": _variables(stage, released)}
    quiet = ("--stop-after-init", "--no-http")
    shell = {**old, "script": SCRIPT.read_text("utf-8")}
    _done(stage, "install", before, "-i", names, *quiet, **old)
    _done(stage, "data", before, "shell", "--no-http", **shell)
    after = stage.databases.clone(before, stage.databases.scratch("upgraded"))
    status, log = stage.databases.odoo("upgrade", after, "-u", names, *quiet)
    trouble = stage.trouble(status, log)
    if status:
        return [failed("upgrade", "upgrade", trouble)]
    cases = [failed("upgrade", "log", trouble) if trouble else passed("upgrade", "log")]
    return cases + _look(stage, before, after)


def _look(stage, before, after):
    """Compare the database before with the one after: tests/test_upgrade.py."""
    path = stage.databases.logs / "upgrade.json"
    path.touch(0o600)
    context = {
        "command": stage.environment.command(),
        "env": stage.environment.env,
        "before": before,
        "database": after,
        "artefacts": str(checks.ARTEFACTS / "upgrade"),
    }
    path.write_text(json.dumps(context), "utf-8")
    try:
        variables = {"SPOC_TEST_CONTEXT": str(path)}
        return checks.pytest(stage, "upgrade", ["tests/test_upgrade.py"], variables)
    finally:
        path.unlink()


def _done(stage, what, database, *args, **options):
    """A step of the released version, which has to succeed."""
    status, log = stage.databases.odoo(f"upgrade-{what}", database, *args, **options)
    if status:
        raise Problem(f"the released version failed ({what}: {status})", f"see {log}")


def _variables(stage, released):
    """The environment of Odoo with the released addons instead of these."""
    env = stage.environment.env
    ours, theirs = str(ROOT / "addons"), str(released / "addons")
    paths = env["ODOO_ADDONS_PATH"].split(",")
    paths = [theirs if path == ours else path for path in paths]
    return {**env, "ODOO_ADDONS_PATH": ",".join(paths)}


def _released():
    """The folder with the addons as they were released; unpacked once."""
    folder = STATE / "released" / RELEASED
    if not folder.exists():
        packed = _git("archive", "--format=tar", RELEASED, "addons")
        if not packed:
            raise Problem("git cannot hand out the released version")
        with build(folder) as fresh, tarfile.open(fileobj=BytesIO(packed)) as archive:
            archive.extractall(fresh, filter="data")
    return folder


def _git(*args):
    """Output of git in this checkout; ``False`` when it fails or is not there."""
    try:
        done = subprocess.run(
            ["git", "-C", ROOT, *args], capture_output=True, check=False
        )
    except OSError:
        return False
    return (done.stdout or b"done") if not done.returncode else False
