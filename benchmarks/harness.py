"""Measure cases side by side; runs inside Odoo (`./spoc bench` starts it).

Every round does each case a few times, in turn and in changing order, so that what
disturbs the machine disturbs all of them. Each operation starts with cold caches of
records (as a request does) and warm ones of definitions, ends with everything written
to the database, and is rolled back afterwards, so that the database does not grow.
"""

import gc
import importlib
import statistics
import time
from dataclasses import dataclass, field


@dataclass
class Told:
    """What a case says of itself: queries of another cursor, seconds that count."""

    queries: int
    seconds: float = None


@dataclass
class Case:
    """One thing to measure.

    :param run: function of a number that is never the same twice; what goes through
        another cursor than the benchmark's returns :class:`Told`
    :param baselines: names of cases to compare with
    """

    name: str
    run: callable
    baselines: tuple = ()


@dataclass
class Figures:
    """Times in seconds and numbers of queries, a list per round."""

    times: list = field(default_factory=list)
    queries: list = field(default_factory=list)


def main(env, name, rounds, repeat):
    """Run the benchmark `name`: a dictionary for JSON."""
    module = importlib.import_module(f"benchmarks.{name}")
    cases = module.cases(env)
    env.cr.commit()
    figures = {case.name: Figures() for case in cases}
    number = 0
    for warm_up in (True, False):
        for turn in range(1 if warm_up else rounds):
            order = cases[turn % len(cases) :] + cases[: turn % len(cases)]
            for case in order:
                times, queries = [], []
                for _ in range(repeat):
                    number += 1
                    spent, asked = _once(env, case, number)
                    times.append(spent)
                    queries.append(asked)
                if not warm_up:
                    figures[case.name].times.append(times)
                    figures[case.name].queries.append(queries)
    return {
        "benchmark": name,
        "title": module.TITLE,
        "rounds": rounds,
        "repeat": repeat,
        "cases": [_summary(case, figures) for case in cases],
        "bars": getattr(module, "BARS", {}),
    }


def _once(env, case, number):
    env.invalidate_all()
    gc.collect()
    gc.disable()
    asked = env.cr.sql_log_count
    started = time.perf_counter()
    told = case.run(number)
    env.flush_all()
    spent = time.perf_counter() - started
    asked = env.cr.sql_log_count - asked
    if told is not None:
        asked, spent = told.queries, told.seconds or spent
    gc.enable()
    env.cr.rollback()
    return spent, asked


def _summary(case, figures):
    own = figures[case.name]
    every = [spent for times in own.times for spent in times]
    low, middle, high = statistics.quantiles(every, n=4)
    slow = statistics.quantiles(every, n=20)[-1]
    ratios = {}
    for name in case.baselines:
        # the ratio of each round, then the middle one: slow moments hit both sides
        pairs = zip(own.times, figures[name].times, strict=True)
        each = [statistics.median(a) / statistics.median(b) for a, b in pairs]
        ratios[name] = [statistics.median(each), min(each), max(each)]
    return {
        "name": case.name,
        "median": middle,
        "quartiles": [low, high],
        "p95": slow,
        "queries": statistics.median(x for asked in own.queries for x in asked),
        "ratios": ratios,
    }
