"""The checks that need a database: each takes the stage and returns its cases."""

import ast
import json
import os
import subprocess
import threading
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from . import addons, axe, browser, lint, odoolog, report
from .base import ROOT, STATE, Problem, child, remove
from .database import Databases
from .report import failed, passed

ARTEFACTS = STATE / "artefacts"
SLOW_TAG = "spoc_slow"


@dataclass
class Stage:
    """What the checks of one run share."""

    environment: object
    dev_python: Path
    names: list = field(default_factory=list)
    word: str = ""
    slow: bool = False
    #: For the stage of glue: that of the floors
    floors: "Stage | None" = None

    def __post_init__(self):
        self.databases = Databases(self.environment)
        every = addons.manifests()
        plain = addons.floors(every)
        # Glue is tested by itself: the app it ties to would be in everybody's way.
        self.manifests = every if set(self.names) - set(plain) else plain
        self._demo = threading.Lock()
        #: Databases in which tests run, or ran
        self.tested = []

    @cached_property
    def browser(self):
        return browser.ensure(self.dev_python)

    def template(self, name=None, demo=False):
        """The template with what an addon (or the whole suite) needs of Odoo's."""
        if name:
            chain = addons.foundations(name, self.manifests)
        else:
            chain = addons.whole_foundations(self.manifests)
        return self.databases.template(chain, demo)

    def clone(self, what, name=None, demo=False):
        template = self.template(name, demo)
        return self.databases.clone(template, self.databases.scratch(what))

    def harvest(self, name=None):
        """Keep in the template the asset bundles that the tests have built so far."""
        for database in list(self.tested):
            self.databases.harvest(database, self.template(name))

    def beside(self, name):
        """The stage of one addon alone, in the same run."""
        return Stage(
            self.environment, self.dev_python, [name], self.word, self.slow, self
        )

    def demo(self):
        """A database with the suite and all demo data; made once, never changed."""
        glue = sorted(set(self.names) - set(addons.floors(self.manifests)))
        name = self.databases.scratch("_".join(["demo", *glue]))
        with self._demo:
            if name not in self.databases.names():
                database = self._for_demo()
                modules = ",".join(self.names or self.manifests)
                install = ("-i", modules, "--stop-after-init", "--no-http")
                status, log = self.databases.odoo("demo", database, *install)
                trouble = self.trouble(status, log)
                if trouble:
                    raise Problem(f"installing the demo data failed\n{trouble}")
                self.databases.clone(database, name)
                self.databases.drop(database)
        return name

    def _for_demo(self):
        """Where the demo data are installed: glue comes to where the floors are."""
        what = "_".join(["demo_new", *self.names])
        if self.floors:
            return self.databases.clone(
                self.floors.demo(), self.databases.scratch(what)
            )
        return self.clone(what, self.names[-1] if self.names else None, demo=True)

    def installed(self, database):
        """Those of our addons that are installed in a database."""
        rows = self.databases.query(
            database, "SELECT name FROM ir_module_module WHERE state = 'installed'"
        )
        return {name for (name,) in rows} & set(self.manifests)

    def trouble(self, status, log):
        """What went wrong in a run of Odoo, in words; empty when nothing did."""
        strays = odoolog.strays(log.read_text("utf-8", "replace"))
        lines = [odoolog.told(strays)] if strays else []
        if status:
            lines.append(f"Odoo ended with {status}")
        return "\n".join([*lines, f"see {log}"]) if lines else ""


# ---- the addons' own tests ----


def addon_tests(stage, part=()):
    """Install the addons and run their own tests with Odoo's runner.

    :param part: the tests of these addons only
    """
    every = [name for name in stage.names or stage.manifests if _modules(name, stage)]
    names = [name for name in every if not part or name in part]
    if not names:
        return [failed("addons", "collect", "no addon has tests")]
    tags = _tags(names, stage)
    if not tags:
        return []
    highest = every[-1] if stage.names else None
    what = "-".join(["addons", *(part or stage.names)])
    stage.harvest(highest)
    database = stage.clone(what, highest)
    stage.tested.append(database)
    path = [browser.folder_for_path(stage.browser), stage.environment.env["PATH"]]
    remove(ARTEFACTS / "tours")
    status, log = stage.databases.odoo(
        what,
        database,
        *("-i", ",".join(every), "--test-tags", ",".join(tags)),
        *("--stop-after-init", "--screenshots", ARTEFACTS / "tours"),
        variables=stage.environment.env | {"PATH": os.pathsep.join(map(str, path))},
    )
    stage.harvest(highest)
    text = log.read_text("utf-8", "replace")
    cases = [case for case in odoolog.tests(text) if case.suite in names]
    cases += _log_cases(stage, status, log, cases)
    if not stage.word:
        cases += _not_run(names, cases, stage)
    return cases


def _log_cases(stage, status, log, cases):
    strays = odoolog.strays(log.read_text("utf-8", "replace"))
    # what the browser of a failed test said is told with that test
    told = [case.name for case in cases if case.outcome == report.FAILED]
    strays = [x for x in strays if not any(f".{name}." in x.logger for name in told)]
    if strays:
        text = f"{odoolog.told(strays)}\nsee {log}"
        return [failed("addons", "log", text)]
    if status and not report.count(cases, report.FAILED):
        return [failed("addons", "exit code", f"Odoo ended with {status}, see {log}")]
    return [passed("addons", "log")]


def _tags(names, stage):
    """What Odoo's runner shall select."""
    if stage.word:
        return [
            f"/{name}:{test}"
            for name in names
            for tests in _modules(name, stage).values()
            for test in tests
            if stage.word.lower() in test.lower()
        ]
    tags = [f"/{name}" for name in names]
    return tags + [f"{SLOW_TAG}/{name}" for name in names] if stage.slow else tags


def _not_run(names, cases, stage):
    """A module of tests none of which ran is a failure: Odoo would not mind."""
    ran = {(case.suite, case.name.split(".")[0]) for case in cases}
    return [
        failed(name, module, "none of its tests ran")
        for name in names
        for module, tests in _modules(name, stage).items()
        if tests and (name, module) not in ran
    ]


def _modules(name, stage):
    """{module: [Class.method]} of an addon's tests that this run is to select."""
    found = {}
    for path in sorted((ROOT / "addons" / name / "tests").glob("test_*.py")):
        tests = found.setdefault(path.stem, [])
        for node in ast.parse(path.read_text("utf-8")).body:
            if not isinstance(node, ast.ClassDef):
                continue
            marks = " ".join(ast.unparse(mark) for mark in node.decorator_list)
            if SLOW_TAG in marks and not stage.slow:
                continue
            tests += [
                f"{node.name}.{method.name}"
                for method in node.body
                if isinstance(method, ast.FunctionDef)
                and method.name.startswith("test")
            ]
    return found


# ---- install, upgrade, uninstall ----


def install_alone(name):
    """A check that installs one addon beside just what it needs."""

    def check(stage):
        if name not in stage.manifests:
            stage = stage.beside(name)
        database = stage.clone(f"alone_{name}", name)
        status, log = stage.databases.odoo(
            f"install-{name}", database, "-i", name, "--stop-after-init", "--no-http"
        )
        cases = [_case(stage, f"install {name}", status, log)]
        cases += _floors(stage, name, database)
        stage.databases.drop(database)
        return cases

    return check


def _floors(stage, name, database):
    """An addon brings those of ours it stands on, and no others."""
    wanted, have = addons.below(name, stage.manifests), stage.installed(database)
    if have == wanted:
        return []
    text = f"installed are {sorted(have)}, not {sorted(wanted)}"
    return [failed("lifecycle", f"floors of {name}", text)]


def lifecycle(stage):
    """Upgrade the suite with its data twice, remove it: nothing of ours is left."""
    before = _contents(stage, stage.template(demo=True))
    scratch = stage.databases.scratch("lifecycle")
    database = stage.databases.clone(stage.demo(), scratch)
    every = ",".join(stage.manifests)
    upgrade = ("-u", every, "--stop-after-init", "--no-http")
    steps = (
        ("upgrade", upgrade),
        *([("upgrade again", upgrade)] if stage.slow else []),
        ("uninstall", ("module", "uninstall", *stage.manifests)),
    )
    cases = []
    for what, args in steps:
        name = f"lifecycle-{what.replace(' ', '-')}"
        status, log = stage.databases.odoo(name, database, *args)
        cases.append(_case(stage, what, status, log))
        if status:
            return cases
    left = sorted(_contents(stage, database) - before)
    still = stage.installed(database)
    if left or still:
        text = "\n".join([*(f"installed: {name}" for name in sorted(still)), *left])
        cases.append(failed("lifecycle", "nothing left", text))
    else:
        cases.append(passed("lifecycle", "nothing left"))
    stage.databases.drop(database)
    return cases


def _case(stage, name, status, log):
    trouble = stage.trouble(status, log)
    if trouble:
        return failed("lifecycle", name, trouble)
    return passed("lifecycle", name)


# Everything an addon can put into a database, in words
CONTENTS = """
SELECT 'column ' || table_name || '.' || column_name
  FROM information_schema.columns WHERE table_schema = 'public'
UNION SELECT 'index ' || tablename || '.' || indexname
  FROM pg_indexes WHERE schemaname = 'public'
UNION SELECT 'constraint ' || conrelid::regclass || '.' || conname
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION SELECT 'trigger ' || tgrelid::regclass || '.' || tgname
  FROM pg_trigger WHERE NOT tgisinternal
UNION SELECT 'sequence ' || sequencename
  FROM pg_sequences WHERE schemaname = 'public'
UNION SELECT 'function ' || oid::regprocedure
  FROM pg_proc p WHERE pronamespace = 'public'::regnamespace
   AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
UNION SELECT 'text search ' || cfgname
  FROM pg_ts_config WHERE cfgnamespace = 'public'::regnamespace
UNION SELECT 'parameter ' || key FROM ir_config_parameter
UNION SELECT 'model ' || model FROM ir_model
UNION SELECT 'external id ' || module || '.' || name FROM ir_model_data
  WHERE module LIKE 'spoc\\_%'
UNION SELECT 'numbering ' || coalesce(code, name) FROM ir_sequence
UNION SELECT 'scheduled ' || cron_name FROM ir_cron
UNION SELECT 'group ' || id FROM res_groups
UNION SELECT 'menu ' || id FROM ir_ui_menu
UNION SELECT 'view ' || id FROM ir_ui_view
UNION SELECT 'action ' || id FROM ir_actions
"""
# Columns by which rows speak of a model that may be gone
NAMING = """
SELECT c.table_name, c.column_name FROM information_schema.columns c
  JOIN information_schema.tables t USING (table_schema, table_name)
 WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'
   AND c.column_name IN ('model', 'res_model', 'res_model_name', 'model_name',
                         'relation', 'resource_ref')
   AND c.data_type IN ('character varying', 'text')
"""


def _contents(stage, database):
    """What is in the database, as lines that can be compared."""
    lines = {line for (line,) in stage.databases.query(database, CONTENTS)}
    for table, column in stage.databases.query(database, NAMING):
        statement = f'SELECT count(*) FROM "{table}" WHERE "{column}" LIKE %s'
        ((count,),) = stage.databases.query(database, statement, "spoc.%")
        if count:
            lines.add(f"{count} rows of {table} whose {column} is one of ours")
    return lines


# ---- pytest ----


def python_tests(stage):
    """The tests of the tools, and what else needs no server."""
    return pytest(stage, "tools", ["tests/tools", "tests/setup"], {})


def pytest(stage, name, folders, env, alone=False):
    """Run pytest over folders of tests/; what stands ``alone`` only where asked for."""
    junit = stage.databases.logs / f"{name}.xml"
    folders = [folder for folder in folders if (ROOT / folder).exists()]
    if not folders:
        return []
    command = [stage.dev_python, "-m", "pytest", *folders, f"--junitxml={junit}"]
    command += ["-p", "no:cacheprovider", "-q", "--tb=short", "-ra"]
    kinds = "not alone" if stage.slow else "not alone and not slow"
    command += [] if alone else ["-m", kinds]
    command += ["-k", stage.word] if stage.word else []
    log = stage.databases.logs / f"{name}.log"
    with open(log, "ab") as out:
        done = subprocess.run(
            child(*command),
            cwd=ROOT,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **env},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    cases = report.read_junit(junit, name)
    chosen_none = done.returncode == 5 and (stage.word or not stage.slow)
    bad = report.count(cases, report.FAILED)
    if done.returncode and not bad and not chosen_none:
        text = f"pytest ended with {done.returncode}\n"
        text += log.read_text("utf-8", "replace")[-3000:]
        cases.append(failed(name, "pytest", text))
    return cases


def suite(stage):
    """The whole suite from outside: server, mail servers, browser."""
    files = sorted((ROOT / "tests").glob("test_*.py"))
    # that one looks at databases of its own
    return _outside(stage, [path for path in files if path.stem != "test_upgrade"])


def faults(stage):
    """Processes and the database server killed in the middle of their work.

    The database server is everybody's: nothing else may run beside this.
    """
    return _outside(stage, [ROOT / "tests" / "test_faults.py"], alone=True)


def _outside(stage, files, alone=False):
    name = "faults" if alone else "suite"
    # most words name nothing here: a database would be made for nothing
    if not any(stage.word.lower() in text.lower() for text in _names(files)):
        return []
    database = stage.databases.scratch(name)
    stage.databases.clone(stage.demo(), database, crash_safe=alone)
    stage.harvest()
    stage.databases.harvest(stage.template(), database)
    # Odoo's weekly mail to administrators, a matter of half a minute in which it
    # gets into the way of languages being added
    off = "UPDATE ir_cron SET active = false WHERE cron_name = %s RETURNING id"
    stage.databases.query(database, off, "Digest Emails")
    remove(ARTEFACTS / "suite")
    context = {
        "command": stage.environment.command(),
        "python": str(stage.environment.python),
        "env": stage.environment.env,
        "database": database,
        "addons": list(stage.manifests),
        "browser": str(stage.browser),
        "axe": str(axe.ensure()),
        "artefacts": str(ARTEFACTS / "suite"),
        "slow": stage.slow or alone,
    }
    if stage.slow:
        context["website"] = _with_website(stage)
    path = stage.databases.logs / "context.json"
    path.touch(0o600)
    path.write_text(json.dumps(context), "utf-8")
    try:
        folders = [str(path.relative_to(ROOT)) for path in files]
        env = {"SPOC_TEST_CONTEXT": str(path)}
        if node := browser.node_for_playwright(stage.dev_python):
            env["PLAYWRIGHT_NODEJS_PATH"] = str(node)
        return pytest(stage, name, folders, env, alone)
    finally:
        path.unlink()
        stage.databases.harvest(database, stage.template())


def _with_website(stage):
    """A database of its own with the demo data and, around our pages, a website."""
    name = "suite_website"
    database = stage.databases.clone(stage.demo(), stage.databases.scratch(name))
    install = ("-i", "website", "--stop-after-init", "--no-http")
    status, log = stage.databases.odoo("suite-website", database, *install)
    if trouble := stage.trouble(status, log):
        raise Problem(f"installing website failed\n{trouble}")
    return database


def _names(files):
    """The names of test modules and of what they define."""
    for path in files:
        yield path.stem
        tree = ast.parse(path.read_text("utf-8"))
        yield from (node.name for node in tree.body if hasattr(node, "name"))


def style(stage):
    """Style, syntax and the rules of the house."""
    return lint.main_checks(ROOT) + lint.tool_checks(ROOT, stage.dev_python)


def tests_alone(name):
    """A check that runs one addon's tests without the floors above."""

    def check(stage):
        alone = Stage(stage.environment, stage.dev_python, [name], "", stage.slow)
        cases = addon_tests(alone)
        for database in alone.tested:
            cases += _floors(alone, name, database)
        return cases

    return check
