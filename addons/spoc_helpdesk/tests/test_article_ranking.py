from odoo.tests import BaseCase

from odoo.addons.spoc_helpdesk.article_ranking import ranked


class TestArticleRanking(BaseCase):
    """What is shown first, and why."""

    def _ids(self, *args, **kwargs):
        return [id_ for id_, _reasons in ranked(*args, **kwargs)]

    def test_words_in_their_order(self):
        self.assertEqual(self._ids([3, 1, 2]), [3, 1, 2])

    def test_what_solved_the_like_often_leads(self):
        self.assertEqual(self._ids([1, 2, 3], {3: 8})[0], 1)
        self.assertEqual(self._ids([1, 2, 3], {2: 8})[0], 2)

    def test_the_service_alone_suggests(self):
        self.assertEqual(ranked([], of_service=[7]), [(7, ["service"])])

    def test_a_facet_alone_suggests_nothing(self):
        self.assertEqual(ranked([], of_facet=[7]), [])
        self.assertEqual(ranked([7], of_facet=[7]), [(7, ["words", "facet"])])

    def test_limit(self):
        self.assertEqual(self._ids(list(range(1, 30)), limit=3), [1, 2, 3])
