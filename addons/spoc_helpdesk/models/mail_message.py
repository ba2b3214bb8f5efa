"""Messages on tickets: read by their side, never changed once said."""

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.base.models.ir_attachment import condition_values

from .spoc_satellite_mixin import PARTS, among

#: Models whose threads have an inner side.
GUARDED = ("spoc.ticket",)

#: What a message says and to what it belongs.
CONTENT_FIELDS = frozenset(
    {
        "attachment_ids",
        "author_guest_id",
        "author_id",
        "body",
        "date",
        "email_from",
        "is_internal",
        "message_type",
        "model",
        "parent_id",
        "res_id",
        "subject",
        "subtype_id",
    }
)


class MailMessage(models.Model):
    """On a ticket, public words are read by whoever may read the ticket, all others
    by those who work on it. Being named as a recipient gives no right beyond that.
    """

    _inherit = "mail.message"

    _spoc_mail_once = models.UniqueIndex(
        "(message_id, res_id) WHERE model = 'spoc.ticket' AND message_type = 'email'",
        "This mail is on the ticket already.",
    )

    def _spoc_is_public(self):
        """Whether a requester may read this message of a ticket."""
        self.ensure_one()
        message = self.sudo()  # sudo: asked about messages one cannot read, too
        return bool(
            message.model in GUARDED
            and message.message_type != "user_notification"
            and message.subtype_id
            and not message.subtype_id.internal
            and not message.is_internal
        )

    @api.model
    def _spoc_public_domain(self):
        return (
            Domain("is_internal", "=", False)
            & Domain("subtype_id", "!=", False)
            & Domain("subtype_id.internal", "=", False)
            & Domain("message_type", "!=", "user_notification")
        )

    @api.model
    def _spoc_readable_domain(self):
        """Messages of tickets the current user may read."""
        Ticket = self.env["spoc.ticket"].with_context(active_test=False)
        # Odoo's own search of messages runs raw SQL: nothing may be pending.
        Ticket.flush_model(["requester_id", "watcher_ids", "desk_id", "company_id"])
        self.env["spoc.desk"].flush_model(["member_ids", "manager_id", "privacy"])
        self.flush_model(["is_internal", "subtype_id", "message_type"])
        readable = Domain.FALSE
        if Ticket.has_access("read"):
            readable = among("res_id", Ticket._search(Domain.TRUE))
        # sudo: only which tickets one works on is asked
        inner = Ticket.sudo()._search(Ticket._spoc_inner_domain())
        return Domain("model", "in", GUARDED) & (
            among("res_id", inner) | (self._spoc_public_domain() & readable)
        )

    @api.model
    def _search(
        self, domain, offset=0, limit=None, order=None, *, bypass_access=False, **kwargs
    ):
        if not self.env.su and not bypass_access:
            names = condition_values(self, "model", Domain(domain))
            if names is None or set(names) & set(GUARDED):
                others = Domain("model", "not in", GUARDED) | Domain(
                    "model", "=", False
                )
                domain = Domain(domain) & (others | self._spoc_readable_domain())
        return super()._search(
            domain, offset, limit, order, bypass_access=bypass_access, **kwargs
        )

    @api.model
    def _find_allowed_doc_ids(self, model_ids):
        # Those of tickets went through the domain of _search.
        allowed = set()
        for name in GUARDED:
            for message_ids in model_ids.get(name, {}).values():
                allowed |= message_ids
        others = {name: ids for name, ids in model_ids.items() if name not in GUARDED}
        return allowed | super()._find_allowed_doc_ids(others)

    def _get_forbidden_access(self, operation):
        """Judge messages of tickets by the ticket, all others as Odoo does."""
        # SQL: the models of messages the user may not be able to read
        self.flush_recordset(["model", "res_id"])
        rows = self.env.execute_query(
            SQL(
                "SELECT id, model, res_id FROM mail_message "
                "WHERE id = ANY(%s) AND model = ANY(%s)",
                list(self.ids),
                [*GUARDED, *PARTS],
            )
        )
        ours = self.browse(id_ for id_, model, _res_id in rows if model in GUARDED)
        forbidden = super(MailMessage, self - ours)._get_forbidden_access(operation)
        forbidden |= self._spoc_forbidden_on_parts(
            row for row in rows if row[1] in PARTS
        )
        return forbidden + ours._spoc_forbidden(operation)

    def _spoc_forbidden(self, operation):
        """Messages of tickets the user may not ``operation``.

        They come into being by ``message_post`` alone (which works as superuser
        after its own judgement), and nobody deletes one.
        """
        if not self:
            return self
        if operation in ("create", "unlink"):
            return self
        allowed = self.sudo().search(  # sudo: the domain says what may be read
            Domain("id", "in", self.ids) & self._spoc_readable_domain()
        )
        if operation == "write":
            allowed = allowed.filtered(
                lambda message: (
                    message.author_id == self.env.user.partner_id
                    or self.env["spoc.ticket"]
                    .browse(message.res_id)
                    .has_access("write")
                )
            )
        return self - allowed

    def export_data(self, fields_to_export):
        # Odoo reads messages past their rules there.
        self.check_access("read")
        return super().export_data(fields_to_export)

    # ---- what was said stays said ------------------------------------------

    def write(self, vals):
        changing = {
            name: vals[name]
            for name in CONTENT_FIELDS & vals.keys()
            if not self._spoc_is_same(name, vals[name])
        }
        if changing:
            self._spoc_keep_words(changing)
        return super().write(vals)

    def _spoc_is_same(self, name, value):
        """Whether all messages have this value already (Odoo writes such, too)."""
        field = self._fields[name]
        if field.type not in ("char", "many2one", "selection", "boolean"):
            return False
        # sudo: compared only: whether the write changes what is kept
        return all(
            field.convert_to_write(message[name], message) == (value or False)
            for message in self.sudo()
        )

    def _spoc_keep_words(self, vals):
        """Refuse to change public words, and to make inner words public.

        Holds for the superuser, too: that is how Odoo's own controllers edit.

        :param dict vals: values of content fields to be written

        :raises UserError: for a message that is, or would come, on a ticket
        """
        # sudo: messages of tickets are kept even from those who cannot read them
        ours = self.sudo().filtered(lambda message: message.model in GUARDED)
        if vals.get("model") in GUARDED and self - ours:
            raise UserError(self.env._("Words come to a ticket by being said there."))
        if any(message._spoc_is_public() for message in ours):
            raise UserError(
                self.env._("Words exchanged with the requester are not changed.")
            )
        if ours and vals.keys() & {
            "model",
            "res_id",
            "is_internal",
            "subtype_id",
            "author_id",
        }:
            raise UserError(
                self.env._("A note of the desk stays what it is, where it is.")
            )

    def unlink(self):
        # Not in an ondelete method: a context that anybody may send skips those.
        self._spoc_keep_messages()
        return super().unlink()

    def _spoc_keep_messages(self):
        """Refuse to delete messages of tickets.

        :raises UserError: whoever asks
        """
        # sudo: messages of tickets are kept even from those who cannot read them
        if any(message.model in GUARDED for message in self.sudo()):
            raise UserError(self.env._("What is on a ticket stays there."))
