"""What votes come to, without a database."""

from odoo.tests import BaseCase, tagged

from odoo.addons.spoc_catalog.approval_rules import Step

from ..approval_votes import AGREED, OPEN, REFUSED, outcome, to_plan

YES, NO, ASKED, SPARED = "approved", "rejected", "asked", "not_needed"


@tagged("post_install", "-at_install")
class TestApprovalVotes(BaseCase):
    def test_outcome(self):
        cases = [
            ([ASKED], 1, OPEN),
            ([YES], 1, AGREED),
            ([NO], 1, REFUSED),
            # One of them is enough: the first word decides.
            ([NO, ASKED, ASKED], 1, REFUSED),
            ([YES, ASKED], 1, AGREED),
            ([YES, ASKED, ASKED], 2, OPEN),
            ([YES, NO, ASKED], 2, OPEN),
            ([YES, NO, YES], 2, AGREED),
            ([NO, NO, ASKED], 2, REFUSED),
            ([NO, ASKED, ASKED], 3, REFUSED),
            # Whoever handed it on has no word, their successor has.
            (["delegated", ASKED, YES], 2, OPEN),
            (["expired", NO], 1, REFUSED),
            ([SPARED], 1, OPEN),
            ([], 0, OPEN),
        ]
        for votes, need, expected in cases:
            with self.subTest(votes=votes, need=need):
                self.assertEqual(outcome(votes, need), expected)

    def test_plan(self):
        steps = [
            Step(1, "manager", "unneeded"),
            Step(2, "manager", "ask", [4], 1, ["up"]),
            Step(3, "people", "agreed", [], 0, ["own"]),
            Step(4, "department", "agreed", [4], 1, ["asked"]),
            Step(5, "group", "ask", [6, 7], 2, []),
            Step(6, "owner", "skipped", [], 0, []),
            Step(7, "owner", "nobody", [], 0, []),
        ]
        self.assertEqual(
            [
                (p["id"], p["state"], p["users"], p["need"], p["note"])
                for p in to_plan(steps)
            ],
            [
                (2, "coming", [4], 1, "up"),
                (3, "approved", [], 1, "own"),
                (4, "coming", [4], 1, "asked"),
                (5, "coming", [6, 7], 2, False),
                (6, "not_needed", [], 1, "nobody"),
                (7, "coming", [], 1, "nobody"),
            ],
        )
