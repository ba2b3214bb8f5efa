"""Read the log of an Odoo process: records, tests that ran, records nobody wants."""

import re
from dataclasses import dataclass
from datetime import datetime

from tools.report import Case, failed, skipped

RECORD = re.compile(
    r"(?P<when>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}) (?P<pid>\d+) "
    r"(?P<level>DEBUG|INFO|RUNBOT|WARNING|ERROR|CRITICAL) (?P<database>\S+) "
    r"(?P<logger>\S+): (?P<message>.*)"
)
STARTING = re.compile(r"Starting (?P<test>\S+) \.\.\.")
SKIPPED = re.compile(r"skipped (?P<test>\S+) : (?P<reason>.*)", re.DOTALL)
FAILURE = re.compile(
    r"(?:FAIL|ERROR): (?:Subtest )?(?P<test>.*?)\n?(?P<trace>Traceback.*)?$", re.DOTALL
)
TESTED_ADDON = re.compile(r"odoo\.addons\.(?P<addon>\w+)\.tests\b")
LOUD = ("WARNING", "ERROR", "CRITICAL")

# Records of Odoo's own making that say nothing about the suite:
# (logger, start of the message, why it is let through)
ALLOWED = (
    (
        r"odoo\.addons\.base\.models\.assetsbundle|odoo\.http|werkzeug",
        r".*web_tour\.interactive",
        "the browser of a finished tour asks for one more bundle while the test "
        "database is already closed",
    ),
    (
        r"odoo\.tools\.pdf|odoo\.addons\.base\.models\.ir_actions_report",
        r"(You need Wkhtmltopdf|wkhtmltopdf)",
        "wkhtmltopdf is optional, no test needs it",
    ),
    (
        r"odoo\.addons\.(iap\.tools\.iap_tools|partner_autocomplete\..*)",
        r"iap jsonrpc |Autocomplete API error",
        "the backend asks one of Odoo's paid services about the company; tests run "
        "without a network",
    ),
    (
        r"odoo\.sql_db",
        r'bad query: .*"iap_enrich_auto_done"',
        "two first pages of the backend note at the same time that the paid service "
        "was asked about the company; Odoo does the later one again",
    ),
    (
        "longpolling",
        r".*Invalid HTTP method: '\\x88",
        "a page was left while its websocket was still being opened: the browser's "
        "farewell (a close frame, 0x88) is read as the next request",
    ),
)


@dataclass
class Record:
    """One record with the lines that follow it (a traceback, say)."""

    when: str
    level: str
    logger: str
    message: str
    database: str = ""

    def __str__(self):
        return f"{self.when} {self.level} {self.logger}: {self.message}"

    @property
    def moment(self):
        return datetime.strptime(self.when, "%Y-%m-%d %H:%M:%S,%f").timestamp()


def records(text):
    """The records in `text`, each with its following lines."""
    current = None
    for line in text.splitlines():
        match = RECORD.match(line)
        if match:
            if current:
                yield current
            fields = match.groupdict()
            fields.pop("pid")
            current = Record(**fields)
        elif current:
            current.message += "\n" + line
    if current:
        yield current


def is_allowed(record):
    return any(
        re.fullmatch(logger, record.logger) and re.match(start, record.message)
        for logger, start, _why in ALLOWED
    )


def strays(text):
    """Warnings and errors that are neither a test's verdict nor allowed."""
    return [
        record
        for record in records(text)
        if record.level in LOUD
        and not is_allowed(record)
        and not _verdict(record)
        and not _sum(record)
    ]


def told(found):
    """Records as text, equal ones once with their number."""
    counted = {}
    for record in found:
        same = record.level, record.logger, record.message
        first, number = counted.get(same, (record, 0))
        counted[same] = first, number + 1
    return "\n".join(
        f"{first}" + (f" ({number} times)" if number > 1 else "")
        for first, number in counted.values()
    )


def tests(text):
    """The tests that ran, as cases in order; `suite` is the addon."""
    found = {}
    running, since = None, 0.0
    for record in records(text):
        addon = TESTED_ADDON.match(record.logger)
        if not addon:
            continue
        suite, module = addon["addon"], record.logger.rpartition(".")[2]
        started = STARTING.match(record.message)
        left_out = SKIPPED.match(record.message)
        verdict = _verdict(record)
        if running and (started or left_out):
            found[running].seconds = max(record.moment - since, 0)
            running = None
        if started:
            running, since = (suite, f"{module}.{started['test']}"), record.moment
            found.setdefault(running, Case(*running))
        elif left_out:
            key = suite, f"{module}.{left_out['test']}"
            found[key] = skipped(*key, left_out["reason"].strip())
        elif verdict:
            key = _owner(found, suite, module, verdict["test"])
            case = found.setdefault(key, failed(*key, ""))
            case.outcome = "failed"
            case.text += record.message + "\n"
    return list(found.values())


def _owner(found, suite, module, test):
    """The case a verdict is about: a subtest's verdict counts for its test."""
    name = f"{module}.{test}"
    for key in found:
        if key[0] == suite and (key[1] == name or name.startswith(key[1] + " ")):
            return key
    return suite, name


def _verdict(record):
    if record.level == "ERROR" and TESTED_ADDON.match(record.logger):
        return FAILURE.match(record.message)
    return None


def _sum(record):
    """The runner's own closing words about tests that failed."""
    return record.logger in ("odoo.tests.result", "odoo.service.server") and (
        re.match(r"\d+ failed, \d+ error|At least one test failed", record.message)
    )
