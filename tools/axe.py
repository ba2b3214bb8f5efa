"""axe-core, which looks pages over for what shuts people out, at a pinned version.

Under the MPL-2.0: a tool of the tests, in the state folder, never part of an addon.
"""

import os
import tarfile

from tools.base import CACHE, STATE, build, key, lock, remove, step
from tools.browser import download

PACKAGE = "axe-core@4.14.1"
SHA512 = (
    "FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37Og"
    "udVGtQ=="
)
SCRIPT = "axe.min.js"


def ensure():
    """The path of the script that is put into a page."""
    home = STATE / f"axe-{key(PACKAGE, SHA512)}"
    with lock("axe"):
        if not home.exists():
            with step("axe-core: download (3 MB)"), build(home) as fresh:
                _unpack(fresh)
    return home / SCRIPT


def _unpack(fresh):
    package = CACHE / f"axe-package-{os.getpid()}"
    try:
        with tarfile.open(download(PACKAGE, SHA512, package)) as tar:
            for name in (SCRIPT, "LICENSE"):
                member = tar.extractfile(f"package/{name}")
                (fresh / name).write_bytes(member.read())
    finally:
        remove(package)
