"""What the tests of calls from outside share: who is a stranger, what is forbidden."""

from contextlib import suppress

from .personas_scene import TICKETS, WORD, HelpdeskPersonas

SILENT = (
    "odoo.addons.base.models.ir_rule",
    "odoo.addons.base.models.ir_model",
    "odoo.addons.mail.controllers.mail",
    "odoo.addons.mail.models.mail_render_mixin",
    "odoo.addons.mail.models.mail_thread",
    "odoo.http",
    "odoo.sql_db",
)
#: Where the methods come from that are tried one by one.
ADDONS = tuple(f"odoo.addons.{name}" for name in ("spoc_", "mail", "portal", "rating"))
#: Models whose records belong to a ticket.
BELONGING = (
    "spoc.answer",
    "spoc.approval",
    "spoc.assignment",
    "spoc.clock",
    "spoc.ownership",
    "spoc.wait",
)
#: One of each kind of stranger: a ticket and who may see nothing of it.
STRANGERS = {
    "ticket": ("other_customer", "stranger", "requester", "editor"),
    "hr_ticket": ("agent", "admin", "other_customer", "requester"),
    "about_ticket": ("named", "customer"),
}
#: So many of them try every method.
THOROUGH = 2
#: What is tried where an argument is wanted.
FILLERS = (1, WORD)


class Back(Exception):
    """Takes back what a call has done."""


class RpcCase(HelpdeskPersonas):
    def _stored(self):
        """All that a stranger could want to change, as rows of the database."""
        self.env.flush_all()
        tickets = [getattr(self, name).id for name in TICKETS]
        rows = []
        for query in (
            "SELECT * FROM spoc_ticket WHERE id = ANY(%s) ORDER BY id",
            "SELECT * FROM spoc_assignment WHERE ticket_id = ANY(%s) ORDER BY id",
            "SELECT * FROM spoc_approval WHERE ticket_id = ANY(%s) ORDER BY id",
            "SELECT ticket_id, partner_id FROM spoc_ticket_watcher_rel"
            " WHERE ticket_id = ANY(%s) ORDER BY 1, 2",
            "SELECT partner_id, res_id FROM mail_followers"
            " WHERE res_model = 'spoc.ticket' AND res_id = ANY(%s) ORDER BY id",
            "SELECT id, body FROM mail_message"
            " WHERE model = 'spoc.ticket' AND res_id = ANY(%s) ORDER BY id",
            "SELECT id FROM mail_activity"
            " WHERE res_model = 'spoc.ticket' AND res_id = ANY(%s) ORDER BY id",
            "SELECT id FROM ir_attachment"
            " WHERE res_model = 'spoc.ticket' AND res_id = ANY(%s) ORDER BY id",
        ):
            self.env.cr.execute(query, [tickets])
            rows.append(self.env.cr.fetchall())
        return rows

    def assertNothingBy(self, call, ticket, stored):
        """Whatever ``call`` does, it shows and changes nothing.

        :param call: function without arguments
        :param ticket: what it may show neither words nor the link of
        :param stored: what :meth:`_stored` said before
        """
        answer = None
        with suppress(Back), self.env.cr.savepoint():
            # What a call does that ends in an error of any kind, Odoo takes back.
            with suppress(Exception), self.env.cr.savepoint():
                answer = [call()]
                self.env.flush_all()
            if answer:
                self.assertNotIn(f"{WORD} ", repr(answer))
                self.assertNotIn(ticket.sudo().access_token, repr(answer))
                self.assertEqual(self._stored(), stored)
            raise Back
        self.env.invalidate_all()
