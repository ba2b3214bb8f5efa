"""Contact card of a desk: what it tells, and whom."""

from datetime import datetime

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common import CatalogCase, CatalogScene


class DeskScene:
    """A desk that offers employees something, one that offers nothing."""

    @classmethod
    def set_desks(cls):
        cls.inner = cls.env["spoc.desk"].create(
            {
                "name": "Inner",
                "code": "INN",
                "resource_calendar_id": cls.calendar.id,
                "department_id": cls.works.id,
                "channel_ids": [
                    Command.create({"kind": "email", "identity": "in+x@spoc.example"}),
                    Command.create({"kind": "phone", "identity": "+46846500410 x22"}),
                    Command.create({"kind": "walkin", "identity": "Room 1, house; A"}),
                    Command.create({"kind": "intranet", "identity": "/spoc"}),
                    Command.create({"kind": "chat", "identity": "@inner"}),
                ],
            }
        )
        cls.inner_service = cls._service("Badge", desk_id=cls.inner.id)
        cls.inner_service.audience_ids = cls._audience("employees")
        cls.secret = cls.env["spoc.desk"].create(
            {
                "name": "Secret",
                "code": "SEC",
                "privacy": "confidential",
                "resource_calendar_id": cls.calendar.id,
                "member_ids": [Command.set(cls.agent.ids)],
                "channel_ids": [
                    Command.create({"kind": "email", "identity": "sec@spoc.example"})
                ],
            }
        )
        languages = cls.env["res.lang"].with_context(active_test=False)
        cls.desk.language_ids = languages.search([("code", "in", ["sv_SE", "fi_FI"])])


@tagged("post_install", "-at_install")
class TestCard(DeskScene, CatalogCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_desks()

    def sees_card(self, user, desk):
        self.env.invalidate_all()
        Window = self.env["spoc.window"].with_user(user)
        return bool(Window._spoc_find_card(desk.id))

    def sees_channels(self, user, desk):
        self.env.invalidate_all()
        Channel = self.env["spoc.channel"].with_user(user)
        return bool(Channel.search([("desk_id", "=", desk.id)]))

    def test_who_sees_which_card(self):
        # who: (desk for everyone, desk for employees, confidential, empty handed)
        table = {
            "customer": (True, False, False, False),
            "requester": (True, True, False, True),
            "unplaced": (True, True, False, True),
            "stranger": (True, True, False, True),
            "agent": (True, True, True, True),
            "manager": (True, True, False, True),
            "editor": (True, True, False, True),
            "administrator": (True, True, True, True),
        }
        desks = self.desk, self.inner, self.secret, self.other_desk
        for name, expected in table.items():
            user = getattr(self, name)
            for desk, sees in zip(desks, expected, strict=True):
                with self.subTest(f"{name}: {desk.name}"):
                    self.assertEqual(self.sees_card(user, desk), sees)
                    if desk.channel_ids:
                        self.assertEqual(self.sees_channels(user, desk), sees)

    def test_customers_know_only_desks_that_offer_them_something(self):
        Desk = self.env["spoc.desk"].with_user(self.customer)
        ours = self.desk | self.inner | self.secret | self.other_desk
        found = Desk.search([("id", "in", ours.ids)])
        self.assertEqual(found, self.desk)
        for desk in ours - self.desk:
            self.assertFalse(self.may_see(self.customer, desk))
        self.inner_service.audience_ids = False
        self.assertTrue(self.may_see(self.customer, self.inner))
        for state in ("draft", "retired"):
            self.inner_service.state = state
            self.assertFalse(self.may_see(self.customer, self.inner), state)
        self.inner_service.write({"state": "published", "active": False})
        self.assertFalse(self.may_see(self.customer, self.inner), "archived")

    def test_a_confidential_desk_that_offers_something_is_found(self):
        self._service("Talk", desk_id=self.secret.id)
        self.assertTrue(self.sees_card(self.requester, self.secret))
        self.assertTrue(self.sees_channels(self.requester, self.secret))

    def test_employees_know_the_names_of_all_desks(self):
        # Tickets, transfers and reports name them.
        self.assertTrue(self.may_see(self.requester, self.secret))

    def test_rules_cost_no_query_per_desk(self):
        Desk = self.env["spoc.desk"].with_user(self.customer)
        Desk.search([]).mapped("name")
        self._service("Lift", desk_id=self.other_desk.id)
        self.inner_service.audience_ids = False
        self.env.flush_all()
        # What is kept until the catalogue changes: rules, audiences.
        Desk.search([])
        self.env.invalidate_all()
        with self.assertQueryCount(3):
            self.assertGreaterEqual(len(Desk.search([]).mapped("name")), 3)

    def test_week_on_both_clocks(self):
        now = datetime(2026, 1, 14, 9)
        week = self.desk.with_user(self.customer)._spoc_week(now=now)
        self.assertEqual(week[2]["hours"], "08:00–12:00, 13:00–17:00")
        self.assertEqual([d["hours"] for d in week[5:]], ["", ""])
        self.assertEqual([d["today"] for d in week].index(True), 2)
        tokyo = self.desk._spoc_week("Asia/Tokyo", now)
        self.assertEqual(tokyo[0]["hours"], "16:00–20:00, 21:00–24:00")
        self.assertEqual(tokyo[1]["hours"], "00:00–01:00, 16:00–20:00, 21:00–24:00")
        self.assertEqual(tokyo[5]["hours"], "00:00–01:00")
        # The week in which the clocks change.
        march = self.desk._spoc_week("Europe/Stockholm", datetime(2026, 3, 29, 12))
        self.assertEqual(march[0]["hours"], "08:00–12:00, 13:00–17:00")

    def test_holidays_that_close_it(self):
        Leave = self.env["resource.calendar.leaves"]
        for name, begin, end, calendar in (
            ("Kings", (2026, 1, 5, 23), (2026, 1, 6, 22, 59, 59), self.calendar),
            ("Sunday", (2026, 1, 10, 23), (2026, 1, 11, 22, 59, 59), self.calendar),
            ("All", (2026, 1, 19, 23), (2026, 1, 21, 22, 59, 59), False),
            ("Past", (2026, 1, 1), (2026, 1, 2), self.calendar),
            ("Later", (2026, 6, 1), (2026, 6, 2), self.calendar),
        ):
            Leave.create(
                {
                    "name": name,
                    "calendar_id": calendar and calendar.id,
                    "company_id": self.company.id,
                    "date_from": datetime(*begin),
                    "date_to": datetime(*end),
                }
            )
        holidays = self.desk.with_user(self.customer)._spoc_holidays(
            datetime(2026, 1, 5)
        )
        self.assertEqual(
            holidays,
            [
                {"name": "Kings", "days": "Tue 6 Jan"},
                {"name": "All", "days": "Tue 20 Jan – Wed 21 Jan"},
            ],
        )

    def test_languages_in_themselves(self):
        languages = self.desk.with_user(self.customer)._spoc_languages()
        self.assertEqual(
            {lang["code"]: lang["name"] for lang in languages},
            {"sv-SE": "svenska", "fi-FI": "suomi"},
        )

    @freeze_time("2026-01-14 09:00:00")
    def test_vcard(self):
        self.inner.language_ids = self.desk.language_ids
        self.inner.description = "Badges, keys; doors"
        name, text = self.inner.with_user(self.requester)._spoc_vcard(
            "https://spoc.example"
        )
        self.assertEqual(name, "INN.vcf")
        lines = text.replace("\r\n ", "").split("\r\n")
        for line in (
            "FN:Inner",
            "TEL;TYPE=WORK,VOICE:+46846500410 ext. 22",
            "EMAIL;TYPE=INTERNET,WORK:in+x@spoc.example",
            "ADR;TYPE=WORK:;;Room 1\\, house\\; A;;;;",
            "URL:https://spoc.example/spoc",
            f"URL:https://spoc.example/spoc/desk/{self.inner.id}",
            "TZ;VALUE=text:Europe/Stockholm",
            "LANG:sv-SE",
            "LANG:fi-FI",
        ):
            self.assertIn(line, lines)
        note = next(line for line in lines if line.startswith("NOTE:"))
        self.assertEqual(
            note,
            "NOTE:Badges\\, keys\\; doors\\n"
            "Mon – Fri: 08:00–12:00\\, 13:00–17:00\\nEurope/Stockholm",
        )
        self.assertTrue(
            any(line.startswith("ORG:") and "Works" in line for line in lines)
        )

    def test_open_or_closed_in_the_desk_list(self):
        desk = self.desk.with_user(self.manager).with_context(tz="Europe/Stockholm")
        with freeze_time("2026-01-12 08:00:00"):
            self.assertTrue(desk.is_open)
            self.assertEqual(desk.opening_text, "Open until 12:00\u202fPM")
        self.env.invalidate_all()
        with freeze_time("2026-01-12 20:00:00"):
            self.assertFalse(desk.is_open)


@tagged("post_install", "-at_install")
class TestCardPages(DeskScene, CatalogScene, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_scene()
        cls.set_desks()

    def get(self, login, path):
        self.authenticate(login, login)
        return self.url_open(path)

    def test_pages_for_their_audience(self):
        for login, desk, status in (
            ("cat_customer", self.desk, 200),
            ("cat_customer", self.inner, 404),
            ("cat_customer", self.secret, 404),
            ("cat_customer", self.other_desk, 404),
            ("cat_requester", self.inner, 200),
            ("cat_requester", self.secret, 404),
            ("cat_agent", self.secret, 200),
        ):
            for path in (f"/spoc/desk/{desk.id}", f"/spoc/desk/{desk.id}/vcard"):
                with self.subTest(f"{login} {desk.name} {path}"):
                    answer = self.get(login, path)
                    self.assertEqual(answer.status_code, status)
                    if status == 404:
                        self.assertNotIn("sec@spoc.example", answer.text)
                        self.assertNotIn(desk.name, answer.text)

    def test_anonymous_is_asked_to_sign_in(self):
        self.authenticate(None, None)
        for path in (f"/spoc/desk/{self.desk.id}", f"/spoc/desk/{self.desk.id}/vcard"):
            answer = self.url_open(path, allow_redirects=False)
            self.assertEqual(answer.status_code, 303)
            self.assertIn("/web/login", answer.headers["Location"])

    def test_what_a_page_tells(self):
        self.requester.tz = "Asia/Tokyo"
        page = self.get("cat_requester", f"/spoc/desk/{self.inner.id}").text
        for text in (
            'href="tel:+46846500410;ext=22"',
            'href="mailto:in+x@spoc.example"',
            "Room 1, house; A",
            "Works",
            "16:00–20:00",
            "08:00–12:00",
            "Tokyo (UTC+9)",
            f"/spoc/desk/{self.inner.id}/vcard",
        ):
            self.assertIn(text, page)
        self.requester.tz = "Europe/Paris"
        page = self.get("cat_requester", f"/spoc/desk/{self.inner.id}").text
        self.assertNotIn("Paris", page, "Its clock is the desk's.")

    def test_the_file(self):
        answer = self.get("cat_customer", f"/spoc/desk/{self.desk.id}/vcard")
        self.assertEqual(answer.headers["Content-Type"], "text/vcard; charset=utf-8")
        self.assertIn("filename*=UTF-8", answer.headers["Content-Disposition"])
        self.assertIn("HLP.vcf", answer.headers["Content-Disposition"])
        self.assertTrue(answer.text.startswith("BEGIN:VCARD\r\n"))

    def test_html_in_what_was_typed_stays_text(self):
        self.inner.description = "<script>steal()</script>"
        self.inner.channel_ids[0].note = "<b onclick='steal()'>x</b>"
        page = self.get("cat_requester", f"/spoc/desk/{self.inner.id}").text
        self.assertNotIn("<script>steal", page)
        self.assertNotIn("<b onclick", page)
