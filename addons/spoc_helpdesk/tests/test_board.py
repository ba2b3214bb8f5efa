"""The manager's board, and reassigning from it."""

from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged, warmup

from .common import HelpdeskCommon


@tagged("post_install", "-at_install")
class TestCockpitBoard(HelpdeskCommon):
    def _board(self, user=None, **kwargs):
        return (
            self.env["spoc.board"].with_user(user or self.manager).get_board(**kwargs)
        )

    def _rows(self, board, key="agents"):
        return {row["name"]: row for row in board[key]}

    def test_forbidden(self):
        for user in (self.agent, self.requester, self.customer, self.outsider):
            Board = self.env["spoc.board"].with_user(user)
            for call in (
                Board.get_board,
                lambda Board=Board: Board.action_open("open"),
                lambda Board=Board: Board.action_reassign(self.agent.id),
            ):
                with self.subTest(user.login), self.assertRaises(AccessError):
                    call()

    def test_only_desks_one_leads(self):
        other = self._person("t_other_manager", "spoc_catalog.group_manager")
        self._ticket(desk_id=self.line.id, owner_id=self.liner.id)
        self.hr.sudo().manager_id = other
        board = self._board()
        self.assertEqual([desk["id"] for desk in board["desks"]], [self.desk.id])
        self.assertNotIn(self.liner.name, self._rows(board))
        # A desk one does not lead is not to be had by its id.
        self.assertEqual(self._board(desk_id=self.line.id)["rows"], board["rows"])
        action = self.env["spoc.board"].with_user(self.manager)
        action = action.action_open("open", desk_id=self.line.id)
        Ticket = self.env["spoc.ticket"].with_user(self.manager)
        self.assertFalse(Ticket.search(action["domain"]))
        nobody = self._person("t_leads_nothing", "spoc_catalog.group_manager")
        self.assertEqual(self._board(nobody)["rows"], [])
        confidential = self._board(self.admin)
        self.assertNotIn(self.hr.id, [desk["id"] for desk in confidential["desks"]])

    def test_counts(self):
        now = fields.Datetime.now()
        mine = self._ticket(owner_id=self.agent.id, priority="3")
        mine._spoc_write({"broken_since": now, "silent_since": now - timedelta(days=3)})
        waiting = self._ticket(owner_id=self.agent.id)
        waiting.with_user(self.agent).action_wait()
        self._ticket(owner_id=self.agent2.id)._spoc_write({"unheard_since": now})
        self._ticket()
        self._resolve(self._ticket(owner_id=self.agent.id))
        board = self._board()
        row = self._rows(board)[self.agent.name]
        self.assertEqual(row["open"], 2)
        self.assertEqual(row["priorities"], {"3": 1, "1": 1})
        self.assertEqual((row["broken"], row["waiting"], row["silent"]), (1, 1, 1))
        self.assertEqual(self._rows(board)[self.agent2.name]["unheard"], 1)
        [desk] = board["rows"]
        self.assertEqual((desk["open"], desk["unowned"]), (4, 1))
        self.assertEqual(board["totals"]["open"], 4)
        self.assertEqual(
            row["silent_since"][:16], (now - timedelta(days=3)).isoformat()[:16]
        )
        self.assertEqual(len(board["trend"]), 14)
        self.assertEqual(board["trend"][-1]["received"], 5)
        self.assertEqual(board["trend"][-1]["solved"], 1)

    def test_numbers_lead_to_their_tickets(self):
        now = fields.Datetime.now()
        broken = self._ticket(owner_id=self.agent.id)
        broken._spoc_write({"broken_since": now})
        self._ticket(owner_id=self.agent.id)
        unowned = self._ticket()
        Board = self.env["spoc.board"].with_user(self.manager)
        Ticket = self.env["spoc.ticket"].with_user(self.manager)

        def behind(kind, **kwargs):
            return Ticket.search(Board.action_open(kind, **kwargs)["domain"])

        self.assertEqual(behind("broken", owner_id=self.agent.id), broken)
        self.assertFalse(behind("broken", owner_id=self.agent2.id))
        self.assertEqual(behind("unowned"), unowned)
        board = self._board()
        for kind in ("open", "unowned", "broken", "today", "silent", "waiting"):
            with self.subTest(kind):
                self.assertEqual(len(behind(kind)), board["totals"][kind])

    @warmup
    def test_cost(self):
        """So many queries, however many tickets and agents."""
        self._board()
        for number in range(8):
            self._ticket(
                owner_id=(self.agent if number % 2 else self.agent2).id,
                priority=str(number % 4),
            )
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(26):
            self._board()


@tagged("post_install", "-at_install")
class TestCockpitReassign(HelpdeskCommon):
    def _wizard(self, tickets, user=None):
        action = tickets.with_user(user or self.manager).action_reassign_wizard()
        return (
            self.env[action["res_model"]]
            .with_user(user or self.manager)
            .with_context(**action["context"])
            .create({})
        )

    def test_forbidden(self):
        ticket = self._ticket(owner_id=self.agent.id)
        with self.assertRaises(AccessError):
            self._wizard(ticket, self.agent2)
        with self.assertRaises(AccessError):
            ticket.with_user(self.requester).action_reassign_wizard()
        foreign = self._ticket(desk_id=self.line.id, owner_id=self.liner.id)
        with self.assertRaises(AccessError):
            foreign.with_user(self.manager).action_reassign_wizard()
        # Ids put into the context by hand are looked at with the user's own rights.
        wizard = (
            self.env["spoc.ticket.reassign"]
            .with_user(self.manager)
            .with_context(spoc_ticket_ids=foreign.ids)
            .create({})
        )
        self.assertFalse(wizard.line_ids)

    def test_proposed_and_carried_out(self):
        third = self._person("t_agent_three", "spoc_catalog.group_agent")
        self.desk.member_ids = [Command.link(third.id)]
        tickets = self.env["spoc.ticket"]
        for _number in range(4):
            tickets |= self._ticket(owner_id=self.agent.id)
        wizard = self._wizard(tickets)
        self.assertEqual(wizard.line_ids.ticket_id, tickets)
        self.assertNotIn(self.agent, wizard.line_ids.user_id)
        self.assertEqual(wizard.line_ids.user_id, self.agent2 | third, "load is spread")
        self.assertTrue(all(wizard.line_ids.mapped("reason")))
        stays = wizard.line_ids[0]
        stays.user_id = False
        wizard.reason = "Agda is ill"
        wizard.action_reassign()
        self.assertEqual(stays.ticket_id.owner_id, self.agent)
        for line in wizard.line_ids - stays:
            self.assertEqual(line.ticket_id.owner_id, line.user_id)
            ledger = line.ticket_id.ownership_ids.filtered(lambda one: not one.end)
            self.assertEqual(ledger.user_id, line.user_id)
            note = line.ticket_id.message_ids.filtered(lambda m: "is ill" in m.body)
            self.assertEqual(note.author_id, self.manager.partner_id)
            self.assertFalse(note._spoc_is_public())
        self._commit_checks()

    def test_nobody_chosen(self):
        wizard = self._wizard(self._ticket(owner_id=self.agent.id))
        wizard.line_ids.user_id = False
        with self.assertRaises(UserError):
            wizard.action_reassign()

    def test_ended_tickets_are_not_offered(self):
        ticket = self._ticket(owner_id=self.agent.id)
        self._resolve(ticket)
        with self.assertRaises(UserError):
            self._wizard(ticket)

    def test_from_the_board(self):
        mine = self._ticket(owner_id=self.agent.id)
        self._ticket(owner_id=self.agent2.id)
        Board = self.env["spoc.board"].with_user(self.manager)
        action = Board.action_reassign(self.agent.id)
        self.assertEqual(action["context"]["spoc_ticket_ids"], mine.ids)
