"""A desk in a rush: many agents at once, over the server's own calls.

Every act that leaves a trace bears a mark of its own, so that afterwards it can be
counted: what a client was told is done is there once, what was cut off at most once.
"""

import itertools
import random
import threading
import time
import urllib.error
from collections import Counter

from tests.support.server import Client, RemoteError

#: Answers that tell a person something: nothing was lost.
SPOKEN = (
    "odoo.exceptions.AccessError",
    "odoo.exceptions.MissingError",
    "odoo.exceptions.UserError",
    "odoo.exceptions.ValidationError",
)
#: Answers that tell that the database server went away in the middle.
BROKEN_OFF = (
    "psycopg2.InterfaceError",
    "psycopg2.OperationalError",
    "psycopg2.errors.AdminShutdown",
    "psycopg2.errors.CannotConnectNow",
    "psycopg2.errors.CrashShutdown",
)
OPEN = ["new", "in_progress", "waiting"]
COMMENT = {"message_type": "comment", "subtype_xmlid": "mail.mt_comment"}
WEIGHTS = {
    "arrive": 30,
    "take_next": 30,
    "reply": 15,
    "take_over": 6,
    "give_back": 6,
    "assign": 5,
    "work": 8,
    "transfer": 4,
    "receive": 6,
    "resolve": 10,
}


class Company:
    """Desks and agents made for a rush.

    :param admin: client of an administrator
    :param int agents: how many
    """

    def __init__(self, admin, agents, name="Rush"):
        self.name, ref = name, admin.ref
        group = ref("spoc_catalog.group_agent")
        self.logins = [f"{name.lower()}-{number}" for number in range(agents)]
        users = admin(
            "res.users",
            "create",
            [
                {
                    "name": f"{name} agent {number}",
                    "login": login,
                    "password": login,
                    "group_ids": [[6, 0, [ref("base.group_user"), group]]],
                }
                for number, login in enumerate(self.logins)
            ],
            context={"no_reset_password": True},
        )
        self.policy = admin(
            "spoc.target.policy",
            "create",
            [
                {
                    "name": name,
                    "target_ids": [
                        [0, 0, {"kind": kind, "hours": hours, "counts": "always"}]
                        for kind, hours in (("response", 0.001), ("resolution", 0.01))
                    ],
                }
            ],
        )[0]
        modes = ("push", "pull", "manual")
        self.desks = admin(
            "spoc.desk",
            "create",
            [
                {
                    "name": f"{name} {mode}",
                    "code": f"{name[:3].upper()}{number}",
                    "member_ids": [[6, 0, users[number :: len(modes)]]],
                    "routing_mode": mode,
                    "target_policy_id": self.policy,
                }
                for number, mode in enumerate(modes)
            ],
        )
        self.requester = admin(
            "res.partner", "create", [{"name": f"{name} requester"}]
        )[0]


class Rush:
    """What agents did and what they were told.

    :ivar Counter told: ``(act, outcome)``; an outcome is ``done``, ``nothing`` (there
        was nothing to do), ``refused`` (a message for a person), ``cut`` (the
        connection broke, of the client or of the database) or ``lost`` (an error no
        person should see)
    :ivar dict marks: act -> outcome -> marks
    :ivar list lost: what was said instead
    """

    def __init__(self, server, company, seed=19):
        self.server, self.company, self.seed = server, company, seed
        self.told, self.marks, self.lost = Counter(), {}, []
        self.taken = Counter()
        self._lock = threading.Lock()
        self._number = itertools.count()
        self._stop = threading.Event()
        self._threads = []

    def start(self):
        for number, login in enumerate(self.company.logins):
            agent = threading.Thread(target=self._agent, args=(login, number))
            agent.start()
            self._threads.append(agent)
        return self

    def stop(self):
        self._stop.set()
        for agent in self._threads:
            agent.join()

    def run(self, seconds):
        """Let the rush go on for so long; what it came to."""
        self.start()
        time.sleep(seconds)
        self.stop()
        return self

    def go_on(self, more=5, seconds=120):
        """Wait until so many more tickets have come in; whether they did."""
        goal = self.told["arrive", "done"] + more
        deadline = time.monotonic() + seconds
        while self.told["arrive", "done"] < goal and time.monotonic() < deadline:
            time.sleep(0.1)
        return self.told["arrive", "done"] >= goal

    # ---- an agent ----

    def _agent(self, login, number):
        chance = random.Random(self.seed * 1000 + number)
        names, weights = list(WEIGHTS), list(WEIGHTS.values())
        client = None
        while not self._stop.is_set():
            act = chance.choices(names, weights)[0]
            mark = f"{self.company.name.lower()}m{next(self._number):06d}x"
            try:
                client = client or Client(self.server, login, login)
                outcome = getattr(self, f"_{act}")(client, chance, mark) or "done"
            except RemoteError as error:
                outcome = "refused" if error.name in SPOKEN else "lost"
                if error.name in BROKEN_OFF:
                    outcome = "cut"
                    time.sleep(0.2)
                elif outcome == "lost":
                    self.lost.append(f"{act}: {error}")
            except (OSError, urllib.error.URLError, ValueError):
                outcome = "cut"
                time.sleep(0.2)
            with self._lock:
                self.told[act, outcome] += 1
                self.marks.setdefault(act, {}).setdefault(outcome, []).append(mark)

    def _mine(self, client, chance):
        found = client(
            "spoc.ticket",
            "search",
            [["owner_id", "=", client.uid], ["state", "in", OPEN]],
            limit=20,
        )
        return chance.choice(found) if found else None

    def _arrive(self, client, chance, mark):
        desks = client("spoc.desk", "search", [["member_ids", "in", client.uid]])
        client(
            "spoc.ticket",
            "create",
            [
                {
                    "name": mark,
                    "desk_id": chance.choice(desks),
                    "requester_id": self.company.requester,
                }
            ],
        )

    def _take_next(self, client, chance, mark):
        action = client("spoc.ticket", "action_take_next", [])
        if not isinstance(action, dict) or not action.get("res_id"):
            return "nothing"
        with self._lock:
            self.taken[action["res_id"], client.uid] += 1

    def _reply(self, client, chance, mark):
        ticket = self._mine(client, chance)
        if not ticket:
            return "nothing"
        client("spoc.ticket", "message_post", [ticket], body=mark, **COMMENT)

    def _take_over(self, client, chance, mark):
        found = client(
            "spoc.ticket",
            "search",
            [
                ["owner_id", "not in", [client.uid, False]],
                ["desk_id.member_ids", "in", client.uid],
                ["state", "in", OPEN],
            ],
            limit=20,
        )
        if not found:
            return "nothing"
        client("spoc.ticket", "action_take_over", [chance.choice(found)])

    def _give_back(self, client, chance, mark):
        ticket = self._mine(client, chance)
        if not ticket:
            return "nothing"
        client("spoc.ticket", "write", [ticket], {"owner_id": False})

    def _assign(self, client, chance, mark):
        ticket = self._mine(client, chance)
        if not ticket:
            return "nothing"
        (own,) = client("spoc.ticket", "read", [ticket], ["desk_id"])
        others = [desk for desk in self.company.desks if desk != own["desk_id"][0]]
        client(
            "spoc.assignment",
            "create",
            [{"ticket_id": ticket, "desk_id": chance.choice(others), "name": mark}],
        )

    def _work(self, client, chance, mark):
        """What is next with a part: accepted, answered, confirmed."""
        found = client(
            "spoc.assignment",
            "search_read",
            [["is_open", "=", True]],
            ["state", "is_line", "is_owner_desk"],
            limit=20,
        )
        chance.shuffle(found)
        for part in found:
            if part["state"] == "offered" and part["is_line"]:
                client("spoc.assignment", "action_accept", [part["id"]])
            elif part["state"] == "accepted" and part["is_line"]:
                client("spoc.assignment", "write", [part["id"]], {"answer": mark})
                client("spoc.assignment", "action_answer", [part["id"]])
            elif part["state"] == "answered" and part["is_owner_desk"]:
                client("spoc.assignment", "action_confirm", [part["id"]])
            else:
                continue
            return None
        return "nothing"

    def _transfer(self, client, chance, mark):
        ticket = self._mine(client, chance)
        if not ticket:
            return "nothing"
        (own,) = client("spoc.ticket", "read", [ticket], ["desk_id"])
        others = [desk for desk in self.company.desks if desk != own["desk_id"][0]]
        values = {
            "ticket_ids": [[6, 0, [ticket]]],
            "desk_id": chance.choice(others),
            "reason": mark,
        }
        (wizard,) = client("spoc.ticket.transfer", "create", [values])
        client("spoc.ticket.transfer", "action_transfer", [wizard])

    def _receive(self, client, chance, mark):
        found = client(
            "spoc.transfer",
            "search",
            [["state", "=", "offered"], ["to_desk_id.member_ids", "in", client.uid]],
            limit=20,
        )
        if not found:
            return "nothing"
        client("spoc.transfer", "action_accept", [chance.choice(found)])

    def _resolve(self, client, chance, mark):
        ticket = self._mine(client, chance)
        if not ticket:
            return "nothing"
        client("spoc.ticket", "write", [ticket], {"resolution": f"<p>{mark}</p>"})
        client("spoc.ticket", "action_resolve", [ticket])

    # ---- afterwards ----

    def unfit(self, ask):
        """What is there more or less often than it was done.

        :param ask: function of a statement and its parameters that returns rows
        :return: list of texts
        """
        found = []
        for act, statement in TRACES.items():
            marks = self.marks.get(act, {})
            every = [mark for some in marks.values() for mark in some]
            seen = Counter(
                mark for (text,) in ask(statement) for mark in every if mark in text
            )
            for outcome, some in marks.items():
                for mark in some:
                    count = seen[mark]
                    if outcome == "done" and count != 1:
                        found.append(f"{act} {mark}: done, {count} times there")
                    elif outcome == "cut" and count > 1:
                        found.append(f"{act} {mark}: cut, {count} times there")
                    elif outcome in ("refused", "lost", "nothing") and count:
                        found.append(f"{act} {mark}: {outcome}, but there")
        return found + self._unfit_takes(ask)

    def _unfit_takes(self, ask):
        # Not the other way round: whoever answers or resolves takes, too.
        rows = ask("SELECT ticket_id, user_id FROM spoc_act WHERE kind = 'take'")
        seen = Counter((ticket, user) for ticket, user in rows)
        return [f"taken, but not written down: {key}" for key in self.taken - seen]


#: Where the marks of an act are found.
TRACES = {
    "arrive": "SELECT name FROM spoc_ticket",
    "reply": "SELECT body FROM mail_message WHERE model = 'spoc.ticket'"
    " AND message_type = 'comment'",
    "assign": "SELECT name FROM spoc_assignment",
    "transfer": "SELECT reason FROM spoc_transfer",
}
