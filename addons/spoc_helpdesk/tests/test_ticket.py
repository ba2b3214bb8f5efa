from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tests.common import users

from .common import HelpdeskCommon


@tagged("post_install", "-at_install")
class TestTicket(HelpdeskCommon):
    """States, owner and closing: the rules hold whatever door is tried."""

    # ---- create ------------------------------------------------------------

    def test_create_numbers_and_defaults(self):
        first, second = self.env["spoc.ticket"].create(
            [
                {
                    "name": "One",
                    "service_id": self.service.id,
                    "requester_id": self.requester.partner_id.id,
                },
                {
                    "name": "Two",
                    "desk_id": self.desk.id,
                    "requester_id": self.requester.partner_id.id,
                },
            ]
        )
        self.assertRegex(first.number, r"^TST-\d{6}$")
        self.assertEqual(int(second.number[4:]), int(first.number[4:]) + 1)
        self.assertEqual(first.desk_id, self.desk)
        self.assertEqual(first.kind, "incident")
        self.assertEqual(second.kind, "request")
        self.assertEqual(first.state, "new")
        self._commit_checks()

    def test_create_refuses_results(self):
        for name, value in {
            "number": "TST-999999",
            "state": "closed",
            "stage_id": self.env.ref("spoc_helpdesk.stage_closed").id,
            "closed_at": "2026-01-01 00:00:00",
            "told_at": "2026-01-01 00:00:00",
            "reopen_count": 3,
            "resolution_due": "2030-01-01 00:00:00",
            "clock_ids": [(0, 0, {"kind": "response", "seconds": 1})],
        }.items():
            with self.subTest(name), self.assertRaises(AccessError):
                self._ticket(**{name: value})

    def test_create_at_foreign_desk_is_refused(self):
        with self.assertRaises(AccessError):
            self.env["spoc.ticket"].with_user(self.agent).create(
                {
                    "name": "For them",
                    "desk_id": self.line.id,
                    "requester_id": self.requester.partner_id.id,
                }
            )

    def test_load_refuses_results(self):
        """Import is no way round."""
        result = self.env["spoc.ticket"].load(
            ["name", "desk_id/.id", "requester_id/.id", "number"],
            [["Imported", self.desk.id, self.requester.partner_id.id, "TST-000001"]],
        )
        self.assertFalse(result["ids"])
        result = self.env["spoc.ticket"].load(
            ["name", "desk_id/.id", "requester_id/.id"],
            [["Imported", self.desk.id, self.requester.partner_id.id]],
        )
        self.assertTrue(result["ids"], result["messages"])

    def test_copy_begins_anew(self):
        ticket = self._ticket(owner_id=self.agent.id)
        self._resolve(ticket)
        copy = ticket.with_user(self.agent).copy()
        self.assertEqual(copy.state, "new")
        self.assertNotEqual(copy.number, ticket.number)
        self.assertFalse(copy.owner_id)
        self.assertFalse(copy.resolution)
        with self.assertRaises(AccessError):
            ticket.copy({"number": ticket.number})

    # ---- owner -------------------------------------------------------------

    def test_owner_is_member(self):
        ticket = self._ticket()
        for user in (self.liner, self.requester, self.admin, self.manager):
            with self.subTest(user.login), self.assertRaises(ValidationError):
                ticket.with_user(self.agent).owner_id = user
        with self.assertRaises(ValidationError):
            self._ticket(owner_id=self.liner.id)
        ticket.with_user(self.manager).owner_id = self.agent2
        self.assertEqual(ticket.owner_id, self.agent2)
        self._commit_checks()

    def test_take_once(self):
        ticket = self._ticket()
        ticket.with_user(self.agent).action_take()
        self.assertEqual(ticket.owner_id, self.agent)
        self.assertEqual(ticket.state, "in_progress")
        with self.assertRaises(UserError):
            ticket.with_user(self.agent2).action_take()
        with self.assertRaises(AccessError):
            self._ticket().with_user(self.liner).action_take()

    def test_member_leaves_desk(self):
        """Removed by whatever command: the tickets go back to the desk."""
        commands = {
            "unlink": lambda: [(3, self.agent.id, 0)],
            "set": lambda: [(6, 0, self.agent2.ids)],
            "clear": lambda: [(5, 0, 0)],
        }
        for name, get_command in commands.items():
            with self.subTest(name):
                self.desk.member_ids = self.agent | self.agent2
                ticket = self._ticket(owner_id=self.agent.id)
                ended = self._ticket(owner_id=self.agent.id)
                ended.with_user(self.agent).action_cancel()
                self.desk.write({"member_ids": get_command()})
                self.assertFalse(ticket.owner_id)
                self.assertEqual(ended.owner_id, self.agent, "History is left alone")
                self._commit_checks()

    def test_member_leaves_pushing_desk(self):
        self.desk.routing_mode = "push"
        ticket = self._ticket(owner_id=self.agent.id)
        self.desk.member_ids = self.agent2
        self.assertEqual(ticket.owner_id, self.agent2)
        self._commit_checks()

    def test_archived_owner(self):
        ticket = self._ticket(owner_id=self.agent.id)
        self.agent.active = False
        self.assertFalse(ticket.owner_id)
        self._commit_checks()

    def test_desk_with_open_tickets_stays(self):
        self._ticket()
        with self.assertRaises(UserError):
            self.desk.active = False

    # ---- who may -----------------------------------------------------------

    def test_only_the_owning_desk_acts(self):
        ticket = self._ticket(owner_id=self.agent.id)
        actions = [
            "action_take",
            "action_wait",
            "action_resume",
            "action_resolve",
            "action_close",
            "action_cancel",
            "action_reopen",
            "action_assign_wizard",
        ]
        people = (
            self.requester,
            self.outsider,
            self.liner,
            self.hr_agent,
            self.admin,
            self.customer,
        )
        for user in people:
            for action in actions:
                with (
                    self.subTest(user=user.login, action=action),
                    self.assertRaises(AccessError),
                ):
                    getattr(ticket.with_user(user), action)()
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                ticket.with_user(user).write({"name": "Mine now"})

    def test_results_are_not_written(self):
        """Neither by the desk, nor by a superuser, nor by a forged context."""
        ticket = self._ticket(owner_id=self.agent.id)
        values = {
            "number": "TST-999999",
            "state": "closed",
            "told_at": "2026-01-01 00:00:00",
            "reopen_count": 9,
            "resolution_due": "2030-01-01 00:00:00",
            "routing_note": {"chosen": 1},
            "description": "<p>Other words</p>",
            "desk_id": self.line.id,
            "clock_ids": [(5, 0, 0)],
            "ownership_ids": [(5, 0, 0)],
            "assignment_ids": [(0, 0, {"name": "x", "desk_id": self.line.id})],
        }
        for env in (
            ticket.with_user(self.agent),
            ticket.sudo(),
            ticket.with_user(self.agent).with_context(spoc_engine=True),
        ):
            for name, value in values.items():
                with self.subTest(name), self.assertRaises(AccessError):
                    env.write({name: value})

    # ---- states ------------------------------------------------------------

    def test_stage_is_an_action(self):
        """A drag on the board goes by the same rules as the buttons."""
        ticket = self._ticket(owner_id=self.agent.id).with_user(self.agent)
        stages = {
            state: self.env.ref(f"spoc_helpdesk.stage_{state}")
            for state in ("new", "waiting", "resolved", "closed", "cancelled")
        }
        with self.assertRaises(UserError):
            ticket.stage_id = stages["closed"]
        with self.assertRaises(UserError):
            ticket.stage_id = stages["resolved"]  # nothing says what solved it
        ticket.stage_id = stages["waiting"]
        self.assertEqual(ticket.state, "waiting")
        self.assertEqual(
            set(
                ticket.clock_ids.filtered(lambda c: c.kind != "response").mapped(
                    "state"
                )
            ),
            {"paused"},
        )
        with self.assertRaises(UserError):
            ticket.stage_id = stages["new"]
        ticket.resolution = "<p>Done</p>"
        ticket.stage_id = stages["resolved"]
        self.assertTrue(ticket.told_at, "Resolving tells, however it is done")
        ticket.stage_id = stages["closed"]
        self.assertTrue(ticket.closed_at)
        with self.assertRaises(UserError):
            ticket.stage_id = stages["cancelled"]

    def test_board_shows_all_stages_in_their_order(self):
        ticket = self._ticket()
        ticket.stage_id = self.env.ref("spoc_helpdesk.stage_in_progress")
        groups = (
            self.env["spoc.ticket"]
            .with_context(read_group_expand=True)
            .formatted_read_group([("id", "=", ticket.id)], ["stage_id"], ["__count"])
        )
        shown = [group["stage_id"][0] for group in groups]
        self.assertEqual(shown, self.env["spoc.stage"].search([]).ids)

    def test_own_stages(self):
        own = self.env["spoc.stage"].create(
            {
                "name": "With the vendor",
                "state": "in_progress",
                "sequence": 25,
                "desk_ids": [(6, 0, self.desk.ids)],
            }
        )
        ticket = self._ticket(owner_id=self.agent.id).with_user(self.agent)
        ticket.stage_id = own
        self.assertEqual(ticket.stage_id, own)
        self.assertEqual(ticket.state, "in_progress")
        other = self.env["spoc.ticket"].create(
            {
                "name": "Elsewhere",
                "desk_id": self.line.id,
                "requester_id": self.requester.partner_id.id,
            }
        )
        with self.assertRaises(ValidationError):
            other.with_user(self.liner).stage_id = own
        with self.assertRaises(ValidationError):
            own.state = "closed"

    # ---- closing -----------------------------------------------------------

    def test_resolve_needs_resolution(self):
        ticket = self._ticket(owner_id=self.agent.id).with_user(self.agent)
        action = ticket.action_resolve()
        self.assertEqual(action["res_model"], "spoc.ticket.resolve")
        self.assertEqual(ticket.state, "new")
        for nothing in ("<p><br></p>", "", "<p>  </p>"):
            ticket.resolution = nothing
            with self.assertRaises(UserError):
                ticket._spoc_resolve()

    def test_resolve_tells(self):
        ticket = self._ticket(owner_id=self.agent.id)
        with self.mock_mail_gateway():
            self._resolve(ticket)
        self.assertTrue(ticket.told_at)
        message = ticket.message_ids[0]
        self.assertTrue(message._spoc_is_public())
        self.assertIn("It starts again.", message.body)
        self.assertIn(self.requester.partner_id, message.notified_partner_ids)
        with self.assertRaises(UserError):
            ticket.with_user(self.agent).resolution = "<p>Something else</p>"

    def test_close_only_after_telling(self):
        ticket = self._ticket(owner_id=self.agent.id)
        self._resolve(ticket)
        with self.assertRaises(ValidationError):
            ticket._spoc_write({"told_at": False})
            ticket._spoc_close()
        with self.assertRaises(ValidationError):
            self._ticket()._spoc_enter("closed")

    def test_close_not_over_assignment(self):
        ticket = self._ticket(owner_id=self.agent.id)
        assignment = (
            self.env["spoc.assignment"]
            .with_user(self.agent)
            .create(
                {"ticket_id": ticket.id, "desk_id": self.line.id, "name": "Look at it"}
            )
        )
        with self.assertRaises(UserError):
            self._resolve(ticket)
        assignment.with_user(self.agent).action_cancel()
        self._resolve(ticket)
        self.assertEqual(ticket.state, "resolved")
        with self.assertRaises(UserError):
            self.env["spoc.assignment"].with_user(self.agent).create(
                {"ticket_id": ticket.id, "desk_id": self.line.id, "name": "And this"}
            )

    def test_cancel_tells_and_ends_assignments(self):
        ticket = self._ticket(owner_id=self.agent.id)
        assignment = (
            self.env["spoc.assignment"]
            .with_user(self.agent)
            .create(
                {"ticket_id": ticket.id, "desk_id": self.line.id, "name": "Look at it"}
            )
        )
        ticket.with_user(self.agent).action_cancel()
        self.assertEqual(ticket.state, "cancelled")
        self.assertTrue(ticket.told_at)
        self.assertEqual(assignment.state, "cancelled")
        self.assertNotIn("running", ticket.clock_ids.mapped("state"))

    def test_reopen(self):
        ticket = self._ticket(owner_id=self.agent.id)
        self._resolve(ticket)
        ticket.with_user(self.agent).action_close()
        ticket.with_user(self.agent2).action_reopen()
        self.assertEqual(ticket.state, "in_progress")
        self.assertEqual(ticket.owner_id, self.agent)
        self.assertEqual(ticket.reopen_count, 1)
        self.assertFalse(ticket.closed_at)
        self.assertFalse(ticket.told_at)

    def test_reopen_when_owner_is_gone(self):
        ticket = self._ticket(owner_id=self.agent.id)
        self._resolve(ticket)
        ticket.with_user(self.agent).action_close()
        self.desk.member_ids = self.agent2
        ticket.with_user(self.agent2).action_reopen()
        self.assertFalse(ticket.owner_id)
        self._commit_checks()

    def test_change_of_desk(self):
        ticket = self._ticket(owner_id=self.agent.id)
        with self.assertRaises(UserError):
            ticket.with_user(self.agent)._spoc_change_desk(self.line, " ")
        ticket.with_user(self.agent)._spoc_change_desk(self.line, "Theirs")
        self.assertEqual(ticket.desk_id, self.line)
        self.assertFalse(ticket.owner_id)
        self.assertEqual(ticket.number[:3], "TST")
        self._commit_checks()
        with self.assertRaises(AccessError):
            ticket.with_user(self.agent).name = "Still mine?"

    # ---- never deleted -----------------------------------------------------

    def test_never_deleted(self):
        ticket = self._ticket(owner_id=self.agent.id)
        with self.assertRaises(AccessError):
            ticket.with_user(self.agent).unlink()
        with self.assertRaises(AccessError):
            ticket.with_user(self.admin).unlink()
        with self.assertRaises(UserError):
            ticket.sudo().unlink()

    @users("t_agent")
    def test_agent_works_without_more_rights(self):
        """The usual day of an agent needs nothing but the agent's group."""
        ticket = self.env["spoc.ticket"].create(
            {
                "name": "On the phone",
                "desk_id": self.desk.id,
                "requester_id": self.requester.partner_id.id,
                "origin": "phone",
                "priority": "2",
            }
        )
        ticket.action_take()
        ticket.message_post(body="Working on it", subtype_xmlid="mail.mt_comment")
        ticket.action_wait()
        ticket.action_resume()
        ticket.write({"priority": "3", "resolution": "<p>Rebooted</p>"})
        ticket.action_resolve()
        ticket.action_close()
        self.assertEqual(ticket.state, "closed")
