"""Mail to retired addresses; promises that count other hours than the desk's."""

from datetime import datetime, timedelta

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import MONDAY, HelpdeskCommon
from .test_mail import MailScene

MORNING = MONDAY.replace(hour=10)


@tagged("post_install", "-at_install")
class TestRetiredAddress(MailScene, HelpdeskCommon):
    """A retired address goes on routing, to where its successor is."""

    def new_channel(self, desk, name):
        return self.env["spoc.channel"].create(
            {
                "desk_id": desk.id,
                "kind": "email",
                "identity": f"{name}@{self.alias_domain}",
            }
        )

    def test_to_the_same_desk_without_a_successor(self):
        self.channel.action_retire()
        ticket = self._mail()
        self.assertEqual(ticket.desk_id, self.desk)
        self.assertEqual(self.channel.straggler_count, 1)

    def test_to_the_desk_of_the_successor(self):
        line = self.new_channel(self.line, "secondline")
        self.channel.action_retire()
        self.channel.successor_id = line
        ticket = self._mail()
        self.assertEqual(ticket.desk_id, self.line)
        self.assertEqual(ticket.channel_id, line)
        self.assertEqual(ticket.requester_id.email, "nora.new@clients.example")
        self.assertEqual(self.channel.straggler_count, 1)
        self.assertEqual(line.straggler_count, 0)

    def test_old_and_new_address_in_one_mail(self):
        line = self.new_channel(self.line, "secondline")
        self.channel.action_retire()
        self.channel.successor_id = line
        before = self.env["spoc.ticket"].search_count([])
        self._mail(to=f"{self.address}, {line.identity}")
        self.assertEqual(self.env["spoc.ticket"].search_count([]), before + 1)

    def test_an_answer_stays_where_its_ticket_is(self):
        ticket = self._mail()
        line = self.new_channel(self.line, "secondline")
        self.channel.action_retire()
        self.channel.successor_id = line
        receipt = ticket.message_ids.sorted("id")[-1]
        extra = f"In-Reply-To: {receipt.message_id}\nReferences: {receipt.message_id}\n"
        self._mail(extra=extra, subject="Re: it", body="More words.")
        ticket.invalidate_recordset(["message_ids"])
        self.assertEqual(ticket.desk_id, self.desk)
        self.assertIn("More words.", ticket.message_ids.sorted("id")[-1].body)
        self.assertEqual(self.channel.straggler_count, 0)

    def test_an_address_with_a_plus(self):
        plus = self.new_channel(self.line, "second+line")
        self.assertEqual(plus.identity_normalized, f"second@{self.alias_domain}")
        self.assertEqual(plus.alias_id.alias_name, "second+line")
        self.assertEqual(self._mail(to=plus.identity).desk_id, self.line)


@tagged("post_install", "-at_install")
class TestOtherHours(HelpdeskCommon):
    """Around the clock, in working days, where the requester is."""

    def set_targets(self, *targets):
        self.policy.target_ids = [Command.clear(), *map(Command.create, targets)]

    def clock(self, ticket, kind):
        return ticket.clock_ids.filtered(lambda one: one.kind == kind).sorted("id")[-1:]

    def test_around_the_clock(self):
        friday = MORNING + timedelta(days=4, hours=6)
        self.set_targets({"kind": "resolution", "hours": 30, "counts": "always"})
        with freeze_time(friday):
            ticket = self._ticket()
        one = self.clock(ticket, "resolution")
        self.assertEqual(one.basis, "always")
        self.assertEqual(one.seconds, 30 * 3600)
        self.assertEqual(one.due, friday + timedelta(hours=30))
        self.assertEqual(ticket.resolution_due, one.due)
        # Paused over the night and resumed: every hour counts again.
        with freeze_time(friday + timedelta(hours=10)):
            one._spoc_pause(friday + timedelta(hours=10))
        self.assertEqual(one.remaining, 20 * 3600)
        later = friday + timedelta(days=1)
        one._spoc_resume(later)
        self.assertEqual(one.due, later + timedelta(hours=20))

    def test_working_days(self):
        self.set_targets({"kind": "resolution", "days": 2})
        with freeze_time(MORNING):
            ticket = self._ticket()
        one = self.clock(ticket, "resolution")
        self.assertEqual(one.due, MORNING + timedelta(days=2))
        self.assertEqual(one.seconds, self.desk._spoc_working_seconds(MORNING, one.due))
        self.assertEqual(one.basis, "")

    def test_where_the_requester_is(self):
        self.set_targets({"kind": "response", "hours": 1, "counts": "requester"})
        self.customer.partner_id.tz = "America/New_York"
        with freeze_time(datetime(2026, 3, 2, 10)):
            ticket = self._ticket(requester_id=self.customer.partner_id.id)
            other = self._ticket()
        one = self.clock(ticket, "response")
        self.assertEqual(one.basis, "America/New_York")
        # It is five in the morning there: counted from their morning on.
        self.assertGreater(one.due, self.clock(other, "response").due)

    def test_what_was_promised_does_not_change(self):
        with freeze_time(MORNING):
            ticket = self._ticket()
        one = self.clock(ticket, "update")
        promised = one.seconds, one.basis, one.due
        self.set_targets(
            {"kind": "update", "hours": 1, "counts": "always"},
            {"kind": "resolution", "days": 9},
        )
        self.assertEqual((one.seconds, one.basis, one.due), promised)
        with freeze_time(MORNING + timedelta(hours=1)):
            ticket.owner_id = self.agent
            self._say(ticket, self.agent)
        following = self.clock(ticket, "update")
        self.assertNotEqual(following, one)
        self.assertEqual((following.seconds, following.basis), promised[:2])
