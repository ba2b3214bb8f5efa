"""Data beyond the demo data, made by the released version in its own shell.

Run by ``tools/upgrade.py`` with the addons as they were released, so it keeps to what
that version had: a test of a later version never needs to change it.
"""

# ruff: noqa: F821 (``env`` is the shell's)

from odoo import fields
from odoo.fields import Command

Users = env["res.users"]


def user(login):
    return Users.search([("login", "=", login)])


requester, agent, manager, customer = map(
    user, ("requester", "agent", "manager", "customer")
)
LANGUAGES = [code for code, _name in env["res.lang"].get_installed() if code != "en_US"]
assert LANGUAGES, "the demo data has languages"

# ---- the promise: a service with everything ----

desk = env["spoc.desk"].search([("member_ids", "in", agent.ids)], limit=1)
colleague = (desk.member_ids - agent)[:1]
audience = env["spoc.audience"].create(
    {
        "name": "Upgraded people",
        "scope": "employees",
        "rule_ids": [
            Command.create({"managers_only": True}),
            Command.create({"person_ids": [Command.set(requester.partner_id.ids)]}),
            Command.create(
                {"effect": "deny", "person_ids": [Command.set(customer.partner_id.ids)]}
            ),
        ],
    }
)
policy = env["spoc.target.policy"].create(
    {
        "name": "Upgraded promise",
        "target_ids": [
            Command.create({"kind": "response", "hours": 2, "counts": "always"}),
            Command.create({"kind": "update", "days": 1, "counts": "requester"}),
            Command.create({"kind": "resolution", "days": 3, "priority": "2"}),
        ],
    }
)
form = env["spoc.form"].create(
    {"name": "Upgraded form", "ask_for": "several", "ask_for_limit": 5}
)
Question = env["spoc.form.question"]
QUESTIONS = (
    {"label": "What", "type": "text", "required": True, "pattern": "[A-Z].*"},
    {"label": "Which", "type": "choice", "options_text": "One\nTwo\nThree"},
    {"label": "Several", "type": "multi_choice", "options_text": "Red\nGreen"},
    {"label": "When", "type": "date", "day_rule": "future", "max_days": 400},
    {"label": "Price", "type": "money", "min_value": "1", "digits": 2},
    {"label": "Really", "type": "boolean", "default_value": "yes"},
    {"label": "Things", "type": "rows", "max_rows": 3},
    {"label": "Papers", "type": "file", "extensions": "txt", "max_files": 2},
    {"label": "Read this", "type": "info", "help": "All of it"},
)
asked = {
    values["label"]: Question.create({"form_id": form.id, "sequence": place, **values})
    for place, values in enumerate(QUESTIONS)
}
thing = Question.create(
    {"form_id": form.id, "parent_id": asked["Things"].id, "label": "Thing"}
)
questions = Question.search([("form_id", "=", form.id)])
for lang in LANGUAGES:
    for part in (*questions, *questions.option_ids):
        part.with_context(lang=lang).label = f"{part.label} ({lang})"
    asked["Read this"].with_context(lang=lang).help = f"All of it ({lang})"
env["spoc.form.condition"].create(
    {
        "question_id": asked["When"].id,
        "source_id": asked["Which"].id,
        "operator": "is",
        "value_option_ids": [Command.set(asked["Which"].option_ids[1].ids)],
    }
)
rule = env["spoc.approval.rule"].create(
    {
        "name": "Upgraded agreement",
        "if_nobody": "skip",
        "step_ids": [
            Command.create({"kind": "manager", "amount_from": 100}),
            Command.create({"kind": "people", "user_ids": [Command.set(manager.ids)]}),
        ],
    }
)
facet_value = env["spoc.facet.value"].search([], limit=1)
service, plain = env["spoc.service"].create(
    [
        {
            "name": "Upgraded service",
            "summary": "With everything",
            "description": "<p>One</p><p>Two</p>",
            "inner_note": "<p>For us</p>",
            "outcome": "A thing",
            "conditions": "Patience",
            "synonyms": "gadget",
            "desk_id": desk.id,
            "form_id": form.id,
            "target_policy_id": policy.id,
            "approval_rule_id": rule.id,
            "audience_ids": [Command.set(audience.ids)],
            "visibility": "everyone",
            "refusal_text": "Not for you",
            "price_kind": "from",
            "price": 12.5,
            "information_url": "/spoc",
            "facet_value_ids": [Command.set(facet_value.ids)],
        },
        {"name": "Upgraded words", "summary": "Words only", "desk_id": desk.id},
    ]
)
for lang in LANGUAGES:
    service.with_context(lang=lang).name = f"Upgraded service ({lang})"
(service | plain).action_publish()
service.summary = "With everything, changed"
service._spoc_publish("The line below the name")
service.summary = "Changed since"
env.cr.commit()

# ---- the work: tickets on every way ----


def ask(person, what, answers, words="", **vals):
    tickets = env["spoc.ticket"].with_user(person)
    found, errors = tickets._spoc_ask(what.with_user(person), answers, words, **vals)
    assert not errors, errors
    return found.sudo()


answers = {
    asked["What"].id: "A lamp",
    asked["Which"].id: asked["Which"].option_ids[1].id,
    asked["Several"].id: asked["Several"].option_ids.ids,
    asked["Price"].id: "12.50",
    asked["Really"].id: "yes",
    asked["Things"].id: [{thing.id: "Chair"}, {thing.id: "Desk"}],
    asked["Papers"].id: [{"name": "a.txt", "size": 4, "content": b"text"}],
}
first = ask(requester, service, answers)
plain_ones = [ask(requester, plain, {}, f"Words {number}") for number in range(4)]
outside = ask(customer, plain, {}, "From outside")
worked, solved, closed, cancelled = plain_ones
for ticket in (worked, solved, closed):
    if not ticket.owner_id:
        ticket.with_user(agent).action_take()
    ticket.with_user(ticket.owner_id).message_post(
        body="We look at it", subtype_xmlid="mail.mt_comment"
    )
    ticket.with_user(requester).message_post(
        body="Thank you", subtype_xmlid="mail.mt_comment"
    )
worked.with_user(agent).priority = "3"
worked.with_user(agent).action_wait()
for ticket in (solved, closed):
    ticket.with_user(agent).resolution = "<p>It works again.</p>"
    ticket.with_user(agent).action_resolve()
closed.with_user(requester)._spoc_confirm()
cancelled.with_user(agent).action_cancel()
env.cr.commit()

# ---- between desks and people: transfers, parts, waits, approvals ----

line = env["spoc.desk"].search(
    [
        ("member_ids", "!=", False),
        ("member_ids", "not in", agent.ids),
        ("privacy", "=", "open"),
        ("supplier_id", "=", False),
    ],
    limit=1,
)
liner = line.member_ids[0]


def taken(number):
    """A ticket the agent works on."""
    ticket = ask(requester, plain, {}, f"More words {number}")
    if ticket.owner_id != agent:
        ticket.with_user(desk.manager_id or agent).owner_id = agent
    return ticket.with_user(agent)


offered, accepted, returned, resumed, dated, parted = map(taken, range(6))
for ticket in (offered, accepted, returned):
    ticket._spoc_offer_transfer(line, "It is theirs")
accepted.sudo().transfer_ids.with_user(liner).action_accept()
returned.sudo().transfer_ids.with_user(liner)._spoc_return("It is not")
resumed.action_wait()
resumed.action_resume()
until = fields.Datetime.add(fields.Datetime.now(), days=3)
reason = env["spoc.wait.reason"].search([("waits_for", "=", "date")], limit=1)
dated._spoc_wait(reason, until)
parts = env["spoc.assignment"].with_user(agent)
part, open_part = parts.create(
    [
        {"ticket_id": parted.id, "desk_id": line.id, "name": name}
        for name in ("Upgraded part", "Upgraded part not begun")
    ]
)
part.with_user(liner).action_accept()
part.with_user(liner).answer = "Done here"
part.with_user(liner).action_answer()
part.action_confirm()
asked_for = [first, *(ask(requester, service, answers) for _again in range(3))]
for ticket, decision in zip(asked_for, ("approved", "rejected"), strict=False):
    row = ticket.approval_ids.filtered(lambda row: row.state == "asked")
    row.with_user(row.approver_id)._spoc_decide(decision, "Since it is so")
row = asked_for[2].approval_ids.filtered(lambda row: row.state == "asked")
row.with_user(row.approver_id)._spoc_delegate(colleague, "I am away")
env.cr.commit()

# ---- in confidence: what a manager read was written down ----

sealed = env["spoc.desk"].create(
    {
        "name": "Upgraded confidence",
        "code": "UPC",
        "privacy": "confidential",
        "manager_id": manager.id,
        "member_ids": [Command.set(colleague.ids)],
        "routing_mode": "manual",
    }
)
secret = env["spoc.ticket"].create(
    {
        "name": "Upgraded secret",
        "desk_id": sealed.id,
        "requester_id": requester.partner_id.id,
    }
)
env.cr.commit()
env.invalidate_all()
secret.with_user(manager).read(["description"])
env.cr.commit()

# ---- the answers: articles with revisions and what readers said ----

articles = (
    env["spoc.article"]
    .with_user(agent)
    .create(
        [
            {
                "name": f"Upgraded article {kind}",
                "summary": "In one sentence",
                "body": "<p>First <b>this</b>, then that.</p>",
                "inner_body": "<p>For us</p>",
                "keywords": "gadget, lamp",
                "kind": kind,
                "desk_id": desk.id,
                "escalation_desk_id": desk.id if kind == "escalation" else False,
                "service_ids": [Command.set(service.ids)],
            }
            for kind in ("solution", "howto", "answer", "known_error", "escalation")
        ]
    )
)
articles[:4].action_submit()
articles[:3].with_user(manager).action_publish()
articles[0].action_revise()
revision = articles[0].revision_ids
revision.body = "<p>First that, then <b>this</b>.</p>"
revision.action_submit()
revision.with_user(manager).action_publish()
articles[1].action_revise()
articles[2].with_user(manager).action_retire()
Feedback = env["spoc.article.feedback"]
for reader, helped in ((requester, True), (manager, False)):
    Feedback.with_user(reader)._spoc_say(
        articles[0].with_user(reader), helped, "Some words"
    )
env.cr.commit()

# ---- what people searched for and did not find ----

Log = env["spoc.search.log"].with_user(requester)
Log._spoc_log_search("gadget", 1)
Log._spoc_log_opened(service.with_user(requester), "gadget", 1, 1)
wish, error = env["spoc.wish"].with_user(requester)._spoc_take("A unicorn", "unicorn")
assert wish, error
env.cr.commit()
print("filled")
