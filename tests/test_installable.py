"""The window installed on a phone, and what it says without network."""

import contextlib
import json

import pytest
from playwright.sync_api import TimeoutError

# Where the languages' windows are; Odoo's default language has no part of its own
WINDOWS = (("en", "/spoc"), ("ru", "/ru/spoc"), ("sv", "/sv/spoc"))
OFFLINE = {
    "en": "You are offline",
    "ru": "Нет сети",
    "sv": "Du är offline",
}


def workers(page):
    """Where the workers of this browser are in charge, Odoo's own among them."""
    return page.evaluate(
        "navigator.serviceWorker.getRegistrations()"
        ".then(all => all.map(one => new URL(one.scope).pathname))"
    )


def at_work(page):
    """Wait until the worker of the page is, and tell where it is in charge."""
    return page.evaluate(
        "navigator.serviceWorker.ready.then(one => new URL(one.scope).pathname)"
    )


def asked_of(page):
    """What a browser has against installing the page; its manifest."""
    devtools = page.context.new_cdp_session(page)
    manifest = devtools.send("Page.getAppManifest")
    against = devtools.send("Page.getInstallabilityErrors")["installabilityErrors"]
    devtools.detach()
    return [*manifest["errors"], *against], json.loads(manifest["data"])


def go_back(page, url):
    """Press the button, as often as a person would before giving up.

    The step is lost now and then under load; why is not known. A reload of the page
    just before it is not the reason: measured, the step wins over that.
    """
    for _time in range(3):
        page.locator("#back").click()
        with contextlib.suppress(TimeoutError):
            return page.wait_for_url(url, timeout=10_000)
    return page.wait_for_url(url)


@pytest.mark.parametrize(("code", "window"), WINDOWS)
def test_a_browser_may_install_it(visit, languages, code, window):
    visitor = visit("requester", size="phone")
    visitor.go("/spoc")
    if code != "en":
        visitor.speak(code)
    assert at_work(visitor.page) == window
    against, manifest = asked_of(visitor.page)
    assert not against
    assert manifest["start_url"] == manifest["scope"] == window
    assert manifest["lang"].startswith(code)


def test_each_icon_is_there_in_its_size(visit):
    visitor = visit("requester")
    visitor.go("/spoc")
    _against, manifest = asked_of(visitor.page)
    icons = manifest["icons"]
    assert {icon["purpose"] for icon in icons} == {"any", "maskable"}
    for icon in icons:
        size = visitor.page.evaluate(
            "async src => { const picture = new Image(); picture.src = src;"
            " await picture.decode();"
            " return `${picture.naturalWidth}x${picture.naturalHeight}`; }",
            icon["src"],
        )
        assert size == icon["sizes"]


def test_the_rest_of_odoo_is_left_alone(visit):
    visitor = visit("admin")
    visitor.go("/my")
    page = visitor.page
    assert not page.locator("link[rel=manifest]").count()
    assert "/spoc" not in workers(page)
    visitor.go("/spoc")
    assert at_work(page) == "/spoc"
    page.goto("/odoo")
    page.locator(".o_web_client").wait_for()
    manifest = page.locator("link[rel=manifest]").get_attribute("href")
    assert manifest == "/web/manifest.webmanifest"
    # Odoo's own worker takes care of the backend, ours of the window.
    assert at_work(page) == "/odoo"
    assert sorted(workers(page)) == ["/odoo", "/spoc"]


@pytest.mark.parametrize(("code", "window"), WINDOWS)
def test_without_network(visit, languages, code, window):
    visitor = visit("requester", size="phone")
    page = visitor.page
    visitor.go("/spoc")
    if code != "en":
        visitor.speak(code)
    at_work(page)
    visitor.go(f"{window}/ask")
    page.fill("#spoc_description", "A chair for a tall person")
    visitor.context.set_offline(True)
    page.goto(f"{window}/desks")
    assert page.locator("h1").inner_text() == OFFLINE[code]
    assert page.locator("html").get_attribute("lang").startswith(code)
    visitor.shoot("offline")
    # What was typed before is still there.
    go_back(page, f"**{window}/ask")
    assert page.input_value("#spoc_description") == "A chair for a tall person"
    page.goto(f"{window}/desks")
    # Back in the network the page asked for comes by itself.
    visitor.context.set_offline(False)
    page.locator(".o_spoc_window").wait_for()
    assert page.url.endswith(f"{window}/desks")
    # Nothing of the person was kept for the next one at this browser.
    kept = page.evaluate(
        "caches.keys().then(names => Promise.all(names"
        ".filter(name => name.startsWith('spoc'))"
        ".map(name => caches.open(name).then(one => one.keys()))))"
        ".then(all => all.flat().map(one => new URL(one.url).pathname))"
    )
    assert f"{window}/offline" in kept
    assert set(kept) <= {f"{path}/offline" for _code, path in WINDOWS}
    # The page gone back to may miss what only the server has.
    missed = ("ERR_INTERNET_DISCONNECTED", "Failed to fetch")
    visitor.complaints[:] = [
        line
        for line in visitor.complaints
        if not any(words in line for words in missed)
    ]


def test_the_page_without_network_shuts_nobody_out(visit, context):
    visitor = visit(size="phone")
    visitor.go("/spoc/offline")
    assert not visitor.look_over(context["axe"])
    body = visitor.page.content()
    assert "csrf" not in body and "session" not in body
