from datetime import datetime

from freezegun import freeze_time

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import KnowledgeCase


@tagged("post_install", "-at_install")
class TestArticleEscalation(KnowledgeCase):
    """Whom to turn to, alive or not, open or not, and by which ways."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.resource_calendar_id.tz = "UTC"
        cls.desk.resource_calendar_id = cls.env.company.resource_calendar_id
        cls.env["spoc.channel"].create(
            {"desk_id": cls.desk.id, "kind": "email", "identity": "kbo@spoc.example"}
        )
        cls.department = cls.env["hr.department"].create({"name": "Wardrobe"})
        cls.job = cls.env["hr.job"].create({"name": "Keeper of keys"})
        cls.person = cls.env["hr.employee"].create(
            {
                "name": "Vera Keys",
                "department_id": cls.department.id,
                "job_id": cls.job.id,
                "work_phone": "+46 8 1",
                "work_email": "vera@kb.example",
                "tz": "UTC",
            }
        )

    def _escalation(self, **values):
        values = {
            "name": "Whom do I ask for a key?",
            "kind": "escalation",
            "escalation_how": "Call",
            "body": False,
            **values,
        }
        return self._published(**values)

    def _entries(self, article, user):
        article.invalidate_recordset()
        return article.with_user(user)._spoc_turn_to()

    def test_names_nobody(self):
        article = self._draft(kind="escalation")
        with self.assertRaisesRegex(ValidationError, "names no desk"):
            article.action_submit()

    def test_says_how_without_a_body(self):
        article = self._escalation(escalation_job_id=self.job.id)
        self.assertEqual(article.state, "published")
        with self.assertRaisesRegex(ValidationError, "says nothing"):
            self._escalation(escalation_job_id=self.job.id, escalation_how=False)

    @freeze_time(datetime(2026, 11, 24, 10, 0))
    def test_desk_open(self):
        article = self._escalation(escalation_desk_id=self.desk.id)
        (entry,) = self._entries(article, self.requester)
        self.assertEqual(
            (entry["kind"], entry["name"], entry["open"]), ("desk", "Open desk", True)
        )
        self.assertIn("Open until", entry["text"])
        self.assertEqual(entry["url"], f"/spoc/desk/{self.desk.id}")
        self.assertEqual(entry["channels"][0]["url"], "mailto:kbo@spoc.example")
        self.assertIn("mailto:kbo@spoc.example", article.turn_to_html)

    @freeze_time(datetime(2026, 11, 22, 10, 0))
    def test_desk_and_person_closed_on_sunday(self):
        article = self._escalation(
            escalation_desk_id=self.desk.id, escalation_employee_id=self.person.id
        )
        for entry in self._entries(article, self.requester):
            self.assertIs(entry["open"], False)
            self.assertIn("Closed, opens", entry["text"])

    @freeze_time(datetime(2026, 11, 24, 10, 0))
    def test_leave_of_the_person_counts(self):
        article = self._escalation(escalation_employee_id=self.person.id)
        (entry,) = self._entries(article, self.requester)
        self.assertTrue(entry["open"])
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Away",
                "calendar_id": self.person.resource_calendar_id.id,
                "resource_id": self.person.resource_id.id,
                "date_from": datetime(2026, 11, 24, 0, 0),
                "date_to": datetime(2026, 11, 25, 0, 0),
            }
        )
        (entry,) = self._entries(article, self.requester)
        self.assertFalse(entry["open"])

    def test_numbers_of_people_stay_in_the_house(self):
        article = self._escalation(
            escalation_employee_id=self.person.id, escalation_job_id=self.job.id
        )
        inside = str(self._entries(article, self.requester))
        self.assertIn("tel:+46 8 1", inside)
        self.assertIn("mailto:vera@kb.example", inside)
        outside = str(self._entries(article, self.customer))
        self.assertIn("Vera Keys", outside)
        self.assertNotIn("+46 8 1", outside)
        self.assertNotIn("vera@kb.example", outside)

    def test_confidential_desk_gives_no_ways_to_those_it_is_not_for(self):
        self.env["spoc.channel"].create(
            {
                "desk_id": self.secret_desk.id,
                "kind": "email",
                "identity": "kbc@spoc.example",
            }
        )
        article = self._escalation(escalation_desk_id=self.secret_desk.id)
        self.assertNotIn("kbc@", str(self._entries(article, self.customer)))

    def test_department_brings_its_desk_and_manager(self):
        self.department.manager_id = self.person
        article = self._escalation(escalation_department_id=self.department.id)
        (entry,) = self._entries(article, self.requester)
        self.assertEqual((entry["kind"], entry["note"]), ("department", "Vera Keys"))
        self.desk.department_id = self.department
        kinds = [entry["kind"] for entry in self._entries(article, self.requester)]
        self.assertEqual(kinds, ["desk", "department"])

    # ---- Dead targets ----

    def _assert_dead(self, article, words):
        article.invalidate_recordset()
        self.assertTrue(article.has_dead_target)
        self.assertIn(words, article.escalation_fault)
        Article = self.env["spoc.article"].with_user(self.agent)
        dead = Article.search([("has_dead_target", "=", True)])
        self.assertIn(article, dead)
        alive = Article.search([("has_dead_target", "=", False)])
        self.assertNotIn(article, alive)

    def test_alive(self):
        article = self._escalation(
            escalation_desk_id=self.desk.id,
            escalation_department_id=self.department.id,
            escalation_job_id=self.job.id,
            escalation_employee_id=self.person.id,
        )
        self.assertFalse(article.has_dead_target)
        self.assertFalse(article.escalation_fault)
        Article = self.env["spoc.article"]
        self.assertNotIn(article, Article.search([("has_dead_target", "=", True)]))
        self.assertNotIn(
            self._published(), Article.search([("has_dead_target", "=", True)])
        )

    def test_person_left(self):
        article = self._escalation(escalation_employee_id=self.person.id)
        self.person.active = False
        self._assert_dead(article, "Vera Keys has left")

    def test_job_and_department_without_people(self):
        by_job = self._escalation(escalation_job_id=self.job.id)
        by_department = self._escalation(escalation_department_id=self.department.id)
        self.person.active = False
        self._assert_dead(by_job, "Nobody holds the job")
        self._assert_dead(by_department, "Nobody works in the department")

    def test_desk_empty_archived_or_never_open(self):
        desk = self.env["spoc.desk"].create(
            {
                "name": "Night",
                "code": "KBN",
                "member_ids": [Command.set(self.stranger.ids)],
                "resource_calendar_id": self.desk.resource_calendar_id.id,
            }
        )
        article = self._escalation(escalation_desk_id=desk.id)
        self.assertFalse(article.has_dead_target)
        self.stranger.active = False
        self._assert_dead(article, "Nobody works at the desk")
        self.stranger.active = True
        desk.active = False
        self._assert_dead(article, "archived")
