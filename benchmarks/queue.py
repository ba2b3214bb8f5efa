"""What the screens of the desk cost as tickets pile up.

10 thousand, 100 thousand and 1 million tickets (rows made by SQL), of which as many are
open as 200 people can have at work: what grows is the history. The same screens of the
published helpdesk of the OCA stand beside them, over as many of its tickets, filled
alike. Each is asked for as its view does, by an agent or a requester, with the record
rules applied. Last: what the scheduler of promises asks for.
"""

import random
import statistics
import time

TITLE = "Screens of the desk"
MODULES = ("spoc_helpdesk", "helpdesk_mgmt")
SIZES = (10_000, 100_000, 1_000_000)
OPEN = 3000
DESKS, AGENTS, REQUESTERS = 20, 200, 2000
ROUNDS = 40
SEED = 19
GROWTH = 1.3
SCREENS = ("queue", "board of stages", "search", "portal")
WORDS = "printer,laptop,badge,invoice,contract,phone,monitor,licence,mailbox".split(",")


def arguments(parser):
    """Sizes to measure at."""
    parser.add_argument(
        "--sizes",
        type=lambda text: tuple(int(size) for size in text.split(",")),
        default=SIZES,
        help="numbers of tickets, separated by commas",
    )


def given(options, _logs, _ensure):
    return {"sizes": list(options.sizes)}


def measure(env, given):
    """Times of every screen at every size: a dictionary for JSON."""
    company = Company(env)
    sides = [Ours(env, company), Theirs(env, company)]
    figures, scheduler = [], []
    for size in given["sizes"]:
        for side in sides:
            side.grow(size)
            env.cr.commit()
            env.cr.execute("ANALYZE")
            env.cr.commit()
        screens = [
            (side.name, name, run)
            for side in sides
            for name, run in side.screens().items()
        ]
        figures += _timed(env, size, screens)
        scheduler.append({"size": size, **sides[0].scheduler()})
    return {
        "title": TITLE,
        "sizes": given["sizes"],
        "figures": figures,
        "scheduler": scheduler,
    }


def _timed(env, size, screens):
    """Each screen a number of times, in turn."""
    chance = random.Random(SEED)
    spent = {(side, name): [] for side, name, _run in screens}
    for turn in range(-2, ROUNDS):
        chance.shuffle(screens)
        for side, name, run in screens:
            env.invalidate_all()
            started = time.perf_counter()
            run(turn + 2)
            if turn >= 0:
                spent[side, name].append(time.perf_counter() - started)
            env.cr.rollback()
    return [
        {
            "size": size,
            "side": side,
            "screen": name,
            "p50": statistics.median(times),
            "p95": statistics.quantiles(times, n=20)[-1],
        }
        for (side, name), times in spent.items()
    ]


class Company:
    """People both sides work for."""

    def __init__(self, env):
        users = env["res.users"].with_context(no_reset_password=True)
        self.agents = users.create(
            [
                {
                    "name": f"Bench agent {number}",
                    "login": f"bench-agent-{number}",
                    "group_ids": [(6, 0, env.ref("base.group_user").ids)],
                }
                for number in range(AGENTS)
            ]
        )
        self.requester = users.create(
            {
                "name": "Bench requester",
                "login": "bench-requester",
                "group_ids": [(6, 0, env.ref("base.group_portal").ids)],
            }
        )
        partners = env["res.partner"].create(
            [{"name": f"Bench person {number}"} for number in range(REQUESTERS)]
        )
        self.people = [self.requester.partner_id.id, *partners.ids]


class Side:
    """Tickets of one helpdesk: how they are made, and its screens."""

    def __init__(self, env, company):
        self.env, self.company, self.size = env, company, 0
        self.agent = company.agents[0]
        self.prepare()
        env.cr.commit()

    def copies(self, record, count, **columns):
        """Rows like that of ``record``; ``columns`` are SQL over ``n``, a number."""
        table = record._table
        self.env.cr.execute(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_name = %s AND is_generated = 'NEVER'",
            [table],
        )
        kept = [c for (c,) in self.env.cr.fetchall() if c != "id" and c not in columns]
        self.env.cr.execute(
            f"INSERT INTO {table} ({', '.join([*kept, *columns])})"
            f" SELECT {', '.join(f'model.{c}' for c in kept)},"
            f" {', '.join(columns.values())}"
            f" FROM generate_series({self.size}, {self.size + count - 1}) n,"
            f" {table} model WHERE model.id = {record.id}"
        )

    def spec(self, model, kind, view_id=None):
        """What a view reads of each record."""
        # Known inside Odoo only; the launcher reads this file without it.
        from lxml import etree

        model = self.env[model].with_user(self.agent)
        arch = etree.fromstring(model.get_view(view_id, kind)["arch"])
        found = {}
        for node in arch.iter("field"):
            field = model._fields.get(node.get("name"))
            if field is None or node.xpath("ancestor::field"):
                continue
            named = {"fields": {"display_name": {}}} if field.relational else {}
            found[field.name] = named
        return found

    def read_list(self, model, spec, domain, order):
        """The first page of a list."""
        records = self.env[model].with_user(self.agent)
        got = records.web_search_read(
            domain, spec, limit=80, order=order, count_limit=10001
        )
        assert got["records"] or domain == [("id", "=", 0)], (model, domain)

    def read_board(self, model, spec, domain, stage):
        """The first page of a kanban board by stage."""
        records = self.env[model].with_user(self.agent)
        got = records.web_read_group(
            domain,
            [stage],
            ["__count"],
            auto_unfold=True,
            unfold_read_specification=spec,
            unfold_read_default_limit=40,
        )
        assert got["groups"], (model, domain)


def _words(number="n"):
    listed = ", ".join(f"'{word}'" for word in WORDS)
    return f"(ARRAY[{listed}])[1 + {number} % {len(WORDS)}]"


class Ours(Side):
    """Tickets of this suite."""

    name = "spoc"

    def prepare(self):
        env, agents = self.env, self.company.agents
        agents.group_ids += env.ref("spoc_catalog.group_agent")
        self.desks = env["spoc.desk"].create(
            [
                {
                    "name": f"Bench desk {number}",
                    "code": f"BQ{number}",
                    "member_ids": [(6, 0, agents[number::DESKS].ids)],
                }
                for number in range(DESKS)
            ]
        )
        self.model = env["spoc.ticket"].create(
            {
                "name": "Bench model",
                "desk_id": self.desks[0].id,
                "requester_id": self.company.people[1],
            }
        )
        stage = env["spoc.stage"]._spoc_first
        self.open_stage, self.closed_stage = (
            stage(state, self.desks[0].id) for state in ("in_progress", "closed")
        )
        env.flush_all()

    def grow(self, size):
        rest = size - self.size
        people, agents = self.company.people, self.company.agents.ids
        # An agent belongs to the desk whose number is theirs, over and over.
        desks = f"{_array(self.desks.ids)}[1 + n % {DESKS}]"
        owners = f"{_array(agents)}[1 + n % {AGENTS}]"
        live = f"n < {OPEN}"
        before = self._last("spoc_ticket")
        for table in ("spoc_ticket", "spoc_ownership", "spoc_clock"):
            self.env.cr.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        self.copies(
            self.model,
            rest,
            number="'BQ-' || lpad(n::text, 7, '0')",
            name=f"{_words()} || ' ' || lpad(n::text, 7, '0') || ' does not work'",
            desk_id=desks,
            owner_id=owners,
            requester_id=f"{_array(people)}[1 + n % {len(people)}]",
            stage_id=f"CASE WHEN {live} THEN {self.open_stage}"
            f" ELSE {self.closed_stage} END",
            state=f"CASE WHEN {live} THEN 'in_progress' ELSE 'closed' END",
            next_due=f"CASE WHEN {live} THEN now() at time zone 'UTC'"
            " + (n % 997) * interval '7 minutes' END",
            priority="(n % 4)::text",
            access_token="md5(n::text)",
            create_date="now() at time zone 'UTC' - n * interval '31 seconds'",
            mail_ref="NULL",
        )
        self._books(before)
        for table in ("spoc_ticket", "spoc_ownership", "spoc_clock"):
            self.env.cr.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        self.size = size

    def _last(self, table):
        self.env.cr.execute(f"SELECT max(id) FROM {table}")
        return self.env.cr.fetchone()[0] or 0

    def _books(self, before):
        """The ledger and a clock of each new ticket."""
        self.env.cr.execute(
            "INSERT INTO spoc_ownership (ticket_id, role, desk_id, user_id, start)"
            " SELECT id, 'accountable', desk_id, owner_id, create_date"
            " FROM spoc_ticket WHERE id > %s",
            [before],
        )
        self.env.cr.execute(
            "INSERT INTO spoc_clock (ticket_id, kind, seconds, basis, started_at, due,"
            " state, desk_id) SELECT id, 'resolution', 57600, '', create_date,"
            " COALESCE(next_due, create_date + interval '1 day'),"
            " CASE WHEN state = 'closed' THEN 'met' ELSE 'running' END, desk_id"
            " FROM spoc_ticket WHERE id > %s",
            [before],
        )

    def screens(self):
        listed = self.spec("spoc.ticket", "list")
        cards = self.spec("spoc.ticket", "kanban")
        mine = [
            ("desk_id.member_ids", "in", self.agent.ids),
            ("state", "not in", ("closed", "cancelled")),
        ]
        order = "next_due, priority desc, id"
        return {
            "queue": lambda n: self.read_list("spoc.ticket", listed, mine, order),
            "board of stages": lambda n: self.read_board(
                "spoc.ticket", cards, mine, "stage_id"
            ),
            "search": lambda n: self.read_list(
                "spoc.ticket",
                listed,
                [
                    "|",
                    ("number", "ilike", f"{n * DESKS:07d}"),
                    ("name", "ilike", f"{n * DESKS:07d}"),
                ],
                None,
            ),
            "portal": self._portal,
        }

    def _portal(self, number):
        tickets = self.env["spoc.ticket"].with_user(self.company.requester)
        domain = tickets._spoc_requester_domain()
        assert tickets.search_count(domain)
        page = tickets.search(domain, limit=20, order="create_date desc, id desc")
        page.mapped("name"), page.mapped("stage_id.name")

    def scheduler(self):
        """What finding the promises due costs, by the plan of PostgreSQL."""
        self.env.cr.execute(
            "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT id FROM spoc_clock"
            " WHERE state = 'running' AND due <= now() at time zone 'UTC'"
            " ORDER BY due, id LIMIT 100"
        )
        plan = self.env.cr.fetchone()[0][0]["Plan"]
        self.env.cr.rollback()
        return {
            "rows": plan["Actual Rows"],
            "pages": plan["Shared Hit Blocks"] + plan["Shared Read Blocks"],
        }


class Theirs(Side):
    """Tickets of the OCA's helpdesk."""

    name = "oca"

    def prepare(self):
        env, agents = self.env, self.company.agents
        agents.group_ids += env.ref("helpdesk_mgmt.group_helpdesk_user_team")
        self.teams = env["helpdesk.ticket.team"].create(
            [
                {
                    "name": f"Bench team {number}",
                    "user_ids": [(6, 0, agents[number::DESKS].ids)],
                }
                for number in range(DESKS)
            ]
        )
        self.model = env["helpdesk.ticket"].create(
            {
                "name": "Bench model",
                "description": "x",
                "team_id": self.teams[0].id,
                "partner_id": self.company.people[1],
            }
        )
        stages = env["helpdesk.ticket.stage"]
        self.open_stage = stages.search([("closed", "=", False)], limit=1).id
        self.closed_stage = stages.search([("closed", "=", True)], limit=1).id
        env.flush_all()

    def grow(self, size):
        people, agents = self.company.people, self.company.agents.ids
        live = f"n < {OPEN}"
        self.copies(
            self.model,
            size - self.size,
            number="'BQ-' || lpad(n::text, 7, '0')",
            name=f"{_words()} || ' ' || lpad(n::text, 7, '0') || ' does not work'",
            team_id=f"{_array(self.teams.ids)}[1 + n % {DESKS}]",
            user_id=f"{_array(agents)}[1 + n % {AGENTS}]",
            partner_id=f"{_array(people)}[1 + n % {len(people)}]",
            stage_id=f"CASE WHEN {live} THEN {self.open_stage}"
            f" ELSE {self.closed_stage} END",
            priority="(n % 4)::text",
            access_token="md5(n::text)",
            create_date="now() at time zone 'UTC' - n * interval '31 seconds'",
        )
        self.size = size

    def screens(self):
        listed = self.spec("helpdesk.ticket", "list")
        cards = self.spec("helpdesk.ticket", "kanban")
        mine = [("team_id.user_ids", "in", self.agent.ids), ("closed", "=", False)]
        return {
            "queue": lambda n: self.read_list("helpdesk.ticket", listed, mine, None),
            "board of stages": lambda n: self.read_board(
                "helpdesk.ticket", cards, mine, "stage_id"
            ),
            "search": lambda n: self.read_list(
                "helpdesk.ticket",
                listed,
                [
                    "|",
                    ("number", "ilike", f"{n * DESKS:07d}"),
                    ("name", "ilike", f"{n * DESKS:07d}"),
                ],
                None,
            ),
            "portal": self._portal,
        }

    def _portal(self, number):
        tickets = self.env["helpdesk.ticket"].with_user(self.company.requester)
        partner = self.company.requester.partner_id.commercial_partner_id
        domain = [("partner_id", "child_of", partner.id)]
        assert tickets.search_count(domain)
        page = tickets.search(domain, limit=20, order="create_date desc")
        page.mapped("name"), page.mapped("stage_id.name")


def _array(ids):
    return f"(ARRAY[{', '.join(map(str, ids))}])"


# ---- told ----


def _by_place(result):
    return {
        (one["size"], one["side"], one["screen"]): one["p95"]
        for one in result["figures"]
    }


def table(result):
    """The figures as text."""
    p95 = _by_place(result)
    screens = list(dict.fromkeys(one["screen"] for one in result["figures"]))
    sides = list(dict.fromkeys(one["side"] for one in result["figures"]))
    heads = [f"{size:>9,}" for size in result["sizes"]]
    yield "p95 in ms      " + "  ".join(heads) + "   growth"
    for screen in screens:
        for side in sides:
            times = [p95.get((size, side, screen)) for size in result["sizes"]]
            if None in times:
                continue
            cells = "  ".join(f"{1000 * spent:9.1f}" for spent in times)
            yield f"{screen[:10]:10} {side:4} {cells}   {times[-1] / times[0]:.2f}"
    for one in result["scheduler"]:
        yield f"scheduler at {one['size']:,}: {one['rows']} due, {one['pages']} pages"


def over(result):
    """Bars that are missed."""
    p95, sizes = _by_place(result), result["sizes"]
    for screen in dict.fromkeys(one["screen"] for one in result["figures"]):
        first, last = (p95[size, "spoc", screen] for size in (sizes[0], sizes[-1]))
        if last > GROWTH * first:
            yield f"over the bar: {screen} grows {last / first:.2f} x (bar {GROWTH})"
        theirs = p95.get((sizes[-1], "oca", screen))
        if theirs and last > theirs:
            yield f"over the bar: {screen} takes {last / theirs:.2f} x of the OCA's"
