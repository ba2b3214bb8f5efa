"""Figures stored when a ticket ends."""

from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from ..ticket_measure import VERSION
from .common import MONDAY, HelpdeskCommon


def at(hour, day=0):
    return MONDAY.replace(hour=hour) + timedelta(days=day)


@tagged("post_install", "-at_install")
class TestMeasure(HelpdeskCommon):
    def _open(self, **vals):
        with freeze_time(at(9)):
            ticket = self._ticket(owner_id=self.agent.id, **vals)
        return ticket

    def _close(self, ticket, moment=None):
        with freeze_time(moment or at(11)):
            self._resolve(ticket)
            ticket._spoc_confirm()
        return ticket.measure_ids.filtered("is_current")

    # ---- who may not ----

    def test_forbidden(self):
        row = self._close(self._open())
        self.assertTrue(row.with_user(self.agent).read(["is_first_contact"]))
        for user in (
            self.requester,
            self.customer,
            self.outsider,
            self.liner,
            self.hr_agent,
        ):
            with self.subTest(user=user.login):
                for records in (row, row.party_ids):
                    theirs = records.with_user(user)
                    with self.assertRaises(AccessError):
                        theirs.read(["ticket_id"])
                    self.assertFalse(
                        theirs.has_access("read")
                        and theirs.search_count([("id", "in", records.ids)])
                    )
                with self.assertRaises(AccessError):
                    row.ticket_id.with_user(user).read(["measure_ids"])
        for user in (self.agent, self.manager, self.admin):
            theirs = row.with_user(user)
            with self.assertRaises(AccessError):
                theirs.write({"is_first_contact": False})
            with self.assertRaises(AccessError):
                theirs.unlink()
            with self.assertRaises(AccessError):
                theirs.create({"ticket_id": row.ticket_id.id})
            with self.assertRaises(AccessError):
                row.ticket_id.with_user(user).write({"measure_ids": [(5,)]})
        with self.assertRaises(UserError):
            row.write({"first_contact_percent": 100})
        with self.assertRaises(UserError):
            row.unlink()

    def test_a_confidential_desk_counts_for_itself(self):
        ticket = self._ticket(desk_id=self.hr.id, owner_id=self.hr_agent.id)
        self._resolve(ticket, self.hr_agent)
        ticket._spoc_confirm()
        for name in ("spoc.ticket.measure", "spoc.first.line"):
            self.env.flush_all()
            for user in (self.admin, self.manager, self.agent):
                model = self.env[name].with_user(user)
                domain = [("desk_id", "=", self.hr.id)]
                self.assertFalse(model.search_count(domain), (name, user.login))
                self.assertFalse(model._read_group(domain, ["desk_id"]))

    def test_agents_do_not_see_one_another(self):
        for agent in (self.agent, self.agent2):
            ticket = self._ticket(owner_id=agent.id)
            self._resolve(ticket, agent)
            ticket._spoc_confirm()
        self.env.flush_all()
        Report = self.env["spoc.first.line"]
        domain = [("desk_id", "=", self.desk.id)]
        mine = Report.with_user(self.agent).search(domain)
        self.assertEqual(mine.owner_id, self.agent)
        self.assertEqual(
            Report.with_user(self.manager).search(domain).owner_id,
            self.agent | self.agent2,
        )

    # ---- what is stored ----

    def test_at_first_contact(self):
        row = self._close(self._open())
        self.assertRecordValues(
            row,
            [
                {
                    "outcome": "closed",
                    "rule_version": VERSION,
                    "reopen_days": self.desk.reopen_days,
                    "is_solved": True,
                    "is_first_contact": True,
                    "is_first_line": True,
                    "first_contact_percent": 100,
                    "agent_count": 1,
                    "desk_count": 1,
                    "desk_words": 0,
                    "requester_words": 0,
                    "desk_work_hours": 2,
                    "total_hours": 2,
                    "owner_id": self.agent.id,
                }
            ],
        )
        # The rule that held is the row's own.
        self.desk.reopen_days = 99
        self.assertNotEqual(row.reopen_days, 99)

    def test_more_words_are_more_contacts(self):
        ticket = self._open()
        with freeze_time(at(10)):
            self._say(ticket, self.agent, "What does it show?")
            self._say(ticket, self.requester, "Nothing")
            self._note(ticket, self.agent2, "Hm")
        row = self._close(ticket)
        self.assertEqual((row.is_first_contact, row.is_first_line), (False, True))
        self.assertEqual((row.desk_words, row.requester_words), (1, 1))

    def test_the_mail_that_made_it_is_no_second_word(self):
        with freeze_time(at(9)), self.mock_mail_gateway():
            ticket = self.format_and_process(
                "From: {email_from}\nTo: {to}\nSubject: {subject}\n"
                "Message-Id: {msg_id}\nContent-Type: text/plain\n\nIt does not start",
                self.requester.email_formatted,
                f"helpme@{self.alias_domain}",
                subject="It does not start",
                target_model="spoc.ticket",
                msg_id="<first@clients.example>",
            )
            ticket.with_user(self.agent).action_take()
        row = self._close(ticket)
        self.assertEqual(row.requester_words, 0)
        self.assertTrue(row.is_first_contact)

    def test_another_line(self):
        ticket = self._open()
        with freeze_time(at(10)):
            part = (
                self.env["spoc.assignment"]
                .with_user(self.agent)
                .create(
                    {"ticket_id": ticket.id, "desk_id": self.line.id, "name": "Look"}
                )
            )
        with freeze_time(at(11)):
            part.with_user(self.liner).action_accept()
        with freeze_time(at(13)):
            part.with_user(self.liner).answer = "<p>It is the fan</p>"
            part.with_user(self.liner).action_answer()
        with freeze_time(at(14)):
            part.with_user(self.agent).action_confirm()
        row = self._close(ticket, at(15))
        self.assertEqual((row.is_first_contact, row.is_first_line), (False, False))
        self.assertEqual((row.agent_count, row.desk_count, row.line_count), (2, 2, 1))
        self.assertEqual((row.line_work_hours, row.line_wait_hours), (2, 1))
        self.assertEqual((row.desk_work_hours, row.total_hours), (3, 6))
        parties = {(p.party, p.desk_id): p.work_hours for p in row.party_ids}
        self.assertEqual(parties[("line", self.line)], 2)

    def test_cancelled_is_not_met(self):
        ticket = self._open()
        ticket.with_user(self.agent).action_cancel()
        row = ticket.measure_ids
        self.assertEqual(row.outcome, "cancelled")
        self.assertFalse(row.is_solved or row.is_first_contact or row.is_first_line)
        self.assertEqual(row.first_line_percent, 0)

    def test_an_end_that_solves_nothing(self):
        ticket = self._open()
        ticket.with_user(self.agent).resolution_code_id = self.env.ref(
            "spoc_helpdesk.resolution_code_refused"
        )
        row = self._close(ticket)
        self.assertFalse(row.is_solved or row.is_first_contact)
        self.assertEqual(row.outcome, "closed")

    def test_coming_back_makes_another_row(self):
        ticket = self._open()
        first = self._close(ticket)
        with freeze_time(at(12)):
            self._say(ticket, self.requester, "No, it is back")
        self.assertFalse(first.is_current)
        self.assertEqual(first.reopened_at, at(12))
        self.assertTrue(first.is_first_contact, "as it was found then")
        self.assertFalse(ticket.measure_ids.filtered("is_current"))
        second = self._close(ticket, at(14))
        self.assertEqual(len(ticket.measure_ids), 2)
        self.assertFalse(second.is_first_contact)
        self.assertTrue(second.is_first_line)
        # From 11 to 12 it waited for a yes.
        self.assertEqual(second.requester_wait_hours, 1)
        self.assertEqual(second.desk_work_hours, 4)

    def test_a_no_before_the_end_counts_too(self):
        ticket = self._open()
        with freeze_time(at(10)):
            self._resolve(ticket)
        with freeze_time(at(12)):
            ticket._spoc_reject("No")
        row = self._close(ticket, at(13))
        self.assertEqual(row.requester_wait_hours, 2)
        self.assertEqual((row.reopen_count, row.is_first_contact), (1, False))

    def test_a_follow_up_is_no_first_contact(self):
        ticket = self._open()
        self._close(ticket)
        with freeze_time(at(9, day=20)):
            follow_up = ticket._spoc_follow_up()
            follow_up.with_user(self.agent).action_take()
        row = self._close(follow_up, at(10, day=20))
        self.assertEqual((row.is_first_contact, row.is_first_line), (False, True))

    # ---- both readings of 80/20 ----

    def test_both_readings(self):
        """Of ten tickets eight need nobody else; of two agents one gets that far."""
        self.desk.first_line_goal = 80
        for number in range(10):
            owner = self.agent if number < 5 else self.agent2
            with freeze_time(at(9)):
                ticket = self._ticket(owner_id=owner.id)
                if number >= 8:
                    part = (
                        self.env["spoc.assignment"]
                        .with_user(owner)
                        .create(
                            {
                                "ticket_id": ticket.id,
                                "desk_id": self.line.id,
                                "name": "Look",
                            }
                        )
                    )
                    part.with_user(owner).action_cancel()
            with freeze_time(at(11)):
                self._resolve(ticket, owner)
                ticket._spoc_confirm()
        self.env.flush_all()
        domain = [("desk_id", "=", self.desk.id)]
        [[tickets]] = (
            self.env["spoc.ticket.measure"]
            .with_user(self.manager)
            ._read_group(
                [*domain, ("is_current", "=", True)], [], ["first_line_percent:avg"]
            )
        )
        [[agents]] = (
            self.env["spoc.first.line"]
            .with_user(self.manager)
            ._read_group(domain, [], ["reaches_percent:avg"])
        )
        self.assertEqual((tickets, agents), (80, 50))

    def test_queries_do_not_grow(self):
        def cost(number):
            with freeze_time(at(9)):
                tickets = self.env["spoc.ticket"].concat(
                    *[self._ticket(owner_id=self.agent.id) for _one in range(number)]
                )
                for ticket in tickets:
                    self._say(ticket, self.agent, "Soon")
            with freeze_time(at(11)):
                for ticket in tickets:
                    self._resolve(ticket)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            with freeze_time(at(12)):
                tickets._spoc_close()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        cost(1)
        few, many = cost(2), cost(20)
        self.assertLessEqual(many, few + 3)

    # ---- the list of ends ----

    def test_codes(self):
        Code = self.env["spoc.resolution.code"]
        for user in (self.agent, self.manager):
            self.assertTrue(Code.with_user(user).search([]))
            with self.assertRaises(AccessError):
                Code.with_user(user).create({"name": "Mine"})
        for user in (self.requester, self.customer):
            with self.assertRaises(AccessError):
                Code.with_user(user).search([])
        ticket = self._open()
        self._resolve(ticket)
        self.assertEqual(ticket.resolution_code_id, Code.search([], limit=1))
        with self.assertRaises(UserError):
            ticket.with_user(self.agent).resolution_code_id = Code.search([])[-1]
        own = Code.with_user(self.admin).create(
            {
                "name": "Only at the other desk",
                "sequence": 1,
                "desk_ids": [Command.set(self.line.ids)],
            }
        )
        self.assertNotEqual(Code._spoc_usual(self.desk), own)
        self.assertEqual(Code._spoc_usual(self.line), own)
