"""The rule of figures, against a minute-by-minute count of its own."""

import random
from datetime import datetime, timedelta

from odoo.tests import BaseCase, tagged

from ..ticket_measure import (
    DESK,
    LINE,
    REQUESTER,
    SUPPLIER,
    Case,
    Hours,
    Part,
    measure,
)

MONDAY = datetime(2026, 3, 2, 9, 0)
HOUR = timedelta(hours=1)


def at(hours):
    return MONDAY + hours * HOUR


def office(days=20):
    """Nine to five, every day of the week."""
    return [(MONDAY + day * 24 * HOUR, at(day * 24 + 8)) for day in range(days)]


@tagged("post_install", "-at_install")
class TestMeasureEngine(BaseCase):
    def _measure(self, outcome="closed", end=4, owners=None, **kwargs):
        owners = owners or ((at(0), None, 1, 7),)
        case = Case(outcome=outcome, end=at(end), owners=owners, **kwargs)
        return measure(case, Hours(office()))

    def _flags(self, **kwargs):
        found = self._measure(**kwargs)
        return found.is_solved, found.is_first_line, found.is_first_contact

    def test_at_once(self):
        self.assertEqual(self._flags(), (True, True, True))
        self.assertEqual(self._flags(desk_words=1), (True, True, True))

    def test_cancelled_is_not_met(self):
        for outcome in ("cancelled", "merged"):
            self.assertEqual(self._flags(outcome=outcome), (False, False, False))
        self.assertEqual(self._flags(solves=False), (False, False, False))

    def test_by_the_first_line_later(self):
        wait = ((at(1), at(2), REQUESTER),)
        for more in (
            {"desk_words": 2},
            {"requester_words": 1},
            {"reopened": 1},
            {"is_follow_up": True},
            {"waits": wait},
        ):
            with self.subTest(**more):
                self.assertEqual(self._flags(**more), (True, True, False))

    def test_waiting_for_others_is_no_second_contact(self):
        waits = ((at(1), at(2), SUPPLIER),)
        self.assertEqual(self._flags(waits=waits), (True, True, True))

    def test_outside_the_desk(self):
        part = Part(2, at(1), at(2))
        self.assertEqual(self._flags(parts=(part,)), (True, False, False))
        owners = ((at(0), at(1), 1, 7), (at(1), None, 2, 8))
        self.assertEqual(self._flags(owners=owners), (True, False, False))

    def test_another_agent_of_the_desk_is_inside(self):
        owners = ((at(0), at(1), 1, 7), (at(1), None, 1, 8))
        found = self._measure(owners=owners, speakers=frozenset({8, 9}))
        self.assertTrue(found.is_first_contact)
        self.assertEqual((found.agents, found.desks, found.lines), (3, 1, 0))

    def test_time_by_party(self):
        found = self._measure(
            end=24 + 8,
            owners=((at(0), at(1), 1, None), (at(1), None, 1, 7)),
            parts=(Part(2, at(2), at(5), ((at(3), at(4), 9),)),),
            waits=((at(6), at(24 + 2), REQUESTER),),
        )
        hours = {
            party: (time.work / 3600, time.wait / 3600, time.elapsed / 3600)
            for party, time in found.parties.items()
        }
        self.assertEqual(
            hours,
            {
                (DESK, 1): (2 + 6, 1, 3 + 6),
                (LINE, 2): (1, 2, 3),
                (REQUESTER, None): (0, 4, 20),
            },
        )
        self.assertEqual(found.total.elapsed / 3600, 32)
        self.assertEqual((found.total.work + found.total.wait) / 3600, 16)

    def test_side_by_side_counts_once_in_all(self):
        parts = (
            Part(2, at(0), at(4), ((at(0), at(4), 9),)),
            Part(3, at(2), at(4)),
        )
        found = self._measure(parts=parts)
        self.assertEqual(found.parties[LINE, 2].work / 3600, 4)
        self.assertEqual(found.parties[LINE, 3].wait / 3600, 2)
        self.assertEqual(found.line_time.work / 3600, 4)
        self.assertEqual(found.total.elapsed / 3600, 4)
        self.assertNotIn((DESK, 1), found.parties)

    def test_a_solution_waiting_for_a_yes(self):
        found = self._measure(end=8, rests=((at(2), at(5)),))
        self.assertEqual(found.parties[REQUESTER, None].wait / 3600, 3)
        self.assertEqual(found.parties[DESK, 1].work / 3600, 5)

    def test_nothing_known(self):
        case = Case(outcome="closed", end=at(1), owners=())
        found = measure(case, Hours([]))
        self.assertFalse(found.parties)
        self.assertEqual(found.total.elapsed, 0)

    def test_against_an_oracle(self):
        """Thousand made-up tickets, counted by the quarter of an hour."""
        dice = random.Random(5)
        intervals = office(6)
        hours = Hours(intervals)
        for _number in range(1000):
            case = self._made_up(dice)
            found = measure(case, hours)
            expected = self._count(case, intervals)
            got = {
                party: (time.work, time.wait, time.elapsed)
                for party, time in found.parties.items()
            }
            self.assertEqual(got, expected, case)

    def _made_up(self, dice):
        def moment(least=0):
            return dice.randint(least, 400) / 4

        end = dice.randint(40, 400) / 4
        change = min(moment(), end)
        first = dice.choice((None, 7))
        owners = ((at(0), at(change), 1, first), (at(change), None, 1, 8))
        parts = []
        for desk in range(2, 2 + dice.randint(0, 2)):
            start = moment()
            stop = start + dice.randint(1, 80) / 4
            work = start + dice.randint(0, 8) / 4
            works = ((at(work), at(stop), 9),) if work < stop else ()
            parts.append(Part(desk, at(start), at(stop), works))
        waits = ()
        if dice.random() < 0.5:
            start = moment()
            until = at(start + dice.randint(1, 60) / 4)
            waits = ((at(start), until, dice.choice((REQUESTER, SUPPLIER))),)
        return Case(
            outcome="closed",
            end=at(end),
            owners=tuple(owner for owner in owners if owner[0] != owner[1]),
            parts=tuple(parts),
            waits=waits,
        )

    def _count(self, case, intervals):
        step, found = timedelta(minutes=15), {}
        moment = case.owners[0][0]
        while moment < case.end:
            works_now = any(start <= moment < end for start, end in intervals)
            for party, busy in self._having(case, moment):
                times = found.setdefault(party, [0.0, 0.0, 0.0])
                times[2] += 900
                if works_now:
                    times[0 if busy else 1] += 900
            moment += step
        return {party: tuple(times) for party, times in found.items()}

    def _having(self, case, moment):
        for start, end, kind in case.waits:
            if start <= moment < end:
                return [((kind, None), False)]
        lines = [
            ((LINE, part.desk), any(s <= moment < e for s, e, _who in part.works))
            for part in case.parts
            if part.start <= moment < part.end
        ]
        if lines:
            return lines
        for start, end, desk, person in case.owners:
            if start <= moment and (end is None or moment < end):
                return [((DESK, desk), person is not None)]
        return []
