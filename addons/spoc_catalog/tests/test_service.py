"""Services: states, promises, copies."""

from datetime import datetime

from freezegun import freeze_time
from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..norms import Norm
from .common import CatalogCase


@tagged("post_install", "-at_install")
class TestService(CatalogCase):
    def test_states(self):
        service = self._service("New", summary="Newest", state="draft")
        service = service.with_user(self.editor)
        service.action_publish()
        self.assertTrue(self.may_see(self.requester, service.sudo()))
        service.action_draft()
        self.assertFalse(self.may_see(self.requester, service.sudo()))
        service.action_publish()
        service.action_retire()
        self.assertFalse(self.may_see(self.requester, service.sudo()))

    def test_copy_is_a_draft(self):
        copy = self.open_service.copy()
        self.assertEqual(copy.state, "draft")
        self.assertEqual(copy.name, "Broken lamp (copy)")

    @freeze_time("2026-01-12 14:00:00")
    def test_promise(self):
        # Monday, 15:00 in Stockholm; the reader sits in Moscow.
        self.requester.tz = "Europe/Moscow"
        promise = self.open_service.with_user(self.requester)._spoc_promise()
        self.assertEqual(
            promise,
            [
                {
                    "kind": "response",
                    "seconds": 4 * 3600,
                    "text": "First answer within 4 working hours",
                    "moment": datetime(2026, 1, 13, 9),
                    "moment_text": "Tue, Jan 13, 12:00\u202fPM",
                    "ask_text": "Ask now: answered by Tue, Jan 13, 12:00\u202fPM, "
                    "your time",
                },
                {
                    "kind": "resolution",
                    "seconds": 16 * 3600,
                    "text": "Done within 2 working days",
                    "moment": datetime(2026, 1, 14, 14),
                    "moment_text": "Wed, Jan 14, 5:00\u202fPM",
                    "ask_text": "Ask now: done by Wed, Jan 14, 5:00\u202fPM, your time",
                },
            ],
        )

    def test_promise_by_priority(self):
        urgent = self.open_service._spoc_promise(priority="3")
        self.assertEqual([p["seconds"] for p in urgent], [3600, 16 * 3600])
        self.assertEqual(urgent[0]["text"], "First answer within 1 working hour")

    def test_own_promise_goes_first(self):
        own = self.policy.copy(
            {"target_ids": [Command.create({"kind": "update", "hours": 0.5})]}
        )
        self.open_service.target_policy_id = own
        self.assertEqual(
            [p["text"] for p in self.open_service._spoc_promise()],
            ["Next news within 30 working minutes"],
        )

    def test_no_promise(self):
        self.desk.target_policy_id = False
        self.assertEqual(self.open_service._spoc_promise(), [])

    def test_a_promise_nobody_can_date(self):
        self.calendar.attendance_ids.unlink()
        promise = self.open_service.with_user(self.customer)._spoc_promise()[0]
        self.assertIs(promise["moment"], False)
        self.assertEqual(promise["moment_text"], "")

    def test_durations(self):
        for seconds, text in (
            (1800, "30 working minutes"),
            (5400, "90 working minutes"),
            (3600, "1 working hour"),
            (7 * 3600, "7 working hours"),
            (8 * 3600, "1 working day"),
            (12 * 3600, "12 working hours"),
            (24 * 3600, "3 working days"),
            (9000, "2.5 working hours"),
        ):
            self.assertEqual(self.desk._get_duration_text(seconds), text)

    def test_targets(self):
        self.assertEqual(
            self.policy._spoc_targets("3"),
            {"response": Norm(hours=1), "resolution": Norm(hours=16)},
        )
        self.assertEqual(self.env["spoc.target.policy"]._spoc_targets("1"), {})
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation),
            self.env.cr.savepoint(),
        ):
            self.policy.target_ids = [Command.create({"kind": "response", "hours": 2})]
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(CheckViolation),
            self.env.cr.savepoint(),
        ):
            self.policy.target_ids = [Command.create({"kind": "update", "hours": 0})]

    def test_targets_are_written_the_readers_way(self):
        target = self.env["spoc.target"].create(
            {"policy_id": self.policy.id, "kind": "update", "hours": 0.5}
        )
        self.assertIn("0.5", target.display_name)
        self.env["res.lang"]._activate_lang("sv_SE")
        self.assertIn("0,5", target.with_context(lang="sv_SE").display_name)

    def test_provider(self):
        service = self.open_service.with_user(self.customer)
        self.assertEqual(service.provider_name, "Works")
        self.open_service.department_id = self.sales
        self.assertEqual(service.provider_name, "Sales")
        # One that is just being written has no desk yet.
        empty = self.env["spoc.service"].new({})
        self.assertFalse(empty.provider_name)
        self.assertFalse(empty._spoc_policy())

    def test_category_counts(self):
        below = self.env["spoc.category"].create(
            {"name": "Small machines", "parent_id": self.category.id}
        )
        self._service("Torch", category_id=below.id)
        category = self.category.with_user(self.requester)
        self.assertEqual(category.service_count, 2)
        self.assertEqual(below.with_user(self.requester).service_count, 1)
        self.assertEqual(below.display_name, "Machines / Small machines")
