"""The parts of ./spoc that need neither network nor Odoo."""

import io
import os
import subprocess
import sys
import tarfile
import time
from pathlib import Path

import pytest

from tools import base, debian, install, odoo, postgres, run


@pytest.fixture(autouse=True)
def state(tmp_path, monkeypatch):
    """A state folder of the test's own."""
    home = tmp_path / "state"
    for module in (base, odoo, install):
        monkeypatch.setattr(module, "STATE", home)
    monkeypatch.setattr(base, "CACHE", home / "cache")
    monkeypatch.setattr(base, "LOGS", home / "log")
    return home


def test_state_folder_ignores_itself(state):
    base.state()
    assert (state / ".gitignore").read_text() == "*\n"


def test_lock_is_exclusive_and_freed(state):
    with base.lock("x") as held:
        assert held
        with base.lock("x", wait=False) as second:
            assert second is False
    with base.lock("x", wait=False) as third:
        assert third


def test_build_appears_only_when_complete(state):
    state.mkdir()
    target = state / "thing"
    with pytest.raises(RuntimeError), base.build(target) as fresh:
        (fresh / "half").touch()
        raise RuntimeError
    assert not target.exists()
    with base.build(target) as fresh:
        (fresh / "whole").touch()
    assert [path.name for path in state.iterdir()] == ["thing"]
    assert [path.name for path in target.iterdir()] == ["whole"]


def test_fetch_refuses_other_content(tmp_path, monkeypatch):
    monkeypatch.setattr(base, "APT_HELPER", tmp_path / "none")
    source, dest = tmp_path / "source", tmp_path / "folder" / "dest"
    source.write_text("good")
    digest = base.sha256(source)
    missing, url = (tmp_path / "missing").as_uri(), source.as_uri()
    assert base.fetch([missing, url], digest, dest).read_text() == "good"
    dest.write_text("damaged")
    assert base.fetch([url], digest, dest).read_text() == "good"
    source.write_text("evil")
    dest.unlink()
    with pytest.raises(base.Problem, match="wrong content"):
        base.fetch([url], digest, dest)
    assert list(dest.parent.iterdir()) == []


def test_child_ends_with_its_parent(tmp_path):
    mark = tmp_path / "pid"
    code = (
        "import sys, time\n"
        f"sys.path.insert(0, {str(base.ROOT)!r})\n"
        "from tools import base\n"
        f"base.run(['sh', '-c', 'echo $$ > \"$0\"; exec sleep 60', {str(mark)!r}])\n"
    )
    with subprocess.Popen([sys.executable, "-c", code]) as parent:
        while not mark.exists() or not mark.read_text():
            time.sleep(0.02)
        parent.kill()
    process = Path("/proc", mark.read_text().strip())
    limit = time.monotonic() + 5
    while process.exists() and time.monotonic() < limit:
        time.sleep(0.02)
    assert not process.exists()


def test_failed_command_tells_its_last_words():
    with pytest.raises(base.Problem, match="so sad") as caught:
        base.run(["sh", "-c", "echo so sad; exit 3"])
    assert "(3)" in caught.value.message


def deb(path, files):
    """Write a minimal .deb with these files."""
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:xz") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(f"./{name}")
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    with open(path, "wb") as file:
        file.write(b"!<arch>\n")
        for name, content in (
            ("debian-binary", b"2.0\n"),
            ("control.tar.xz", b"odd"),
            ("data.tar.xz", data.getvalue()),
        ):
            file.write(
                f"{name:16}{0:<12}{0:<6}{0:<6}{644:<8}{len(content):<10}".encode()
            )
            file.write(b"`\n" + content + b"\n" * (len(content) % 2))


def test_unpack_takes_what_is_wanted(tmp_path):
    archive, target = tmp_path / "a.deb", tmp_path / "target"
    kept = {
        "usr/lib/python3/dist-packages/odoo/addons/mail/i18n/ru.po": b"r",
        "usr/lib/python3/dist-packages/odoo/addons/mail/i18n/sv.po": b"s",
        "usr/lib/python3/dist-packages/odoo/addons/mail/i18n/mail.pot": b"m",
        "usr/lib/python3/dist-packages/odoo/addons/mail/models/run.py": b"p",
    }
    left = {
        "usr/lib/python3/dist-packages/odoo/addons/mail/i18n/de.po": b"d",
        "usr/lib/python3/dist-packages/odoo/addons/mail/i18n/sl.po": b"d",
        "usr/lib/python3/dist-packages/addons/mail/models/run.py": b"p",
        "usr/share/doc/odoo/README": b"x",
    }
    deb(archive, kept | left)
    debian.unpack(archive, target, odoo._wanted(["en", "ru", "sv"]))
    found = {
        str(path.relative_to(target)): path.read_bytes()
        for path in target.rglob("*")
        if path.is_file()
    }
    assert found == kept


def test_unpack_refuses_what_is_no_package(tmp_path):
    (tmp_path / "a.deb").write_text("<html>")
    with pytest.raises(base.Problem, match="not a Debian package"):
        debian.unpack(tmp_path / "a.deb", tmp_path / "target")


@pytest.mark.parametrize(
    ("version", "fits"), [("(19, 0, 0", True), ("(18, 0, 0", False)]
)
def test_own_odoo(tmp_path, version, fits):
    (tmp_path / "odoo").mkdir()
    (tmp_path / "addons").mkdir()
    (tmp_path / "odoo-bin").touch()
    (tmp_path / "odoo" / "release.py").write_text(f"version_info = {version}, 0, '')\n")
    if fits:
        home = odoo.own(tmp_path)
        assert home.script == tmp_path / "odoo-bin"
        assert home.addons_paths == [tmp_path / "addons"]
    else:
        with pytest.raises(base.Problem, match="18.0; spoc needs 19.0"):
            odoo.own(tmp_path)


def test_own_odoo_of_distribution_packages(tmp_path):
    packages = tmp_path / "usr" / "lib" / "python3" / "dist-packages"
    (packages / "odoo").mkdir(parents=True)
    (packages / "odoo" / "release.py").write_text("version_info = (19, 0, 0)")
    (tmp_path / "usr" / "bin").mkdir()
    (tmp_path / "usr" / "bin" / "odoo").touch()
    for named in (packages, tmp_path):
        assert odoo.own(named).script == tmp_path / "usr" / "bin" / "odoo"


def test_no_odoo_there(tmp_path):
    with pytest.raises(base.Problem, match="holds no Odoo"):
        odoo.own(tmp_path)


def test_digest_follows_what_the_database_is_made_of(tmp_path):
    addon = tmp_path / "addon"
    for folder in ("models", "static", "tests"):
        (addon / folder).mkdir(parents=True)
        (addon / folder / "a.py").write_text("1")
    before = install.digest(addon)
    (addon / "static" / "a.py").write_text("2")
    (addon / "tests" / "a.py").write_text("2")
    assert install.digest(addon) == before
    (addon / "models" / "a.py").write_text("2")
    assert install.digest(addon) != before


def test_stale_note_of_a_crashed_server(tmp_path, monkeypatch):
    monkeypatch.setattr(postgres, "DATA", tmp_path)
    assert postgres.running() is None
    lines = [os.getpid(), tmp_path, 0, 5432, "", "127.0.0.1", "1 2", "ready   "]
    note = tmp_path / "postmaster.pid"
    note.write_text("\n".join(map(str, lines)))
    # This process exists, but works elsewhere: it is no server of that folder, and
    # its note would keep one from starting.
    assert postgres.running() is None
    assert not note.exists()
    monkeypatch.chdir(tmp_path)
    note.write_text("\n".join(map(str, lines)))
    assert postgres.running() == (os.getpid(), 5432)
    note.write_text("\n".join(map(str, lines[:-1] + ["stopping"])))
    assert postgres.running() is None
    assert note.exists()


def test_run_options_for_odoo():
    options = run.arguments(["--port", "8100", "--", "--dev=xml", "--workers=2"])
    assert options.port == 8100
    assert options.options == ["--dev=xml", "--workers=2"]
