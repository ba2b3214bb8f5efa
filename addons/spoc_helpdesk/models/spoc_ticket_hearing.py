"""Who hears the words on a ticket: where Odoo's threads ask."""

from odoo import api, models
from odoo.exceptions import UserError

#: Parts of a thread only the inner side asks for.
INNER_PARTS = frozenset({"activities", "followers", "scheduledMessages"})


class SpocTicket(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.ticket"

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        # Requesters speak on what they may only read; message_post judges the words.
        if message_operation == "create":
            return dict.fromkeys(self, "read")
        return super()._mail_get_operation_for_mail_message_operation(message_operation)

    @api.model
    def _mail_get_partner_fields(self, introspect_fields=False):
        return ["requester_id"]

    def _mail_get_timezone(self):
        self.ensure_one()
        return self.requester_id.tz or self.desk_id.tz

    def _message_add_suggested_recipients(self, force_primary_email=False):
        # The words go to requester and watchers anyway; nobody else is proposed.
        return {
            ticket.id: {"email_to_lst": [], "partners": ticket._spoc_audience()}
            for ticket in self
        }

    def _message_compute_subject(self):
        self.ensure_one()
        return " ".join(f"[{self.number}] {self.name}".split())

    def _notify_get_reply_to(self, default=None, author_id=False):
        # sudo: the desk's address is public
        senders = {ticket.id: ticket.desk_id._spoc_sender() for ticket in self.sudo()}
        without = self.filtered(lambda ticket: not senders[ticket.id])
        if without or not self:
            senders.update(
                super(SpocTicket, without)._notify_get_reply_to(
                    default=default, author_id=author_id
                )
            )
        return senders

    def _notify_thread(self, message, msg_vals=False, **kwargs):
        # The mail that made the ticket: nobody follows yet, its recipients have it, and
        # the owner is called.
        if self.env.context.get("spoc_ack") is not None:
            return []
        return super()._notify_thread(message, msg_vals=msg_vals, **kwargs)

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        """Nobody hears what they may not read, whatever made them a recipient."""
        recipients = super()._notify_get_recipients(message, msg_vals, **kwargs)
        if not self or not recipients:
            return recipients
        message_type = (msg_vals or {}).get("message_type") or message.message_type
        public = message_type != "user_notification" and message._spoc_is_public()
        allowed = set(self._spoc_audience().ids) if public else set()
        inner = set(self._spoc_desk_users().ids)
        return [
            recipient
            for recipient in recipients
            if recipient["id"] in allowed or recipient["uid"] in inner
        ]

    def _notify_get_recipients_groups(self, message, model_description, msg_vals=False):
        """Requesters and watchers get links to the page of the request."""
        groups = super()._notify_get_recipients_groups(
            message, model_description, msg_vals=msg_vals
        )
        if not self:
            return groups
        audience = set(self._spoc_audience().ids)
        inner = set(self._spoc_desk_users().ids)
        # sudo: the requester gets the link, whoever they are to the desk
        requester = self.sudo().requester_id
        groups = [group for group in groups if group[0] != "portal_customer"]
        return [
            (
                "spoc_audience",
                lambda pdata: (
                    pdata["id"] == requester.id
                    or (pdata["id"] in audience and pdata["uid"] not in inner)
                ),
                {
                    "active": True,
                    "has_button_access": True,
                    "button_access": self._spoc_button(),
                },
            ),
            *groups,
        ]

    def _notify_thread_with_out_of_office(self, message, recipients_data, **kwargs):
        # A desk is not out of office: its members' private notices do not answer.
        return None

    def _get_access_action(self, access_uid=None, force_website=False):
        """Send outsiders, whoever they are, to the page of the request."""
        self.ensure_one()
        user = self.env["res.users"].browse(access_uid) if access_uid else self.env.user
        # sudo: the flag says who one is, it shows nothing
        inside = self.sudo().with_user(user).sudo().is_inner
        if user.share or force_website or inside:
            return super()._get_access_action(access_uid, force_website)
        return {
            "type": "ir.actions.act_url",
            "url": self.access_url,
            "target": "self",
            "res_id": self.id,
        }

    def _thread_to_store(self, store, fields, *, request_list=None):
        """Hand outsiders a thread without the desk's own matters."""
        # sudo: the flag says who one is, it shows nothing
        if request_list and not all(ticket.is_inner for ticket in self.sudo()):
            request_list = [name for name in request_list if name not in INNER_PARTS]
        return super()._thread_to_store(store, fields, request_list=request_list)

    # ---- guarding what was said --------------------------------------------

    def _check_can_update_message_content(self, messages):
        if any(message._spoc_is_public() for message in messages):
            raise UserError(
                self.env._("Words exchanged with the requester are not changed.")
            )
        return super()._check_can_update_message_content(messages)
