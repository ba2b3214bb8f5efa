"""Fixtures of the whole-suite tests.

They need a database with the suite and its demo data, Odoo's own command and a
browser: `./spoc test` prepares them and says where they are in a file named by
SPOC_TEST_CONTEXT.
"""

import json
import os
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

FAILED = pytest.StashKey[bool]()


def pytest_configure(config):
    config.addinivalue_line("markers", "slow: only `./spoc test all` runs it")
    config.addinivalue_line("markers", "alone: only `./spoc test faults` runs it")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.failed:
        item.stash[FAILED] = True
    return report


@pytest.fixture(scope="session")
def context():
    """Where the database, Odoo and the browser are."""
    path = os.environ.get("SPOC_TEST_CONTEXT")
    if not path:
        pytest.fail("no database prepared: run this by ./spoc test", pytrace=False)
    return json.loads(Path(path).read_text("utf-8"))


@pytest.fixture(scope="session")
def artefacts(context):
    folder = Path(context["artefacts"])
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def outbox():
    """SMTP server that keeps what Odoo sends."""
    from tests.support.mail import Outbox

    server = Outbox().start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def mailbox(artefacts):
    """IMAP server from which Odoo fetches."""
    from tests.support.mail import Mailbox

    server = Mailbox(artefacts / "imap.log").start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def running(context, artefacts, outbox):
    """The server, told to send by `outbox`."""
    from tests.support.server import Server

    server = Server(context, artefacts / "server.log")
    try:
        server.start()
        admin = server.client("admin")
        admin("ir.config_parameter", "set_param", "web.base.url", server.url)
        admin("ir.config_parameter", "set_param", "web.base.url.freeze", "True")
        values = {
            "name": "outbox",
            "smtp_host": "127.0.0.1",
            "smtp_port": outbox.port,
            "smtp_encryption": "none",
            "smtp_authentication": "login",
        }
        admin("ir.mail_server", "create", [values])
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def languages(running):
    """Russian and Swedish, as an administrator adds them."""
    admin = running.client("admin")
    domain = [["code", "in", ["ru_RU", "sv_SE"]]]
    found = admin("res.lang", "search", domain, context={"active_test": False})
    values = {"lang_ids": [[6, 0, found]], "overwrite": False}
    wizard = admin("base.language.install", "create", [values])
    admin("base.language.install", "lang_install", wizard)


@pytest.fixture
def server(running):
    """The server; the test fails when it logs a warning or an error meanwhile."""
    mark = running.mark()
    yield running
    if strays := running.strays(mark):
        pytest.fail(f"in the server's log:\n{strays}", pytrace=False)


@pytest.fixture
def admin(server):
    return server.client("admin")


@pytest.fixture
def fetch_mail(admin, mailbox):
    """Have Odoo fetch what lies in the mailbox, as its scheduler would."""
    domain = [["user", "=", mailbox.login]]
    found = admin("fetchmail.server", "search", domain)
    if not found:
        values = {
            "name": "mailbox",
            "server_type": "imap",
            "server": "127.0.0.1",
            "port": mailbox.port,
            "is_ssl": False,
            "user": mailbox.login,
            "password": mailbox.password,
        }
        found = admin("fetchmail.server", "create", [values])
        admin("fetchmail.server", "button_confirm_login", found)

    def fetch():
        admin("fetchmail.server", "fetch_mail", found)
        assert mailbox.unread() == 0

    return fetch


@pytest.fixture(scope="session")
def chromium(context):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=context["browser"],
            args=["--no-sandbox", "--disable-dev-shm-usage"],
        )
        yield browser
        browser.close()


@pytest.fixture
def strangers():
    """Other hosts that pages may ask; nothing comes from there."""
    return ()


@pytest.fixture
def visit(request, chromium, server, artefacts, strangers):
    """`visit(login, size="desktop"|"phone", scripts=True)` opens a browser for someone.

    The test fails when a page of theirs logs an error or asks another host.
    """
    from tests.support.browser import Visitor

    name = re.sub(r"\W+", "-", request.node.name).strip("-")
    visitors = []

    def enter(login=None, **options):
        folder = artefacts / "screens" / name
        visitor = Visitor(chromium, server, folder, strangers=strangers, **options)
        visitors.append(visitor)
        return visitor.sign_in(login) if login else visitor

    yield enter
    complaints = []
    for number, visitor in enumerate(visitors):
        if request.node.stash.get(FAILED, False):
            visitor.shoot(f"failed-{number}")
            page = artefacts / "screens" / name / f"failed-{number}.html"
            page.write_text(visitor.page.content(), "utf-8")
        complaints += visitor.complaints
        visitor.close()
    if complaints:
        pytest.fail("\n".join(["in the browser:", *complaints]), pytrace=False)
