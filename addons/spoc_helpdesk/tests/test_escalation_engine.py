from odoo.tests import BaseCase, tagged

from .. import escalation
from ..escalation import Colleague, propose


@tagged("post_install", "-at_install")
class TestEscalationEngine(BaseCase):
    """Who is proposed for escalation inside a desk."""

    def _order(self, *colleagues):
        return [one.id for one in propose(colleagues)]

    def test_experience_before_load(self):
        self.assertEqual(
            self._order(Colleague(1), Colleague(2, alike=3, solved=3, load=5)), [2, 1]
        )
        self.assertEqual(
            self._order(Colleague(1, level=40), Colleague(2, level=80)), [2, 1]
        )

    def test_work_of_the_same_kind_counts_more(self):
        self.assertEqual(
            self._order(
                Colleague(1, alike=0, solved=9), Colleague(2, alike=2, solved=2)
            ),
            [2, 1],
        )

    def test_experience_has_an_end(self):
        most = escalation.ALIKE_MOST
        many = escalation.experience(Colleague(1, alike=most, solved=most))
        more = escalation.experience(Colleague(1, alike=most * 9, solved=most * 9))
        self.assertEqual(many, more)

    def test_away_comes_last(self):
        self.assertEqual(
            self._order(Colleague(1, alike=9, solved=9, away=True), Colleague(2)),
            [2, 1],
        )

    def test_manager_is_the_last_step(self):
        self.assertEqual(
            self._order(Colleague(1, leads=True), Colleague(2), Colleague(3, load=1)),
            [2, 1, 3],
        )

    def test_same_question_same_answer(self):
        same = [Colleague(3), Colleague(1), Colleague(2)]
        self.assertEqual(self._order(*same), [1, 2, 3])
        self.assertEqual(self._order(*reversed(same)), [1, 2, 3])

    def test_reasons(self):
        [one] = propose([Colleague(1, level=70, alike=1, solved=4, load=2, leads=True)])
        self.assertEqual(
            one.reasons,
            (
                (escalation.LEADS, None),
                (escalation.SKILL, 70),
                (escalation.ALIKE, 1),
                (escalation.SOLVED, 4),
                (escalation.LOAD, 2),
            ),
        )
        self.assertEqual(propose([]), [])
