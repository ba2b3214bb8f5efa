"""What holds for any form and any answers, however wrong."""

import copy
import json
import random

from odoo.tests import BaseCase

from ..form_rules import CODES, judge, record_ids, visibility
from .form_random import FormMaker

ROUNDS = 3000


class TestFormRandom(BaseCase):
    def cases(self, seed, rounds=ROUNDS):
        maker = FormMaker(random.Random(seed))
        return (maker.case() for _round in range(rounds))

    def test_nothing_breaks_it(self):
        for case in self.cases(19):
            verdict = judge(**case)
            asked = {question["id"] for question in case["form"]["questions"]}
            self.assertLessEqual(verdict.values.keys(), asked)
            self.assertFalse(verdict.values.keys() & verdict.errors.keys(), case)
            self.assertFalse(verdict.values.keys() & set(verdict.hidden), case)
            self.assertFalse(verdict.errors.keys() & set(verdict.hidden), case)
            self.assertLessEqual(
                {code for code, _p in verdict.errors.values()}, {*CODES}
            )
            json.dumps([verdict.values, verdict.errors, verdict.hidden])

    def test_hidden_answers_have_no_influence(self):
        for case in self.cases(20):
            verdict = judge(**case)
            answers = copy.deepcopy(case["answers"])
            for key in map(str, verdict.hidden):
                question, _colon, rest = key.partition(":")
                if rest:
                    place, _colon, sub = rest.partition(":")
                    (answers[question][int(place)] or {}).pop(sub, None)
                else:
                    answers.pop(question, None)
            self.assertEqual(judge(**{**case, "answers": answers}), verdict, case)

    def test_values_judged_again_are_the_same(self):
        for case in self.cases(21):
            values = judge(**case).values
            again = judge(**{**case, "answers": values}).values
            self.assertEqual(again, values, case)
            plain = json.loads(json.dumps(values))
            self.assertEqual(judge(**{**case, "answers": plain}).values, values, case)

    def test_judge_and_visibility_agree(self):
        for case in self.cases(22):
            verdict = judge(**{**case, "allowed": None})
            seen = visibility(case["form"], case["answers"], case["person"])
            self.assertEqual(seen.hidden, verdict.hidden, case)
            missing = {
                key for key, (code, _p) in verdict.errors.items() if code == "required"
            }
            self.assertLessEqual(missing, set(seen.required), case)
            self.assertFalse(set(seen.required) & set(seen.hidden), case)
            self.assertFalse(seen.options.keys() & set(seen.hidden), case)

    def test_records_outside_the_allowed_are_not_taken(self):
        for case in self.cases(23):
            named = record_ids(case["form"], case["answers"])
            allowed = {question: {1, 5} & ids for question, ids in named.items()}
            verdict = judge(**{**case, "allowed": allowed})
            everything = judge(**{**case, "allowed": named})
            for question in case["form"]["questions"]:
                key = question["id"]
                if question["type"] in ("person", "department", "location", "record"):
                    self.assertIn(verdict.values.get(key), (None, 1, 5), case)
                    code = everything.errors.get(key, (None,))[0]
                    if code == "unknown_record":
                        self.assertFalse(named[key], case)

    def test_unknown_answers_change_nothing(self):
        for case in self.cases(24, 500):
            more = {**case["answers"], "888": "forged", "": "x", "1 ": "y", "_form": []}
            self.assertEqual(judge(**{**case, "answers": more}), judge(**case))
        for answers in (None, "text", [], [1], 5, {None: 1, (1,): 2, 10**5000: 3}):
            self.assertFalse(judge(case["form"], answers).values)
