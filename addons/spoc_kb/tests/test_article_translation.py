from datetime import timedelta

from freezegun import freeze_time
from psycopg2.errors import UniqueViolation

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import KnowledgeCase


@tagged("post_install", "-at_install")
class TestArticleTranslation(KnowledgeCase):
    moments = 0

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("sv_SE")
        cls.env["res.lang"]._activate_lang("ru_RU")
        cls.original = cls._published(audience_ids=[Command.link(cls.employees.id)])

    def _translate(self, lang, name):
        action = self.original.action_add_translation()
        translation = self.env["spoc.article"].browse(action["res_id"])
        translation = translation.with_user(self.agent)
        translation.write({"lang": lang, "name": name, "body": f"<p>{name}</p>"})
        return translation

    def test_tie(self):
        translation = self._translate("sv_SE", "Hur skriver jag ut?")
        self.assertEqual(translation.translation_group_id, self.original)
        self.assertEqual(translation.desk_id, self.desk)
        self.assertEqual(translation.audience_ids, self.employees)
        self.assertEqual(translation.state, "draft")
        self.assertEqual(self.original.translation_ids, translation)

    def test_every_language_taken(self):
        for code, _name in self.env["res.lang"].get_installed():
            if code not in ("en_US",):
                self._translate(code, code)
        with self.assertRaises(UserError):
            self.original.action_add_translation()

    @mute_logger("odoo.sql_db")
    def test_one_per_language(self):
        self._translate("sv_SE", "Hur?")
        other = self._translate("ru_RU", "Как?")
        with self.assertRaises(UniqueViolation):
            other.lang = "sv_SE"
            other.flush_recordset()

    def test_not_the_language_of_the_original(self):
        translation = self._translate("sv_SE", "Hur?")
        with self.assertRaises(ValidationError):
            translation.lang = "en_US"

    def test_no_chains(self):
        translation = self._translate("sv_SE", "Hur?")
        with self.assertRaises(ValidationError):
            self._draft(lang="ru_RU", translation_group_id=translation.id)

    def test_readers_and_desk_are_those_of_the_original(self):
        translation = self._translate("sv_SE", "Hur?")
        with self.assertRaises(ValidationError):
            translation.audience_ids = [Command.clear()]
        with self.assertRaises(ValidationError):
            translation.with_user(self.editor).desk_id = False
        revision = self.env["spoc.article"].browse(
            self.original.action_revise()["res_id"]
        )
        revision.with_user(self.agent).audience_ids = [Command.set(self.customers.ids)]
        revision.with_user(self.agent).action_submit()
        revision.with_user(self.colleague).action_publish()
        self.assertEqual(self.original.audience_ids, self.customers)
        self.assertEqual(translation.audience_ids, self.customers)

    def test_title_of_a_draft_original_is_not_told(self):
        translation = self._translate("sv_SE", "Hur?")
        translation.action_submit()
        translation.with_user(self.colleague).action_publish()
        reader = translation.with_user(self.requester)
        self.assertNotIn("translation_group_id", reader.fields_get())
        self.assertNotIn("revision_of_id", reader.fields_get())

    def test_reader_gets_their_own_language(self):
        translation = self._translate("sv_SE", "Hur skriver jag ut?")
        translation.action_submit()
        translation.with_user(self.colleague).action_publish()
        both = (self.original | translation).with_user(self.requester)
        Article = self.env["spoc.article"].with_user(self.requester)
        for lang, expected in (("en_US", self.original), ("sv_SE", translation)):
            for found in (both, both[0], both[1]):
                chosen = found.with_context(lang=lang)._spoc_in_my_language()
                self.assertEqual(chosen, expected)
        self.assertEqual(
            self.original.with_user(self.requester)._spoc_other_languages(), translation
        )
        self.assertEqual(
            translation.with_user(self.requester)._spoc_other_languages(), self.original
        )
        translation.action_retire()
        self.assertEqual(
            both[0].with_context(lang="sv_SE")._spoc_in_my_language(), self.original
        )
        self.assertFalse(
            Article.browse(self.original.id)._spoc_other_languages(),
        )

    def test_change_of_substance_outdates(self):
        translation = self._translate("sv_SE", "Hur?")
        translation.action_submit()
        translation.with_user(self.colleague).action_publish()
        self._revise("<p>Quite another answer</p>")
        self.assertTrue(translation.translation_outdated)
        found = self.env["spoc.article"].search([("translation_outdated", "=", True)])
        self.assertIn(translation, found)
        self.assertIn("bring the translation", translation.activity_ids.summary)
        self._revise("<p>And another</p>")
        self.assertEqual(len(translation.activity_ids), 1, "asked once")

    def test_small_change_outdates_nothing(self):
        translation = self._translate("sv_SE", "Hur?")
        translation.action_submit()
        translation.with_user(self.colleague).action_publish()
        self._revise("<p>A comma, more</p>", minor=True)
        self.assertFalse(translation.translation_outdated)
        self.assertFalse(translation.activity_ids)

    def test_small_change_of_the_translation_does_not_catch_up(self):
        translation = self._translate("sv_SE", "Hur?")
        translation.action_submit()
        translation.with_user(self.colleague).action_publish()
        self._revise("<p>Quite another answer</p>")
        self._revise("<p>Ett komma</p>", minor=True, article=translation)
        self.assertTrue(translation.translation_outdated)
        self._revise("<p>Ett annat svar</p>", article=translation)
        self.assertFalse(translation.translation_outdated)

    def test_first_publication_is_of_substance(self):
        article = self._draft()
        article.action_submit()
        article.with_user(self.colleague).action_publish(minor=True)
        self.assertEqual(article.substance_on, article.published_on)

    def _revise(self, body, minor=False, article=None):
        """Another body, published one moment later."""
        article = article or self.original
        self.moments += 1
        with freeze_time(fields.Datetime.now() + timedelta(minutes=self.moments)):
            action = article.with_user(self.agent).action_revise()
            revision = self.env["spoc.article"].browse(action["res_id"])
            revision.with_user(self.agent).body = body
            revision.with_user(self.agent).action_submit()
            revision.with_user(self.colleague).action_publish(minor=minor)
