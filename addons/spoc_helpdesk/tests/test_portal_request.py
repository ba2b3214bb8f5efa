import io

from odoo.tests import tagged

from .portal_common import PortalCase


@tagged("post_install", "-at_install")
class TestPortalRequest(PortalCase):
    """A requester's way: asks, follows, decides, rates."""

    def setUp(self):
        super().setUp()
        self.authenticate(self.customer.login, self.customer.login)

    def _ask(self, service, data, **kwargs):
        known = self.env["spoc.ticket"].search([])
        page = self._post(f"/spoc/service/{service.id}/ask", data, **kwargs)
        return page, self.env["spoc.ticket"].search([]) - known

    def _name(self, question):
        return f"q_{question.id}"

    # ---- asking ----

    def test_ask_with_a_form(self):
        option = self.q_bad.option_ids[1]
        page, ticket = self._ask(
            self.service,
            {
                self._name(self.q_device): "The green laptop",
                self._name(self.q_bad): str(option.id),
                "description": "It smells of smoke.",
            },
            files={self._name(self.q_file): ("smoke.txt", io.BytesIO(b"grey"))},
        )
        self.assertEqual(len(ticket), 1)
        self.assertEqual(page.url.partition("?")[0].rpartition("/")[2], str(ticket.id))
        for words in (
            ticket.number,
            "The green laptop",
            "I cannot work",
            "It smells of smoke.",
            "smoke.txt",
            self.desk.name,
            "First answer",
        ):
            self.assertIn(words, page.text)
        self.assertEqual(ticket.requester_id, self.customer.partner_id)
        self.assertEqual(ticket.origin, "portal")
        attachment = ticket.answer_ids.attachment_ids
        self.assertEqual(attachment.raw, b"grey")
        url = f"/my/requests/{ticket.id}/file/{attachment.id}"
        self.assertIn(url, page.text)
        answer = self.url_open(url)
        self.assertEqual(answer.content, b"grey")
        self.assertIn("attachment", answer.headers["Content-Disposition"])

    def test_errors_give_everything_back(self):
        page, ticket = self._ask(
            self.service,
            {self._name(self.q_device): "", "description": "Half an hour of typing"},
        )
        self.assertFalse(ticket)
        self.assertIn("Half an hour of typing", page.text)
        self.assertIn("is-invalid", page.text)

    def test_script_gets_json(self):
        answer = self._post(
            f"/spoc/service/{self.service.id}/ask",
            {self._name(self.q_device): ""},
            headers={"X-Requested-With": "spoc"},
        )
        errors = answer.json()["errors"]
        self.assertIn(str(self.q_device.id), errors)
        answer = self._post(
            f"/spoc/service/{self.service.id}/ask",
            {self._name(self.q_device): "Phone"},
            headers={"X-Requested-With": "spoc"},
        )
        self.assertIn("/my/requests/", answer.json()["redirect"])

    def test_free_words(self):
        known = self.env["spoc.ticket"].search([])
        page = self._post(
            "/spoc/ask", {"description": "My chair squeaks\nsince Monday"}
        )
        ticket = self.env["spoc.ticket"].search([]) - known
        self.assertEqual(ticket.name, "My chair squeaks")
        self.assertFalse(ticket.service_id)
        self.assertFalse(ticket.searched)
        self.assertIn(ticket.number, page.text)

    def test_free_words_come_with_what_was_searched(self):
        known = self.env["spoc.ticket"].search([])
        self._post(
            "/spoc/ask", {"description": "My chair squeaks", "searched": "creaky seat"}
        )
        ticket = self.env["spoc.ticket"].search([]) - known
        self.assertEqual(ticket.searched, "creaky seat")

    # ---- following ----

    def test_empty_list_points_to_the_window(self):
        page = self.url_open("/my/requests")
        self.assertIn('href="/spoc"', page.text)
        self.assertIn("o_spoc_empty", page.text)

    def test_list_filters(self):
        closed = self._resolved_ticket(name="Old matter")
        closed._spoc_confirm()
        self._ticket(name="New matter")
        text = self.url_open("/my/requests").text
        self.assertIn("New matter", text)
        self.assertNotIn("Old matter", text)
        text = self.url_open("/my/requests?filterby=ended").text
        self.assertIn("Old matter", text)
        self.assertNotIn("New matter", text)
        text = self.url_open(f"/my/requests?filterby=all&search={closed.number}").text
        self.assertIn("Old matter", text)
        self.assertNotIn("New matter", text)

    def test_home_counts_open_requests(self):
        self._ticket()
        self._resolved_ticket()._spoc_confirm()
        values = self.make_jsonrpc_request(
            "/my/counters", {"counters": ["spoc_request_count"]}
        )
        self.assertEqual(values["spoc_request_count"], 1)
        self.assertIn("/my/requests", self.url_open("/my").text)

    def test_list_does_not_query_by_ticket(self):
        for number in range(3):
            self._ticket(name=f"Matter {number}")
        env = self.env(user=self.customer)
        self.env.invalidate_all()
        self._lines(env)  # warm caches of rules and translations
        self.env.invalidate_all()
        with self._counting() as few:
            self._lines(env)
        for number in range(6):
            self._ticket(name=f"More {number}")
        self.env.flush_all()
        self.env.invalidate_all()
        with self._counting() as many:
            self._lines(env)
        self.assertEqual(few.count, many.count)

    def _lines(self, env):
        from ..controllers.request_page import RequestPage

        tickets = env["spoc.ticket"].search([])
        return [RequestPage(ticket, env).line() for ticket in tickets]

    def _counting(self):
        cursor = self.env.cr

        class Counter:
            def __enter__(self):
                self.start = cursor.sql_log_count
                return self

            def __exit__(self, *args):
                self.count = cursor.sql_log_count - self.start

        return Counter()

    def test_watcher_reads_along(self):
        ticket = self._ticket(self.stranger)
        ticket.watcher_ids = self.customer.partner_id
        page = self.url_open(f"/my/requests/{ticket.id}")
        self.assertEqual(page.status_code, 200)
        self.assertIn(self.stranger.name, page.text)

    def test_token_of_the_mail_opens_the_page(self):
        ticket = self._ticket()
        token = ticket._portal_ensure_token()
        self.authenticate(None, None)
        page = self.url_open(f"/my/requests/{ticket.id}?access_token={token}")
        self.assertEqual(page.status_code, 200)
        self.assertIn(ticket.number, page.text)

    # ---- deciding ----

    def test_confirm_and_rate(self):
        ticket = self._resolved_ticket()
        page = self.url_open(f"/my/requests/{ticket.id}")
        self.assertIn("The cable is plugged in.", page.text)
        page = self._post(f"/my/requests/{ticket.id}/confirm")
        self.assertEqual(ticket.state, "closed")
        self.assertIn("spoc_rate_5", page.text)
        page = self._post(f"/my/requests/{ticket.id}/rate", {"rate": ""})
        self.assertIn('role="alert"', page.text)
        self._post(f"/my/requests/{ticket.id}/rate", {"rate": "4", "comment": "Quick!"})
        rating = ticket.rating_ids.filtered("consumed")
        self.assertEqual((rating.rating, rating.feedback), (4, "Quick!"))
        self.assertEqual(rating.partner_id, self.customer.partner_id)

    def test_reject(self):
        ticket = self._resolved_ticket()
        page = self._post(f"/my/requests/{ticket.id}/reject", {"comment": " "})
        self.assertIn("is-invalid", page.text)
        self.assertEqual(ticket.state, "resolved")
        self._post(f"/my/requests/{ticket.id}/reject", {"comment": "Dark again"})
        self.assertEqual(ticket.state, "in_progress")
        self.assertEqual(ticket.owner_id, self.agent)
        self.assertIn("Dark again", "".join(ticket.message_ids.mapped("body")))

    def test_late_decision_is_told(self):
        ticket = self._ticket()
        page = self._post(f"/my/requests/{ticket.id}/confirm")
        self.assertEqual(page.status_code, 200)
        self.assertEqual(ticket.state, "new")

    # ---- by the link of the mail ----

    def test_mail_link(self):
        ticket = self._resolved_ticket()
        self.authenticate(None, None)
        url = "/" + ticket._spoc_confirm_url().partition("//")[2].partition("/")[2]
        page = self.url_open(url)
        self.assertIn("The cable is plugged in.", page.text)
        csrf = self._csrf(url)
        page = self.url_open(url, data={"csrf_token": csrf, "decision": "confirm"})
        self.assertEqual(ticket.state, "closed")
        self.assertIn("spoc_rate_5", page.text)
        self.url_open(
            page.url, data={"csrf_token": csrf, "rate": "5", "comment": "Thanks"}
        )
        self.assertEqual(ticket.rating_ids.filtered("consumed").rating, 5)

    def test_mail_link_not_solved(self):
        ticket = self._resolved_ticket()
        self.authenticate(None, None)
        url = "/" + ticket._spoc_confirm_url().partition("//")[2].partition("/")[2]
        csrf = self._csrf(url)
        page = self.url_open(url, data={"csrf_token": csrf, "decision": "reject"})
        self.assertIn("is-invalid", page.text)
        self.url_open(
            url, data={"csrf_token": csrf, "decision": "reject", "comment": "Dark"}
        )
        self.assertEqual(ticket.state, "in_progress")
        self.assertIn("Dark", "".join(ticket.message_ids.mapped("body")))

    def test_mail_link_speaks_the_requesters_language(self):
        self.env["res.lang"]._activate_lang("sv_SE")
        self.env["ir.module.module"]._load_module_terms(["spoc_helpdesk"], ["sv_SE"])
        self.customer.lang = "sv_SE"
        ticket = self._resolved_ticket()
        self.authenticate(None, None)
        url = "/" + ticket._spoc_confirm_url().partition("//")[2].partition("/")[2]
        self.assertIn("Är det löst?", self.url_open(url).text)
