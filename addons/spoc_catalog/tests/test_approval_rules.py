"""Who has to agree, worked out without a database."""

from odoo.tests import BaseCase, tagged

from ..approval_rules import holds, number, resolve

ME, BOSS, CHIEF, HEAD, OWNER, LEAD, ANNA, BO, CIA, GONE = range(1, 11)


def people(**values):
    return {
        "requester": ME,
        "managers": [BOSS, CHIEF],
        "departments": [HEAD, CHIEF],
        "owner": OWNER,
        "desk_manager": LEAD,
        "active": {ME, BOSS, CHIEF, HEAD, OWNER, LEAD, ANNA, BO, CIA},
        "stand_ins": {},
        "chosen": {},
        **values,
    }


def rule(*steps, **values):
    steps = [{"id": number_, **step} for number_, step in enumerate(steps, 1)]
    return {
        "own_request": "above",
        "if_nobody": "owner",
        "types": {},
        "steps": steps,
        **values,
    }


def group(*users, quorum=("one", 0)):
    return {"kind": "group", "users": list(users), "quorum": list(quorum)}


MANAGER, DEPARTMENT = {"kind": "manager"}, {"kind": "department"}
SERVICE_OWNER = {"kind": "owner"}
CHOSEN = {"kind": "question", "question": 5}

#: name, step, rule values, people values, answers -> state, users, need, notes
CASES = [
    ("manager", MANAGER, {}, {}, {}, ("ask", [BOSS], 1, [])),
    ("department", DEPARTMENT, {}, {}, {}, ("ask", [HEAD], 1, [])),
    ("owner", SERVICE_OWNER, {}, {}, {}, ("ask", [OWNER], 1, [])),
    ("no manager", MANAGER, {}, {"managers": []}, {}, ("ask", [OWNER], 1, ["owner"])),
    (
        "no manager, no owner",
        MANAGER,
        {},
        {"managers": [], "owner": None},
        {},
        ("ask", [LEAD], 1, ["desk"]),
    ),
    (
        "nobody at all",
        MANAGER,
        {},
        {"managers": [], "owner": None, "desk_manager": ME},
        {},
        ("nobody", [], 0, []),
    ),
    (
        "no manager: left out",
        MANAGER,
        {"if_nobody": "skip"},
        {"managers": []},
        {},
        ("skipped", [], 0, []),
    ),
    (
        "no manager: refused",
        MANAGER,
        {"if_nobody": "refuse"},
        {"managers": []},
        {},
        ("refused", [], 0, []),
    ),
    (
        "manager cannot sign in",
        MANAGER,
        {},
        {"managers": [None, CHIEF]},
        {},
        ("ask", [CHIEF], 1, ["up"]),
    ),
    (
        "manager is gone",
        MANAGER,
        {},
        {"managers": [GONE, CHIEF]},
        {},
        ("ask", [CHIEF], 1, ["up"]),
    ),
    (
        "I manage my department",
        DEPARTMENT,
        {},
        {"departments": [ME, CHIEF]},
        {},
        ("ask", [CHIEF], 1, ["up"]),
    ),
    (
        "I manage my department: agreed",
        DEPARTMENT,
        {"own_request": "agreed"},
        {"departments": [ME, CHIEF]},
        {},
        ("agreed", [], 0, ["own"]),
    ),
    (
        "I own the service",
        SERVICE_OWNER,
        {},
        {"owner": ME},
        {},
        ("ask", [BOSS], 1, ["own", "up"]),
    ),
    (
        "I own the service: agreed",
        SERVICE_OWNER,
        {"own_request": "agreed"},
        {"owner": ME},
        {},
        ("agreed", [], 0, ["own"]),
    ),
    (
        "I own the service and have nobody above",
        SERVICE_OWNER,
        {},
        {"owner": ME, "managers": []},
        {},
        ("ask", [LEAD], 1, ["own", "desk"]),
    ),
    ("one of a group", group(ANNA, BO), {}, {}, {}, ("ask", [ANNA, BO], 1, [])),
    (
        "all of a group",
        group(ANNA, BO, quorum=("all", 0)),
        {},
        {},
        {},
        ("ask", [ANNA, BO], 2, []),
    ),
    (
        "two of a group",
        group(ANNA, BO, CIA, quorum=("number", 2)),
        {},
        {},
        {},
        ("ask", [ANNA, BO, CIA], 2, []),
    ),
    (
        "more than there are",
        group(ANNA, GONE, quorum=("number", 3)),
        {},
        {},
        {},
        ("ask", [ANNA], 1, ["less"]),
    ),
    (
        "half of three is two",
        group(ANNA, BO, CIA, quorum=("percent", 50)),
        {},
        {},
        {},
        ("ask", [ANNA, BO, CIA], 2, []),
    ),
    (
        "one percent is one",
        group(ANNA, BO, CIA, quorum=("percent", 1)),
        {},
        {},
        {},
        ("ask", [ANNA, BO, CIA], 1, []),
    ),
    (
        "all percent",
        group(ANNA, BO, CIA, quorum=("percent", 100)),
        {},
        {},
        {},
        ("ask", [ANNA, BO, CIA], 3, []),
    ),
    (
        "I am in the group",
        group(ME, ANNA, BO, quorum=("number", 2)),
        {},
        {},
        {},
        ("ask", [ANNA, BO], 2, ["own"]),
    ),
    (
        "I am in the group: my word counts",
        group(ME, ANNA, BO, quorum=("number", 2)),
        {"own_request": "agreed"},
        {},
        {},
        ("ask", [ANNA, BO], 1, ["own"]),
    ),
    (
        "I am in the group: my word is enough",
        group(ME, ANNA),
        {"own_request": "agreed"},
        {},
        {},
        ("agreed", [], 0, ["own"]),
    ),
    (
        "all of the group, me too",
        group(ME, ANNA, BO, quorum=("all", 0)),
        {"own_request": "agreed"},
        {},
        {},
        ("ask", [ANNA, BO], 2, ["own"]),
    ),
    ("I am the group", group(ME), {}, {}, {}, ("ask", [BOSS], 1, ["own", "up"])),
    ("nobody in the group", group(), {}, {}, {}, ("ask", [OWNER], 1, ["owner"])),
    (
        "all of the group are gone",
        group(GONE, quorum=("all", 0)),
        {"if_nobody": "refuse"},
        {},
        {},
        ("refused", [], 0, []),
    ),
    ("chosen", CHOSEN, {}, {"chosen": {5: BO}}, {5: 77}, ("ask", [BO], 1, [])),
    (
        "chose myself",
        CHOSEN,
        {},
        {"chosen": {5: ME}},
        {5: 1},
        ("ask", [BOSS], 1, ["own", "up"]),
    ),
    ("chose nobody", CHOSEN, {}, {}, {}, ("ask", [OWNER], 1, ["owner"])),
    (
        "stand-in",
        MANAGER,
        {},
        {"stand_ins": {BOSS: ANNA}},
        {},
        ("ask", [ANNA], 1, []),
    ),
    (
        "stand-in of somebody gone",
        MANAGER,
        {},
        {"managers": [GONE], "stand_ins": {GONE: ANNA}},
        {},
        ("ask", [ANNA], 1, []),
    ),
    (
        "I stand in for my manager",
        MANAGER,
        {},
        {"stand_ins": {BOSS: ME}},
        {},
        ("ask", [BOSS], 1, []),
    ),
    (
        "stand-in who is in the group already",
        group(ANNA, BO, quorum=("all", 0)),
        {},
        {"stand_ins": {ANNA: BO}},
        {},
        ("ask", [BO], 1, []),
    ),
    (
        "my manager asks for me",
        MANAGER,
        {},
        {"asker": BOSS},
        {},
        ("ask", [CHIEF], 1, ["up"]),
    ),
    (
        "my manager asks for me: agreed",
        MANAGER,
        {"own_request": "agreed"},
        {"asker": BOSS},
        {},
        ("agreed", [], 0, ["own"]),
    ),
    (
        "the owner asks for me",
        SERVICE_OWNER,
        {},
        {"asker": OWNER},
        {},
        ("ask", [BOSS], 1, ["own", "up"]),
    ),
    (
        "who asks for me stands in for my manager",
        MANAGER,
        {},
        {"asker": ANNA, "stand_ins": {BOSS: ANNA}},
        {},
        ("ask", [BOSS], 1, []),
    ),
    (
        "both of us are in the group",
        group(ME, ANNA, BO, quorum=("all", 0)),
        {"own_request": "agreed"},
        {"asker": ANNA},
        {},
        ("ask", [BO], 1, ["own"]),
    ),
]


@tagged("post_install", "-at_install")
class TestApprovalRules(BaseCase):
    def test_who(self):
        for name, step, of_rule, of_people, answers, expected in CASES:
            with self.subTest(name):
                found = resolve(rule(step, **of_rule), people(**of_people), answers)[0]
                self.assertEqual(
                    (found.state, found.users, found.need, found.notes), expected
                )

    def test_nobody_is_asked_twice_alone(self):
        steps = resolve(
            rule(MANAGER, group(BOSS), group(BOSS, ANNA)), people(), answers={}
        )
        self.assertEqual([step.state for step in steps], ["ask", "agreed", "ask"])
        self.assertEqual(steps[1].notes, ["asked"])

    def test_stand_ins_are_told(self):
        step = resolve(rule(MANAGER), people(stand_ins={BOSS: ANNA}), {})[0]
        self.assertEqual(step.stand_ins, {ANNA: BOSS})

    def test_price(self):
        step = {**MANAGER, "amount_from": 500, "amount_to": 1000}
        states = {0: "unneeded", 499.99: "unneeded", 500: "ask", 1000: "unneeded"}
        for price, state in states.items():
            with self.subTest(price=price):
                for answers in (None, {}):
                    found = resolve(rule(step), people(), answers, price)[0]
                    self.assertEqual(found.state, state)

    def test_amount_answered(self):
        step = {**MANAGER, "amount_from": 500, "amount_question": 8}
        cases = [
            (None, "open"),
            ({}, "unneeded"),
            ({8: "499.99"}, "unneeded"),
            ({8: "500"}, "ask"),
            ({8: 700}, "ask"),
            ({8: "much"}, "unneeded"),
        ]
        for answers, state in cases:
            with self.subTest(answers=answers):
                found = resolve(rule(step), people(), answers, 10000.0)[0]
                self.assertEqual(found.state, state)

    def test_before_the_form(self):
        steps = resolve(
            rule(
                {**MANAGER, "cond": {"question": 3, "op": "is", "value": 1}},
                CHOSEN,
                SERVICE_OWNER,
            ),
            people(),
        )
        self.assertEqual(
            [(step.state, step.users) for step in steps],
            [("open", [BOSS]), ("open", []), ("ask", [OWNER])],
        )

    def test_conditions(self):
        answers = {1: 5, 2: [7, 8], 3: "12.5", 4: True, 6: "Stockholm", 9: "2026-11-24"}
        types = {
            1: "choice",
            2: "multi_choice",
            3: "decimal",
            4: "boolean",
            6: "text",
            9: "date",
        }
        cases = [
            ({}, True),
            ({"question": 1, "op": "is", "value": 5}, True),
            ({"question": 1, "op": "is", "value": "5"}, True),
            ({"question": 1, "op": "is_not", "value": 5}, False),
            ({"question": 1, "op": "in", "value": [4, 5]}, True),
            ({"question": 1, "op": "not_in", "value": [4, 5]}, False),
            ({"question": 2, "op": "is", "value": 8}, True),
            ({"question": 2, "op": "in", "value": [1, 2]}, False),
            ({"question": 3, "op": "ge", "value": 12.5}, True),
            ({"question": 3, "op": "gt", "value": "12.5"}, False),
            ({"question": 3, "op": "lt", "value": 100}, True),
            ({"question": 3, "op": "le", "value": 9}, False),
            ({"question": 4, "op": "is", "value": True}, True),
            ({"question": 4, "op": "is", "value": False}, False),
            ({"question": 6, "op": "contains", "value": "HOLM"}, True),
            ({"question": 6, "op": "is", "value": "stockholm"}, True),
            ({"question": 9, "op": "gt", "value": "2026-11-01"}, True),
            ({"question": 99, "op": "answered"}, False),
            ({"question": 99, "op": "not_answered"}, True),
            ({"question": 99, "op": "is", "value": 5}, False),
            ({"question": 99, "op": "is_not", "value": 5}, True),
            ({"question": 99, "op": "gt", "value": 5}, False),
            ({"all": []}, True),
            (
                {
                    "any": [
                        {"question": 1, "op": "is", "value": 6},
                        {"all": [{"question": 3, "op": "gt", "value": 1}]},
                    ]
                },
                True,
            ),
        ]
        for cond, expected in cases:
            with self.subTest(cond=cond):
                self.assertEqual(holds(cond, answers, types), expected)

    def test_numbers(self):
        for value, expected in (
            ("1.5", 1.5),
            (3, 3.0),
            (True, None),
            ("", None),
            ("nan", None),
            ("inf", None),
            ([1], None),
        ):
            self.assertEqual(number(value), expected)
