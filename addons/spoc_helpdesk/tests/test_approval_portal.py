"""The approver's pages: signed in, and by the link of a mail."""

import re
from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .portal_common import PortalCase


class ApprovalPortalCase(PortalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss = cls._user("s_boss", "Berta Boss", "base.group_user")
        cls.colleague = cls._user("s_colleague", "Cora Colleague", "base.group_user")
        Employee = cls.env["hr.employee"]
        boss = Employee.create({"name": "B", "user_id": cls.boss.id})
        Employee.create({"name": "A", "user_id": cls.employee.id, "parent_id": boss.id})
        cls.rule = cls.env["spoc.approval.rule"].create(
            {"name": "Manager", "step_ids": [Command.create({"kind": "manager"})]}
        )
        cls.service.approval_rule_id = cls.rule

    def _ask(self, user=None, answers=None):
        user = user or self.employee
        answers = answers or {self.q_device.id: "The green laptop"}
        tickets, errors = (
            self.env["spoc.ticket"]
            .with_user(user)
            ._spoc_ask(self.service.with_user(user), answers, "It smells")
        )
        self.assertFalse(errors)
        self.env.flush_all()
        return tickets.with_env(self.env)

    def _has(self, words, page):
        self.assertTrue(words in page, f"{words!r} is missing")

    def _lacks(self, words, page):
        self.assertFalse(words in page, f"{words!r} is there")

    def _void(self, link):
        page = self.url_open(link).text
        self._has("This link is of no use", page)
        self._lacks("o_spoc_approve_form", page)

    def _link(self, ticket):
        token = ticket.approval_ids.filtered(lambda a: a.state == "asked")._spoc_token()
        return f"/spoc/approve/{token}"


@tagged("post_install", "-at_install")
class TestApprovalPages(ApprovalPortalCase):
    # ---- forbidden ---------------------------------------------------------

    def test_others_see_nothing(self):
        row = self._ask().approval_ids
        pages = (
            f"/my/approvals/{row.id}",
            f"/my/approvals/{row.id}/file/1",
            "/my/approvals/99999999",
        )
        for login in ("s_anna", "s_customer", "s_stranger", "s_agent", "s_colleague"):
            self.authenticate(login, login)
            for page in pages:
                with self.subTest(login=login, page=page):
                    self.assertEqual(self.url_open(page).status_code, 404)
            for act in ("decide", "delegate"):
                answer = self._post(
                    f"/my/approvals/{row.id}/{act}",
                    {"decision": "yes", "email": "s_agent@test.example", "why": "x"},
                )
                self.assertEqual(answer.status_code, 404)
            self._lacks("green laptop", self.url_open("/my/approvals").text)
        self.assertEqual(row.state, "asked")

    def test_anonymous(self):
        row = self._ask().approval_ids
        self.authenticate(None, None)
        for page in ("/my/approvals", f"/my/approvals/{row.id}"):
            answer = self.url_open(page)
            self.assertIn("/web/login", answer.url)

    def test_no_change_without_the_form(self):
        ticket = self._ask()
        row = ticket.approval_ids
        self.authenticate("s_boss", "s_boss")
        for page in (f"/my/approvals/{row.id}/decide", self._link(ticket)):
            self.url_open(page + "?decision=yes")
            with mute_logger("odoo.http"):
                answer = self._post(page, {"decision": "yes"}, csrf=False)
            self.assertEqual(answer.status_code, 400)
        self.env.invalidate_all()
        self.assertEqual(row.state, "asked")

    def test_forged_and_old_links(self):
        ticket = self._ask()
        row, link = ticket.approval_ids, self._link(ticket)
        self.authenticate(None, None)
        for forged in (
            link + "x",
            link[:-3],
            "/spoc/approve/x",
            f"{link[:-8]}AAAAAAAA",
        ):
            with self.subTest(forged):
                self._void(forged)
        with patch(
            "odoo.addons.spoc_helpdesk.models.spoc_approval_asking.LINK_DAYS", -1
        ):
            old = self._link(ticket)
        self._void(old)
        self.assertEqual(row.state, "asked")

    def test_a_link_of_another_kind(self):
        """A token of "is it solved?" is none of "do you agree?"."""
        ticket = self._ask()
        self.authenticate(None, None)
        link = f"/spoc/approve/{ticket._spoc_confirm_token()}"
        self._void(link)

    def test_a_forwarded_link(self):
        ticket = self._ask()
        link = self._link(ticket)
        for login in ("s_anna", "s_colleague", "s_agent"):
            self.authenticate(login, login)
            self._has("for somebody else", self.url_open(link).text)
            self._post(link, {"decision": "yes"})
        self.env.invalidate_all()
        self.assertEqual(ticket.approval_ids.state, "asked")

    def test_the_approver_changed(self):
        ticket = self._ask()
        link = self._link(ticket)
        ticket.approval_ids.with_user(self.boss)._spoc_delegate(self.colleague, "You")
        self.env.flush_all()
        self.authenticate(None, None)
        page = self.url_open(link).text
        self._has("Cora Colleague is asked instead", page)
        self._lacks("o_spoc_approve_form", page)

    def test_after_the_end(self):
        ticket = self._ask()
        link = self._link(ticket)
        ticket.with_user(self.agent).action_cancel()
        self.env.flush_all()
        self.authenticate(None, None)
        self._has("has ended", self.url_open(link).text)

    # ---- what works --------------------------------------------------------

    def test_by_link(self):
        """A GET changes nothing, a POST does once."""
        ticket = self._ask()
        link = self._link(ticket)
        self.authenticate(None, None)
        for _time in range(2):
            page = self.url_open(link).text
            self._has("Do you agree?", page)
            self._has("The green laptop", page)
            self._has("It smells", page)
        self.assertEqual(ticket.approval_ids.state, "asked")
        page = self._post_from(link, {"decision": "no"}).text
        self._has("Say why not", page)
        page = self._post_from(link, {"comment": "Some words"}).text
        self._has("Say yes or no", page)
        self._has("Some words", page)
        page = self._post_from(link, {"decision": "yes", "comment": "Fine"}).text
        self._has("you have agreed", page)
        self.env.invalidate_all()
        self.assertEqual(ticket.approval_ids.state, "approved")
        self.assertEqual(ticket.approval_state, "approved")
        self._has("decided already", self.url_open(link).text)

    def _post_from(self, link, data):
        return self.url_open(link, data={**data, "csrf_token": self._csrf(link)})

    def test_by_link_no(self):
        ticket = self._ask()
        self.authenticate(None, None)
        link = self._link(ticket)
        page = self._post_from(link, {"decision": "no", "comment": "<b>Too</b> soon"})
        self._has("you have said no", page.text)
        self.env.invalidate_all()
        self.assertEqual(ticket.state, "cancelled")
        self.assertEqual(ticket.approval_ids.reason, "<b>Too</b> soon")
        self.authenticate("s_anna", "s_anna")
        page = self.url_open(f"/my/requests/{ticket.id}").text
        self._has("Not approved", page)
        self._has("&lt;b&gt;Too&lt;/b&gt; soon", page)
        self._lacks("<b>Too</b>", page)

    def test_the_mail_has_the_link(self):
        self._ask()
        mail = self.env["mail.mail"].search(
            [("recipient_ids", "in", self.boss.partner_id.ids)], limit=1
        )
        self.assertFalse(mail.model or mail.res_id)
        found = re.search(r'href="[^"]*(/spoc/approve/[^"]+)"', mail.body_html)
        self.authenticate(None, None)
        self._has("Do you agree?", self.url_open(found.group(1)).text)
        for user in (self.agent, self.employee, self.colleague):
            messages = self.env["mail.message"].with_user(user)
            self.assertFalse(messages.search([("body", "ilike", "/spoc/approve/")]))

    def test_my_approvals(self):
        ticket = self._ask()
        row = ticket.approval_ids
        self.authenticate("s_boss", "s_boss")
        self._has("Broken device", self.url_open("/my/approvals").text)
        page = self.url_open(f"/my/approvals/{row.id}").text
        self._has("The green laptop", page)
        self._lacks("conversation", page)
        answer = self._post(f"/my/approvals/{row.id}/decide", {"decision": "no"})
        self._has("Say why not", answer.text)
        answer = self._post(f"/my/approvals/{row.id}/decide", {"decision": "yes"})
        self._has("Thank you", answer.text)
        self.env.invalidate_all()
        self.assertEqual(row.state, "approved")
        page = self.url_open(f"/my/approvals/{row.id}").text
        self._lacks("o_spoc_approve_form", page)
        self._has("decided already", page)

    def test_hand_on(self):
        row = self._ask().approval_ids
        self.authenticate("s_boss", "s_boss")
        page = f"/my/approvals/{row.id}/delegate"
        for email in ("", "nobody@test.example", "s_customer@test.example"):
            answer = self._post(page, {"email": email, "why": "They know"})
            self._has("No colleague with this address", answer.text)
            self._has("They know", answer.text)
        answer = self._post(page, {"email": "s_anna@test.example", "why": "They know"})
        self._has("asked for it, so others decide", answer.text)
        answer = self._post(page, {"email": "s_colleague@test.example", "why": ""})
        self._has("Say why", answer.text)
        answer = self._post(
            page, {"email": "s_colleague@test.example", "why": "They know"}
        )
        self._has("has been asked instead", answer.text)
        self.env.invalidate_all()
        self.assertEqual(row.state, "delegated")
        self.assertEqual(row.successor_id.approver_id, self.colleague)

    def test_an_outsider_who_was_asked(self):
        """Somebody of a customer's sees their own question and hands nothing on."""
        row = self._ask().approval_ids
        row._spoc_write({"approver_id": self.customer.id})
        self.env.flush_all()
        self.authenticate("s_customer", "s_customer")
        page = self.url_open(f"/my/approvals/{row.id}").text
        self._has("Do you agree?", page)
        self._lacks("o_spoc_delegate_form", page)
        self.authenticate("s_stranger", "s_stranger")
        self.assertEqual(self.url_open(f"/my/approvals/{row.id}").status_code, 404)

    def test_progress_for_the_requester(self):
        self.rule.step_ids = [
            Command.create(
                {
                    "kind": "people",
                    "sequence": 20,
                    "user_ids": [Command.set(self.colleague.ids)],
                }
            )
        ]
        ticket = self._ask()
        self.authenticate("s_anna", "s_anna")
        page = self.url_open(f"/my/requests/{ticket.id}").text
        self._has("Waits for the approval of Berta Boss", page)
        self._has("Step 1 of 2", page)
        self._has("Step 2 of 2", page)
        self._has("paused until", page)
        self._lacks("We are waiting for your answer", page)
        waiting = self.url_open("/my/requests?filterby=answer").text
        self._lacks(ticket.number, waiting)

    def test_home_counts_for_everybody(self):
        self._ask()
        counters = [
            "spoc_request_count",
            "spoc_approval_count",
            "spoc_assignment_count",
        ]
        expected = {
            self.employee: (1, 0, 0),
            self.boss: (0, 1, 0),
            self.customer: (0, 0, 0),
        }
        for user, counts in expected.items():
            with self.subTest(user.login):
                self.authenticate(user.login, user.login)
                found = self.make_jsonrpc_request(
                    "/my/counters", {"counters": counters}
                )
                self.assertEqual(tuple(found[name] for name in counters), counts)

    def test_roles_in_the_language_of_whoever_reads(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        model = "spoc.approval.step"
        role = self.env["ir.model.fields.selection"].search(
            [("field_id.model", "=", model), ("value", "=", "manager")]
        )
        role.with_context(lang="fr_FR").name = "Le chef"
        approval = self._ask().approval_ids[:1].with_context(lang="fr_FR")
        self.assertEqual(approval._spoc_label("kind"), "Le chef")

    def test_outsiders_read_roles_only(self):
        self.rule.step_ids.write(
            {"kind": "people", "user_ids": [Command.set(self.boss.ids)]}
        )
        ticket = self._ask(self.customer)
        self.assertEqual(ticket.approval_ids.approver_id, self.boss)
        self.authenticate("s_customer", "s_customer")
        page = self.url_open(f"/my/requests/{ticket.id}").text
        self._has("Waits for approval", page)
        self._has("Who has to agree", page)
        self._lacks("Berta", page)

    def test_files_of_answers(self):
        files = [{"name": "photo.txt", "size": 3, "content": b"abc"}]
        ticket = self._ask(answers={self.q_device.id: "Green", self.q_file.id: files})
        row, link = ticket.approval_ids, self._link(ticket)
        file = ticket.answer_ids.attachment_ids
        url = f"/my/approvals/{row.id}/file/{file.id}"
        self.authenticate("s_boss", "s_boss")
        self._has(url, self.url_open(f"/my/approvals/{row.id}").text)
        self.assertEqual(self.url_open(url).content, b"abc")
        self.authenticate(None, None)
        page = self.url_open(link).text
        self._has("photo.txt", page)
        self._lacks(url, page)
