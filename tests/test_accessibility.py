"""Every page of the window, looked over by axe-core at a desk and on a phone."""

import pytest

# What there is one of for each record is found on the pages before
PAGES = (
    "/spoc",
    "/spoc/topics",
    "/spoc/departments",
    "/spoc/services",
    "/spoc/popular",
    "/spoc/mine",
    "/spoc/desks",
    "/spoc/ask",
    "/spoc/search",
    "/spoc/search?q=printer",
    "/spoc/search?q=xqzjv",
    "/spoc/service/99999999",
    "/spoc/articles",
    "/spoc/articles/newest",
    "/spoc/articles/useful",
    "/my/requests",
)
KINDS = (
    "/spoc/category/",
    "/spoc/facets/",
    "/spoc/facet/",
    "/spoc/department/",
    "/spoc/desk/",
    "/spoc/service/",
    "/spoc/article/",
    "/spoc/articles/topic/",
    "/spoc/articles/facet/",
    "/spoc/articles/service/",
    "/my/requests/",
)
EACH, EACH_WITH_ALL = 1, 3


def links(page):
    """Paths of the page's links, without what follows them."""
    found = page.locator("main a[href]").evaluate_all(
        "links => links.map(link => new URL(link.href).pathname)"
    )
    return set(found)


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_no_barriers(visit, context, size):
    visitor = visit("requester", size=size)
    page, script = visitor.page, context["axe"]
    findings, known, wide = [], set(), []
    each = EACH_WITH_ALL if context["slow"] else EACH

    def look(path):
        visitor.go(path)
        known.update(links(page))
        findings.extend(visitor.look_over(script))
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wide.append(path)

    for path in PAGES:
        look(path)
    for kind in KINDS:
        found = sorted(path for path in known if path.startswith(kind))
        for path in found[:each]:
            look(path)
        if kind in ("/spoc/category/", "/spoc/service/", "/spoc/desk/"):
            assert found, f"no page leads to {kind}"
    assert not findings, "\n".join(findings)
    assert not wide, f"wider than the screen: {wide}"


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_no_barriers_while_typing_and_after_a_mistake(visit, context, size):
    visitor = visit("requester", size=size)
    page, script = visitor.page, context["axe"]
    visitor.go("/spoc")
    page.locator("#spoc_q").press_sequentially("printer", delay=30)
    page.locator("[role=option]").first.wait_for()
    page.keyboard.press("ArrowDown")
    findings = visitor.look_over(script)
    visitor.shoot("suggestions")
    visitor.go("/spoc/ask")
    page.locator("#spoc_ask_freely button[type=submit]").click()
    page.locator("#spoc_description_error:not(.d-none)").wait_for()
    findings += visitor.look_over(script)
    assert not findings, "\n".join(findings)


def test_by_keyboard_alone(visit):
    """From the first key pressed on the first page to the page of a service."""
    walk_by_keyboard(visit("requester"), presses=1)


def walk_by_keyboard(visitor, presses):
    """Skip the header, search, take a suggestion.

    :param int presses: of the tab key until the link that skips the header is reached
    """
    page = visitor.page
    visitor.go("/spoc")
    for _press in range(presses):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('href')") == "#wrap":
            break
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#wrap"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    for _press in range(10):
        if page.evaluate("document.activeElement.id") == "spoc_q":
            break
        page.keyboard.press("Tab")
    page.keyboard.type("printer", delay=30)
    page.locator("[role=option]").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/spoc/service/" in url or "/spoc/article/" in url)


# Who else has pages of their own: the list, and where each of its lines leads
OTHERS = {
    "manager": ("/my/approvals", "/my/approvals/"),
    "supplier": ("/my/assignments", "/my/assignments/"),
}
# What a link of a mail shows that is of no use any more
SPENT = ("/spoc/approve/of-no-use", "/spoc/request/confirm/of-no-use")


@pytest.mark.parametrize("size", ["desktop", "phone"])
@pytest.mark.parametrize("login", sorted(OTHERS))
def test_no_barriers_for_those_who_decide_and_deliver(visit, context, login, size):
    visitor = visit(login, size=size)
    page, script = visitor.page, context["axe"]
    start, kind = OTHERS[login]
    findings, wide = [], []

    def look(path):
        visitor.go(path)
        findings.extend(visitor.look_over(script))
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wide.append(path)

    look(start)
    found = sorted(path for path in links(page) if path.startswith(kind))
    assert found, f"nothing waits on {start}"
    for path in [*found[:EACH], *SPENT]:
        look(path)
    # the words somebody has to find when what they typed does not do
    visitor.go(found[0])
    if login == "manager":
        page.locator("button.o_spoc_no").click()
    else:
        page.locator("details summary").click()
        page.locator("details button[type=submit]").click()
    page.locator(".invalid-feedback").wait_for()
    findings += visitor.look_over(script)
    assert not findings, "\n".join(findings)
    assert not wide, f"wider than the screen: {wide}"
