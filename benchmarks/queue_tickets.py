"""Many tickets, and the company they belong to, by SQL.

As many tickets are open as 200 people can have at work: what grows is the history.
What the screens read beside the tickets is there, too: who answered for them, promises,
acts, figures of those that ended, work of another line for one in ten, words on another
one in ten. The tickets of the other helpdesk are filled alike.
"""

import contextlib

OPEN = 3000
DESKS, AGENTS, REQUESTERS = 20, 200, 2000
#: Of so many tickets one has words on it, and one has work for another line.
TALKED, HELPED = 10, 10
WORDS = "printer,laptop,badge,invoice,contract,phone,monitor,licence,mailbox".split(",")
#: Who signs in; the password is the same word.
AGENT, MANAGER, LINER, REQUESTER = "bench-0", "bench-manager", "bench-1", "bench-asks"

_INDEXES = """
SELECT format('DROP INDEX %%I', c.relname),
       pg_get_indexdef(c.oid) || COALESCE(format('; COMMENT ON INDEX %%I IS %%L',
           c.relname, obj_description(c.oid, 'pg_class')), '')
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE i.indrelid = %(table)s::regclass
  AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = c.oid)
"""
_CONSTRAINTS = """
SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
       format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname,
           pg_get_constraintdef(oid))
FROM pg_constraint WHERE conrelid = %(table)s::regclass AND contype IN ('f', 'x')
"""
_TABLES = (
    "spoc_ticket",
    "spoc_ownership",
    "spoc_clock",
    "spoc_act",
    "spoc_assignment",
    "spoc_ticket_measure",
    "helpdesk_ticket",
    "mail_message",
)


def fill(env, size):
    """A company with so many tickets on each side; what was filled before stays."""
    if env["res.users"].search([("login", "=", AGENT)]):
        return
    company = Company(env)
    with bare(env.cr, _TABLES):
        for side in (ours, theirs):
            side(env, company, size)
    env.cr.commit()
    # What the server does by itself sooner or later.
    env.cr._cnx.autocommit = True
    env.cr.execute("VACUUM ANALYZE")
    env.cr._cnx.autocommit = False


@contextlib.contextmanager
def bare(cr, tables):
    """The tables without indexes, foreign keys and triggers, which come back after."""
    back = []
    for table in tables:
        cr.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for catalogue in (_CONSTRAINTS, _INDEXES):
            cr.execute(catalogue, {"table": table})
            for drop, make in cr.fetchall():
                cr.execute(drop)
                back.append(make)
    yield
    cr.execute("SET LOCAL maintenance_work_mem = '512MB'")
    for make in reversed(back):
        cr.execute(make)
    for table in tables:
        cr.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


class Company:
    """People both sides work for: 10 agents a desk, a manager of all of them."""

    def __init__(self, env):
        inner, portal = env.ref("base.group_user"), env.ref("base.group_portal")
        self.agents = self._users(
            env, inner, [f"bench-{number}" for number in range(AGENTS)]
        )
        self.manager = self._users(env, inner, [MANAGER])
        requester = self._users(env, portal, [REQUESTER])
        for user in (*self.agents[:2], self.manager, requester):
            user.password = user.login
        partners = env["res.partner"].create(
            [{"name": f"Bench person {number}"} for number in range(REQUESTERS)]
        )
        self.people = partners.ids
        self.requester = requester.partner_id.id

    @staticmethod
    def _users(env, group, logins):
        users = env["res.users"].with_context(no_reset_password=True)
        return users.create(
            [
                {"name": login, "login": login, "group_ids": [(6, 0, group.ids)]}
                for login in logins
            ]
        )

    def columns(self, places):
        """What tickets of both sides have, as SQL over ``n``, their number.

        One in 75 of the open ones is the requester's, whatever the size; of the
        history everybody has their share.

        :param places: ids of desks or teams
        :return: dict of ``number``, ``name``, ``place``, ``owner``, ``person``
        """
        people = [self.requester, *self.people]
        return {
            "number": "'BQ-' || lpad(n::text, 7, '0')",
            "name": f"{_array(WORDS)}[1 + n % {len(WORDS)}]"
            " || ' ' || lpad(n::text, 7, '0') || ' does not work'",
            "place": f"{_array(places)}[1 + n % {DESKS}]",
            # An agent belongs to the desk whose number is theirs, over and over.
            "owner": f"{_array(self.agents.ids)}[1 + n % {AGENTS}]",
            "person": f"CASE WHEN n < {OPEN} AND n % 75 = 0 THEN {self.requester}"
            f" ELSE {_array(people)}[1 + n % {len(people)}] END",
        }


def _array(values):
    return f"(ARRAY{list(values)})"


def _copies(env, record, count, **columns):
    """Rows like that of ``record``; ``columns`` are SQL over ``n``, a number."""
    table = record._table
    env.cr.execute(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_name = %s AND is_generated = 'NEVER'",
        [table],
    )
    kept = [c for (c,) in env.cr.fetchall() if c != "id" and c not in columns]
    read = [*(f"model.{column}" for column in kept), *columns.values()]
    env.cr.execute(
        f"INSERT INTO {table} ({', '.join([*kept, *columns])})"
        f" SELECT {', '.join(read)}"
        f" FROM generate_series(0, {count - 1}) n, {table} model"
        f" WHERE model.id = {record.id}"
    )


_BEGAN = "now() at time zone 'UTC' - n * interval '150 seconds'"


# ---- our side ----


def ours(env, company, size):
    """Tickets of this suite: one desk in twenty is confidential."""
    agents = company.agents
    agents.group_ids += env.ref("spoc_catalog.group_agent")
    company.manager.group_ids += env.ref("spoc_catalog.group_manager")
    desks = env["spoc.desk"].create(
        [
            {
                "name": f"Bench desk {number}",
                "code": f"BQ{number}",
                "manager_id": company.manager.id,
                "member_ids": [(6, 0, agents[number::DESKS].ids)],
                "privacy": "confidential" if number == DESKS - 1 else "open",
            }
            for number in range(DESKS)
        ]
    )
    model = env["spoc.ticket"].create(
        {
            "name": "Bench model",
            "desk_id": desks[0].id,
            "requester_id": company.people[0],
        }
    )
    env.flush_all()
    made = company.columns(desks.ids)
    state = (
        f"CASE WHEN n >= {OPEN} THEN 'closed' ELSE (ARRAY['new', 'in_progress',"
        " 'in_progress', 'waiting', 'resolved'])[1 + n / 20 % 5] END"
    )
    first = {
        state: env["spoc.stage"]._spoc_first(state, desks[0].id)
        for state in ("new", "in_progress", "waiting", "resolved", "closed")
    }
    stage = " ".join(f"WHEN '{state}' THEN {id_}" for state, id_ in first.items())
    _copies(
        env,
        model,
        size,
        number=made["number"],
        name=made["name"],
        desk_id=made["place"],
        owner_id=made["owner"],
        requester_id=made["person"],
        requested_for_id=made["person"],
        state=state,
        stage_id=f"CASE {state} {stage} END",
        next_due=f"CASE WHEN n < {OPEN} AND n / 20 % 5 < 3 THEN now() at time zone"
        " 'UTC' + (n % 997) * interval '7 minutes' END",
        broken_since=f"CASE WHEN n < {OPEN} AND n / 20 % 5 < 3 AND n / 20 % 4 = 0"
        " THEN now() at time zone 'UTC' - (n % 499) * interval '9 minutes' END",
        resolved_at=f"CASE WHEN n >= {OPEN} THEN {_BEGAN} + interval '1 hour' END",
        closed_at=f"CASE WHEN n >= {OPEN} THEN {_BEGAN} + interval '3 hours' END",
        priority="(n % 4)::text",
        access_token="md5(n::text)",
        create_date=_BEGAN,
        mail_ref="NULL",
    )
    _books(env, model.id)
    _words(env, "spoc.ticket", model.id, "owner_id", "requester_id")


def _books(env, model_id):
    """What is written down of each ticket: ledger, promise, acts, figures, work."""
    env.cr.execute(
        "INSERT INTO spoc_ownership (ticket_id, role, desk_id, user_id, start)"
        " SELECT id, 'accountable', desk_id, owner_id, create_date"
        " FROM spoc_ticket WHERE id > %s",
        [model_id],
    )
    env.cr.execute(
        "INSERT INTO spoc_clock (ticket_id, kind, seconds, basis, started_at, due,"
        " state, desk_id, kept, ended_at) SELECT id, 'resolution', 57600, '',"
        " create_date, COALESCE(next_due, create_date + interval '1 day'),"
        " CASE WHEN next_due IS NULL THEN 'met' ELSE 'running' END, desk_id,"
        " CASE WHEN next_due IS NULL THEN 100 END, resolved_at"
        " FROM spoc_ticket WHERE id > %s",
        [model_id],
    )
    env.cr.execute(
        "INSERT INTO spoc_act (ticket_id, number, kind, at, user_id, desk_id,"
        " company_id) SELECT id, number, 'take', create_date, owner_id, desk_id,"
        " company_id FROM spoc_ticket WHERE id > %s",
        [model_id],
    )
    env.cr.execute(
        "INSERT INTO spoc_ticket_measure (ticket_id, outcome, is_current, ended_at,"
        " rule_version, desk_id, owner_id, company_id, kind, priority, origin,"
        " is_solved, is_first_contact, is_first_line, first_contact_percent,"
        " first_line_percent, total_hours, elapsed_hours)"
        " SELECT id, 'closed', true, closed_at, 1, desk_id, owner_id, company_id, kind,"
        " priority, origin, true, id %% 3 = 0, true, 100 * (id %% 3 = 0)::int, 100,"
        " id %% 40, id %% 90 FROM spoc_ticket WHERE id > %s AND state = 'closed'",
        [model_id],
    )
    # The second desk works for the first one and all the others.
    env.cr.execute(
        "INSERT INTO spoc_assignment (ticket_id, number, desk_id, name, state, is_open,"
        " created_at, create_date) SELECT id, number, %s, name,"
        " CASE WHEN state = 'closed' THEN 'confirmed' ELSE 'accepted' END,"
        " state <> 'closed', create_date, create_date FROM spoc_ticket"
        " WHERE id > %s AND (id - %s) %% %s = 0 AND state <> 'resolved'",
        [
            env["spoc.desk"].search([("code", "=", "BQ1")]).id,
            model_id,
            model_id,
            HELPED,
        ],
    )


def _words(env, model, model_id, agent, person):
    """A public word of the requester and one of the agent."""
    table = env[model]._table
    for said in (f"{person}", f"(SELECT partner_id FROM res_users WHERE id = {agent})"):
        env.cr.execute(
            "INSERT INTO mail_message (model, res_id, message_type, subtype_id,"
            " author_id, date, create_date, body, is_internal, message_id)"
            f" SELECT %s, id, 'comment', %s, {said}, create_date, create_date,"
            f" '<p>It is ' || number || '</p>', false, md5(id::text || %s)"
            f" FROM {table} WHERE id > %s AND (id - %s) %% %s = 1",
            [
                model,
                env.ref("mail.mt_comment").id,
                model + said,
                model_id,
                model_id,
                TALKED,
            ],
        )


# ---- the other side ----


def theirs(env, company, size):
    """Tickets of the OCA's helpdesk."""
    agents = company.agents
    agents.group_ids += env.ref("helpdesk_mgmt.group_helpdesk_user_team")
    company.manager.group_ids += env.ref("helpdesk_mgmt.group_helpdesk_manager")
    teams = env["helpdesk.ticket.team"].create(
        [
            {
                "name": f"Bench team {number}",
                "user_ids": [(6, 0, agents[number::DESKS].ids)],
            }
            for number in range(DESKS)
        ]
    )
    model = env["helpdesk.ticket"].create(
        {
            "name": "Bench model",
            "description": "x",
            "team_id": teams[0].id,
            "partner_id": company.people[0],
        }
    )
    env.flush_all()
    made = company.columns(teams.ids)
    stages = env["helpdesk.ticket.stage"]
    open_ones = _array(stages.search([("closed", "=", False)]).ids)
    closed = stages.search([("closed", "=", True)], limit=1).id
    _copies(
        env,
        model,
        size,
        number=made["number"],
        name=made["name"],
        team_id=made["place"],
        user_id=made["owner"],
        partner_id=made["person"],
        commercial_partner_id=made["person"],
        stage_id=f"CASE WHEN n >= {OPEN} THEN {closed} ELSE"
        f" {open_ones}[1 + n / 20 % array_length({open_ones}, 1)] END",
        priority="(n % 4)::text",
        access_token="md5(n::text)",
        create_date=_BEGAN,
    )
    _words(env, "helpdesk.ticket", model.id, "user_id", "partner_id")
