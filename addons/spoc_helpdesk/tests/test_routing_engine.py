from odoo.tests import BaseCase, tagged

from ..routing import Candidate, Need, best, rank


@tagged("post_install", "-at_install")
class TestRoutingEngine(BaseCase):
    """The engine alone: plain values in, a ranking with reasons out."""

    def test_hard_requirements(self):
        need = Need(skills=(1, 2))
        ranked = rank(
            [
                Candidate(id=1, skills={1: 100}),
                Candidate(id=2, skills={1: 10, 2: 10}, on_duty=False),
                Candidate(id=3, skills={1: 10, 2: 10}, load=9),
            ],
            need,
        )
        self.assertEqual(best(ranked), 3, "The only one who can, however busy")
        reasons = {one.id: one.reasons for one in ranked}
        self.assertIn(("lacks_skill", 2), reasons[1])
        self.assertIn(("off_duty", None), reasons[2])

    def test_nobody(self):
        self.assertIsNone(best(rank([], Need())))
        self.assertIsNone(best(rank([Candidate(id=1, on_duty=False)], Need())))

    def test_score(self):
        skilled = Candidate(id=1, skills={7: 90}, load=3)
        free = Candidate(id=2, skills={7: 50})
        self.assertEqual(best(rank([skilled, free], Need(skills=(7,)))), 1)
        busier = Candidate(id=1, skills={7: 90}, load=5)
        self.assertEqual(best(rank([busier, free], Need(skills=(7,)))), 2)

    def test_load_and_acquaintance(self):
        known = Candidate(id=1, load=1, known=True)
        free = Candidate(id=2)
        self.assertEqual(best(rank([free, known], Need())), 1)
        known = Candidate(id=1, load=2, known=True)
        self.assertEqual(best(rank([free, known], Need())), 2)

    def test_same_question_same_answer(self):
        candidates = [Candidate(id=id_) for id_ in (3, 1, 2)]
        self.assertEqual([one.id for one in rank(candidates, Need())], [1, 2, 3])
        candidates.reverse()
        self.assertEqual([one.id for one in rank(candidates, Need())], [1, 2, 3])
