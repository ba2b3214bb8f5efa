from odoo.tests import tagged

from .portal_common import PortalCase


class ArticleScene(PortalCase):
    """An article that answers a ticket."""

    def setUp(self):
        super().setUp()
        self.second = self._user(
            "s_second", "Sigrid Second", "spoc_catalog.group_agent"
        )
        self.desk.member_ids += self.second
        self.article = self._publish("Tour: laptop does not start")
        self.ticket = self._ticket(name="Tour: laptop does not start at all")

    def _publish(self, name):
        article = (
            self.env["spoc.article"]
            .with_user(self.agent)
            .create(
                {
                    "name": name,
                    "body": "<p>Hold the button for ten seconds.</p>",
                    "desk_id": self.desk.id,
                    "lang": "en_US",
                }
            )
        )
        article.action_submit()
        article.with_user(self.second).action_publish()
        return article

    def _roles(self):
        uses = self.env["spoc.article.use"].search(
            [("res_model", "=", "spoc.ticket"), ("res_id", "=", self.ticket.id)]
        )
        return sorted(uses.mapped("role"))


class ArticleTours:
    """An article sent, resolved by, written from the ticket; at any size."""

    allow_inherited_tests_method = True

    def test_article_sent_and_solved(self):
        self.start_tour(
            f"/odoo/service-tickets/{self.ticket.id}",
            "spoc_helpdesk_article_sent",
            login=self.agent.login,
        )
        self.assertEqual(self.ticket.state, "resolved")
        self.assertEqual(self.ticket.resolution_article_id, self.article)
        self.assertEqual(self._roles(), ["offered", "read", "solved"])
        sent = self.ticket.message_ids.filtered(lambda one: "s, Carl" in one.body)
        self.assertEqual(sent.author_id, self.agent.partner_id)

    def test_article_written(self):
        self.start_tour(
            f"/odoo/service-tickets/{self.ticket.id}",
            "spoc_helpdesk_article_written",
            login=self.agent.login,
        )
        article = self.ticket.resolution_article_id
        self.assertEqual(article.name, "Why does my laptop smoke?")
        self.assertEqual(self._roles(), ["written"])


@tagged("post_install", "-at_install")
class TestTourArticle(ArticleTours, ArticleScene):
    """On a wide screen."""


@tagged("post_install", "-at_install")
class TestArticleOfRequest(ArticleScene):
    """The requester is led to the article that solved it, wherever it went."""

    def test_article_merged_since(self):
        self.ticket.with_user(self.agent).write(
            {
                "resolution": "<p>Read it</p>",
                "resolution_article_id": self.article.id,
            }
        )
        self.ticket.with_user(self.agent).action_resolve()
        target = self._publish("Everything about laptops")
        self.article.with_user(self.agent)._spoc_merge_into(target)
        self.env.flush_all()
        login = self.ticket.requester_id.user_ids.login
        self.authenticate(login, login)
        page = self.url_open(f"/my/requests/{self.ticket.id}").text
        self.assertIn(f"/spoc/article/{target.id}", page)
        self.assertNotIn(f"/spoc/article/{self.article.id}", page)
