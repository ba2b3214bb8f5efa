"""Parents, children, related and alike tickets: seen by those who may read both."""

from contextlib import suppress

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from ..models.spoc_ticket_kin import LINKS
from .common import HelpdeskCommon

WORDS = "<p>The blue printer on the third floor hums and prints empty pages</p>"
ALIKE = "<p>Blue printer, third floor: it hums, all pages come out empty</p>"


@tagged("post_install", "-at_install")
class TestKin(HelpdeskCommon):
    def setUp(self):
        super().setUp()
        self.both = self._person(
            "t_both", "spoc_catalog.group_agent"
        )  # at two desks at once
        (self.desk | self.hr).write({"member_ids": [(4, self.both.id)]})
        self.ticket = self._ticket(name="The room is cold")
        self.secret = self._ticket(name="A word in confidence", desk_id=self.hr.id)
        self.other = self._ticket(
            name="No paper", requester_id=self.outsider.partner_id.id
        )

    def _link_all(self):
        """The one who works at both desks links an open ticket with a secret one."""
        mine = self.ticket.with_user(self.both)
        mine.parent_id = self.secret
        mine.related_ids = self.secret
        self.env.flush_all()
        self.env.invalidate_all()

    # ---- forbidden ----

    def test_links_themselves_are_read_by_nobody(self):
        self._link_all()
        for user in (self.both, self.agent, self.manager, self.admin, self.requester):
            theirs = self.ticket.with_user(user)
            for name in LINKS:
                with self.subTest(user=user.login, name=name):
                    with self.assertRaises(AccessError):
                        theirs.read([name])
                    value = [(5,)] if name.endswith("_ids") else False
                    with self.assertRaises(AccessError):
                        theirs.write({name: value})
                    for sought in (self.secret.id, False):
                        # Refused, or nothing found: whatever is asked.
                        with suppress(AccessError):
                            self.assertFalse(theirs.search([(name, "=", sought)]))
                    if user == self.both:
                        continue  # may read what is behind them
                    with suppress(AccessError):
                        groups = theirs._read_group([], [name])
                        self.assertFalse(any(linked for [linked] in groups), groups)
                    self.assertNotIn(name, theirs.fields_get())

    def test_a_secret_ticket_does_not_show_through(self):
        self._link_all()
        shown = self.ticket.with_user(self.both)
        self.assertEqual(shown.parent_id, self.secret)
        self.assertEqual(shown.related_ids, self.secret)
        for user in (self.agent, self.manager, self.admin):
            theirs = self.ticket.with_user(user)
            with self.subTest(user=user.login):
                values = theirs.read(["parent_id", "related_ids"])[0]
                self.assertFalse(values["parent_id"] or values["related_ids"])
                for domain in (
                    [("parent_id", "=", self.secret.id)],
                    [("parent_id", "in", self.secret.ids)],
                    [("parent_id.name", "ilike", "confidence")],
                ):
                    self.assertFalse(theirs.search(domain), domain)
                [row] = theirs._export_rows([["parent_id"], ["related_ids", "name"]])
                self.assertFalse(any(row), row)
        theirs = self.secret.with_user(self.hr_agent)
        self.assertFalse(theirs.child_ids or theirs.related_ids or theirs.child_count)
        # The requester of both reads neither link.
        with self.assertRaises(AccessError):
            self.ticket.with_user(self.requester).read(["parent_id"])

    def test_linking_takes_both(self):
        for user in (self.agent, self.manager, self.admin):
            theirs = self.ticket.with_user(user)
            for vals in (
                {"parent_id": self.secret.id},
                {"related_ids": [(4, self.secret.id)]},
            ):
                with self.subTest(user=user.login, **vals):
                    with self.assertRaises(AccessError):
                        theirs.write(vals)
                    with self.assertRaises(AccessError):
                        self.secret.with_user(user).write({"parent_id": self.ticket.id})
        for user in (self.requester, self.outsider, self.liner, self.customer):
            with self.assertRaises(AccessError):
                self.ticket.with_user(user).parent_id = self.other

    def test_what_the_agent_cannot_see_stays(self):
        """Saving the shown links takes no hidden ones away."""
        self._link_all()
        mine = self.ticket.with_user(self.agent)
        mine.related_ids = self.other
        self.env.invalidate_all()
        shown = self.ticket.with_user(self.both).related_ids
        self.assertEqual(shown, self.other | self.secret)

    def test_alike_is_not_shown_to_who_reads_one(self):
        self.ticket.description = False
        first = self._ticket(name="Printer", description=WORDS)
        self._ticket(name="Printer", description=ALIKE, desk_id=self.hr.id)
        self.env.flush_all()
        for user in (self.agent, self.admin):
            self.assertFalse(first.with_user(user).looks_like_ids)
        for user in (self.requester, self.outsider, self.customer):
            with self.assertRaises(AccessError):
                first.with_user(user).read(["looks_like_ids"])

    # ---- parent and children ----

    def test_no_circle(self):
        with self.assertRaises(UserError):
            self.ticket.with_user(self.agent).parent_id = self.ticket
        self.ticket.with_user(self.agent).parent_id = self.other
        with self.assertRaises(ValidationError):
            self.other.with_user(self.agent).parent_id = self.ticket

    def test_search_by_parent(self):
        self.ticket.with_user(self.agent).parent_id = self.other
        Ticket = self.env["spoc.ticket"].with_user(self.agent)
        desk = [("desk_id", "=", self.desk.id)]
        self.assertEqual(
            Ticket.search([*desk, ("parent_id", "=", self.other.id)]), self.ticket
        )
        self.assertEqual(
            Ticket.search([*desk, ("parent_id", "!=", False)]), self.ticket
        )
        self.assertIn(self.other, Ticket.search([*desk, ("parent_id", "=", False)]))

    def test_children_are_resolved_with_the_same_words(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.outsider.lang = "fr_FR"
        template = self.env.ref("spoc_helpdesk.mail_template_resolved")
        template.with_context(
            lang="fr_FR"
        ).body_html = '<p>Réglé : <t t-out="object.resolution"/></p>'
        busy = self._ticket()
        (self.other | busy).with_user(self.agent).parent_id = self.ticket
        self.env["spoc.assignment"].with_user(self.agent).create(
            {"ticket_id": busy.id, "desk_id": self.line.id, "name": "Look"}
        )
        mine = self.ticket.with_user(self.agent)
        self.assertEqual(mine.child_ids, self.other | busy)
        self.assertEqual(mine.child_count, 2)
        wizard = Form(
            self.env["spoc.ticket.resolve"]
            .with_user(self.agent)
            .with_context(default_ticket_id=self.ticket.id)
        )
        wizard.resolution = "<p>The server is back</p>"
        wizard.save().action_resolve()
        self.assertEqual(self.ticket.state, "resolved")
        self.assertEqual(self.other.state, "resolved")
        self.assertIn("The server is back", self.other.resolution)
        self.assertEqual(busy.state, "new", "another line still works on it")
        told = self.other.message_ids[0]
        self.assertIn("Réglé", told.body)
        self.assertIn(self.outsider.partner_id, told.partner_ids)
        self.assertNotIn(self.requester.partner_id, told.partner_ids)
        self.assertTrue(self.other.reminder_due, "each is asked on its own")

    def test_children_are_left_alone_when_the_agent_says_so(self):
        self.other.with_user(self.agent).parent_id = self.ticket
        wizard = (
            self.env["spoc.ticket.resolve"]
            .with_user(self.agent)
            .create(
                {
                    "ticket_id": self.ticket.id,
                    "resolution": "<p>Done</p>",
                    "with_children": False,
                }
            )
        )
        wizard.action_resolve()
        self.assertEqual(self.other.state, "new")

    # ---- related ----

    def test_both_show_it(self):
        mine = self.ticket.with_user(self.agent)
        mine.related_ids = self.other
        self.assertEqual(self.other.with_user(self.agent).related_ids, self.ticket)
        self.other.with_user(self.agent).related_ids = False
        self.env.invalidate_all()
        self.assertFalse(mine.related_ids)

    # ---- alike ----

    def test_looks_like(self):
        first = self._ticket(name="Printer", description=WORDS)
        second = self._ticket(name="Blue printer hums", description=ALIKE)
        self._ticket(name="My keyboard", description="<p>Coffee went into it</p>")
        self.env.flush_all()
        self.assertEqual(second.with_user(self.agent).looks_like_ids, first)
        with Form(self.env["spoc.ticket"].with_user(self.agent)) as form:
            form.name = "Blue printer, third floor, empty pages"
            form.desk_id = self.desk
            form.requester_id = self.requester.partner_id
            self.assertTrue(form.looks_like_ids.ids)
        second.with_user(self.agent).action_cancel()
        self.env.invalidate_all()
        self.assertNotIn(second, first.with_user(self.agent).looks_like_ids)

    def test_not_the_same(self):
        """Told apart once, neither is suggested for the other, until taken back."""
        first = self._ticket(name="Printer", description=WORDS)
        second = self._ticket(name="Printer hums", description=ALIKE)
        third = self._ticket(name="Blue printer", description=ALIKE)
        self.env.flush_all()
        mine = second.with_user(self.agent)
        self.assertEqual(mine.looks_like_ids, first | third)
        wizard = self.env["spoc.ticket.merge"].with_user(self.agent)
        wizard.create({"ticket_id": second.id, "other_id": first.id}).action_not_same()
        self.assertEqual(mine.looks_like_ids, third)
        self.assertEqual(mine.unlike_ids, first)
        self.assertNotIn(second, first.with_user(self.agent2).looks_like_ids)
        self.assertIn(third, first.with_user(self.agent2).looks_like_ids)
        mine.action_not_same()
        self.assertFalse(mine.looks_like_ids)
        first.with_user(self.agent2).unlike_ids -= second
        self.env.invalidate_all()
        self.assertEqual(mine.looks_like_ids, first)
        self.assertEqual(mine.unlike_ids, third)

    def test_not_the_same_of_others(self):
        self.assertIn("unlike_link_ids", LINKS)
        for user in (self.requester, self.liner, self.outsider, self.customer):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.ticket.with_user(user).action_not_same()
        both = self.ticket.with_user(self.both)
        both.unlike_ids = self.secret
        self.env.invalidate_all()
        self.assertEqual(both.unlike_ids, self.secret)
        for user in (self.agent, self.admin):
            self.assertFalse(self.ticket.with_user(user).unlike_ids)
            with self.assertRaises(AccessError):
                self.ticket.with_user(user).unlike_ids = self.secret

    def test_the_name_of_a_service_is_no_likeness(self):
        vals = {"name": self.service.name, "service_id": self.service.id}
        first = self._ticket(**vals, description="<p>The screen is black</p>")
        second = self._ticket(
            **vals,
            description="<p>I need a second charger</p>",
            requester_id=self.outsider.partner_id.id,
        )
        self.env.flush_all()
        self.assertFalse(first.with_user(self.agent).looks_like_ids)
        self.assertFalse(second.with_user(self.agent).looks_like_ids)

    def test_costs_one_query(self):
        tickets = [
            self._ticket(name="Printer", description=WORDS) for _one in range(10)
        ]
        self.env.flush_all()
        mine = tickets[0].with_user(self.agent)
        mine.looks_like_ids.mapped("name")
        self.env.invalidate_all()
        mine.read(["name", "description", "requester_id", "service_id", "answer_ids"])
        mine.answer_ids.mapped("value_text")
        before = self.env.cr.sql_log_count
        self.assertTrue(mine._spoc_alike())
        # One of them for the rules, one whether there is the extension.
        self.assertLessEqual(self.env.cr.sql_log_count - before, 6)
