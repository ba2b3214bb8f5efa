"""PostgreSQL must search in three languages: verified before it is used."""

from . import sql
from .base import Problem
from .pgbinaries import EXTENSIONS

MIN_VERSION = 150000
# What a server answers that stems, folds case and sorts letters beyond ASCII right.
WORDS = (
    ("english", "Printers", "'printer':1"),
    ("russian", "ПРИНТЕРЫ", "'принтер':1"),
    ("swedish", "SKRIVARNA ÄRENDEN", "'skriv':1 'ärend':2"),
)


def verify(environment):
    """Raise a Problem unless the server has all that the suite searches with."""
    wrong = list(faults(environment))
    if wrong:
        raise Problem(
            "this PostgreSQL server does not do:\n    " + "\n    ".join(wrong),
            "install the contrib package of its version (on Debian it is part of "
            "the server), use a UTF-8 locale, or unset PGHOST for a private server",
        )


def faults(environment):
    """What is wrong with the server, in words."""
    statements = [
        ("SHOW server_version_num", ()),
        ("SELECT name FROM pg_available_extensions", ()),
        ("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname=current_user", ()),
        ("SELECT cfgname FROM pg_ts_config", ()),
    ]
    number, names, creates, configs = sql.queries(environment, statements)
    if int(number[0][0]) < MIN_VERSION:
        yield f"version {number[0][0]}: 15 or newer is needed"
    for extension in EXTENSIONS:
        if [extension] not in names:
            yield f"extension {extension} is not available"
    if not creates or not creates[0][0]:
        yield "the role may not create databases"
    missing = [config for config, _word, _want in WORDS if [config] not in configs]
    yield from (f"text search in {config} is missing" for config in missing)
    if not missing:
        yield from _language_faults(environment)


def _language_faults(environment):
    asked = [
        ("SELECT to_tsvector(%s::regconfig, %s)::text", (config, word))
        for config, word, _want in WORDS
    ]
    answers = sql.queries(environment, [*asked, ("SELECT lower('ÅЖ')", ())])
    for (config, word, want), answer in zip(WORDS, answers, strict=False):
        if answer[0][0] != want:
            yield f"text search in {config}: {word} gives {answer[0][0]}, not {want}"
    if answers[-1][0][0] != "åж":
        yield "letters beyond ASCII are not folded: the locale is not a UTF-8 one"
