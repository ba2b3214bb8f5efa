from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import HelpdeskCommon

SECRET = "Quagga secret"


@tagged("post_install", "-at_install")
class TestConfidentialPart(HelpdeskCommon):
    """What a confidential desk does for others stays with it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.desk.member_ids += cls.env["res.users"]
        cls.ticket = cls._ticket(owner_id=cls.agent.id)
        cls.part = cls.env["spoc.assignment"].browse(
            cls.env["spoc.assignment"]
            .with_user(cls.agent)
            .create(
                {
                    "ticket_id": cls.ticket.id,
                    "desk_id": cls.hr.id,
                    "name": f"{SECRET} task",
                    "brief": f"<p>{SECRET} brief</p>",
                }
            )
            .id
        )
        theirs = cls.part.with_user(cls.hr_agent)
        theirs.action_accept()
        theirs.message_post(
            body=f"{SECRET} note",
            subtype_xmlid="mail.mt_note",
            attachments=[("secret.txt", SECRET.encode())],
        )
        theirs.activity_schedule(
            "mail.mail_activity_data_todo", summary=SECRET, user_id=cls.hr_agent.id
        )
        theirs.answer = f"<p>{SECRET} answer</p>"
        cls.env.cr.precommit.run()
        cls.env.flush_all()

    def _strangers(self):
        return (
            self.agent,  # owns the ticket and asked for it
            self.agent2,
            self.manager,
            self.admin,
            self.env.ref("base.user_admin"),
            self.liner,
            self.outsider,
            self.requester,
            self.customer,
        )

    # ---- forbidden ---------------------------------------------------------

    def _hidden(self, model, domain):
        records = self.env[model].sudo().with_context(active_test=False).search(domain)
        self.assertTrue(records, f"{model}: nothing to look for")
        for user in self._strangers():
            with self.subTest(model=model, user=user.login):
                Model = self.env[model].with_user(user).with_context(active_test=False)
                part_model = self.env["spoc.assignment"].with_user(user)
                if not Model.has_access("read"):
                    continue
                if model == "ir.attachment" and not part_model.has_access("read"):
                    # Odoo answers so where the model itself is closed.
                    with self.assertRaises(AccessError):
                        Model.search(domain)
                    continue
                self.assertFalse(Model.search(domain))
                self.assertFalse(Model.search([("id", "in", records.ids)]))
                self.assertFalse(Model.search_count(domain))
                self.assertEqual(Model._read_group(domain, [], ["__count"]), [(0,)])
                with self.assertRaises(AccessError):
                    Model.browse(records.ids).read(["display_name"])
                # UserError: those who may not export at all
                with self.assertRaises(UserError):
                    Model.browse(records.ids).export_data(["id", "display_name"])

    def test_nothing_is_found(self):
        on_part = [
            ("res_model", "=", "spoc.assignment"),
            ("res_id", "=", self.part.id),
        ]
        self._hidden("spoc.assignment", [("id", "=", self.part.id)])
        self._hidden(
            "mail.message",
            [("model", "=", "spoc.assignment"), ("res_id", "=", self.part.id)],
        )
        self._hidden("mail.activity", on_part)
        self._hidden("mail.followers", on_part)
        self._hidden("ir.attachment", on_part)
        self._hidden(
            "spoc.ownership",
            [("ticket_id", "=", self.ticket.id), ("role", "=", "working")],
        )

    def test_technical_models(self):
        messages = self.part.message_ids
        self.assertTrue(messages)
        for user in (self.admin, self.env.ref("base.user_admin"), self.agent):
            for model in ("mail.tracking.value", "mail.mail", "mail.notification"):
                records = self.env[model].with_user(user)
                if records.has_access("read"):
                    with self.subTest(model=model, user=user.login):
                        self.assertFalse(
                            records.search([("mail_message_id", "in", messages.ids)])
                        )

    def test_no_name_anywhere(self):
        for user in self._strangers():
            with self.subTest(user.login):
                Part = self.env["spoc.assignment"].with_user(user)
                if Part.has_access("read"):
                    self.assertFalse(Part.name_search(SECRET))
                    self.assertFalse(Part.search([("brief", "ilike", SECRET)]))
                name = self.part.with_user(user).sudo().display_name
                self.assertNotIn(SECRET, name)
                messages = self.env["mail.message"].with_user(user)
                found = messages.search([("body", "ilike", SECRET)])
                self.assertFalse(found)
        self.assertIn(SECRET, self.part.with_user(self.hr_agent).display_name)

    def test_nobody_is_drawn_in(self):
        """No mention, activity or notification makes an outsider a reader."""
        theirs = self.part.with_user(self.hr_agent)
        for partner in (self.agent, self.requester, self.outsider):
            with self.subTest(partner.login), self.assertRaises(UserError):
                theirs.message_post(body="See", partner_ids=partner.partner_id.ids)
            with self.subTest(partner.login), self.assertRaises(UserError):
                theirs.message_notify(body="See", partner_ids=partner.partner_id.ids)
        self.assertNotIn(self.agent.partner_id, self.part.message_partner_ids)
        theirs.message_subscribe((self.agent | self.outsider).partner_id.ids)
        with self.mock_mail_gateway():
            message = theirs.message_post(
                body=f"{SECRET} again", subtype_xmlid="mail.mt_comment"
            )
        self.assertFalse(self._new_mails)
        self.assertFalse(message.notified_partner_ids & self.agent.partner_id)
        with self.assertRaises(UserError):
            theirs.activity_schedule(
                "mail.mail_activity_data_todo", user_id=self.outsider.id
            )
            self.env.flush_all()

    def test_outsiders_do_nothing(self):
        for user in self._strangers():
            part = self.part.with_user(user)
            for name in ("action_accept", "action_answer", "action_confirm"):
                with self.subTest(user=user.login, act=name):
                    with self.assertRaises(AccessError):
                        getattr(part, name)()
            for name in ("is_released", "answer", "name", "user_id"):
                with self.subTest(user=user.login, name=name):
                    with self.assertRaises(AccessError):
                        part.write({name: False})
        neutral = self.env["spoc.part"].browse(self.part.id)
        for user in (self.liner, self.hr_agent, self.outsider, self.customer):
            with self.subTest(user.login), self.assertRaises(AccessError):
                neutral.with_user(user).action_cancel()

    def test_acts_name_no_worker(self):
        second = self.env["spoc.assignment"].with_user(self.agent)
        second.create(
            {
                "ticket_id": self.ticket.id,
                "desk_id": self.hr.id,
                "user_id": self.hr_agent.id,
                "name": SECRET,
            }
        )
        acts = self.ticket.act_ids.filtered(lambda act: act.kind == "assign")
        self.assertEqual(acts.to_desk_id, self.hr)
        self.assertFalse(acts.to_user_id)
        self.assertNotIn(SECRET, str(acts.read()))

    # ---- what is seen ------------------------------------------------------

    def _neutral(self, user=None):
        return self.env["spoc.part"].with_user(user or self.agent).browse(self.part.id)

    def test_neutral_state(self):
        part = self._neutral()
        self.assertEqual(self.ticket.with_user(self.agent).part_ids, part)
        self.assertEqual(part.progress, "working")
        self.assertEqual(part.desk_id, self.hr)
        self.assertFalse(part.answer)
        names = set(part._fields) - {"id"}
        self.assertFalse(names & {"user_id", "name", "brief", "state", "message_ids"})
        self.assertNotIn(SECRET, str(part.read()))
        self.assertFalse(self.ticket.with_user(self.agent).assignment_ids)
        for user in (self.liner, self.hr_agent, self.outsider, self.customer):
            Part = self.env["spoc.part"].with_user(user)
            if Part.has_access("read"):
                with self.subTest(user.login):
                    self.assertFalse(Part.search([]))

    def test_form_of_the_ticket(self):
        """The owner's form opens, with the neutral state and nothing else."""
        arch = self.env["spoc.ticket"].get_view(
            self.env.ref("spoc_helpdesk.spoc_ticket_view_form").id, "form"
        )
        self.assertIn("part_ids", arch["arch"])
        self.env.invalidate_all()
        values = self.ticket.with_user(self.agent).web_read(
            {
                "open_assignment_count": {},
                "assignment_ids": {"fields": {"name": {}, "user_id": {"fields": {}}}},
                "part_ids": {"fields": {"progress": {}, "answer": {}}},
                "ownership_ids": {"fields": {"user_id": {"fields": {}}, "role": {}}},
                "act_ids": {"fields": {"kind": {}, "reason": {}}},
            }
        )
        self.assertEqual(values[0]["assignment_ids"], [])
        self.assertEqual(values[0]["open_assignment_count"], 1)
        self.assertEqual(values[0]["part_ids"][0]["progress"], "working")
        self.assertEqual(
            {row["role"] for row in values[0]["ownership_ids"]}, {"accountable"}
        )
        self.assertNotIn(SECRET, str(values))

    def test_done_but_not_released(self):
        self.part.with_user(self.hr_agent).action_answer()
        self.env.flush_all()
        part = self._neutral()
        self.assertEqual(part.progress, "done")
        self.assertTrue(part.is_to_confirm)
        self.assertNotIn(SECRET, str(part.read()))
        activity = self.ticket.activity_ids
        self.assertEqual(activity.user_id, self.agent)
        self.assertNotIn(SECRET, activity.summary)
        self.assertFalse(
            self.part.activity_ids.filtered(lambda one: one.user_id == self.agent)
        )
        wizard = (
            self.env["spoc.assignment.reply"]
            .with_user(self.agent)
            .create({"assignment_id": self.part.id})
        )
        self.assertFalse(wizard.body)
        self.assertNotIn(SECRET, str(wizard.read()))
        part.action_confirm()
        self.assertEqual(self.part.state, "confirmed")

    def test_released(self):
        theirs = self.part.with_user(self.hr_agent)
        theirs.is_released = True
        self.assertFalse(self._neutral().answer, "Not before it is given")
        theirs.action_answer()
        part = self._neutral()
        part.invalidate_recordset()
        self.assertIn(f"{SECRET} answer", part.answer)
        self.assertNotIn("brief", part.answer)
        action = part.action_reply()
        wizard = Form(
            self.env[action["res_model"]]
            .with_user(self.agent)
            .with_context(**action["context"])
        )
        self.assertIn(f"{SECRET} answer", wizard.body)

    def test_returned(self):
        theirs = self.part.with_user(self.hr_agent)
        theirs.return_reason = f"{SECRET} reason"
        theirs.action_return()
        part = self._neutral()
        self.assertEqual(part.progress, "returned")
        self.assertFalse(part.return_reason)
        acts = self.ticket.act_ids.filtered(lambda act: act.kind == "assign_return")
        self.assertEqual(len(acts), 1)
        self.assertFalse(acts.reason)

    def test_reason_released(self):
        wizard = (
            self.env["spoc.assignment.return"]
            .with_user(self.hr_agent)
            .create(
                {
                    "assignment_id": self.part.id,
                    "reason": "Ask the union",
                    "is_released": True,
                }
            )
        )
        wizard.action_return()
        self.assertEqual(self._neutral().return_reason, "Ask the union")

    def test_send_back_and_cancel(self):
        self.part.with_user(self.hr_agent).action_answer()
        self._neutral().action_send_back()
        self.assertEqual(self.part.state, "accepted")
        self._neutral().action_cancel()
        self.assertEqual(self.part.state, "cancelled")
        self._commit_checks()

    def test_parallel_parts(self):
        """Several departments at one time under one number; one is confidential."""
        self.env["spoc.assignment"].with_user(self.agent).create(
            {"ticket_id": self.ticket.id, "desk_id": self.line.id, "name": "Cable"}
        )
        mine = self.ticket.with_user(self.agent)
        self.env.invalidate_all()
        self.assertEqual(mine.assignment_ids.desk_id, self.line)
        self.assertEqual(mine.part_ids.desk_id, self.hr)
        self.assertEqual(mine.open_assignment_count, 2)
        with self.assertRaisesRegex(UserError, "another line still works"):
            self._resolve(self.ticket)

    def test_desk_that_becomes_confidential(self):
        self.part.sudo()._spoc_end("cancelled")
        part = (
            self.env["spoc.assignment"]
            .with_user(self.agent)
            .create({"ticket_id": self.ticket.id, "desk_id": self.line.id, "name": "A"})
        )
        self.assertEqual(part.name, "A")
        self.line.privacy = "confidential"
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            part.read(["name"])
        self.assertIn(part.id, self.ticket.with_user(self.agent).part_ids.ids)


@tagged("post_install", "-at_install")
class TestReplyWithAnswer(HelpdeskCommon):
    """The owner confirms another line's answer by telling the requester."""

    def setUp(self):
        super().setUp()
        self.ticket = self._ticket(owner_id=self.agent.id)
        self.part = (
            self.env["spoc.assignment"]
            .with_user(self.agent)
            .create(
                {"ticket_id": self.ticket.id, "desk_id": self.line.id, "name": "Look"}
            )
        )
        theirs = self.part.with_user(self.liner)
        theirs.answer = "<p>Loose cable</p>"
        theirs.action_answer()

    def test_others(self):
        for user in (self.liner, self.admin, self.outsider, self.customer):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.env["spoc.assignment.reply"].with_user(user).create(
                    {"assignment_id": self.part.id, "body": "<p>x</p>"}
                ).action_send()
        self.assertEqual(self.part.state, "answered")

    def test_nothing_is_heard_before(self):
        heard = self.env["mail.message"].with_user(self.requester)
        self.assertFalse(heard.search([("body", "ilike", "Loose cable")]))

    def test_one_click(self):
        action = self.part.action_reply()
        form = Form(
            self.env[action["res_model"]]
            .with_user(self.agent)
            .with_context(**action["context"])
        )
        self.assertIn("Loose cable", form.body)
        self.assertIn(self.requester.name, form.hearers)
        wizard = form.save()
        with self.mock_mail_gateway():
            wizard.action_send()
        self.assertEqual(self.part.state, "confirmed")
        heard = self.env["mail.message"].with_user(self.requester)
        message = heard.search([("body", "ilike", "Loose cable")])
        self.assertEqual(message.res_id, self.ticket.id)
        self.assertTrue(self.ticket.first_response_at)

    def test_nothing_to_say(self):
        wizard = (
            self.env["spoc.assignment.reply"]
            .with_user(self.agent)
            .create({"assignment_id": self.part.id})
        )
        wizard.body = "<p><br></p>"
        with self.assertRaises(UserError):
            wizard.action_send()
        self.assertEqual(self.part.state, "answered")
