"""Two people decide at once: real transactions that do not see each other."""

from uuid import uuid4

from psycopg2.errors import SerializationFailure

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import TransactionCase, new_test_user, tagged

from odoo.addons.spoc_catalog.tests.race_common import RaceChecks


@tagged("post_install", "-at_install", "spoc_two_cursors")
class TestApprovalRace(RaceChecks, TransactionCase):
    # Nothing of it can be tried without transactions that are committed.
    # pylint: disable=invalid-commit

    def setUp(self):
        super().setUp()
        with self.real_cursor() as cr:
            env = self.real_env(cr)
            people = [
                new_test_user(
                    env,
                    f"race_{name}_{uuid4().hex[:8]}",
                    "base.group_user",
                    email=f"{name}@r.example",
                )
                for name in ("anna", "bo", "requester")
            ]
            desk = env["spoc.desk"].create(
                {
                    "name": "Race",
                    "code": f"R{uuid4().hex[:6]}".upper(),
                    "routing_mode": "manual",
                }
            )
            rule = env["spoc.approval.rule"].create(
                {
                    "name": "Both",
                    "step_ids": [
                        Command.create(
                            {
                                "kind": "people",
                                "user_ids": [Command.set([p.id for p in people[:2]])],
                                "quorum": "all",
                            }
                        )
                    ],
                }
            )
            service = env["spoc.service"].create(
                {
                    "name": "Race",
                    "desk_id": desk.id,
                    "approval_rule_id": rule.id,
                    "state": "published",
                }
            )
            tickets = env["spoc.ticket"].create(
                [
                    {
                        "name": "Race",
                        "service_id": service.id,
                        "requester_id": people[2].partner_id.id,
                    }
                ]
            )
            self.ticket_id = tickets.id
            self.people = [p.id for p in people]
            self.made = (service.id, rule.id, desk.id)
            cr.commit()
        self.addCleanup(self.forget)

    def forget(self):
        """What nobody may delete is ended and put away."""
        with self.real_cursor() as cr:
            env = self.real_env(cr)
            ticket = env["spoc.ticket"].browse(self.ticket_id)
            if ticket.state != "cancelled":
                ticket._spoc_cancel()
            service_id, rule_id, desk_id = self.made
            env["spoc.service"].browse(service_id).active = False
            env["spoc.approval.rule"].browse(rule_id).active = False
            env["spoc.desk"].browse(desk_id).active = False
            env["res.users"].browse(self.people).active = False
            cr.commit()

    def decide(self, env, position, decision="approved"):
        user = env["res.users"].browse(self.people[position])
        ticket = env["spoc.ticket"].browse(self.ticket_id)
        row = ticket.approval_ids.filtered(lambda a: a.approver_id == user)
        row.with_user(user)._spoc_decide(decision, "Why not")

    def decide_both(self, first, second):
        """The first commits while the second one, which has not seen it, decides.

        :return: the error the second one met, or ``None``
        """
        tickets = "spoc.ticket"
        _waiting, error = self.race(
            # Both votes are open for the second one.
            lambda env: (
                env[tickets].browse(self.ticket_id).approval_ids.mapped("state")
            ),
            lambda env: self.decide(env, *first),
            lambda env: self.decide(env, *second),
        )
        return error

    def look(self):
        with self.real_cursor() as cr:
            ticket = self.real_env(cr)["spoc.ticket"].browse(self.ticket_id)
            return (
                ticket.approval_state,
                sorted(ticket.approval_ids.mapped("state")),
                ticket.state,
            )

    def test_both_say_yes(self):
        """The second one looks again and finds the quorum."""
        error = self.decide_both((0,), (1,))
        self.assertIsInstance(error, SerializationFailure)
        # Odoo does again what PostgreSQL refused.
        with self.real_cursor() as cr:
            env = self.real_env(cr)
            self.decide(env, 1)
            env.flush_all()
            cr.commit()
        state, votes, ticket_state = self.look()
        self.assertEqual((state, votes), ("approved", ["approved", "approved"]))
        self.assertNotEqual(ticket_state, "waiting")

    def test_a_yes_after_a_no(self):
        error = self.decide_both((0, "rejected"), (1,))
        self.assertIsInstance(error, SerializationFailure)
        with self.real_cursor() as cr, self.assertRaises(UserError):
            self.decide(self.real_env(cr), 1)
        self.assertEqual(
            self.look(), ("rejected", ["not_needed", "rejected"], "cancelled")
        )

    def test_one_person_twice(self):
        error = self.decide_both((0,), (0, "rejected"))
        self.assertIsInstance(error, SerializationFailure)
        with self.real_cursor() as cr, self.assertRaises(UserError):
            self.decide(self.real_env(cr), 0, "rejected")
        self.assertEqual(self.look()[:2], ("asked", ["approved", "asked"]))
