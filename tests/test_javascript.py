"""The JavaScript unit tests of the addons (hoot), in a real browser."""

import re
import time
from pathlib import Path

import pytest

ADDONS = Path(__file__).resolve().parent.parent / "addons"
FILES = ADDONS.glob("*/static/tests/*.test.js")
SUITES = sorted({path.parents[2].name for path in FILES})
# What hoot expects of each
SIZES = {
    "desktop": {"width": 1366, "height": 768},
    "mobile": {"width": 375, "height": 667},
}
PATIENCE = 120
ENDED = re.compile(r"\[HOOT\] (?:Test suite succeeded|.*failed)", re.I)


def suite_id(name):
    """What hoot calls a suite: a hash of its name."""
    number = 0
    for character in name:
        number = ((number << 5) - number + ord(character)) & 0xFFFFFFFF
    return f"{number:08x}"


def test_suite_id():
    assert suite_id("@web/core") == "e39ce9ba"


@pytest.mark.parametrize("preset", ["desktop", "mobile"])
def test_unit(visit, preset):
    """Only our own suites: the page knows those of all installed addons."""
    for addon in SUITES:
        _run(visit("admin", size="desktop" if preset == "desktop" else "phone"), addon)


def _run(visitor, addon):
    preset = "mobile" if visitor.size == "phone" else "desktop"
    visitor.page.set_viewport_size(SIZES[preset])
    said = []
    visitor.page.on("console", lambda line: said.append(line.text.replace("%c", "")))
    address = f"/web/tests?headless&loglevel=2&preset={preset}&timeout=15000"
    visitor.go(f"{address}&id={suite_id(f'@{addon}')}")
    deadline = time.monotonic() + PATIENCE
    while not any(ENDED.search(text) for text in said):
        assert time.monotonic() < deadline, f"{addon} does not end\n{said}"
        visitor.page.wait_for_timeout(200)
    text = "\n".join(said)
    assert "[HOOT] Test suite succeeded" in text, f"{addon}\n{text}"
    ran = re.search(r"\[HOOT\] Passed (\d+) tests", text)
    assert ran and int(ran[1]) > 0, f"{addon}\n{text}"
