from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import KnowledgeCase


@tagged("post_install", "-at_install")
class TestArticleAccess(KnowledgeCase):
    """Who reads what; a confidential desk's articles leak nowhere."""

    def _sees(self, user, article):
        Article = self.env["spoc.article"].with_user(user)
        found = bool(Article.search([("id", "=", article.id)]))
        self.assertEqual(article.with_user(user).has_access("read"), found)
        self.assertEqual(bool(Article.search_count([("id", "=", article.id)])), found)
        return found

    def test_open_article(self):
        article = self._published()
        for user in (self.requester, self.customer, self.stranger, self.editor):
            self.assertTrue(self._sees(user, article))

    def test_drafts_are_for_agents(self):
        article = self._draft()
        article.action_submit()
        for user in (self.requester, self.customer):
            self.assertFalse(self._sees(user, article))
        for user in (self.stranger, self.colleague, self.editor, self.admin):
            self.assertTrue(self._sees(user, article))

    def test_retired_is_gone_for_readers(self):
        article = self._published()
        article.action_retire()
        self.assertFalse(self._sees(self.requester, article))

    def test_audience(self):
        article = self._published(audience_ids=[Command.link(self.customers.id)])
        self.assertTrue(self._sees(self.customer, article))
        self.assertFalse(self._sees(self.requester, article))
        self.assertTrue(self._sees(self.stranger, article), "agents answer for all")

    def test_readers_write_nothing(self):
        article = self._published()
        for user in (self.requester, self.customer):
            reader = article.with_user(user)
            for method, args in (
                ("write", [{"keywords": "x"}]),
                ("unlink", []),
                ("copy", []),
                ("action_retire", []),
                ("action_revise", []),
                ("action_add_translation", []),
                ("action_still_true", []),
            ):
                with self.assertRaises(AccessError, msg=method):
                    getattr(reader, method)(*args)
            with self.assertRaises(AccessError):
                self.env["spoc.article"].with_user(user).create({"name": "x"})
            with self.assertRaises(AccessError):
                reader.message_post(body="x")

    def test_agents_write_their_own_desks(self):
        article = self._draft()
        for user in (self.stranger, self.hr):
            with self.assertRaises(AccessError):
                article.with_user(user).write({"name": "x"})
        article.with_user(self.editor).write({"name": "Better"})
        with self.assertRaises(AccessError):
            self._draft(self.agent, desk_id=self.secret_desk.id)

    def test_inner_part_is_for_agents(self):
        article = self._published(inner_body="<p>The innernode</p>")
        for user in (self.requester, self.customer):
            reader = article.with_user(user)
            for name in ("inner_body", "inner_ids", "version_ids"):
                with self.assertRaises(AccessError, msg=name):
                    reader.read([name])
            self.assertNotIn("inner_body", reader.fields_get())
            with self.assertRaises(AccessError):
                self.env["spoc.article.inner"].with_user(user).search([])
            self.assertFalse(
                self.env["spoc.article"].with_user(user)._spoc_search("innernode")
            )
        self.assertIn("innernode", article.with_user(self.stranger).inner_body)

    # ---- The confidential desk ----

    def test_confidential_is_for_members(self):
        article = self._secret()
        outsiders = (
            self.requester,
            self.customer,
            self.stranger,
            self.agent,
            self.editor,
            self.admin,
        )
        for user in outsiders:
            self.assertFalse(self._sees(user, article), user.login)
        for user in (self.hr, self.hr_colleague):
            self.assertTrue(self._sees(user, article))

    def test_confidential_leaks_nowhere(self):
        article = self._secret(
            service_ids=[Command.link(self.service.id)],
            inner_body="<p>zephyrinner</p>",
        )
        article.message_post(body="zephyrtalk", subtype_xmlid="mail.mt_comment")
        article._spoc_ask(
            "spoc_kb.activity_type_review", self.hr_colleague, "zephyrtask"
        )
        attachment = self.env["ir.attachment"].create(
            {
                "name": "zephyrfile.txt",
                "raw": b"zephyrbytes",
                "res_model": "spoc.article",
                "res_id": article.id,
            }
        )
        article.with_user(self.hr_colleague)._spoc_feedback(False, "zephyrcomment")
        article.with_user(self.hr_colleague)._spoc_record_use()
        article.with_user(self.hr).action_revise()
        self.env.flush_all()
        for user in (
            self.requester,
            self.customer,
            self.stranger,
            self.agent,
            self.editor,
            self.admin,
        ):
            with self.subTest(user=user.login):
                self.env.invalidate_all()
                self._assert_no_leak(user, article, attachment)

    def _assert_no_leak(self, user, article, attachment):
        env = self.env(user=user)
        Article = env["spoc.article"]
        self.assertFalse(Article._spoc_search("zephyrcase"))
        self.assertFalse(Article._spoc_search("zephyrcas"))
        self.assertFalse(Article.name_search("zephyrcase"))
        self.assertFalse(Article.search([("body", "ilike", "zephyr")]))
        self.assertFalse(
            Article._read_group([("name", "ilike", "zephyr")], ["state"], ["__count"])
        )
        groups = Article._read_group([], ["desk_id"], ["__count"])
        self.assertNotIn(self.secret_desk, [desk for desk, _count in groups])
        sections = env["spoc.window"]._spoc_search_sections("zephyrcase", 10)
        self.assertNotIn("zephyr", str(sections))
        service = self.service.with_user(user)
        self.assertNotIn(article, service._spoc_answers())
        self.assertFalse(service.article_ids)
        self.assertEqual(service.article_count, 0)
        self.assertFalse(
            env["spoc.service"].search(
                [("id", "=", service.id), ("article_ids.name", "ilike", "zephyr")]
            )
        )
        for method in (
            lambda: article.with_user(user).read(["name"]),
            lambda: article.version_ids.with_user(user).read(["content"]),
            lambda: article.version_ids.with_user(user).action_restore(),
            lambda: article.with_user(user).spoc_compare_words(1, {"body": ""}),
            lambda: env["spoc.article.unsaved"].keep(article.id, 1, {"body": "x"}),
            lambda: env["spoc.article.unsaved"].offered(article.id),
            lambda: article.with_user(user)._spoc_feedback(True),
            lambda: article.with_user(user).copy(),
            lambda: attachment.with_user(user).read(["name", "raw"]),
        ):
            with self.assertRaises(AccessError):
                method()
        if user._is_internal():
            for domain in (
                [("id", "=", attachment.id)],
                [("res_model", "=", "spoc.article")],
                [("name", "ilike", "zephyrfile")],
            ):
                self.assertNotIn(attachment, env["ir.attachment"].search(domain))
        self.assertFalse(
            env["mail.message"].search(
                [("model", "=", "spoc.article"), ("res_id", "=", article.id)]
            )
        )
        self.assertFalse(env["mail.message"].search([("body", "ilike", "zephyrtalk")]))
        if user._is_internal():
            self.assertFalse(
                env["mail.activity"].search([("res_model", "=", "spoc.article")])
            )
        self.assertNotIn(
            article,
            env["spoc.article.feedback"].search([]).sudo().mapped("article_id"),
        )
        for model in ("spoc.article.use", "spoc.article.inner"):
            if env[model].has_access("read"):
                self.assertFalse(env[model].search([("article_id", "=", article.id)]))

    def test_confidential_with_audience(self):
        """Readers get the words, and only the words."""
        article = self._secret(
            audience_ids=[Command.link(self.employees.id)],
            inner_body="<p>zephyrinner</p>",
        )
        article.message_post(body="zephyrtalk", subtype_xmlid="mail.mt_comment")
        attachment = self.env["ir.attachment"].create(
            {
                "name": "zephyrfile.txt",
                "raw": b"zephyrbytes",
                "res_model": "spoc.article",
                "res_id": article.id,
            }
        )
        article.with_user(self.requester)._spoc_feedback(False, "zephyrcomment")
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertTrue(self._sees(self.requester, article))
        self.assertFalse(self._sees(self.customer, article))
        for user in (self.stranger, self.admin):
            with self.subTest(user=user.login):
                env = self.env(user=user)
                reader = article.with_user(user)
                self.assertIn("zephyrcase", reader.body)
                self.assertFalse(reader.inner_body)
                self.assertFalse(env["spoc.article.inner"].search([]))
                self.assertFalse(
                    env["mail.message"].search([("body", "ilike", "zephyrtalk")])
                )
                self.assertFalse(
                    env["mail.activity"].search([("res_id", "=", article.id)])
                )
                self.assertFalse(env["spoc.article.feedback"].search([]))
                with self.assertRaises(AccessError):
                    attachment.with_user(user).read(["raw"])
                for domain in (
                    [("res_model", "=", "spoc.article")],
                    [("name", "=", "zephyrfile.txt")],
                ):
                    self.assertNotIn(attachment, env["ir.attachment"].search(domain))
        self.assertIn(
            attachment,
            self.env["ir.attachment"]
            .with_user(self.hr)
            .search([("res_model", "=", "spoc.article")]),
        )

    def test_membership_is_judged_at_once(self):
        article = self._secret()
        self.assertFalse(self._sees(self.stranger, article))
        self.secret_desk.member_ids = [Command.link(self.stranger.id)]
        self.assertTrue(self._sees(self.stranger, article))
        self.secret_desk.member_ids = [Command.unlink(self.stranger.id)]
        self.assertFalse(self._sees(self.stranger, article))

    def test_manager_of_the_desk_is_inside(self):
        article = self._secret(inner_body="<p>zephyrinner</p>")
        self.secret_desk.manager_id = self.stranger
        self.assertTrue(self._sees(self.stranger, article))
        self.assertIn("zephyrinner", article.with_user(self.stranger).inner_body)

    def test_desk_turned_confidential(self):
        article = self._published()
        self.assertTrue(self._sees(self.requester, article))
        self.desk.privacy = "confidential"
        self.assertFalse(self._sees(self.requester, article))
        self.assertTrue(self._sees(self.agent, article))

    def test_other_company(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        desk = self.env["spoc.desk"].create(
            {
                "name": "Elsewhere",
                "code": "KBX",
                "company_id": company.id,
                "resource_calendar_id": company.resource_calendar_id.id,
            }
        )
        article = self.env["spoc.article"].create(
            {"name": "Elsewhere", "desk_id": desk.id, "body": "<p>There</p>"}
        )
        self.assertEqual(article.company_id, company)
        for user in (self.admin, self.editor, self.stranger):
            self.assertFalse(self._sees(user, article))
