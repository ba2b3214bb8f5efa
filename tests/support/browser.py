"""Pages in a real browser that keep an eye on themselves."""

from urllib.parse import urlsplit

SIZES = {"desktop": (1280, 900), "phone": (360, 740)}
# What a browser says about a page it cannot know to be meant that way
HARMLESS = ("Failed to load resource: the server responded with a status of 404",)


class Visitor:
    """One person at a browser: a page, what went wrong on it, and pictures of it."""

    def __init__(self, browser, server, folder, size="desktop", locale="en-US"):
        width, height = SIZES[size]
        self.server, self.folder, self.size = server, folder, size
        self.context = browser.new_context(
            viewport={"width": width, "height": height},
            base_url=server.url,
            locale=locale,
            is_mobile=size == "phone",
            has_touch=size == "phone",
        )
        self.context.set_default_timeout(30_000)
        self.context.set_default_navigation_timeout(90_000)
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
        if address.scheme in ("http", "https") and address.hostname != "127.0.0.1":
            self.complaints.append(f"request to another host: {request.url}")

    def sign_in(self, login, password=None):
        self.page.goto("/web/login")
        self.page.fill("input[name=login]", login)
        self.page.fill("input[name=password]", password or login)
        self.page.click("form.oe_login_form button[type=submit]")
        self.page.wait_for_url(lambda url: "/web/login" not in url)
        return self

    def go(self, path):
        """Open a page and wait until its scripts are at work."""
        answer = self.page.goto(path)
        self.page.wait_for_load_state("load")
        return answer

    def shoot(self, name):
        """Keep a picture of the whole page."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{name}-{self.size}.png"
        self.page.screenshot(path=path, full_page=True)
        return path

    def close(self):
        self.context.close()
