"""The pages once more where `website` is installed: its theme is around them."""

import pytest

from tests.test_accessibility import (  # noqa: F401
    test_no_barriers,
    test_no_barriers_while_typing_and_after_a_mistake,
    walk_by_keyboard,
)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def running(context, artefacts):
    """A server of its own: no other test has `website` in its way."""
    from tests.support.server import Server

    database = {"database": context["website"]}
    server = Server({**context, **database}, artefacts / "website.log")
    try:
        yield server.start()
    finally:
        server.stop()


@pytest.fixture
def strangers():
    """The fonts of website's own theme come from there, unless it is told not to."""
    return ("fonts.googleapis.com",)


def test_by_keyboard_alone_with_a_website(visit):
    # The bar that leads employees to Odoo's programs comes first.
    walk_by_keyboard(visit("requester"), presses=6)


def test_it_may_be_installed_with_a_website(visit):
    visitor = visit("requester", size="phone")
    visitor.go("/spoc")
    page = visitor.page
    scope = page.evaluate(
        "navigator.serviceWorker.ready.then(one => new URL(one.scope).pathname)"
    )
    assert scope == "/spoc"
    devtools = page.context.new_cdp_session(page)
    assert not devtools.send("Page.getInstallabilityErrors")["installabilityErrors"]
