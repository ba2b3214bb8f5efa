"""What one new ticket costs, by mail and by form.

Beside it: the least Odoo does for a record with a conversation (bench_bare), and the
published helpdesk of the OCA with its addon for service levels. Every side has one
team, one person in it, and norms for the time to answer.
"""

from email.message import EmailMessage

from benchmarks.harness import Case

TITLE = "One new ticket"
MODULES = ("spoc_helpdesk", "bench_bare", "helpdesk_mgmt", "helpdesk_mgmt_sla")
# No bar yet
BARS = {}
DOMAIN = "bench.example"
TEXT = """\
Hello,

since this morning the printer on the second floor prints every page twice. I have
switched it off and on again and it still does. We have a board meeting at 14:00 and
need forty copies of the agenda.

Thank you
Olga Lindqvist
"""


def cases(env):
    """The cases, after making what each side needs."""
    requester = _user(env, "requester", "base.group_portal")
    agent = _user(env, "agent", "base.group_user")
    _spoc(env, agent)
    service = _service(env)
    team = _oca(env, agent)
    _bare(env)
    return [
        Case("bare mail", _mail(env, "bare", requester)),
        Case("oca mail", _mail(env, "oca", requester), ("bare mail",)),
        Case("spoc mail", _mail(env, "spoc", requester), ("bare mail", "oca mail")),
        Case("bare form", _bare_form(env, requester)),
        Case("oca form", _oca_form(env, requester, team), ("bare form",)),
        Case(
            "spoc form",
            _spoc_form(env, requester, service),
            ("bare form", "oca form"),
        ),
    ]


def _user(env, login, group):
    values = {
        "name": f"Bench {login}",
        "login": f"bench-{login}",
        "email": f"{login}@{DOMAIN}",
        "group_ids": [(6, 0, env.ref(group).ids)],
    }
    return env["res.users"].with_context(no_reset_password=True).create(values)


# ---- what each side needs ----


def _spoc(env, agent):
    agent.group_ids += env.ref("spoc_catalog.group_agent")
    targets = [
        (0, 0, {"kind": kind, "hours": hours})
        for kind, hours in (("response", 4), ("resolution", 16))
    ]
    policy = env["spoc.target.policy"].create({"name": "Bench", "target_ids": targets})
    desk = env["spoc.desk"].create(
        {
            "name": "Bench desk",
            "code": "BENCH",
            "member_ids": [(6, 0, agent.ids)],
            "target_policy_id": policy.id,
        }
    )
    env["spoc.channel"].create(
        {"desk_id": desk.id, "kind": "email", "identity": f"spoc@{DOMAIN}"}
    )


def _service(env):
    questions = [
        (0, 0, {"label": "Which printer?", "type": "text", "required": True}),
        (0, 0, {"label": "What happens?", "type": "long_text"}),
    ]
    form = env["spoc.form"].create({"name": "Bench", "question_ids": questions})
    desk = env["spoc.desk"].search([("code", "=", "BENCH")])
    service = env["spoc.service"].create(
        {
            "name": "Printer out of order",
            "summary": "It prints again, or another one stands there",
            "kind": "incident",
            "desk_id": desk.id,
            "form_id": form.id,
        }
    )
    service.action_publish()
    return service


def _oca(env, agent):
    team = env["helpdesk.ticket.team"].create(
        {
            "name": "Bench team",
            "user_ids": [(6, 0, agent.ids)],
            "use_sla": True,
            "alias_name": "oca",
        }
    )
    team.alias_id.alias_domain_id = _domain(env)
    for name, hours in (("response", 4), ("resolution", 16)):
        env["helpdesk.sla"].create(
            {"name": f"Bench {name}", "hours": hours, "team_ids": [(6, 0, team.ids)]}
        )
    return team


def _bare(env):
    env["mail.alias"].create(
        {
            "alias_name": "bare",
            "alias_domain_id": _domain(env).id,
            "alias_model_id": env["ir.model"]._get_id("bench.bare"),
        }
    )


def _domain(env):
    domains = env["mail.alias.domain"]
    return domains.search([("name", "=", DOMAIN)]) or domains.create({"name": DOMAIN})


# ---- the operations ----


def _mail(env, box, requester):
    def run(number):
        message = EmailMessage()
        message["From"] = f'"{requester.name}" <{requester.email}>'
        message["To"] = f"{box}@{DOMAIN}"
        message["Subject"] = f"Printer prints every page twice {number}"
        message["Message-ID"] = f"<bench-{box}-{number}@{DOMAIN}>"
        message["Date"] = "Mon, 5 Jan 2026 08:00:00 +0000"
        message.set_content(TEXT)
        record = env["mail.thread"].message_process(False, message.as_string())
        assert record

    return run


def _bare_form(env, requester):
    def run(number):
        # as a portal's controller does: with the server's rights, the caller follows
        record = env["bench.bare"].with_user(requester).sudo()
        record = record.create(
            {
                "name": f"Printer out of order {number}",
                "description": TEXT,
                "partner_id": requester.partner_id.id,
            }
        )
        record.message_subscribe(partner_ids=requester.partner_id.ids)

    return run


def _oca_form(env, requester, team):
    def run(number):
        tickets = env["helpdesk.ticket"].with_user(requester).sudo()
        ticket = tickets.create(
            {
                "name": f"Printer out of order {number}",
                "description": TEXT,
                "partner_id": requester.partner_id.id,
                "partner_name": requester.name,
                "partner_email": requester.email,
                "team_id": team.id,
                "company_id": requester.company_id.id,
            }
        )
        ticket.message_subscribe(partner_ids=requester.partner_id.ids)

    return run


def _spoc_form(env, requester, service):
    asked, told = service.form_id.question_ids.ids

    def run(number):
        tickets = env["spoc.ticket"].with_user(requester)
        answers = {asked: f"2nd floor {number}", told: "Every page comes out twice"}
        ticket, errors = tickets._spoc_ask(service.with_user(requester), answers, TEXT)
        assert ticket and not errors, errors

    return run
