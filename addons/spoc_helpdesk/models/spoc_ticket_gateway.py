"""Words that come by mail."""

import re

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import email_normalize

from odoo.addons.spoc_catalog.identity import mailbox

from .spoc_ticket import ENGINE

NUMBER_RE = re.compile(r"\b([A-Z0-9]{2,8}-\d{6,})\b")


class SpocTicket(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.ticket"

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Make a ticket of a mail; its sender is the requester.

        The alias says which desk (``desk_id``, ``channel_id``). The mail itself is
        posted by the gateway afterwards; the acknowledgement follows it.

        :raises AccessError: for anybody but the gateway
        """
        self._spoc_check_mailed()
        requester = self._spoc_mail_sender(msg_dict)
        values = {
            "name": msg_dict.get("subject"),
            "description": msg_dict.get("body"),
            "requester_id": requester.id,
            "origin": "email",
            "mail_ref": msg_dict.get("message_id"),
            **(custom_values or {}),
        }
        if "watcher_ids" not in values:
            copies = self._spoc_mail_copies(msg_dict) - requester
            values["watcher_ids"] = [(6, 0, copies.ids)]
        # sudo: the gateway acts for whoever wrote
        tickets = self.sudo().with_context(spoc_engine=ENGINE, spoc_ack_later=True)
        ticket = tickets.create([values])
        return ticket.with_env(self.env).with_context(
            spoc_ack=not msg_dict.get("spoc_auto")
        )

    def message_update(self, msg_dict, update_vals=None):
        """Take in an answer by mail: people in copy become watchers.

        Only the requester shares a ticket; copies of others change nothing. What
        the words themselves do is up to :meth:`message_post`.

        :raises AccessError: for anybody but the gateway
        """
        self._spoc_check_mailed()
        sender = self.env["res.partner"].browse(msg_dict.get("author_id") or [])
        # sudo: the one name asked for
        if sender and sender == self.sudo().requester_id:
            copies = self._spoc_mail_copies(msg_dict) - self._spoc_audience()
            if copies:
                self.sudo().write(  # sudo: the requester's wish
                    {"watcher_ids": [(4, partner.id) for partner in copies]}
                )
        return super().message_update(msg_dict, update_vals)

    @api.model
    def _detect_loop_sender_domain(self, email_from_normalized):
        # Only mail can loop: what is taken by phone or form is not counted.
        return [
            ("origin", "=", "email"),
            ("requester_id.email_normalized", "=", email_from_normalized),
        ]

    @api.model
    def _spoc_mail_sender(self, msg_dict):
        """Partner of a mail's sender, found or made; noted as the mail's author."""
        partner = self.env["res.partner"].browse(msg_dict.get("author_id") or [])
        if not partner and msg_dict.get("email_from"):
            partner = self.env["mail.thread"]._partner_find_from_emails_single(
                [msg_dict["email_from"]], no_create=False
            )
            msg_dict["author_id"] = partner.id
        return partner or self.env.ref("base.public_partner")

    @api.model
    def _spoc_mail_copies(self, msg_dict):
        """Partners of the people in copy, without the desks themselves."""
        emails = [
            email
            for email in re.split(r"[,;]\s*", msg_dict.get("cc") or "")
            if email_normalize(email)
        ]
        if not emails:
            return self.env["res.partner"]
        own = self.env["spoc.channel"]._spoc_addresses()
        emails = [
            email for email in emails if mailbox(email_normalize(email)) not in own
        ]
        return self.env["mail.thread"]._partner_find_from_emails_single(
            emails, no_create=False
        )

    @api.model
    def _spoc_route_mail(self, route, msg_dict):
        """Look again where a mail belongs.

        A new mail that bears the number of a ticket its sender takes part in goes
        there, headers lost or not; an answer after the reopening days begins a
        follow-up.
        """
        model, thread_id, custom_values, user_id, alias = route
        sender = self.env["res.partner"].browse(msg_dict.get("author_id") or [])
        if not thread_id:
            ticket = self._spoc_find_numbered(msg_dict.get("subject"), sender)
        else:
            # sudo: the gateway finds what is answered; the voice is judged later
            ticket = self.sudo().browse(thread_id).exists()
        if not ticket:
            return route
        if sender in ticket._spoc_audience() and ticket._spoc_is_past():
            values = {**ticket._spoc_follow_up_values(), "origin": "email"}
            values["name"] = msg_dict.get("subject") or values["name"]
            return (model, 0, values, user_id, alias)
        return (model, ticket.id, custom_values, user_id, alias)

    @api.model
    def _spoc_find_numbered(self, subject, sender):
        """The ticket whose number is in ``subject``, if ``sender`` takes part in it."""
        numbers = NUMBER_RE.findall(subject or "")
        if not numbers or not sender:
            return self.browse()
        # sudo: looked up for the sender, whose part in it is in the domain
        return self.sudo().search(
            Domain("number", "in", numbers) & self._spoc_requester_domain(sender),
            limit=1,
        )
