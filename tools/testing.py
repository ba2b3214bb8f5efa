"""`./spoc test`: everything that must pass, with one summary and one exit code."""

import argparse
import os
import threading
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from . import (
    addons,
    checks,
    devtools,
    lint,
    postgres,
    report,
    server,
    translations,
    upgrade,
    wheels,
)
from .base import LOGS, ROOT, STATE, Problem, parallel, remove, say, state
from .report import failed

JUNIT = STATE / "junit.xml"
KEEP_LOGS = 10
LANES = 2
WITHOUT_DATABASE = {"lint", "tools"}
HELP = """
What to run (default: everything but what is slow):
  all          everything, slow things included
  ADDON ...    the tests of these addons by Odoo's runner
  lint         style, syntax, rules of the house
  tools        tests of the tools
  addons       the tests of all addons
  lifecycle    install each addon alone, upgrade, uninstall
  i18n         translations
  suite        the whole suite from outside, with mail servers and a browser
  wheels       the addons as packages
  upgrade      data of the released version in this one (with all, or alone)
  faults       processes and the database server killed at work (only alone)
"""


def main(args):
    """Run the checks asked for."""
    parser = argparse.ArgumentParser(
        "./spoc test",
        description=__doc__,
        epilog=HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("what", nargs="*", help="see below")
    parser.add_argument("-k", metavar="NAME", default="", help="tests of this name")
    parser.add_argument("--keep", action="store_true", help="leave the databases")
    parser.add_argument("--odoo", metavar="PATH", help="an Odoo 19.0 of your own")
    options = parser.parse_args(args)
    started = time.monotonic()
    results = {}
    try:
        plan = _plan(options)
        if list(plan) == ["lint"]:
            _lint_alone(results)
        else:
            _all(plan, options, results)
    except Problem as problem:
        results["set-up"] = (0.0, [failed("set-up", "set-up", str(problem))])
        if problem.remedy:
            say(f"  -> {problem.remedy}")
    except Exception:  # whatever happens, a run ends with its summary
        text = traceback.format_exc()
        results["set-up"] = (0.0, [failed("set-up", "set-up", text)])
    return _close(results, time.monotonic() - started)


def _plan(options):
    """{name: check} to run; those that take longest come first."""
    found = addons.manifests()
    wanted = set(options.what) - {"all"}
    names = [name for name in found if name in wanted]
    every = _every(found, whole=names or options.k)
    if {"all", "upgrade"} & set(options.what):
        every["upgrade"] = upgrade.check
    if "faults" in options.what:
        every["faults"] = checks.faults
        postgres.durable()
    if "all" in options.what:
        every |= {f"tests of {name}": checks.tests_alone(name) for name in found}
    unknown = wanted - set(every) - set(found) - {"addons"}
    if unknown:
        raise Problem(
            f"nothing here is called {', '.join(sorted(unknown))}",
            "./spoc test --help tells the names",
        )
    if options.k and not wanted:
        wanted = {"addons", "suite", "tools"}
    options.names = names
    chosen = {name for name in wanted if name in every}
    if names or "addons" in wanted:
        chosen |= {name for name in every if name.split()[0] == "addons"}
    if "lifecycle" in chosen:
        chosen |= {name for name in every if name.startswith("install ")}
    return {name: every[name] for name in every if not wanted or name in chosen}


def _every(found, whole):
    """The checks of a plain run.

    :param whole: the addons' tests in one run of Odoo, instead of one for each lane
    """
    floors = list(addons.floors(found))
    middle = len(floors) // 2
    upper, lower = (
        {f"addons {', '.join(part)}": partial(checks.addon_tests, part=part)}
        for part in (floors[middle:], floors[:middle])
    )
    glue = sorted(set(found) - set(floors))
    return {
        # the first one builds the templates, beside it goes what needs none
        **({"addons": checks.addon_tests} if whole else upper),
        "lint": checks.style,
        "tools": checks.python_tests,
        # also makes the database with the demo data from which others start
        "i18n": translations.check,
        **({} if whole else lower),
        "suite": checks.suite,
        "lifecycle": checks.lifecycle,
        # the highest one comes with the wheels, glue with its tests
        **{f"install {name}": checks.install_alone(name) for name in floors[:-1]},
        **{f"tests of {name}": checks.tests_alone(name) for name in glue},
        "wheels": wheels.check,
    }


def _lint_alone(results):
    state()
    started = time.monotonic()
    cases = lint.main_checks(ROOT) + lint.tool_checks(ROOT, devtools.ensure())
    results["lint"] = time.monotonic() - started, cases


def _all(plan, options, results):
    _forget_old_logs()
    with ThreadPoolExecutor(1) as aside:
        tools = aside.submit(devtools.ensure)
        with server.environment(options.odoo) as environment:
            stage = checks.Stage(
                environment,
                tools.result(),
                options.names,
                options.k,
                "all" in options.what,
            )
            stage.databases.drop_leftovers()
            try:
                if set(plan) - WITHOUT_DATABASE:
                    # whoever needs it and finds it missing says so
                    aside.submit(lambda: stage.browser)
                _run(plan, stage, results)
            finally:
                if not options.keep:
                    stage.databases.drop_own()


def _run(plan, stage, results):
    """Run the checks in as many lanes as the machine has room for."""
    waiting, guard = list(plan.items()), threading.Lock()
    outcome = {}

    def lane():
        while True:
            with guard:
                if not waiting:
                    return
                name, check = waiting.pop(0)
            outcome[name] = _one(name, check, stage)

    parallel(*[lane] * min(LANES, len(waiting)))
    results.update({name: outcome[name] for name in plan})


def _one(name, check, stage):
    started = time.monotonic()
    try:
        cases = check(stage)
    except Problem as problem:
        cases = [failed(name, name, f"{problem.message}\n{problem.remedy}")]
    except Exception:  # one broken check must not hide what the others found
        cases = [failed(name, name, traceback.format_exc())]
    seconds = time.monotonic() - started
    verdict = "FAILED" if report.count(cases, report.FAILED) else "ok"
    say(f"  {name}: {verdict} in {seconds:.1f} s ({report.summary(cases)})")
    return seconds, cases


def _close(results, seconds):
    """Print what was found, keep it as JUnit; the exit code."""
    cases = [case for _, found in results.values() for case in found]
    for line in report.details(cases):
        say(line)
    say()
    for line in report.table(results):
        say(line)
    report.write_junit(JUNIT, results)
    say(f"\n{seconds:.0f} s; JUnit: {JUNIT}; logs: {LOGS}")
    say(report.summary(cases))
    done = report.count(cases, report.PASSED)
    return 1 if report.count(cases, report.FAILED) or not done else 0


def _forget_old_logs():
    state()
    folders = sorted(LOGS.glob("test-*"), key=os.path.getmtime)
    for folder in folders[:-KEEP_LOGS]:
        remove(folder)
