"""What a run says at its end, and what it counts."""

from xml.etree import ElementTree

from tools import report, testing
from tools.report import failed, passed, skipped

RESULTS = {
    "a": (1.0, [passed("a", "one"), failed("a", "two", "because\x00 of it")]),
    "b": (2.0, [skipped("b", "three", "no reason")]),
}


def test_summary_is_one_plain_line():
    cases = [case for _, found in RESULTS.values() for case in found]
    assert report.summary(cases) == "1 passed, 1 failed, 1 skipped"


def test_junit_can_be_read_again(tmp_path):
    path = tmp_path / "x" / "junit.xml"
    report.write_junit(path, RESULTS)
    suites = ElementTree.parse(path).getroot()
    assert [suite.get("failures") for suite in suites] == ["1", "0"]
    assert [case.outcome for case in report.read_junit(path, "s")] == [
        "passed",
        "failed",
        "skipped",
    ]


def test_the_last_line_and_the_exit_code(capsys, monkeypatch, tmp_path):
    monkeypatch.setattr(testing, "JUNIT", tmp_path / "junit.xml")
    assert testing._close(RESULTS, 3) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "1 passed, 1 failed, 1 skipped"
    assert testing._close({"a": (1.0, [passed("a", "one")])}, 3) == 0


def test_nothing_ran_is_a_failure(monkeypatch, tmp_path):
    monkeypatch.setattr(testing, "JUNIT", tmp_path / "junit.xml")
    assert testing._close({"a": (1.0, [])}, 3) == 1
