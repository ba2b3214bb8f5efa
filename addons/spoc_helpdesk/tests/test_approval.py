"""Approvals carried out: asked in order, waited for, decided."""

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .approval_common import ApprovalCommon
from .common import MONDAY


@tagged("post_install", "-at_install")
class TestApprovalForbidden(ApprovalCommon):
    """What nobody may do."""

    def setUp(self):
        super().setUp()
        self._rule({"kind": "manager"})
        self.ticket = self._asked_for()
        self.row = self.ticket.approval_ids

    def test_others_do_not_decide(self):
        for user in (
            self.requester,
            self.chief,
            self.outsider,
            self.customer,
            self.agent,
            self.manager,
            self.admin,
        ):
            for decision in ("approved", "rejected"):
                with self.subTest(user.login), self.assertRaises(AccessError):
                    self.row.with_user(user)._spoc_decide(decision, "Mine")
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.row.with_user(user)._spoc_delegate(self.anna, "Mine")
        self.assertEqual(self.row.state, "asked")

    def test_ids_that_are_none(self):
        ghost = self.row.browse(self.row.id + 100000)
        with self.assertRaises(AccessError):
            ghost.with_user(self.boss)._spoc_decide("approved")
        with self.assertRaises(AccessError):
            (ghost | self.row).with_user(self.boss)._spoc_decide("approved")
        self.assertEqual(self.row.state, "asked")

    def test_nobody_writes_rows(self):
        for user in (self.boss, self.agent, self.manager, self.admin, self.requester):
            row = self.row.with_user(user)
            with self.subTest(user.login):
                with self.assertRaises(AccessError):
                    row.write({"state": "approved"})
                with self.assertRaises(AccessError):
                    row.write({"approver_id": user.id})
                with self.assertRaises(AccessError):
                    row.create({"ticket_id": self.ticket.id})
                with self.assertRaises(AccessError):
                    row.unlink()
        for command in (
            (1, self.row.id, {"state": "approved"}),
            (0, 0, {"state": "approved", "approver_id": self.agent.id}),
            (5, 0, 0),
        ):
            with self.subTest(command), self.assertRaises(AccessError):
                self.ticket.with_user(self.agent).write({"approval_ids": [command]})
        with self.assertRaises(AccessError):
            self.ticket.with_user(self.agent).write({"approval_state": "approved"})
        with self.assertRaises(UserError):
            self.row.unlink()

    def test_who_reads(self):
        Approval = self.env["spoc.approval"]
        mine = [("id", "in", self.row.ids)]
        for user, sees in (
            (self.boss, True),
            (self.agent, True),
            (self.manager, True),
            (self.admin, True),
            (self.requester, False),
            (self.chief, False),
            (self.outsider, False),
            (self.customer, False),
            (self.liner, False),
            (self.hr_agent, False),
        ):
            with self.subTest(user.login):
                found = Approval.with_user(user).search(mine)
                self.assertEqual(bool(found), sees)
                counted = Approval.with_user(user)._read_group(
                    mine, ["service_id"], ["__count"]
                )
                self.assertEqual(bool(counted), sees)

    def test_the_inside_stays_inside(self):
        """The approver reads the request's outside and nothing of the work."""
        self._note(self.ticket, self.agent, body="Between us: third one this year")
        row = self.row.with_user(self.boss)
        self.assertIn("Please", row.content)
        self.assertNotIn("Between us", row.content)
        for name in ("ticket_id", "terms"):
            with self.subTest(name), self.assertRaises(AccessError):
                row.read([name])
            self.assertNotIn(name, row.read()[0])
        Approval = self.env["spoc.approval"].with_user(self.boss)
        self.assertFalse(
            Approval.search([("id", "=", row.id), ("ticket_id.name", "ilike", "phone")])
        )
        self.assertFalse(Approval.search([("id", "=", row.id)], order="ticket_id"))
        ticket = self.ticket.with_user(self.boss)
        with self.assertRaises(AccessError):
            ticket.read(["name"])
        self.assertFalse(ticket.search([("id", "=", ticket.id)]))
        with self.assertRaises(AccessError):
            row.message_post(body="Hello")
        with self.assertRaises(AccessError):
            row.action_open_ticket()

    def test_coming_is_not_shown(self):
        self._rule({"kind": "manager"}, self._people(self.anna))
        ticket = self._asked_for()
        coming = ticket.approval_ids.filtered(lambda row: row.state == "coming")
        self.assertEqual(coming.approver_id, self.anna)
        self.assertFalse(coming.with_user(self.anna).search([("id", "=", coming.id)]))
        with self.assertRaises(UserError):
            coming.with_user(self.anna)._spoc_decide("approved")

    def test_confidential(self):
        """Of a confidential desk the approver reads what the step depends on."""
        form = self.env["spoc.form"].create({"name": "Secret"})
        cost, why = self.env["spoc.form.question"].create(
            [
                {"form_id": form.id, "label": "Cost", "type": "decimal"},
                {"form_id": form.id, "label": "Why", "type": "text"},
            ]
        )
        self.hr_service.write({"form_id": form.id, "visibility": "everyone"})
        self._rule(
            {
                "kind": "manager",
                "amount_from": 100,
                "amount_question_id": cost.id,
            },
            service=self.hr_service,
        )
        ticket = self._asked_for(
            service=self.hr_service,
            answers={cost.id: "700", why.id: "My illness"},
        )
        row = ticket.approval_ids.with_user(self.boss)
        self.assertEqual(row.amount, 700)
        self.assertIn("700", row.content)
        for secret in ("My illness", "Please"):
            self.assertNotIn(secret, row.content)
        self.assertEqual(row.subject, self.hr_service.name)
        for user in (self.agent, self.manager, self.admin):
            with self.subTest(user.login):
                self.assertFalse(row.with_user(user).search([("id", "=", row.id)]))

    def test_twice_and_after_the_end(self):
        row = self.row.with_user(self.boss)
        row._spoc_decide("approved")
        with self.assertRaises(UserError):
            row._spoc_decide("rejected", "No, wait")
        self.assertEqual(self.row.state, "approved")
        other = self._asked_for()
        other.with_user(self.agent).action_cancel()
        with self.assertRaisesRegex(UserError, "has ended"):
            other.approval_ids.with_user(self.boss)._spoc_decide("approved")
        self.assertEqual(other.state, "cancelled")

    def test_a_no_needs_a_reason(self):
        for reason in ("", "   ", None):
            with self.subTest(reason=reason), self.assertRaises(UserError):
                self.row.with_user(self.boss)._spoc_decide("rejected", reason)
        self.assertEqual(self.row.state, "asked")

    def test_requester_changed_to_the_approver(self):
        """Nobody decides about themselves, however it came about."""
        self.ticket.sudo().requested_for_id.sudo()
        self.ticket.with_context(
            spoc_engine=None
        ).requested_for_id = self.boss.partner_id
        self.assertNotIn(self.boss, self._open(self.ticket).approver_id)
        with self.assertRaises(UserError):
            self.row.with_user(self.boss)._spoc_decide("approved")

    def test_the_desk_does_not_go_past_it(self):
        ticket = self.ticket.with_user(self.agent)
        ticket.action_take()
        for act in (
            ticket.action_resume,
            ticket.action_resolve,
            lambda: ticket._spoc_go_to_state("in_progress"),
        ):
            with self.assertRaisesRegex(UserError, "waits for the approval"):
                act()
        ticket.resolution = "<p>Here</p>"
        with self.assertRaisesRegex(UserError, "waits for the approval"):
            ticket.action_resolve()
        with self.assertRaisesRegex(UserError, "waits for the approval"):
            ticket.stage_id = self.env.ref("spoc_helpdesk.stage_in_progress")
        supplier = self.env.ref("spoc_helpdesk.wait_reason_supplier")
        with self.assertRaisesRegex(UserError, "waits for the approval"):
            ticket._spoc_wait(supplier)
        self._say(self.ticket, self.requester, body="When?")
        self.assertEqual(self.ticket.state, "waiting")

    def test_context_from_outside(self):
        """Answers in a context are no way past the conditions."""
        rule = self._rule({"kind": "manager"})
        tickets = self.env["spoc.ticket"].with_user(self.agent)
        ticket = tickets.with_context(
            spoc_asked={"answers": {}, "form": {}}, spoc_plan=True
        ).create(
            {
                "name": "x",
                "service_id": self.needy.id,
                "requester_id": self.requester.partner_id.id,
            }
        )
        self.assertTrue(rule)
        self.assertEqual(ticket.approval_state, "asked")


@tagged("post_install", "-at_install")
class TestApproval(ApprovalCommon):
    def test_one_step(self):
        self._rule({"kind": "manager"})
        with self.mock_mail_gateway():
            ticket = self._asked_for()
        row = ticket.approval_ids
        self.assertRecordValues(
            row,
            [
                {
                    "approver_id": self.boss.id,
                    "state": "asked",
                    "step": 1,
                    "step_count": 1,
                    "kind": "manager",
                    "amount": 500,
                    "service_id": self.needy.id,
                    "requester_id": self.requester.partner_id.id,
                }
            ],
        )
        self.assertEqual((ticket.state, ticket.approval_state), ("waiting", "asked"))
        resolution = ticket.clock_ids.filtered(lambda c: c.kind == "resolution")
        self.assertEqual(resolution.state, "paused")
        self.assertEqual(row.activity_ids.user_id, self.boss)
        self.assertIn("others have to agree", str(ticket.message_ids.mapped("body")))
        self._decide(ticket, self.boss)
        self.assertEqual((row.state, row.reason), ("approved", "Since I say so"))
        self.assertEqual(ticket.approval_state, "approved")
        # Nobody had begun: it is as new as it was.
        self.assertEqual(ticket.state, "new")
        wait = ticket.wait_ids
        self.assertEqual((wait.waits_for, wait.ended_by), ("approval", "approval"))
        self.assertEqual(resolution.state, "running")
        self.assertFalse(row.activity_ids)
        self.assertIn("is approved", str(ticket.message_ids.mapped("body")))
        self._commit_checks()

    def test_no_rule_no_approvals(self):
        ticket = self._asked_for(service=self.service)
        self.assertFalse(ticket.approval_ids)
        self.assertFalse(ticket.approval_state)
        self.assertEqual(ticket.state, "new")

    def test_steps_in_order(self):
        self._rule({"kind": "manager"}, self._people(self.anna), {"kind": "manager"})
        ticket = self._asked_for()
        self.assertEqual(
            self._states(ticket),
            [(self.boss, "asked"), (self.anna, "coming"), (self.boss, "coming")],
        )
        self._decide(ticket, self.boss)
        self.assertEqual(ticket.approval_state, "asked")
        self._decide(ticket, self.anna)
        # Whoever agreed alone before has agreed.
        self.assertEqual(
            self._states(ticket),
            [(self.boss, "approved"), (self.anna, "approved"), (self.boss, "approved")],
        )
        self.assertEqual(ticket.approval_state, "approved")

    def test_agreed_before_only_if_it_was_them(self):
        """Who handed the first step on is asked in the later one."""
        self._rule({"kind": "manager"}, self._people(self.boss))
        ticket = self._asked_for()
        self._open(ticket).with_user(self.boss)._spoc_delegate(self.anna, "Knows more")
        self._decide(ticket, self.anna)
        self.assertEqual(self._open(ticket).approver_id, self.boss)

    def test_rejected(self):
        self._rule({"kind": "manager"}, self._people(self.anna))
        with self.mock_mail_gateway():
            ticket = self._asked_for()
            self._decide(ticket, self.boss, "rejected", "The old one is new")
        self.assertEqual(
            self._states(ticket), [(self.boss, "rejected"), (self.anna, "not_needed")]
        )
        self.assertEqual(
            (ticket.state, ticket.approval_state), ("cancelled", "rejected")
        )
        told = str(ticket.message_ids.mapped("body"))
        self.assertIn("The old one is new", told)
        self.assertIn("was not approved", told)
        self.assertNotIn("was cancelled", told)

    def test_rejected_and_opened_again(self):
        self._rule(self._people(self.anna), {"kind": "manager"})
        ticket = self._asked_for()
        self._decide(ticket, self.anna)
        self._decide(ticket, self.boss, "rejected", "Why?")
        self._say(ticket, self.requester, body="It is for the customer")
        self.assertEqual((ticket.state, ticket.approval_state), ("waiting", "asked"))
        # Who has agreed is not asked again.
        self.assertEqual(self._open(ticket).approver_id, self.boss)
        self._decide(ticket, self.boss)
        self.assertEqual(ticket.approval_state, "approved")
        self.assertEqual(ticket.state, "in_progress")
        self.assertEqual(len(ticket.approval_ids), 3)

    def test_cancelled_and_opened_again(self):
        self._rule({"kind": "manager"})
        ticket = self._asked_for()
        ticket.with_user(self.agent).action_cancel()
        self.assertEqual(ticket.approval_ids.state, "not_needed")
        self.assertEqual(ticket.approval_state, "off")
        self.assertFalse(ticket.approval_ids.activity_ids)
        ticket.with_user(self.agent).action_reopen()
        self.assertEqual(self._open(ticket).approver_id, self.boss)
        self.assertEqual(ticket.state, "waiting")

    def test_quorum(self):
        self._rule(
            self._people(self.anna, self.bo, self.cia, quorum="number", quorum_value=2)
        )
        ticket = self._asked_for()
        self._decide(ticket, self.anna)
        self.assertEqual(ticket.approval_state, "asked")
        self._decide(ticket, self.bo, "rejected", "No")
        self.assertEqual(ticket.approval_state, "asked")
        self._decide(ticket, self.cia)
        self.assertEqual(ticket.approval_state, "approved")
        ticket = self._asked_for()
        self._decide(ticket, self.anna)
        self._decide(ticket, self.bo)
        spared = ticket.approval_ids.filtered(lambda row: row.approver_id == self.cia)
        self.assertEqual((spared.state, spared.note), ("not_needed", "enough"))
        with self.assertRaisesRegex(UserError, "Others have decided"):
            spared.with_user(self.cia)._spoc_decide("rejected", "No")

    def test_the_definition_is_copied(self):
        """A rule that changes later changes nothing on tickets there are."""
        rule = self._rule({"kind": "manager"}, self._people(self.anna))
        ticket = self._asked_for()
        before = ticket.approval_ids.read(["approver_id", "terms", "step", "need"])
        rule.step_ids[1].user_ids = [Command.set(self.bo.ids)]
        rule.write({"may_delegate": False, "answer_hours": 1, "if_late": "refuse"})
        self.needy.approval_rule_id = False
        self.needy.price = 9
        self.assertEqual(
            ticket.approval_ids.read(["approver_id", "terms", "step", "need"]), before
        )
        self._decide(ticket, self.boss)
        self.assertEqual(self._open(ticket).approver_id, self.anna)
        self.assertEqual(self._open(ticket).amount, 500)

    def test_conditions_on_answers_and_files(self):
        form = self.env["spoc.form"].create({"name": "Cost"})
        cost, paper = self.env["spoc.form.question"].create(
            [
                {"form_id": form.id, "label": "Cost", "type": "decimal"},
                {"form_id": form.id, "label": "Offer", "type": "file"},
            ]
        )
        self.needy.form_id = form
        self._rule(
            {"kind": "manager", "amount_from": 1000, "amount_question_id": cost.id}
        )
        offer = [{"name": "offer.txt", "size": 3, "content": b"abc"}]
        for answers, asked in (
            ({cost.id: "999"}, False),
            ({cost.id: "1000"}, True),
            ({cost.id: "999", paper.id: offer}, False),
            ({cost.id: "1000", paper.id: offer}, True),
        ):
            with self.subTest(answers=answers):
                ticket = self._asked_for(answers=answers)
                self.assertEqual(bool(ticket.approval_ids), asked)
                self.assertEqual(ticket.state, "waiting" if asked else "new")
        self.assertEqual(ticket.approval_ids.amount, 1000)

    def test_who_asks_for_others_does_not_decide(self):
        form = self.env["spoc.form"].create({"name": "People", "ask_for": "several"})
        self.needy.form_id = form
        rule = self._rule({"kind": "manager"})
        people = [self.requester_employee.id]
        ticket = self._asked_for(self.boss, people=people)
        self.assertEqual(ticket.requested_for_id, self.requester.partner_id)
        self.assertEqual(self._open(ticket).approver_id, self.chief)
        rule.own_request = "agreed"
        ticket = self._asked_for(self.boss, people=people)
        self.assertFalse(self._open(ticket))
        self.assertEqual(ticket.approval_state, "approved")
        self.assertEqual(ticket.state, "new")
        self.assertEqual(ticket.approval_ids.note, "own")

    def test_several_people_at_once(self):
        form = self.env["spoc.form"].create({"name": "People", "ask_for": "several"})
        self.needy.form_id = form
        self._rule({"kind": "manager"})
        people = (self.requester_employee | self.boss_employee).ids
        tickets = self._asked_for(self.outsider, people=people)
        self.assertEqual(
            {t.requested_for_id: t.approval_ids.approver_id for t in tickets},
            {
                self.requester.partner_id: self.boss,
                self.boss.partner_id: self.chief,
            },
        )

    def test_nobody_was_found(self):
        """The desk names somebody, and not themselves."""
        self.requester_employee.parent_id = False
        self.desk.manager_id = False
        self._rule({"kind": "manager"})
        ticket = self._asked_for()
        row = ticket.approval_ids
        self.assertRecordValues(row, [{"approver_id": False, "state": "asked"}])
        with self.assertRaises(AccessError):
            row.with_user(self.liner)._spoc_reassign(self.anna, "Knows")
        with self.assertRaises(UserError):
            row.with_user(self.agent)._spoc_reassign(self.agent, "Me")
        with self.assertRaises(UserError):
            row.with_user(self.agent)._spoc_reassign(self.requester, "Them")
        with self.assertRaises(UserError):
            row.with_user(self.agent)._spoc_reassign(self.customer, "Them")
        row.with_user(self.agent)._spoc_reassign(self.anna, "Leads the project")
        self.assertEqual(self._open(ticket).approver_id, self.anna)
        self._decide(ticket, self.anna)
        self.assertEqual(ticket.approval_state, "approved")

    def test_bulk(self):
        self._rule({"kind": "manager"})
        tickets = self._asked_for() | self._asked_for()
        rows = tickets.approval_ids.with_user(self.boss)
        rows.action_approve()
        self.assertEqual(set(tickets.mapped("approval_state")), {"approved"})
        tickets = self._asked_for() | self._asked_for()
        action = tickets.approval_ids.with_user(self.boss).action_reject()
        wizard = (
            self.env["spoc.approval.decide"]
            .with_user(self.boss)
            .with_context(**action["context"])
            .create({"reason": "Not this year"})
        )
        wizard.action_decide()
        self.assertEqual(set(tickets.mapped("state")), {"cancelled"})
        self.assertEqual(set(tickets.approval_ids.mapped("reason")), {"Not this year"})

    def test_another_service(self):
        """A service chosen later brings its rule, another one takes it away."""
        self._rule({"kind": "manager"})
        ticket = self._ticket(service_id=self.service.id)
        self.assertFalse(ticket.approval_state)
        ticket.with_user(self.agent).service_id = self.needy
        self.assertEqual((ticket.state, ticket.approval_state), ("waiting", "asked"))
        ticket.with_user(self.agent).service_id = self.service
        self.assertFalse(ticket.approval_state)
        self.assertEqual(ticket.state, "new")
        self.assertFalse(self._open(ticket))

    def test_cost_of_no_rule(self):
        """A request that needs nobody's word costs nothing more."""
        ticket = self._ticket(service_id=self.service.id)
        self.env.flush_all()
        self.assertTrue(ticket.service_id.name)
        with self.assertQueryCount(0):
            ticket._spoc_begin_approvals()

    def test_time_of_answers(self):
        """In working hours of the desk: Monday, and the first hour of Tuesday."""
        self._rule({"kind": "manager"})
        with freeze_time(MONDAY):
            ticket = self._asked_for()
        with freeze_time(fields.Datetime.add(MONDAY, hours=25)):
            self._decide(ticket, self.boss)
        self.assertAlmostEqual(ticket.approval_ids.hours, 9)
