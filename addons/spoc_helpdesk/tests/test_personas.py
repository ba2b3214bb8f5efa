"""Who may do what with tickets: every model, telling records and routes, in tables.

What is forbidden stands first: the tables say who sees a record, and everybody else
tries every way to it. A model or route without a line here makes a test fail.
"""

from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.spoc_helpdesk import controllers

from .personas_scene import (
    ELSEWHERE,
    INSIDE,
    MODELS,
    OF_TICKETS,
    OUTSIDE,
    PAGES,
    PERSONAS,
    POSTS,
    SENT,
    TICKETS,
    TOKEN_PAGES,
    WORD,
    HelpdeskPersonas,
)


@tagged("post_install", "-at_install")
class TestHelpPersonaModels(HelpdeskPersonas):
    def test_every_model_has_its_line(self):
        self.assertEveryModel("spoc_helpdesk", MODELS)

    def test_rights_over_models(self):
        self.assertRights(MODELS)

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_tickets(self):
        self.assertRecords(TICKETS)

    def test_inside(self):
        for name, inside in INSIDE.items():
            ticket = getattr(self, name)
            for persona in PERSONAS:
                self.env.invalidate_all()
                theirs = ticket.with_user(self._who(persona))
                with self.subTest(ticket=name, persona=persona):
                    self.assertEqual(theirs.sudo().is_inner, persona in inside)
                    may = persona in inside - {"admin"}
                    self.assertEqual(theirs.has_access("write"), may)

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_what_belongs_to_tickets(self):
        for model, more in OF_TICKETS.items():
            for name in TICKETS:
                records = self.env[model].search(
                    [("ticket_id", "=", getattr(self, name).id)]
                )
                readers = set(INSIDE[name])
                readers |= OUTSIDE[name] if more == "outside" else set()
                readers |= {"liner"} if more == "line" else set()
                for record in records[:1]:
                    for persona in PERSONAS:
                        with self.subTest(model=model, of=name, persona=persona):
                            self.assertEqual(
                                self._sees(self._who(persona), record),
                                persona in readers,
                            )

    def _hidden_from(self, persona):
        return [getattr(self, name) for name in TICKETS if persona not in TICKETS[name]]

    def test_search_by_words(self):
        for persona in PERSONAS[1:]:
            self.env.invalidate_all()
            Ticket = self.env["spoc.ticket"].with_user(self._who(persona))
            scene = {getattr(self, name).id for name in TICKETS}
            shown = {
                getattr(self, name).id for name in TICKETS if persona in TICKETS[name]
            }
            inner = {
                getattr(self, name).id for name in INSIDE if persona in INSIDE[name]
            }
            ways = {
                "name_search": (
                    {id_ for id_, _name in Ticket.name_search(WORD, limit=None)},
                    shown,
                ),
                "search": (set(Ticket.search([("name", "ilike", WORD)]).ids), shown),
                # A word in what only the desk has answers about the inside.
                "inner": (
                    set(Ticket.search([("assignment_ids.name", "ilike", WORD)]).ids)
                    if self._who(persona).has_group("spoc_catalog.group_agent")
                    else set(),
                    inner,
                ),
            }
            for way, (found, meant) in ways.items():
                with self.subTest(persona=persona, way=way):
                    self.assertFalse((found & scene) - meant)
                    if way != "inner":
                        self.assertEqual(found & scene, meant)

    def test_counts(self):
        ids = [getattr(self, name).id for name in TICKETS]
        for persona in PERSONAS[1:]:
            self.env.invalidate_all()
            Ticket = self.env["spoc.ticket"].with_user(self._who(persona))
            shown = sum(persona in readers for readers in TICKETS.values())
            rows = Ticket._read_group([("id", "in", ids)], ["desk_id"], ["__count"])
            with self.subTest(persona=persona):
                self.assertEqual(sum(count for _desk, count in rows), shown)
                rows = Ticket._read_group(
                    [("id", "in", ids)], ["owner_id"], ["__count"]
                )
                self.assertEqual(sum(count for _one, count in rows), shown)
                inner = sum(persona in inside for inside in INSIDE.values())
                rows = Ticket._read_group([("id", "in", ids)], ["impact"], ["__count"])
                self.assertEqual(sum(count for _one, count in rows), inner)

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_exports(self):
        exporting = self.env.ref("base.group_allow_export")
        for persona in PERSONAS[3:]:
            user = self._who(persona)
            user.group_ids += exporting
            for ticket in self._hidden_from(persona):
                theirs = ticket.with_user(user)
                with (
                    self.subTest(persona=persona, ticket=ticket.id),
                    self.assertRaises(AccessError),
                ):
                    theirs.export_data(["name"])
            for name in OUTSIDE:
                if persona in OUTSIDE[name]:
                    theirs = getattr(self, name).with_user(user)
                    with self.assertRaises(AccessError):
                        theirs.export_data(["routing_note"])
                    with self.assertRaises(AccessError):
                        theirs.export_data(["assignment_ids/name"])

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_what_hangs_on_tickets(self):
        """Words, files, plans, followers, stars of what one may not see, or only so."""
        hanging = {
            "mail.message": ("model", "body"),
            "ir.attachment": ("res_model", "name"),
            "mail.activity": ("res_model", "summary"),
            "mail.followers": ("res_model", "display_name"),
            "rating.rating": ("res_model", "feedback"),
        }
        for persona in PERSONAS:
            user = self._who(persona)
            inner = {getattr(self, n).id for n in INSIDE if persona in INSIDE[n]}
            outer = {getattr(self, n).id for n in OUTSIDE if persona in OUTSIDE[n]}
            scene = {getattr(self, name).id for name in TICKETS}
            for model, (column, name) in hanging.items():
                self.env.invalidate_all()
                Model = self.env[model].with_user(user)
                every = self.env[model].search(
                    [(column, "=", "spoc.ticket"), ("res_id", "in", list(scene))]
                )
                self.assertEqual({one.res_id for one in every}, scene, model)
                public = {"mail.message", "ir.attachment"}
                allowed = inner | (outer if model in public else set())
                with self.subTest(persona=persona, model=model):
                    hidden = every.filtered(
                        lambda one, ok=allowed: one.res_id not in ok
                    )
                    if not Model.has_access("read"):
                        continue
                    domain = Domain("id", "in", hidden.ids)
                    own = Model.search(domain).sudo()
                    if model == "mail.followers":
                        own = own.filtered(
                            lambda f, u=user: f.partner_id != u.partner_id
                        )
                    self.assertFalse(own)
                    for one in hidden:
                        if model == "mail.followers":
                            continue
                        with self.assertRaises(AccessError):
                            one.with_user(user).read([name])
                    seen = Model.search(Domain("id", "in", every.ids)).sudo()
                    notes = seen.filtered(
                        lambda one, ids=inner, name=name: (
                            one.res_id not in ids and "note" in str(one[name])
                        )
                    )
                    self.assertFalse(notes)

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_mentions(self):
        """Being named in words of the desk tells nobody who may not read them."""
        for name in TICKETS:
            ticket = getattr(self, name)
            owner = ticket.owner_id
            for persona in PERSONAS[1:]:
                if persona in INSIDE[name]:
                    continue
                partner = self._who(persona).partner_id
                with self.subTest(ticket=name, persona=persona):
                    with self.assertRaises(UserError):
                        ticket.with_user(owner).message_post(
                            body=f"{WORD} to you",
                            subtype_xmlid="mail.mt_note",
                            partner_ids=partner.ids,
                        )

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_acts_of_others(self):
        """No button works on a ticket one does not work on."""
        calls = {
            "action_take": lambda ticket: ticket.action_take(),
            "action_resolve": lambda ticket: ticket.action_resolve(),
            "action_readers": lambda ticket: ticket.action_readers(),
            "action_access_log": lambda ticket: ticket.action_access_log(),
            "write": lambda ticket: ticket.write({"name": "Mine"}),
            "note": lambda ticket: ticket.message_post(
                body=WORD, subtype_xmlid="mail.mt_note"
            ),
            "activity": lambda ticket: ticket.activity_schedule(
                "mail.mail_activity_data_todo", summary="Mine"
            ),
            "unlink": lambda ticket: ticket.unlink(),
        }
        for name in TICKETS:
            for persona in PERSONAS:
                if persona in INSIDE[name]:
                    continue
                ticket = getattr(self, name).with_user(self._who(persona))
                for call, act in calls.items():
                    if call == "note" and persona in OUTSIDE[name]:
                        continue  # whatever requesters say, the desk hears
                    with (
                        self.subTest(ticket=name, persona=persona, act=call),
                        self.assertRaises(UserError),
                    ):
                        act(ticket)


@tagged("post_install", "-at_install")
class TestHelpPersonaRoutes(HttpCase, HelpdeskPersonas):
    def _sign_in(self, persona):
        login = None if persona == "public" else self._who(persona).login
        self.authenticate(login, login)

    def test_every_route_has_its_line(self):
        self.assertEveryRoute(
            {*PAGES, *TOKEN_PAGES, *POSTS, *ELSEWHERE},
            *(
                getattr(controllers, name)
                for name in ("approve", "ask", "confirm", "portal", "supplier")
            ),
        )

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule")
    def test_pages(self):
        for persona in PERSONAS:
            self._sign_in(persona)
            for page, shown_to in PAGES.items():
                answer = self.url_open(self._path(page), allow_redirects=False)
                with self.subTest(persona=persona, page=page):
                    if persona in shown_to:
                        self.assertEqual(answer.status_code, 200)
                    elif persona == "public":
                        self.assertIn(answer.status_code, (303, 404))
                        self.assertNotIn(WORD, answer.text)
                    else:
                        self.assertIn(answer.status_code, (403, 404))
                        self.assertNotIn(WORD, answer.text)

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule")
    def test_lists_show_each_their_own(self):
        for persona in PERSONAS[1:]:
            self._sign_in(persona)
            for path in ("/my/requests?filterby=all", f"/my/requests?search={WORD}"):
                text = self.url_open(path).text
                for name in TICKETS:
                    shown = f"/my/requests/{getattr(self, name).id}" in text
                    with self.subTest(persona=persona, path=path, ticket=name):
                        self.assertEqual(shown, persona in OUTSIDE[name])

    @mute_logger("odoo.http")
    def test_forged_links(self):
        for persona in PERSONAS:
            self._sign_in(persona)
            for page in TOKEN_PAGES:
                answer = self.url_open(self._path(page), allow_redirects=False)
                with self.subTest(persona=persona, page=page):
                    self.assertIn(answer.status_code, (200, 404))
                    self.assertNotIn(WORD, answer.text)

    @mute_logger("odoo.http")
    def test_link_of_one_ticket_opens_that_alone(self):
        self._sign_in("public")
        page = f"/my/requests/{self.ticket.id}?access_token={self.token}"
        self.assertIn(WORD, self.url_open(page).text)
        for name in ("own_ticket", "hr_ticket", "about_ticket"):
            page = f"/my/requests/{getattr(self, name).id}?access_token={self.token}"
            answer = self.url_open(page, allow_redirects=False)
            self.assertNotEqual(answer.status_code, 200)
            self.assertNotIn(WORD, answer.text)

    def _state(self):
        """All that the posts of the table could change."""
        self.env.invalidate_all()
        return (
            self.resolved.state,
            self.resolved.reopen_count,
            self.closed.rating_count,
            self.part.state,
            self.part.answer,
            self.approval.state,
            self.approval.approver_id,
        )

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule")
    def test_posts(self):
        for persona in PERSONAS:
            self._sign_in(persona)
            for page, allowed in POSTS.items():
                if persona in allowed:
                    continue
                before = self._state()
                sent = {**SENT, "csrf_token": http.Request.csrf_token(self)}
                answer = self.url_open(
                    self._path(page), data=sent, allow_redirects=False
                )
                with self.subTest(persona=persona, page=page):
                    self.assertIn(answer.status_code, (200, 303, 403, 404))
                    self.assertEqual(self._state(), before)
                    self.assertNotIn(f"{WORD} ", answer.text)

    @mute_logger("odoo.http")
    def test_posts_need_their_page(self):
        """Without the token of the page nothing is done, not even for whom it is."""
        for page, allowed in POSTS.items():
            for persona in allowed:
                self._sign_in(persona)
                before = self._state()
                answer = self.url_open(self._path(page), data=SENT)
                with self.subTest(persona=persona, page=page):
                    self.assertEqual(answer.status_code, 400)
                    self.assertEqual(self._state(), before)
