"""One spelling for all spellings of an address."""

from odoo.tests import BaseCase, tagged

from .. import identity

# Spellings of one thing in each row, the compared form first.
PAGES = [
    (
        "intra.example/it",
        "https://intra.example/it",
        "http://intra.example/it/",
        "HTTP://WWW.Intra.Example:80/it",
        "https://intra.example.:443/./x/..//it?utm_source=mail&fbclid=1#top",
        "https://someone:secret@intra.example/it",
    ),
    (
        "xn--mnchen-3ya.example/stra%C3%9Fe",
        "https://münchen.example/straße",
        "https://MÜNCHEN.example/stra%c3%9fe/",
        "xn--mnchen-3ya.example/stra%C3%9Fe",
    ),
    ("x.example/a?a=1&b=2", "x.example/a?b=2&a=1", "x.example/a/?a=1&gclid=9&b=2"),
    ("x.example/a%20b", "x.example/a b", "x.example/a%20b"),
    ("intra.example:8080", "http://intra.example:8080/", "intra.example:8080"),
    # A port that is the default of the other scheme leads elsewhere.
    ("intra.example:443", "http://intra.example:443"),
    ("app.example#/help", "https://app.example/#/help", "app.example/#/help"),
]
NO_PAGES = [
    "",
    "room 12",
    "A-012",
    "javascript:alert(1)",
    "//evil.example",
    "https://[broken",
    "https://x.example:99999/",
    "http://",
]
ACCOUNTS = [
    ("@nordvik", "@Nordvik", " @nordvik "),
    (
        "facebook.com/nordvik",
        "https://www.facebook.com/Nordvik/",
        "https://m.facebook.com/nordvik?ref=bookmarks",
        "fb.com/nordvik",
        "Facebook: @nordvik",
        "facebook: https://fb.com/Nordvik",
    ),
    (
        "t.me/nordvik",
        "https://telegram.me/Nordvik",
        "tg://resolve?domain=nordvik",
        "Telegram: @nordvik",
    ),
    (
        "wa.me/46701234567",
        "https://wa.me/46701234567",
        "https://wa.me/+46701234567",
        "https://api.whatsapp.com/send?phone=%2B46701234567&text=Hi",
        "WhatsApp: +46 70 123 45 67",
    ),
    ("viber/46701234567", "viber://chat?number=%2B46701234567"),
    ("x.com/nordvik", "https://twitter.com/Nordvik", "x.com/@nordvik"),
    # An invitation knows capitals, and so does an unknown host.
    ("t.me/+AbCd", "https://t.me/+AbCd"),
    ("social.example/Nordvik", "https://www.social.example/Nordvik/"),
    ("facebook.com/profile.php?id=7", "https://www.facebook.com/profile.php?id=7"),
]
MAILBOXES = [
    ("it@x.example", "IT@X.Example", "it+vpn@x.example", "it@x.example."),
    ("a@xn--mnchen-3ya.example", "a@münchen.example", "A+b@xn--mnchen-3ya.example"),
    ("+x@x.example", "+x@x.example"),
]


@tagged("post_install", "-at_install")
class TestIdentity(BaseCase):
    def check(self, normalize, rows):
        for normal, *spellings in rows:
            for spelling in spellings:
                with self.subTest(spelling):
                    self.assertEqual(normalize(spelling), normal)
        normals = [row[0] for row in rows]
        self.assertEqual(len(normals), len(set(normals)))

    def test_pages(self):
        self.check(identity.page, PAGES)
        for text in NO_PAGES:
            with self.subTest(text):
                self.assertEqual(identity.page(text), "")

    def test_accounts(self):
        self.check(identity.account, ACCOUNTS)
        for text in ("", "nordvik", "javascript:alert(1)", "facebook:", "@", "a b: c"):
            with self.subTest(text):
                self.assertEqual(identity.account(text), "")

    def test_the_bare_name_of_an_account(self):
        self.assertEqual(identity.handle("facebook.com/nordvik"), "@nordvik")
        self.assertEqual(identity.handle("@nordvik"), "@nordvik")
        self.assertEqual(identity.handle("social.example/nordvik"), "")
        self.assertEqual(identity.handle("linkedin.com/company/nordvik"), "")

    def test_mailboxes(self):
        self.check(identity.mailbox, MAILBOXES)
        for text in ("", "@x.example", "none", "a@", "a@ü..example"):
            with self.subTest(text):
                self.assertEqual(identity.mailbox(text), "")

    def test_normal_forms_are_normal(self):
        for normalize, rows in (
            (identity.page, PAGES),
            (identity.account, ACCOUNTS[:-1]),
            (identity.mailbox, MAILBOXES),
        ):
            for normal, *_spellings in rows:
                if normal.startswith("viber/") or normal.endswith(":443"):
                    continue  # says less than what it was made of
                with self.subTest(normal):
                    self.assertEqual(normalize(normal), normal)
