"""`./spoc bench NAME`: measure against floors and peers, side by side in one run.

Figures are ratios within one run: the absolute ones belong to the machine they were
taken on.
"""

import argparse
import importlib
import json
import os
import platform
import subprocess
import sys
from pathlib import Path

from . import addons, checks, corpus, devtools, python, server, sql
from .base import (
    ROOT,
    STATE,
    Problem,
    build,
    child,
    key,
    lock,
    run,
    say,
    sha256,
    step,
)

FOLDER = ROOT / "benchmarks"
PEERS = FOLDER / "peers.lock"
HELPERS = (
    "harness",
    "queue_tickets",
    "search_corpus",
    "search_grow",
    "search_peers",
    "search_queries",
    "__init__",
)
SHELL = """
import json, sys
sys.path.insert(0, {root!r})
from benchmarks import harness
result = harness.main(env, {name!r}, {rounds}, {repeat})
with open({out!r}, "w") as file:
    json.dump(result, file)
"""
# The same for a benchmark that measures by itself
OWN_SHELL = """
import json, sys
sys.path.insert(0, {root!r})
from benchmarks import {name}
result = {name}.measure(env, json.loads({given!r}))
with open({out!r}, "w") as file:
    json.dump(result, file)
"""


def main(args):
    """Measure, print a table, compare with the bars if there are any."""
    known = sorted(x.stem for x in FOLDER.glob("*.py") if x.stem not in HELPERS)
    parser = argparse.ArgumentParser("./spoc bench", description=__doc__)
    parser.add_argument("name", choices=known)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--repeat", type=int, default=4, help="per case and round")
    parser.add_argument("--json", metavar="FILE", help="keep the figures")
    sys.path.insert(0, str(ROOT))
    named = [name for name in args if name in known][:1]
    module = importlib.import_module(f"benchmarks.{named[0]}") if named else None
    if hasattr(module, "arguments"):
        module.arguments(parser)
    options = parser.parse_args(args)
    dev_python = devtools.ensure()
    with server.environment() as environment:
        stage = checks.Stage(environment, dev_python)
        try:
            stage.databases.drop_leftovers()
            result = _measure(stage, options, module)
        finally:
            stage.databases.drop_own()
        result["machine"] = machine(environment)
    for line in _told(result, module):
        say(line)
    if options.json:
        Path(options.json).write_text(json.dumps(result, indent=1) + "\n")
    missed = list(getattr(module, "over", over)(result))
    for line in missed:
        say(line)
    return 1 if missed else 0


def _told(result, module):
    if not hasattr(module, "table"):
        yield from table(result)
        return
    yield f"\n{module.TITLE}"
    yield ", ".join(f"{what} {value}" for what, value in result["machine"].items())
    yield from module.table(result)


def _measure(stage, options, module):
    modules = module.MODULES
    found = addons.manifests()
    highest = max((x for x in modules if x in found), key=list(found).index)
    folders = [stage.environment.env["ODOO_ADDONS_PATH"], str(FOLDER / "addons")]
    if any(name not in found and not name.startswith("bench_") for name in modules):
        folders.append(str(peers() / "odoo" / "addons"))
    variables = {**stage.environment.env, "ODOO_ADDONS_PATH": ",".join(folders)}
    databases = _databases(stage, options, module, highest, variables)
    out = stage.databases.logs / "bench.json"
    own = hasattr(module, "measure")
    given = module.given(options, stage.databases.logs, corpus.ensure) if own else {}
    given["databases"] = databases
    script = (OWN_SHELL if own else SHELL).format(
        root=str(ROOT),
        name=options.name,
        rounds=options.rounds,
        repeat=options.repeat,
        given=json.dumps(given),
        out=str(out),
    )
    with step(f"Measure {options.name}"):
        quiet = ("shell", "--no-http", "--log-level", "warn")
        status, log = stage.databases.odoo(
            "bench", databases[0], *quiet, script=script, variables=variables
        )
    if not out.exists():
        raise Problem(f"the benchmark failed ({status})", f"see {log}")
    result = json.loads(out.read_text())
    if hasattr(module, "add_peers"):
        with step("Measure the peers"):
            module.add_peers(result, given, _peer(f"{options.name}_peers"))
    return result


def _databases(stage, options, module, highest, variables):
    """A database with the modules, or one for each part the benchmark has.

    Those kept from another time are brought up to date where there are parts; what a
    benchmark without parts makes of its database is its own affair.
    """
    parts = module.parts(options) if hasattr(module, "parts") else [""]
    kept = getattr(options, "keep", False)
    place = stage.databases.kept if kept else stage.databases.scratch
    names = [place("_".join(filter(None, ("bench", options.name, x)))) for x in parts]
    known, fresh = stage.databases.names(), None
    for name in names:
        if name not in known and fresh:
            stage.databases.clone(fresh, name)
            continue
        flag = "-u" if name in known and any(parts) else "-i"
        if name not in known:
            stage.databases.clone(stage.template(highest), name)
            fresh = name
        modules = ",".join(module.MODULES)
        with step(f"{'Update' if flag == '-u' else 'Install'} {modules}"):
            args = (flag, modules, "--stop-after-init", "--no-http")
            status, log = stage.databases.odoo(
                "bench-install", name, *args, variables=variables
            )
        if status:
            raise Problem(f"the modules cannot be installed ({status})", f"see {log}")
    return names


def peers(locked=PEERS):
    """Published peers, unpacked in the state folder for the measurement only."""
    home = STATE / f"peers-{key(sha256(locked))}"
    with lock("peers"):
        if not home.exists():
            with step("Peers: download"), build(home) as fresh:
                python.pip(
                    sys.executable, f"--requirement={locked}", f"--target={fresh}"
                )
    return home


def _peer(name):
    """Runs benchmarks/NAME.py beside what its own lock file names; text in and out."""

    def ask(text):
        env = os.environ | {"PYTHONPATH": str(peers(FOLDER / f"{name}.lock"))}
        command = child(sys.executable, str(FOLDER / f"{name}.py"))
        done = subprocess.run(
            command, input=text, env=env, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise Problem(f"{name} failed", done.stderr.strip()[-2000:])
        return done.stdout

    return ask


def machine(environment):
    """What the figures were taken on."""
    information = Path("/proc/cpuinfo").read_text()
    names = [x for x in information.splitlines() if x.startswith("model name")]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    ((version,),) = sql.query(environment, "SHOW server_version")
    interpreter = run([environment.python, "-V"]).split()[-1]
    return {
        "cpu": names[0].split(": ")[1] if names else platform.machine(),
        "cores": os.cpu_count(),
        "memory": f"{memory:.0f} GiB",
        "load": f"{os.getloadavg()[0]:.1f}",
        "PostgreSQL": version.split()[0],
        "Python": interpreter,
        "Odoo": environment.odoo.version,
    }


def table(result):
    """The figures as text."""
    yield f"\n{result['title']} ({result['benchmark']})"
    yield ", ".join(f"{what} {value}" for what, value in result["machine"].items())
    yield f"{result['rounds']} rounds of {result['repeat']}, interleaved"
    width = max(len(case["name"]) for case in result["cases"])
    yield (
        f"\n{'':{width}}  median ms  (quartiles)       p95 ms  queries  "
        "ratio (least-most)"
    )
    for case in result["cases"]:
        low, high = case["quartiles"]
        ratios = ", ".join(
            f"{middle:.2f} ({least:.2f}-{most:.2f}) of {name}"
            for name, (middle, least, most) in case["ratios"].items()
        )
        yield (
            f"{case['name']:{width}}  {case['median'] * 1000:9.2f}  "
            f"({low * 1000:6.2f}-{high * 1000:6.2f})  {case['p95'] * 1000:7.2f}  "
            f"{case['queries']:7.0f}  {ratios}"
        )


def over(result):
    """Where a bar ({case: {baseline: highest ratio}}) was missed."""
    for case in result["cases"]:
        for name, bar in result["bars"].get(case["name"], {}).items():
            ratio = case["ratios"][name][0]
            if ratio > bar:
                yield f"{case['name']}: {ratio:.2f} of {name}, the bar is {bar}"
