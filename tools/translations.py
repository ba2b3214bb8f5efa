"""`./spoc i18n`: export what there is to translate, merge it into the translations.

A template is exported from a database with the demo data, so that its texts are
translated too.
"""

import argparse
import json
import subprocess

from . import addons, checks, devtools, server
from .base import ROOT, Problem, say, step
from .report import failed, passed

LANGUAGES = ("ru", "sv")
SHELL = """
from odoo.tools.translate import trans_export
for name in {names!r}:
    with open({folder!r} + "/" + name + ".pot", "wb") as out:
        trans_export(None, [name], out, "po", env)
print("exported")
"""


def main(args):
    """Renew the files; say what is left to translate."""
    parser = argparse.ArgumentParser("./spoc i18n", description=__doc__)
    parser.add_argument("addon", nargs="*", help="default: all")
    options = parser.parse_args(args)
    names = options.addon or list(addons.manifests())
    unknown = set(names) - set(addons.manifests())
    if unknown:
        raise Problem(f"there is no addon {', '.join(sorted(unknown))}")
    dev_python = devtools.ensure()
    with server.environment() as environment:
        stage = checks.Stage(environment, dev_python, names)
        try:
            stage.databases.drop_leftovers()
            with step("Database with demo data"):
                database = stage.demo()
            exported = export(stage, database, names)
            for name in names:
                done = _files(stage, exported, name, write=True)
                for file, faults in done["found"].items():
                    say(f"{name}/i18n/{file}: {len(faults) or 'nothing'} to do")
        finally:
            stage.databases.drop_own()
    return 0


def check(stage):
    """Templates are up to date, translations complete and well formed."""
    names = list(stage.manifests)
    exported = export(stage, stage.demo(), names)
    cases = []
    for name in names:
        done = _files(stage, exported, name, write=False)
        for file, faults in done["found"].items():
            case = f"{name}/{file}"
            text = "\n".join(faults)
            cases.append(failed("i18n", case, text) if text else passed("i18n", case))
    return cases


def export(stage, database, names):
    """Have Odoo export the templates; the folder they are in."""
    folder = stage.databases.logs / "i18n"
    folder.mkdir(exist_ok=True)
    script = SHELL.format(names=names, folder=str(folder))
    status, log = stage.databases.odoo(
        "i18n", database, "shell", "--no-http", script=script
    )
    if status or any(not (folder / f"{name}.pot").exists() for name in names):
        raise Problem(f"the export failed ({status})", f"see {log}")
    return folder


def _files(stage, exported, name, write):
    task = {
        "exported": str(exported / f"{name}.pot"),
        "folder": str(ROOT / "addons" / name / "i18n"),
        "name": name,
        "languages": LANGUAGES,
        "write": write,
    }
    done = subprocess.run(
        [stage.dev_python, ROOT / "tools" / "pofiles.py"],
        input=json.dumps(task),
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise Problem(f"translation of {name}: {done.stderr[-2000:]}")
    return json.loads(done.stdout)
