"""Priority follows from impact and urgency until somebody sets it."""

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common import HelpdeskCommon


@tagged("post_install", "-at_install")
class TestPriority(HelpdeskCommon):
    def _theirs(self, **vals):
        return self._ticket(**vals).with_user(self.agent)

    def test_what_nobody_may(self):
        ticket = self._ticket()
        for user in (self.requester, self.customer, self.outsider, self.liner):
            theirs = ticket.with_user(user)
            for vals in ({"impact": "high"}, {"urgency": "high"}, {"priority": "3"}):
                with (
                    self.subTest(user=user.login, **vals),
                    self.assertRaises(AccessError),
                ):
                    theirs.write(vals)
        with self.assertRaises(AccessError):
            ticket.with_user(self.requester).read(["impact"])
        self.assertEqual(
            ticket.with_user(self.requester).read(["urgency"])[0]["urgency"], False
        )
        with self.assertRaises(AccessError):
            ticket.with_user(self.agent).priority_by_hand = True
        with self.assertRaises(AccessError):
            self._ticket(priority_by_hand=True)

    def test_follows_the_matrix(self):
        ticket = self._theirs()
        self.assertEqual(ticket.priority, "1")
        for impact, urgency, priority in (
            ("high", False, "2"),
            ("high", "high", "3"),
            ("low", "low", "0"),
            (False, "high", "2"),
            (False, False, "1"),
        ):
            ticket.write({"impact": impact, "urgency": urgency})
            self.assertEqual(ticket.priority, priority)
            self.assertFalse(ticket.priority_by_hand)

    def test_the_companys_own_matrix(self):
        self.env["spoc.priority.matrix"].search(
            [("impact", "=", "high"), ("urgency", "=", "high")]
        ).unlink()
        self.env["spoc.priority.matrix"].create(
            {
                "impact": "high",
                "urgency": "high",
                "priority": "0",
                "company_id": self.desk.company_id.id,
            }
        )
        ticket = self._theirs(impact="high", urgency="high")
        self.assertEqual(ticket.priority, "0")

    def test_set_by_hand_stays(self):
        ticket = self._theirs(impact="low")
        ticket.priority = "3"
        self.assertTrue(ticket.priority_by_hand)
        ticket.urgency = "low"
        self.assertEqual(ticket.priority, "3")
        # Set to what they make, it follows them again.
        ticket.priority = "0"
        self.assertFalse(ticket.priority_by_hand)
        ticket.write({"impact": "high", "urgency": "high"})
        self.assertEqual(ticket.priority, "3")
        ticket.write({"impact": "low", "priority": "2"})
        self.assertEqual((ticket.priority, ticket.priority_by_hand), ("2", True))

    def test_created_with_one(self):
        ticket = self._theirs(priority="3")
        self.assertEqual((ticket.priority, ticket.priority_by_hand), ("3", True))
        ticket = self._theirs(priority="3", impact="high", urgency="high")
        self.assertFalse(ticket.priority_by_hand)

    def test_clocks_are_started_by_it(self):
        self.policy.target_ids.create(
            {
                "policy_id": self.policy.id,
                "kind": "response",
                "priority": "3",
                "hours": 1,
            }
        )
        vals = {"service_id": self.service.id}
        for levels, hours in (({}, 4), ({"impact": "high", "urgency": "high"}, 1)):
            ticket = self._ticket(**vals, **levels)
            clock = ticket.clock_ids.filtered(lambda one: one.kind == "response")
            self.assertEqual(clock.seconds, hours * 3600)

    def test_on_the_form(self):
        # A ticket for somebody who calls begins without a stage of its own.
        with Form(self.env["spoc.ticket"].with_user(self.agent)) as form:
            form.name = "By phone"
            form.requester_id = self.requester.partner_id
            form.desk_id = self.desk
            self.assertEqual(form.priority, "1")
        ticket = form.record
        self.assertEqual(ticket.state, "new")
        with Form(ticket) as form:
            form.impact = "high"
            form.urgency = "high"
            self.assertEqual(form.priority, "3")
        self.assertFalse(ticket.priority_by_hand)
        with Form(ticket) as form:
            form.priority = "2"
            self.assertTrue(form.priority_by_hand)
            form.urgency = "low"
            self.assertEqual(form.priority, "2")
        self.assertEqual(ticket.priority, "2")
        self.assertTrue(ticket.priority_by_hand)

    def test_a_follow_up_goes_on_with_it(self):
        ticket = self._ticket(impact="high", urgency="high")
        follow_up = ticket._spoc_follow_up()
        self.assertEqual(
            (follow_up.impact, follow_up.urgency, follow_up.priority),
            ("high", "high", "3"),
        )
        self.assertFalse(follow_up.priority_by_hand)

    def test_queries_do_not_grow(self):
        def count(number):
            vals = [
                {
                    "name": "Many",
                    "desk_id": self.desk.id,
                    "requester_id": self.requester.partner_id.id,
                }
                for _one in range(number)
            ]
            tickets = self.env["spoc.ticket"].create(vals)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            tickets._compute_priority()
            tickets.write({"impact": "high"})
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        few, many = count(2), count(30)
        self.assertLessEqual(many, few + 3)
