from datetime import timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .common import MONDAY, HelpdeskCommon


@tagged("post_install", "-at_install")
class TestTransfer(HelpdeskCommon):
    """Another desk answers for a ticket, once it has accepted."""

    def setUp(self):
        super().setUp()
        self.line.manager_id = self._person("t_line_lead", "spoc_catalog.group_manager")
        self.lead = self.line.manager_id
        self.ticket = self._ticket(owner_id=self.agent.id, service_id=self.service.id)

    def _offer(self, ticket=None, desk=None, **kwargs):
        return (
            (ticket or self.ticket)
            .with_user(self.agent)
            ._spoc_offer_transfer(desk or self.line, "It is the network", **kwargs)
        )

    def _acts(self):
        return self.ticket.act_ids.sorted("id").mapped("kind")

    # ---- forbidden ---------------------------------------------------------

    def test_sides(self):
        transfer = self._offer()
        for user in (self.agent, self.agent2, self.admin, self.hr_agent):
            with self.subTest(user.login), self.assertRaises(AccessError):
                transfer.with_user(user).action_accept()
            with self.subTest(user.login), self.assertRaises(AccessError):
                transfer.with_user(user)._spoc_return("No")
        for user in (self.liner, self.admin, self.outsider):
            with self.subTest(user.login), self.assertRaises(AccessError):
                transfer.with_user(user).action_withdraw()
        self.assertEqual(transfer.state, "offered")
        self.assertEqual(self.ticket.desk_id, self.desk)

    def test_nobody_writes_transfers(self):
        transfer = self._offer()
        values = {
            "ticket_id": self.ticket.id,
            "name": "x",
            "from_desk_id": self.desk.id,
            "to_desk_id": self.line.id,
            "reason": "x",
        }
        for user in (self.agent, self.liner, self.admin, self.requester):
            with self.subTest(user.login):
                with self.assertRaises(AccessError):
                    transfer.with_user(user).write({"state": "accepted"})
                with self.assertRaises(AccessError):
                    transfer.with_user(user).unlink()
                with self.assertRaises(AccessError):
                    transfer.with_user(user).create(values)
        with self.assertRaises(AccessError):
            transfer.sudo().write({"state": "accepted"})
        with self.assertRaises(UserError):
            transfer.sudo().unlink()

    def test_receiving_desk_reads_the_transfer_only(self):
        transfer = self._offer(get_brief=lambda ticket: "<p>Only this</p>")
        theirs = transfer.with_user(self.liner)
        self.assertEqual(theirs.number, self.ticket.number)
        self.assertIn("Only this", theirs.brief)
        self.assertFalse(theirs.owner_ticket_id)
        with self.assertRaises(AccessError):
            theirs.read(["ticket_id"])
        with self.assertRaises(AccessError):
            self.ticket.with_user(self.liner).read(["name"])
        Transfer = self.env["spoc.transfer"].with_user(self.liner)
        self.assertFalse(Transfer.search([("ticket_id.description", "ilike", "a")]))
        self.assertFalse(Transfer._read_group([], ["ticket_id"], ["__count"]))
        for user in (self.hr_agent, self.outsider, self.customer, self.requester):
            with self.subTest(user.login), self.assertRaises(AccessError):
                transfer.with_user(user).read(["name"])

    def test_confidential_is_let_out_knowingly(self):
        ticket = self._ticket(desk_id=self.hr.id, owner_id=self.hr_agent.id)
        ours = ticket.with_user(self.hr_agent)
        with self.assertRaisesRegex(UserError, "confidential"):
            ours._spoc_offer_transfer(self.line, "Theirs")
        transfer = ours._spoc_offer_transfer(self.line, "Theirs", disclosed=True)
        for user in (self.admin, self.agent, self.outsider):
            with self.subTest(user.login), self.assertRaises(AccessError):
                transfer.with_user(user).read(["name"])
        act = ticket.act_ids
        for user in (self.admin, self.agent):
            with self.subTest(user.login), self.assertRaises(AccessError):
                act.with_user(user).read(["kind"])

    # ---- the way -----------------------------------------------------------

    def test_accepted(self):
        before = {
            clock.kind: (clock.due, clock.state) for clock in self.ticket.clock_ids
        }
        self.ticket.with_user(self.agent).activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.agent2.id
        )
        self.ticket.message_subscribe(self.agent2.partner_id.ids)
        transfer = self._offer()
        self.assertEqual(self.ticket.desk_id, self.desk, "Until it is accepted")
        self.assertEqual(self.ticket.owner_id, self.agent)
        self.assertEqual(self.ticket.offered_desk_id, self.line)
        self.assertEqual(transfer.activity_ids.user_id, self.lead)
        transfer.with_user(self.liner).action_accept()
        self.assertEqual(self.ticket.desk_id, self.line)
        self.assertFalse(self.ticket.offered_transfer_id)
        self.assertFalse(self.ticket.owner_id, "The line routes by hand")
        self.assertFalse(transfer.activity_ids)
        self.assertFalse(self.ticket.activity_ids, "Plans of people who left it")
        self.assertNotIn(self.agent2.partner_id, self.ticket.message_partner_ids)
        for clock in self.ticket.clock_ids.filtered(lambda c: c.state == "running"):
            self.assertEqual(before[clock.kind], (clock.due, "running"), "They go on")
        self.assertEqual(self._acts(), ["transfer", "transfer_accept"])
        offered, accepted = self.ticket.act_ids.sorted("id")
        self.assertEqual(offered.user_id, self.agent)
        self.assertEqual(accepted.user_id, self.liner)
        for act in (offered, accepted):
            self.assertEqual(act.desk_id, self.desk)
            self.assertEqual(act.to_desk_id, self.line)
            self.assertEqual(act.from_user_id, self.agent)
            self.assertEqual(act.reason, "It is the network")
        self._commit_checks()

    def test_new_desk_routes_by_its_rule(self):
        self.line.routing_mode = "push"
        self._offer().with_user(self.liner).action_accept()
        self.assertEqual(self.ticket.owner_id, self.liner)

    def test_after_the_move(self):
        """Whoever has to work on it reads it; the former desk reads where it went."""
        transfer = self._offer()
        transfer.with_user(self.liner).action_accept()
        mine = self.ticket.with_user(self.liner)
        mine.action_take()
        self.assertTrue(mine.name)
        self.assertTrue(mine.message_ids is not None)
        self._say(self.ticket, self.liner)
        former = transfer.with_user(self.agent)
        self.assertEqual(former.state, "accepted")
        self.assertEqual(former.to_desk_id, self.line)
        self.assertFalse(former.owner_ticket_id)
        for read in (
            lambda: self.ticket.with_user(self.agent).read(["name"]),
            lambda: former.read(["ticket_id"]),
            lambda: former.read(["ended_by_id"]),
            lambda: self.ticket.act_ids.with_user(self.agent).read(["ticket_id"]),
        ):
            with self.assertRaises(AccessError):
                read()
        acts = self.env["spoc.act"].with_user(self.agent).search([])
        self.assertEqual(set(acts.mapped("kind")), {"transfer", "transfer_accept"})
        self.assertEqual(self.ticket.with_user(self.requester).desk_id, self.line)

    def test_returned(self):
        transfer = self._offer()
        wizard = (
            self.env["spoc.transfer.return"]
            .with_user(self.liner)
            .create({"transfer_id": transfer.id, "reason": "It is the printer"})
        )
        wizard.action_return()
        self.assertEqual(transfer.state, "returned")
        self.assertEqual(transfer.return_reason, "It is the printer")
        self.assertEqual(self.ticket.desk_id, self.desk)
        self.assertEqual(self.ticket.owner_id, self.agent)
        self.assertEqual(transfer.activity_ids.user_id, self.agent)
        self.assertEqual(self._acts(), ["transfer", "transfer_return"])
        acts = self.env["spoc.act"].with_user(self.liner).search([])
        self.assertEqual(len(acts), 2, "The desk that was asked reads how it ended")
        with self.assertRaises(UserError):
            transfer.with_user(self.liner).action_accept()
        self._offer(desk=self.hr)

    def test_return_without_a_reason(self):
        with self.assertRaises(UserError):
            self._offer().with_user(self.liner)._spoc_return("  ")

    def test_withdrawn(self):
        transfer = self._offer()
        with self.assertRaises(UserError):
            self._offer(desk=self.hr)
        self.ticket.with_user(self.agent).action_withdraw_transfer()
        self.assertEqual(transfer.state, "withdrawn")
        with self.assertRaises(UserError):
            transfer.with_user(self.liner).action_accept()

    def test_rule_overrides_an_offer(self):
        transfer = self._offer()
        self.ticket.with_user(self.agent)._spoc_change_desk(self.hr, "By the rule")
        self.assertEqual(transfer.state, "withdrawn")
        self.assertEqual(self.ticket.desk_id, self.hr)
        self._commit_checks()

    def test_end_withdraws(self):
        transfer = self._offer()
        self._resolve(self.ticket)
        self.assertEqual(transfer.state, "withdrawn")
        other = self._ticket(owner_id=self.agent.id)
        transfer = self._offer(other)
        other.with_user(self.agent).action_cancel()
        self.assertEqual(transfer.state, "withdrawn")

    def test_one_offer_at_a_time(self):
        self._offer()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self.env["spoc.transfer"].create(
                {
                    "ticket_id": self.ticket.id,
                    "name": "x",
                    "from_desk_id": self.desk.id,
                    "to_desk_id": self.hr.id,
                    "reason": "x",
                }
            )

    def test_at_once_for_who_is_at_both(self):
        self.line.member_ids += self.agent
        transfer = self._offer()
        self.assertEqual(transfer.state, "accepted")
        self.assertEqual(self.ticket.desk_id, self.line)

    def test_where_it_cannot_go(self):
        empty = self.desk.create(
            {
                "name": "Nobody there",
                "code": "NBD",
                "resource_calendar_id": self.calendar.id,
            }
        )
        supplier = self.env["res.partner"].create({"name": "Cables Ltd"})
        outside = empty.copy({"code": "SUP", "supplier_id": supplier.id})
        for desk in (self.desk, empty, outside):
            with self.subTest(desk.name), self.assertRaises(UserError):
                self._offer(desk=desk)
        for reason in ("", "  ", None):
            with self.assertRaises(UserError):
                self.ticket.with_user(self.agent)._spoc_offer_transfer(
                    self.line, reason
                )

    def test_parts_go_on(self):
        """Work of other lines answers the new owner; one's own part is none."""
        Part = self.env["spoc.assignment"].with_user(self.agent)
        far, near = Part.create(
            [
                {"ticket_id": self.ticket.id, "desk_id": desk.id, "name": "Look"}
                for desk in (self.hr, self.line)
            ]
        )
        far.with_user(self.hr_agent).action_accept()
        self._offer().with_user(self.liner).action_accept()
        self.assertEqual(far.sudo().state, "accepted")
        self.assertEqual(near.sudo().state, "cancelled")
        theirs = far.with_user(self.hr_agent)
        theirs.answer = "<p>Done</p>"
        theirs.action_answer()
        self.assertEqual(self.ticket.part_ids.with_user(self.liner).progress, "done")
        self.ticket.part_ids.with_user(self.liner).action_confirm()
        self.assertEqual(far.sudo().state, "confirmed")
        self._commit_checks()

    def test_wizard(self):
        form = Form(
            self.env["spoc.ticket.transfer"]
            .with_user(self.agent)
            .with_context(default_ticket_ids=[(6, 0, self.ticket.ids)])
        )
        form.desk_id = self.line
        form.reason = "Theirs"
        wizard = form.save()
        self.assertFalse(wizard.is_disclosing)
        wizard.action_transfer()
        self.assertEqual(self.ticket.offered_desk_id, self.line)
        foreign = self._ticket(desk_id=self.line.id)
        with self.assertRaises(AccessError):
            self.env["spoc.ticket.transfer"].with_user(self.agent).create(
                {
                    "ticket_ids": [(6, 0, foreign.ids)],
                    "desk_id": self.desk.id,
                    "reason": "Mine now",
                }
            ).action_transfer()

    def test_ledger_of_a_move(self):
        with freeze_time(MONDAY):
            ticket = self._ticket(owner_id=self.agent.id)
        with freeze_time(MONDAY + timedelta(hours=1)):
            transfer = self._offer(ticket)
        with freeze_time(MONDAY + timedelta(hours=2)):
            transfer.with_user(self.liner).action_accept()

        def at(hours):
            moment = MONDAY + timedelta(hours=hours)
            return ticket._spoc_accountable_at(moment)[ticket.id]

        self.assertEqual(at(1.5), (self.desk.id, self.agent.id), "Offered is not moved")
        self.assertEqual(at(2), (self.line.id, None))
        self._commit_checks()

    def test_cost_of_accepting(self):
        def cost(count):
            tickets = self.env["spoc.ticket"].union(
                *(self._ticket(owner_id=self.agent.id) for _number in range(count))
            )
            transfers = self._offer(tickets)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            transfers.with_user(self.liner).action_accept()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        cost(1)  # warm
        one = cost(1)
        self.assertLessEqual(one, 60)
        self.assertLessEqual(cost(5) - one, 40)
