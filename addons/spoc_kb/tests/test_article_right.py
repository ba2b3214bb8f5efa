from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .. import article_rights
from .common import KnowledgeCase


@tagged("post_install", "-at_install")
class TestArticleRight(KnowledgeCase):
    """What each level may, who grants, and what proves more."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss = new_test_user(cls.env, "kb_boss", "spoc_catalog.group_manager")
        cls.desk.manager_id = cls.boss

    def _grant(self, user, level, granter=None):
        rights = self.env["spoc.article.right"].with_user(granter or self.boss)
        right = rights.search(
            [("user_id", "=", user.id), ("desk_id", "=", self.desk.id)]
        )
        if right:
            right.write({"level": level, "reason": "Test"})
            return right
        return rights.create(
            {
                "user_id": user.id,
                "desk_id": self.desk.id,
                "level": level,
                "reason": "Test",
            }
        )

    def _within(self, **values):
        return self._draft(audience_ids=[Command.set(self.employees.ids)], **values)

    # ---- Forbidden ----

    def test_nobody_grants_to_themselves(self):
        with self.assertRaises(AccessError):
            self._grant(self.agent, "coach", granter=self.agent)
        self._grant(self.agent, "coach")
        right = self._grant(self.agent, "coach")
        with self.assertRaisesRegex(AccessError, "themselves"):
            right.with_user(self.agent).write({"level": "publisher"})
        with self.assertRaises(AccessError):
            self._grant(self.boss, "coach", granter=self.boss)

    def test_who_is_no_coach_grants_nothing(self):
        right = self._grant(self.agent, "publisher")
        for user in (self.colleague, self.agent, self.stranger, self.hr):
            with self.assertRaises(AccessError):
                right.with_user(user).write({"level": "coach"})
            with self.assertRaises(AccessError):
                right.with_user(user).unlink()
            with self.assertRaises(AccessError):
                self._grant(self.stranger, "publisher", granter=user)

    def test_a_right_does_not_move(self):
        right = self._grant(self.agent, "coach")
        with self.assertRaises(UserError):
            right.write({"desk_id": self.secret_desk.id})
        with self.assertRaises(UserError):
            right.write({"user_id": self.stranger.id})

    def test_coach_of_one_desk_is_none_of_another(self):
        self._grant(self.agent, "coach")
        rights = self.env["spoc.article.right"].with_user(self.agent)
        with self.assertRaises(AccessError):
            rights.create(
                {
                    "user_id": self.hr.id,
                    "desk_id": self.secret_desk.id,
                    "level": "candidate",
                    "reason": "x",
                }
            )

    def test_rights_are_seen_by_the_desk(self):
        right = self._grant(self.agent, "contributor")
        self.assertTrue(right.with_user(self.colleague).has_access("read"))
        for user in (self.stranger, self.requester, self.customer, self.hr):
            self.assertFalse(right.with_user(user).has_access("read"), user.login)

    # ---- What each level may ----

    def test_candidate_writes_and_no_more(self):
        self._grant(self.colleague, "candidate")
        article = self._draft()
        article.action_submit()
        theirs = article.with_user(self.colleague)
        self.assertFalse(theirs.may_publish)
        self.assertFalse(theirs.may_approve)
        self.assertIn("candidate", theirs.right_text)
        for method in ("action_approve", "action_publish"):
            with self.assertRaisesRegex(AccessError, "Ask: kb_boss"):
                getattr(theirs, method)()
        theirs.action_send_back("Too long")
        article.action_submit()
        article.with_user(self.boss).action_publish()
        for method in ("action_retire", "action_still_true"):
            with self.assertRaises(AccessError):
                getattr(theirs, method)()
        own = self._draft(self.colleague)
        own.action_submit()
        self.assertEqual(own.state, "review")

    def test_contributor_publishes_what_was_approved(self):
        self._grant(self.agent, "contributor")
        article = self._draft()
        article.action_submit()
        self.assertFalse(article.may_publish)
        article.with_user(self.colleague).action_approve()
        self.assertTrue(article.may_publish)
        article.action_publish()
        self.assertRecordValues(
            article,
            [
                {
                    "state": "published",
                    "confidence": "validated",
                    "approver_id": self.colleague.id,
                    "publisher_id": self.agent.id,
                }
            ],
        )

    def test_candidate_does_not_publish_what_was_approved(self):
        self._grant(self.agent, "candidate")
        article = self._draft()
        article.action_submit()
        article.with_user(self.colleague).action_approve()
        with self.assertRaises(AccessError):
            article.action_publish()

    def test_own_is_published_within_the_company_when_the_desk_allows(self):
        self._grant(self.agent, "contributor")
        article = self._within()
        self.assertFalse(article.may_publish_own)
        with self.assertRaisesRegex(UserError, "second person"):
            article.action_publish_own()
        self.desk.kb_publish_own = True
        self.assertTrue(article.may_publish_own)
        article.action_publish_own()
        self.assertEqual(article.confidence, "not_validated")
        self.assertFalse(article.approver_id)
        self.assertTrue(article.with_user(self.requester).has_access("read"))
        with self.assertRaisesRegex(AccessError, "do not reach"):
            article.action_validate()
        self._grant(self.agent, "publisher")
        with self.assertRaisesRegex(UserError, "another person"):
            article.action_validate()
        article.with_user(self.colleague).action_validate()
        self.assertEqual(article.confidence, "validated")
        self.assertEqual(article.approver_id, self.colleague)

    def test_own_is_never_published_to_the_outside(self):
        self.desk.kb_publish_own = True
        for values in (
            {},
            {"audience_ids": [Command.set(self.customers.ids)]},
            {"audience_ids": [Command.set((self.customers | self.employees).ids)]},
        ):
            article = self._draft(**values)
            with self.assertRaisesRegex(UserError, "outside"):
                article.action_publish_own()
        article = self._within(governance="compliance")
        with self.assertRaisesRegex(UserError, "compliance"):
            article.action_publish_own()

    def test_validated_words_are_not_replaced_by_one_alone(self):
        self.desk.kb_publish_own = True
        article = self._published(audience_ids=[Command.set(self.employees.ids)])
        action = article.action_revise()
        revision = self.env["spoc.article"].browse(action["res_id"])
        revision.with_user(self.agent).body = "<p>New</p>"
        with self.assertRaisesRegex(UserError, "validated"):
            revision.with_user(self.agent).action_publish_own()

    def test_compliance_is_approved_by_coaches(self):
        article = self._draft(governance="compliance")
        article.action_submit()
        with self.assertRaises(AccessError):
            article.with_user(self.colleague).action_approve()
        self._grant(self.colleague, "coach")
        article.with_user(self.colleague).action_approve()
        self.assertEqual(article.state, "approved")

    # ---- Newcomers ----

    def test_where_newcomers_start(self):
        newcomer = new_test_user(self.env, "kb_new", "spoc_catalog.group_agent")
        self.desk.kb_start_level = "candidate"
        rights = self.env["spoc.article.right"].search([("desk_id", "=", self.desk.id)])
        self.assertEqual(rights.user_id, self.agent | self.colleague)
        self.assertEqual(set(rights.mapped("level")), {"publisher"}, "they keep it")
        self.desk.member_ids += newcomer
        levels = rights._spoc_levels(self.desk, newcomer)
        self.assertEqual(levels[self.desk.id], "candidate")

    def test_levels(self):
        Right = self.env["spoc.article.right"]
        desks = self.desk | self.secret_desk
        for user, expected in (
            (self.boss, ["coach", ""]),
            (self.agent, ["publisher", ""]),
            (self.hr, ["", "publisher"]),
            (self.editor, ["coach", ""]),
            (self.admin, ["coach", ""]),
            (self.stranger, ["", ""]),
            (self.requester, ["", ""]),
        ):
            levels = Right._spoc_levels(desks, user)
            self.assertEqual([levels[desk.id] for desk in desks], expected, user.login)
        self.assertEqual(Right._spoc_levels(desks, self.agent)[False], "")
        self.assertEqual(Right._spoc_levels(desks, self.editor)[False], "coach")

    # ---- Proposals ----

    def test_work_proves_more(self):
        self._grant(self.agent, "candidate")
        for number in range(3):
            self._published(name=f"Question {number}?")
        Right = self.env["spoc.article.right"]
        Right._cron_propose()
        Right._cron_propose()
        right = Right.search([("user_id", "=", self.agent.id)])
        self.assertRecordValues(
            right, [{"written_count": 3, "proposed_level": "contributor"}]
        )
        self.assertEqual(right.activity_ids.user_id, self.boss)
        other = Right.search([("user_id", "=", self.colleague.id)])
        self.assertFalse(other, "has written nothing")
        with self.assertRaises(AccessError):
            right.with_user(self.agent).action_grant()
        right.with_user(self.boss).action_grant()
        self.assertEqual(right.level, "contributor")
        self.assertIn("3", right.reason)
        self.assertEqual(right.granted_by_id, self.boss)
        self.assertFalse(right.proposed_level)
        self.assertFalse(right.activity_ids)

    def test_what_was_not_read_by_another_proves_nothing(self):
        self._grant(self.agent, "contributor")
        self.desk.kb_publish_own = True
        for _time in range(3):
            self._within().action_publish_own()
        self.env["spoc.article.right"]._cron_propose()
        right = self.env["spoc.article.right"].search([("user_id", "=", self.agent.id)])
        self.assertEqual(right.written_count, 0)

    def test_engine(self):
        earned = article_rights.earned
        self.assertEqual(earned("candidate", 2, 0), "")
        self.assertEqual(earned("candidate", 3, 0), "contributor")
        self.assertEqual(earned("candidate", 3, 0, 69), "")
        self.assertEqual(earned("contributor", 10, 0), "", "never checked")
        self.assertEqual(earned("contributor", 10, 0, 80), "publisher")
        self.assertEqual(earned("publisher", 25, 9, 95), "")
        self.assertEqual(earned("publisher", 25, 10, 95), "coach")
        self.assertEqual(earned("coach", 99, 99, 100), "")
        self.assertEqual(earned("", 99, 99, 100), "", "no member")
        for ability in article_rights.ABILITIES:
            self.assertFalse(article_rights.may("", ability))
            self.assertTrue(article_rights.may("coach", ability))
