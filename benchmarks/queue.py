"""What the screens of the desk cost as tickets pile up.

10 thousand, 100 thousand and 1 million tickets, a database each, asked in turn within
one process. The same screens of the published helpdesk of the OCA stand beside them,
over as many of its tickets, filled alike. Each is asked for as a browser does, through
Odoo's own application, by an agent, the manager or a requester, with the record rules
applied; the time is that of the server. Last: what the scheduler of promises asks for.
"""

import gc
import random
import statistics
from dataclasses import dataclass

from benchmarks import queue_tickets as tickets

TITLE = "Screens of the desk"
MODULES = ("spoc_helpdesk", "helpdesk_mgmt")
SIZES = (10_000, 100_000, 1_000_000)
ROUNDS = 40
SEED = 19
GROWTH = 1.3
#: Pages the scheduler may read for each promise due.
PAGES_DUE = 4


def arguments(parser):
    """Sizes to measure at."""
    parser.add_argument(
        "--sizes",
        type=lambda text: tuple(int(size) for size in text.split(",")),
        default=SIZES,
        help="numbers of tickets, separated by commas",
    )
    parser.add_argument(
        "--keep",
        action="store_true",
        help="keep the databases, and go on with those that were kept",
    )


def parts(options):
    """A database for each size."""
    return [str(size) for size in options.sizes]


def given(options, _logs, _ensure):
    return {"sizes": list(options.sizes)}


def measure(env, given):
    """Times of every screen at every size: a dictionary for JSON."""
    # Known inside Odoo only; the launcher reads this file without it.
    from odoo import SUPERUSER_ID, api
    from odoo.modules.registry import Registry
    from odoo.tools import config

    config["db_name"] = given["databases"]
    screens, scheduler = [], []
    for size, name in zip(given["sizes"], given["databases"], strict=True):
        with Registry(name).cursor() as cr:
            here = api.Environment(cr, SUPERUSER_ID, {})
            tickets.fill(here, size)
            screens += _screens(here, size)
            scheduler.append({"size": size, **_scheduler(cr)})
    return {
        "title": TITLE,
        "sizes": given["sizes"],
        "figures": _timed(screens),
        "scheduler": scheduler,
    }


def _timed(screens):
    """Each screen a number of times, in turn, so that all have the same machine."""
    chance = random.Random(SEED)
    spent = {place: [] for place, _ask in screens}
    asked = {}
    for turn in range(-2, ROUNDS):
        chance.shuffle(screens)
        gc.collect()
        for place, ask in screens:
            told = ask(turn + 2)
            if turn >= 0:
                spent[place].append(told.seconds)
                asked[place] = told.queries
    return [
        {
            "size": size,
            "side": side,
            "screen": name,
            "p50": statistics.median(times),
            "p95": statistics.quantiles(times, n=20)[-1],
            "queries": asked[size, side, name],
        }
        for (size, side, name), times in spent.items()
    ]


# ---- what is asked ----


@dataclass
class Side:
    """One helpdesk: where its screens look."""

    name: str
    model: str
    #: Fields of desk and agent.
    desk: str
    members: str
    #: What is open, and as its list is sorted.
    open: list
    order: str
    #: What every list is limited to.
    inner: list
    #: Page and counter of the portal.
    page: str
    counter: str

    def mine(self, uid):
        """Open tickets of the agent's desks."""
        return [*self.inner, (f"{self.desk}.{self.members}", "in", [uid]), *self.open]

    def found(self, text):
        """Tickets by what is typed into the search box."""
        return [*self.inner, "|", ("name", "ilike", text), ("number", "ilike", text)]


OURS = Side(
    name="spoc",
    model="spoc.ticket",
    desk="desk_id",
    members="member_ids",
    open=[("state", "in", ("new", "in_progress", "waiting"))],
    order="broken_since, next_due, priority desc, id",
    inner=[("is_inner", "=", True)],
    page="/my/requests",
    counter="spoc_request_count",
)
THEIRS = Side(
    name="oca",
    model="helpdesk.ticket",
    desk="team_id",
    members="user_ids",
    open=[("closed", "=", False)],
    order="",
    inner=[],
    page="/my/tickets",
    counter="ticket_count",
)


class Screens:
    """The screens of one side, as functions of a number that give what was told.

    :param people: browsers by login
    """

    def __init__(self, env, side, people):
        self.env, self.side, self.people = env, side, people
        self.agent = people[tickets.AGENT]
        self.mine = side.mine(self.agent.uid)
        self.listed, self.cards = self.spec("list"), self.spec("kanban")
        # Tickets of the agent's desk that have words on them.
        desk = env[side.model].search([("number", "=", "BQ-0000000")])[side.desk]
        talked = [("message_ids.message_type", "=", "comment")]
        self.talked = (
            env[side.model].search([(side.desk, "=", desk.id), *talked], limit=50).ids
        )

    def every(self):
        """Name of each screen, and what asks for it."""
        return {
            "queue": lambda n: self.list(self.mine, self.side.order),
            "stages": lambda n: self.board(self.mine, "stage_id"),
            "search": lambda n: self.list(self.side.found(f"{n * tickets.DESKS:07d}")),
            "manager": lambda n: self.manager(),
            "words": lambda n: self.words(n),
            "portal": lambda n: self.people[tickets.REQUESTER].get(self.side.page),
            "counter": lambda n: self.counter(),
        }

    def spec(self, kind):
        """What a view reads of each record."""
        from lxml import etree

        model = self.env[self.side.model].with_user(self.agent.uid)
        arch = etree.fromstring(model.get_view(None, kind)["arch"])
        found = {}
        for node in arch.iter("field"):
            field = model._fields.get(node.get("name"))
            if field is None or node.xpath("ancestor::field"):
                continue
            named = {"fields": {"display_name": {}}} if field.relational else {}
            found[field.name] = named
        return found

    def ask(self, method, login=tickets.AGENT, model=None, **kwargs):
        """Call a method as a view does; what it gave."""
        model = model or self.side.model
        return self.people[login].call(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": [], "kwargs": kwargs},
        )

    def list(self, domain, order=""):
        """The first page of a list."""
        got = self.ask(
            "web_search_read",
            domain=domain,
            specification=self.listed,
            limit=80,
            order=order,
            count_limit=10001,
        )
        assert got["records"], domain
        return self.agent.told

    def board(self, domain, stage):
        """The first page of a kanban board by stage."""
        got = self.ask(
            "web_read_group",
            domain=domain,
            groupby=[stage],
            aggregates=["__count"],
            auto_unfold=True,
            unfold_read_specification=self.cards,
            unfold_read_default_limit=40,
        )
        assert any(group.get("__records") for group in got["groups"]), domain
        return self.agent.told

    def manager(self):
        """How much is open, and with whom, at all desks."""
        if self.side is OURS:
            got = self.ask("get_board", tickets.MANAGER, "spoc.board")["agents"]
        else:
            names = ("", "_unassigned", "_unattended", "_high_priority")
            got = self.ask(
                "web_search_read",
                tickets.MANAGER,
                "helpdesk.ticket.team",
                domain=[],
                limit=40,
                specification={
                    "name": {},
                    **{f"todo_ticket_count{name}": {} for name in names},
                },
            )["records"]
        assert len(got) >= tickets.DESKS
        return self.people[tickets.MANAGER].told

    def words(self, number):
        """The conversation beside a ticket."""
        got = self.agent.call(
            "/mail/thread/messages",
            {
                "thread_model": self.side.model,
                "thread_id": self.talked[number % len(self.talked)],
                "fetch_params": {"limit": 30},
            },
        )
        assert len(got["messages"]) == 2, got
        return self.agent.told

    def counter(self):
        """The number on the portal's first page."""
        browser = self.people[tickets.REQUESTER]
        got = browser.call("/my/counters", {"counters": [self.side.counter]})
        assert got[self.side.counter], got
        return browser.told


def _screens(env, size):
    """All screens at one size: list of place and what asks."""
    from benchmarks.catalog import Browser

    logins = (tickets.AGENT, tickets.MANAGER, tickets.REQUESTER)
    people = {login: Browser(env, login) for login in logins}
    return [
        ((size, side.name, name), ask)
        for side in (OURS, THEIRS)
        for name, ask in Screens(env, side, people).every().items()
    ]


def _scheduler(cr):
    """What finding the promises due costs, by the plan of PostgreSQL."""
    cr.execute(
        "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT id FROM spoc_clock"
        " WHERE state = 'running' AND due <= now() at time zone 'UTC'"
        " ORDER BY due, id LIMIT 100"
    )
    plan = cr.fetchone()[0][0]["Plan"]
    return {
        "rows": plan["Actual Rows"],
        "pages": plan["Shared Hit Blocks"] + plan["Shared Read Blocks"],
    }


# ---- told ----


def _by_place(result):
    return {(one["size"], one["side"], one["screen"]): one for one in result["figures"]}


def _names(result, what):
    return list(dict.fromkeys(one[what] for one in result["figures"]))


def table(result):
    """The figures as text."""
    found = _by_place(result)
    heads = [f"{size:>9,}" for size in result["sizes"]]
    yield "p95 in ms      " + "  ".join(heads) + "   growth  queries"
    for screen in sorted(_names(result, "screen")):
        for side in (OURS.name, THEIRS.name):
            ones = [found[size, side, screen] for size in result["sizes"]]
            cells = "  ".join(f"{1000 * one['p95']:9.1f}" for one in ones)
            growth = ones[-1]["p95"] / ones[0]["p95"]
            asked = ones[-1]["queries"]
            yield f"{screen:10} {side:4} {cells}   {growth:6.2f}  {asked:7}"
    for one in result["scheduler"]:
        yield f"scheduler at {one['size']:,}: {one['rows']} due, {one['pages']} pages"


def over(result):
    """Bars that are missed."""
    found, sizes = _by_place(result), result["sizes"]
    for screen in _names(result, "screen"):
        first, last = (
            found[size, OURS.name, screen]["p95"] for size in (sizes[0], sizes[-1])
        )
        if last > GROWTH * first:
            yield f"over the bar: {screen} grows {last / first:.2f} x (bar {GROWTH})"
        theirs = found[sizes[-1], THEIRS.name, screen]["p95"]
        if last > theirs:
            yield f"over the bar: {screen} takes {last / theirs:.2f} x of the OCA's"
    for one in result["scheduler"]:
        if one["pages"] > PAGES_DUE * (one["rows"] + 1):
            yield (
                f"over the bar: the scheduler reads {one['pages']} pages for"
                f" {one['rows']} due at {one['size']:,}"
            )
