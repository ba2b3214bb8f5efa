"""Working-time arithmetic against an independent, dull oracle."""

import itertools
import random
from datetime import datetime, timedelta

from odoo.tests import BaseCase

from .. import clock

START = datetime(2026, 3, 2)
MINUTE = timedelta(minutes=1)


def minutes_of(intervals):
    """Every working minute, as a set: the oracle knows no arithmetic at all."""
    found = set()
    for begin, end in intervals:
        moment = begin
        while moment < end:
            found.add(moment)
            moment += MINUTE
    return found


def oracle_add(intervals, start, minutes):
    """Walk forward minute by minute."""
    if not minutes:
        return start
    counted = 0
    for moment in sorted(minutes_of(intervals)):
        if moment >= start:
            counted += 1
            if counted == minutes:
                return moment + MINUTE
    return None


def oracle_count(intervals, start, end):
    return sum(60.0 for moment in minutes_of(intervals) if start <= moment < end)


def random_intervals(rng):
    """Sorted by start; overlapping, touching and empty ones included."""
    intervals = []
    for _number in range(rng.randint(0, 8)):
        begin = START + MINUTE * rng.randint(0, 300)
        intervals.append((begin, begin + MINUTE * rng.randint(0, 60)))
    return sorted(intervals)


class TestClock(BaseCase):
    def test_against_the_oracle(self):
        rng = random.Random(20260302)
        for round_number in range(400):
            intervals = random_intervals(rng)
            start = START + MINUTE * rng.randint(-20, 340)
            minutes = rng.randint(0, 150)
            end = start + MINUTE * rng.randint(-10, 200)
            with self.subTest(round_number):
                self.assertEqual(
                    clock.add_working(intervals, start, minutes * 60),
                    oracle_add(intervals, start, minutes),
                )
                self.assertEqual(
                    clock.working_seconds(intervals, start, end),
                    oracle_count(intervals, start, end),
                )
                self.assertEqual(
                    clock.is_working(intervals, start),
                    start in minutes_of(intervals),
                )

    def test_there_and_back(self):
        rng = random.Random(7)
        for round_number in range(200):
            intervals = random_intervals(rng)
            start = START + MINUTE * rng.randint(0, 300)
            seconds = rng.randint(1, 7200)
            due = clock.add_working(intervals, start, seconds)
            if due is not None:
                with self.subTest(round_number):
                    self.assertEqual(
                        clock.working_seconds(intervals, start, due), seconds
                    )

    def test_parts_add_up(self):
        rng = random.Random(11)
        for round_number in range(200):
            intervals = random_intervals(rng)
            start, pause, end = sorted(
                START + timedelta(seconds=rng.randint(0, 20000)) for _n in range(3)
            )
            with self.subTest(round_number):
                self.assertEqual(
                    clock.working_seconds(intervals, start, pause)
                    + clock.working_seconds(intervals, pause, end),
                    clock.working_seconds(intervals, start, end),
                )

    def test_merged_is_disjoint_and_the_same_time(self):
        rng = random.Random(13)
        for round_number in range(200):
            intervals = random_intervals(rng)
            merged = list(clock.merged(intervals))
            with self.subTest(round_number):
                self.assertEqual(minutes_of(merged), minutes_of(intervals))
                for one, other in itertools.pairwise(merged):
                    self.assertLess(one[1], other[0])

    def test_ends_at_the_end_of_an_interval(self):
        day = [(START, START + timedelta(hours=8))]
        self.assertEqual(
            clock.add_working(day, START, 8 * 3600), START + timedelta(hours=8)
        )
        self.assertIsNone(clock.add_working(day, START, 8 * 3600 + 1))

    def test_nothing_to_add(self):
        night = START - timedelta(hours=3)
        self.assertEqual(clock.add_working([], night, 0), night)

    def test_backwards_is_refused(self):
        with self.assertRaises(ValueError):
            clock.add_working([], START, -1)

    def test_endless_calendars_are_read_as_far_as_needed(self):
        read = []

        def days():
            for number in itertools.count():
                read.append(number)
                begin = START + timedelta(days=number)
                yield begin, begin + timedelta(hours=8)

        due = clock.add_working(days(), START, 20 * 3600)
        self.assertEqual(due, START + timedelta(days=2, hours=4))
        self.assertLessEqual(len(read), 4)
        read.clear()
        clock.working_seconds(days(), START, START + timedelta(days=2))
        self.assertLessEqual(len(read), 4)

    def test_a_timeline_is_read_once(self):
        rng = random.Random(17)
        for round_number in range(100):
            intervals = random_intervals(rng)
            read = []
            timeline = clock.Timeline(read.append(i) or i for i in intervals)
            with self.subTest(round_number):
                for seconds in (3600, 60, 7200, 1):
                    self.assertEqual(
                        clock.add_working(timeline, START, seconds),
                        clock.add_working(intervals, START, seconds),
                    )
                self.assertEqual(list(timeline), intervals)
                self.assertEqual(read, intervals)

    def test_extending_windows_lose_nothing(self):
        calls = []

        def fetch(start, end):
            calls.append((start, end))
            # One endless interval, cut at the window.
            return [(start, end)]

        step, horizon = timedelta(days=1), timedelta(days=30)
        intervals = clock.extending(fetch, START, step, horizon)
        self.assertEqual(
            clock.working_seconds(intervals, START, START + horizon),
            horizon.total_seconds(),
        )
        self.assertEqual(calls[0], (START, START + step))
        self.assertEqual(calls[-1][1], START + horizon)
        for one, other in itertools.pairwise(calls):
            self.assertEqual(one[1], other[0])

    def test_extending_stops_at_the_horizon(self):
        empty = clock.extending(
            lambda start, end: [], START, timedelta(days=1), timedelta(days=400)
        )
        self.assertIsNone(clock.add_working(empty, START, 60))

    def test_next_change(self):
        day = [(START, START + timedelta(hours=8))]
        self.assertEqual(clock.next_change(day, START - MINUTE), START)
        self.assertEqual(clock.next_change(day, START), START + timedelta(hours=8))
        self.assertIsNone(clock.next_change(day, START + timedelta(hours=8)))
