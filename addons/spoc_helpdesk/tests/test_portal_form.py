import html
import re

from odoo import Command
from odoo.tests import tagged

from .portal_common import PortalCase


@tagged("post_install", "-at_install")
class TestPortalForm(PortalCase):
    """Sending a form of many types: what is refused comes back, nothing is lost."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.form = cls.env["spoc.form"].create({"name": "Workplace"})
        cls.kind = cls._question("Kind", "choice", options_text="Office\nLaboratory")
        cls.lab = cls._question("Which laboratory", "text")
        cls.things = cls._question("Things", "rows", max_rows=3)
        cls.thing = cls._question("Thing", "text", parent_id=cls.things.id)
        cls.number = cls._question("Number", "integer", parent_id=cls.things.id)
        cls.picture = cls._question("Picture", "file", extensions="txt")
        cls.env["spoc.form.condition"].create(
            {
                "question_id": cls.lab.id,
                "source_id": cls.kind.id,
                "operator": "is",
                "value_option_ids": [Command.set(cls.kind.option_ids[1].ids)],
            }
        )
        cls.service.form_id = cls.form

    @classmethod
    def _question(cls, label, kind, **values):
        return cls.env["spoc.form.question"].create(
            {"form_id": cls.form.id, "label": label, "type": kind, **values}
        )

    def setUp(self):
        super().setUp()
        self.known = self.env["spoc.ticket"].search([])

    def _send(self, data, user=None, files=None, scripted=False):
        user = user or self.employee
        self.authenticate(user.login, user.login)
        url = f"/spoc/service/{self.service.id}"
        page = self.url_open(url).text
        data = {"csrf_token": self._find(page, "csrf_token"), **data}
        return self.url_open(
            f"{url}/ask",
            data=data,
            files=files or {"q_0": ("", b"")},
            headers={"X-Requested-With": "spoc"} if scripted else None,
        )

    def _find(self, page, name):
        match = re.search(rf'name="{name}"\s+value="([^"]*)"', page)
        return match and match[1]

    def _new(self):
        return self.env["spoc.ticket"].search([]) - self.known

    def _row(self, place, question):
        return f"q_{self.things.id}_{place}_{question.id}"

    def test_refused_comes_back_filled_in(self):
        evil = '"><script>alert(1)</script>'
        page = self._send(
            {
                f"q_{self.kind.id}": str(self.kind.option_ids[1].id),
                f"q_{self.lab.id}": evil,
                self._row(0, self.thing): "Chair",
                self._row(0, self.number): "many",
                "description": "Some words",
            }
        ).text
        self.assertFalse(self._new())
        self.assertIn("Please write a whole number.", page)
        for typed in ("Chair", "many", "Some words", "&lt;script&gt;"):
            self.assertIn(typed, page)
        self.assertNotIn(evil, page)

    def test_accepted(self):
        page = self._send(
            {
                f"q_{self.kind.id}": str(self.kind.option_ids[0].id),
                f"q_{self.lab.id}": "Forged",
                self._row(0, self.thing): "Chair",
                self._row(1, self.thing): "Desk",
            },
            files={f"q_{self.picture.id}": ("a.txt", b"text")},
        ).text
        ticket = self._new()
        texts = ticket.answer_ids.mapped("value_text")
        self.assertEqual(texts, ["Office", "1. Thing: Chair\n2. Thing: Desk", "a.txt"])
        self.assertNotIn("Forged", page)
        self.assertIn("2. Thing: Desk", page)

    def test_wrong_files(self):
        for name, content, fault in (
            ("a.exe", b"x", "harmful"),
            ("a.pdf", b"x", "another kind"),
            ("a.txt", b"", "empty"),
            ("a.txt", b"x" * (11 * 1024 * 1024), "too big"),
        ):
            answer = self._send(
                {}, files={f"q_{self.picture.id}": (name, content)}, scripted=True
            ).json()
            self.assertIn(fault, answer["errors"][str(self.picture.id)])
        self.assertFalse(self._new())

    def test_form_changed_meanwhile(self):
        old = f"{self.form.id}-{self.form.version}"
        self.authenticate(self.employee.login, self.employee.login)
        opened = self.url_open(f"/spoc/service/{self.service.id}").text
        self.lab.unlink()
        new = self._question("Floor", "integer", required=True)
        sent = {
            "form_version": old,
            "form_words": html.unescape(self._find(opened, "form_words")),
            f"q_{self.lab.id}": "Words about the laboratory",
            self._row(0, self.thing): "Chair",
        }
        answer = self._send(sent, scripted=True).json()
        self.assertIn("was changed", answer["errors"]["_form"])
        self.assertIn(str(new.id), answer["errors"])
        for text in ("Words about the laboratory", "Chair", f'name="q_{new.id}"'):
            self.assertIn(text, answer["html"])
        page = self._send(sent).text
        for text in ("Words about the laboratory", "Chair", "was changed"):
            self.assertIn(text, page)
        # The answer comes back with the question, which is gone by now.
        for text in (answer["html"], page):
            self.assertRegex(text, r">Which laboratory</dt>")
        self.assertFalse(self._new())
        version = self._find(page, "form_version")
        self.assertEqual(version, f"{self.form.id}-{self.form.version}")
        self._send(
            {
                "form_version": version,
                f"q_{new.id}": "3",
                self._row(0, self.thing): "Chair",
            }
        )
        self.assertEqual(len(self._new()), 1)

    def test_changed_but_still_fitting(self):
        old = f"{self.form.id}-{self.form.version}"
        self.kind.label = "What kind"
        self._send({"form_version": old, self._row(0, self.thing): "Chair"})
        self.assertEqual(len(self._new()), 1)

    def test_for_others(self):
        self.form.write({"ask_for": "several", "ask_for_limit": 2})
        people = self.env["hr.employee"].create(
            [{"name": "Nils Newcomer"}, {"name": "Nora Newcomer"}]
        )
        sent = {"for_whom": "other", self._row(0, self.thing): "Chair"}
        answer = self._send(sent, scripted=True).json()
        self.assertIn("for_whom", answer["errors"])
        page = self._send({**sent, "for_text": "Newcomer"}).text
        self.assertIn('value="Newcomer"', page)
        self.assertFalse(self._new())
        page = self._send({**sent, "for_text": "nils newcomer, Nora"}).text
        self.assertEqual(self._new().requested_for_id, people.work_contact_id)
        for words in ("Thank you. We have it.", "Nils", "Nora", "just now"):
            self.assertIn(words, page)
        self.assertNotIn("Thank you", self.url_open("/my/requests").text)
        self.known |= self._new()
        answer = self._send(
            {**sent, "for_ids": [str(people[0].id)]}, scripted=True
        ).json()
        ticket = self._new()
        self.assertIn(f"/my/requests/{ticket.id}", answer["redirect"])
        self.assertIn("Nils Newcomer", self.url_open(answer["redirect"]).text)
        answer = self._send(
            {**sent, "for_ids": [str(people[0].id)]}, user=self.customer, scripted=True
        ).json()
        self.assertIn("for_whom", answer["errors"])

    def test_one_box_for_other_words(self):
        self.authenticate("s_anna", "s_anna")
        url = f"/spoc/service/{self.service.id}"
        box = 'name="description"'
        self.assertIn(box, self.url_open(url).text)
        last = self._question("What else?", "long_text", sequence=99)
        self.assertNotIn(box, self.url_open(url).text)
        # Hidden for some, it is no room for their words.
        self.env["spoc.form.condition"].create(
            {
                "question_id": last.id,
                "source_id": self.kind.id,
                "operator": "answered",
            }
        )
        self.assertIn(box, self.url_open(url).text)
