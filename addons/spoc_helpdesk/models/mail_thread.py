"""The mail gateway's way to a ticket."""

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL, email_normalize

from odoo.addons.spoc_catalog.identity import mailbox

from ..mail_intake import is_automatic


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def _message_route_process(self, message, message_dict, routes):
        """Take mail to tickets on the suite's own way, everything else on Odoo's."""
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
