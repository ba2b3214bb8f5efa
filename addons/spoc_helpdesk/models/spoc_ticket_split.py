"""Two matters in one ticket: the second gets a ticket of its own."""

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from .spoc_ticket import ENGINE

#: Types of messages that can be taken along: what people said.
SPOKEN = ("comment", "email")


class SpocTicket(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.ticket"

    split_link_id = fields.Many2one(
        "spoc.ticket",
        "Link to Origin",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        export_string_translation=False,
    )
    split_from_id = fields.Many2one(
        "spoc.ticket",
        "Split off",
        compute="_compute_split_from_id",
        compute_sudo=False,
    )

    @api.depends("split_link_id")
    @api.depends_context("uid")
    def _compute_split_from_id(self):
        shown = self._spoc_shown("split_link_id")
        for ticket in self:
            # sudo: the link itself; shown only if it is among what the user may read
            link = ticket.sudo().split_link_id
            ticket.split_from_id = link.id if link.id in shown._ids else False

    def _spoc_split(self, messages, attachments, vals):
        """Make a new ticket of some words and files of this one.

        They are copied; what was said here stays here. The new ticket is the same
        requester's, told as any other, and linked with this one.

        :param messages: mail.message of this ticket
        :param attachments: ir.attachment of this ticket, besides those of the messages
        :param dict vals: ``name``, ``service_id``
        :return: spoc.ticket
        :raises AccessError: for anybody but the desk
        :raises UserError: for words or files of another ticket
        """
        self.ensure_one()
        self.check_access("write")
        messages.check_access("read")
        attachments.check_access("read")
        self._spoc_check_splittable(messages, attachments)
        ticket = self._spoc_new_part(messages, vals)
        ticket._spoc_take_along(messages, attachments)
        anchors = [one._spoc_anchor() for one in (ticket, self)]
        self._spoc_log_note(
            Markup("<p>%s</p>") % self.env._("Split off: %s", anchors[0])
        )
        ticket._spoc_log_note(
            Markup("<p>%s</p>") % self.env._("Split off from %s", anchors[1])
        )
        return ticket

    def _spoc_check_splittable(self, messages, attachments):
        """Refuse words and files of other tickets.

        :raises UserError: when there are any
        """
        # sudo: whether they are of this ticket; the right to read was checked
        messages = messages.sudo()
        strange = messages.filtered(
            lambda m: m.model != self._name or m.res_id != self.id
        )
        strange_files = (attachments - messages.attachment_ids).filtered(
            lambda file: file.res_model != self._name or file.res_id != self.id
        )
        if strange or strange_files:
            raise UserError(
                self.env._("Only words and files of this very ticket can be taken.")
            )

    def _spoc_new_part(self, messages, vals):
        """The ticket that is split off, still without what it takes along."""
        said = messages.sorted("id").filtered(lambda m: m._spoc_is_public())
        first = said.filtered(lambda m: m.author_id == self.requester_id)[:1]
        values = {
            "requester_id": self.requester_id.id,
            "requested_for_id": self.requested_for_id.id,
            "watcher_ids": [(6, 0, self.watcher_ids.ids)],
            "desk_id": self.desk_id.id,
            "origin": self.origin,
            "description": first.body or False,
            **vals,
        }
        ticket = self.create([values])
        ticket._spoc_write({"split_link_id": self.id})
        self._spoc_relate(ticket)
        return ticket

    def _spoc_take_along(self, messages, attachments):
        """Copy words and files here, each to the side that has it there."""
        self.ensure_one()
        # sudo: copies of what the user reads, for the same readers
        posting = self.sudo().with_context(
            spoc_engine=ENGINE,
            mail_post_autofollow_author_skip=True,
            mail_post_autofollow=False,
        )
        place = {"res_model": self._name, "res_id": self.id}
        # sudo: words the user reads, copied for the same readers
        for message in messages.sudo().sorted("id"):
            files = [file.copy(place).id for file in message.attachment_ids]
            public = message._spoc_is_public()
            posting.message_post(
                body=message.body,
                subject=message.subject,
                date=message.date,
                author_id=message.author_id.id,
                email_from=message.email_from,
                # No new words: they count, and are told, where they were said.
                message_type="auto_comment",
                subtype_xmlid="mail.mt_comment" if public else "mail.mt_note",
                attachment_ids=files,
            )
        # sudo: files the user reads, less those that go with their message
        rest = attachments.sudo() - messages.sudo().attachment_ids
        for file in rest:
            file.copy(place)
