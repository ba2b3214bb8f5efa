"""People, tickets and tables of the tests of personas."""

from odoo import Command

from odoo.addons.spoc_catalog.tests.personas_common import PersonaChecks

from .test_own_matter import OwnMatterCase

# A word that stands in all that is told, and nowhere else.
WORD = "okapitude"
PERSONAS = (
    "public",
    "customer",
    "other_customer",
    "requester",
    "agent",
    "stranger",
    "liner",
    "hr_agent",
    "named",
    "manager",
    "editor",
    "admin",
)


def _line(customer="", employee="", agent="", manager=None, editor=None, admin=None):
    """A line of the table of models, from the rights of the kinds of people."""
    manager = agent if manager is None else manager
    editor = employee if editor is None else editor
    admin = manager if admin is None else admin
    return ("", customer, customer, employee, *(agent,) * 5, manager, editor, admin)


ALL = "rwcd"
INNER = _line(agent="r")
DEFINITION = _line(agent="r", admin=ALL)
WIZARD = _line(agent=ALL)
MANAGERS_TOOL = _line(manager=ALL)
MODELS = {
    "spoc.stage": _line("r", "r", "r", admin=ALL),
    "spoc.ticket": _line("r", "r", "rwc"),
    "spoc.answer": _line("r", "r", "r"),
    # Suppliers are customers here; their rule says which they read.
    "spoc.assignment": _line(customer="r", agent="rwc"),
    "spoc.transfer": INNER,
    "spoc.part": INNER,
    "spoc.act": INNER,
    "spoc.ownership": INNER,
    "spoc.approval": _line("r", "r", "r"),
    "spoc.clock": INNER,
    "spoc.clock.event": INNER,
    "spoc.escalation": INNER,
    "spoc.wait": INNER,
    "spoc.ticket.measure": INNER,
    "spoc.ticket.measure.party": INNER,
    "spoc.first.line": INNER,
    "spoc.experience": INNER,
    "spoc.access.log": INNER,
    "spoc.ticket.reader": INNER,
    "spoc.line": DEFINITION,
    "spoc.wait.reason": DEFINITION,
    "spoc.resolution.code": DEFINITION,
    "spoc.vip.rule": _line(admin=ALL),
    "spoc.target.version": INNER,
    "spoc.target.level": _line(agent="r", editor=ALL, admin=ALL),
    "spoc.skill.need": _line(agent="r", editor=ALL, admin=ALL),
    "spoc.desk.limit": _line(agent="r", manager=ALL),
    "spoc.clock.replay": MANAGERS_TOOL,
    "spoc.clock.replay.line": MANAGERS_TOOL,
    "spoc.routing.simulation": MANAGERS_TOOL,
    "spoc.routing.simulation.member": MANAGERS_TOOL,
    "spoc.routing.simulation.agent": _line(manager="r"),
    "spoc.routing.simulation.ticket": _line(manager="r"),
    "spoc.ticket.reassign": MANAGERS_TOOL,
    "spoc.ticket.reassign.line": MANAGERS_TOOL,
    "spoc.accountable": WIZARD,
    "spoc.assignment.reply": WIZARD,
    "spoc.assignment.return": WIZARD,
    "spoc.transfer.return": WIZARD,
    "spoc.ticket.article": WIZARD,
    "spoc.ticket.assign": WIZARD,
    "spoc.ticket.escalate": WIZARD,
    "spoc.ticket.escalate.line": WIZARD,
    "spoc.ticket.fit": WIZARD,
    "spoc.ticket.fit.line": INNER,
    "spoc.ticket.flag": WIZARD,
    "spoc.ticket.merge": WIZARD,
    "spoc.ticket.promise": WIZARD,
    "spoc.ticket.reply": WIZARD,
    "spoc.ticket.resolve": WIZARD,
    "spoc.ticket.split": WIZARD,
    "spoc.ticket.transfer": WIZARD,
    "spoc.ticket.wait": WIZARD,
    "spoc.approval.decide": _line(employee=ALL, agent=ALL),
}
#: Tickets of the scene -> who reads them, and who of these from inside.
OUTSIDE = {
    "ticket": {"customer"},
    "own_ticket": {"requester"},
    # An agent of one desk asked another: from outside, as anybody.
    "agents_ticket": {"stranger"},
    "hr_ticket": {"customer"},
    # Asked by somebody of the confidential desk itself.
    "staff_ticket": {"named"},
    "about_ticket": {"requester"},
}
INSIDE = {
    "ticket": {"agent", "manager", "admin"},
    "own_ticket": {"agent", "manager", "admin"},
    "agents_ticket": {"agent", "manager", "admin"},
    "hr_ticket": {"hr_agent", "named"},
    "staff_ticket": {"hr_agent"},
    "about_ticket": {"hr_agent"},
}
TICKETS = {name: OUTSIDE[name] | INSIDE[name] for name in OUTSIDE}
#: What belongs to each ticket -> who reads it, beside those inside.
OF_TICKETS = {
    "spoc.answer": "outside",
    "spoc.ownership": "",
    "spoc.clock": "",
    "spoc.act": "",
    "spoc.wait": "",
    "spoc.assignment": "line",
}
EVERYONE = frozenset(PERSONAS[1:])
NOBODY = frozenset()
#: Page -> who is shown it; names in braces are records of the scene. Others are told
#: that there is nothing, or sent to sign in.
PAGES = {
    "/my/requests": EVERYONE,
    "/my/requests/page/{first}": EVERYONE,
    "/my/requests/{ticket}": TICKETS["ticket"],
    "/my/requests/{own_ticket}": TICKETS["own_ticket"],
    "/my/requests/{agents_ticket}": TICKETS["agents_ticket"],
    "/my/requests/{hr_ticket}": TICKETS["hr_ticket"],
    "/my/requests/{staff_ticket}": TICKETS["staff_ticket"],
    "/my/requests/{about_ticket}": TICKETS["about_ticket"],
    "/my/requests/{ticket}?access_token={forged}": TICKETS["ticket"],
    "/my/requests/{hr_ticket}?access_token={token}": TICKETS["hr_ticket"],
    "/my/requests/{ticket}/file/{file}": TICKETS["ticket"],
    # Foreign ids: the file of another ticket, a file of the desk's own note.
    "/my/requests/{own_ticket}/file/{file}": NOBODY,
    "/my/requests/{ticket}/file/{note_file}": NOBODY,
    "/my/assignments": EVERYONE,
    "/my/assignments/page/{first}": EVERYONE,
    # Suppliers only, see test_supplier.
    "/my/assignments/{part}": NOBODY,
    "/my/approvals": EVERYONE,
    "/my/approvals/page/{first}": EVERYONE,
    "/my/approvals/{approval}": {"requester"},
    # Whoever is asked reads the answers, and the files that came with them.
    "/my/approvals/{approval}/file/{file}": {"requester"},
    "/my/approvals/{approval}/file/{note_file}": NOBODY,
}
#: Without signing in, by a token; a forged one shows nothing to anybody.
TOKEN_PAGES = {
    "/spoc/request/confirm/{forged}",
    "/spoc/request/confirm/{expired}",
    "/spoc/request/rate/{forged}",
    "/spoc/approve/{forged}",
}
#: What is sent -> who may send it; nothing changes when anybody else does.
POSTS = {
    "/my/requests/{resolved}/confirm": {"customer"},
    "/my/requests/{resolved}/reject": {"customer"},
    "/my/requests/{closed}/rate": {"customer"},
    "/my/assignments/{part}/accept": NOBODY,
    "/my/assignments/{part}/answer": NOBODY,
    "/my/assignments/{part}/return": NOBODY,
    "/my/approvals/{approval}/decide": {"requester"},
    "/my/approvals/{approval}/delegate": {"requester"},
    "/spoc/request/confirm/{forged}": NOBODY,
    "/spoc/request/rate/{forged}": NOBODY,
    "/spoc/approve/{forged}": NOBODY,
}
#: Tested where they belong: asking is judged with the form (test_ask_rules).
ELSEWHERE = {"/spoc/service/<int:service_id>/ask"}
SENT = {
    "decision": "confirm",
    "comment": WORD,
    "rate": "1",
    "answer": WORD,
    "reason": WORD,
    "user_id": "1",
}


class HelpdeskPersonas(PersonaChecks, OwnMatterCase):
    personas = PERSONAS

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.public = cls.env.ref("base.public_user")
        cls.other_customer = cls._person("t_other_customer", "base.group_portal")
        cls.stranger = cls._person("t_stranger", "spoc_catalog.group_agent")
        cls.editor = cls._person("t_editor", "spoc_catalog.group_catalog_editor")
        # Nobody may look by having been at another desk of the scene.
        cls.other_desk = cls.line.copy({"name": "Others", "code": "OTH"})
        cls.other_desk.member_ids = cls.stranger
        cls._set_tickets()
        cls._set_files()
        cls.env.flush_all()
        cls.env.invalidate_all()

    @classmethod
    def _told(cls, desk, owner, requester, **vals):
        """A ticket with all that hangs on it; the word is in every part."""
        ticket = cls._ticket(
            name=f"{WORD} subject",
            description=f"<p>{WORD}</p>",
            desk_id=desk.id,
            owner_id=owner.id,
            requester_id=requester.partner_id.id,
            **vals,
        )
        cls.env["spoc.answer"].create(
            {
                "ticket_id": ticket.id,
                "question_text": "What?",
                "type": "text",
                "value_text": WORD,
                "attachment_ids": [
                    Command.create(
                        {
                            "name": f"{WORD}.txt",
                            "raw": WORD.encode(),
                            "res_model": "spoc.ticket",
                            "res_id": ticket.id,
                        }
                    )
                ],
            }
        )
        ours = ticket.with_user(owner)
        for name in ("note", "comment"):
            ours.message_post(
                body=f"{WORD} {name}",
                subtype_xmlid=f"mail.mt_{name}",
                attachments=[(f"{WORD}-{name}.txt", WORD.encode())],
            )
        ours.activity_schedule(
            "mail.mail_activity_data_todo", summary=WORD, user_id=owner.id
        )
        ticket.message_subscribe(owner.partner_id.ids)
        cls.env["spoc.assignment"].with_user(owner).create(
            {"ticket_id": ticket.id, "desk_id": cls.line.id, "name": f"{WORD} part"}
        )
        cls.env["rating.rating"].create(
            {
                "res_model_id": cls.env["ir.model"]._get_id("spoc.ticket"),
                "res_id": ticket.id,
                "partner_id": cls.env.ref("base.partner_root").id,
                "rated_partner_id": owner.partner_id.id,
                "rating": 2,
                "feedback": WORD,
                "consumed": True,
            }
        )
        cls.env.cr.precommit.run()  # tracking
        return ticket

    @classmethod
    def _set_tickets(cls):
        told = cls._told
        cls.ticket = told(cls.desk, cls.agent, cls.customer)
        cls.own_ticket = told(cls.desk, cls.agent, cls.requester)
        cls.agents_ticket = told(cls.desk, cls.agent, cls.stranger)
        cls.hr_ticket = told(cls.hr, cls.hr_agent, cls.customer)
        cls.staff_ticket = told(cls.hr, cls.hr_agent, cls.named)
        cls.about_ticket = told(
            cls.hr,
            cls.hr_agent,
            cls.requester,
            about_ids=[Command.set(cls.named.partner_id.ids)],
        )
        cls.part = cls.ticket.assignment_ids
        cls.resolved, cls.closed = (
            cls._ticket(owner_id=cls.agent.id, requester_id=cls.customer.partner_id.id)
            for _index in range(2)
        )
        for ticket in cls.resolved | cls.closed:
            ticket.with_user(cls.agent).resolution = f"<p>{WORD}</p>"
            ticket.with_user(cls.agent).action_resolve()
        cls.closed._spoc_confirm()
        cls.approval = cls.env["spoc.approval"].create(
            {
                "ticket_id": cls.ticket.id,
                "kind": "people",
                "need": 1,
                "approver_id": cls.requester.id,
                "state": "asked",
            }
        )

    @classmethod
    def _set_files(cls):
        cls.file = cls.ticket.answer_ids.attachment_ids
        cls.note_file = cls.env["ir.attachment"].search(
            [("name", "=", f"{WORD}-note.txt"), ("res_id", "=", cls.ticket.id)]
        )
        cls.first = "1"
        cls.forged = "7b1a2c3d-0000-4000-8000-1234567890ab"
        cls.token = cls.ticket.access_token
        # Right, but of a request that was reopened since.
        cls.expired = cls.resolved._spoc_confirm_token()
        cls.resolved._spoc_write({"reopen_count": cls.resolved.reopen_count + 1})
