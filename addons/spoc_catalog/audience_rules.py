"""Judges whether a person belongs to an audience, and says which line decides.

Plain Python, no ORM. An audience is the dictionary made by
``spoc.audience._spoc_compile()``::

    {"id": 3, "scope": "employees",
     "lines": [
         {"id": 7, "effect": "allow", "kinds": {"department": [4], "job": [2, 9]}},
         {"id": 8, "effect": "deny", "kinds": {"person": [31]}},
     ]}

How it is read: the scope comes first. With lines that allow, a person has to be in
one of them; a line that denies keeps out whoever is in it, whatever else allows
them. Within a line, several values of one kind are "or", different kinds are "and".

Facts of a person are made by ``spoc.audience._spoc_facts()``::

    {"scopes": ["everyone", "employees"],
     "person": {"person": [31], "group": [1, 9], "contact_tag": []},
     "employments": [{"company": [1], "department": [4, 2], "job": [9],
                      "location": [], "tag": [], "country": [197], "manager": [1]}],
     "desks": [2], "led_desks": []}

``department`` holds the own one and all above it. Somebody employed by two
companies has two employments; the kinds of one line have to meet in one of them.
Whoever has no employment has one that says company and country only. Desks the person
is a member or the manager of are read with the rest and decide no audience.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass

#: Kinds that belong to the person; those of the others meet in one employment.
PERSON_KINDS = ("group", "contact_tag", "person")
#: Kinds an outside customer can never have.
EMPLOYEE_KINDS = ("department", "job", "location", "tag", "manager")


@dataclass
class Verdict:
    """What :func:`judge` thinks.

    :ivar bool belongs: whether the person is in the audience
    :ivar str reason: ``scope`` (not of this scope), ``deny`` (a line keeps them out),
        ``allow`` (a line lets them in), ``none`` (no line lets them in) or ``all``
        (the scope alone decides)
    :ivar line_id: id of the line that decides, or ``None``
    """

    belongs: bool
    reason: str
    line_id: object = None


def judge(audience, facts):
    """Whether the person belongs to the audience, and why.

    :rtype: Verdict
    """
    if audience["scope"] not in facts["scopes"]:
        return Verdict(False, "scope")
    lines = audience["lines"]
    for line in lines:
        if line["effect"] == "deny" and matches(line, facts):
            return Verdict(False, "deny", line["id"])
    allow = [line for line in lines if line["effect"] == "allow"]
    if not allow:
        return Verdict(True, "all")
    for line in allow:
        if matches(line, facts):
            return Verdict(True, "allow", line["id"])
    return Verdict(False, "none")


def takes_customers(audience):
    """Whether outside customers can belong to the audience, as its words tell.

    :rtype: bool
    """
    if audience["scope"] == "employees":
        return False
    allow = [line for line in audience["lines"] if line["effect"] == "allow"]
    return not allow or any(
        not set(line["kinds"]) & set(EMPLOYEE_KINDS) for line in allow
    )


def matches(line, facts):
    """Whether the person is in the line; a line that says nothing holds nobody."""
    kinds = line["kinds"]
    if not kinds:
        return False
    return any(
        all(
            set(values) & set(known.get(kind, ()))
            for kind, values in kinds.items()
            for known in (facts["person"] if kind in PERSON_KINDS else employment,)
        )
        for employment in facts["employments"]
    )


class Index:
    """All audiences arranged by what they name, to tell which of them are somebody's.

    Says of each audience what :func:`judge` says; the cost follows what fits the
    person, not how many audiences there are. Never changes once it is made.
    """

    def __init__(self, audiences):
        """:param list audiences: compiled, see above"""
        self._scopes = {audience["id"]: audience["scope"] for audience in audiences}
        self._whole = defaultdict(set)  # scope -> those that hold all of it
        self._lines = []  # (audience id, effect, how many kinds have to meet)
        self._named = defaultdict(list)  # (kind, value) -> numbers of lines
        for audience in audiences:
            if all(line["effect"] != "allow" for line in audience["lines"]):
                self._whole[audience["scope"]].add(audience["id"])
            for line in audience["lines"]:
                self._add(audience["id"], line)

    def _add(self, audience_id, line):
        kinds = line["kinds"]
        if not kinds:
            return  # A line that says nothing holds nobody.
        for kind, values in kinds.items():
            for value in values:
                self._named[kind, value].append(len(self._lines))
        self._lines.append((audience_id, line["effect"], len(kinds)))

    def belonging(self, facts):
        """Ids of the audiences a person with these facts is in.

        :rtype: frozenset
        """
        held = {"allow": set(), "deny": set()}
        for employment in facts["employments"]:
            met = Counter()
            for kind, values in {**employment, **facts["person"]}.items():
                fitting = (self._named.get((kind, value), ()) for value in values)
                met.update({number for numbers in fitting for number in numbers})
            for number, kinds in met.items():
                audience_id, effect, needed = self._lines[number]
                if kinds == needed:
                    held[effect].add(audience_id)
        scopes = set(facts["scopes"])
        mine = {id_ for id_ in held["allow"] if self._scopes[id_] in scopes}
        for scope in scopes:
            mine |= self._whole.get(scope, set())
        return frozenset(mine - held["deny"])


def judge_any(audiences, facts):
    """The first audience the person belongs to decides; none at all holds everyone.

    :return: ``(audience id or None, Verdict)``, of the last one that refuses if none
        takes the person
    """
    verdict = Verdict(True, "all")
    audience_id = None
    for audience in audiences:
        audience_id, verdict = audience["id"], judge(audience, facts)
        if verdict.belongs:
            break
    return audience_id, verdict
