from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import SQL, mute_logger

from .common import MONDAY, HelpdeskCommon


@tagged("post_install", "-at_install")
class TestOwnership(HelpdeskCommon):
    """The ledger cannot be bent, not even by the database's owner in SQL."""

    def setUp(self):
        super().setUp()
        with freeze_time(MONDAY):
            self.ticket = self._ticket()
        with freeze_time(MONDAY + timedelta(hours=1)):
            self.ticket.owner_id = self.agent
        with freeze_time(MONDAY + timedelta(hours=3)):
            self.ticket.owner_id = self.agent2
        self._commit_checks()

    def _refused(self, sql, *params):
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(SQL(sql, *params))
            self._commit_checks()

    def test_who_was_accountable(self):
        def at(**delta):
            moment = MONDAY + timedelta(**delta)
            return self.ticket._spoc_accountable_at(moment).get(self.ticket.id)

        desk = self.desk.id
        self.assertIsNone(at(minutes=-1), "Nobody, before it was")
        self.assertEqual(at(minutes=1), (desk, None), "The desk as such")
        self.assertEqual(at(hours=1), (desk, self.agent.id))
        self.assertEqual(at(hours=2, minutes=59), (desk, self.agent.id))
        self.assertEqual(at(hours=3), (desk, self.agent2.id))
        self.assertEqual(at(days=99), (desk, self.agent2.id))
        tickets = self.ticket | self._ticket()
        self.env.flush_all()
        with self.assertQueryCount(1):
            tickets._spoc_accountable_at(fields.Datetime.now())

    def test_ledger_is_seamless(self):
        rows = self.ticket.ownership_ids.sorted("start")
        self.assertEqual(rows.mapped("user_id"), self.agent | self.agent2)
        for before, after in zip(rows, rows[1:], strict=False):
            self.assertEqual(before.end, after.start)
        self.assertFalse(rows[-1].end)

    def test_survives_the_end(self):
        self._resolve(self.ticket, self.agent2)
        self.ticket.with_user(self.agent2).action_close()
        self.assertFalse(self.ticket.ownership_ids.sorted("start")[-1].end)
        self._commit_checks()

    def test_several_changes_in_one_second(self):
        with freeze_time(MONDAY + timedelta(hours=5)):
            self.ticket.owner_id = self.agent
            self.ticket.owner_id = self.agent2
            self.ticket.owner_id = False
        self._commit_checks()
        self.assertEqual(
            self.ticket._spoc_accountable_at(MONDAY + timedelta(hours=6)),
            {self.ticket.id: (self.desk.id, None)},
        )

    def test_sql_delete(self):
        self._refused("DELETE FROM spoc_ownership WHERE ticket_id = %s", self.ticket.id)
        self._refused("TRUNCATE spoc_ownership CASCADE")

    def test_sql_alteration(self):
        for sql in (
            "UPDATE spoc_ownership SET user_id = NULL WHERE ticket_id = %s",
            "UPDATE spoc_ownership SET start = now() WHERE ticket_id = %s",
            'UPDATE spoc_ownership SET "end" = NULL WHERE ticket_id = %s',
            "UPDATE spoc_ownership SET role = 'working' WHERE ticket_id = %s",
        ):
            with self.subTest(sql):
                self._refused(sql, self.ticket.id)

    def test_sql_overlap(self):
        self._refused(
            'INSERT INTO spoc_ownership (ticket_id, role, desk_id, start, "end") '
            "VALUES (%s, 'accountable', %s, %s, %s)",
            self.ticket.id,
            self.desk.id,
            MONDAY + timedelta(hours=1),
            MONDAY + timedelta(hours=2),
        )

    def test_sql_gap(self):
        self.env.cr.execute(
            SQL(
                'UPDATE spoc_ownership SET "end" = %s WHERE ticket_id = %s '
                'AND "end" IS NULL',
                MONDAY + timedelta(hours=9),
                self.ticket.id,
            )
        )
        self._refused(
            "INSERT INTO spoc_ownership (ticket_id, role, desk_id, start) "
            "VALUES (%s, 'accountable', %s, %s)",
            self.ticket.id,
            self.desk.id,
            MONDAY + timedelta(hours=10),
        )
        self._refused("SELECT 1")  # closed and nothing after: refused at commit

    def test_sql_two_workers_of_one_part(self):
        part = (
            self.env["spoc.assignment"]
            .with_user(self.agent)
            .create(
                {"ticket_id": self.ticket.id, "desk_id": self.line.id, "name": "Look"}
            )
        )
        with freeze_time(MONDAY + timedelta(hours=4)):
            part.with_user(self.liner).action_accept()
        self.env.flush_all()
        sql = (
            "INSERT INTO spoc_ownership (ticket_id, role, desk_id, assignment_id, "
            'start, "end") VALUES (%s, %s, %s, %s, %s, %s)'
        )
        early, late = MONDAY + timedelta(hours=5), MONDAY + timedelta(hours=6)
        ticket, line = self.ticket.id, self.line.id
        self._refused(sql, ticket, "working", line, part.id, early, late)
        self._refused(sql, ticket, "working", line, None, early, late)
        self._refused(
            "UPDATE spoc_ownership SET start = %s WHERE assignment_id = %s",
            early,
            part.id,
        )

    def test_worker_changes_within_a_moment(self):
        """Clocks of two servers differ: the ledger neither overlaps nor refuses."""
        part = (
            self.env["spoc.assignment"]
            .with_user(self.agent)
            .create(
                {"ticket_id": self.ticket.id, "desk_id": self.line.id, "name": "Look"}
            )
        )
        theirs = part.with_user(self.liner)
        theirs.answer = "<p>Done</p>"
        with freeze_time(MONDAY + timedelta(hours=4, seconds=2)):
            theirs.action_accept()
        with freeze_time(MONDAY + timedelta(hours=4)):
            theirs.action_answer()
            part.action_send_back()
            theirs.action_answer()
        self._commit_checks()
        rows = part.ownership_ids.sorted("id")
        self.assertEqual(len(rows), 2)
        self.assertEqual(rows[0].end, rows[1].start)

    def test_who_was_accountable_in_a_list(self):
        moment = MONDAY + timedelta(hours=2)
        wizard = (
            self.env["spoc.accountable"]
            .with_user(self.agent)
            .create({"moment": moment, "desk_id": self.desk.id})
        )
        action = wizard.action_show()
        Ownership = self.env["spoc.ownership"]
        found = Ownership.with_user(self.agent).search(action["domain"])
        mine = found.filtered(lambda row: row.ticket_id == self.ticket)
        self.assertEqual(mine.user_id, self.agent)
        self.assertFalse(Ownership.with_user(self.liner).search(action["domain"]))

    def test_sql_owner_without_ledger(self):
        self._refused(
            "UPDATE spoc_ticket SET owner_id = %s WHERE id = %s",
            self.agent.id,
            self.ticket.id,
        )

    def test_sql_owner_from_elsewhere(self):
        self._refused(
            "UPDATE spoc_ticket SET owner_id = %s WHERE id = %s",
            self.liner.id,
            self.ticket.id,
        )
        self._refused(
            "DELETE FROM spoc_desk_member_rel WHERE desk_id = %s AND user_id = %s",
            self.desk.id,
            self.agent2.id,
        )

    def test_sql_ticket_is_not_deleted(self):
        self._refused("DELETE FROM spoc_ticket WHERE id = %s", self.ticket.id)

    def test_orm(self):
        rows = self.ticket.ownership_ids
        for user in (self.agent, self.manager, self.admin):
            with self.subTest(user.login):
                with self.assertRaises(AccessError):
                    rows.with_user(user).write({"end": fields.Datetime.now()})
                with self.assertRaises(AccessError):
                    rows.with_user(user).unlink()
                with self.assertRaises(AccessError):
                    rows.with_user(user).create(
                        {
                            "ticket_id": self.ticket.id,
                            "desk_id": self.desk.id,
                            "start": MONDAY,
                        }
                    )
        with self.assertRaises(UserError):
            rows.sudo().write({"user_id": self.agent.id})
        with self.assertRaises(UserError):
            rows.sudo().unlink()

    def test_user_with_history_stays(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.agent.unlink()
            self.env.flush_all()

    def test_one_mail_one_ticket_per_desk(self):
        tickets = self.env["spoc.ticket"]
        for _copy in range(2):
            values = {
                "subject": "Twice",
                "message_id": "<once@people.example>",
                "author_id": self.requester.partner_id.id,
            }
            if not tickets:
                tickets = tickets.message_new(values, {"desk_id": self.desk.id})
                self.assertEqual(tickets.mail_ref, "<once@people.example>")
                continue
            with (
                self.assertRaises(IntegrityError),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                tickets.message_new(values, {"desk_id": self.desk.id})
