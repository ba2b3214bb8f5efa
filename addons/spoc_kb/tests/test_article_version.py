from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..models.spoc_article_version import NOT_RESTORED, VERSION_FIELDS
from .common import BODY, KnowledgeCase


@tagged("post_install", "-at_install")
class TestArticleVersion(KnowledgeCase):
    """Every saving is kept, compared and restored, with all its words."""

    def _content(self, article, number=None):
        version = article.sudo().version_ids.filtered(
            lambda v: v.number == (number or article.content_version)
        )
        return version._spoc_content()

    # ---- Forbidden ----

    def test_versions_are_for_writers(self):
        article = self._published(inner_body="<p>Inner</p>")
        article.action_retire()
        for user in (self.requester, self.customer):
            with self.assertRaises(AccessError):
                self.env["spoc.article.version"].with_user(user).search([])
            with self.assertRaises(AccessError):
                article.with_user(user).read(["version_ids"])
        version = article.version_ids
        self.assertFalse(version.with_user(self.stranger).has_access("read"))
        self.assertTrue(version.with_user(self.colleague).has_access("read"))
        wizard = self.env["spoc.article.compare"].with_user(self.stranger)
        with self.assertRaises(AccessError):
            wizard.new({"article_id": article.id, "older_id": version.id}).difference  # noqa: B018
        secret = self._secret()
        for user in (self.agent, self.editor, self.admin):
            self.assertFalse(
                secret.version_ids.with_user(user).has_access("read"), user.login
            )

    def test_nobody_changes_or_deletes_one(self):
        article = self._draft()
        for caller in (article.version_ids, article.sudo().version_ids):
            with self.assertRaises(UserError):
                caller.write({"content": {}})
            with self.assertRaises(UserError):
                caller.unlink()
        with self.assertRaises(AccessError):
            self.env["spoc.article.version"].with_user(self.agent).create(
                {"article_id": article.id, "number": 9, "date": "2026-01-01 00:00:00"}
            )

    def test_restore_asks_for_the_right_to_write(self):
        article = self._draft()
        article.body = "<p>Two</p>"
        first = article.version_ids.filtered(lambda v: v.number == 1)
        with self.assertRaises(AccessError):
            first.with_user(self.stranger).action_restore()
        with self.assertRaises(AccessError):
            article.with_user(self.stranger)._spoc_restore({"name": "x"})
        article.action_submit()
        with self.assertRaisesRegex(UserError, "being reviewed"):
            first.with_user(self.colleague).action_restore()

    # ---- Kept ----

    def test_each_saving_is_kept(self):
        article = self._draft(inner_body="<p>In one</p>")
        article.write({"name": "Two?", "summary": "Short"})
        article.with_user(self.colleague).inner_body = "<p>In two</p>"
        article.write({"name": "Two?"})
        versions = article.version_ids.sorted("number")
        self.assertEqual(versions.mapped("number"), [1, 2, 3, 4])
        self.assertEqual(versions[0].content["body"], BODY)
        self.assertEqual(versions[1].content, {"name": "Two?", "summary": "Short"})
        self.assertEqual(versions[2].content, {"inner_body": "<p>In two</p>"})
        self.assertEqual(versions[2].user_id, self.colleague)
        self.assertEqual(versions[3].content, {}, "nothing changed")

    def test_all_words_come_back(self):
        other_desk = self.env["spoc.desk"].create({"name": "Third", "code": "KB3"})
        facet = self.env["spoc.facet"].create({"name": "Thing"})
        value = self.env["spoc.facet.value"].create(
            {"name": "Printer", "facet_id": facet.id}
        )
        files = self.env["ir.attachment"].create(
            [{"name": "a.txt", "raw": b"a"}, {"name": "b.txt", "raw": b"b"}]
        )
        first = {
            "name": "One?",
            "summary": "Sum one",
            "kind": "escalation",
            "symptoms": "Sym one",
            "body": "<p>Body one</p>",
            "inner_body": "<p>Inner one</p>",
            "keywords": "key one",
            "escalation_desk_id": other_desk.id,
            "escalation_department_id": self.env["hr.department"]
            .create({"name": "Dep"})
            .id,
            "escalation_job_id": self.env["hr.job"].create({"name": "Job"}).id,
            "escalation_employee_id": self.env["hr.employee"]
            .create({"name": "Per"})
            .id,
            "escalation_when": "When one",
            "escalation_how": "How one",
            "escalation_collect": "Collect one",
            "service_ids": [Command.set(self.service.ids)],
            "facet_value_ids": [Command.set(value.ids)],
            "file_ids": [Command.set(files[0].ids)],
            "governance": "compliance",
        }
        article = self.env["spoc.article"].create({"desk_id": self.desk.id, **first})
        article = article.with_user(self.editor)
        before = article.sudo()._spoc_words(VERSION_FIELDS)
        second = {
            name: False
            for name in first
            if name not in ("name", "kind", "governance", "body")
        }
        article.sudo().write(
            {
                **second,
                "name": "Two?",
                "kind": "howto",
                "governance": "experience",
                "body": "<p>Other</p>",
                "service_ids": [Command.clear()],
                "facet_value_ids": [Command.clear()],
                "file_ids": [Command.set(files[1].ids)],
            }
        )
        present = article.sudo()._spoc_words(VERSION_FIELDS)
        for name in first:
            self.assertNotEqual(present[name], before[name], name)
        article.sudo().version_ids.filtered(lambda v: v.number == 1).action_restore()
        self.assertEqual(article.sudo()._spoc_words(VERSION_FIELDS), before)
        number = article.content_version
        article.sudo().version_ids.filtered(lambda v: v.number == 2).action_restore()
        after = article.sudo()._spoc_words(VERSION_FIELDS)
        kept = {*VERSION_FIELDS} - {*NOT_RESTORED}
        for name in kept - {"keywords", "service_ids", "facet_value_ids"}:
            self.assertEqual(after[name], present[name], name)
        self.assertEqual(self._content(article, number)["body"], "<p>Body one</p>")

    def test_what_was_deleted_does_not_hinder(self):
        job = self.env["hr.job"].create({"name": "Gone"})
        article = self._draft(kind="escalation", escalation_job_id=job.id)
        article.escalation_job_id = False
        job.unlink()
        article.version_ids.filtered(lambda v: v.number == 1).action_restore()
        self.assertFalse(article.escalation_job_id)

    def test_restore_of_a_published_one_makes_a_revision(self):
        article = self._published(summary="One")
        action = article.action_revise()
        revision = self.env["spoc.article"].browse(action["res_id"])
        revision = revision.with_user(self.agent)
        revision.write({"summary": "Two", "body": "<p>Two</p>"})
        revision.action_submit()
        revision.with_user(self.colleague).action_publish("Clearer")
        self.assertEqual(article.summary, "Two")
        first = article.version_ids.filtered(lambda v: v.number == 1)
        action = first.with_user(self.agent).action_restore()
        again = self.env["spoc.article"].browse(action["res_id"])
        self.assertEqual(again.revision_of_id, article)
        self.assertEqual(again.summary, "One")
        self.assertEqual(article.summary, "Two", "readers see it when published")

    def test_a_revision_gives_its_savings_to_the_article(self):
        article = self._published()
        action = article.action_revise()
        revision = self.env["spoc.article"].browse(action["res_id"])
        revision = revision.with_user(self.agent)
        revision.body = "<p>Half</p>"
        revision.body = "<p>Whole</p>"
        revision.keywords = "toner"
        revision.action_submit()
        revision.with_user(self.colleague).action_publish("Clearer", minor=True)
        versions = article.version_ids.sorted("number")
        self.assertEqual(versions.mapped("number"), [1, 2, 3])
        self.assertEqual(article.content_version, 3)
        self.assertEqual(versions[1].content["body"], "<p>Half</p>")
        self.assertEqual(self._content(article)["body"], "<p>Whole</p>")
        self.assertEqual(self._content(article)["keywords"], "toner")
        self.assertRecordValues(
            versions[2],
            [
                {
                    "note": "Clearer",
                    "is_minor": True,
                    "publisher_id": self.colleague.id,
                    "user_id": self.agent.id,
                    "is_current": True,
                }
            ],
        )
        self.assertTrue(versions[0].published_on)
        self.assertIn("quasarnode", versions[2].difference, "with what readers saw")

    # ---- Readable ----

    def test_difference(self):
        article = self._draft(
            symptoms="It beeps twice", body="<p>Press the red button.</p>"
        )
        article.write(
            {
                "symptoms": "It beeps <b>thrice</b>",
                "body": "<p>Press the green button.</p>",
            }
        )
        shown = article.version_ids[0].difference
        self.assertIn("Symptoms", shown)
        self.assertIn("&lt;b&gt;", shown)
        self.assertNotIn("<b>thrice", shown)
        self.assertIn('<ins class="text-success">', shown)
        self.assertNotIn("<added>", shown)
        self.assertEqual(article.version_ids[0].changed_text, "Symptoms, Answer")
        self.assertIn("red", article.version_ids[1].content_html)
        first = article.version_ids[1].difference
        self.assertIn("nothing to compare", first)
        wizard = (
            self.env["spoc.article.compare"]
            .with_user(self.agent)
            .create({"article_id": article.id, "older_id": article.version_ids[1].id})
        )
        self.assertIn("green", wizard.difference)
        wizard.newer_id = wizard.older_id
        self.assertIn("Nothing differs", wizard.difference)
