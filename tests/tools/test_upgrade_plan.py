"""When the released version is upgraded, and what is said when it is not there."""

from argparse import Namespace

from tools import report, testing, upgrade


def plan(*what):
    return testing._plan(Namespace(what=list(what), k=""))


def test_it_is_no_part_of_the_quick_run():
    assert "upgrade" not in plan()
    assert "upgrade" in plan("all")
    assert list(plan("upgrade")) == ["upgrade"]


def test_without_history_it_says_so(monkeypatch):
    monkeypatch.setattr(upgrade, "_git", lambda *args: False)
    (case,) = upgrade.check(None)
    assert case.outcome == report.SKIPPED
    assert "needs the history of the repository" in case.text
