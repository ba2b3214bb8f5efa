"""What people did not find, and what becomes of it."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.mail.tests.common import MailCase

from ..models.spoc_wish import DAY_LIMIT, WORDS_LIMIT
from .common import CatalogCase

OTHERS = ("colleague", "customer", "agent", "stranger", "manager", "unplaced")


@tagged("post_install", "-at_install")
class TestWish(CatalogCase, MailCase):
    def take(self, words, user=None, searched=""):
        return (
            self.env["spoc.wish"]
            .with_user(user or self.requester)
            ._spoc_take(words, searched)
        )

    # ---- what must not be ----

    def test_ones_own_only(self):
        wish, _error = self.take("Something of mine")
        self.assertTrue(self.may_see(self.requester, wish))
        for name in OTHERS:
            self.assertFalse(self.may_see(getattr(self, name), wish), name)
        for name in ("editor", "administrator"):
            self.assertTrue(self.may_see(getattr(self, name), wish), name)

    def test_editors_alone_work_on_them(self):
        wish, _error = self.take("Something of mine")
        wish.sudo().service_id = self.open_service
        for name in ("requester", *OTHERS):
            theirs = wish.with_user(getattr(self, name))
            for act in (
                lambda theirs=theirs: theirs.write({"words": "Else"}),
                lambda theirs=theirs: theirs.action_answer(),
                lambda theirs=theirs: theirs.action_reset(),
                lambda theirs=theirs: theirs.unlink(),
                lambda theirs=theirs: theirs.create({"words": "Made by hand"}),
            ):
                with self.subTest(name), self.assertRaises(AccessError):
                    act()

    def test_companies_do_not_mix(self):
        wish, _error = self.take("Something of mine")
        wish.sudo().company_id = self.env["res.company"].create({"name": "Elsewhere"})
        for name in ("editor", "administrator"):
            self.assertFalse(self.may_see(getattr(self, name), wish), name)

    # ---- taking words ----

    def test_words_are_kept(self):
        wish, error = self.take("  A standing desk\nplease ", searched="desk stand")
        self.assertFalse(error)
        self.assertRecordValues(
            wish.sudo(),
            [
                {
                    "name": "A standing desk please",
                    "words": "A standing desk\nplease",
                    "searched": "desk stand",
                    "user_id": self.requester.id,
                    "state": "new",
                    "lang": "en_US",
                }
            ],
        )
        long, _error = self.take("word " * 100)
        self.assertLessEqual(len(long.name), 80)

    def test_bad_words(self):
        for nothing in ("", "  \n ", None):
            wish, error = self.take(nothing)
            self.assertFalse(wish)
            self.assertIn("say what you need", error)
        wish, error = self.take("x" * (WORDS_LIMIT + 1))
        self.assertFalse(wish)
        self.assertIn(str(WORDS_LIMIT + 1), error)

    def test_the_same_twice_in_a_row_is_one(self):
        first, _error = self.take("A standing desk")
        again, error = self.take("A standing\n desk ")
        self.assertEqual(again, first)
        self.assertFalse(error)
        other, _error = self.take("A lamp")
        self.assertNotEqual(other, first)
        back, _error = self.take("A standing desk")
        self.assertNotIn(back, first + other)
        theirs, _error = self.take("A standing desk", self.colleague)
        self.assertNotEqual(theirs.id, back.id)

    def test_not_without_end(self):
        for number in range(DAY_LIMIT):
            _wish, error = self.take(f"Thing {number}")
            self.assertFalse(error)
        wish, error = self.take("One more")
        self.assertFalse(wish)
        self.assertIn("tomorrow", error)
        self.assertTrue(self.take("Another person", self.colleague)[0])

    # ---- finding out where they belong ----

    def work(self, wish):
        return self.env["spoc.wish"].with_user(self.editor).browse(wish.id)

    def test_a_service_answers(self):
        wish, _error = self.take("The lamp is broken")
        mine = self.work(wish)
        self.assertIn(self.open_service, mine.suggested_service_ids)
        with self.mock_mail_gateway():
            mine.suggested_service_ids[0].with_context(
                wish_id=wish.id
            ).action_answer_wish()
        self.assertRecordValues(
            mine, [{"state": "answered", "service_id": self.open_service.id}]
        )
        message = mine.message_ids.filtered(lambda m: m.message_type == "comment")
        self.assertIn(f"/spoc/service/{self.open_service.id}", message.body)
        self.assertEqual(message.partner_ids, self.requester.partner_id)

    def test_not_by_what_the_person_may_not_see(self):
        wish, _error = self.take("A plan", self.customer)
        mine = self.work(wish)
        for service in (
            self.draft_service,
            self._service(
                "Sales plan", audience_ids=self._audience("employees", self.sales).ids
            ),
        ):
            mine.service_id = service
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                mine.action_answer()
            self.assertEqual(mine.state, "new")

    def test_an_answer_needs_something(self):
        mine = self.work(self.take("A pony")[0])
        with self.assertRaises(ValidationError):
            mine.action_answer()
        with self.assertRaises(ValidationError):
            mine.action_classify()
        mine.answer = "There is no such thing <here>."
        with self.mock_mail_gateway():
            mine.action_answer()
        message = mine.message_ids.filtered(lambda m: m.message_type == "comment")
        self.assertIn("&lt;here&gt;", message.body)

    def test_classified(self):
        mine = self.work(self.take("A pony")[0])
        mine.category_id = self.category
        mine.action_classify()
        self.assertEqual(mine.state, "classified")
        mine.action_reset()
        self.assertEqual(mine.state, "new")

    def test_a_service_is_made_of_it(self):
        mine = self.work(self.take("A standing desk", searched="desk stand")[0])
        with self.assertRaises(UserError):
            mine.action_promote()
        mine.write({"desk_id": self.desk.id, "category_id": self.category.id})
        action = mine.action_promote()
        service = self.env["spoc.service"].browse(action["res_id"])
        self.assertRecordValues(
            service,
            [
                {
                    "name": "A standing desk",
                    "synonyms": "A standing desk\ndesk stand",
                    "state": "draft",
                    "desk_id": self.desk.id,
                    "category_id": self.category.id,
                }
            ],
        )
        self.assertEqual(mine.state, "promoted")
        # The person learns of it once it is offered to them.
        service.summary = "It goes up and down"
        service.action_publish()
        with self.mock_mail_gateway():
            mine.action_answer()
        self.assertEqual(mine.state, "answered")
