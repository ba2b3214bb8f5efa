"""Escalation to a skill: who has it and works now; dead when nobody has it."""

from datetime import datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from odoo.addons.spoc_kb.tests.common import KnowledgeCase


@tagged("post_install", "-at_install")
class TestArticleSkill(KnowledgeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        calendar = cls.env.company.resource_calendar_id
        calendar.tz = "UTC"
        cls.kind = cls.env["hr.skill.type"].create(
            {
                "name": "Machines",
                "skill_ids": [(0, 0, {"name": "Lathes"})],
                "skill_level_ids": [
                    (0, 0, {"name": "Able", "level_progress": 50}),
                    (0, 0, {"name": "Expert", "level_progress": 100}),
                ],
            }
        )
        cls.skill = cls.kind.skill_ids
        able, expert = cls.kind.skill_level_ids.sorted("level_progress")
        cls.able, cls.expert = cls.env["hr.employee"].create(
            [
                {"name": "Able Abel", "work_phone": "+46 8 1", "tz": "UTC"},
                {"name": "Expert Eve", "work_phone": "+46 8 2", "tz": "UTC"},
            ]
        )
        cls.lines = cls.env["hr.employee.skill"].create(
            [
                {
                    "employee_id": employee.id,
                    "skill_id": cls.skill.id,
                    "skill_level_id": level.id,
                    "skill_type_id": cls.kind.id,
                    "valid_from": "2026-01-01",
                }
                for employee, level in ((cls.able, able), (cls.expert, expert))
            ]
        )

    def _escalation(self, **values):
        return self._published(
            name="Who mends a lathe?",
            kind="escalation",
            escalation_how="Call",
            body=False,
            **values,
        )

    # ---- Forbidden ----

    def test_names_nobody(self):
        article = self._draft(kind="escalation", escalation_how="Call", body=False)
        with self.assertRaises(ValidationError):
            article.action_submit()

    def test_readers_change_no_target(self):
        article = self._escalation(escalation_skill_id=self.skill.id)
        for user in (self.requester, self.customer):
            with self.assertRaises(AccessError):
                article.with_user(user).write({"escalation_skill_id": False})

    def test_numbers_stay_in_the_house(self):
        article = self._escalation(escalation_skill_id=self.skill.id)
        outside = str(article.with_user(self.customer)._spoc_turn_to())
        self.assertIn("Eve", outside)
        self.assertNotIn("+46 8 2", outside)

    # ---- Who is there ----

    @freeze_time(datetime(2026, 11, 24, 10, 0))
    def test_the_best_first_and_those_on_duty(self):
        article = self._escalation(escalation_skill_id=self.skill.id)
        (entry,) = article.with_user(self.requester)._spoc_turn_to()
        self.assertEqual(
            (entry["kind"], entry["name"], entry["note"], entry["open"]),
            ("skill", self.skill.display_name, "Expert Eve, Able Abel", True),
        )
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Away",
                "calendar_id": self.expert.resource_calendar_id.id,
                "resource_id": self.expert.resource_id.id,
                "date_from": datetime(2026, 11, 24, 0, 0),
                "date_to": datetime(2026, 11, 25, 0, 0),
            }
        )
        (entry,) = article.with_user(self.requester)._spoc_turn_to()
        self.assertEqual(entry["note"], "Able Abel")
        self.assertIn("tel:+46 8 1", str(entry))

    @freeze_time(datetime(2026, 11, 22, 10, 0))
    def test_nobody_on_sunday(self):
        article = self._escalation(escalation_skill_id=self.skill.id)
        (entry,) = article.with_user(self.requester)._spoc_turn_to()
        self.assertIs(entry["open"], False)
        self.assertIn("opens", entry["text"])
        self.assertFalse(article.has_dead_target)

    # ---- Dead ----

    def test_dead_when_nobody_has_it(self):
        article = self._escalation(escalation_skill_id=self.skill.id)
        articles = self.env["spoc.article"]
        dead = [("id", "=", article.id), ("has_dead_target", "=", True)]
        self.assertFalse(article.has_dead_target)
        self.assertFalse(articles.search(dead))
        self.able.active = False
        self.lines[1].valid_to = "2026-01-31"
        article.invalidate_recordset()
        self.assertIn("Lathes", article.escalation_fault)
        self.assertEqual(articles.search(dead), article)

    # ---- Kept with the words ----

    def test_versions_revisions_and_files_keep_it(self):
        article = self._escalation(escalation_skill_id=self.skill.id)
        revision = article.with_user(self.agent)._spoc_create_revision()
        self.assertEqual(revision.escalation_skill_id, self.skill)
        revision.escalation_skill_id = False
        version = revision.sudo().version_ids.sorted("number")[-1]
        self.assertIn("escalation_skill_id", version.content)
        revision._spoc_restore(revision.sudo().version_ids[-1]._spoc_content())
        exchange = self.env["spoc.article.exchange"]
        entry = exchange._export_article(article, {article.id: "a.md"}, {})
        self.assertEqual(entry["escalation_skill"], "Lathes")
