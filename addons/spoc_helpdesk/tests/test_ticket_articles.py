"""Articles beside a ticket: who is shown what, what is sent, what is kept."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged, warmup

from .common import HelpdeskCommon

WORD = "quibblefrost"


class ArticleCase(HelpdeskCommon):
    """Published articles of an open and of a confidential desk, and tickets."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hr_colleague = cls._person("t_hr_two", "spoc_catalog.group_agent")
        cls.hr.member_ids += cls.hr_colleague
        cls.staff = cls.env["spoc.audience"].create(
            {"name": "Staff", "scope": "employees"}
        )
        cls.article = cls._article("open", inner_body="<p>Ask Sven</p>")
        cls.staff_article = cls._article(
            "staff", audience_ids=[Command.set(cls.staff.ids)]
        )
        cls.secret = cls._article(
            "secret",
            cls.hr_agent,
            cls.hr_colleague,
            desk_id=cls.hr.id,
        )
        cls.ticket = cls._ticket(
            name=f"The {WORD} is broken",
            service_id=cls.service.id,
            description=f"<p>My {WORD} blinks.</p>",
        )
        cls.customer_ticket = cls._ticket(
            name=f"The {WORD} is broken",
            requester_id=cls.customer.partner_id.id,
        )
        cls.env.flush_all()

    @classmethod
    def _article(cls, label, author=None, publisher=None, **values):
        article = (
            cls.env["spoc.article"]
            .with_user(author or cls.agent)
            .create(
                {
                    "name": f"{WORD} {label}",
                    "body": f"<p>Answer of {label}</p>",
                    "lang": "en_US",
                    "desk_id": cls.desk.id,
                    **values,
                }
            )
        )
        article.action_submit()
        article.with_user(publisher or cls.agent2).action_publish()
        return article

    def _answers(self, ticket=None, user=None, words=""):
        ticket = (ticket or self.ticket).with_user(user or self.agent)
        return ticket.get_answers(words)

    def _found(self, *args, **kwargs):
        return {one["id"] for one in self._answers(*args, **kwargs)["articles"]}

    def _uses(self, ticket, article=None):
        domain = [("res_model", "=", "spoc.ticket"), ("res_id", "=", ticket.id)]
        if article:
            domain.append(("article_id", "=", article.id))
        return sorted(self.env["spoc.article.use"].search(domain).mapped("role"))


@tagged("post_install", "-at_install")
class TestTicketArticlesForbidden(ArticleCase):
    """What must not happen."""

    def test_only_those_inside_ask(self):
        for user in (self.requester, self.customer, self.liner, self.hr_agent):
            ticket = self.ticket.with_user(user)
            for call in (
                lambda one: one.get_answers(),
                lambda one: one.get_answer(self.article.id),
                lambda one: one.action_send_article(self.article.id),
                lambda one: one.action_solved_by(self.article.id),
                lambda one: one.action_article_wrong(self.article.id),
                lambda one: one.action_flag_article(self.article.id),
                lambda one: one.action_improve(self.article.id),
                lambda one: one.action_link_article(self.article.id),
                lambda one: one.action_write_article(),
            ):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    call(ticket)
        self.assertFalse(self._uses(self.ticket))

    def test_confidential_articles_are_not_suggested(self):
        self.assertNotIn(self.secret.id, self._found())
        self.assertNotIn(self.secret.id, self._found(words=WORD))
        self.assertIn(self.article.id, self._found())

    def test_confidential_article_that_solved_is_not_named(self):
        """It was sent by somebody who could; whoever cannot read it hears nothing."""
        self.secret._spoc_record_use("solved", self.ticket)
        self.ticket._spoc_write({"resolution_article_id": self.secret.id})
        answers = self._answers()
        self.assertNotIn("secret", str(answers))
        for method in ("get_answer", "action_send_article", "action_solved_by"):
            with self.subTest(method=method), self.assertRaises(UserError):
                getattr(self.ticket.with_user(self.agent), method)(self.secret.id)

    def test_tickets_of_others_hint_at_nothing(self):
        """An article a confidential desk solves by is no more likely elsewhere."""
        other = self._article("zebra", name="Zebra crossing")
        hidden = self._ticket(
            name=f"The {WORD} is broken", desk_id=self.hr.id, owner_id=False
        )
        hidden._spoc_write({"resolution_article_id": other.id})
        self._resolve(hidden, self.hr_agent)
        self.assertNotIn(other.id, self._found())
        self.assertNotIn(
            other.id, self.ticket.with_user(self.agent)._spoc_solved_alike()
        )

    def test_not_for_the_requester(self):
        ticket = self.customer_ticket.with_user(self.agent)
        shown = {one["id"]: one for one in self._answers(ticket)["articles"]}
        self.assertFalse(shown[self.article.id]["warning"])
        self.assertIn(self.customer.name, shown[self.staff_article.id]["warning"])
        count = len(ticket.message_ids)
        for as_link in (False, True):
            with self.assertRaises(UserError):
                ticket.action_send_article(self.staff_article.id, as_link)
        reply = self.env["spoc.ticket.reply"].with_user(self.agent)
        reply = reply.create(
            {
                "ticket_id": ticket.id,
                "article_id": self.staff_article.id,
                "body": "<p>Answer of staff</p>",
            }
        )
        with self.assertRaises(UserError):
            reply.action_send()
        self.assertEqual(len(ticket.message_ids), count)

    def test_not_for_a_watcher(self):
        self.ticket.watcher_ids = self.customer.partner_id
        shown = {one["id"]: one for one in self._answers()["articles"]}
        self.assertIn(self.customer.name, shown[self.staff_article.id]["warning"])

    def test_without_an_account(self):
        stranger = self.env["res.partner"].create({"name": "Nobody Known"})
        ticket = self._ticket(name=f"The {WORD}", requester_id=stranger.id)
        shown = {one["id"]: one for one in self._answers(ticket)["articles"]}
        self.assertFalse(shown[self.article.id]["warning"])
        self.assertTrue(shown[self.staff_article.id]["warning"])

    def test_resolving_tells_nobody_what_is_not_for_them(self):
        ticket = self.customer_ticket.with_user(self.agent)
        wizard = Form(
            self.env["spoc.ticket.resolve"]
            .with_user(self.agent)
            .with_context(default_ticket_id=ticket.id)
        )
        wizard.article_id = self.staff_article.with_user(self.agent)
        self.assertTrue(wizard.article_warning)
        self.assertFalse(wizard.resolution)
        wizard.article_id = self.article.with_user(self.agent)
        self.assertFalse(wizard.article_warning)
        self.assertIn("Answer of open", wizard.resolution)

    def test_wizards_show_no_foreign_ticket(self):
        self.ticket.with_user(self.agent).resolution = "<p>Hushed words</p>"
        one, other = {"ticket_id": self.ticket.id}, {"article_id": self.secret.id}
        for model, vals in (
            ("spoc.ticket.reply", {**one, "article_id": self.article.id}),
            ("spoc.ticket.article", one),
            ("spoc.ticket.resolve", one),
            ("spoc.ticket.resolve", {**one, **other}),
        ):
            with self.subTest(model=model), self.assertRaises(AccessError):
                wizard = self.env[model].with_user(self.liner).create(vals)
                wizard.read()

    def test_nobody_learns_a_name_by_pointing_at_it(self):
        """Odoo names what a record leads to; so it may not lead to what is hidden."""
        hidden = {"article_id": self.secret.id}
        for model in ("reply", "resolve", "flag"):
            wizards = self.env[f"spoc.ticket.{model}"].with_user(self.agent)
            values = {**hidden, "ticket_id": self.ticket.id}
            asked = {"article_id": {"fields": {"display_name": {}}}}
            with self.subTest(model=model):
                with self.assertRaises(AccessError):
                    wizards.create(values)
                with self.assertRaises(AccessError):
                    wizards.onchange(values, ["article_id"], asked)
        ticket = self.ticket.with_user(self.agent)
        with self.assertRaises(AccessError):
            ticket.write({"resolution_article_id": self.secret.id})
        ticket.write({"resolution_article_id": self.article.id})
        self.assertEqual(ticket.resolution_article_id, self.article)

    def test_uses_of_confidential_matters(self):
        matter = self._ticket(desk_id=self.hr.id)
        self.article._spoc_record_use("offered", matter)
        self.article._spoc_record_use("offered", self.ticket)
        domain = [("article_id", "=", self.article.id), ("role", "=", "offered")]
        Use = self.env["spoc.article.use"]
        self.assertEqual(
            Use.with_user(self.manager).search(domain).res_id, self.ticket.id
        )
        self.assertEqual(
            Use.with_user(self.admin).search(domain).res_id, self.ticket.id
        )

    def test_article_of_a_confidential_desk_stays_there(self):
        matter = self._ticket(desk_id=self.hr.id, name="Hushed matter")
        wizard = (
            self.env["spoc.ticket.article"]
            .with_user(self.hr_agent)
            .create({"ticket_id": matter.id})
        )
        article = self.env["spoc.article"].browse(
            wizard.action_create_article()["res_id"]
        )
        self.assertEqual(article.desk_id, self.hr)
        self.assertFalse(article.with_user(self.agent).has_access("read"))
        self.assertFalse(article.with_user(self.admin).has_access("read"))


@tagged("post_install", "-at_install")
class TestTicketArticles(ArticleCase):
    """What agents get and do."""

    def test_suggestions_have_reasons(self):
        self.article.service_ids = self.service
        answers = self._answers()
        first = answers["articles"][0]
        self.assertEqual(first["id"], self.article.id)
        self.assertEqual(first["reasons"], ["The words fit", "Belongs to the service"])

    def test_what_solved_the_like_is_suggested(self):
        other = self._article("zebra", name="Zebra crossing")
        solved = self._ticket(name=f"My {WORD} stinks")
        solved.with_user(self.agent).resolution_article_id = other
        self._resolve(solved)
        shown = {one["id"]: one for one in self._answers()["articles"]}
        self.assertEqual(shown[other.id]["reasons"], ["Solved the like"])

    def test_what_solved_the_like_was_merged(self):
        other = self._article("zebra", name="Zebra crossing")
        target = self._article("okapi", name="Okapi crossing")
        solved = self._ticket(name=f"My {WORD} stinks")
        solved.with_user(self.agent).resolution_article_id = other
        self._resolve(solved)
        other._spoc_merge_into(target)
        shown = {one["id"]: one for one in self._answers()["articles"]}
        self.assertEqual(shown[target.id]["reasons"], ["Solved the like"])
        self.assertNotIn(other.id, shown)

    def test_read_beside_the_ticket(self):
        answer = self.ticket.with_user(self.agent).get_answer(self.article.id)
        self.assertIn("Answer of open", answer["body"])
        self.assertIn("Ask Sven", answer["inner"])
        self.assertEqual(self._uses(self.ticket), ["read"])
        used = self._answers()["used"]
        self.assertEqual([one["id"] for one in used], [self.article.id])
        self.assertEqual(used[0]["roles"], ["read"])

    def test_send_as_answer(self):
        ticket = self.ticket.with_user(self.agent)
        action = ticket.action_send_article(self.article.id)
        reply = self.env["spoc.ticket.reply"].browse(action["res_id"])
        reply = reply.with_user(self.agent)
        self.assertIn("Answer of open", reply.body)
        self.assertNotIn("Ask Sven", reply.body)
        self.assertIn(self.requester.name, reply.hearers)
        reply.body += "<p>And a word more</p>"
        with self.mock_mail_gateway():
            reply.action_send()
        message = self.ticket.message_ids[:1]
        self.assertIn("Answer of open", message.body)
        self.assertIn("And a word more", message.body)
        self.assertFalse(message.is_internal)
        self.assertEqual(message.author_id, self.agent.partner_id)
        self.assertEqual(self._uses(self.ticket), ["offered"])

    def test_send_link(self):
        ticket = self.ticket.with_user(self.agent)
        action = ticket.action_send_article(self.article.id, True)
        body = self.env["spoc.ticket.reply"].browse(action["res_id"]).body
        self.assertIn(f"/spoc/article/{self.article.id}", body)
        self.assertNotIn("Answer of open", body)

    def test_in_the_language_of_the_requester(self):
        self.env["res.lang"]._activate_lang("sv_SE")
        self.requester.partner_id.lang = "sv_SE"
        swedish = self._article(
            "på svenska",
            lang="sv_SE",
            translation_group_id=self.article.id,
            name="Frostfri",
            body="<p>Svaret</p>",
        )
        shown = {one["id"]: one for one in self._answers()["articles"]}
        self.assertIn("Svenska", shown[self.article.id]["language"])
        self.assertNotIn(swedish.id, shown)
        ticket = self.ticket.with_user(self.agent)
        action = ticket.action_send_article(self.article.id)
        reply = self.env["spoc.ticket.reply"].browse(action["res_id"])
        self.assertEqual(reply.article_id, swedish)
        self.assertIn("Svaret", reply.body)
        context = ticket.action_solved_by(self.article.id)["context"]
        self.assertEqual(context["default_article_id"], swedish.id)

    def test_does_not_fit_and_does(self):
        ticket = self.ticket.with_user(self.agent)
        ticket.action_article_wrong(self.article.id)
        self.assertEqual(self._uses(ticket), ["wrong"])
        self.assertNotIn(self.article.id, self._found())
        ticket.action_article_wrong(self.article.id, False)
        self.assertFalse(self._uses(ticket))

    def test_solved_by_what_was_sent(self):
        self.article._spoc_record_use("offered", self.ticket)
        wizard = Form(
            self.env["spoc.ticket.resolve"]
            .with_user(self.agent)
            .with_context(default_ticket_id=self.ticket.id)
        )
        self.assertEqual(wizard.article_id, self.article)
        with self.mock_mail_gateway():
            wizard.save().action_resolve()
        self.assertEqual(self.ticket.state, "resolved")
        self.assertEqual(self._uses(self.ticket), ["offered", "solved"])
        with self.mock_mail_gateway():
            self.ticket.with_user(self.agent).action_reopen()
            self.ticket.with_user(self.agent).action_resolve()
        self.assertEqual(self._uses(self.ticket), ["offered", "solved"])

    def test_likely_ones_first_when_choosing(self):
        Article = self.env["spoc.article"].with_user(self.agent)
        names = Article.with_context(spoc_for_ticket=self.ticket.id).name_search("")
        self.assertEqual({id_ for id_, _n in names[:2]}, self._found())
        # A ticket one does not work on says nothing.
        others = self.env["spoc.article"].with_user(self.liner)
        self.assertEqual(
            others.with_context(spoc_for_ticket=self.ticket.id).name_search("Zebra"),
            [],
        )

    def test_flag_from_the_ticket(self):
        wizard = (
            self.env["spoc.ticket.flag"]
            .with_user(self.agent2)
            .create(
                {
                    "ticket_id": self.ticket.id,
                    "article_id": self.article.id,
                    "text": "The button is green now",
                }
            )
        )
        wizard.action_flag()
        self.assertEqual(self.article.flag_ids.text, "The button is green now")
        self.assertEqual(self.article.flag_ids.user_id, self.agent2)
        self.assertEqual(self._uses(self.ticket), ["wrong"])

    def test_fix_from_the_ticket(self):
        wizard = (
            self.env["spoc.ticket.flag"]
            .with_user(self.agent2)
            .create({"ticket_id": self.ticket.id, "article_id": self.article.id})
        )
        self.assertTrue(wizard.may_fix)
        revision = self.env["spoc.article"].browse(wizard.action_fix()["res_id"])
        self.assertEqual(revision.revision_of_id, self.article)

    def test_article_from_the_ticket(self):
        self.service.facet_value_ids = self.env["spoc.facet.value"].create(
            {
                "name": "Device",
                "facet_id": self.env["spoc.facet"].create({"name": "Thing"}).id,
            }
        )
        wizard = (
            self.env["spoc.ticket.article"]
            .with_user(self.agent)
            .create({"ticket_id": self.ticket.id})
        )
        self.assertEqual(wizard.name, self.ticket.name)
        self.assertEqual(wizard.symptoms, f"My {WORD} blinks.")
        self.assertEqual(wizard.near_ids, self.article | self.staff_article)
        wizard.name = "Why does it blink?"
        article = self.env["spoc.article"].browse(
            wizard.action_create_article()["res_id"]
        )
        self.assertEqual(article.state, "draft")
        self.assertEqual(article.author_id, self.agent)
        self.assertEqual(article.service_ids, self.service)
        self.assertEqual(article.facet_value_ids, self.service.facet_value_ids)
        self.assertEqual(article.desk_id, self.desk)
        self.assertEqual(self._uses(self.ticket), ["written"])
        self.assertEqual(self.ticket.resolution_article_id, article)

    def test_article_after_it_was_solved(self):
        self._resolve(self.ticket)
        wizard = (
            self.env["spoc.ticket.article"]
            .with_user(self.agent)
            .create({"ticket_id": self.ticket.id})
        )
        self.assertIn("It starts again", wizard.body)
        wizard.action_create_article()
        self.assertEqual(self._uses(self.ticket), ["solved", "written"])

    def test_improve_instead(self):
        article = self.article.with_user(self.agent)
        action = article.with_context(
            spoc_for_ticket=self.ticket.id
        ).action_improve_for_ticket()
        revision = self.env["spoc.article"].browse(action["res_id"])
        self.assertEqual(revision.revision_of_id, self.article)
        self.assertEqual(self.ticket.resolution_article_id, self.article)

    def test_one_that_is_there_answers_it(self):
        self._resolve(self.ticket)
        article = self.article.with_user(self.agent)
        article.with_context(spoc_for_ticket=self.ticket.id).action_answers_ticket()
        self.assertEqual(self.ticket.resolution_article_id, self.article)
        self.assertEqual(self._uses(self.ticket), ["solved"])

    def test_resolving_offers_to_write_one(self):
        wizard = (
            self.env["spoc.ticket.resolve"]
            .with_user(self.agent)
            .create(
                {
                    "ticket_id": self.customer_ticket.id,
                    "resolution": "<p>Turned it round</p>",
                    "write_article": True,
                }
            )
        )
        with self.mock_mail_gateway():
            action = wizard.action_resolve()
        self.assertEqual(action["res_model"], "spoc.ticket.article")
        self.assertEqual(self.customer_ticket.state, "resolved")

    @warmup
    def test_queries(self):
        self._answers()
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(26):
            self._answers()
