"""The agent's cockpit: queue, person card, similar tickets, line of time."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tests import freeze_time, tagged

from odoo.addons.spoc_helpdesk.models.spoc_ticket_queue import QUEUE_ORDER

from .common import HelpdeskCommon


@tagged("post_install", "-at_install")
class TestCockpitQueue(HelpdeskCommon):
    """What is broken, silent or unheard is kept on the ticket."""

    def test_nobody_writes_it_by_hand(self):
        ticket = self._ticket(owner_id=self.agent.id)
        for name in ("broken_since", "silent_since", "unheard_since"):
            with self.subTest(name), self.assertRaises(AccessError):
                ticket.with_user(self.agent).write({name: "2020-01-01 00:00:00"})

    def test_the_requester_does_not_read_it(self):
        ticket = self._ticket()
        theirs = ticket.with_user(self.requester)
        self.assertTrue(theirs.has_access("read"))
        for name in ("broken_since", "silent_since", "unheard_since"):
            with self.subTest(name), self.assertRaises(AccessError):
                theirs.read([name])
            self.assertFalse(theirs.search([("id", "=", ticket.id), (name, "!=", 0)]))

    def test_broken_until_it_is_kept(self):
        with freeze_time("2025-01-06 09:00:00"):
            ticket = self._ticket(owner_id=self.agent.id)
        self.assertFalse(ticket.broken_since)
        response = ticket.clock_ids.filtered(lambda one: one.kind == "response")
        with freeze_time("2025-01-06 13:00:00"):
            response._spoc_breach()
        self.assertEqual(ticket.broken_since, response.due)
        with freeze_time("2025-01-06 14:00:00"):
            self._say(ticket, self.agent)
        self.assertEqual(response.state, "missed")
        self.assertFalse(ticket.broken_since, "kept at last")

    def test_the_end_ends_it(self):
        with freeze_time("2025-01-06 09:00:00"):
            ticket = self._ticket(owner_id=self.agent.id)
        with freeze_time("2025-01-08 17:00:00"):
            ticket.clock_ids._spoc_breach()
            self.assertTrue(ticket.broken_since)
            self._resolve(ticket)
        self.assertFalse(ticket.broken_since)

    def test_silence(self):
        with freeze_time("2025-01-06 09:00:00"):
            ticket = self._ticket(owner_id=self.agent.id)
        began = fields.Datetime.to_datetime("2025-01-06 09:00:00")
        self.assertEqual(ticket.silent_since, began)
        with freeze_time("2025-01-06 10:00:00"):
            self._note(ticket, self.agent)
            self._say(ticket, self.requester)
            self.assertEqual(ticket.silent_since, began, "notes break no silence")
            self.assertEqual(ticket.unheard_since, began + timedelta(hours=1))
        with freeze_time("2025-01-06 11:00:00"):
            self._say(ticket, self.requester, body="Anybody there?")
            self.assertEqual(ticket.unheard_since, began + timedelta(hours=1))
            self._say(ticket, self.agent)
        self.assertEqual(ticket.silent_since, began + timedelta(hours=2))
        self.assertFalse(ticket.unheard_since)

    def test_order(self):
        now = fields.Datetime.now()
        late, soon, later, never = (
            self._ticket() | self._ticket() | self._ticket() | (self._ticket())
        )
        late._spoc_write({"broken_since": now, "next_due": now + timedelta(days=9)})
        soon._spoc_write({"next_due": now + timedelta(hours=1)})
        later._spoc_write({"next_due": now + timedelta(hours=2)})
        never._spoc_write({"next_due": False})
        ours = Domain("id", "in", (late | soon | later | never).ids)
        found = (
            self.env["spoc.ticket"]
            .with_user(self.agent)
            .search(ours, order=QUEUE_ORDER)
        )
        self.assertEqual(found.ids, [late.id, soon.id, later.id, never.id])

    def test_inner_condition_says_what_the_domain_says(self):
        """Asked by desks or by tickets, it is the same tickets."""
        self._ticket()
        self.env["spoc.ticket"].create(
            {
                "name": "Between us",
                "desk_id": self.hr.id,
                "requester_id": self.agent.partner_id.id,
            }
        )
        self._ticket(desk_id=self.line.id)
        for user in (
            self.agent,
            self.manager,
            self.hr_agent,
            self.admin,
            self.requester,
            self.customer,
        ):
            Ticket = self.env["spoc.ticket"].with_user(user)
            slow = Ticket.sudo().search(Ticket._spoc_inner_domain())
            quick = Ticket.sudo().search(Ticket._spoc_inner_condition())
            with self.subTest(user.login):
                self.assertEqual(quick, slow)


@tagged("post_install", "-at_install")
class TestCockpitPerson(HelpdeskCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        place = cls.env["hr.work.location"].create(
            {"name": "Harbour", "address_id": cls.env.company.partner_id.id}
        )
        boss = cls.env["hr.employee"].create(
            {"name": "Berta Boss", "work_email": "berta@people.example"}
        )
        cls.employee = cls.env["hr.employee"].create(
            {
                "name": cls.requester.name,
                "user_id": cls.requester.id,
                "job_title": "Seller",
                "department_id": cls.env["hr.department"].create({"name": "Sales"}).id,
                "work_location_id": place.id,
                "parent_id": boss.id,
                "work_phone": "+46 8 123",
            }
        )
        cls.employee.tz = "Pacific/Auckland"
        cls.ticket = cls._ticket(owner_id=cls.agent.id)
        cls.ids = cls.requester.partner_id.ids

    def _cards(self, user, ids=None, ticket=None):
        return (
            self.env["spoc.ticket"]
            .with_user(user)
            .get_person_cards(ids or self.ids, (ticket or self.ticket).id)
        )

    def test_forbidden(self):
        for user in (self.requester, self.outsider, self.customer):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._cards(user)

    def test_the_directory(self):
        [card] = self._cards(self.agent)
        self.assertEqual(card["name"], self.requester.name)
        self.assertEqual(card["job"], "Seller")
        self.assertEqual(card["department"], "Sales")
        self.assertEqual(card["place"], "Harbour")
        self.assertEqual(card["manager"]["name"], "Berta Boss")
        self.assertEqual(card["manager"]["email"], "berta@people.example")
        self.assertEqual(card["phone"], "+46 8 123")
        self.assertEqual(card["tz"], "Pacific/Auckland")

    def test_only_tickets_the_reader_works_on(self):
        self._ticket(name="Another of ours")
        secret = self.env["spoc.ticket"].create(
            {
                "name": "Between me and HR",
                "desk_id": self.hr.id,
                "requester_id": self.requester.partner_id.id,
            }
        )
        [card] = self._cards(self.agent)
        self.assertEqual((card["open"], card["total"]), (2, 2))
        self.assertEqual([one["name"] for one in card["tickets"]], ["Another of ours"])
        [card] = self._cards(self.hr_agent)
        self.assertEqual(card["total"], 1)
        self.assertEqual(card["tickets"][0]["id"], secret.id)
        action = (
            self.env["spoc.ticket"]
            .with_user(self.agent)
            .action_person_tickets(self.ids[0])
        )
        listed = self.env["spoc.ticket"].with_user(self.agent).search(action["domain"])
        self.assertNotIn(secret, listed)

    def test_an_agent_asks_another_desk(self):
        """Staff who ask see their own ticket as requesters, not from inside."""
        theirs = self._ticket(
            desk_id=self.line.id, requester_id=self.agent.partner_id.id
        )
        [card] = self._cards(self.agent, self.agent.partner_id.ids)
        self.assertEqual(card["total"], 0)
        self.assertNotIn(theirs.id, [one["id"] for one in card["tickets"]])

    def test_outside_customer(self):
        company = self.env["res.partner"].create({"name": "Acme", "is_company": True})
        self.customer.partner_id.write({"parent_id": company.id, "phone": "+1 555"})
        [card] = self._cards(self.agent, self.customer.partner_id.ids)
        self.assertEqual(card["company"], "Acme")
        self.assertEqual(card["phone"], "+1 555")
        self.assertFalse(card["manager"])

    def test_cost(self):
        self._cards(self.agent)
        for number in range(10):
            self._ticket(name=f"One of many {number}")
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(26):
            self._cards(self.agent, [*self.ids, self.customer.partner_id.id])


@tagged("post_install", "-at_install")
class TestCockpitSimilar(HelpdeskCommon):
    def _alike(self, ticket, user):
        return [one["id"] for one in ticket.with_user(user).get_similar_tickets()]

    def test_solved_first_and_only_ones_own(self):
        ticket = self._ticket(name="Projector shows no picture")
        running = self._ticket(name="Projector in room 5 has no picture at all")
        solved = self._ticket(name="Picture of the projector is green")
        self._resolve(solved, text="<p>Turn the lamp.</p>")
        elsewhere = self._ticket(
            name="Projector shows no picture", desk_id=self.line.id
        )
        secret = self._ticket(name="Projector shows no picture", desk_id=self.hr.id)
        other = self._ticket(name="Coffee machine leaks")
        found = self._alike(ticket, self.agent)
        self.assertEqual(found, [solved.id, running.id])
        for foreign in (elsewhere, secret, other):
            self.assertNotIn(foreign.id, found)
        [first, _second] = ticket.with_user(self.agent).get_similar_tickets()
        self.assertEqual(first["resolution"], "Turn the lamp.")
        self.assertTrue(first["solved"])

    def test_forbidden(self):
        ticket = self._ticket(name="Projector shows no picture")
        for user in (self.requester, self.liner, self.customer):
            with self.subTest(user.login), self.assertRaises(AccessError):
                ticket.with_user(user).get_similar_tickets()

    def test_nothing_to_go_by(self):
        ticket = self._ticket(name="!")
        self.assertEqual(self._alike(ticket, self.agent), [])

    def test_a_new_subject_is_found_at_once(self):
        ticket = self._ticket(name="Projector shows no picture")
        other = self._ticket(name="Something")
        other.with_user(self.agent).name = "Projector without picture"
        self.assertEqual(self._alike(ticket, self.agent), [other.id])


@tagged("post_install", "-at_install")
class TestCockpitTimeline(HelpdeskCommon):
    def _walk(self):
        """A ticket that has seen something: taken, assigned, answered, resolved."""
        with freeze_time("2025-01-06 09:00:00"):
            ticket = self._ticket()
            self.flush_tracking()
        # The database has a clock of its own.
        self.env.cr.execute(
            "UPDATE spoc_ticket SET create_date = '2025-01-06 09:00' WHERE id = %s",
            [ticket.id],
        )
        ticket.invalidate_recordset(["create_date"])
        with freeze_time("2025-01-06 10:00:00"):
            ticket.with_user(self.agent).action_take()
            self.flush_tracking()
        with freeze_time("2025-01-06 11:00:00"):
            self._say(ticket, self.agent, body="I am looking at it")
            self._note(ticket, self.agent, body="Between us")
            part = (
                self.env["spoc.assignment"]
                .with_user(self.agent)
                .create(
                    {
                        "ticket_id": ticket.id,
                        "desk_id": self.line.id,
                        "name": "Look at the cable",
                    }
                )
            )
        with freeze_time("2025-01-06 12:00:00"):
            part.with_user(self.liner).action_accept()
            part.with_user(self.liner).answer = "<p>Fine now</p>"
            part.with_user(self.liner).action_answer()
            part.with_user(self.agent).action_confirm()
        with freeze_time("2025-01-06 13:00:00"):
            self._resolve(ticket)
            self.flush_tracking()
        return ticket

    def test_one_line_of_time(self):
        ticket = self._walk()
        line = ticket.with_user(self.agent).get_timeline()
        lanes = [lane["code"] for lane in line["lanes"]]
        for lane in ("state", "accountable", "work", "words"):
            self.assertIn(lane, lanes)
        entries = line["entries"]
        self.assertEqual(entries, sorted(entries, key=lambda one: one["at"]))

        def of(lane):
            return [one for one in entries if one["lane"] == lane]

        self.assertEqual(
            [one["code"] for one in of("state")], ["new", "in_progress", "resolved"]
        )
        new, working, resolved = of("state")
        self.assertEqual(new["end"], working["at"])
        self.assertEqual(working["at"], "2025-01-06T10:00:00")
        self.assertTrue(resolved["open"])
        desk, owner = of("accountable")
        self.assertEqual((desk["code"], desk["tone"]), ("desk", "warn"))
        self.assertEqual((owner["label"], owner["open"]), (self.agent.name, True))
        [part] = of("work")
        self.assertIn("Look at the cable", part["label"])
        self.assertEqual((part["code"], part["tone"]), ("confirmed", "ok"))
        words = " ".join(one["note"] for one in of("words"))
        self.assertIn("I am looking at it", words)
        self.assertNotIn("Between us", words)

    def test_forbidden(self):
        ticket = self._walk()
        for user in (self.requester, self.outsider, self.liner, self.customer):
            with self.subTest(user.login), self.assertRaises(AccessError):
                ticket.with_user(user).get_timeline()

    def test_addons_add_their_own(self):
        ticket = self._ticket()
        known = ticket._spoc_timeline_lanes()
        self.assertTrue(all(known.values()))
        for entry in ticket._spoc_timeline_entries():
            self.assertIn(entry["lane"], known)
            self.assertIn(entry["tone"], ("ok", "warn", "bad", "muted"))


@tagged("post_install", "-at_install")
class TestCockpitPromise(HelpdeskCommon):
    """The next update is promised for another moment, never in silence."""

    def _promise(
        self, ticket, due, body="<p>The part comes on Wednesday.</p>", by=None
    ):
        by = by or self.agent
        wizard = (
            self.env["spoc.ticket.promise"]
            .with_user(by)
            .create({"ticket_id": ticket.id, "due": due, "body": body})
        )
        return wizard.action_promise()

    def test_promised_and_told(self):
        with freeze_time("2025-01-06 10:00:00"):
            ticket = self._ticket(owner_id=self.agent.id)
        with freeze_time("2025-01-06 11:00:00"):
            self._promise(ticket, "2025-01-08 15:00:00")
        due = fields.Datetime.to_datetime("2025-01-08 15:00:00")
        self.assertEqual(ticket.next_update_due, due)
        told = ticket.message_ids.filtered(lambda m: "The part comes" in m.body)
        self.assertTrue(told._spoc_is_public())
        before, now = ticket.clock_ids.filtered(lambda c: c.kind == "update").sorted(
            "id"
        )
        self.assertEqual((before.state, now.state), ("met", "running"))
        with freeze_time("2025-01-08 10:00:00"):
            self._say(ticket, self.agent)
        self.assertEqual(now.state, "met")

    def test_refused(self):
        with freeze_time("2025-01-06 10:00:00"):
            ticket = self._ticket(owner_id=self.agent.id)
            silent = self._ticket(desk_id=self.line.id, owner_id=self.liner.id)
            before = ticket.next_update_due
            for due, body in (
                ("2025-01-08 15:00:00", "<p><br></p>"),
                ("2025-01-06 09:00:00", "<p>Soon</p>"),
            ):
                with self.subTest(due), self.assertRaises(UserError):
                    self._promise(ticket, due, body)
            with self.assertRaises(UserError):
                self._promise(silent, "2025-01-08 15:00:00", by=self.liner)
            for user in (self.requester, self.liner, self.customer):
                with self.subTest(user.login), self.assertRaises(AccessError):
                    self._promise(ticket, "2025-01-08 15:00:00", by=user)
        self.assertEqual(ticket.next_update_due, before)
