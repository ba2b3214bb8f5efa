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
    every = addons.manifests()
    names = options.addon or list(every)
    unknown = set(names) - set(every)
    if unknown:
        raise Problem(f"there is no addon {', '.join(sorted(unknown))}")
    dev_python = devtools.ensure()
    with server.environment() as environment:
        floors = [name for name in options.addon if name in addons.floors(every)]
        first = checks.Stage(environment, dev_python, floors)
        try:
            first.databases.drop_leftovers()
            for stage, group in _stages(first, names):
                for name, file, faults in _look(stage, group, write=True):
                    say(f"{name}/i18n/{file}: {len(faults) or 'nothing'} to do")
        finally:
            first.databases.drop_own()
    return 0


def check(stage):
    """Templates are up to date, translations complete and well formed."""
    cases = []
    for own, group in _stages(stage, list(addons.manifests())):
        for name, file, faults in _look(own, group, write=False):
            case, text = f"{name}/{file}", "\n".join(faults)
            cases.append(failed("i18n", case, text) if text else passed("i18n", case))
    return cases


def _stages(stage, names):
    """The floors together, and each glue on a stage of its own: the app it ties to
    brings texts of its own into the models of ours. (stage, names) each."""
    floors = addons.floors(addons.manifests())
    if group := [name for name in names if name in floors]:
        yield stage, group
    for name in names:
        if name not in floors:
            yield stage.beside(name), [name]


def _look(stage, names, write):
    """Compare the files of addons with what is exported: (addon, file, faults) each."""
    with step(f"Texts of {', '.join(names)}"):
        exported = export(stage, stage.demo(), names)
    for name in names:
        done = _files(stage, exported, name, write)
        for file, faults in done["found"].items():
            yield name, file, faults


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
