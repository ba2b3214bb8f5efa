"""Lists that open while typing, the preview, and what a browser sends."""

import json
from io import BytesIO

from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..controllers.form import (
    is_outdated,
    read_answers,
    read_leftovers,
    read_people,
)
from .common import CatalogCase
from .form_scene import FormScene


@tagged("post_install", "-at_install")
class TestFormLookup(FormScene, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_scene()
        cls.set_form()

    def _look(self, user, code, text="", form=None):
        if user:
            self.authenticate(user.login, user.login)
        question = self.q[code].id if code in self.q else code
        answer = self.make_jsonrpc_request(
            f"/spoc/form/{(form or self.form).id}/lookup",
            {"question_id": question, "text": text},
        )
        return [item["label"] for item in answer["items"]]

    def test_found(self):
        self.assertEqual(self._look(self.requester, "person", "colleag"), ["Colleague"])
        self.assertEqual(self._look(self.requester, "who", "reques"), ["Requester"])
        self.assertCountEqual(
            self._look(self.requester, "department", "sales"),
            ["Sales", "Sales / Export"],
        )
        # Only what the question offers.
        self.assertEqual(self._look(self.requester, "record", "swed"), ["Sweden"])
        self.assertEqual(self._look(self.requester, "record", "germ"), [])
        self.assertEqual(len(self._look(self.requester, "record", "")), 2)

    def test_only_with_own_rights(self):
        self.assertEqual(self._look(self.customer, "person", "colleag"), [])
        self.assertEqual(self._look(self.customer, "department", "sales"), [])
        self.assertEqual(self._look(self.customer, "record", "swed"), ["Sweden"])

    def test_only_of_services_offered(self):
        for state in ("draft", "retired"):
            self.open_service.state = state
            self.assertEqual(self._look(self.requester, "person", "colleag"), [])
            self.assertEqual(self._look(self.stranger, "person", "colleag"), [])
            self.assertEqual(
                self._look(self.editor, "person", "colleag"), ["Colleague"]
            )
        self.open_service.state = "published"
        self.open_service.audience_ids = self._audience("employees", self.works)
        self.assertEqual(self._look(self.requester, "person", "colleag"), [])
        self.assertEqual(self._look(self.colleague, "person", "colleag"), ["Colleague"])

    def test_forged_questions(self):
        other = self.env["spoc.form"].create({"name": "Other"})
        self._service("Other", form_id=other.id)
        self.assertEqual(self._look(self.requester, "person", "a", form=other), [])
        self.authenticate(self.requester.login, self.requester.login)
        for question in (False, "person", "1", [], {}, 10**12, -1, True):
            answer = self.make_jsonrpc_request(
                f"/spoc/form/{self.form.id}/lookup",
                {"question_id": question, "text": {"a": []}},
            )
            self.assertEqual(answer, {"items": []})
        self.assertEqual(self._look(self.requester, "text", "a"), [])

    def test_people_asked_for(self):
        self.assertEqual(self._look(self.requester, "for_whom", "colleag"), [])
        self.form.ask_for = "other"
        self.assertEqual(
            self._look(self.requester, "for_whom", "colleag"), ["Colleague"]
        )
        self.form.ask_for_scope = "department"
        self.assertEqual(self._look(self.requester, "for_whom", "colleag"), [])
        self.assertEqual(self._look(self.customer, "for_whom", ""), [])

    def test_anonymous(self):
        self.authenticate(None, None)
        answer = self.url_open(
            f"/spoc/form/{self.form.id}/preview", allow_redirects=False
        )
        self.assertEqual(answer.status_code, 303)
        self.assertIn("/web/login", answer.headers["Location"])

    def test_preview(self):
        url = f"/spoc/form/{self.form.id}/preview"
        for user, status in (
            (self.customer, 404),
            (self.requester, 404),
            (self.stranger, 404),
            (self.editor, 200),
            (self.administrator, 200),
        ):
            self.authenticate(user.login, user.login)
            page = self.url_open(url)
            self.assertEqual(page.status_code, status, user.login)
            self.assertEqual("Everything" in page.text, status == 200)

    def test_preview_only_judges(self):
        self.authenticate(self.editor.login, self.editor.login)
        url = f"/spoc/form/{self.form.id}/preview"
        text = f"q_{self.q['text'].id}"
        with mute_logger("odoo.http"):
            self.assertEqual(self.url_open(url, data={text: "x"}).status_code, 400)
        data = {text: "", "csrf_token": self._csrf()}
        page = self.url_open(url, data=data)
        self.assertIn("Please answer this question.", page.text)
        data[text] = "Something"
        page = self.url_open(url, data=data)
        self.assertIn("These answers would be accepted.", page.text)
        answer = self.url_open(url, data=data, headers={"X-Requested-With": "spoc"})
        self.assertIn("message", answer.json())

    def _csrf(self):
        page = self.url_open(f"/spoc/form/{self.form.id}/preview").text
        return page.split('name="csrf_token" value="')[1].split('"')[0]


@tagged("post_install", "-at_install")
class TestFormReading(FormScene, CatalogCase):
    """Names of inputs to answers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_form()

    def _request(self, data):
        builder = EnvironBuilder(method="POST", data=data)
        return Request(builder.get_environ())

    def _name(self, *codes):
        parts = [str(self.q[c].id if c in self.q else c) for c in codes]
        return "q_" + "_".join(parts)

    def test_read(self):
        sent = {
            self._name("text"): "Words",
            self._name("multi_choice"): ["1", "2"],
            self._name("date_range", "from"): "2026-12-01",
            self._name("date_range", "to"): "2026-12-02",
            self._name("person"): "7",
            self._name("person") + "_text": "Anna",
            self._name("file"): (BytesIO(b"12"), "a.pdf"),
            self._name("rows", "0", "item"): "Chair",
            self._name("rows", "2", "row"): "1",
            self._name("rows", "7", "count"): "2",
            "q_0": "x",
            f"q_{'9' * 30}_1_1": "x",
        }
        answers = read_answers(self._compiled(), self._request(sent))
        get = {code: answers.get(question.id) for code, question in self.q.items()}
        self.assertEqual(get["text"], "Words")
        self.assertEqual(get["multi_choice"], ["1", "2"])
        self.assertEqual(get["date_range"], {"from": "2026-12-01", "to": "2026-12-02"})
        self.assertEqual(get["person"], {"id": "7", "text": "Anna"})
        self.assertEqual(get["file"][0]["size"], 2)
        items = [row[self.q["item"].id] for row in get["rows"]]
        self.assertEqual(items, ["Chair", None, None])
        self.assertEqual(get["rows"][2][self.q["count"].id], "2")
        self.assertNotIn(self.q["info"].id, answers)

    def test_forged_rows_end(self):
        sent = {self._name("rows", str(n), "item"): "x" for n in range(3000)}
        answers = read_answers(self._compiled(), self._request(sent))
        self.assertLessEqual(len(answers[self.q["rows"].id]), 200)

    def test_people(self):
        compiled = self._compiled()
        for sent, people in (
            ({}, None),
            ({"for_whom": "self", "for_ids": "3"}, None),
            ({"for_whom": "other", "for_ids": ["3", "4"]}, ["3", "4"]),
            ({"for_whom": "other", "for_text": "Anna, Bo"}, "Anna, Bo"),
            ({"for_whom": "other"}, ""),
        ):
            self.assertEqual(read_people(compiled, self._request(sent)), people)

    def test_changed_meanwhile(self):
        compiled = self._compiled()
        version = f"{compiled['id']}-{compiled['version']}"
        gone = max(q.id for q in self.q.values()) + 1
        sent = self._request(
            {
                "form_version": version,
                self._name("text"): "x",
                self._name("date_range", "from"): "2026-12-01",
                self._name("person") + "_text": "Anna",
                self._name("rows", "0", "item"): "x",
                f"q_{gone}": "Lost words",
                f"q_{gone}_0_{gone + 1}": "Lost row",
                f"q_{gone + 2}": " ",
                f"q_{gone + 3}": "7",
                f"q_{gone + 4}": "12",
                f"q_{gone + 4}_text": "Anna",
                "form_words": json.dumps(
                    {
                        str(gone): {"label": "Why?"},
                        str(gone + 3): {"label": "Colour", "options": {"7": "Red"}},
                    }
                ),
            }
        )
        self.assertFalse(is_outdated(compiled, sent))
        self.assertEqual(
            read_leftovers(compiled, sent),
            [
                {"question": "Why?", "text": "Lost words"},
                {"question": "", "text": "Lost row"},
                {"question": "Colour", "text": "Red"},
                {"question": "", "text": "Anna"},
            ],
        )
        self.q["text"].label = "Other"
        self.assertTrue(is_outdated(self._compiled(), sent))
        self.assertFalse(is_outdated(compiled, self._request({})))

    def test_forged_words_of_a_form(self):
        """What a page sends along is text to be shown, whatever it is."""
        compiled = self._compiled()
        gone = max(q.id for q in self.q.values()) + 1
        for words in (
            "",
            "{",
            "[1]",
            "[" * 5000,
            '"x"',
            json.dumps({str(gone): 5}),
            json.dumps({str(gone): {"options": [1]}}),
        ):
            with self.subTest(words=words[:20]):
                sent = self._request({f"q_{gone}": "Lost", "form_words": words})
                self.assertEqual(
                    read_leftovers(compiled, sent), [{"question": "", "text": "Lost"}]
                )
        sent = {f"q_{gone}": "a", "form_words": json.dumps({str(gone): {"label": [1]}})}
        (left,) = read_leftovers(compiled, self._request(sent))
        self.assertEqual(left["question"], "[1]")
