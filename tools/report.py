"""What a test run found: cases, their sum, the table and the JUnit file."""

import re
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"


@dataclass
class Case:
    """One thing that was tried. `text` says why it failed or was skipped."""

    suite: str
    name: str
    outcome: str = PASSED
    seconds: float = 0.0
    text: str = ""


def passed(suite, name, seconds=0.0):
    return Case(suite, name, PASSED, seconds)


def failed(suite, name, text, seconds=0.0):
    return Case(suite, name, FAILED, seconds, text)


def skipped(suite, name, text):
    return Case(suite, name, SKIPPED, 0.0, text)


def count(cases, outcome):
    return sum(case.outcome == outcome for case in cases)


def summary(cases):
    """The line a run ends with."""
    return ", ".join(
        f"{count(cases, outcome)} {outcome}" for outcome in (PASSED, FAILED, SKIPPED)
    )


def table(results):
    """One line per check.

    :param results: {check: (seconds, cases)}
    """
    width = max([len(name) for name in results] or [0])
    for name, (seconds, cases) in results.items():
        verdict = "FAILED" if count(cases, FAILED) else "ok"
        yield f"{name:<{width}}  {verdict:<6} {seconds:6.1f} s  {summary(cases)}"


def details(cases):
    """Failures in full, then skips with their reasons."""
    for case in cases:
        if case.outcome == FAILED:
            yield f"\nFAILED {case.suite}: {case.name}"
            yield "\n".join(f"    {line}" for line in case.text.splitlines())
    lost = [case for case in cases if case.outcome == SKIPPED]
    if lost:
        yield ""
    for case in lost:
        yield f"SKIPPED {case.suite}: {case.name}: {case.text}"


def write_junit(path, results):
    """Write `results` ({check: (seconds, cases)}) as JUnit XML."""
    root = ElementTree.Element("testsuites")
    for name, (seconds, cases) in results.items():
        suite = ElementTree.SubElement(
            root,
            "testsuite",
            name=name,
            time=f"{seconds:.3f}",
            tests=str(len(cases)),
            failures=str(count(cases, FAILED)),
            skipped=str(count(cases, SKIPPED)),
        )
        for case in cases:
            node = ElementTree.SubElement(
                suite,
                "testcase",
                classname=case.suite,
                name=case.name,
                time=f"{case.seconds:.3f}",
            )
            if case.outcome != PASSED:
                tag = "failure" if case.outcome == FAILED else "skipped"
                text = _printable(case.text)
                first = text.splitlines()[0] if text else case.outcome
                ElementTree.SubElement(node, tag, message=first).text = text
    path.parent.mkdir(parents=True, exist_ok=True)
    ElementTree.ElementTree(root).write(path, "utf-8", xml_declaration=True)


def read_junit(path, suite):
    """The cases in a JUnit file written by pytest."""
    path = Path(path)
    if not path.exists():
        return []
    cases = []
    for node in ElementTree.parse(path).iter("testcase"):
        name = f"{node.get('classname')}::{node.get('name')}"
        case = Case(suite, name, seconds=float(node.get("time") or 0))
        for child in node:
            if child.tag in ("failure", "error"):
                case.outcome = FAILED
                case.text = child.text or child.get("message") or ""
            elif child.tag == "skipped":
                case.outcome, case.text = SKIPPED, child.get("message") or ""
        cases.append(case)
    return cases


def _printable(text):
    """`text` without what XML cannot carry."""
    return re.sub(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd]", "?", text)
