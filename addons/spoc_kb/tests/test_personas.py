"""Who is shown what of knowledge: every model, page and way to look, in tables.

What is forbidden stands first: the tables say who sees a record; every way to it is
tried by everyone else. A model or route without a line here makes a test fail.
"""

import json
import re
from contextlib import nullcontext
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from odoo.addons.spoc_catalog.tests.personas_common import PersonaChecks
from odoo.addons.spoc_kb import controllers

from .test_article_reading import ReadingCase

# A word that stands in every text of the scene, and nowhere else.
WORD = "zanzifrax"
PERSONAS = (
    "public",
    "customer",
    "requester",
    "agent",
    "stranger",
    "hr",
    "editor",
    "admin",
)
READERS = ("", "r", "r", "rwcd", "rwcd", "rwcd", "rwcd", "rwcd")
WRITERS = ("", "", "", "rwcd", "rwcd", "rwcd", "rwcd", "rwcd")
SEEN_BY_WRITERS = ("", "", "", "r", "r", "r", "r", "r")
KEEPERS = ("", "", "", "", "", "", "r", "r")
#: Models of the way in and out, of reading and being offered.
MODELS = {
    "spoc.article": READERS,
    "spoc.article.feedback": ("", "r", "r", "r", "r", "r", "r", "r"),
    "spoc.article.flag": SEEN_BY_WRITERS,
    "spoc.article.gap": SEEN_BY_WRITERS,
    "spoc.article.gap.skip": WRITERS,
    "spoc.article.offer": KEEPERS,
    "spoc.article.use": KEEPERS,
    "spoc.article.merge": WRITERS,
    "spoc.article.export": WRITERS,
    "spoc.article.import": WRITERS,
    "spoc.article.import.line": WRITERS,
}
EVERYONE = frozenset(PERSONAS[1:])
STAFF = EVERYONE - {"customer"}
KB = frozenset({"editor", "admin"})
#: Article of the scene -> who is shown it while it is published.
ARTICLES = {
    "open_article": EVERYONE,
    "staff_article": STAFF,
    # Agents and editors read all articles of open desks.
    "customer_article": {"customer", "agent", "stranger", "hr"} | KB,
    "secret_article": {"hr"},
    "secret_for_staff": STAFF,
    "foreign_article": frozenset(),
}
#: Not published: who may open its page, as a preview.
UNPUBLISHED = {
    "draft_article": {"agent", "stranger", "hr"} | KB,
    "retired_article": {"agent", "stranger", "hr"} | KB,
    "secret_draft": {"hr"},
}
#: Page -> whether everyone signed in is shown it; names in braces are articles.
PAGES = {
    "/spoc/article/{article}",
    "/spoc/articles",
    "/spoc/articles/newest",
    "/spoc/articles/useful",
    "/spoc/articles/topic/{category}",
    "/spoc/articles/facet/{value}",
    "/spoc/articles/service/{service}",
    "/spoc/answers/article/{article}",
}
#: Routes without a page of their own, each with a test of its own.
OTHERS = {
    "/spoc/article/<int:article_id>/file/<int:file_id>",
    "/spoc/article/<int:article_id>/feedback",
    "/spoc/article/<int:article_id>/flag",
    "/spoc/article/<int:article_id>/fix",
    "/spoc/answers",
    "/spoc/answers/service/<int:service_id>",
    "/spoc/answers/note",
}


class LeakCase(PersonaChecks, ReadingCase):
    personas = PERSONAS

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.public = cls.env.ref("base.public_user")
        cls.category = cls.env["spoc.category"].create({"name": "Matters"})
        facet = cls.env["spoc.facet"].create({"name": "Thing"})
        cls.value = cls.env["spoc.facet.value"].create(
            {"name": "Device", "facet_id": facet.id}
        )
        cls.service.write(
            {
                "category_id": cls.category.id,
                "facet_value_ids": [Command.link(cls.value.id)],
            }
        )
        cls._set_articles()
        cls.env.flush_all()

    @classmethod
    def _say(cls, name, user=None, publisher=None, **values):
        """A published article; its name tells it from others."""
        article = cls._published(
            user,
            publisher,
            name=f"{WORD} {name}",
            summary=f"{WORD} in short, {name}",
            body=f"<p>{WORD} {name}</p>",
            service_ids=[Command.link(cls.service.id)],
            **values,
        )
        article.with_user(user or cls.agent)._spoc_feedback(True)
        return article

    @classmethod
    def _set_articles(cls):
        cls.open_article = cls._say("open")
        staff = [Command.set(cls.employees.ids)]
        outside = [Command.set(cls.customers.ids)]
        cls.staff_article = cls._say("staff", audience_ids=staff)
        cls.customer_article = cls._say("customers", audience_ids=outside)
        hr = {
            "user": cls.hr,
            "publisher": cls.hr_colleague,
            "desk_id": cls.secret_desk.id,
        }
        cls.secret_article = cls._say("secret", **hr)
        cls.secret_for_staff = cls._say("shared", audience_ids=staff, **hr)
        cls.draft_article = cls._draft(name=f"{WORD} draft")
        cls.secret_draft = cls._draft(
            cls.hr, name=f"{WORD} hushed", desk_id=cls.secret_desk.id
        )
        cls.retired_article = cls._say("retired")
        cls.retired_article.action_retire()
        company = cls.env["res.company"].create({"name": "Elsewhere"})
        far = cls.env["spoc.desk"].create(
            {
                "name": "Far",
                "code": "KBF",
                "company_id": company.id,
                "resource_calendar_id": company.resource_calendar_id.id,
            }
        )
        cls.foreign_article = cls._say("open")
        # SQL: moved behind the rules' back, as if it had been written over there.
        cls.env.flush_all()
        cls.env.cr.execute(
            "UPDATE spoc_article SET desk_id = %s, company_id = %s WHERE id = %s",
            [far.id, company.id, cls.foreign_article.id],
        )
        cls.env.invalidate_all()

    def _shown_to(self, persona):
        return {
            getattr(self, name).id
            for name, shown in ARTICLES.items()
            if persona in shown
        }

    def _all(self):
        return {getattr(self, name).id for name in (*ARTICLES, *UNPUBLISHED)}


@tagged("post_install", "-at_install")
class TestLeakModels(LeakCase):
    def test_rights_over_models(self):
        self.assertRights(MODELS)

    def test_every_way_to_find_articles(self):
        """Each returns ids; none may hold what the person is not shown."""
        ways = {
            "search": lambda env: env["spoc.article"]._spoc_search(
                WORD, [("state", "=", "published")], 50
            ),
            "answers": lambda env: env["spoc.article"].browse(
                item["id"]
                for item in env["spoc.window"]._spoc_answers_to(
                    WORD, env["spoc.service"].browse(self.service.id)
                )
            ),
            "newest": lambda env: env["spoc.window"]._prepare_article_list_values()[
                "answers"
            ],
            "useful": lambda env: env["spoc.window"]._prepare_article_list_values(
                useful=True
            )["answers"],
            "home": lambda env: env["spoc.window"]._get_answers_read(50),
            "service": lambda env: (
                env["spoc.service"].browse(self.service.id)._spoc_answers(50)
            ),
            "related": lambda env: (
                env["spoc.article"].browse(self.open_article.id)._spoc_related(50)
            ),
        }
        for user in (self.requester, self.hr, self.customer):
            for name in ARTICLES:
                article = getattr(self, name).with_user(user)
                if article.has_access("read"):
                    article._spoc_record_use("read")
        scene = self._all()
        for persona in PERSONAS[1:]:
            env = self.env(user=getattr(self, persona))
            for way, find in ways.items():
                env.invalidate_all()
                with self.subTest(persona=persona, way=way):
                    found = set(find(env).ids) & scene
                    self.assertFalse(found - self._shown_to(persona))
                    if way in ("search", "newest", "useful"):
                        self.assertEqual(found, self._shown_to(persona))

    def test_counts(self):
        for persona in PERSONAS[1:]:
            env = self.env(user=getattr(self, persona))
            window = env["spoc.window"]
            services = window._get_article_services()
            count = len(self._shown_to(persona)) + 1  # the one of the reading scene
            service = env["spoc.service"].browse(self.service.id)
            values = window._prepare_articles_values()
            links = [link for shelf in values["shelves"] for link in shelf[1]]
            by_url = {link["url"]: link["count"] for link in links}
            with self.subTest(persona=persona):
                self.assertEqual(len(services[service]), count)
                self.assertEqual(
                    by_url[f"/spoc/articles/topic/{self.category.id}"], count
                )
                self.assertEqual(by_url[f"/spoc/articles/facet/{self.value.id}"], count)

    def test_nothing_is_said_of_what_is_not_seen(self):
        for persona in PERSONAS[1:]:
            user = getattr(self, persona)
            for name, shown in ARTICLES.items():
                article = getattr(self, name).with_user(user)
                self.env.invalidate_all()
                if persona in shown:
                    continue
                for call in (
                    lambda one: one._spoc_feedback(True),
                    lambda one: one._spoc_flag("wrong"),
                    lambda one: one.env["spoc.article.exchange"]._spoc_export(one),
                    lambda one: one.read(["name"]),
                ):
                    with (
                        self.subTest(persona=persona, article=name),
                        self.assertRaises(AccessError),
                    ):
                        call(article)


@tagged("post_install", "-at_install")
class TestLeakPages(HttpCase, LeakCase):
    def _login(self, persona):
        login = None if persona == "public" else f"kb_{persona}"
        self.authenticate(login, login)

    def test_every_route_has_its_line(self):
        self.assertEveryRoute(
            PAGES | OTHERS,
            controllers.article,
            controllers.article_list,
            controllers.offer,
        )

    def test_pages_of_articles(self):
        table = {**ARTICLES, **UNPUBLISHED}
        for persona in PERSONAS:
            self._login(persona)
            for name, shown_to in table.items():
                article = getattr(self, name)
                for path in ("/spoc/article/%s", "/spoc/answers/article/%s"):
                    answer = self.url_open(path % article.id, allow_redirects=False)
                    with self.subTest(persona=persona, article=name, path=path):
                        if persona == "public":
                            self.assertEqual(answer.status_code, 303)
                        elif persona not in shown_to or (
                            "answers" in path and name in UNPUBLISHED
                        ):
                            self.assertEqual(answer.status_code, 404)
                            self.assertNotIn(WORD, answer.text)
                        else:
                            self.assertEqual(answer.status_code, 200)

    def test_lists_search_and_home(self):
        paths = (
            "/spoc",
            f"/spoc/search?q={WORD}",
            f"/spoc/service/{self.service.id}",
            "/spoc/articles",
            "/spoc/articles/newest",
            "/spoc/articles/useful",
            f"/spoc/articles/topic/{self.category.id}",
            f"/spoc/articles/facet/{self.value.id}",
            f"/spoc/articles/service/{self.service.id}",
            f"/spoc/article/{self.open_article.id}",
        )
        for persona in PERSONAS[1:]:
            self._login(persona)
            hidden = self._all() - self._shown_to(persona)
            for path in paths:
                text = self.url_open(path).text
                linked = {int(one) for one in re.findall(r"/spoc/article/(\d+)", text)}
                with self.subTest(persona=persona, path=path):
                    self.assertFalse(linked & hidden)

    def test_while_typing(self):
        for persona in PERSONAS[1:]:
            self._login(persona)
            hidden = self._all() - self._shown_to(persona)
            for route, params in (
                ("/spoc/suggest", {"text": WORD}),
                ("/spoc/answers", {"text": WORD}),
                ("/spoc/answers", {"text": WORD, "service": self.service.id}),
            ):
                answer = json.dumps(self.make_jsonrpc_request(route, params))
                linked = {
                    int(one)
                    for one in re.findall(r'article/(\d+)|"id": (\d+)', answer)
                    for one in one
                    if one
                }
                with self.subTest(persona=persona, route=route):
                    self.assertFalse(linked & hidden)


@tagged("post_install", "-at_install")
class TestLeaksCanFail(HttpCase, LeakCase):
    """Without the rules of articles each of the checks above is red."""

    _login = TestLeakPages._login

    def test_without_the_rules(self):
        rules = self.env["ir.rule"].search([("model_id.model", "=", "spoc.article")])
        self.assertTrue(rules)
        rules.active = False
        self.env.registry.clear_cache()
        for check in (
            TestLeakModels.test_every_way_to_find_articles,
            TestLeakModels.test_counts,
            TestLeakModels.test_nothing_is_said_of_what_is_not_seen,
            TestLeakPages.test_pages_of_articles,
            TestLeakPages.test_lists_search_and_home,
            TestLeakPages.test_while_typing,
        ):
            with (
                self.subTest(check=check.__name__),
                patch.object(self, "subTest", lambda **_what: nullcontext()),
                self.assertRaises(AssertionError),
            ):
                check(self)
