"""Reading the log of Odoo's test runner."""

from tools import odoolog

TESTS = "odoo.addons.spoc_kb.tests"


def line(second, level, logger, message):
    return f"2026-01-01 10:00:{second:06.3f} 7 {level} db {logger}: {message}".replace(
        ".", ",", 1
    )


LOG = "\n".join(
    [
        line(0, "INFO", "odoo.modules.loading", "Loading module spoc_kb"),
        line(1, "INFO", f"{TESTS}.test_a", "Starting A.test_x ..."),
        line(3.5, "INFO", f"{TESTS}.test_a", "Starting A.test_y ..."),
        line(4, "INFO", f"{TESTS}.test_a", "======"),
        line(4, "ERROR", f"{TESTS}.test_a", "FAIL: A.test_y"),
        "Traceback (most recent call last):",
        "AssertionError: 1 != 2",
        "",
        line(5, "INFO", f"{TESTS}.test_a", "Starting A.test_z ..."),
        line(5.1, "INFO", f"{TESTS}.test_a", "skipped A.test_z : no chrome"),
        line(6, "INFO", f"{TESTS}.test_a", "Starting A.test_s ..."),
        line(6.1, "ERROR", f"{TESTS}.test_a", "ERROR: Subtest A.test_s (case=1)"),
        "Traceback (most recent call last):",
        "ValueError: one",
        line(6.2, "ERROR", f"{TESTS}.test_a", "ERROR: Subtest A.test_s (case=2)"),
        "Traceback (most recent call last):",
        "ValueError: two",
        line(7, "ERROR", f"{TESTS}.test_b", f"ERROR: setUpClass ({TESTS}.test_b.B)"),
        "Traceback (most recent call last):",
        "KeyError: 'x'",
        line(7.5, "WARNING", "odoo.addons.base.models.ir_asset", "no such path"),
        line(7.6, "WARNING", "odoo.addons.base.models.ir_asset", "no such path"),
        line(8, "ERROR", "odoo.tests.result", "1 failed, 3 error(s) of 4 tests"),
    ]
)


def outcomes(text):
    return {case.name: case.outcome for case in odoolog.tests(text)}


def test_every_test_is_told_with_its_outcome():
    assert outcomes(LOG) == {
        "test_a.A.test_x": "passed",
        "test_a.A.test_y": "failed",
        "test_a.A.test_z": "skipped",
        "test_a.A.test_s": "failed",
        f"test_b.setUpClass ({TESTS}.test_b.B)": "failed",
    }


def test_time_and_reasons():
    first, failing, skipped, subtests, _ = odoolog.tests(LOG)
    assert first.seconds == 2.5 and first.suite == "spoc_kb"
    assert "1 != 2" in failing.text
    assert skipped.text == "no chrome"
    assert "one" in subtests.text and "two" in subtests.text


def test_warnings_outside_verdicts_are_strays():
    strays = odoolog.strays(LOG)
    assert [record.message for record in strays] == ["no such path"] * 2
    assert odoolog.told(strays).endswith("no such path (2 times)")


def test_nothing_ran():
    assert odoolog.tests("garbage\n") == []
    assert odoolog.strays("") == []


def test_allowed_records_are_no_strays():
    report = "odoo.addons.base.models.ir_actions_report"
    text = line(0, "WARNING", report, "You need Wkhtmltopdf to print")
    assert odoolog.strays(text) == []
    text = line(0, "WARNING", report, "Something else")
    assert len(odoolog.strays(text)) == 1


def test_a_farewell_of_a_browser_is_let_through_but_no_other_bad_request():
    said = "<socket> (from ('127.0.0.1', 3)) Invalid HTTP method: "
    farewell = line(1, "ERROR", "longpolling", said + r"'\x88\x82èÍà\x8dë$'")
    other = line(2, "ERROR", "longpolling", said + "'GRAB / HTTP/1.1'")
    assert [record.message for record in odoolog.strays(f"{farewell}\n{other}")] == [
        said + "'GRAB / HTTP/1.1'"
    ]
