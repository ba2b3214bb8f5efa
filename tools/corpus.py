"""Texts for measurements: the help of LibreOffice from Debian, unpacked below .spoc."""

from . import debian
from .base import STATE, Problem, build, key, lock, step

POOL = "pool/main/libr/libreoffice/libreoffice-help-{}_7.4.7-1+deb12u14_all.deb"
SUITE = "bookworm"
# language -> (end of the package's name, its SHA-256)
PACKAGES = {
    "en": ("en-us", "8faa840285734d6cfe1ed25537b48f07e74bd6412e3917bf8e5f8a653f7b3712"),
    "ru": ("ru", "5a2f75d5b0dfcf660275070647af528a81be28b5d3e9c3ec2d419ef5518db7a2"),
    "sv": ("sv", "1b34145188f08aff7029fdc1ae378141494743d93cb09d9a3e782a229941ab66"),
}


def ensure():
    """{language: folder with its unpacked package}."""
    home = STATE / f"corpus-{key(PACKAGES)}"
    with lock("corpus"):
        if not home.exists():
            with step("Texts: download"), build(home) as fresh:
                for lang, (name, digest) in PACKAGES.items():
                    debian.unpack(_package(name, digest), fresh / lang, _wanted)
    return {lang: home / lang for lang in PACKAGES}


def _package(name, digest):
    """The very package the figures are of, or the one that followed it."""
    try:
        return debian.pinned(POOL.format(name), digest)
    except Problem:
        return debian.newest(f"libreoffice-help-{name}", SUITE)


def _wanted(name):
    return name.endswith(".html")
