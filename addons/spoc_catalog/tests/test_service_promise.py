"""Services whose promise changes say so, in any number at once."""

from odoo.fields import Command
from odoo.tests import tagged

from .common import CatalogCase


@tagged("post_install", "-at_install")
class TestServicePromise(CatalogCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["spoc.target.policy"].create(
            {
                "name": "A week",
                "target_ids": [Command.create({"kind": "resolution", "days": 5})],
            }
        )
        cls.own = cls._service("Own promise", target_policy_id=cls.other.id)
        cls.services = cls.open_service | cls.own | cls.draft_service
        (cls.open_service | cls.own)._spoc_keep_versions()

    def changed(self):
        """Services that say so since this was asked last."""
        self.env.flush_all()
        changed = self.services.filtered("is_changed")
        changed.write({"is_changed": False, "changed_by_ids": [Command.clear()]})
        return changed

    def test_targets(self):
        theirs = self.policy.with_user(self.editor)
        self.assertFalse(self.changed())
        theirs.target_ids[0].hours = 5
        self.assertEqual(self.changed(), self.open_service)
        theirs.target_ids = [Command.create({"kind": "update", "hours": 8})]
        self.assertEqual(self.changed(), self.open_service)
        theirs.target_ids.filtered(lambda one: one.kind == "update").unlink()
        self.assertEqual(self.changed(), self.open_service)
        self.other.with_user(self.editor).target_ids.days = 4
        self.assertEqual(self.changed(), self.own)
        self.assertFalse(self.draft_service.is_changed)

    def test_who_did_it(self):
        self.policy.with_user(self.editor).target_ids[0].hours = 5
        self.assertEqual(self.open_service.changed_by_ids, self.editor)

    def test_name_and_desk(self):
        self.other.name = "Five days"
        self.assertEqual(self.changed(), self.own)
        self.desk.target_policy_id = self.policy
        self.assertFalse(self.changed())
        self.desk.target_policy_id = self.other
        self.assertEqual(self.changed(), self.open_service)
        self.desk.name = "Another name"
        self.assertFalse(self.changed())

    def test_any_number_in_a_handful_of_queries(self):
        def count(services):
            services.write({"is_changed": False, "changed_by_ids": [Command.clear()]})
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.other._spoc_mark_services()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        few = count(self.own)
        many = self.own | self.env["spoc.service"].create(
            [
                {
                    "name": f"Service {number}",
                    "desk_id": self.desk.id,
                    "target_policy_id": self.other.id,
                    "state": "published",
                }
                for number in range(30)
            ]
        )
        self.assertLessEqual(count(many), few + 2)
        self.assertTrue(all(many.mapped("is_changed")))
