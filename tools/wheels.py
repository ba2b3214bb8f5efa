"""`./spoc wheels`: the addons as Python packages, one wheel each."""

import argparse
import os
import shutil
import sys

from . import addons, devtools, python
from .base import ROOT, STATE, Problem, build, remove, run, say, sha256, state
from .report import failed, passed

TARGET = STATE / "wheels"
BUILD = "import sys; from whool import buildapi; buildapi.build_wheel(sys.argv[1])"
# The version is the manifest's, whatever the commits since it was set
ENVIRONMENT = {"WHOOL_POST_VERSION_STRATEGY_OVERRIDE": "none"}


def main(args):
    """Build all wheels; say where they are."""
    parser = argparse.ArgumentParser("./spoc wheels", description=__doc__)
    parser.parse_args(args)
    state()
    for wheel in make(devtools.ensure()):
        say(wheel)
    return 0


def make(dev_python, target=TARGET):
    """Build the wheels of all addons into `target`: [path]."""
    variables = {**os.environ, **ENVIRONMENT, "PYTHONDONTWRITEBYTECODE": "1"}
    variables["PATH"] = os.pathsep.join([str(dev_python.parent), variables["PATH"]])
    with build(target) as fresh:
        for name in addons.manifests():
            source = fresh / name
            # the copy is no part of the repository around it
            variables["GIT_CEILING_DIRECTORIES"] = str(fresh)
            ignored = shutil.ignore_patterns("__pycache__", "*.pyc")
            shutil.copytree(ROOT / "addons" / name, source, ignore=ignored)
            if not (source / "pyproject.toml").exists():
                raise Problem(f"{name} has no pyproject.toml")
            run([dev_python, "-c", BUILD, fresh], cwd=source, env=variables)
            remove(source)
    return sorted(target.glob("*.whl"))


def check(stage):
    """The wheels, installed in a clean environment, make a working suite.

    Odoo's own packages are lent to that environment; Odoo comes by PYTHONPATH; the
    checkout is on no path.
    """
    folder = stage.databases.logs / "wheels"
    wheels = make(stage.dev_python, folder)
    home = stage.databases.logs / "wheels-environment"
    interpreter = _environment(stage, home, wheels)
    database = stage.clone("wheels")
    variables = {
        name: value
        for name, value in stage.environment.env.items()
        if name != "ODOO_ADDONS_PATH"
    }
    status, log = stage.databases.odoo(
        "wheels",
        database,
        *("-i", ",".join(stage.manifests), "--stop-after-init", "--no-http"),
        python=interpreter,
        variables=variables,
    )
    trouble = stage.trouble(status, log)
    wanted, have = set(stage.manifests), stage.installed(database)
    if have != wanted:
        trouble += f"\ninstalled are {sorted(have)}, not {sorted(wanted)}"
    stage.databases.drop(database)
    remove(home)
    if trouble:
        return [failed("wheels", "install", trouble)]
    return [passed("wheels", "install")]


def _environment(stage, home, wheels):
    """A virtual environment with the wheels beside what Odoo needs."""
    run([sys.executable, "-m", "venv", "--without-pip", home])
    interpreter = home / "bin" / "python"
    packages = next(home.glob("lib/python*/site-packages"))
    lent = run([stage.environment.python, "-c", "import lxml; print(lxml.__path__[0])"])
    (packages / "lent.pth").write_text(f"{os.path.dirname(lent.strip())}\n")
    requirements = home / "requirements.txt"
    lines = [
        f"{wheel.name.split('-')[0].replace('_', '-')} @ {wheel.as_uri()} "
        f"--hash=sha256:{sha256(wheel)}\n"
        for wheel in wheels
    ]
    requirements.write_text("".join(lines))
    python.pip(interpreter, f"--requirement={requirements}")
    return interpreter
