"""Pages in a real browser that keep an eye on themselves."""

from urllib.parse import urlsplit

# What axe-core calls a barrier
GRAVE = ("serious", "critical")
SIZES = {"desktop": (1280, 900), "phone": (360, 740)}
# What a browser says about a page it cannot know to be meant that way
HARMLESS = ("Failed to load resource: the server responded with a status of 404",)


class Visitor:
    """One person at a browser: a page, what went wrong on it, and pictures of it."""

    def __init__(
        self,
        browser,
        server,
        folder,
        size="desktop",
        locale="en-US",
        scripts=True,
        strangers=(),
    ):
        width, height = SIZES[size]
        self.server, self.folder, self.size = server, folder, size
        self.scripts = scripts
        self.context = browser.new_context(
            viewport={"width": width, "height": height},
            base_url=server.url,
            locale=locale,
            is_mobile=size == "phone",
            has_touch=size == "phone",
            java_script_enabled=scripts,
        )
        self.context.set_default_timeout(30_000)
        self.context.set_default_navigation_timeout(90_000)
        self.strangers = strangers
        for host in strangers:
            self.context.route(f"https://{host}/**", lambda route: route.fulfill())
        self.page = self.context.new_page()
        self.complaints = []
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._request)

    def _console(self, message):
        if message.type == "error" and not message.text.startswith(HARMLESS):
            self.complaints.append(f"console: {message.text}")

    def _request(self, request):
        address = urlsplit(request.url)
        known = ("127.0.0.1", *self.strangers)
        if address.scheme in ("http", "https") and address.hostname not in known:
            self.complaints.append(f"request to another host: {request.url}")

    def sign_in(self, login, password=None):
        if not self.scripts:
            # the sign-in page of Odoo shows its form by a script
            return self._sign_in_plainly(login, password or login)
        self.page.goto("/web/login")
        self.page.fill("input[name=login]", login)
        self.page.fill("input[name=password]", password or login)
        self.page.click("form.oe_login_form button[type=submit]")
        self.page.wait_for_url(lambda url: "/web/login" not in url)
        return self

    def _sign_in_plainly(self, login, password):
        params = {"db": self.server.database, "login": login, "password": password}
        body = {"jsonrpc": "2.0", "id": 1, "params": params}
        answer = self.page.request.post("/web/session/authenticate", data=body)
        assert answer.json()["result"]["uid"]
        return self

    def go(self, path):
        """Open a page and wait until its scripts are at work."""
        answer = self.page.goto(path)
        self.page.wait_for_load_state("load")
        return answer

    def speak(self, code):
        """Choose a language at the foot of the page.

        :param code: as in addresses: "en", "ru", "sv"
        """
        chooser = self.page.locator(".js_language_selector")
        chooser.locator("button").click()
        with self.page.expect_navigation():
            chooser.locator(f"[data-url_code={code}]").click()
        self.page.locator(f"html[lang^={code}]").wait_for(state="attached")

    def look_over(self, script):
        """What axe-core finds serious or critical on the page, as lines of text.

        :param script: path of axe-core
        """
        if not self.page.evaluate("() => Boolean(window.axe)"):
            self.page.add_script_tag(path=script)
        found = self.page.evaluate("() => axe.run({resultTypes: ['violations']})")
        return [
            f"{self.page.url} ({self.size}): {finding['impact']} {finding['id']}: "
            f"{finding['help']}: {node['html'][:200]}"
            for finding in found["violations"]
            if finding["impact"] in GRAVE
            for node in finding["nodes"]
        ]

    def shoot(self, name):
        """Keep a picture of the whole page."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{name}-{self.size}.png"
        self.page.screenshot(path=path, full_page=True)
        return path

    def close(self):
        self.context.close()
