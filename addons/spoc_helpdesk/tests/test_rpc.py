"""What anybody can call from outside, with ids that are not theirs.

Every method without an underscore answers to RPC. So all of them are called on
tickets, and what belongs to them, by people who may not see these: whatever does not
refuse has to show and change nothing. Then the ways of Odoo's own that take arguments.
"""

import inspect
from contextlib import suppress

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.service.model import get_public_method
from odoo.tests import tagged
from odoo.tools import mute_logger

from .personas_scene import WORD
from .rpc_common import (
    ADDONS,
    BELONGING,
    FILLERS,
    SILENT,
    STRANGERS,
    THOROUGH,
    Back,
    RpcCase,
)


@tagged("post_install", "-at_install")
class TestRpc(RpcCase):
    def _methods(self, model):
        """Names of what RPC may call on a model: of the suite, and of mail."""
        found = {}
        for name in dir(type(model)):
            if name.startswith("_"):
                continue
            with suppress(AttributeError, AccessError):
                method = get_public_method(model, name)
                if any(
                    name in vars(cls) and cls.__module__.startswith(ADDONS)
                    for cls in type(model).mro()
                ):
                    found[name] = method
        return found

    def _arguments(self, method):
        """Lists of arguments that might do."""
        wanted = [
            one
            for one in list(inspect.signature(method).parameters.values())[1:]
            if one.default is one.empty
            and one.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD)
        ]
        return [[filler] * len(wanted) for filler in FILLERS] if wanted else [[]]

    @mute_logger(*SILENT)
    def test_every_public_method(self):
        stored = self._stored()
        for name, personas in STRANGERS.items():
            ticket = getattr(self, name)
            records = [ticket] + [
                self.env[model].search([("ticket_id", "=", ticket.id)], limit=1)
                for model in BELONGING
            ]
            for record in filter(None, records):
                for called, method in self._methods(record).items():
                    for persona in personas[:THOROUGH]:
                        theirs = record.with_user(self._who(persona))
                        for args in self._arguments(method):
                            with self.subTest(
                                model=record._name, of=name, by=persona, call=called
                            ):
                                self.assertNothingBy(
                                    lambda m=called, t=theirs, a=args: getattr(t, m)(
                                        *a
                                    ),
                                    ticket,
                                    stored,
                                )

    # ---- ways that take arguments ------------------------------------------

    @mute_logger(*SILENT)
    def test_mail_nobody_received(self):
        """A mail's values name anybody: the gateway alone brings them."""
        requester = self.requester.partner_id
        values = {
            "author_id": requester.id,
            "email_from": requester.email,
            "cc": self.other_customer.email,
            "body": f"<p>{WORD}</p>",
            "subject": WORD,
            "message_id": "<forged@people.example>",
        }
        mail = (
            f"From: {requester.email}\r\nTo: helpme@{self.alias_domain}\r\n"
            f"Cc: {self.other_customer.email}\r\n"
            "Message-Id: <forged@people.example>\r\n"
            f"Subject: [{self.own_ticket.number}] {WORD}\r\n\r\nForged\r\n"
        )
        count = self.env["spoc.ticket"].search_count([])
        for persona in ("other_customer", "requester", "stranger", "manager"):
            user = self._who(persona)
            Ticket = self.env["spoc.ticket"].with_user(user)
            calls = {
                "update": lambda user=user: self.own_ticket.with_user(
                    user
                ).message_update(values),
                "update of a part": lambda user=user: self.part.with_user(
                    user
                ).message_update(values),
                "new": lambda Ticket=Ticket: Ticket.message_new(
                    values, {"desk_id": self.hr.id, "state": "closed"}
                ),
                "process": lambda user=user: (
                    self.env["mail.thread"].with_user(user).message_process(None, mail)
                ),
                "process to a model": lambda Ticket=Ticket: Ticket.message_process(
                    "spoc.ticket", mail, {"desk_id": self.hr.id}
                ),
            }
            for name, call in calls.items():
                with (
                    self.subTest(by=persona, call=name),
                    self.assertRaises(AccessError),
                    self.env.cr.savepoint(),
                ):
                    call()
        self.assertEqual(self.env["spoc.ticket"].search_count([]), count)
        self.assertFalse(self.own_ticket.watcher_ids)

    def test_mail_piped_in_by_an_administrator(self):
        mail = (
            f"From: {self.customer.email}\r\nTo: helpme@{self.alias_domain}\r\n"
            f"Message-Id: <piped@people.example>\r\nSubject: {WORD}\r\n\r\nPiped\r\n"
        )
        with self.mock_mail_gateway():
            self.env["mail.thread"].with_user(self.admin).message_process(None, mail)
        ticket = self.env["spoc.ticket"].search([], order="id desc", limit=1)
        self.assertEqual(ticket.name, WORD)

    def _ways(self, ticket, user):
        """Odoo's own ways to a thread: name -> call by ``user``."""
        template = self.env.ref("spoc_helpdesk.mail_template_received")
        theirs, env, own = ticket.with_user(user), self.env(user=user), user.partner_id
        here = {"model": "spoc.ticket", "res_id": ticket.id}
        there = {"res_model": "spoc.ticket", "res_id": ticket.id}
        later = {"author_id": own.id, "scheduled_date": "2036-01-01 09:00:00"}
        plan = {
            "res_model_id": self.env["ir.model"]._get_id("spoc.ticket"),
            "res_id": ticket.id,
            "summary": "x",
        }
        composer = {
            "model": "spoc.ticket",
            "res_ids": str(ticket.ids),
            "template_id": template.id,
            "partner_ids": [(6, 0, own.ids)],
        }
        said = {"body": "x", "partner_ids": own.ids}
        todo = "mail.mail_activity_data_todo"
        return {
            "subscribe": lambda: theirs.message_subscribe(own.ids),
            "unsubscribe": lambda: theirs.message_unsubscribe(own.ids),
            "post": lambda: theirs.message_post(**said, subtype_xmlid="mail.mt_note"),
            "notify": lambda: theirs.message_notify(**said),
            "mail a template": lambda: theirs.message_mail_with_source(template),
            "post a template": lambda: theirs.message_post_with_source(template),
            "ask for stars": lambda: theirs.rating_send_request(template),
            "link": lambda: theirs.get_portal_url(),
            "share": lambda: env["portal.share"].create(there).share_link,
            "plan": lambda: theirs.activity_schedule(todo, summary="x"),
            "followers": lambda: theirs.message_get_followers(),
            "a message": lambda: env["mail.message"].create({**here, "body": "x"}),
            "a message later": lambda: env["mail.scheduled.message"].create(
                {**here, **later, "body": "x"}
            ),
            "a follower": lambda: env["mail.followers"].create(
                {**there, "partner_id": own.id}
            ),
            "a file": lambda: env["ir.attachment"].create(
                {**there, "name": "x", "raw": b"x"}
            ),
            "an activity": lambda: env["mail.activity"].create(plan),
            "composed": lambda: self._composed(env, composer, "comment"),
            "composed for many": lambda: self._composed(env, composer, "mass_mail"),
        }

    @mute_logger(*SILENT)
    def test_ways_of_mail(self):
        """Odoo's own ways to a thread, with ids of tickets that are not theirs."""
        stored = self._stored()
        for name, personas in STRANGERS.items():
            for persona in personas:
                ticket = getattr(self, name)
                ways = self._ways(ticket, self._who(persona))
                for way, call in ways.items():
                    with self.subTest(of=name, by=persona, call=way):
                        self.assertNothingBy(call, ticket, stored)

    def _composed(self, env, values, mode):
        composer = env["mail.compose.message"].create(
            {**values, "composition_mode": mode}
        )
        read = composer.read(["body", "subject"])
        composer.action_send_mail()
        return read

    @mute_logger(*SILENT)
    def test_groups_over_what_belongs(self):
        """Counts and sums are of what one may read, by every path to the ticket."""
        for model in (*BELONGING, "spoc.act", "spoc.part", "spoc.ticket.measure"):
            for name, personas in STRANGERS.items():
                ticket = getattr(self, name)
                for persona in personas:
                    Model = self.env[model].with_user(self._who(persona))
                    if not Model.has_access("read"):
                        continue
                    with self.subTest(model=model, of=name, by=persona):
                        for groupby in ([], ["ticket_id"], ["ticket_id.desk_id"]):
                            with suppress(AccessError, UserError):
                                rows = Model.formatted_read_group(
                                    [("ticket_id", "=", ticket.id)],
                                    groupby,
                                    ["__count"],
                                )
                                self.assertFalse(sum(row["__count"] for row in rows))

    # ---- what stands for somebody ------------------------------------------

    @mute_logger(*SILENT)
    def test_the_desk_does_not_hold_the_requesters_link(self):
        token = self.ticket.access_token
        self.assertTrue(token)
        for persona in ("agent", "manager", "admin"):
            self._who(persona).group_ids += self.env.ref("base.group_allow_export")
            theirs = self.ticket.with_user(self._who(persona))
            self.env.invalidate_all()
            for call in (
                lambda t=theirs: t.read(["access_token"]),
                lambda t=theirs: t.get_portal_url(),
                lambda t=theirs: t.export_data(["access_token"]),
            ):
                with self.subTest(by=persona), self.assertRaises(AccessError):
                    call()
            self.assertFalse(theirs.search([("access_token", "=like", f"{token[0]}%")]))
            self.assertNotIn(
                "access_token", theirs.read()[0], "Reading all does not, either"
            )
        theirs = self.ticket.with_user(self.customer)
        self.assertEqual(theirs.read(["access_token"])[0]["access_token"], token)

    @mute_logger(*SILENT)
    def test_the_desk_does_not_hold_the_approvers_link(self):
        template = self.env.ref("spoc_helpdesk.mail_template_approval_asked")
        link = "/spoc/approve/"
        for user, held in ((self.agent, False), (self.requester, True)):
            approval = self.approval.with_user(user)
            [body] = (
                template.with_user(user)
                ._render_field("body_html", approval.ids)
                .values()
            )
            with self.subTest(user.login):
                self.assertEqual(link in body, held)
        approval = self.approval.with_user(self.agent)
        self.assertIn(link, approval.sudo()._spoc_link())

    @mute_logger(*SILENT)
    def test_templates_are_nobodys_way_in(self):
        """Code in a template runs with the rights of whoever's mail it becomes."""
        # As in new databases; Odoo's own tests switch it off.
        self.env["ir.config_parameter"].set_param(
            "mail.restrict.template.rendering", True
        )
        ours = self.env.ref("spoc_helpdesk.mail_template_received")
        code = "<t t-out=\"env['spoc.ticket'].sudo().search([]).mapped('name')\"/>"
        for persona in ("requester", "agent", "manager", "editor"):
            templates = self.env["mail.template"].with_user(self._who(persona))
            values = {"name": "x", "model_id": ours.model_id.id, "body_html": code}
            for call in (
                lambda mine=templates: ours.with_env(mine.env).write({"subject": "x"}),
                lambda mine=templates: ours.with_env(mine.env).unlink(),
                lambda mine=templates, new=values: mine.create(new),
                lambda mine=templates, new=values: mine.create(
                    {**new, "body_html": "", "subject": "{{ object.sudo().name }}"}
                ),
            ):
                with self.subTest(by=persona), self.assertRaises(AccessError):
                    with self.env.cr.savepoint():
                        call()

    # ---- wizards -----------------------------------------------------------

    @mute_logger(*SILENT)
    def test_wizards_are_of_whoever_opened_them(self):
        wizard = self.env["spoc.ticket.resolve"].with_user(self.agent)
        wizard = wizard.create({"ticket_id": self.ticket.id, "resolution": WORD})
        self.env.flush_all()
        for persona in ("stranger", "liner", "manager", "admin"):
            theirs = wizard.with_user(self._who(persona))
            with self.subTest(by=persona):
                self.assertFalse(theirs.search([("id", "=", wizard.id)]))
                for call in (
                    lambda w=theirs: w.read(["resolution"]),
                    lambda w=theirs: w.write({"resolution": "x"}),
                    lambda w=theirs: w.unlink(),
                    lambda w=theirs: w.action_resolve(),
                ):
                    with self.assertRaises(AccessError):
                        call()
        self.assertEqual(wizard.read(["resolution"])[0]["resolution"], f"<p>{WORD}</p>")

    def _filled(self, Model, links):
        """Values for a new record with these links: what is required is made up."""
        values = dict(links)
        made_up = {
            "char": "x",
            "text": "x",
            "html": "<p>x</p>",
            "integer": 1,
            "datetime": "2036-01-01 09:00:00",
        }
        for name, field in Model._fields.items():
            if not field.required or not field.store or name in values:
                continue
            if field.default or field.compute:
                continue
            if field.type == "many2one":
                values[name] = (
                    Model.env[field.comodel_name].sudo().search([], limit=1).id
                )
            elif field.type == "selection":
                values[name] = field.get_values(Model.env)[0]
            elif field.type in made_up:
                values[name] = made_up[field.type]
        return values

    def _hidden(self, ticket):
        """What a stranger to a ticket may know nothing of: a record of each model."""
        service = self.env["spoc.service"].create(
            {"name": f"{WORD} service", "desk_id": self.hr.id}
        )
        article = (
            self.env["spoc.article"]
            .with_user(self.hr_agent)
            .create(
                {
                    "name": f"{WORD} question",
                    "body": f"<p>{WORD}</p>",
                    "kind": "solution",
                    "desk_id": self.hr.id,
                }
            )
        )
        article.action_submit()
        article.with_user(self.named).action_publish()
        flag = article._spoc_flag("wrong", WORD)
        version = article.version_ids[:1]
        hidden = {
            one._name: one.sudo() for one in (ticket, service, article, flag, version)
        }
        for name, model in self.env.registry.items():
            if name.startswith("spoc.") and not (model._abstract or model._transient):
                if "ticket_id" in model._fields and name not in hidden:
                    domain = [("ticket_id", "=", ticket.id)]
                    hidden[name] = self.env[name].search(domain, limit=1)
        return hidden

    def _links(self, Model, hidden):
        """Fields of a model that lead to what is hidden from its user, with ids.

        :return: list of ``(name, value to write)``
        """
        found = []
        for name, field in Model._fields.items():
            if not field.store or field.readonly and field.compute:
                continue
            target = hidden.get(field.comodel_name) if field.relational else None
            if not target or target.with_user(Model.env.uid).has_access("read"):
                continue
            if field.type == "many2one":
                found.append((name, target.id))
            elif field.type == "many2many":
                found.append((name, [(6, 0, target.ids)]))
        return found

    @mute_logger(*SILENT)
    def test_names_behind_foreign_links(self):
        """Odoo shows the name of what a record links to; so nothing links there."""
        for name, personas in STRANGERS.items():
            ticket = getattr(self, name)
            hidden = self._hidden(ticket)
            for persona in personas[:THOROUGH]:
                env = self.env(user=self._who(persona))
                for model in sorted(self.env.registry):
                    if not model.startswith("spoc.") or env[model]._abstract:
                        continue
                    for link, value in self._links(env[model], hidden):
                        for way in (self._made, self._changed, self._by_default):
                            with self.subTest(
                                model=model, link=link, by=persona, way=way.__name__
                            ):
                                shown = way(env[model], link, value)
                                self.assertNotIn(ticket.number, shown)
                                self.assertNotIn(WORD, shown)

    def _made(self, Model, link, value):
        """What a new record with a link shows; empty when it is refused."""
        shown = ""
        with suppress(Back), self.env.cr.savepoint():
            # Lines of windows are made with these, not by themselves.
            with suppress(UserError, ValueError, KeyError, IntegrityError):
                record = Model.create(self._filled(Model, {link: value}))
                self.env.flush_all()
                self.env.invalidate_all()
                for name in record._fields:
                    with suppress(AccessError, UserError):
                        shown += repr(record.read([name]))
            raise Back
        self.env.invalidate_all()
        return shown

    def _changed(self, Model, link, value):
        """What a form that is filled in shows; empty when it is refused."""
        return self._filling(Model, {link: value}, [link])

    def _by_default(self, Model, link, value):
        """What a form shows that is opened with a default of the sender's."""
        return self._filling(Model.with_context(**{f"default_{link}": value}), {}, [])

    def _filling(self, Model, values, changed):
        spec = {
            name: {"fields": {"display_name": {}}} if field.relational else {}
            for name, field in Model._fields.items()
        }
        shown = ""
        with suppress(Back), self.env.cr.savepoint():
            with suppress(UserError, ValueError, KeyError):
                shown = repr(Model.onchange(values, changed, spec))
            raise Back
        self.env.invalidate_all()
        return shown

    def test_no_wizard_is_forgotten(self):
        """Whatever wizard the suite has, or gets: another user's is not found."""
        for name, model in self.env.registry.items():
            if not name.startswith("spoc.") or not model._transient:
                continue
            Model = self.env[name].with_user(self.agent)
            domain = self.env["ir.rule"].with_user(self.agent)._compute_domain(name)
            with self.subTest(name):
                self.assertIn(
                    ("create_uid", self.agent.id),
                    [
                        (one.field_expr, next(iter(one.value)))
                        for one in domain.optimize(Model).iter_conditions()
                        if one.operator == "in"
                    ],
                )
