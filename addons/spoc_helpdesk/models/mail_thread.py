"""The mail gateway's way to a ticket."""

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, email_normalize, email_normalize_all

from odoo.addons.spoc_catalog.identity import mailbox

from ..mail_intake import is_automatic


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def message_route(self, message, message_dict, *args, **kwargs):
        """Whoever writes to a desk is looked up once, not by every step of routing."""
        own = self.env["spoc.channel"]._spoc_addresses()
        if any(
            mailbox(address) in own
            for address in email_normalize_all(message_dict.get("recipients") or "")
        ):
            self = self.with_context(spoc_met={})
        return super().message_route(message, message_dict, *args, **kwargs)

    def _partner_find_from_emails_single(
        self, emails, *args, filter_found=None, no_create=False, **kwargs
    ):
        met = self.env.context.get("spoc_met")
        find = super()._partner_find_from_emails_single
        if met is None or self or args or kwargs or not no_create:
            return find(
                emails, *args, filter_found=filter_found, no_create=no_create, **kwargs
            )
        key = tuple(emails)
        if key not in met:
            # Who has a user comes first by itself: the filter takes nobody else.
            met[key] = find(emails, no_create=True).ids
        found = self.env["res.partner"].browse(met[key])
        return found.filtered(filter_found) if filter_found else found

    def _message_parse_post_process(self, message, message_dict, routes):
        # Who hears of a ticket is its own matter: recipients are not looked up for it.
        if routes and all(route[0] == "spoc.ticket" for route in routes):
            message_dict = {**message_dict, "recipients": ""}
        return super()._message_parse_post_process(message, message_dict, routes)

    @api.model
    def _message_route_process(self, message, message_dict, routes):
        """Take mail to tickets on the suite's own way, everything else on Odoo's."""
        if any(route[0].startswith("spoc.") for route in routes or ()):
            self._spoc_check_gateway()
        ours = [route for route in routes or () if route[0] == "spoc.ticket"]
        if not ours:
            return super()._message_route_process(message, message_dict, routes)
        thread_id = False
        others = [route for route in routes if route[0] != "spoc.ticket"]
        if others:
            thread_id = super()._message_route_process(
                message, dict(message_dict), others
            )
        self._spoc_lock_mail(message_dict["message_id"])
        automatic = is_automatic(message) or self._spoc_is_own_address(
            message_dict.get("email_from")
        )
        for route in self.env["spoc.channel"]._spoc_lead_on(ours):
            ticket_dict = {**message_dict, "spoc_auto": automatic, "partner_ids": []}
            route = self.env["spoc.ticket"]._spoc_route_mail(route, ticket_dict)
            thread_id = super()._message_route_process(message, ticket_dict, [route])
        return thread_id

    @api.model
    def _spoc_check_gateway(self):
        """Refuse mail that nobody received: its headers would name anybody.

        The server fetches mail as superuser; a script that pipes mail in signs in as
        an administrator.

        :raises AccessError: for everybody else
        """
        if not self.env.su and not self.env.user.has_group("base.group_system"):
            raise AccessError(self.env._("Mail comes in by the mail server alone."))

    def _spoc_check_mailed(self):
        """Refuse a mail's values from anybody but the gateway, which is superuser.

        :raises AccessError: for everybody else
        """
        if not self.env.su:
            raise AccessError(self.env._("Mail comes in by the mail server alone."))

    @api.model
    def _spoc_lock_mail(self, message_id):
        """Let one worker at a time take in a mail; the other one tries again later.

        :raises UserError: while another worker is at it
        """
        # SQL: an advisory lock, freed with the transaction
        [[free]] = self.env.execute_query(
            SQL("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", message_id)
        )
        if not free:
            raise UserError(self.env._("This mail is being taken in already."))

    @api.model
    def _spoc_is_own_address(self, email):
        """Whether a desk seems to write to a desk: never answered, so never a loop."""
        email = mailbox(email_normalize(email) or "")
        return bool(email) and email in self.env["spoc.channel"]._spoc_addresses()
