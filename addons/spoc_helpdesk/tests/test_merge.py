"""One matter asked twice: merged, led on, taken apart; and two matters in one."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged

from .common import MONDAY, HelpdeskCommon
from .test_mail import MAIL


@tagged("post_install", "-at_install")
class TestMerge(HelpdeskCommon):
    def setUp(self):
        super().setUp()
        self.first = self._ticket(
            name="It does not start", description="<p>Since Monday</p>"
        )
        self.second = self._ticket(
            name="Laptop is dead", description="<p>Nothing happens</p>"
        )
        self.strangers = self._ticket(
            name="Mine is dead, too", requester_id=self.outsider.partner_id.id
        )

    def _merge(self, merged=None, survivor=None, user=None, **kwargs):
        merged = (merged or self.second).with_user(user or self.agent)
        merged._spoc_merge(survivor or self.first, **kwargs)
        self.env.flush_all()
        self.env.invalidate_all()

    # ---- forbidden ----

    def test_nobody_but_the_desk(self):
        for user in (
            self.requester,
            self.customer,
            self.outsider,
            self.liner,
            self.hr_agent,
            self.admin,
        ):
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    self._merge(user=user)
                with self.assertRaises(AccessError):
                    self.env["spoc.ticket.merge"].with_user(user).create(
                        {"ticket_id": self.second.id, "other_id": self.first.id}
                    ).action_merge()
        self._merge()
        for user in (self.requester, self.outsider, self.liner, self.admin):
            with self.assertRaises(AccessError):
                self.second.with_user(user).action_unmerge()
        with self.assertRaises(AccessError):
            self.second.with_user(self.agent).merged_link_id = False

    def test_no_wizard_names_a_hidden_ticket(self):
        secret = self._ticket(name="In confidence", desk_id=self.hr.id)
        Wizard = self.env["spoc.ticket.merge"].with_user(self.agent)
        for vals in (
            {"ticket_id": self.first.id, "other_id": secret.id},
            {"ticket_id": secret.id},
            {"ticket_id": self.first.id, "other_id": secret.id, "keeps": "this"},
        ):
            with self.assertRaises(AccessError):
                Wizard.create(vals).read(["ticket_id", "other_id"])
        wizard = Wizard.create({"ticket_id": self.first.id, "other_id": self.second.id})
        with self.assertRaises(AccessError):
            wizard.other_id = secret
            self.env.flush_all()
        with self.assertRaises(AccessError):
            self.env["spoc.ticket.split"].with_user(self.agent).create(
                {"ticket_id": secret.id, "name": "X"}
            )

    def test_another_requester(self):
        with self.assertRaisesRegex(UserError, "must not read it"):
            self._merge(self.strangers)
        with self.assertRaisesRegex(UserError, "must not read it"):
            self._merge(self.first, self.strangers)
        # Shared with them already: they read it anyway.
        self.first.watcher_ids = self.outsider.partner_id
        self._merge(self.strangers)
        self.assertTrue(self.strangers.is_merged)

    def test_another_desk(self):
        elsewhere = self._ticket(desk_id=self.line.id)
        self.line.member_ids |= self.agent
        with self.assertRaisesRegex(UserError, "two desks"):
            self._merge(elsewhere)

    def test_not_while_another_line_works(self):
        self.env["spoc.assignment"].with_user(self.agent).create(
            {"ticket_id": self.second.id, "desk_id": self.line.id, "name": "Look"}
        )
        with self.assertRaisesRegex(UserError, "another line"):
            self._merge()

    def test_ended_or_itself(self):
        with self.assertRaises(UserError):
            self._merge(self.first, self.first)
        self.second.with_user(self.agent).action_cancel()
        with self.assertRaises(UserError):
            self._merge()

    def test_watchers_of_one_do_not_get_the_other(self):
        self.second.watcher_ids = self.customer.partner_id
        self.first.with_user(self.agent).message_post(
            body="Between us two", subtype_xmlid="mail.mt_comment"
        )
        self._merge()
        theirs = self.first.with_user(self.customer)
        with self.assertRaises(AccessError):
            theirs.read(["name"])
        self.assertFalse(
            self.env["mail.message"]
            .with_user(self.customer)
            .search([("model", "=", "spoc.ticket"), ("res_id", "=", self.first.id)])
        )
        # Nor does the note with the words of one show to the audience of the other.
        self.first.watcher_ids = self.outsider.partner_id
        words = (
            self.env["mail.message"]
            .with_user(self.outsider)
            .search([("model", "=", "spoc.ticket"), ("res_id", "=", self.first.id)])
        )
        self.assertNotIn("Nothing happens", "".join(words.mapped("body")))
        self.assertFalse(self.second.with_user(self.outsider).has_access("read"))

    # ---- preview ----

    def test_preview(self):
        self.second.watcher_ids = self.customer.partner_id
        self._say(self.second, self.requester, "It smells")
        wizard = Form(
            self.env["spoc.ticket.merge"]
            .with_user(self.agent)
            .with_context(default_ticket_id=self.second.id)
        )
        wizard.other_id = self.first
        self.assertEqual(wizard.keeps, "other", "the older one goes on")
        for words in (
            self.second.number,
            self.requester.name,
            self.customer.name,
            "hear no more of it",
            "stay where they are",
            "nothing is lost",
        ):
            self.assertIn(words, wizard.preview)
        self.assertTrue(wizard.has_watchers)
        wizard.share = True
        self.assertIn("get to read all of it", wizard.preview)
        wizard.other_id = self.strangers
        self.assertIn("must not read it", wizard.fault)
        self.assertFalse(wizard.preview)
        wizard.other_id = self.first
        action = wizard.save().action_merge()
        self.assertEqual(action["res_id"], self.first.id)
        self.assertIn(self.customer.partner_id, self.first.watcher_ids)

    def test_or_only_linked(self):
        wizard = (
            self.env["spoc.ticket.merge"]
            .with_user(self.agent)
            .create({"ticket_id": self.first.id, "other_id": self.strangers.id})
        )
        wizard.action_link_parent()
        self.assertEqual(self.first.with_user(self.agent).parent_id, self.strangers)
        wizard.action_relate()
        self.assertEqual(self.first.with_user(self.agent).related_ids, self.strangers)

    # ---- merged ----

    def test_merged(self):
        self._say(self.second, self.requester, "It smells of smoke")
        self._merge()
        self.assertEqual(self.second.state, "cancelled")
        self.assertEqual(self.second.with_user(self.agent).merged_into_id, self.first)
        self.assertEqual(self.first.with_user(self.agent).merged_ids, self.second)
        note = self.first.message_ids[0]
        self.assertIn("It smells of smoke", note.body)
        self.assertIn("Nothing happens", note.body)
        self.assertFalse(note._spoc_is_public())
        told = self.second.message_ids.filtered(lambda m: m._spoc_is_public())[0]
        self.assertIn(self.first.number, told.body)
        self.assertEqual(self.second.measure_ids.outcome, "merged")
        self.assertFalse(
            self.second.clock_ids.filtered(lambda c: c.state in ("running", "paused"))
        )
        self._commit_checks()

    def test_words_go_on_to_the_survivor(self):
        self._merge()
        self._say(self.second, self.requester, "Is anybody there?")
        self.assertIn("Is anybody there?", self.first.message_ids[0].body)
        self._say(self.second, self.agent, "We are at it")
        self.assertIn("We are at it", self.first.message_ids[0].body)
        self.assertEqual(self.second.state, "cancelled")
        # Notes stay where they are written.
        self._note(self.second, self.agent, "Duplicate")
        self.assertIn("Duplicate", self.second.message_ids[0].body)

    def test_mail_goes_on_to_the_survivor(self):
        self._merge()
        self._resolve(self.first)
        for number, subject in enumerate((f"Re: [{self.second.number}]", "Re:")):
            extra = ""
            if number:
                told = self.second.message_ids.filtered(lambda m: m._spoc_is_public())
                extra = f"In-Reply-To: {told[0].message_id}"
            with self.mock_mail_gateway():
                self.env["mail.thread"].message_process(
                    None,
                    MAIL.format(
                        msg_id=f"<late{number}@clients.example>",
                        email_from=self.requester.email_formatted,
                        to=f"helpme@{self.alias_domain}",
                        cc="",
                        subject=subject,
                        body=f"Words by mail {number}",
                        extra=extra,
                    ),
                )
            self.env.invalidate_all()
            said = "".join(self.first.message_ids.mapped(lambda m: m.body or ""))
            self.assertIn(f"Words by mail {number}", said)
        self.assertEqual(self.first.state, "in_progress", "its words reopen it")
        self.assertEqual(self.second.state, "cancelled")

    def test_words_of_those_not_heard_there_are_kept(self):
        self.second.watcher_ids = self.customer.partner_id
        self._merge()
        self._say(self.second, self.customer, "And what about me?")
        self.assertIn("And what about me?", self.second.message_ids[0].body)
        self.assertEqual(self.second.state, "cancelled")
        note = self.first.message_ids[0]
        self.assertIn(self.second.number, note.body)
        self.assertFalse(note._spoc_is_public())

    def test_chain(self):
        third = self._ticket(name="Laptop, again")
        self._merge(third, self.second)
        self._merge(self.second, self.first)
        self._say(third, self.requester, "Hello?")
        self.assertIn("Hello?", self.first.message_ids[0].body)
        self.assertEqual(third._spoc_survivor(), self.first)

    def test_children_come_along(self):
        self.strangers.with_user(self.agent).parent_id = self.second
        self._merge()
        self.assertEqual(self.first.with_user(self.agent).child_ids, self.strangers)

    # ---- taken apart ----

    def test_everything_as_it_was(self):
        with freeze_time(MONDAY):
            ticket = self._ticket(owner_id=self.agent2.id, name="Perhaps the same")
            ticket.with_user(self.agent2).action_wait()
        kept = (
            "stage_id",
            "owner_id",
            "desk_id",
            "requester_id",
            "watcher_ids",
            "description",
            "priority",
            "closed_at",
            "reopen_count",
        )
        before = ticket.read(kept)[0]
        words = ticket.message_ids.mapped("body")
        kinds = {
            c.kind: (c.state, c.remaining)
            for c in ticket.clock_ids
            if c.state in ("running", "paused")
        }
        with freeze_time(MONDAY.replace(hour=10)):
            self._merge(ticket)
        with freeze_time(MONDAY.replace(hour=11)):
            ticket.with_user(self.agent).action_unmerge()
        self.env.invalidate_all()
        self.assertEqual(ticket.read(kept)[0], before)
        self.assertFalse(set(words) - set(ticket.message_ids.mapped("body")))
        self.assertFalse(
            ticket.is_merged or ticket.with_user(self.agent).merged_into_id
        )
        now = {
            c.kind: (c.state, c.remaining)
            for c in ticket.clock_ids
            if c.state in ("running", "paused")
        }
        self.assertEqual(set(now), set(kinds))
        self.assertEqual(now["resolution"], kinds["resolution"])
        self.assertFalse(ticket.measure_ids.filtered("is_current"))
        self._commit_checks()
        self._say(ticket, self.requester, "Back at mine")
        self.assertIn("Back at mine", ticket.message_ids[0].body)

    def test_reopening_takes_apart(self):
        self._merge()
        self.second.with_user(self.agent).action_reopen()
        self.assertFalse(self.second.is_merged)
        self.assertEqual(self.second.state, "new")

    def test_a_first_answer_is_owed_again(self):
        self._merge()
        self.second.with_user(self.agent).action_unmerge()
        clock = self.second.clock_ids.filtered(
            lambda c: c.kind == "response" and c.state == "running"
        )
        self.assertEqual(len(clock), 1)

    def test_only_what_is_merged(self):
        with self.assertRaises(UserError):
            self.first.with_user(self.agent).action_unmerge()


@tagged("post_install", "-at_install")
class TestSplit(HelpdeskCommon):
    def setUp(self):
        super().setUp()
        self.ticket = self._ticket(owner_id=self.agent.id)
        self.file = self.env["ir.attachment"].create(
            {
                "name": "chair.txt",
                "raw": b"squeaks",
                "res_model": "mail.compose.message",
            }
        )
        self._say(self.ticket, self.requester, "It does not start")
        self.other = self._say(
            self.ticket,
            self.requester,
            "And my chair squeaks",
            attachment_ids=self.file.ids,
        )
        self.note = self._note(self.ticket, self.agent, "Old chair")

    def _split(self, messages=None, user=None, files=None, **vals):
        ticket = self.ticket.with_user(user or self.agent)
        return ticket._spoc_split(
            (messages or self.other | self.note).with_user(user or self.agent),
            (files or self.env["ir.attachment"]).with_user(user or self.agent),
            {"name": "Chair", **vals},
        )

    def test_forbidden(self):
        for user in (
            self.requester,
            self.customer,
            self.outsider,
            self.liner,
            self.hr_agent,
            self.admin,
        ):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._split(user=user)
        elsewhere = self._say(self._ticket(), self.requester, "Other words")
        with self.assertRaises(UserError):
            self._split(elsewhere)
        secret = self._ticket(desk_id=self.hr.id)
        words = self._note(secret, self.hr_agent, "Between us at HR")
        with self.assertRaises(AccessError):
            self._split(words)
        with self.assertRaises(AccessError):
            self.env["spoc.ticket.split"].with_user(self.agent).create(
                {
                    "ticket_id": self.ticket.id,
                    "name": "Chair",
                    "message_ids": [(6, 0, words.ids)],
                }
            )
        stray = self.env["ir.attachment"].create(
            {"name": "x", "raw": b"x", "res_model": "spoc.ticket", "res_id": secret.id}
        )
        with self.assertRaises(AccessError):
            self._split(files=stray)

    def test_split(self):
        wizard = (
            self.env["spoc.ticket.split"]
            .with_user(self.agent)
            .create(
                {
                    "ticket_id": self.ticket.id,
                    "name": "Chair",
                    "message_ids": [(6, 0, (self.other | self.note).ids)],
                }
            )
        )
        before = self.ticket.message_ids
        with self.mock_mail_gateway():
            action = wizard.action_split()
        ticket = self.env["spoc.ticket"].browse(action["res_id"])
        self.assertEqual(ticket.requester_id, self.requester.partner_id)
        self.assertIn("And my chair squeaks", ticket.description)
        mine = ticket.with_user(self.agent)
        self.assertEqual(mine.split_from_id, self.ticket)
        self.assertEqual(mine.related_ids, self.ticket)
        self.assertEqual(self.ticket.with_user(self.agent).related_ids, ticket)
        # Nothing left the first one.
        self.assertLessEqual(before, self.ticket.message_ids)
        self.assertEqual(self.other.attachment_ids, self.file)
        said = ticket.message_ids.filtered(lambda m: "squeaks" in (m.body or ""))
        self.assertEqual(said.author_id, self.requester.partner_id)
        self.assertEqual(said.date, self.other.date)
        self.assertEqual(said.attachment_ids.raw, b"squeaks")
        self.assertNotEqual(said.attachment_ids, self.file)
        # The requester reads the words and the file there, not the note.
        theirs = (
            self.env["mail.message"]
            .with_user(self.requester)
            .search([("model", "=", "spoc.ticket"), ("res_id", "=", ticket.id)])
        )
        self.assertIn(said, theirs)
        self.assertNotIn("Old chair", "".join(theirs.mapped("body")))
        self.assertTrue(
            said.attachment_ids.with_user(self.requester).has_access("read")
        )
        # They are told of the new number, and not again of what they wrote.
        self.assertEqual(
            [mail.subject.partition("]")[0] for mail in self._new_mails],
            [f"[{ticket.number}"],
        )
        self._commit_checks()
