from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..models.spoc_article_feedback import COMMENT_LIMIT
from .common import KnowledgeCase


@tagged("post_install", "-at_install")
class TestArticleFeedback(KnowledgeCase):
    def setUp(self):
        super().setUp()
        self.article = self._published()

    def test_nobody_speaks_for_another(self):
        Feedback = self.env["spoc.article.feedback"]
        for user in (self.requester, self.customer, self.agent, self.editor):
            with self.assertRaises(AccessError):
                Feedback.with_user(user).create(
                    {"article_id": self.article.id, "user_id": self.admin.id}
                )
        said = self.article.with_user(self.requester)._spoc_feedback(True)
        for user in (self.requester, self.customer, self.agent, self.editor):
            with self.assertRaises(AccessError):
                said.with_user(user).write({"helped": False})
            with self.assertRaises(AccessError):
                said.with_user(user).unlink()

    def test_nobody_makes_up_uses(self):
        for user in (self.requester, self.agent, self.editor, self.admin):
            with self.assertRaises(AccessError):
                self.env["spoc.article.use"].with_user(user).create(
                    {"article_id": self.article.id, "role": "solved"}
                )

    def test_drafts_get_no_feedback(self):
        draft = self._draft()
        with self.assertRaises(UserError):
            draft.with_user(self.colleague)._spoc_feedback(True)
        with self.assertRaises(AccessError):
            draft.with_user(self.requester)._spoc_feedback(True)

    def test_one_word_per_reader(self):
        reader = self.article.with_user(self.requester)
        first = reader._spoc_feedback(True)
        second = reader._spoc_feedback(False, "No")
        self.assertEqual(first, second)
        self.article.with_user(self.customer)._spoc_feedback(True)
        self.assertEqual(reader.helpful_count, 1)
        self.assertEqual(reader.unhelpful_count, 1)

    def test_readers_see_their_own_word(self):
        mine = self.article.with_user(self.requester)._spoc_feedback(True, "Mine")
        self.article.with_user(self.customer)._spoc_feedback(True, "Theirs")
        Feedback = self.env["spoc.article.feedback"]
        self.assertEqual(Feedback.with_user(self.requester).search([]), mine)
        self.assertEqual(Feedback.with_user(self.agent).search_count([]), 2)
        self.assertFalse(Feedback.with_user(self.stranger).search([]))

    def test_comment_goes_to_the_owner(self):
        reader = self.article.with_user(self.requester)
        reader._spoc_feedback(False, "  Which <b>printer</b>?  ")
        asked = self.article.activity_ids
        self.assertEqual(asked.user_id, self.agent)
        self.assertIn("Which &lt;b&gt;printer&lt;/b&gt;?", asked.note)
        reader._spoc_feedback(False, "  Which <b>printer</b>?  ")
        self.assertEqual(self.article.activity_ids, asked, "said the same again")
        reader._spoc_feedback(False, "Other")
        self.assertEqual(len(self.article.activity_ids), 1)
        self.assertIn("Other", self.article.activity_ids.note)
        reader._spoc_feedback(True)
        self.assertFalse(self.article.activity_ids)

    def test_no_comment_no_task(self):
        self.article.with_user(self.requester)._spoc_feedback(False)
        self.assertFalse(self.article.activity_ids)

    def test_long_comment_is_cut(self):
        said = self.article.with_user(self.requester)._spoc_feedback(True, "x" * 9999)
        self.assertEqual(len(said.comment), COMMENT_LIMIT)

    def test_read_once_per_user_and_day(self):
        reader = self.article.with_user(self.requester)
        reader._spoc_record_use()
        reader._spoc_record_use()
        self.assertEqual(self.article.use_count, 1)
        self.article.with_user(self.customer)._spoc_record_use()
        self.assertEqual(self.article.use_count, 2)
        use = self.env["spoc.article.use"].search([("user_id", "=", self.requester.id)])
        use.date = fields.Date.today() - timedelta(1)
        use.flush_recordset()
        reader._spoc_record_use()
        self.assertEqual(self.article.use_count, 3)

    def test_used_for_a_record_once(self):
        partner = self.requester.partner_id
        self.article._spoc_record_use("solved", partner)
        self.article._spoc_record_use("solved", partner)
        self.article._spoc_record_use("offered", partner)
        uses = self.env["spoc.article.use"].search(
            [("res_model", "=", "res.partner"), ("res_id", "=", partner.id)]
        )
        self.assertEqual(sorted(uses.mapped("role")), ["offered", "solved"])
        self.assertEqual(uses.desk_id, self.desk)

    def test_reading_locks_nothing_of_the_article(self):
        self.env.flush_all()
        before = self.article.write_date
        with self.assertQueryCount(1):
            self.article._spoc_record_use()
        self.assertEqual(self.article.write_date, before)

    def test_uses_for_a_confidential_desk_are_not_counted(self):
        """How often it helped in confidence would be told by the number."""
        uses = self.env["spoc.article.use"]
        uses._spoc_record(self.article, "solved", self._draft(name="An open matter"))
        self.assertEqual(self.article.use_count, 1)
        secret = self._secret()
        for role in ("offered", "solved", "read"):
            uses._spoc_record(self.article, role, secret)
        for user in (self.requester, self.agent, self.customer):
            seen = self.article.with_user(user)
            seen.invalidate_recordset(["use_count"])
            self.assertEqual(seen.use_count, 1, user.login)
        window = self.env["spoc.window"].with_user(self.requester)
        read = window._get_answers_read(50)
        self.assertNotIn(self.article, read)
        uses._spoc_record(self.article, "read")
        self.assertIn(self.article, window._get_answers_read(50))
