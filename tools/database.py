"""Databases of the tests: templates built once, clones made in a second.

Only databases that carry our own prefix are ever dropped: the server may be
someone's own.
"""

import os
import shutil
import subprocess
import threading
import time
from pathlib import Path

from . import python, sql
from .base import LOGS, STATE, Problem, child, key, lock, remove, sha256, step
from .postgres import free_port

KEEP_DAYS = 14
# Versions of one asset bundle a template keeps (one per set of installed addons)
KEEP_BUNDLES = 6
ASSETS = "url LIKE '/web/assets/%' AND store_fname IS NOT NULL"
ASSET_COLUMNS = (
    "name, type, url, mimetype, checksum, file_size, store_fname, public, "
    "res_model, res_id, res_field, create_uid, create_date, write_uid, write_date"
)
STAMPS = STATE / "templates"


class Databases:
    """The databases of one test run.

    :param environment: how Odoo is started (`tools.server.Environment`)
    """

    def __init__(self, environment):
        self.environment = environment
        self.prefix = f"spoc_{key(str(STATE))[:8]}_"
        self.logs = LOGS / f"test-{os.getpid()}"
        self.logs.mkdir(parents=True, exist_ok=True)
        self._building = {False: threading.Lock(), True: threading.Lock()}
        self._cloning = threading.Lock()

    def query(self, database, statement, *params):
        return sql.query(self.environment, statement, *params, database=database)

    def odoo(self, what, database, *args, script="", python=None, variables=None):
        """Run Odoo on a database to its end.

        :param what: the name of the log file
        :param script: what it reads on standard input
        :param python: another Python than the environment's
        :param variables: others than the environment's
        :return: (exit code, path of the log)
        """
        log = self.logs / f"{what}.log"
        command = self.environment.command(*args)
        if python:
            command[0] = str(python)
        env = {
            **(variables or self.environment.env),
            "PGDATABASE": database,
            "ODOO_HTTP_PORT": str(free_port()),
        }
        with open(log, "ab") as out:
            done = subprocess.run(
                child(*command),
                env=env,
                input=script.encode(),
                stdout=out,
                stderr=subprocess.STDOUT,
                cwd=self.logs,
            )
        return done.returncode, log

    def names(self):
        return [
            name
            for (name,) in self.query("postgres", "SELECT datname FROM pg_database")
            if name.startswith(self.prefix)
        ]

    # ---- make and drop ----

    def scratch(self, what):
        """A name that belongs to this run."""
        return f"{self.prefix}{os.getpid()}_{what}"

    def kept(self, what):
        """A name that belongs to no run: nobody drops it but `./spoc reset`."""
        return f"{self.prefix}kept_{what}"

    def clone(self, source, target, crash_safe=False):
        """Copy a database nobody is connected to, with its files (hard links).

        :param crash_safe: copied so that its sequences survive a crash at once.
            PostgreSQL's usual way (WAL_LOG) copies a sequence with the values logged
            ahead for the source: the copy hands these out without logging them, and
            until the next checkpoint a crash takes the sequence back. FILE_COPY does
            not, at the price of two checkpoints.
        """
        strategy = "FILE_COPY" if crash_safe else "WAL_LOG"
        self.drop(target)
        with self._cloning:
            for attempt in range(20):
                try:
                    command = f'CREATE DATABASE "{target}" TEMPLATE "{source}"'
                    command += f" STRATEGY {strategy}"
                    self.query("postgres", command)
                    break
                except Problem as problem:
                    if attempt == 19 or "being accessed" not in str(problem):
                        raise
                    time.sleep(0.5)
        files = self.files(source)
        if files.exists():
            shutil.copytree(files, self.files(target), copy_function=os.link)
        return target

    def drop(self, name):
        if not name.startswith(self.prefix):
            raise Problem(f"refusing to drop {name}: not a database of the tests")
        sql.drop(self.environment, name)
        remove(self.files(name))

    def drop_leftovers(self):
        """Drop what runs that are over left behind and templates long unused."""
        for name in self.names():
            owner = name.removeprefix(self.prefix).split("_")[0]
            if owner.isdigit() and not _alive(int(owner)):
                self.drop(name)
            stamp = STAMPS / name
            if owner == "tpl" and (
                name.endswith("_new") or _age(stamp) > KEEP_DAYS * 86400
            ):
                with lock("templates"), lock("templates-demo"):
                    self.drop(name)
                stamp.unlink(missing_ok=True)

    def drop_own(self):
        """Drop the databases of this run."""
        own = self.scratch("")
        for name in self.names():
            if name.startswith(own):
                self.drop(name)

    def files(self, name):
        return STATE / "data" / "filestore" / name

    # ---- templates ----

    def template(self, chain, demo=False):
        """The database with just these modules of Odoo; built when it is missing.

        A larger set starts from the template of a smaller one, so that an addon
        can be installed beside exactly what it depends on.

        :param chain: sets of names, each within the next; the last one is wanted
        :param demo: with Odoo's demo data, loaded into a copy of the one without
        """
        below = self.template(chain) if demo else None
        with self._building[demo], lock(f"templates{'-demo' * demo}"):
            for wanted in chain[-1:] if demo else chain:
                name = self._template_name(wanted, demo)
                if name not in self.names():
                    self._build(name, wanted, below, demo)
                stamp = STAMPS / name
                stamp.parent.mkdir(parents=True, exist_ok=True)
                stamp.write_text(" ".join(sorted(wanted)) + "\n")
                below = name
        return below

    def _template_name(self, modules, demo):
        made_of = self.environment.odoo.key, sha256(python.LOCK), sorted(modules), demo
        return f"{self.prefix}tpl_{key(made_of)}"

    def _build(self, name, modules, below, demo):
        unfinished = f"{name}_new"
        self.drop(unfinished)
        if below:
            self.clone(below, unfinished)
        quiet = "--stop-after-init", "--no-http"
        install = "-i", ",".join(sorted(modules)), *quiet
        load = "module", "force-demo", "--database", unfinished
        what = "the demo data" if demo else f"{len(modules)} of its addons"
        with step(f"Template of the test databases: Odoo with {what}"):
            status, log = self.odoo(name, unfinished, *(load if demo else install))
        if status:
            raise Problem(f"building the template failed ({status})", f"see {log}")
        self.query("postgres", f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"')
        if self.files(unfinished).exists():
            remove(self.files(name))
            self.files(unfinished).rename(self.files(name))

    def harvest(self, source, template):
        """Copy the asset bundles built in `source`, to a template for instance.

        Their addresses carry a hash of what is in them, so they are right wherever
        they fit; building them again would take most of a short run.
        """
        have = {
            url
            for (url,) in self.query(
                template, f"SELECT url FROM ir_attachment WHERE {ASSETS}"
            )
        }
        select = f"SELECT {ASSET_COLUMNS} FROM ir_attachment WHERE {ASSETS}"
        rows = [row for row in self.query(source, select) if row[2] not in have]
        if not rows:
            return
        for row in rows:
            kept = self.files(template) / row[6]
            kept.parent.mkdir(parents=True, exist_ok=True)
            if not kept.exists():
                os.link(self.files(source) / row[6], kept)
        marks = ", ".join(["%s"] * len(rows[0]))
        insert = f"INSERT INTO ir_attachment ({ASSET_COLUMNS}) VALUES ({marks})"
        thin_out = (
            "DELETE FROM ir_attachment WHERE id IN (SELECT id FROM ("
            " SELECT id, row_number() OVER (PARTITION BY name ORDER BY id DESC) AS age"
            f" FROM ir_attachment WHERE {ASSETS}) AS bundles"
            f" WHERE age > {KEEP_BUNDLES})"
        )
        statements = [*((insert, row) for row in rows), (thin_out, ())]
        sql.queries(self.environment, statements, database=template)


def _alive(pid):
    return Path(f"/proc/{pid}").exists()


def _age(path):
    return time.time() - path.stat().st_mtime if path.exists() else 0
