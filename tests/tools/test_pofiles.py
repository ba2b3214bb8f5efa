"""Translation files: what is merged and what is refused."""

import polib
import pytest

from tools import pofiles

pofiles.polib = polib


def template(*terms):
    pot = polib.POFile()
    pot.extend(polib.POEntry(msgid=term, occurrences=[("x", "")]) for term in terms)
    return pot


def translation(path, **terms):
    po = polib.POFile()
    po.extend(polib.POEntry(msgid=key, msgstr=text) for key, text in terms.items())
    po.save(str(path))
    return path


def test_merge_keeps_what_is_known_and_drops_what_is_gone(tmp_path):
    old = polib.pofile(translation(tmp_path / "sv.po", Ticket="Ärende", Gone="Borta"))
    new = pofiles.merged(template("Desk", "Ticket"), old, "spoc_x", "sv")
    assert {entry.msgid: entry.msgstr for entry in new} == {
        "Desk": "",
        "Ticket": "Ärende",
    }
    assert not any("Date" in key for key in new.metadata)


def test_a_doubtful_translation_is_asked_for_again():
    old = polib.POFile()
    old.append(polib.POEntry(msgid="Desk", msgstr="Bord", flags=["fuzzy"]))
    assert pofiles.merged(template("Desk"), old, "spoc_x", "sv")[0].msgstr == ""


def test_complete(tmp_path):
    path = translation(tmp_path / "sv.po", Ticket="Ärende")
    assert not list(pofiles.faults(template("Ticket"), path))


def test_missing_empty_and_foreign_terms(tmp_path):
    path = translation(tmp_path / "sv.po", Desk="", Other="Annan")
    found = "\n".join(pofiles.faults(template("Desk", "Ticket"), path))
    assert "empty: 'Desk'" in found
    assert "missing: 'Ticket'" in found
    assert "not in the template: 'Other'" in found


@pytest.mark.parametrize(
    ("source", "wrong"),
    [
        ("%(who)s took it", "%(vem)s tog det"),
        ("%s of %s", "%s av"),
        ("Hello {{ object.name }}", "Hej {{ objekt.name }}"),
        ("<b>Bold</b> text", "Fet text"),
        ('<a href="/spoc">Ask</a>', '<a href="/fraga">Fråga</a>'),
        ("Ends with a blank ", "Slutar utan"),
        (
            "Every request gets a number at once",
            "Every request gets a number at once",
        ),
    ],
)
def test_what_differs_is_told(source, wrong):
    assert list(pofiles._differences(source, wrong))


@pytest.mark.parametrize(
    ("source", "right"),
    [
        ("80% of them", "80 % av dem"),
        ("%(who)s took %(what)s", "%(what)s togs av %(who)s"),
        ("E-mail", "E-mail"),
        ("Nordvik Group", "Nordvik Group"),
    ],
)
def test_what_may_differ(source, right):
    assert not list(pofiles._differences(source, right))


def test_outdated_template(tmp_path):
    path = tmp_path / "spoc_x.pot"
    assert pofiles.outdated(template("Desk"), path)
    pofiles._write(template("Desk"), path)
    assert not pofiles.outdated(template("Desk"), path)
    assert pofiles.outdated(template("Desk", "Ticket"), path) == ["new: 'Ticket'"]
