from odoo.tests import tagged, warmup

from .common import HelpdeskCommon
from .test_mail import MAIL


@tagged("post_install", "-at_install")
class TestPerformance(HelpdeskCommon):
    """What the ways in cost, in queries. Rising numbers need a reason."""

    def setUp(self):
        super().setUp()
        self.desk.routing_mode = "push"
        self.env.flush_all()

    def _start(self):
        self.env.flush_all()
        self.env.invalidate_all()

    @warmup
    def test_by_form(self):
        self.env["spoc.ticket"].with_user(self.requester)._spoc_ask(
            self.service.with_user(self.requester), {}, "Warm"
        )
        self._start()
        with self.assertQueryCount(32), self.mock_mail_gateway():
            self.env["spoc.ticket"].with_user(self.requester)._spoc_ask(
                self.service.with_user(self.requester), {}, "It does not start"
            )
            self.env.flush_all()

    @warmup
    def test_by_mail(self):
        def mail(number):
            return MAIL.format(
                msg_id=f"<{number}@clients.example>",
                email_from=self.requester.email_formatted,
                to=f"helpme@{self.alias_domain}",
                cc="",
                subject="It does not start",
                body="Please help",
                extra="",
            )

        with self.mock_mail_gateway():
            self.env["mail.thread"].message_process(None, mail("warm"))
        self._start()
        with self.assertQueryCount(54), self.mock_mail_gateway():
            self.env["mail.thread"].message_process(None, mail("hot"))
            self.env.flush_all()

    @warmup
    def test_batch_of_ten(self):
        vals = {
            "name": "It does not start",
            "service_id": self.service.id,
            "requester_id": self.requester.partner_id.id,
        }
        self.env["spoc.ticket"].with_user(self.agent).create([vals])
        self._start()
        with self.assertQueryCount(78), self.mock_mail_gateway():
            self.env["spoc.ticket"].with_user(self.agent).create([dict(vals)] * 10)
            self.env.flush_all()
