from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import HelpdeskCommon

SECRET = "Zebra secret"


class PrivacyCase(HelpdeskCommon):
    """A ticket with all that hangs on it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.open_ticket = cls._rich_ticket(cls.desk, cls.agent)
        cls.hr_ticket = cls._rich_ticket(cls.hr, cls.hr_agent)

    @classmethod
    def _rich_ticket(cls, desk, owner):
        ticket = cls._ticket(
            desk_id=desk.id,
            name=f"{SECRET} of {desk.code}",
            owner_id=owner.id,
            description=f"<p>{SECRET}</p>",
        )
        cls.env.cr.precommit.run()  # changes right after the creation are no changes
        cls.env["spoc.answer"].create(
            {
                "ticket_id": ticket.id,
                "question_text": "What?",
                "type": "text",
                "value_text": SECRET,
            }
        )
        ours = ticket.with_user(owner)
        ours.message_post(
            body=f"{SECRET} note",
            subtype_xmlid="mail.mt_note",
            attachments=[("note.txt", SECRET.encode())],
        )
        ours.message_post(
            body=f"{SECRET} answer",
            subtype_xmlid="mail.mt_comment",
            attachments=[("answer.txt", SECRET.encode())],
        )
        ours.priority = "3"
        ours.activity_schedule(
            "mail.mail_activity_data_todo", summary=SECRET, user_id=owner.id
        )
        ticket.message_subscribe(owner.partner_id.ids)
        cls.env["spoc.assignment"].with_user(owner).create(
            {
                "ticket_id": ticket.id,
                "desk_id": cls.line.id,
                "name": "Your part",
                "brief": "<p>Only this</p>",
            }
        )
        cls.env["rating.rating"].create(
            {
                "res_model_id": cls.env["ir.model"]._get_id("spoc.ticket"),
                "res_id": ticket.id,
                "partner_id": cls.requester.partner_id.id,
                "rated_partner_id": owner.partner_id.id,
                "rating": 2,
                "feedback": SECRET,
                "consumed": True,
            }
        )
        cls.env.cr.precommit.run()  # tracking
        cls.env.flush_all()
        return ticket


@tagged("post_install", "-at_install")
class TestConfidential(PrivacyCase):
    """Nothing of a confidential desk's ticket is found by anybody else, anyhow."""

    def _strangers(self):
        return (
            self.agent,
            self.manager,
            self.admin,
            self.env.ref("base.user_admin"),
            self.outsider,
            self.customer,
        )

    def _hidden(self, model, domain):
        """No way of search finds the records of ``domain``."""
        records = self.env[model].sudo().with_context(active_test=False).search(domain)
        self.assertTrue(records, f"{model}: nothing to look for")
        for user in self._strangers():
            with self.subTest(model=model, user=user.login):
                Model = self.env[model].with_user(user).with_context(active_test=False)
                if not Model.has_access("read"):
                    continue
                self.assertFalse(Model.search(domain))
                self.assertFalse(Model.search([("id", "in", records.ids)]))
                self.assertFalse(Model.search_count(domain))
                groups = Model._read_group(domain, [], ["__count"])
                self.assertEqual(groups, [(0,)])
                with self.assertRaises(AccessError):
                    Model.browse(records.ids).read(["display_name"])
                # UserError: those who may not export at all
                with self.assertRaises(UserError):
                    Model.browse(records.ids).export_data(["id", "display_name"])

    def test_ticket(self):
        ticket = self.hr_ticket
        self._hidden("spoc.ticket", [("id", "=", ticket.id)])
        for user in self._strangers():
            Ticket = self.env["spoc.ticket"].with_user(user)
            with self.subTest(user=user.login):
                for text in (SECRET, ticket.number):
                    found = Ticket.name_search(text)
                    self.assertNotIn(ticket.id, [id_ for id_, _name in found])
                rows = Ticket.formatted_read_group([], ["desk_id"], ["__count"])
                self.assertNotIn(
                    self.hr.id, [r["desk_id"] and r["desk_id"][0] for r in rows]
                )
                found = Ticket.search([("desk_id.code", "=", "CNF")])
                self.assertFalse(found)
                window = self.env["spoc.window"].with_user(user)
                self.assertNotIn(SECRET, str(window._spoc_search_sections(SECRET)))

    def test_satellites(self):
        on_ticket = [
            ("res_model", "=", "spoc.ticket"),
            ("res_id", "=", self.hr_ticket.id),
        ]
        mine = [("ticket_id", "=", self.hr_ticket.id)]
        self._hidden(
            "mail.message",
            [("model", "=", "spoc.ticket"), ("res_id", "=", self.hr_ticket.id)],
        )
        self._hidden("mail.activity", on_ticket)
        self._hidden("mail.followers", on_ticket)
        self._hidden("rating.rating", on_ticket)
        self._hidden("ir.attachment", on_ticket)
        self._hidden("spoc.answer", mine)
        self._hidden("spoc.clock", [("ticket_id", "=", self.hr_clock().ticket_id.id)])
        self._hidden("spoc.ownership", mine)
        self._hidden("spoc.assignment", mine)

    def hr_clock(self):
        # The confidential desk promises nothing by itself: let it promise.
        self.hr.target_policy_id = self.policy
        return self._ticket(desk_id=self.hr.id).clock_ids[0]

    def test_technical_models(self):
        """An administrator of the database reads no words of it there, either."""
        messages = self.hr_ticket.message_ids
        for user in (self.admin, self.env.ref("base.user_admin")):
            for model, domain in (
                ("mail.tracking.value", [("mail_message_id", "in", messages.ids)]),
                ("mail.mail", [("mail_message_id", "in", messages.ids)]),
                ("mail.notification", [("mail_message_id", "in", messages.ids)]),
            ):
                with self.subTest(model=model, user=user.login):
                    records = self.env[model].with_user(user).search(domain)
                    self.assertFalse(records)

    def test_message_text_search(self):
        for user in self._strangers():
            with self.subTest(user.login):
                messages = self.env["mail.message"].with_user(user)
                found = messages.search([("body", "ilike", SECRET)])
                self.assertNotIn(self.hr_ticket.id, found.sudo().mapped("res_id"))

    def test_nobody_lets_themselves_in(self):
        for user in (self.admin, self.env.ref("base.user_admin"), self.manager):
            for values in (
                {"member_ids": [(4, user.id)]},
                {"manager_id": user.id},
                {"privacy": "open"},
            ):
                with (
                    self.subTest(user=user.login, values=values),
                    self.assertRaises(AccessError),
                ):
                    self.hr.with_user(user).write(values)

    def test_members_see_it(self):
        ticket = self.hr_ticket.with_user(self.hr_agent)
        self.assertIn(SECRET, ticket.name)
        self.assertTrue(ticket.ownership_ids)
        self.assertTrue(ticket.message_ids.filtered(lambda m: "note" in m.body))
        self.assertTrue(ticket.activity_ids)

    def test_member_who_left_sees_nothing(self):
        """Not even the words they were notified of, or wrote to colleagues."""
        ticket = self.hr_ticket
        note_ids = ticket.message_ids.filtered(lambda m: not m._spoc_is_public()).ids
        self.hr.member_ids = self.env["res.users"]
        self.env.invalidate_all()
        messages = self.env["mail.message"].with_user(self.hr_agent)
        self.assertFalse(messages.search([("id", "in", note_ids)]))
        with self.assertRaises(AccessError):
            ticket.with_user(self.hr_agent).read(["name"])


@tagged("post_install", "-at_install")
class TestRequesterSide(PrivacyCase):
    """An internal user who asked reads the outside of the ticket, and no more."""

    def setUp(self):
        super().setUp()
        # An agent of one desk is a mere requester at another.
        self.open_ticket.requester_id = self.hr_agent.partner_id
        self.env.cr.precommit.run()
        self.asking = self.hr_agent
        self.mine = self.open_ticket.with_user(self.asking)

    def test_inner_fields(self):
        outside = self.mine.read(["number", "name", "state", "desk_id", "owner_id"])
        self.assertEqual(outside[0]["number"], self.open_ticket.number)
        inner = [
            name
            for name in self.mine._fields
            if not self.mine._spoc_is_outer_field(name)
        ]
        for name in (
            "assignment_ids",
            "ownership_ids",
            "clock_ids",
            "routing_note",
            "routing_words",
            "next_due",
            "activity_ids",
            "activity_summary",
            "message_follower_ids",
            "message_partner_ids",
            "rating_last_feedback",
        ):
            self.assertIn(name, inner)
        for name in inner:
            with self.subTest(name), self.assertRaises(AccessError):
                self.mine.read([name])
        self.asking.group_ids += self.env.ref("base.group_allow_export")
        with self.assertRaises(AccessError):
            self.mine.export_data(["activity_summary"])
        with self.assertRaises(AccessError):
            self.mine.mapped("activity_summary")

    def test_inner_fields_cannot_be_asked_about(self):
        Ticket = self.env["spoc.ticket"].with_user(self.asking)
        own = Domain("id", "=", self.mine.id)
        self.assertTrue(Ticket.search(own))
        for domain in (
            [("assignment_ids", "!=", False)],
            [("assignment_ids.name", "ilike", "part")],
            [("next_due", "!=", False)],
            [("message_follower_ids", "!=", False)],
            [("activity_ids.summary", "ilike", SECRET)],
            [("ownership_ids.user_id", "=", self.agent.id)],
            ["!", ("next_due", "=", False)],
        ):
            with self.subTest(domain=domain):
                self.assertFalse(Ticket.search(own & Domain(domain)))
        self.assertFalse(Ticket.search(own, order="next_due"))
        self.assertFalse(Ticket._read_group(own, ["next_due:day"], ["__count"]))
        self.assertEqual(Ticket._read_group(own, [], ["next_due:max"]), [(False,)])
        found = Ticket.search_read(own, ["number", "next_due"])
        self.assertFalse(found, "A list with inner columns leaves it out")

    def test_messages(self):
        own = [("model", "=", "spoc.ticket"), ("res_id", "=", self.mine.id)]
        for user in (self.asking, self.requester):
            self.open_ticket.watcher_ids = self.requester.partner_id
            self.env.cr.precommit.run()
            messages = self.env["mail.message"].with_user(user)
            found = messages.search(own)
            every = messages.sudo().search(own)
            inner = every.filtered(lambda m: not m._spoc_is_public())
            with self.subTest(user.login):
                self.assertTrue(found)
                self.assertTrue(inner, "Notes and tracking are there to be hidden")
                self.assertEqual(set(found.ids), set(every.ids) - set(inner.ids))
                self.assertEqual(messages.search_count(own), len(found))
                groups = messages._read_group(own, ["subtype_id"], ["__count"])
                self.assertEqual(len(groups), 1)
                for message in inner.with_user(user):
                    with self.assertRaises(AccessError):
                        message.read(["body"])
                    self.assertFalse(messages.search([("id", "=", message.id)]))
                self.assertNotIn(
                    f"{SECRET} note", "".join(self.mine.message_ids.mapped("body"))
                )

    def test_own_tracking_is_inner(self):
        """Reopening by one's own words leaves a trail signed by oneself."""
        self.open_ticket.with_user(self.agent).assignment_ids.action_cancel()
        self._resolve(self.open_ticket)
        self._say(self.open_ticket, self.asking, body="Not yet")
        self.env.cr.precommit.run()
        trail = self.open_ticket.message_ids.filtered("tracking_value_ids")
        self.assertTrue(trail)
        found = self.env["mail.message"].with_user(self.asking)
        self.assertFalse(found.search([("id", "in", trail.ids)]))

    def test_attachments(self):
        files = self.env["ir.attachment"]
        on_ticket = [
            ("res_model", "=", "spoc.ticket"),
            ("res_id", "=", self.mine.id),
        ]
        every = files.sudo().search(on_ticket)
        self.assertEqual(set(every.mapped("name")), {"note.txt", "answer.txt"})
        mine = files.with_user(self.asking)
        self.assertEqual(mine.search(on_ticket).mapped("name"), ["answer.txt"])
        self.assertEqual(
            mine.search([("id", "in", every.ids)]).mapped("name"), ["answer.txt"]
        )
        note = every.filtered(lambda file: file.name == "note.txt")
        with self.assertRaises(AccessError):
            note.with_user(self.asking).read(["raw"])

    def test_satellites(self):
        on_ticket = [
            ("res_model", "=", "spoc.ticket"),
            ("res_id", "=", self.mine.id),
        ]
        for model in ("mail.activity", "mail.followers"):
            self.assertTrue(self.env[model].sudo().search(on_ticket))
            self.assertFalse(self.env[model].with_user(self.asking).search(on_ticket))
        for model in ("spoc.assignment", "spoc.clock", "spoc.ownership"):
            records = self.env[model].with_user(self.asking)
            self.assertFalse(records.search([("ticket_id", "=", self.mine.id)]))
        with self.assertRaises(AccessError):
            self.mine.activity_schedule("mail.mail_activity_data_todo", summary="x")

    def test_no_more_than_reading(self):
        for values in (
            {"watcher_ids": [(4, self.outsider.partner_id.id)]},
            {"priority": "3"},
            {"requester_id": self.outsider.partner_id.id},
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                self.mine.write(values)
        with self.assertRaises(AccessError):
            self.mine.copy()

    def test_page_not_form(self):
        action = self.mine._get_access_action()
        self.assertEqual(action["type"], "ir.actions.act_url")
        self.assertEqual(action["url"], f"/my/requests/{self.mine.id}")
        action = self.open_ticket.with_user(self.agent)._get_access_action()
        self.assertEqual(action["type"], "ir.actions.act_window")

    def test_portal_requester(self):
        ticket = self._ticket(requester_id=self.customer.partner_id.id)
        self._note(ticket, self.agent)
        self._say(ticket, self.agent, body="Hello")
        mine = ticket.with_user(self.customer)
        self.assertTrue(mine.read(["number", "state"]))
        self.assertEqual(
            self.env["spoc.ticket"].with_user(self.customer).search([]), ticket
        )
        with self.assertRaises(AccessError):
            mine.read(["next_due"])
        with self.assertRaises(AccessError):
            mine.write({"name": "Mine"})
        self.assertTrue(
            all(m._spoc_is_public() for m in mine.message_ids), "No note for customers"
        )
        self._say(ticket, self.customer, body="Thanks")
        with self.assertRaises(AccessError):
            self.open_ticket.with_user(self.customer).read(["number"])


@tagged("post_install", "-at_install")
class TestLineSide(PrivacyCase):
    """Another line sees its assignment and nothing of the ticket behind it."""

    def setUp(self):
        super().setUp()
        self.part = self.hr_ticket.assignment_ids.with_user(self.liner)

    def test_sees_its_part(self):
        self.assertEqual(self.part.number, self.hr_ticket.number)
        self.assertEqual(self.part.name, "Your part")
        self.assertIn("Only this", self.part.brief)

    def test_not_the_ticket(self):
        ticket = self.hr_ticket
        with self.assertRaises(AccessError):
            self.part.read(["ticket_id"])
        with self.assertRaises(AccessError):
            self.part.ticket_id  # noqa: B018
        self.assertFalse(self.part.owner_ticket_id)
        with self.assertRaises(AccessError):
            self.liner.group_ids += self.env.ref("base.group_allow_export")
            self.part.export_data(["ticket_id/name"])
        with self.assertRaises(AccessError):
            ticket.with_user(self.liner).read(["name"])
        Part = self.env["spoc.assignment"].with_user(self.liner)
        self.assertTrue(Part.search([("id", "=", self.part.id)]))
        self.assertFalse(Part.search([("ticket_id.name", "ilike", SECRET)]))
        self.assertFalse(Part._read_group([], ["ticket_id"], ["__count"]))
        for model in ("spoc.ownership", "spoc.clock", "spoc.answer"):
            records = self.env[model].with_user(self.liner)
            self.assertFalse(records.search([("ticket_id", "=", ticket.id)]))
        messages = self.env["mail.message"].with_user(self.liner)
        self.assertFalse(
            messages.search([("model", "=", "spoc.ticket"), ("res_id", "=", ticket.id)])
        )


@tagged("post_install", "-at_install")
class TestThreadRoute(PrivacyCase, HttpCase):
    """What Odoo's own routes hand out."""

    def _messages(self, user, ticket):
        self.authenticate(user.login, user.login)
        return self.make_jsonrpc_request(
            "/mail/thread/messages",
            {"thread_model": "spoc.ticket", "thread_id": ticket.id},
        )

    def test_thread_messages(self):
        inner = self._messages(self.agent, self.open_ticket)
        self.assertIn(f"{SECRET} note", str(inner))
        outer = self._messages(self.requester, self.open_ticket)
        self.assertIn(f"{SECRET} answer", str(outer))
        self.assertNotIn(f"{SECRET} note", str(outer))
        for user in (self.agent, self.admin, self.outsider):
            with self.subTest(user.login):
                nothing = self._messages(user, self.hr_ticket)
                # Odoo answers for no thread at all then: with the user's own inbox.
                self.assertFalse(
                    set(nothing["messages"]) & set(self.hr_ticket.message_ids.ids)
                )
                self.assertNotIn(f"{SECRET} of CNF", str(nothing))

    def test_thread_data(self):
        self.authenticate(self.requester.login, self.requester.login)
        data = self.make_jsonrpc_request(
            "/mail/data",
            {
                "fetch_params": [
                    [
                        "mail.thread",
                        {
                            "thread_model": "spoc.ticket",
                            "thread_id": self.open_ticket.id,
                            "request_list": ["activities", "followers", "attachments"],
                        },
                    ]
                ]
            },
        )
        self.assertNotIn(self.agent.partner_id.name, str(data.get("mail.followers")))
        self.assertNotIn(SECRET, str(data.get("mail.activity")))
        self.assertNotIn("note.txt", str(data))

    @mute_logger("odoo.http")
    def test_files(self):
        note = self.env["ir.attachment"].search(
            [("res_id", "=", self.open_ticket.id), ("name", "=", "note.txt")]
        )
        answer = self.env["ir.attachment"].search(
            [("res_id", "=", self.open_ticket.id), ("name", "=", "answer.txt")]
        )
        self.authenticate(self.requester.login, self.requester.login)
        self.assertEqual(self.url_open(f"/web/content/{answer.id}").status_code, 200)
        self.assertEqual(self.url_open(f"/web/content/{note.id}").status_code, 404)

    def test_edit_route(self):
        message = self._say(self.open_ticket, self.agent, body="We are at it")
        self.authenticate(self.agent.login, self.agent.login)
        with mute_logger("odoo.http"):
            result = self.url_open(
                "/mail/message/update_content",
                json={
                    "params": {
                        "message_id": message.id,
                        "update_data": {"body": "", "attachment_ids": []},
                    }
                },
            ).json()
        self.assertIn("error", result)
        message.invalidate_recordset()
        self.assertIn("We are at it", message.body)
