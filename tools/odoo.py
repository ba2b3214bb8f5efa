"""Odoo itself: Debian's package unpacked in the state folder, or one of your own.

ODOO_HOME (or --odoo) may name a git checkout of the branch 19.0, an unpacked release,
or a folder of installed packages that holds `odoo`, as the official Docker image's
/usr/lib/python3/dist-packages. Otherwise Debian's `odoo-19` is unpacked at a pinned
revision, together with the fonts and scripts it links to.
"""

import hashlib
import os
import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from . import debian
from .base import CACHE, STATE, Problem, build, key, lock, sha256, step, warn

SERIES = (19, 0)
# Taken from Debian's signed package index.
ODOO = (
    "odoo-19",
    "sid",
    "pool/main/o/odoo/odoo-19_19.0.0+dfsg-1_all.deb",
    "9d2f598b0555db17e291d48ed24df184c70823c053c4c5ed53c467ca7f629bbf",
)
# Odoo's package links to files of these; a dangling link is fatal to it. From the
# stable release, whose pool keeps them for years.
SUPPORT = [
    (
        "libjs-jquery",
        "trixie",
        "pool/main/n/node-jquery/libjs-jquery_3.6.1+dfsg+~3.5.14-1_all.deb",
        "a58c9ff6afe96c769cb6535754c909410760e4efa1e1540236194e489adcfb25",
    ),
    (
        "libjs-jquery-form",
        "trixie",
        "pool/main/j/jquery-goodies/libjs-jquery-form_12-4_all.deb",
        "fbfeedcd3eaf519b3cdcc88e93a1c79f6775da71657bac763f1430fe66e8a1da",
    ),
    (
        "libjs-underscore",
        "trixie",
        "pool/main/u/underscore/libjs-underscore_1.13.4~dfsg+~1.11.4-3_all.deb",
        "4a0fbc90e7f62ea50c4ac7453352721fa60bb5eac87e9f39a027908faff29015",
    ),
    (
        "fonts-font-awesome",
        "trixie",
        "pool/main/f/fonts-font-awesome/"
        "fonts-font-awesome_5.0.10+really4.7.0~dfsg-4.1_all.deb",
        "5f09e1adce26d59628a239c538882d53e58978b958233864fc617be9a510018e",
    ),
    (
        "fonts-inconsolata",
        "trixie",
        "pool/main/f/fonts-inconsolata/fonts-inconsolata_001.010-6_all.deb",
        "bb5015c631cd47aa7d9d6e0ecd101f0e1234300f935e7719ea32ed9b640f0ac4",
    ),
    (
        "fonts-montserrat",
        "trixie",
        "pool/main/f/fonts-montserrat/fonts-montserrat_7.222-3_all.deb",
        "a81478bf74ed431d488f5954ba8bece10b17bdfafc24590a7048b283dcbd40f1",
    ),
    (
        "fonts-ocr-b",
        "trixie",
        "pool/main/f/fonts-ocr-b/fonts-ocr-b_0.3.1~dfsg-1_all.deb",
        "dd718b7c1d28375b1363eee8c1104cd6fef26f45d9e20d3bd4f30ed16986ee55",
    ),
    (
        "fonts-roboto-unhinted",
        "trixie",
        "pool/main/f/fonts-roboto/fonts-roboto-unhinted_0~20170802-4_all.deb",
        "048f1e05cfb1ad1e5cd1c283cd61f2276c6a36f75e85032ddfd65db252b4634e",
    ),
]
# Debian removes this file, which mail's bundle names: an empty one keeps the log and
# the browser's console clean (call backgrounds cannot be blurred either way).
STRIPPED = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"
PACKAGES = "usr/lib/python3/dist-packages"


@dataclass
class OdooHome:
    """One Odoo: how to start it and what it is."""

    root: Path
    script: Path
    pythonpath: Path
    version: str
    key: str
    addons_paths: list[Path] = field(default_factory=list)


def ensure(named=None):
    """The Odoo to use, unpacked first if need be.

    :param named: a folder to use instead of ODOO_HOME.
    """
    named = named or os.environ.get("ODOO_HOME")
    return own(named) if named else _packaged()


def own(folder):
    """The user's own Odoo at `folder`; a Problem when it is not one of 19.0."""
    home = Path(folder).expanduser().resolve()
    if not (home / "odoo" / "release.py").exists() and (home / PACKAGES).exists():
        home = home / PACKAGES
    release = home / "odoo" / "release.py"
    if not release.exists():
        raise Problem(
            f"{home} holds no Odoo (no odoo/release.py)",
            "set ODOO_HOME to a git checkout of Odoo 19.0 or to a folder of "
            "installed packages such as /usr/lib/python3/dist-packages",
        )
    if not (script := _script(home)):
        raise Problem(
            f"no start script (odoo-bin or odoo) was found for {home}",
            "put `odoo` on PATH or point ODOO_HOME at a git checkout",
        )
    addons = [path for path in [home / "addons"] if path.is_dir()]
    version = _version(release)
    return OdooHome(
        root=home,
        script=script,
        pythonpath=home,
        version=version,
        key=key(str(home), version, _commit(home), release.stat().st_mtime),
        addons_paths=addons,
    )


def _script(home):
    """The script that starts Odoo; `python -m odoo` breaks its worker processes."""
    places = [home / "odoo-bin", (home / "../../../bin/odoo").resolve()]
    if found := shutil.which("odoo"):
        places.append(Path(found))
    return next((place for place in places if place.is_file()), None)


def _version(release):
    text = release.read_text()
    match = re.search(r"version_info\s*=\s*\((\d+),\s*(\d+)", text)
    if not match or tuple(map(int, match.groups())) != SERIES:
        found = ".".join(match.groups()) if match else "unknown"
        raise Problem(
            f"{release.parent.parent} is Odoo {found}; spoc needs 19.0",
            "check out the branch 19.0, or leave ODOO_HOME unset",
        )
    return ".".join(map(str, SERIES))


def _commit(home):
    """The commit of a git checkout, read without git; empty when there is none."""
    head = home / ".git" / "HEAD"
    if not head.is_file():
        return ""
    text = head.read_text().strip()
    ref = home / ".git" / text.removeprefix("ref: ")
    return ref.read_text().strip() if ref.is_file() else text


def _languages():
    """Languages whose translations are unpacked; all of them are a gigabyte."""
    extra = os.environ.get("SPOC_LANGUAGES", "").replace(",", " ").split()
    return sorted({"en", "ru", "sv", *(code.split("_")[0] for code in extra)})


def _wanted(languages):
    """What of Odoo's package is needed: a second addons folder repeats thousands."""
    kept = "|".join(languages)
    foreign = re.compile(rf"/i18n(?:_extra)?/(?!(?:{kept})[_.@])[^/]*\.po$")
    unused = f"{PACKAGES}/addons/", "usr/share/doc/", "etc/"

    def wanted(name):
        return not (name.startswith(unused) or foreign.search(name))

    return wanted


def _packaged():
    languages = _languages()
    name = f"odoo-{key(ODOO, SUPPORT, languages)}"
    with lock("odoo"):
        for root in (STATE / name, STATE / f"{name}-newest"):
            if root.exists():
                return _home_of_package(root)
        debs, revision = _download()
        root = STATE / (f"{name}-newest" if revision else name)
        with step("Odoo: unpack"), build(root) as fresh:
            for deb in debs[1:]:
                debian.unpack(deb, fresh, lambda path: path.startswith("usr/share/"))
            debian.unpack(debs[0], fresh, _wanted(languages))
            stripped = fresh / PACKAGES / "odoo" / "addons" / STRIPPED
            if not stripped.exists():
                stripped.parent.mkdir(parents=True, exist_ok=True)
                stripped.write_text("/* removed by Debian */\n")
            (fresh / "REVISION").write_text(revision)
        return _home_of_package(root)


def _home_of_package(root):
    revision = (root / "REVISION").read_text()
    if revision:
        warn(
            f"Odoo is not the pinned revision but {revision}, the newest in Debian "
            "(its signature was verified); `./spoc reset --odoo` tries again"
        )
    home = root / PACKAGES
    return OdooHome(
        root=root,
        script=root / "usr" / "bin" / "odoo",
        pythonpath=home,
        version=_version(home / "odoo" / "release.py"),
        key=hashlib.sha256(f"{root.name} {revision}".encode()).hexdigest()[:12],
    )


def _download():
    """Odoo's package and its support; what revision it is if not the pinned one."""
    with step("Odoo: download (135 MB)") as current:
        current.detail = _downloaded
        revision = ""
        try:
            debs = [debian.pinned(*ODOO[2:])]
        except Problem as problem:
            warn(f"the pinned revision of Odoo cannot be had: {problem.message}")
            warn("taking the NEWEST one that Debian signed; spoc was not tested on it")
            debs = [debian.newest(*ODOO[:2])]
            revision = f"{debs[0].name} sha256 {sha256(debs[0])}"
        for package, suite, path, digest in SUPPORT:
            try:
                debs.append(debian.pinned(path, digest))
            except Problem:
                warn(f"{package} is not at its pinned revision; taking the newest")
                debs.append(debian.newest(package, suite))
        return debs, revision


def _downloaded():
    sizes = [path.stat().st_size for path in CACHE.glob("*.deb*")]
    return f"{sum(sizes) >> 20} MB so far"
