"""The reader's page, lists and files: who is shown what, old links, flags."""

import base64
import re

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import KnowledgeCase

PIXEL = (
    b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABh6FO1AAA"
    b"AABJRU5ErkJggg=="
)
LONG = "<h1>First</h1><p>a</p><h3>Then</h3><p>b</p><h1>Last</h1><p>c</p>"


class ReadingCase(KnowledgeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.article = cls._published(
            body=LONG, service_ids=[Command.link(cls.service.id)]
        )

    @classmethod
    def _attachment(cls, user=None, **values):
        """A picture put into an article by its author."""
        files = cls.env["ir.attachment"].with_user(user or cls.agent)
        return files.create({"name": "pixel.png", "datas": PIXEL, **values})

    @classmethod
    def _with_picture(cls, user=None, publisher=None, **values):
        """A published article with a picture and a file."""
        article = cls._draft(user, **values)
        picture = cls._attachment(user, res_model="spoc.article", res_id=article.id)
        token = picture.generate_access_token()[0]
        file = cls._attachment(
            user, name="form.pdf", datas=base64.b64encode(b"%PDF-1.4 quasarfile")
        )
        article.write(
            {
                "body": f'<p>Look: <img src="/web/image/{picture.id}'
                f'?access_token={token}"></p>',
                "file_ids": [Command.link(file.id)],
            }
        )
        article.action_submit()
        article.with_user(publisher or cls.colleague).action_publish()
        return article, picture, file


@tagged("post_install", "-at_install")
class TestArticleReading(ReadingCase):
    # ---- Flags: forbidden first ----

    def test_who_may_flag(self):
        for user in (self.requester, self.customer):
            with self.assertRaises(AccessError):
                self.article.with_user(user)._spoc_flag("wrong")
        secret = self._secret(audience_ids=[Command.set(self.employees.ids)])
        for user in (self.stranger, self.editor):
            flag = self.article.with_user(user)._spoc_flag("wrong", "Press B")
            self.assertEqual(flag.user_id, user)
        hidden = self._secret(name="Another zephyrcase")
        for user in (self.agent, self.editor, self.admin):
            with self.assertRaises(AccessError):
                hidden.with_user(user)._spoc_flag("wrong")
        self.assertTrue(secret)

    def test_nobody_writes_flags_by_hand(self):
        flag = self.article.with_user(self.agent)._spoc_flag("wrong", "x" * 9999)
        self.assertEqual(len(flag.text), 2000)
        for user in (self.agent, self.editor, self.admin, self.requester):
            with self.assertRaises(AccessError):
                flag.with_user(user).write({"text": "y"})
            with self.assertRaises(AccessError):
                flag.with_user(user).unlink()
            with self.assertRaises(AccessError):
                self.env["spoc.article.flag"].with_user(user).create(
                    {"article_id": self.article.id, "reason": "wrong"}
                )
        with self.assertRaises(AccessError):
            flag.with_user(self.stranger).action_rejected()

    def test_flags_of_a_confidential_desk_are_its_own(self):
        secret = self._secret()
        flag = secret.with_user(self.hr)._spoc_flag("outdated", "zephyrflag")
        Flag = self.env["spoc.article.flag"]
        self.assertTrue(Flag.with_user(self.hr_colleague).search([]))
        for user in (self.agent, self.editor, self.admin):
            self.assertFalse(Flag.with_user(user).search([]))
            with self.assertRaises(AccessError):
                flag.with_user(user).read(["text"])

    def test_bad_flags(self):
        with self.assertRaises(UserError):
            self.article.with_user(self.agent)._spoc_flag("made up")
        with self.assertRaises(UserError):
            self._draft().with_user(self.agent)._spoc_flag("wrong")

    def test_flag_and_its_end(self):
        self.article.with_user(self.stranger)._spoc_flag("outdated", "It is green now")
        self.assertEqual(self.article.with_user(self.agent).flag_count, 1)
        asked = self.article.activity_ids
        self.assertEqual(asked.user_id, self.agent)
        self.assertIn("It is green now", asked.note)
        revision = self.article.with_user(self.agent)._spoc_create_revision()
        revision.body = "<p>It is green.</p>"
        revision.action_submit()
        revision.with_user(self.colleague).action_publish()
        self.assertEqual(self.article.flag_ids.state, "fixed")
        self.assertEqual(self.article.flag_ids.closed_by_id, self.colleague)
        self.assertFalse(self.article.activity_ids)

    # ---- Feedback is collected ----

    def test_one_thing_to_do_for_all_that_was_said(self):
        self.article.with_user(self.requester)._spoc_feedback(
            False, "Where?", "unclear"
        )
        self.article.with_user(self.customer)._spoc_feedback(False, "", "outdated")
        self.article.with_user(self.stranger)._spoc_flag("wrong", "Press B")
        self.article.with_user(self.editor)._spoc_feedback(True)
        asked = self.article.activity_ids
        self.assertEqual(len(asked), 1)
        for words in ("Where?", "out of date", "Press B", "hard to understand"):
            self.assertIn(words, asked.note)
        self.assertIn("(3)", asked.summary)
        asked.action_feedback(feedback="Seen")
        self.article.with_user(self.hr)._spoc_feedback(False, "Still", "unclear")
        note = self.article.activity_ids.note
        self.assertIn("Still", note)
        self.assertNotIn("Where?", note, "the keeper is done with it")
        self.assertIn("Press B", note, "but the flag is open")

    def test_made_up_reason_is_none(self):
        said = self.article.with_user(self.requester)._spoc_feedback(False, "", "<b>")
        self.assertFalse(said.reason)
        said = self.article.with_user(self.requester)._spoc_feedback(True, "", "wrong")
        self.assertFalse(said.reason)

    # ---- Merged, retired ----

    def test_merge_needs_the_right_to_both(self):
        other = self._published(name="Other")
        with self.assertRaises(AccessError):
            other.with_user(self.stranger)._spoc_merge_into(
                self.article.with_user(self.stranger)
            )
        with self.assertRaises(UserError):
            other._spoc_merge_into(other)
        with self.assertRaises(UserError):
            self._draft()._spoc_merge_into(self.article)

    def test_merge(self):
        more = self.env["spoc.service"].create(
            {"name": "Scanning", "summary": "x", "desk_id": self.desk.id}
        )
        other = self._published(
            name="Printer eats paper",
            keywords="jam",
            service_ids=[Command.link(more.id)],
        )
        wizard = (
            self.env["spoc.article.merge"]
            .with_user(self.agent)
            .with_context(active_model="spoc.article", active_ids=other.ids)
            .create({"target_id": self.article.id})
        )
        wizard.action_merge()
        self.assertEqual(other.state, "retired")
        self.assertEqual(other.successor_id, self.article)
        self.assertIn(more, self.article.service_ids)
        self.assertIn("Printer eats paper", self.article.keywords)
        self.assertIn("jam", self.article.keywords)
        Article = self.env["spoc.article"].with_user(self.requester)
        self.assertEqual(Article._spoc_find_successor(other.id), self.article)

    def test_successor_of_a_successor_and_no_circles(self):
        one, two = self._published(name="One"), self._published(name="Two")
        one._spoc_merge_into(two)
        two._spoc_merge_into(self.article)
        Article = self.env["spoc.article"].with_user(self.customer)
        self.assertEqual(Article._spoc_find_successor(one.id), self.article)
        with self.assertRaises(ValidationError):
            self.article.with_user(self.agent).successor_id = one

    def test_successor_nobody_may_read_is_not_told(self):
        secret = self._secret()
        old = self._secret(name="Old zephyrcase", audience_ids=[])
        old.with_user(self.hr).successor_id = secret
        old.with_user(self.hr).action_retire()
        for user in (self.customer, self.requester, self.agent, self.admin):
            Article = self.env["spoc.article"].with_user(user)
            self.assertFalse(Article._spoc_find_successor(old.id))
        Article = self.env["spoc.article"].with_user(self.hr)
        self.assertEqual(Article._spoc_find_successor(old.id), secret)

    # ---- Kin, lists ----

    def _lists(self, user):
        window = self.env["spoc.window"].with_user(user)
        values = window._prepare_articles_values()
        listed = window._prepare_article_list_values()
        return values, listed

    def test_lists_show_what_may_be_read(self):
        secret = self._secret()
        for_staff = self._published(
            name="Staff only", audience_ids=[Command.set(self.employees.ids)]
        )
        for article in (secret, for_staff, self.article):
            article.with_user(self.hr)._spoc_feedback(True)
        table = {
            "customer": self.article,
            "requester": self.article | for_staff,
            "agent": self.article | for_staff,
            "hr": self.article | for_staff | secret,
        }
        mine = self.article | for_staff | secret
        for persona, articles in table.items():
            user = getattr(self, persona)
            values, listed = self._lists(user)
            useful = self.env["spoc.window"].with_user(user)
            useful = useful._prepare_article_list_values(useful=True)
            for found in (listed["answers"], useful["answers"]):
                self.assertEqual(found & mine, articles, persona)
            self.assertEqual(useful["total"] - len(articles), self._others(user))
            self.assertFalse((values["newest"] & mine) - articles)

    def _others(self, user):
        """Helpful articles of the demo data."""
        window = self.env["spoc.window"].with_user(user)
        found, _total = window._get_useful(1000)
        return len(
            found
            - (
                self.article
                | self.env["spoc.article"].search(
                    [("desk_id", "in", (self.desk | self.secret_desk).ids)]
                )
            )
        )

    def test_counts_tell_nothing_hidden(self):
        self._secret(service_ids=[Command.link(self.service.id)])
        for user, count in ((self.requester, 1), (self.admin, 1), (self.hr, 2)):
            window = self.env["spoc.window"].with_user(user)
            found = window._get_article_services()
            self.assertEqual(len(found[self.service]), count, user.login)

    def test_one_of_each_language(self):
        action = self.article.with_user(self.agent).action_add_translation
        self.env["res.lang"]._activate_lang("sv_SE")
        translation = self.env["spoc.article"].browse(action()["res_id"])
        translation.write({"lang": "sv_SE", "name": "Hur skriver jag ut?"})
        translation.with_user(self.agent).action_submit()
        translation.with_user(self.colleague).action_publish()
        both = self.article | translation
        for lang, shown in (("en_US", self.article), ("sv_SE", translation)):
            window = self.env["spoc.window"].with_user(self.requester)
            listed = window.with_context(lang=lang)._prepare_article_list_values(
                [("id", "in", both.ids)]
            )
            self.assertEqual(listed["answers"], shown)
            self.assertEqual(listed["total"], 1)

    def test_related(self):
        kin = self._published(
            name="Which paper?", service_ids=[Command.link(self.service.id)]
        )
        alike = self._published(name="How do I print in colour?")
        secret = self._secret(
            name="How do I print in secret?",
            service_ids=[Command.link(self.service.id)],
        )
        related = self.article.with_user(self.requester)._spoc_related(20)
        self.assertEqual(related[0], kin)
        self.assertIn(alike, related)
        self.assertNotIn(secret, related)
        self.assertNotIn(self.article, related)

    def test_overdue_articles_a_desk_hides_are_not_listed(self):
        self.desk.kb_due_policy = "hide"
        self.article.review_on = fields.Date.today()
        window = self.env["spoc.window"].with_user(self.requester)
        listed = window._prepare_article_list_values([("id", "=", self.article.id)])
        self.assertFalse(listed["answers"])
        self.assertFalse(window._spoc_answers_to("how do i print", self.service))

    def test_checked_on(self):
        self.assertEqual(self.article.checked_on, fields.Date.today())
        self.article.with_user(self.agent)._spoc_live().checked_on = "2020-01-01"
        self.article.with_user(self.agent).action_still_true()
        self.assertEqual(self.article.checked_on, fields.Date.today())
        with self.assertRaises(UserError):
            self.article.with_user(self.agent).checked_on = "2030-01-01"


@tagged("post_install", "-at_install")
class TestReadingPages(HttpCase, ReadingCase):
    def _get(self, login, path, **kwargs):
        self.authenticate(login, login)
        return self.url_open(path, **kwargs)

    def _post(self, login, path, **data):
        page = self._get(login, "/spoc/ask").text
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
        return self.url_open(
            path, data={"csrf_token": token, **data}, allow_redirects=False
        )

    # ---- Files: forbidden first ----

    def test_files_of_what_may_not_be_read(self):
        article, picture, file = self._with_picture(
            self.hr,
            self.hr_colleague,
            name="zephyrcase",
            desk_id=self.secret_desk.id,
        )
        ours, _picture, _file = self._with_picture(name="Open one")
        for login in (None, "kb_customer", "kb_requester", "kb_agent", "kb_admin"):
            for one in (picture, file):
                for owner in (article, ours):
                    answer = self._get(
                        login,
                        f"{owner._spoc_url()}/file/{one.id}",
                        allow_redirects=False,
                    )
                    self.assertIn(answer.status_code, (303, 404), login)
                    self.assertNotIn(b"quasarfile", answer.content)
        answer = self._get("kb_hr", f"{article._spoc_url()}/file/{file.id}")
        self.assertIn(b"quasarfile", answer.content)

    def test_an_article_hands_out_its_own_files_only(self):
        """Whoever writes an article must not open what it merely names."""
        foreign = self.env["ir.attachment"].create(
            {"name": "zephyr.png", "datas": PIXEL, "res_model": "res.company"}
        )
        talk = self._attachment(
            res_model="spoc.article", res_id=self.article.id, name="talk.png"
        )
        article = self._published(
            body=f'<p><img src="/web/image/{foreign.id}">'
            f'<img src="/web/image/{foreign.id}?access_token=made-up">'
            f'<a href="/web/content/{foreign.id}">x</a></p>'
        )
        for owner, one in ((article, foreign), (self.article, talk)):
            answer = self._get("kb_requester", f"{owner._spoc_url()}/file/{one.id}")
            self.assertEqual(answer.status_code, 404)

    def test_picture_and_file(self):
        article, picture, file = self._with_picture(name="With a picture")
        page = self._get("kb_customer", article._spoc_url()).text
        self.assertNotIn("access_token", page)
        self.assertIn(f'src="{article._spoc_url()}/file/{picture.id}"', page)
        self.assertIn("form.pdf", page)
        shown = self.url_open(f"{article._spoc_url()}/file/{picture.id}")
        self.assertEqual(shown.headers["Content-Type"], "image/png")
        kept = self.url_open(f"{article._spoc_url()}/file/{file.id}?download=1")
        self.assertIn("attachment", kept.headers["Content-Disposition"])
        self.assertIn(b"quasarfile", kept.content)
        # The picture is no business of theirs by any other way.
        plain = self.url_open(f"/web/content/{picture.id}")
        self.assertEqual(plain.status_code, 404)
        article.with_user(self.agent).action_retire()
        gone = self.url_open(f"{article._spoc_url()}/file/{picture.id}")
        self.assertEqual(gone.status_code, 404)

    # ---- Flag it or fix it ----

    @mute_logger("odoo.http")
    def test_flag_and_fix_are_closed_to_readers(self):
        secret = self._secret()
        for login in ("kb_customer", "kb_requester"):
            page = self._get(login, self.article._spoc_url()).text
            self.assertNotIn("spoc_flag", page)
            for path in ("flag", "fix"):
                url = f"{self.article._spoc_url()}/{path}"
                answer = self._post(login, url, reason="wrong")
                self.assertEqual(answer.status_code, 404)
                self.assertEqual(
                    self.url_open(url, data={"reason": "wrong"}).status_code, 400
                )
        for login in ("kb_agent", "kb_editor", "kb_admin"):
            for path in ("flag", "fix"):
                answer = self._post(
                    login, f"{secret._spoc_url()}/{path}", reason="wrong"
                )
                self.assertEqual(answer.status_code, 404)
        answer = self._post("kb_stranger", f"{self.article._spoc_url()}/fix")
        self.assertEqual(answer.status_code, 404)
        self.assertFalse(self.env["spoc.article.flag"].search_count([]))
        self.assertFalse(self.article.revision_ids)

    def test_flag(self):
        url = f"{self.article._spoc_url()}/flag"
        answer = self._post("kb_stranger", url, reason="wrong", text="Press <b>B</b>")
        self.assertEqual(answer.status_code, 303)
        self._post("kb_stranger", url, reason="made up")
        self.assertEqual(self.article.flag_ids.mapped("text"), ["Press <b>B</b>"])
        page = self._get("kb_stranger", self.article._spoc_url()).text
        self.assertIn("Press &lt;b&gt;B&lt;/b&gt;", page)
        self.assertNotIn("Press &lt;b&gt;", self._get("kb_requester", url[:-5]).text)

    def test_fix_opens_the_revision(self):
        url = f"{self.article._spoc_url()}/fix"
        answer = self._post("kb_agent", url)
        revision = self.article.revision_ids
        self.assertTrue(
            answer.headers["Location"].endswith(f"/odoo/service-articles/{revision.id}")
        )
        self._post("kb_colleague", url)
        self.assertEqual(self.article.revision_ids, revision)

    # ---- Old links ----

    def test_old_links_lead_on(self):
        old = self._published(name="Old one")
        link = old._spoc_url()
        old._spoc_merge_into(self.article)
        for login in ("kb_customer", "kb_requester", "kb_agent"):
            answer = self._get(login, link, allow_redirects=False)
            self.assertEqual(answer.status_code, 301, login)
            self.assertTrue(
                answer.headers["Location"].endswith(self.article._spoc_url())
            )
        self.article.action_retire()
        self.assertEqual(self._get("kb_requester", link).status_code, 404)

    # ---- Pages ----

    def test_page(self):
        page = self._get("kb_requester", self.article._spoc_url()).text
        for text in ("On this page", "#part-first", "Last checked on", "Open desk"):
            self.assertIn(text, page)
        short = self._published(name="Short one")
        page = self._get("kb_requester", short._spoc_url()).text
        self.assertNotIn("On this page", page)

    def test_lists(self):
        secret = self._secret(service_ids=[Command.link(self.service.id)])
        category = self.env["spoc.category"].create({"name": "Paper matters"})
        facet = self.env["spoc.facet"].create({"name": "Thing"})
        value = self.env["spoc.facet.value"].create(
            {"name": "Device", "facet_id": facet.id}
        )
        self.service.write(
            {
                "category_id": category.id,
                "facet_value_ids": [Command.link(value.id)],
            }
        )
        self.article.with_user(self.hr)._spoc_feedback(True)
        secret.with_user(self.hr)._spoc_feedback(True)
        paths = (
            "",
            "/newest",
            "/useful",
            f"/topic/{category.id}",
            f"/facet/{value.id}",
            f"/service/{self.service.id}",
        )
        for login, sees in (
            ("kb_customer", False),
            ("kb_requester", False),
            ("kb_agent", False),
            ("kb_admin", False),
            ("kb_hr", True),
        ):
            for path in paths:
                answer = self._get(login, f"/spoc/articles{path}")
                self.assertEqual(answer.status_code, 200, path)
                with self.subTest(login=login, path=path):
                    self.assertIn(self.article.name, answer.text)
                    self.assertEqual("zephyr" in answer.text, sees)
        for path in ("topic/999999", "facet/999999", "service/999999", "x"):
            answer = self._get("kb_requester", f"/spoc/articles/{path}")
            self.assertEqual(answer.status_code, 404)
        for page in ("0", "-1", "99", "x"):
            answer = self._get("kb_requester", f"/spoc/articles/newest?page={page}")
            self.assertEqual(answer.status_code, 200)
