import random
from datetime import datetime, timedelta

from odoo.tests import BaseCase, tagged

from ..routing import Need, Weights
from ..routing_replay import PULL, PUSH, Arrival, Member, Stretch, loads, replay

HOUR = timedelta(hours=1)
START, END = datetime(2026, 3, 2), datetime(2026, 3, 3)


def at(hour, minute=0):
    return datetime(2026, 3, 2, hour, minute)


def come(id_, hour, minute=0, **given):
    moment = at(hour, minute)
    given.setdefault("moment", moment)
    return Arrival(id=id_, at=moment, requester=id_, **given)


def day(begin=9, end=17):
    return ((at(begin), at(end)),)


@tagged("post_install", "-at_install")
class TestRoutingReplay(BaseCase):
    """A queue of the past, given out again."""

    def _play(self, arrivals, members, mode=PUSH, **given):
        return replay(arrivals, members, START, END, mode, **given)

    def test_push_spreads(self):
        got = self._play([come(n, 9, n) for n in range(4)], [Member(1), Member(2)])
        self.assertEqual([got[n].user for n in range(4)], [1, 2, 1, 2])
        self.assertTrue(all(one.at_once for one in got.values()))

    def test_release_makes_room(self):
        first = come(1, 9, lasts=HOUR)
        got = self._play([first, come(2, 9, 10)], [Member(1, capacity=1)])
        self.assertEqual(got[2].owned_at, at(10))
        self.assertEqual(got[2].waited, timedelta(minutes=50))
        self.assertFalse(got[2].at_once)

    def test_held_before(self):
        member = Member(1, capacity=1, held=((1, at(11)),))
        got = self._play([come(1, 9)], [member])
        self.assertEqual(got[1].owned_at, at(11))

    def test_absence(self):
        members = [Member(1, hours=day()), Member(2, hours=day(13, 20))]
        got = self._play([come(1, 10), come(2, 18)], members)
        self.assertEqual((got[1].user, got[2].user), (1, 2))
        got = self._play([come(1, 10)], members[1:])
        self.assertEqual(got[1].owned_at, at(13), "Waits for the shift to begin")

    def test_night_goes_to_the_morning(self):
        got = self._play([come(1, 3, moment=at(9))], [Member(1, hours=day())])
        self.assertEqual((got[1].user, got[1].waited), (1, timedelta(0)))
        self.assertTrue(got[1].at_once)

    def test_skill(self):
        need = Need(skills=((7, 50),))
        members = [Member(1, skills={7: 40}), Member(2, skills={7: 60})]
        got = self._play([come(1, 9, need=need), come(2, 9, 5, need=need)], members)
        self.assertEqual({one.user for one in got.values()}, {2})
        got = self._play([come(1, 9, need=need)], members[:1])
        self.assertIsNone(got[1].user)
        self.assertEqual(got[1].waited, 15 * HOUR)

    def test_pull_takes_what_breaks_first(self):
        arrivals = [
            come(1, 8, due=at(20), moment=at(9), lasts=HOUR),
            come(2, 8, 10, due=at(9, 15), moment=at(9), lasts=HOUR),
        ]
        got = self._play(arrivals, [Member(1, hours=day(), capacity=1)], PULL)
        self.assertEqual((got[2].owned_at, got[1].owned_at), (at(9), at(10)))

    def test_weights_decide(self):
        busy = Member(1, held=((1, None),) * 3, experience={"x": 50})
        arrivals = [come(1, 9, kind="x")]
        free = Member(2)
        self.assertEqual(self._play(arrivals, [busy, free])[1].user, 2)
        got = self._play(arrivals, [busy, free], weights=Weights(experience=100))
        self.assertEqual(got[1].user, 1)

    def test_loads(self):
        stretches = [
            Stretch(1, at(0), at(12)),
            Stretch(1, at(6), at(18), 2),
            Stretch(1, START - HOUR, at(1)),
            Stretch(2, at(12), None),
        ]
        found = loads(stretches, START, END)
        self.assertEqual(found[1], (2, 3, round((12 + 24 + 1) / 24, 2)))
        self.assertEqual(found[2], (1, 1, 0.5))

    def test_generated(self):
        """Whatever comes: nobody has more than they may, nor works off duty."""
        for seed in range(60):
            generator = random.Random(seed)
            members = [
                Member(
                    id_,
                    skills={s: generator.randrange(101) for s in range(2)},
                    capacity=generator.choice([1, 2, 3]),
                    hours=generator.choice([None, day(), day(7, 12), day(12, 23)]),
                )
                for id_ in range(1, 5)
            ]
            arrivals = [
                come(
                    number,
                    generator.randrange(24),
                    generator.randrange(60),
                    need=Need(
                        skills=tuple(
                            (s, generator.randrange(90))
                            for s in range(2)
                            if generator.random() < 0.3
                        )
                    ),
                    lasts=generator.choice([None, HOUR, 3 * HOUR]),
                    due=generator.choice([None, at(12), at(23)]),
                )
                for number in range(30)
            ]
            mode = generator.choice([PUSH, PULL])
            got = self._play(arrivals, members, mode)
            self.assertEqual(got.keys(), {one.id for one in arrivals})
            self._judge(got, arrivals, {member.id: member for member in members})
            generator.shuffle(arrivals)
            generator.shuffle(members)
            self.assertEqual(self._play(arrivals, members, mode), got)

    def _judge(self, got, arrivals, members):
        stretches = []
        for arrival in arrivals:
            one = got[arrival.id]
            if not one.user:
                continue
            member = members[one.user]
            self.assertGreaterEqual(one.owned_at, arrival.at)
            for skill, low in arrival.need.skills:
                self.assertGreaterEqual(member.skills[skill], low)
            if member.hours:
                [(begin, stop)] = member.hours
                self.assertTrue(begin <= one.owned_at < stop)
            lasts = arrival.lasts
            stretches.append(
                Stretch(one.user, one.owned_at, lasts and one.owned_at + lasts)
            )
        for user, (_count, peak, _mean) in loads(stretches, START, END).items():
            self.assertLessEqual(peak, members[user].capacity)
