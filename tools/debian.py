"""Debian packages without installing them: find the mirror, fetch, unpack.

The mirror is the one this machine's apt is configured for (or SPOC_DEBIAN_MIRROR).
A pinned package is fetched straight from the pool and checked by SHA-256: it needs
neither package lists nor a keyring and works on any Linux. When the pool no longer
has it, the newest one of the same name is taken through package lists of our own,
whose signature apt verifies with Debian's archive keyring.
"""

import lzma
import os
import re
import shutil
import subprocess
import tarfile
from functools import cache
from pathlib import Path
from urllib.parse import quote

from .base import CACHE, Problem, build, fetch, key, remove, run

KEYRINGS = (
    "/usr/share/keyrings/debian-archive-keyring.gpg",
    "/usr/share/keyrings/debian-archive-keyring.pgp",
)


@cache
def mirrors():
    """Addresses of the configured mirrors, most likely first; may be empty.

    `apt-get indextargets` knows them only once lists were downloaded; the addresses
    an update would fetch are known always, on a fresh machine too.
    """
    if named := os.environ.get("SPOC_DEBIAN_MIRROR"):
        return [named.rstrip("/")]
    if not shutil.which("apt-get"):
        return []
    listed = subprocess.run(
        ["apt-get", "--print-uris", "update"],
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    found = re.findall(r"^'(\S+?)/dists/\S+/(?:In)?Release'", listed, re.M)
    return [url for url in dict.fromkeys(found) if not url.endswith("-security")]


def _need_mirrors():
    if not mirrors():
        raise Problem(
            "no Debian mirror is known: this machine has no apt configuration",
            "set SPOC_DEBIAN_MIRROR to a Debian mirror's address, "
            "or ODOO_HOME to an Odoo 19.0 of your own",
        )
    return mirrors()


def pinned(path, digest):
    """Fetch the package at `path` of the mirror's pool, checked by SHA-256."""
    urls = [f"{mirror}/{quote(path)}" for mirror in _need_mirrors()]
    return fetch(urls, digest, CACHE / Path(path).name)


def newest(package, suite):
    """Fetch the newest `package` of `suite`, verified by Debian's signature."""
    keyring = next((path for path in KEYRINGS if Path(path).exists()), None)
    if not keyring or not shutil.which("apt-get"):
        raise Problem(
            f"{package}: its newest revision needs apt and Debian's archive keyring",
            "install the package debian-archive-keyring, or set ODOO_HOME",
        )
    for mirror in _need_mirrors():
        try:
            return _by_lists(package, suite, mirror, keyring)
        except Problem as error:
            problem = error
    raise problem


def _by_lists(package, suite, mirror, keyring):
    """Download through package lists kept in our own cache."""
    home = CACHE / f"apt-{key(mirror, suite)}"
    for part in ("lists/partial", "cache/archives/partial"):
        (home / part).mkdir(parents=True, exist_ok=True)
    (home / "sources.list").write_text(
        f"deb [signed-by={keyring}] {mirror} {suite} main\n"
    )
    options = {
        "Dir::Etc::sourcelist": home / "sources.list",
        "Dir::Etc::sourceparts": "/nonexistent",
        "Dir::State::lists": home / "lists",
        "Dir::Cache": home / "cache",
        "Acquire::Languages": "none",
        "Acquire::AllowInsecureRepositories": "false",
        # A frozen mirror's Release may have expired; its signature still holds.
        "Acquire::Check-Valid-Until": "false",
        "APT::Get::AllowUnauthenticated": "false",
        "APT::Sandbox::User": "",
    }
    apt = ["apt-get", "-qq", *(f"-o{name}={value}" for name, value in options.items())]
    run([*apt, "update"])
    with build(home / "download") as folder:
        run([*apt, "download", package], cwd=folder)
    (deb,) = (home / "download").glob("*.deb")
    kept = deb.rename(CACHE / deb.name)
    remove(home)
    return kept


def unpack(deb, target, wanted=lambda name: True):
    """Unpack the files of a .deb whose path (no leading ./) is `wanted`."""
    with open(deb, "rb") as file:
        _seek_member(file, "data.tar")
        # tarfile's default buffer: a larger one makes reading xz quadratic.
        with lzma.open(file) as data, tarfile.open(fileobj=data, mode="r|") as archive:
            if hasattr(tarfile, "tar_filter"):  # Debian 12's Python lacks it
                archive.extraction_filter = tarfile.tar_filter
            for entry in archive:
                entry.name = entry.name.removeprefix("./")
                if entry.isdir() or not wanted(entry.name):
                    continue
                archive.extract(entry, target, set_attrs=False)


def _seek_member(file, prefix):
    """Go to the start of the ar member whose name starts with `prefix`."""
    if file.read(8) != b"!<arch>\n":
        raise Problem(f"{file.name} is not a Debian package")
    while header := file.read(60):
        name, size = header[:16].decode().strip(), int(header[48:58])
        if name.startswith(prefix):
            if not name.rstrip("/").endswith(".xz"):
                raise Problem(f"{file.name}: {name} is compressed in an unknown way")
            return
        file.seek(size + size % 2, 1)
    raise Problem(f"{file.name} has no {prefix}")
