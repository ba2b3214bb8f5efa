"""Random request forms and answers, the same for the same seed; JSON-able.

Made to be wrong in as many ways as right: loops of conditions, forged ids, odd types,
limits that contradict each other.
"""

from ..form_conditions import OPERATORS
from ..form_sheet import ROW_TYPES, TYPES

PERSON = {
    "employee": True,
    "manager": False,
    "company": 1,
    "departments": [4, 9],
    "job": False,
    "country": "SE",
    "since": "2020-05-01",
    "tags": [],
}
FIELDS = [*PERSON, "nothing"]
TEXTS = [
    "",
    " ",
    "x",
    "abc",
    "ABC",
    " a \r\n b ",
    "line\nline",
    "Straße",
    "STRASSE",
    "ΟΔΟΣ",
    "οδός",
    "İstanbul",
    "e\u0301t\u00e9",
    "\u00a0nbsp\u2003wide\u3000",
    "\x00\x1f\x7f\x85",
    "zero\u200bwidth\ufeff",
    "😀😀😀",
    "\ud800",
    "<script>alert(1)</script>",
    "ab-12",
    "12",
    "007",
    "x" * 300,
    "😀" * 501,
    "y" * 1001,
]
NUMBERS = [
    0,
    -0.0,
    1,
    5,
    5.0,
    5.5,
    -3,
    0.1,
    1e-7,
    1.5e-9,
    1e-12,
    1e14,
    999999999999999,
    1e15,
    10**18,
    1e300,
    "0",
    "-0",
    "00012",
    "1,5",
    "1.50",
    "1 000",
    "1\u202f000,25",
    "1 00",
    "1,000.5",
    ".5",
    "5.",
    ".",
    "+7",
    "\u22127",
    "1e3",
    "0x10",
    "١٢",
    "NaN",
    "999999999999999",
    "1000000000000000",
    "0.1234567891",
    "0" * 80,
]
DAYS = [
    "2026-11-24",
    " 2026-11-24 ",
    "2024-02-29",
    "2023-02-29",
    "1900-02-29",
    "2000-02-29",
    "2026-13-01",
    "2026-00-10",
    "0000-01-01",
    "0001-01-01",
    "9999-12-31",
    "24.11.2026",
    "2026-1-2",
    "2026-11-24T15:00",
    "2026-11-24 15:00",
    "2026-11-24T15:00:59.123",
    "2026-11-24T24:00",
    "2026-11-24T15:00Z",
    "2026-11-25T00:00",
]
CONTACTS = [
    "ann@firm.example",
    "Ann.Lee+x@mail.firm.example",
    "ann@firm",
    "ann@@firm.example",
    ".ann@firm.example",
    "a..b@firm.example",
    "анна@почта.example",
    "ann@-firm.example",
    "+46 8 123 45 67",
    "(08) 123-45",
    "08\u2013123",
    "12",
    "1" * 16,
    "call me",
    "https://wiki/page?x=1#y",
    "HTTP://Firm.example:8080/a b",
    "http://firm.example:8080",
    "firm.example/path",
    "firm.example:8080/x",
    "wiki",
    "javascript:alert(1)",
    "javascript:1",
    "data:text/html,x",
    "ftp://firm.example",
    "https://a@b.example",
    "https://",
    "//firm.example",
]
ODD = [None, False, True, [], {}, [None], [[]], ["x"], {"a": 1}, [{}], [{"a": []}]]
NAMES = [
    "a.png",
    "A.PDF",
    "virus.exe",
    "virus.exe. .",
    "a/b\\c.txt",
    "..",
    " ",
    "",
    "cod\u202egnp.exe",
    "noextension",
    "x" * 250 + ".pdf",
    "x" * 250,
    "😀" * 210 + ".png",
    ".hidden",
    "a. exe",
    5,
    None,
]
PATTERNS = [
    "[a-z]+",
    "^[A-Z]{2}-\\d{2,4}$",
    "(a+)+",
    "\\w+(-\\d+)?",
    "a|b|",
    ".*",
    "[^\\s]*",
    "(",
    "\\b",
    "(?=x)",
    "x{400}",
    "[]",
    "😀{3}",
    "[а-яё ]+",
    "\\$",
    "a$",
]
PIECES = list("abcx12 .-|()[]^$?*+{},\\") + [
    "\\d",
    "\\w",
    "\\S",
    "{2}",
    "[a-c]",
    "(?:",
    "ж",
]


class FormMaker:
    """Makes forms and answers.

    :param rng: ``random.Random``
    """

    def __init__(self, rng):
        self.rng = rng
        self.pick = rng.choice

    def case(self):
        """``{"form", "answers", "person", "allowed"}``"""
        questions = [
            self.question(number) for number in range(1, self.rng.randint(2, 9))
        ]
        form = {"id": 1, "version": 1, "name": "Form", "questions": questions}
        answers = {
            str(question["id"]): self.answer(question)
            for question in questions
            if self.rng.random() < 0.85
        }
        if self.rng.random() < 0.1:
            answers["999"] = "forged"
        allowed = self.pick([None, None, {}, self.allowed(questions)])
        person = self.pick([None, {}, PERSON, PERSON])
        return {"form": form, "answers": answers, "person": person, "allowed": allowed}

    def allowed(self, questions):
        return {
            str(question["id"]): self.pick([[], [1, 2, 3], [2**31 - 1, 5]])
            for question in questions
            if self.rng.random() < 0.8
        }

    # ---- questions ----

    def question(self, number, types=TYPES):
        kind = self.pick(types)
        question = {"id": number, "type": kind, "label": f"Question {number}"}
        self._maybe(question, "required", lambda: True)
        self._maybe(question, "show_if", self.condition, 0.35)
        self._maybe(question, "required_if", self.condition, 0.2)
        for names, values in (
            (("max_length", "min_length"), [0, 1, 3, 10, 600, 10**6]),
            (("min", "max"), [0, 5, -2.5, "1.5", "x", *DAYS[:4], "2026-11-24T12:00"]),
            (("min_choices", "max_choices"), [0, 1, 2, 3]),
            (("min_rows", "max_rows", "max_files"), [0, 1, 2, 3, 1000]),
            (("digits",), [0, 2, 9, 12, "2"]),
            (("max_mb",), [0, 0.5, 1, 1000]),
            (("extensions",), [[], ["pdf", "PNG"], "pdf, .png", "exe"]),
            (("pattern",), [*PATTERNS, self.pattern()]),
        ):
            for name in names:
                self._maybe(question, name, lambda values=values: self.pick(values))
        if kind in ("choice", "multi_choice"):
            question["options"] = [
                self.option(number * 10 + place)
                for place in range(self.rng.randint(0, 4))
            ]
        if kind == "rows":
            question["questions"] = [
                self.question(100 + number * 10 + place, ROW_TYPES)
                for place in range(self.rng.randint(0, 3))
            ]
        return question

    def _maybe(self, question, name, make, chance=0.25):
        if self.rng.random() < chance:
            question[name] = make()

    def pattern(self):
        return "".join(self.pick(PIECES) for _n in range(self.rng.randint(1, 6)))

    def option(self, number):
        option = {"id": number, "label": f"Option {number}"}
        self._maybe(option, "show_if", self.condition, 0.3)
        return option

    def condition(self, depth=0):
        chance = self.rng.random()
        if chance < 0.25 and depth < 3:
            parts = [self.condition(depth + 1) for _n in range(self.rng.randint(0, 3))]
            return {self.pick(["all", "any"]): parts}
        if chance < 0.28:
            return self.pick([None, "x", {}, {"all": "x"}, {"op": "is"}])
        leaf = {"op": self.pick([*OPERATORS, "is", "answered", "odd"])}
        if chance < 0.4:
            leaf["person"] = self.pick(FIELDS)
        else:
            leaf["question"] = self.pick([1, 2, 3, 4, 5, "2", 110, 111, 120, 130, 999])
        values = [True, False, "yes", 10, 11, 20, 21, 30, 1, 4, "SE", "ab"]
        leaf["value"] = self.pick([*values, self.raw(), [self.pick(values), 5], []])
        return leaf

    # ---- answers ----

    def raw(self):
        return self.pick(self.pick([TEXTS, NUMBERS, DAYS, CONTACTS, ODD]))

    def answer(self, question):
        """Something that is often of the right kind."""
        kind = question["type"]
        if self.rng.random() < 0.15:
            return self.raw()
        if kind in ("choice", "multi_choice"):
            ids = [option["id"] for option in question["options"]] + [1]
            if kind == "choice":
                return self.pick([*ids, str(ids[0])])
            return [
                self.pick([*ids, str(ids[0])]) for _n in range(self.rng.randint(0, 4))
            ]
        if kind == "rows":
            return [
                {str(sub["id"]): self.answer(sub) for sub in question["questions"]}
                if self.rng.random() < 0.8
                else self.pick([{}, None, {"999": 1}])
                for _n in range(self.rng.randint(0, 4))
            ]
        if kind == "file":
            return [self.file() for _n in range(self.rng.randint(0, 3))]
        if kind == "date_range":
            ends = (self.pick(DAYS[:6]), self.pick(DAYS[:6]))
            return self.pick(
                [list(ends), {"from": ends[0], "to": ends[1]}, {"to": ends[1]}]
            )
        if kind == "boolean":
            return self.pick([True, False, "yes", "No", "1", 0, "maybe"])
        if kind in ("integer", "decimal", "money"):
            return self.pick(NUMBERS)
        if kind in ("date", "datetime"):
            return self.pick(DAYS)
        if kind in ("email", "phone", "url"):
            return self.pick(CONTACTS)
        if kind in ("person", "department", "location", "record"):
            return self.pick([1, "2", 5, 0, -1, 2**31, "x", 2**31 - 1])
        return self.pick(TEXTS)

    def file(self):
        sizes = [0, 10, 10**6, 2 * 10**6, 10**9, -1, "10", None]
        return {"name": self.pick(NAMES), "size": self.pick(sizes), "kept": 1}
