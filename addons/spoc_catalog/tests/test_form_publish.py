"""No service is published with a form that cannot be answered."""

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .. import form_check
from .common import CatalogCase
from .form_scene import FormScene


@tagged("post_install", "-at_install")
class TestFormPublish(FormScene, CatalogCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_form()
        cls._question("last", type="text", sequence=99)
        cls.draft_service.form_id = cls.form

    def _faults(self):
        return [
            (question.code, message) for question, message in self.form._spoc_check()
        ]

    def test_a_sound_form_is_published(self):
        self.assertEqual(self._faults(), [])
        self.draft_service.with_user(self.editor).action_publish()
        self.assertEqual(self.draft_service.state, "published")

    def test_faults_are_refused_with_a_list(self):
        self.q["integer"].default_value = "99"
        self._condition(self.q["date"], self.q["boolean"], "is", value_text="yes")
        self._condition(self.q["date"], self.q["boolean"], "is", value_text="no")
        self.q["date"].required = True
        codes = [code for code, _message in self._faults()]
        self.assertIn("integer", codes)
        self.assertIn("date", codes)
        with self.assertRaises(UserError) as refused:
            self.draft_service.with_user(self.editor).action_publish()
        for words in ("“Everything”", "“Integer”", "“Date”", "At most 9"):
            self.assertIn(words, str(refused.exception))
        self.assertEqual(self.draft_service.state, "draft")

    def test_the_editors_own_entry_is_no_fault(self):
        self.q["integer"].prefill = "name"
        self.assertEqual(self._faults(), [])

    def test_outside_customers_cannot_look_up_staff(self):
        def warned():
            return [
                words
                for words in self.draft_service._spoc_publish_warnings()
                if "“Person”" in words
            ]

        person = self.q["person"]
        self.draft_service.audience_ids = False
        person.required = False
        self.assertFalse(warned())
        person.required = True
        self.assertTrue(warned())
        self.draft_service.audience_ids = self._audience("employees")
        self.assertFalse(warned())
        self.draft_service.audience_ids |= self._audience("customers")
        self.assertTrue(warned())
        # Whom it is not asked cannot fail to answer it.
        self.env["spoc.form.condition"].create(
            {
                "question_id": person.id,
                "person_field": "employee",
                "operator": "is",
                "value_text": "yes",
            }
        )
        self.assertFalse(warned())

    def test_loops(self):
        self._condition(self.q["email"], self.q["url"])
        self._condition(self.q["url"], self.q["email"])
        codes = {code for code, _message in self._faults()}
        self.assertTrue(codes & {"email", "url"})

    def test_missing_translations(self):
        self.env["res.lang"]._activate_lang("sv_SE")
        self.assertEqual(
            {code for code, message in self._faults() if "Swedish" in message},
            set(self.q),
        )
        for question in self.q.values():
            question.with_context(lang="sv_SE").label = f"{question.label} på svenska"
            for option in question.option_ids:
                option.with_context(lang="sv_SE").label = f"{option.label} (sv)"
        self.assertEqual(self._faults(), [])
        self.q["choice"].option_ids = [Command.create({"label": "New"})]
        self.assertEqual([code for code, _message in self._faults()], ["choice"])

    def test_shown_to_the_editor(self):
        self.q["integer"].default_value = "99"
        action = self.form.with_user(self.editor).action_check()
        check = self.env["spoc.form.check"].browse(action["res_id"])
        self.assertFalse(check.is_fine)
        self.assertEqual(check.line_ids.question_id, self.q["integer"])
        opened = check.line_ids.action_open_question()
        self.assertEqual(opened["res_id"], self.q["integer"].id)
        self.q["integer"].default_value = "5"
        action = self.form.with_user(self.editor).action_check()
        self.assertTrue(self.env["spoc.form.check"].browse(action["res_id"]).is_fine)

    def test_every_finding_has_words(self):
        fallback = self.form._get_finding_message("no_such_code", {})
        params = {
            "label": "x",
            "limit": 2,
            "count": 1,
            "value": "x",
            "extension": "exe",
            "error": "required",
            "params": {},
            "source_label": "y",
        }
        for code in form_check.CODES:
            message = self.form._get_finding_message(code, params)
            self.assertNotEqual(message, fallback, code)
