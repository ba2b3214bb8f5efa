import io
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from .portal_common import PortalCase

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>"


@tagged("post_install", "-at_install")
class TestPortalForbidden(PortalCase):
    """What nobody may do by way of the pages. Everything allowed is elsewhere."""

    # ---- other people's tickets ----

    def test_foreign_ticket_is_not_found(self):
        ticket = self._resolved_ticket()
        before = ticket.state
        for user in (self.stranger, self.employee, self.line):
            self.authenticate(user.login, user.login)
            page = self.url_open(f"/my/requests/{ticket.id}")
            self.assertEqual(page.status_code, 404, user.login)
            self.assertNotIn(ticket.name, page.text)
            for what in ("confirm", "reject", "rate"):
                with self.subTest(user=user.login, what=what):
                    answer = self._post(
                        f"/my/requests/{ticket.id}/{what}",
                        {"comment": "mine now", "rate": "1"},
                    )
                    self.assertEqual(answer.status_code, 404)
        self.assertEqual(ticket.state, before)
        self.assertFalse(ticket.rating_ids.filtered("consumed"))

    def test_agent_and_watcher_see_but_do_not_decide(self):
        ticket = self._resolved_ticket()
        ticket.watcher_ids = self.stranger.partner_id
        for user in (self.agent, self.stranger):
            self.authenticate(user.login, user.login)
            page = self.url_open(f"/my/requests/{ticket.id}")
            self.assertEqual(page.status_code, 200)
            self.assertNotIn("/confirm", page.text)
            answer = self._post(f"/my/requests/{ticket.id}/confirm")
            self.assertEqual(answer.status_code, 404)
        self.assertEqual(ticket.state, "resolved")

    def test_list_shows_own_only(self):
        own = self._ticket(name="Own matter")
        self._ticket(self.stranger, name="Foreign matter")
        self.authenticate(self.customer.login, self.customer.login)
        for query in ("", "?filterby=all", "?search=matter", "?filterby=%27&sortby=x"):
            text = self.url_open(f"/my/requests{query}").text
            self.assertNotIn("Foreign matter", text)
            self.assertIn(own.number, text)
        # An agent's list is of what they asked, not of what they work on.
        self.authenticate(self.agent.login, self.agent.login)
        text = self.url_open("/my/requests?filterby=all").text
        self.assertNotIn("Own matter", text)

    def test_missing_ids_are_not_found(self):
        self.authenticate(self.customer.login, self.customer.login)
        for url in ("/my/requests/999999999", "/my/requests/0"):
            self.assertEqual(self.url_open(url).status_code, 404)
        self.assertEqual(self._post("/my/requests/999999999/confirm").status_code, 404)

    def test_nobody_signed_in(self):
        ticket = self._ticket()
        self.authenticate(None, None)
        for url in (
            "/my/requests",
            f"/my/requests/{ticket.id}",
            f"/my/requests/{ticket.id}?access_token=wrong",
        ):
            answer = self.url_open(url, allow_redirects=False)
            self.assertEqual(answer.status_code, 303, url)
            self.assertIn("/web/login", answer.headers["Location"])

    def test_inner_side_never_on_the_page(self):
        ticket = self._resolved_ticket()
        ticket.with_user(self.agent).message_post(
            body="Customer is a pain", subtype_xmlid="mail.mt_note"
        )
        self.authenticate(self.customer.login, self.customer.login)
        page = self.url_open(f"/my/requests/{ticket.id}").text
        self.assertNotIn("is a pain", page)
        answer = self.make_jsonrpc_request(
            "/mail/chatter_fetch",
            {"thread_model": "spoc.ticket", "thread_id": ticket.id},
        )
        self.assertNotIn("is a pain", str(answer))

    def test_files_of_others(self):
        files = self.env["ir.attachment"].create(
            [
                {"name": f"{number}.txt", "raw": b"secret", "res_model": "spoc.ticket"}
                for number in range(3)
            ]
        )
        mine, foreign = self._ticket(), self._ticket(self.stranger)
        mine_file, foreign_file, note_file = files
        for ticket, file in ((mine, mine_file), (foreign, foreign_file)):
            file.res_id = ticket.id
            self.env["spoc.answer"].create(
                {
                    "ticket_id": ticket.id,
                    "question_text": "Q",
                    "type": "file",
                    "attachment_ids": [(6, 0, file.ids)],
                }
            )
        note_file.res_id = mine.id
        self.authenticate(self.customer.login, self.customer.login)
        answer = self.url_open(f"/my/requests/{mine.id}/file/{mine_file.id}")
        self.assertEqual(answer.content, b"secret")
        for ticket, file in (
            (mine, foreign_file),
            (mine, note_file),
            (foreign, foreign_file),
        ):
            for url in (
                f"/my/requests/{ticket.id}/file/{file.id}",
                f"/my/requests/{ticket.id}/file/{file.id}?access_token=x",
                f"/web/content/{file.id}",
            ):
                answer = self.url_open(url)
                self.assertEqual(answer.status_code, 404, url)
                self.assertNotEqual(answer.content, b"secret")

    # ---- methods and CSRF ----

    def test_changes_need_post(self):
        ticket = self._resolved_ticket()
        token = self._token(ticket)
        self.authenticate(self.customer.login, self.customer.login)
        count = self._count()
        for url in (
            f"/my/requests/{ticket.id}/confirm",
            f"/my/requests/{ticket.id}/reject?comment=x",
            f"/my/requests/{ticket.id}/rate?rate=5",
            f"/spoc/service/{self.plain_service.id}/ask?description=x",
        ):
            with self.subTest(url=url):
                self.assertIn(self.url_open(url).status_code, (404, 405))
        # A page that asks; nothing is taken from its address.
        page = self.url_open("/spoc/ask?description=x")
        self.assertEqual(page.status_code, 200)
        page = self.url_open(f"/spoc/request/confirm/{token}?decision=confirm")
        self.assertEqual(page.status_code, 200)
        self.assertEqual(ticket.state, "resolved")
        self.assertEqual(self._count(), count)

    @mute_logger("odoo.http")
    def test_changes_need_csrf(self):
        ticket = self._resolved_ticket()
        token = self._token(ticket)
        self.authenticate(self.customer.login, self.customer.login)
        count = self._count()
        for url, data in (
            (f"/my/requests/{ticket.id}/confirm", {"x": "1"}),
            (f"/my/requests/{ticket.id}/reject", {"comment": "x"}),
            (f"/my/requests/{ticket.id}/rate", {"rate": "5"}),
            (f"/spoc/request/confirm/{token}", {"decision": "confirm"}),
            (f"/spoc/service/{self.plain_service.id}/ask", {"description": "x"}),
            ("/spoc/ask", {"description": "x"}),
        ):
            for forged in ({}, {"csrf_token": "0" * 40 + "o1"}):
                with self.subTest(url=url, forged=forged):
                    answer = self.url_open(url, data={**data, **forged})
                    self.assertEqual(answer.status_code, 400)
        self.assertEqual(ticket.state, "resolved")
        self.assertEqual(self._count(), count)

    # ---- tokens ----

    def _token(self, ticket):
        return ticket._spoc_confirm_url().rpartition("/")[2]

    def test_forged_token(self):
        ticket = self._resolved_ticket()
        token = self._token(ticket)
        self.authenticate(None, None)
        broken = [token[:-1], token[1:], token + "A", "x", "%00", "..", "0" * 200]
        for bad in broken:
            with self.subTest(token=bad):
                page = self.url_open(f"/spoc/request/confirm/{bad}")
                self.assertIn(page.status_code, (200, 404))
                self.assertNotIn(ticket.number, page.text)
                self.assertNotIn('value="confirm"', page.text)
        self.assertEqual(ticket.state, "resolved")

    def test_token_of_another_ticket_moves_only_that(self):
        first, second = self._resolved_ticket(), self._resolved_ticket(self.stranger)
        self.authenticate(None, None)
        url = f"/spoc/request/confirm/{self._token(second)}"
        csrf = self._csrf(url)
        self.url_open(
            url,
            data={"csrf_token": csrf, "decision": "confirm", "ticket_id": first.id},
        )
        self.assertEqual(first.state, "resolved")
        self.assertEqual(second.state, "closed")

    def test_expired_token(self):
        ticket = self._resolved_ticket()
        token = self._token(ticket)
        self.authenticate(None, None)
        result = (self.env["spoc.ticket"], "expired")
        model = self.env.registry["spoc.ticket"]
        with patch.object(model, "_spoc_from_confirm_token", lambda *a: result):
            page = self.url_open(f"/spoc/request/confirm/{token}")
        self.assertIn("too old", page.text)
        self.assertNotIn('value="confirm"', page.text)

    def test_used_token(self):
        ticket = self._resolved_ticket()
        token = self._token(ticket)
        self.authenticate(None, None)
        url = f"/spoc/request/confirm/{token}"
        csrf = self._csrf(url)
        self.url_open(url, data={"csrf_token": csrf, "decision": "confirm"})
        self.assertEqual(ticket.state, "closed")
        closed_at = ticket.closed_at
        again = self.url_open(
            url, data={"csrf_token": csrf, "decision": "reject", "comment": "no"}
        )
        self.assertEqual(again.status_code, 200)
        self.assertNotIn('value="confirm"', again.text)
        self.assertEqual(ticket.state, "closed")
        self.assertEqual(ticket.closed_at, closed_at)

    def test_token_is_void_after_reopening(self):
        ticket = self._resolved_ticket()
        token = self._token(ticket)
        ticket._spoc_reject("still dark")
        self.env.flush_all()
        ticket.with_user(self.agent).resolution = "<p>Another cable.</p>"
        ticket.with_user(self.agent).action_resolve()
        self.authenticate(None, None)
        page = self.url_open(f"/spoc/request/confirm/{token}")
        self.assertNotIn('value="confirm"', page.text)

    def test_rating_token(self):
        ticket = self._resolved_ticket()
        ticket._spoc_confirm()
        token = ticket._rating_get_access_token(ticket.requester_id)
        self.authenticate(None, None)
        self.assertEqual(self.url_open("/spoc/request/rate/nonsense").status_code, 404)
        url = f"/spoc/request/rate/{token}"
        csrf = self._csrf(url)
        for bad in ("", "0", "6", "-1", "abc", "1e3"):
            self.url_open(url, data={"csrf_token": csrf, "rate": bad})
            self.assertFalse(ticket.rating_ids.filtered("consumed"), bad)
        self.url_open(url, data={"csrf_token": csrf, "rate": "2"})
        self.url_open(url, data={"csrf_token": csrf, "rate": "5"})
        self.assertEqual(ticket.rating_ids.filtered("consumed").rating, 2)

    # ---- services and forms ----

    def test_hidden_services(self):
        self.authenticate(self.customer.login, self.customer.login)
        count = self._count()
        for service in (self.staff_service, self.draft_service):
            with self.subTest(service=service.name):
                answer = self._post(
                    f"/spoc/service/{service.id}/ask", {"description": "please"}
                )
                self.assertEqual(answer.status_code, 404)
                self.assertNotIn(service.name, answer.text)
        answer = self._post("/spoc/service/999999999/ask", {"description": "please"})
        self.assertEqual(answer.status_code, 404)
        self.assertEqual(self._count(), count)

    def test_foreign_ids_in_the_form(self):
        """Values nobody asked for do not reach the ticket."""
        self.authenticate(self.customer.login, self.customer.login)
        known = self.env["spoc.ticket"].search([])
        self._post(
            f"/spoc/service/{self.plain_service.id}/ask",
            {
                "description": "please",
                "requester_id": str(self.employee.partner_id.id),
                "owner_id": str(self.line.id),
                "desk_id": str(self.sealed_desk.id),
                "service_id": str(self.staff_service.id),
                "priority": "3",
                "stage_id": "1",
                "number": "HACK-1",
                "watcher_ids": str(self.stranger.partner_id.id),
            },
        )
        ticket = self.env["spoc.ticket"].search([]) - known
        self.assertEqual(len(ticket), 1)
        self.assertEqual(ticket.requester_id, self.customer.partner_id)
        self.assertEqual(ticket.desk_id, self.desk)
        self.assertEqual(ticket.service_id, self.plain_service)
        self.assertEqual(ticket.priority, "1")
        self.assertNotEqual(ticket.number, "HACK-1")
        self.assertFalse(ticket.watcher_ids)

    def test_forged_option(self):
        self.authenticate(self.customer.login, self.customer.login)
        foreign = self.env["spoc.form"].create({"name": "Foreign form"})
        foreign.write(
            {
                "question_ids": [
                    (
                        0,
                        0,
                        {
                            "label": "X",
                            "type": "choice",
                            "option_ids": [(0, 0, {"label": "Foreign option"})],
                        },
                    )
                ]
            }
        )
        count = self._count()
        for option in (foreign.question_ids.option_ids.id, "999999999", "abc", "-1"):
            answer = self._post(
                f"/spoc/service/{self.service.id}/ask",
                {
                    self._name(self.q_device): "My laptop",
                    self._name(self.q_bad): str(option),
                },
            )
            self.assertIn("My laptop", answer.text, "what was typed is lost")
            self.assertNotIn("Foreign option", answer.text)
        self.assertEqual(self._count(), count)

    def test_oversize_and_harmful_files(self):
        self.authenticate(self.customer.login, self.customer.login)
        count = self._count()
        files = self.env["ir.attachment"].search_count([])
        for name, size in (("big.png", 2048), ("run.exe", 10), ("page.html", 10)):
            answer = self._post(
                f"/spoc/service/{self.service.id}/ask",
                {self._name(self.q_device): "My laptop"},
                files={self._name(self.q_file): (name, io.BytesIO(self._bytes(size)))},
            )
            self.assertIn("My laptop", answer.text, name)
        self.assertEqual(self._count(), count)
        self.assertEqual(self.env["ir.attachment"].search_count([]), files)

    def test_script_in_every_text(self):
        self.authenticate(self.customer.login, self.customer.login)
        known = self.env["spoc.ticket"].search([])
        page = self._post(
            f"/spoc/service/{self.service.id}/ask",
            {self._name(self.q_device): SCRIPT, "description": SCRIPT},
        )
        self.assertNotIn("<script>alert(1)", page.text)
        self.assertNotIn("onerror=alert(2)>", page.text)
        ticket = self.env["spoc.ticket"].search([]) - known
        self.assertEqual(len(ticket), 1)
        ticket.with_user(self.agent).resolution = f"<p>ok</p>{SCRIPT}"
        ticket.with_user(self.agent).action_resolve()
        for url in (
            f"/my/requests/{ticket.id}",
            f"/my/requests?search={SCRIPT}",
            f"/my/requests/{ticket.id}?said={SCRIPT}",
        ):
            text = self.url_open(url).text
            self.assertNotIn("<script>alert(1)", text)
            self.assertNotIn("onerror=alert(2)>", text)
        self._post(f"/my/requests/{ticket.id}/reject", {"comment": SCRIPT})
        self.assertEqual(ticket.state, "in_progress")
        bodies = "".join(ticket.message_ids.mapped("body"))
        self.assertNotIn("<script>", bodies)
        self.assertNotIn("<img src=x", bodies)

    # ---- the free way in ----

    def test_free_words_never_reach_a_sealed_desk(self):
        self.sealed_desk.sequence = -1000
        self.authenticate(self.customer.login, self.customer.login)
        known = self.env["spoc.ticket"].search([])
        self._post(
            "/spoc/ask",
            {"description": "Somebody help", "desk_id": str(self.sealed_desk.id)},
        )
        ticket = self.env["spoc.ticket"].search([]) - known
        self.assertEqual(len(ticket), 1)
        self.assertNotEqual(ticket.desk_id, self.sealed_desk)
        self.assertEqual(ticket.desk_id.privacy, "open")

    def test_free_words_are_needed(self):
        self.authenticate(self.customer.login, self.customer.login)
        count = self._count()
        for text in ("", "   ", "\n\n"):
            answer = self._post("/spoc/ask", {"description": text})
            self.assertEqual(answer.status_code, 200)
            self.assertIn('role="alert"', answer.text)
        self.assertEqual(self._count(), count)

    def _name(self, question):
        return f"q_{question.id}"
