from datetime import timedelta
from unittest.mock import patch

from psycopg2.errors import CheckViolation, SerializationFailure, UniqueViolation

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import MONDAY
from .routing_common import RoutingCommon


@tagged("post_install", "-at_install")
class TestRoutingNeeds(RoutingCommon):
    """What services ask for, and what their categories do."""

    def test_level(self):
        self._need(self.much)
        self._teach(self.employee, self.some)
        ticket = self._ask()
        self.assertFalse(ticket.owner_id)
        self.assertIn("Printers 40, needed 90", ticket.routing_table)
        self._teach(self.employee2, self.much)
        self.assertEqual(self._ask().owner_id, self.agent2)

    def test_category_hands_down(self):
        top = self.env["spoc.category"].create({"name": "Things"})
        below = top.create({"name": "Small things", "parent_id": top.id})
        self.service.category_id = below
        self._need(self.much, category_id=top.id)
        self._teach(self.employee2, self.much)
        for _ticket in range(2):
            self.assertEqual(self._ask().owner_id, self.agent2)
        self._need(self.some, category_id=below.id)
        needs = self.env["spoc.skill.need"]._spoc_of(self.service.id, below.id)
        self.assertEqual(needs, ((self.skill.id, 40),), "The nearest says it")
        self._need(service_id=self.service.id)
        needs = self.env["spoc.skill.need"]._spoc_of(self.service.id, below.id)
        self.assertEqual(needs, ((self.skill.id, 0),), "The service itself comes first")

    def test_category_without_service(self):
        category = self.env["spoc.category"].create({"name": "Things"})
        self._need(category_id=category.id)
        self._teach(self.employee2, self.some)
        for _ticket in range(2):
            ticket = self._ask(service_id=False, category_id=category.id)
            self.assertEqual(ticket.owner_id, self.agent2)

    def test_level_of_another_type_goes(self):
        need = self._need(self.much)
        other = self.skill.skill_type_id.copy()
        need.skill_id = self.env["hr.skill"].create(
            {"name": "Other", "skill_type_id": other.id}
        )
        self.assertFalse(need.level_id)
        self.assertEqual(need.minimum, 0)

    @mute_logger("odoo.sql_db")
    def test_one_thing_once(self):
        category = self.env["spoc.category"].create({"name": "Things"})
        self._need()
        for vals, error in (
            ({"service_id": self.service.id}, UniqueViolation),
            ({"service_id": False}, CheckViolation),
            (
                {"service_id": self.service.id, "category_id": category.id},
                CheckViolation,
            ),
        ):
            with (
                self.subTest(vals),
                self.assertRaises(error),
                self.env.cr.savepoint(),
            ):
                self._need(**vals)

    def test_nobody_can_take(self):
        self.assertFalse(self.service.nobody_can_take)
        self._need(self.much)
        self._teach(self.employee, self.some)
        self.env.invalidate_all()
        self.assertTrue(self.service.nobody_can_take)
        self.assertIn("Printers (90)", self.service.pool_words)
        self.assertIn("Printers (90)", self.desk.routing_gaps)
        found = self.env["spoc.service"].search([("nobody_can_take", "=", True)])
        self.assertIn(self.service, found)
        self.assertNotIn(self.hr_service, found, "Members choose there")
        rest = self.env["spoc.service"].search([("nobody_can_take", "=", False)])
        self.assertNotIn(self.service, rest)
        self._teach(self.employee2, self.much)
        self.env.invalidate_all()
        self.assertFalse(self.service.nobody_can_take)
        self.assertFalse(self.desk.routing_gaps)
        self.desk.member_ids = False
        self.env.invalidate_all()
        self.assertTrue(self.service.nobody_can_take)


@tagged("post_install", "-at_install")
class TestRoutingPush(RoutingCommon):
    """Limits, experience, what is given back, and where it goes then."""

    def test_cost(self):
        """However many tickets and members: one query says all there is to know."""
        self._need(self.some)
        self._teach(self.employee, self.some)
        Ticket = self.env["spoc.ticket"]
        with freeze_time(MONDAY + timedelta(hours=1)):
            ask = {
                "desk_id": self.desk.id,
                "service_id": self.service.id,
                "requester_id": self.requester.partner_id.id,
            }
            Ticket._spoc_route([dict(ask)], Ticket._spoc_hours())
            drafts = [dict(ask) for _ticket in range(10)]
            self.env.flush_all()
            with self.assertQueryCount(1):
                Ticket._spoc_route(drafts, Ticket._spoc_hours())
        self.assertEqual({draft["owner_id"] for draft in drafts}, {self.agent.id})

    def test_capacity(self):
        self.desk.capacity = 1
        partners = self._partners(4)
        owners = [self._ask(requester_id=p.id).owner_id for p in partners[:2]]
        self.assertEqual(set(owners), {self.agent, self.agent2})
        third = self._ask(requester_id=partners[2].id)
        self.assertFalse(third.owner_id)
        self.assertIn("has 1 of at most 1", third.routing_table)
        self.assertEqual(third.activity_ids.user_id, self.manager)

    def test_limit_of_one(self):
        self.env["spoc.desk.limit"].create(
            {"desk_id": self.desk.id, "user_id": self.agent.id, "capacity": 0}
        )
        for partner in self._partners(3):
            self.assertEqual(self._ask(requester_id=partner.id).owner_id, self.agent2)

    def test_work_by_priority(self):
        self.desk.write({"capacity": 2, "load_by_priority": True})
        self.desk.member_ids = self.agent
        heavy = self._ask(priority="3")
        self.assertEqual(heavy.owner_id, self.agent)
        self.assertFalse(self._ask().owner_id, "An urgent one is two")

    def test_hand_free_again(self):
        """What could not be given is given as soon as somebody has a hand free."""
        self.desk.capacity = 1
        self.desk.member_ids = self.agent
        first, second = self._ask(), self._ask()
        self.assertFalse(second.owner_id)
        with freeze_time(MONDAY + timedelta(hours=2)):
            first.with_user(self.agent).resolution = "Done"
            first.with_user(self.agent).action_resolve()
        self.assertEqual(second.owner_id, self.agent)
        self.assertFalse(second.nobody_fits)

    def test_experience(self):
        """Who has solved it for good gets the next; what came back does not count."""
        partners = self._partners(4)
        first = self._ask(owner_id=self.agent2.id, requester_id=partners[0].id)
        self._solve(first)
        self._read_experience(self.agent2, 1, 0)
        ticket = self._ask(requester_id=partners[1].id)
        self.assertEqual(ticket.owner_id, self.agent2)
        self.assertIn("1 like it solved for good", ticket.routing_words)
        first.with_user(self.agent2).action_reopen()
        self._read_experience(self.agent2, 0, 1)
        self._solve(first)
        self._read_experience(self.agent2, 0, 1)

    def test_experience_sums_up(self):
        for partner in self._partners(3):
            self._solve(self._ask(owner_id=self.agent.id, requester_id=partner.id))
        Experience = self.env["spoc.experience"]
        self.assertEqual(len(self._read_experience(self.agent, 3, 0)), 3)
        Experience._gc_sum_up()
        self.assertEqual(len(self._read_experience(self.agent, 3, 0)), 1)
        Experience._spoc_rebuild()
        self._read_experience(self.agent, 3, 0)

    def _solve(self, ticket):
        with freeze_time(MONDAY + timedelta(hours=3)):
            mine = ticket.with_user(ticket.owner_id)
            mine.resolution = "Done"
            mine.action_resolve()
            mine.action_close()

    def _read_experience(self, user, solved, reopened):
        rows = self.env["spoc.experience"].search([("user_id", "=", user.id)])
        self.assertEqual(sum(rows.mapped("solved")), solved)
        self.assertEqual(sum(rows.mapped("reopened")), reopened)
        self.assertEqual(rows.service_id, self.service)
        return rows

    def test_weights(self):
        self.desk.write({"weight_known": 0, "weight_load": 50})
        first = self._ask()
        self.assertNotEqual(self._ask().owner_id, first.owner_id)

    def test_idle(self):
        ticket = self._ask()
        first = ticket.owner_id
        with freeze_time(MONDAY + timedelta(hours=4)):
            ticket._spoc_idle()
        second = ticket.owner_id
        self.assertEqual(first | second, self.agent | self.agent2)
        self.assertEqual(ticket.let_lie_by_id, first)
        self.assertIn("did not begin it in time", ticket.routing_table)
        with freeze_time(MONDAY + timedelta(hours=6)):
            ticket._spoc_idle()
        self.assertEqual(ticket.owner_id, first, "Not twice in a row, but again")

    def test_idle_alone(self):
        self.desk.member_ids = self.agent
        ticket = self._ask()
        with freeze_time(MONDAY + timedelta(hours=4)):
            ticket._spoc_idle()
        self.assertFalse(ticket.owner_id)
        self.assertEqual(ticket.activity_ids.user_id, self.manager)

    def test_begun_is_not_idle(self):
        ticket = self._ask()
        ticket.with_user(ticket.owner_id).action_take()
        ticket._spoc_idle()
        self.assertTrue(ticket.owner_id)
        self.assertFalse(ticket.let_lie_by_id)

    def test_lunch_is_duty(self):
        self.calendar.attendance_ids = [
            Command.clear(),
            *(
                Command.create(
                    {
                        "name": "Day",
                        "dayofweek": "0",
                        "hour_from": start,
                        "hour_to": end,
                        "day_period": "morning" if start < 12 else "afternoon",
                    }
                )
                for start, end in ((9, 12), (13, 17))
            ),
        ]
        self.assertTrue(self._ask(hours=3.5).owner_id)

    def test_own_hours(self):
        """Who works when, and for how much longer, is read from their own calendar."""
        short = self.calendar.copy(
            {
                "attendance_ids": [
                    Command.clear(),
                    Command.create(
                        {
                            "name": "Short",
                            "dayofweek": "0",
                            "hour_from": 9,
                            "hour_to": 11,
                            "day_period": "morning",
                        }
                    ),
                ]
            }
        )
        self.employee.resource_calendar_id = short
        ticket = self._ask(hours=1)
        self.assertEqual(ticket.owner_id, self.agent2, "Has more time left")
        self.assertIn("60 min left today", ticket.routing_table)
        for partner in self._partners(3):
            ticket = self._ask(hours=3, requester_id=partner.id)
            self.assertEqual(ticket.owner_id, self.agent2)

    def test_who_fits(self):
        ticket = self._ask()
        other = self.agent2 if ticket.owner_id == self.agent else self.agent
        with freeze_time(MONDAY + timedelta(hours=2)):
            action = ticket.with_user(ticket.owner_id).action_who_fits()
            fit = self.env["spoc.ticket.fit"].browse(action["res_id"])
            self.assertEqual(fit.line_ids.user_id, self.agent | self.agent2)
            line = fit.line_ids.filtered(lambda line: line.user_id == other)
            line.with_user(ticket.owner_id).action_give()
        self.assertEqual(ticket.owner_id, other)
        self.assertEqual(ticket.routing_note["chosen"], other.id)
        with self.assertRaises(UserError):
            ticket.with_user(other)._spoc_give(self.liner)


@tagged("post_install", "-at_install")
class TestRoutingOverflow(RoutingCommon):
    """What a desk cannot take goes to another, and does not come back."""

    def setUp(self):
        super().setUp()
        self.line.routing_mode = "push"
        self.desk.overflow_desk_id = self.line

    def test_nobody(self):
        self._need(self.much)
        ticket = self._ask()
        self.assertEqual(ticket.desk_id, self.line)
        self.assertEqual(ticket.overflowed_from_id, self.desk)
        self.assertFalse(ticket.owner_id, "The skill is needed there, too")
        self.env["hr.employee"].create({"name": "L", "user_id": self.liner.id})
        self._teach(self.liner.employee_id, self.much)
        ticket = self._ask()
        self.assertEqual(ticket.owner_id, self.liner)
        self.assertFalse(ticket.activity_ids, "No alarm: it has found somebody")
        said = ticket.message_ids.mapped("body")
        self.assertTrue(any("Nobody at Test desk could take it" in b for b in said))
        rows = ticket.ownership_ids.sorted("id")
        self.assertEqual(rows.desk_id, self.desk | self.line)
        self.assertEqual(rows[-1].user_id, self.liner)

    def test_queue(self):
        self.desk.write({"routing_mode": "pull", "overflow_length": 2})
        tickets = [self._ask() for _ticket in range(3)]
        self.assertEqual(
            [t.desk_id for t in tickets], [self.desk, self.desk, self.line]
        )
        self.assertEqual(tickets[2].owner_id, self.liner)
        with freeze_time(MONDAY + timedelta(hours=1)):
            batch = self.env["spoc.ticket"].create(
                [
                    {
                        "name": "x",
                        "desk_id": self.desk.id,
                        "requester_id": self.requester.partner_id.id,
                    }
                ]
                * 2
            )
        self.assertEqual(batch.desk_id, self.line)

    def test_chain_ends(self):
        self.line.member_ids = False
        self._need()
        ticket = self._ask()
        self.assertEqual(ticket.desk_id, self.line)
        self.assertFalse(ticket.owner_id)
        # Somebody gives it back by hand: it stays, and somebody is called.
        with freeze_time(MONDAY + timedelta(hours=2)):
            ticket._spoc_write(
                {"desk_id": self.desk.id, "stage_id": ticket.stage_id.id}
            )
            ticket._spoc_move_ledger()
            ticket._spoc_route_again()
        self.assertEqual(ticket.desk_id, self.desk)
        self.assertEqual(ticket.activity_ids.user_id, self.manager)

    def test_no_loop(self):
        with self.assertRaises(ValidationError):
            self.line.overflow_desk_id = self.desk
        with self.assertRaises(ValidationError):
            self.desk.overflow_desk_id = self.desk

    def test_confidential_stays(self):
        with self.assertRaises(ValidationError):
            self.hr.overflow_desk_id = self.line
        self.line.privacy = "confidential"
        self.hr.overflow_desk_id = self.line
        with self.assertRaises(ValidationError):
            self.line.privacy = "open"

    def test_archived_desk_takes_nothing(self):
        self.line.active = False
        self._need()
        self.assertEqual(self._ask().desk_id, self.desk)


@tagged("post_install", "-at_install")
class TestRoutingPull(RoutingCommon):
    """Take the next."""

    def setUp(self):
        super().setUp()
        self.desk.routing_mode = "pull"

    def _next(self, user):
        with freeze_time(MONDAY + timedelta(hours=2)):
            action = self.env["spoc.ticket"].with_user(user).action_take_next()
        return self.env["spoc.ticket"].browse(action.get("res_id", []))

    def test_nobody_gets_it_by_itself(self):
        ticket = self._ask()
        self.assertFalse(ticket.owner_id)
        self.assertFalse(ticket.activity_ids)
        self.assertFalse(ticket.nobody_fits)

    def test_breaks_first(self):
        later = self._ask(hours=1)
        first = self._ask(hours=0)
        first._spoc_write({"next_due": MONDAY + timedelta(hours=2, minutes=10)})
        self.assertEqual(self._next(self.agent), first)
        self.assertEqual(first.owner_id, self.agent)
        self.assertEqual(first.state, "in_progress")
        self.assertEqual(first.routing_note["chosen"], self.agent.id)
        self.assertTrue(first.routing_table)
        self.assertEqual(self._next(self.agent2), later)
        self.assertFalse(self._next(self.agent2))

    def test_fits_best(self):
        """Among what is equally urgent, what one is best at."""
        self._ask(service_id=False)
        self._need()
        self._teach(self.employee2, self.much)
        printer = self._ask()
        self.assertEqual(self._next(self.agent2), printer)

    def test_skill(self):
        self._need(self.much)
        self._teach(self.employee2, self.much)
        ticket = self._ask()
        self._teach(self.employee, self.some)
        self.assertFalse(self._next(self.agent))
        self.assertEqual(self._next(self.agent2), ticket)

    def test_no_pool_alarms(self):
        self._need(self.much)
        ticket = self._ask()
        self.assertTrue(ticket.nobody_fits)
        self.assertEqual(ticket.activity_ids.user_id, self.manager)

    def test_full(self):
        self.desk.capacity = 1
        for partner in self._partners(2):
            self._ask(requester_id=partner.id)
        self.assertTrue(self._next(self.agent))
        with freeze_time(MONDAY + timedelta(hours=2)):
            action = self.env["spoc.ticket"].with_user(self.agent).action_take_next()
        self.assertEqual(action["tag"], "display_notification")
        self.assertIn("Finish one", action["params"]["message"])

    def test_off_duty_does_not_matter(self):
        self._leave(self.employee, MONDAY, MONDAY + timedelta(hours=8))
        self.assertEqual(self._ask(), self._next(self.agent))

    def test_not_what_one_let_lie(self):
        ticket = self._ask()
        ticket.with_user(self.agent)._spoc_set_owner(self.agent)
        ticket._spoc_idle()
        self.assertFalse(ticket.owner_id, "Back in the queue")
        self.assertFalse(self._next(self.agent))
        self.assertEqual(self._next(self.agent2), ticket)

    def test_just_taken_by_another(self):
        """What another transaction has just taken is passed over, without a failure."""
        first, second = self._ask(hours=0), self._ask(hours=1)
        first._spoc_write({"next_due": MONDAY})
        execute = type(self.env.cr).execute

        def taken(cr, query, *args, **kwargs):
            if getattr(query, "code", "").endswith("SKIP LOCKED"):
                if first.id in query.params:
                    raise SerializationFailure()
            return execute(cr, query, *args, **kwargs)

        self.env.flush_all()
        with patch.object(type(self.env.cr), "execute", taken):
            self.assertEqual(self._next(self.agent), second)
        self.assertFalse(first.owner_id)

    def test_only_agents(self):
        self._ask()
        for user in (self.requester, self.customer, self.outsider):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._next(user)
        self.assertFalse(self._next(self.liner), "Of one's own desks only")
        self.assertFalse(self._next(self.admin), "Administrators own nothing")

    def test_by_menu(self):
        self._ask()
        server = self.env.ref("spoc_helpdesk.action_take_next")
        action = server.with_user(self.agent).run()
        self.assertEqual(action["res_model"], "spoc.ticket")
