"""What the pages of the window cost with a large catalogue.

5,000 services, 300 audiences and 20,000 people; a page is asked for as a browser does,
through Odoo's own application, by an employee and with the record rules applied. Beside
it: a page of the portal with nothing in it, served in the same run. What counts is the
time the server takes, not what the caller needs to ask and to read the answer.
"""

import json
import random
import threading
import time

from benchmarks.harness import Case, Told

TITLE = "Pages of the window"
MODULES = ("spoc_catalog", "bench_bare")
BARS = {
    "first page": {"empty page": 1.5},
    "page of a service": {"empty page": 1.5},
    "suggestions": {"empty page": 0.5},
}
SERVICES, AUDIENCES, PEOPLE = 5000, 300, 20000
DESKS, CATEGORIES, DEPARTMENTS, JOBS = 12, 60, 120, 80
SEED = 19
LOGIN = "bench-employee"
HERE = {"REMOTE_ADDR": "127.0.0.1"}
VERBS = "order,move,repair,renew,cancel,unlock,replace,borrow,return,check".split(",")
THINGS = (
    "laptop,printer,badge,parking space,invoice,contract,certificate,phone,monitor,"
    "licence,mailbox,folder,desk,chair,trip,allowance,course,supplier,visitor,locker"
).split(",")
PLACES = "Stockholm,Gothenburg,Helsinki,Riga,Tallinn,Oslo,Malmö,Uppsala".split(",")


def cases(env):
    """The cases, after filling the catalogue and the directory."""
    chance = random.Random(SEED)
    departments, jobs = _organisation(env)
    _people(env, chance, departments, jobs)
    _services(env, chance, _audiences(env, chance, departments))
    env.cr.commit()
    env.cr.execute("ANALYZE")
    env.cr.commit()
    browser = Browser(env, LOGIN)
    mine = env["spoc.service"].with_user(browser.uid).search([], limit=500)
    assert len(mine) > 100, "the reader has to see a good part of the catalogue"
    words = [f"{verb} {thing}"[:-2] for verb in VERBS for thing in THINGS]
    return [
        Case("empty page", lambda number: browser.get("/bench/empty")),
        Case("first page", lambda number: browser.get("/spoc"), ("empty page",)),
        Case(
            "page of a service",
            lambda number: browser.get(f"/spoc/service/{mine[number % len(mine)].id}"),
            ("empty page",),
        ),
        Case(
            "suggestions",
            lambda number: browser.suggest(words[number % len(words)]),
            ("empty page",),
        ),
    ]


class Browser:
    """Odoo's application called in this process, signed in.

    Each call returns what it took the server, and how many queries.
    """

    def __init__(self, env, login):
        # Known inside Odoo only; the launcher reads this file without it.
        from werkzeug.test import Client

        from odoo.http import root

        self.client = Client(self.serve)
        self.application, self.told = root, None
        self.uid = env["res.users"].search([("login", "=", login)]).id
        params = {"db": env.cr.dbname, "login": login, "password": login}
        assert self.call("/web/session/authenticate", params)["uid"] == self.uid

    def serve(self, environ, start_response):
        """The application, with a clock beside it."""
        started = time.perf_counter()
        answer = list(self.application(environ, start_response))
        spent = time.perf_counter() - started
        self.told = Told(threading.current_thread().query_count, spent)
        return answer

    def get(self, path):
        answer = self.client.get(path, environ_overrides=HERE)
        assert answer.status_code == 200, f"{path}: {answer.status}"
        return self.told

    def suggest(self, text):
        assert "sections" in self.call("/spoc/suggest", {"text": text})
        return self.told

    def call(self, path, params):
        body = json.dumps({"jsonrpc": "2.0", "params": params})
        answer = self.client.post(
            path,
            data=body,
            content_type="application/json",
            environ_overrides=HERE,
        )
        told = json.loads(answer.data)
        assert "error" not in told, told["error"]
        return told["result"]


# ---- the company ----


def _organisation(env):
    """Departments three levels deep, and jobs."""
    Department = env["hr.department"].with_context(tracking_disable=True)
    departments = Department.browse()
    for number in range(DEPARTMENTS):
        parent = departments[(number - 10) // 3].id if number >= 10 else False
        departments += Department.create(
            {"name": f"Department {number}", "parent_id": parent}
        )
    jobs = env["hr.job"].create([{"name": f"Job {number}"} for number in range(JOBS)])
    return departments, jobs


def _people(env, chance, departments, jobs):
    """Employees, one of whom signs in."""
    reader = (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            {
                "name": "Bench employee",
                "login": LOGIN,
                "password": LOGIN,
                "group_ids": [(6, 0, env.ref("base.group_user").ids)],
            }
        )
    )
    model = env["hr.employee"].create(
        {
            "name": "Bench employee",
            "user_id": reader.id,
            "department_id": departments[-1].id,
            "job_id": jobs[0].id,
        }
    )
    env.flush_all()
    places = [chance.choice(departments.ids) for _ in range(PEOPLE)]
    posts = [chance.choice(jobs.ids) for _ in range(PEOPLE)]
    resources = _copies(env, model.resource_id, user_id=[None] * PEOPLE)
    people = _copies(env, model, resource_id=resources, user_id=[None] * PEOPLE)
    _copies(
        env,
        model.current_version_id,
        employee_id=people,
        department_id=places,
        job_id=posts,
    )
    env.cr.execute(
        "UPDATE hr_employee e SET current_version_id = v.id FROM hr_version v"
        " WHERE v.employee_id = e.id"
    )
    env.invalidate_all()


def _copies(env, record, **changed):
    """Copies of a row made by SQL: the ORM draws a picture for each employee.

    :param changed: column -> list of values, one for each copy
    :return: ids of the copies
    """
    table = record._table
    env.cr.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s",
        [table],
    )
    kept = [c for (c,) in env.cr.fetchall() if c != "id" and c not in changed]
    arrays = ", ".join("%s::int[]" for _ in changed)
    env.cr.execute(
        f"INSERT INTO {table} ({', '.join([*kept, *changed])})"
        f" SELECT {', '.join(f'model.{c}' for c in kept)},"
        f" {', '.join(f'made.{c}' for c in changed)}"
        f" FROM {table} model, unnest({arrays}) AS made ({', '.join(changed)})"
        f" WHERE model.id = %s RETURNING id",
        [*changed.values(), record.id],
    )
    return [id_ for (id_,) in env.cr.fetchall()]


def _audiences(env, chance, departments):
    """Audiences of three departments each, and one of all employees."""
    values = [{"name": "Employees", "scope": "employees"}]
    values += [
        {
            "name": f"Audience {number}",
            "scope": "employees",
            "department_ids": [(6, 0, chance.sample(departments.ids, 3))],
        }
        for number in range(AUDIENCES - 1)
    ]
    return env["spoc.audience"].create(values)


def _services(env, chance, audiences):
    """Published services, a third of them for every employee."""
    desks = env["spoc.desk"].create(
        [{"name": f"Desk {n}", "code": f"BENCH{n}"} for n in range(DESKS)]
    )
    categories = env["spoc.category"].create(
        [{"name": f"Category {n}"} for n in range(CATEGORIES)]
    )
    values = []
    for number in range(SERVICES):
        verb, thing = chance.choice(VERBS), chance.choice(THINGS)
        place = chance.choice(PLACES)
        audience = audiences[0] if chance.random() < 0.3 else chance.choice(audiences)
        values.append(
            {
                "name": f"{verb.capitalize()} a {thing} in {place}",
                "summary": f"We {verb} your {thing}, number {number}",
                "description": f"<p>Tell us which {thing} it is and we {verb} it.</p>",
                "category_id": chance.choice(categories.ids),
                "desk_id": chance.choice(desks.ids),
                "audience_ids": [(6, 0, audience.ids)],
                "state": "published",
            }
        )
    Service = env["spoc.service"].with_context(tracking_disable=True)
    for first in range(0, SERVICES, 500):
        Service.create(values[first : first + 500])
        env.cr.commit()
        env.invalidate_all()
