import random
from datetime import datetime, timedelta

from odoo.tests import BaseCase, tagged

from .. import routing
from ..routing import Candidate, Need, Weights, best, judge, rank

HOUR = timedelta(hours=1)


def at(hour, minute=0, day=2):
    return datetime(2026, 3, day, hour, minute)


@tagged("post_install", "-at_install")
class TestRoutingEngine(BaseCase):
    """The engine alone: plain values in, a ranking with reasons out."""

    def test_hard_requirements(self):
        need = Need(skills=((1, 0), (2, 50)), excluded=frozenset({5}))
        able = {1: 10, 2: 50}
        ranked = rank(
            [
                Candidate(id=1, skills={1: 100}),
                Candidate(id=2, skills=able, on_duty=False),
                Candidate(id=3, skills=able, load=9, capacity=10),
                Candidate(id=4, skills=able, load=9.5, capacity=10),
                Candidate(id=5, skills=able),
                Candidate(id=6, skills={1: 100, 2: 49}),
                Candidate(id=7, skills=able, capacity=0),
            ],
            need,
        )
        self.assertEqual(best(ranked), 3, "The only one who can, however busy")
        self.assertEqual([one.id for one in ranked if one.eligible], [3])
        missed = {one.id: one.reasons[0][:2] for one in ranked if not one.eligible}
        self.assertEqual(
            missed,
            {
                1: (routing.LACKS_SKILL, 2),
                2: (routing.OFF_DUTY, None),
                4: (routing.FULL, [9.5, 10]),
                5: (routing.LET_LIE, None),
                6: (routing.LOW_SKILL, [2, 49, 50]),
                7: (routing.FULL, [0, 0]),
            },
        )

    def test_nobody(self):
        self.assertIsNone(best(rank([], Need())))
        self.assertIsNone(best(rank([Candidate(id=1, on_duty=False)], Need())))

    def test_score(self):
        skilled = Candidate(id=1, skills={7: 90}, load=3)
        free = Candidate(id=2, skills={7: 50})
        self.assertEqual(best(rank([skilled, free], Need(skills=((7, 0),)))), 1)
        busier = Candidate(id=1, skills={7: 90}, load=5)
        self.assertEqual(best(rank([busier, free], Need(skills=((7, 0),)))), 2)

    def test_load_and_acquaintance(self):
        known = Candidate(id=1, load=1, known=True)
        free = Candidate(id=2)
        self.assertEqual(best(rank([free, known], Need())), 1)
        known = Candidate(id=1, load=2, known=True)
        self.assertEqual(best(rank([free, known], Need())), 2)

    def test_experience_saturates(self):
        points = [
            judge(Candidate(id=1, experience=count), Need()).score
            for count in (0, 1, 5, 100, 1000)
        ]
        self.assertEqual(points, sorted(points))
        self.assertEqual(points[2] - points[0], 15, "Five earn half")
        self.assertLess(points[4] - points[0], 30.01)

    def test_weights(self):
        known = Candidate(id=1, known=True, load=3)
        free = Candidate(id=2)
        self.assertEqual(best(rank([known, free], Need())), 2)
        self.assertEqual(best(rank([known, free], Need(), Weights(known=40))), 1)
        self.assertEqual(best(rank([known, free], Need(), Weights(load=0))), 1)

    def test_reasons_add_up(self):
        generator = random.Random(3)
        for _case in range(300):
            one = judge(self._candidate(generator, 1), self._need(generator))
            points = [points for _code, _value, points in one.reasons if points]
            self.assertAlmostEqual(one.score, sum(points), places=1)

    # ---- generated ---------------------------------------------------------

    def _candidate(self, generator, id_, **given):
        return Candidate(
            **{
                "id": id_,
                "skills": {
                    skill: generator.randrange(0, 101, 10)
                    for skill in range(4)
                    if generator.random() < 0.7
                },
                "on_duty": generator.random() < 0.8,
                "load": generator.randrange(12) / 2,
                "capacity": generator.choice([None, None, 0, 3, 5]),
                "known": generator.random() < 0.3,
                "experience": generator.choice([0, 0, 1, 4, 30]),
                "shift_left": generator.choice(
                    [None, timedelta(0), HOUR, 3 * HOUR, 9 * HOUR]
                ),
                **given,
            }
        )

    def _need(self, generator):
        return Need(
            skills=tuple(
                (skill, generator.choice([0, 0, 30, 70]))
                for skill in range(4)
                if generator.random() < 0.4
            ),
            work=generator.choice([0.5, 1, 2]),
            excluded=frozenset({3}) if generator.random() < 0.2 else frozenset(),
        )

    def _weights(self, generator):
        return Weights(*(generator.choice([0, 5, 10, 50, 100]) for _name in range(5)))

    def _cases(self, count=400):
        for seed in range(count):
            generator = random.Random(seed)
            candidates = [
                self._candidate(generator, id_)
                for id_ in range(1, generator.randrange(2, 9))
            ]
            need, weights = self._need(generator), self._weights(generator)
            yield generator, candidates, need, weights

    def test_same_question_same_answer(self):
        for generator, candidates, need, weights in self._cases():
            first = rank(candidates, need, weights)
            generator.shuffle(candidates)
            self.assertEqual(rank(candidates, need, weights), first)
            eligible = [one.eligible for one in first]
            self.assertEqual(eligible, sorted(eligible, reverse=True))

    def test_better_never_ranks_worse(self):
        """More load ranks no better; more of anything good ranks no worse."""
        for generator, candidates, need, weights in self._cases():
            one = generator.choice(candidates)
            before = self._place(candidates, need, weights, one.id)
            changes = {
                "experience": one.experience + generator.randrange(1, 9),
                "known": True,
                "shift_left": None,
                "skills": {skill: 100 for skill in range(4)},
                "on_duty": True,
                "load": max(one.load - 1, 0),
            }
            for name, value in changes.items():
                better = [
                    Candidate(**{**vars(other), name: value})
                    if other.id == one.id
                    else other
                    for other in candidates
                ]
                after = self._place(better, need, weights, one.id)
                self.assertLessEqual(after, before, f"{name}: {one}")

    def _place(self, candidates, need, weights, id_):
        ranked = rank(candidates, need, weights)
        return next(i for i, other in enumerate(ranked) if other.id == id_)

    def test_never_the_ineligible(self):
        for _generator, candidates, need, weights in self._cases():
            chosen = best(rank(candidates, need, weights))
            able = [
                one.id
                for one in candidates
                if one.on_duty
                and one.id not in need.excluded
                and all(one.skills.get(s, -1) >= low for s, low in need.skills)
                and (one.capacity is None or one.load + need.work <= one.capacity)
            ]
            if able:
                self.assertIn(chosen, able)
            else:
                self.assertIsNone(chosen)

    def test_pool(self):
        skills = {1: {7: 50}, 2: {7: 80}, 3: {}}
        self.assertEqual(routing.can_at_all(skills, Need(skills=((7, 60),))), {2})
        self.assertEqual(routing.can_at_all(skills, Need()), {1, 2, 3})
        self.assertFalse(routing.can_at_all({}, Need()))

    # ---- shifts ------------------------------------------------------------

    def test_shift(self):
        day = [(at(8), at(12)), (at(13), at(17)), (at(20), at(23))]
        left = {hour: routing.shift_left(day, at(hour)) for hour in range(7, 24)}
        self.assertIsNone(left[7])
        self.assertEqual(left[8], 8 * HOUR)
        self.assertEqual(left[12], 4 * HOUR, "Lunch is a part of the shift")
        self.assertEqual(left[16], HOUR)
        self.assertIsNone(left[17])
        self.assertIsNone(left[19])
        self.assertEqual(left[20], 3 * HOUR)
        self.assertIsNone(left[23])
        self.assertIsNone(routing.shift_left([], at(9)))

    def test_shift_across_midnight(self):
        night = [(at(22), at(6, day=3))]
        self.assertEqual(routing.shift_left(night, at(2, day=3)), 4 * HOUR)

    def test_without(self):
        day = [(at(8), at(12)), (at(13), at(17))]
        self.assertEqual(
            routing.without(day, [(at(7), at(9)), (at(11), at(14)), (at(18), at(19))]),
            [(at(9), at(11)), (at(14), at(17))],
        )
        self.assertEqual(routing.without(day, [(at(0), at(23))]), [])

    # ---- the next ticket ---------------------------------------------------

    def test_next_breaks_first(self):
        def fit(score, eligible=True):
            return routing.Ranked(1, eligible, score, 0, ())

        waiting = [
            (1, None, fit(100)),
            (2, at(15), fit(90)),
            (3, at(10, 20), fit(5)),
            (4, at(10, 25), fit(50)),
            (5, at(9), fit(0)),
            (6, at(8), fit(99, eligible=False)),
            (7, at(10, 10), fit(5)),
        ]
        order = [id_ for id_, _one in routing.next_first(waiting, at(10))]
        self.assertEqual(order, [5, 4, 7, 3, 2, 1])
        random.Random(1).shuffle(waiting)
        again = [id_ for id_, _one in routing.next_first(waiting, at(10))]
        self.assertEqual(again, order)
