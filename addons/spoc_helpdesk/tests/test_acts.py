from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .common import HelpdeskCommon


@tagged("post_install", "-at_install")
class TestActs(HelpdeskCommon):
    """Taking, taking over, escalating, giving: each is an act of its own."""

    def setUp(self):
        super().setUp()
        self.ticket = self._ticket(owner_id=self.agent.id)
        self.unowned = self._ticket()

    def _acts(self, ticket=None):
        return (ticket or self.ticket).act_ids.sorted("id").mapped("kind")

    # ---- forbidden ---------------------------------------------------------

    def test_outsiders_do_nothing(self):
        for user in (self.liner, self.admin, self.requester, self.customer):
            ticket = self.ticket.with_user(user)
            for name in (
                "action_take_over",
                "action_escalate",
                "action_transfer_wizard",
                "action_withdraw_transfer",
            ):
                with self.subTest(user=user.login, act=name):
                    with self.assertRaises(AccessError):
                        getattr(ticket, name)()
            with self.assertRaises(AccessError):
                ticket._spoc_escalate(self.agent2)
        self.assertFalse(self.ticket.act_ids)

    def test_nobody_writes_acts(self):
        self.ticket.with_user(self.agent2).action_take_over()
        act = self.ticket.act_ids
        values = {
            "ticket_id": self.ticket.id,
            "desk_id": self.desk.id,
            "kind": "escalate",
        }
        for user in (self.agent, self.manager, self.admin, self.requester):
            with self.subTest(user.login):
                with self.assertRaises(AccessError):
                    act.with_user(user).write({"kind": "take"})
                with self.assertRaises(AccessError):
                    act.with_user(user).unlink()
                with self.assertRaises(AccessError):
                    act.with_user(user).create(values)
        with self.assertRaises(UserError):
            act.sudo().write({"reason": "Otherwise"})
        with self.assertRaises(UserError):
            act.sudo().unlink()
        for command in ((0, 0, values), (2, act.id, 0), (5, 0, 0)):
            with self.subTest(command), self.assertRaises(AccessError):
                self.ticket.with_user(self.agent2).write({"act_ids": [command]})

    def test_sql_keeps_acts(self):
        self.ticket.with_user(self.agent2).action_take_over()
        self.env.flush_all()
        for sql in (
            "UPDATE spoc_act SET kind = 'take' WHERE ticket_id = %s",
            "UPDATE spoc_act SET reason = 'x' WHERE ticket_id = %s",
            "DELETE FROM spoc_act WHERE ticket_id = %s",
        ):
            with (
                self.subTest(sql),
                self.assertRaises(IntegrityError),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(SQL(sql, self.ticket.id))

    def test_who_reads_acts(self):
        self.ticket.with_user(self.agent2).action_take_over()
        act = self.ticket.act_ids
        for user in (self.agent, self.manager, self.admin):
            self.assertEqual(act.with_user(user).kind, "take_over")
        for user in (self.liner, self.hr_agent, self.outsider, self.customer):
            with self.subTest(user.login):
                Act = self.env["spoc.act"].with_user(user)
                with self.assertRaises(AccessError):
                    act.with_user(user).read(["kind"])
                if Act.has_access("read"):
                    self.assertFalse(Act.search([]))
                    self.assertEqual(Act._read_group([], [], ["__count"]), [(0,)])

    # ---- take, take over ---------------------------------------------------

    def test_take_is_a_race(self):
        self.unowned.with_user(self.agent).action_take()
        with self.assertRaisesRegex(UserError, "T Agent has already taken"):
            self.unowned.with_user(self.agent2).action_take()
        self.assertEqual(self._acts(self.unowned), ["take"])

    def test_take_over_tells_the_former_owner(self):
        tickets = self.ticket | self._ticket(owner_id=self.agent.id) | self.unowned
        with self.mock_mail_gateway():
            tickets.with_user(self.agent2).action_take_over()
        self.assertEqual(tickets.owner_id, self.agent2)
        self.assertEqual(set(tickets.mapped("state")), {"in_progress"})
        self.assertEqual(self._acts(), ["take_over"])
        self.assertEqual(self._acts(self.unowned), ["take"])
        act = self.ticket.act_ids
        self.assertEqual(act.user_id, self.agent2)
        self.assertEqual(act.from_user_id, self.agent)
        self.assertEqual(act.to_user_id, self.agent2)
        self.assertEqual(act.desk_id, self.desk)
        told = self.env["mail.notification"].search(
            [("res_partner_id", "=", self.agent.partner_id.id)], order="id desc"
        )
        body = told[0].mail_message_id.body
        for ticket in tickets - self.unowned:
            self.assertIn(ticket.number, body, "One message for all of them")
        self.assertNotIn(self.unowned.number, body)
        self.assertNotIn("It does not start", body, "Numbers only: access may change")
        self.assertEqual(len(self._new_mails), 1)
        self._commit_checks()

    def test_take_over_by_the_manager(self):
        """The manager leads the desk, but is no member who could own."""
        with self.assertRaises(ValidationError):
            self.ticket.with_user(self.manager).action_take_over()

    def test_by_hand(self):
        """Changing the owner on the form is one of the acts, too."""
        self.unowned.with_user(self.agent).owner_id = self.agent
        self.unowned.with_user(self.agent).owner_id = self.agent2
        self.unowned.with_user(self.agent).owner_id = self.agent
        self.unowned.with_user(self.agent).owner_id = False
        self.assertEqual(
            self._acts(self.unowned), ["take", "give", "take_over", "release"]
        )
        self._commit_checks()

    def test_begun_work_is_taken(self):
        self._say(self.unowned, self.agent)
        self.assertEqual(self._acts(self.unowned), ["take"])
        other = self._ticket()
        self._resolve(other)
        self.assertEqual(self._acts(other), ["take"])

    # ---- escalate ----------------------------------------------------------

    def test_escalate(self):
        action = self.ticket.with_user(self.agent).action_escalate()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        wizard = wizard.with_user(self.agent)
        self.assertEqual(wizard.line_ids.user_id, self.agent2)
        self.assertIn("open tickets: 0", wizard.line_ids.words)
        wizard.reason = "Needs the network's map"
        with self.mock_mail_gateway():
            wizard.line_ids.action_choose()
        self.assertEqual(self.ticket.owner_id, self.agent2)
        self.assertEqual(self._acts(), ["escalate"])
        self.assertEqual(self.ticket.act_ids.reason, "Needs the network's map")
        self.assertFalse(self._new_mails, "The one who escalated knows")
        with self.assertRaises(UserError):
            self.ticket.with_user(self.agent)._spoc_escalate(self.agent2)
        self._commit_checks()

    def test_escalate_to_somebody_elsewhere(self):
        with self.assertRaises(ValidationError):
            self.ticket.with_user(self.agent)._spoc_escalate(self.liner)

    def test_escalate_alone(self):
        self.desk.member_ids = self.agent
        with self.assertRaises(UserError):
            self.ticket.with_user(self.agent).action_escalate()

    def test_experience_comes_first(self):
        senior = self._person("t_senior", "spoc_catalog.group_agent")
        self.desk.member_ids += senior
        for _number in range(2):
            done = self._ticket(owner_id=senior.id, service_id=self.service.id)
            self._resolve(done, senior)
            done.with_user(senior).action_close()
        ticket = self._ticket(owner_id=self.agent.id, service_id=self.service.id)
        proposals = ticket.with_user(self.agent)._spoc_propose()
        self.assertEqual([one.id for one in proposals], [senior.id, self.agent2.id])
        words = ticket._spoc_proposal_words(proposals[0])
        self.assertIn("of this kind solved: 2", words)

    # ---- cost --------------------------------------------------------------

    def _cost(self, act, tickets):
        """Queries of an act on some tickets, all written and tracked."""
        self.env.flush_all()
        self.env.invalidate_all()
        tickets = tickets.with_user(self.agent2)
        before = self.env.cr.sql_log_count
        with self.mock_mail_gateway():
            getattr(tickets, act)()
            self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def _many(self, count, **vals):
        return self.env["spoc.ticket"].union(
            *(self._ticket(**vals) for _number in range(count))
        )

    def test_cost_of_taking(self):
        self._cost("action_take", self._many(1))  # warm
        one = self._cost("action_take", self._many(1))
        ten = self._cost("action_take", self._many(10))
        self.assertLessEqual(one, 18)
        self.assertLessEqual(ten - one, 9, "No query per ticket")

    def test_cost_of_taking_over(self):
        owned = {"owner_id": self.agent.id}
        self._cost("action_take_over", self._many(1, **owned))  # warm
        one = self._cost("action_take_over", self._many(1, **owned))
        ten = self._cost("action_take_over", self._many(10, **owned))
        self.assertLessEqual(one, 45)
        self.assertLessEqual(ten - one, 9, "No query per ticket, one message in all")
