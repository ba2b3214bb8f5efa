from odoo.tests import tagged, warmup

from .common import KnowledgeCase


@tagged("post_install", "-at_install")
class TestArticlePerformance(KnowledgeCase):
    """What is done often, in queries. Rising numbers need a reason."""

    def _start(self):
        self.env.flush_all()
        self.env.invalidate_all()

    @warmup
    def test_saving_words(self):
        article = self._draft()
        article.body = "<p>Warm</p>"
        self._start()
        # The right to write: the article, its desk, the members. Then the words, and
        # the version of them.
        with self.assertQueryCount(5):
            article.write({"body": "<p>Other words</p>", "content_version": 2})
            self.env.flush_all()

    @warmup
    def test_saving_costs_the_same_with_many_versions(self):
        article = self._draft()
        for number in range(30):
            article.body = f"<p>Text {number}</p>"
        self._start()
        with self.assertQueryCount(5):
            article.write({"body": "<p>Other words</p>", "content_version": 31})
            self.env.flush_all()

    @warmup
    def test_keeping_what_is_typed(self):
        article = self._draft()
        unsaved = self.env["spoc.article.unsaved"].with_user(self.agent)
        unsaved.keep(article.id, 1, {"body": "<p>Warm</p>"})
        self._start()
        # The right to write, the words, and who else types.
        with self.assertQueryCount(6):
            unsaved.keep(article.id, 1, {"body": "<p>Half a text</p>"})

    @warmup
    def test_list(self):
        articles = self.env["spoc.article"]
        for number in range(20):
            articles |= self._published(name=f"Question {number}?")
        listed = articles.with_user(self.agent)
        names = [
            "name",
            "desk_id",
            "owner_id",
            "use_count",
            "helpful_count",
            "unhelpful_count",
            "review_on",
            "is_due",
            "translation_outdated",
            "confidence",
            "has_dead_target",
            "state",
        ]
        specification = {name: {} for name in names}
        specification["desk_id"] = {"fields": {"display_name": {}}}
        listed.web_search_read([("id", "in", articles.ids)], specification)
        self._start()
        with self.assertQueryCount(12):
            listed.web_search_read([("id", "in", articles.ids)], specification)
