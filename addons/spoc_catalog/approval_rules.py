"""Works out who has to agree to a request, step by step.

Plain Python, no ORM. A rule is the dictionary made by
``spoc.approval.rule._spoc_compile()``::

    {"own_request": "above", "if_nobody": "owner", "types": {3: "choice"},
     "steps": [
         {"id": 1, "kind": "manager"},
         {"id": 2, "kind": "group", "users": [7, 8, 9], "quorum": ["percent", 50],
          "amount_from": 500.0, "amount_question": 12,
          "cond": {"question": 3, "op": "is", "value": 5}},
     ]}

kind
    ``manager`` (the requester's), ``department`` (its manager), ``owner`` (of the
    service), ``people`` and ``group`` (``users``), ``question`` (``question``: somebody
    chosen in the form)
quorum
    ``["one", 0]``, ``["all", 0]``, ``["number", n]`` or ``["percent", p]``; one if left
    out
amount_from, amount_to
    the step is needed from the one and below the other; of the price of the service,
    or of the answer to ``amount_question``. No amount known counts as nothing.
cond
    a condition on the answers, as forms have it; ``types`` tells the type of each
    question it names
own_request
    what if the requester would have to agree: ``above``, others do, the next one up at
    last; ``agreed``, who asks has agreed
if_nobody
    what if nobody is found: ``owner`` of the service (after them the manager of the
    desk), ``skip`` the step, or ``refuse`` the request

and what is known about people, all of them users' ids::

    {"requester": 31, "asker": 30, "managers": [4, None, 2], "departments": [4, 2],
     "owner": 7, "desk_manager": 9, "active": {2, 4, 7, 9, 31}, "stand_ins": {4: 5},
     "chosen": {12: 8}}

``managers`` and ``departments`` go upward, the nearest first; ``None`` is somebody who
cannot sign in. ``requester`` is whom it is for; ``asker`` asks for them, and is left
out when they ask for themselves: neither decides about their own request.
"""

import math
from dataclasses import dataclass, field

from . import form_conditions


@dataclass
class Step:
    """What becomes of a step.

    :ivar id: of the step
    :ivar str kind: as in the rule
    :ivar str state: ``ask`` the users; ``agreed`` already; ``skipped``, nobody found
        and the rule says so; ``unneeded``, its conditions do not hold; ``open``, it
        depends on answers not given yet; ``refused``, the request cannot be made;
        ``nobody``, nobody at all can decide
    :ivar list users: who may decide
    :ivar int need: how many of them have to agree
    :ivar list notes: why they and not others: ``up`` (somebody above), ``owner`` or
        ``desk`` (instead of nobody), ``own`` (the requester was left out), ``asked``
        (agreed in an earlier step), ``less`` (fewer people than the quorum asks for)
    :ivar dict stand_ins: who decides -> in whose place
    """

    id: object
    kind: str
    state: str = "ask"
    users: list = field(default_factory=list)
    need: int = 0
    notes: list = field(default_factory=list)
    stand_ins: dict = field(default_factory=dict)


def resolve(rule, people, answers=None, price=0.0):
    """Who has to agree, in order.

    :param dict answers: question id -> clean value as the form's judge gives it;
        ``None`` before the form was filled in
    :param float price: of the service
    :rtype: list[Step]
    """
    steps, alone = [], set()
    for data in rule["steps"]:
        step = _Resolver(rule, people, answers, price).resolve(data)
        if step.state == "ask" and len(step.users) == 1:
            if step.users[0] in alone:
                step.state = "agreed"
                step.notes.append("asked")
            alone.update(step.users)
        steps.append(step)
    return steps


class _Resolver:
    """Works out one step."""

    def __init__(self, rule, people, answers, price):
        self.rule = rule
        self.people = people
        self.answers = answers
        self.price = price
        self.own = {people["requester"], people.get("asker")} - {None, False}

    def resolve(self, data):
        step = Step(data["id"], data["kind"])
        step.state = self._needed(data)
        if step.state == "unneeded":
            return step
        opened = step.state == "open"
        self._find(step, data)
        if opened and step.state in ("ask", "agreed"):
            step.state = "open"
        return step

    # ---- is it needed? -----------------------------------------------------

    def _needed(self, data):
        asked = {"question"} if data["kind"] == "question" else set()
        limits = data.get("amount_from") or data.get("amount_to")
        if data.get("cond"):
            asked.add("cond")
        if limits and data.get("amount_question"):
            asked.add("amount")
        if limits and "amount" not in asked and not self._within(data, self.price):
            return "unneeded"
        if self.answers is None:
            return "open" if asked else "ask"
        if "cond" in asked and not holds(
            data["cond"], self.answers, self.rule["types"]
        ):
            return "unneeded"
        if "amount" in asked:
            amount = number(self.answers.get(data["amount_question"])) or 0.0
            if not self._within(data, amount):
                return "unneeded"
        return "ask"

    def _within(self, data, amount):
        first, last = data.get("amount_from"), data.get("amount_to")
        return (not first or amount >= first) and (not last or amount < last)

    # ---- who? --------------------------------------------------------------

    def _find(self, step, data):
        if data["kind"] in ("manager", "department"):
            chain = self.people[f"{data['kind']}s"]
            self._climb(step, chain)
        else:
            self._gather(step, data)
        if step.state == "agreed":
            return
        self._stand_in(step)
        if not step.users and not self._climb_from_requester(step):
            self._fall_back(step)

    def _climb(self, step, chain):
        """The nearest one up who can decide."""
        for number_, user in enumerate(chain):
            if user in self.own and self.rule["own_request"] == "agreed":
                step.state = "agreed"
                step.notes.append("own")
                return
            if user and user not in self.own and self._may_decide(user):
                step.users, step.need = [user], 1
                if number_:
                    step.notes.append("up")
                return

    def _may_decide(self, user):
        return user in self.people["active"] or user in self.people["stand_ins"]

    def _gather(self, step, data):
        """Those named, and how many of them it takes."""
        users = [user for user in self._named(data) if user and self._may_decide(user)]
        users = list(dict.fromkeys(users))
        kind, value = data.get("quorum") or ("one", 0)
        step.users = [user for user in users if user not in self.own]
        own = len(users) - len(step.users)
        need = {
            "one": 1,
            "all": len(users)
            if self.rule["own_request"] == "agreed"
            else len(step.users),
            "number": max(value, 1),
            "percent": math.ceil(len(users) * min(value, 100) / 100) or 1,
        }[kind]
        if own:
            step.notes.append("own")
            if self.rule["own_request"] == "agreed":
                need -= own
                if need <= 0:
                    step.state, step.users = "agreed", []
                    return
        if need > len(step.users):
            if step.users and kind == "number":
                step.notes.append("less")
            need = len(step.users)
        step.need = need

    def _named(self, data):
        if data["kind"] == "owner":
            return [self.people["owner"]]
        if data["kind"] == "question":
            return [self.people["chosen"].get(data["question"])]
        return data.get("users") or []

    # ---- instead -----------------------------------------------------------

    def _stand_in(self, step):
        """Put those in who stand in for others."""
        users = []
        for user in step.users:
            other = self.people["stand_ins"].get(user)
            if other in self.people["active"] and other not in self.own:
                step.stand_ins[other] = user
                users.append(other)
            elif user in self.people["active"]:
                users.append(user)
        step.users = list(dict.fromkeys(users))
        step.need = min(step.need, len(step.users))

    def _climb_from_requester(self, step):
        """If only the requester was named, the next one above decides."""
        if "own" not in step.notes or self.rule["own_request"] != "above":
            return False
        self._climb(step, self.people["managers"])
        self._stand_in(step)
        if step.users and "up" not in step.notes:
            step.notes.append("up")
        return bool(step.users)

    def _fall_back(self, step):
        """Nobody was found: what the rule says then."""
        step.need = 0
        if step.kind == "question" and self.answers is None:
            return
        if self.rule["if_nobody"] == "skip":
            step.state = "skipped"
            return
        if self.rule["if_nobody"] == "refuse":
            step.state = "refused"
            return
        for note in ("owner", "desk"):
            user = self.people["owner" if note == "owner" else "desk_manager"]
            if user and user not in self.own and self._may_decide(user):
                step.users, step.need = [user], 1
                self._stand_in(step)
                if step.users:
                    step.notes.append(note)
                    return
        step.state = "nobody"


def holds(cond, answers, types):
    """Whether a condition on clean answers holds; no condition always does.

    :param dict types: question id -> type of question, as forms have it
    """

    def read(leaf):
        question = leaf.get("question")
        return types.get(question, form_conditions.UNKNOWN), answers.get(question)

    return form_conditions.holds(cond or None, read)


def number(value):
    """A number from a clean answer (number or text), or ``None``."""
    if isinstance(value, bool) or value in (None, ""):
        return None
    try:
        found = float(value)
    except (TypeError, ValueError):
        return None
    return found if math.isfinite(found) else None
