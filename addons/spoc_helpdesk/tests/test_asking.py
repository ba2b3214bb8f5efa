from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .common import MONDAY, HelpdeskCommon


@tagged("post_install", "-at_install")
class TestAsking(HelpdeskCommon):
    """The requester asks, decides and rates."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.form = cls.env["spoc.form"].create(
            {
                "name": "Laptop",
                "question_ids": [
                    Command.create(
                        {"label": "Model", "type": "text", "required": True}
                    ),
                    Command.create(
                        {
                            "label": "Colour",
                            "type": "choice",
                            "option_ids": [Command.create({"label": "Grey"})],
                        }
                    ),
                    Command.create({"label": "Photo", "type": "file"}),
                ],
            }
        )
        cls.model, cls.colour, cls.photo = cls.form.question_ids
        cls.service.form_id = cls.form

    def _ask(self, user, service=None, answers=None, description="", **vals):
        service = self.service if service is None else service
        return (
            self.env["spoc.ticket"]
            .with_user(user)
            ._spoc_ask(service.with_user(user), answers or {}, description, **vals)
        )

    def _good_answers(self):
        return {
            self.model.id: "X1",
            self.colour.id: str(self.colour.option_ids.id),
            self.photo.id: [{"name": "shot.png", "size": 3, "content": b"png"}],
        }

    def test_ask(self):
        for user in (self.requester, self.customer):
            ticket, errors = self._ask(user, answers=self._good_answers())
            self.assertFalse(errors)
            self.assertEqual(ticket.env.uid, user.id)
            self.assertEqual(ticket.requester_id, user.partner_id)
            receipt = ticket.sudo().message_ids
            self.assertEqual(receipt.notified_partner_ids, user.partner_id)
            self.assertEqual(ticket.name, "A laptop that works")
            self.assertEqual(ticket.kind, "incident")
            answers = {a.question_text: a for a in ticket.answer_ids}
            self.assertEqual(answers["Model"].value_text, "X1")
            self.assertEqual(answers["Colour"].value_text, "Grey")
            self.assertEqual(answers["Photo"].attachment_ids.raw, b"png")
            self.assertEqual(answers["Model"].form_version, self.form.version)

    def test_faults_are_told_per_question(self):
        before = self.env["spoc.ticket"].search_count([])
        ticket, errors = self._ask(
            self.requester, answers={self.model.id: " ", self.colour.id: "999"}
        )
        self.assertFalse(ticket)
        self.assertEqual(set(errors), {self.model.id, self.colour.id})
        self.assertEqual(self.env["spoc.ticket"].search_count([]), before)

    def test_answers_stay(self):
        """What was asked and answered does not change with the form."""
        ticket, _errors = self._ask(self.requester, answers=self._good_answers())
        version = self.form.version
        self.model.label = "Brand and model"
        self.colour.option_ids.label = "Silver"
        answers = ticket.sudo().answer_ids
        self.assertEqual(answers[0].question_text, "Model")
        self.assertEqual(answers[0].form_version, version)
        self.model.unlink()
        self.assertEqual(answers[0].question_text, "Model")
        self.assertEqual(answers[1].value_text, "Grey")
        with self.assertRaises(UserError):
            answers[0].write({"value_text": "X2"})
        with self.assertRaises(UserError):
            answers.unlink()

    def test_only_what_is_offered(self):
        self.service.state = "draft"
        with self.assertRaises(AccessError):
            self._ask(self.requester, answers=self._good_answers())
        with self.assertRaises(AccessError):
            self._ask(self.agent, answers=self._good_answers())
        self.service.state = "published"
        self.service.audience_ids = self.env["spoc.audience"].create(
            {"name": "Employees", "scope": "employees"}
        )
        with self.assertRaises(AccessError):
            self._ask(self.customer, answers=self._good_answers())

    def test_confidential_service(self):
        ticket, errors = self._ask(
            self.requester, service=self.hr_service, description="A word"
        )
        self.assertFalse(errors)
        self.assertEqual(ticket.sudo().desk_id, self.hr)

    def test_free_words_go_to_the_front_desk(self):
        self.desk.is_front_desk = True
        nothing = self.env["spoc.service"]
        ticket, errors = self._ask(
            self.requester, service=nothing, description="The door squeaks\nbadly"
        )
        self.assertFalse(errors)
        self.assertEqual(ticket.name, "The door squeaks")
        self.assertEqual(ticket.desk_id, self.desk)
        _ticket, errors = self._ask(self.requester, service=nothing)
        self.assertEqual(set(errors), {"description"})

    def test_description_is_text(self):
        self.service.form_id = False
        ticket, _errors = self._ask(
            self.requester, description="<script>alert(1)</script> & so on"
        )
        self.assertNotIn("<script", ticket.description)
        self.assertIn("&amp; so on", ticket.description)

    # ---- yes or no ---------------------------------------------------------

    def _resolved(self, **vals):
        ticket = self._ticket(owner_id=self.agent.id, **vals)
        self._resolve(ticket)
        return ticket

    def _from_token(self, token, user=None):
        user = user or self.env.ref("base.public_user")
        return self.env["spoc.ticket"].with_user(user)._spoc_from_confirm_token(token)

    def test_confirm_by_token(self):
        ticket = self._resolved()
        token = ticket._spoc_confirm_token()
        found, reason = self._from_token(token)
        self.assertEqual((found, reason), (ticket, ""))
        found._spoc_confirm()
        self.assertEqual(ticket.state, "closed")
        self.assertEqual(self._from_token(token), (ticket, "used"))
        with self.assertRaises(UserError):
            found._spoc_confirm()

    def test_reject_by_token(self):
        ticket = self._resolved()
        token = ticket._spoc_confirm_token()
        found, _reason = self._from_token(token)
        with self.assertRaises(UserError):
            found._spoc_reject("  ")
        found._spoc_reject("Still <b>black</b>")
        self.assertEqual(ticket.state, "in_progress")
        self.assertEqual(ticket.reopen_count, 1)
        words = ticket.message_ids.filtered(
            lambda m: m.author_id == self.requester.partner_id
        )
        self.assertIn("&lt;b&gt;", words[0].body)
        self._resolve(ticket)
        self.assertEqual(self._from_token(token)[1], "used", "Void after reopening")

    def test_bad_tokens(self):
        ticket = self._resolved()
        token = ticket._spoc_confirm_token()
        for bad in ("", "x", "AAAA", token[:-3], token[:-2] + "zz", None, "é" * 8):
            with self.subTest(bad):
                found, reason = self._from_token(bad)
                self.assertFalse(found)
                self.assertTrue(reason)
        with freeze_time(MONDAY):
            old = self._resolved()._spoc_confirm_token()
        self.assertEqual(self._from_token(old)[1], "expired")
        ticket.requester_id = self.customer.partner_id
        self.assertEqual(self._from_token(token)[1], "invalid", "Of another requester")

    def test_only_the_requester_decides(self):
        ticket = self._resolved()
        token = ticket._spoc_confirm_token()
        for user in (self.agent, self.manager, self.outsider, self.admin):
            found, _reason = self._from_token(token, user)
            with self.subTest(user.login):
                with self.assertRaises(AccessError):
                    found._spoc_confirm()
                with self.assertRaises(AccessError):
                    found._spoc_reject("No")
                with self.assertRaises(AccessError):
                    ticket.with_user(user)._spoc_confirm()
        self.assertEqual(ticket.state, "resolved")
        ticket.with_user(self.requester).sudo()._spoc_confirm()
        self.assertEqual(ticket.state, "closed")

    # ---- stars -------------------------------------------------------------

    def _rating(self, ticket):
        token = ticket.sudo()._rating_get_access_token(ticket.sudo().requester_id)
        return self.env["rating.rating"].search([("access_token", "=", token)])

    def test_rate_once(self):
        ticket = self._resolved()
        rating = self._rating(ticket)
        public = ticket.with_user(self.env.ref("base.public_user")).sudo()
        public.rating_apply(4, token=rating.access_token, feedback="Good")
        self.assertEqual(rating.rating, 4)
        self.assertEqual(rating.rated_partner_id, self.agent.partner_id)
        with self.assertRaises(UserError):
            public.rating_apply(5, token=rating.access_token)
        with self.assertRaises(UserError):
            rating.sudo().write({"rating": 5})
        with self.assertRaises(UserError):
            rating.sudo().unlink()

    def test_desk_does_not_rate(self):
        ticket = self._resolved()
        rating = self._rating(ticket)
        for user in (self.agent, self.manager, self.outsider, self.admin):
            with self.subTest(user.login):
                theirs = ticket.with_user(user)
                with self.assertRaises(AccessError):
                    theirs.rating_apply(5, rating=rating.with_user(user))
                with self.assertRaises(AccessError):
                    theirs.sudo().rating_apply(5, rating=rating)
                with self.assertRaises(AccessError):
                    rating.with_user(user).write({"rating": 5, "consumed": True})
                with self.assertRaises(AccessError):
                    self.env["rating.rating"].with_user(user).create(
                        {
                            "res_model_id": self.env["ir.model"]._get_id("spoc.ticket"),
                            "res_id": ticket.id,
                            "rating": 5,
                        }
                    )
                found = (
                    self.env["rating.rating"]
                    .with_user(user)
                    .search([("access_token", "=", rating.access_token)])
                )
                self.assertFalse(found, "The token is not found by asking for it")
                found = (
                    self.env["rating.rating"]
                    .with_user(user)
                    .search([("access_token", "=like", rating.access_token[:3] + "%")])
                )
                self.assertFalse(found)
                with self.assertRaises(AccessError):
                    rating.with_user(user).read(["access_token"])
        ticket.with_user(self.agent).message_post(
            body="Great", rating_value=5, subtype_xmlid="mail.mt_comment"
        )
        self.assertEqual(ticket.sudo().rating_ids, rating)
        self.assertFalse(rating.consumed)

    def test_own_work_is_not_rated(self):
        ticket = self._resolved(requester_id=self.agent.partner_id.id)
        with self.assertRaises(UserError):
            self._rating(ticket)

    def test_open_ticket_is_not_rated(self):
        ticket = self._ticket(owner_id=self.agent.id)
        with self.assertRaises(UserError):
            ticket.sudo().rating_apply(5, rating=self._rating(ticket))
