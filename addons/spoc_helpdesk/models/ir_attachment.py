"""Files on tickets: each is read by the side that has the words it came with."""

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.base.models.ir_attachment import condition_values

from .spoc_satellite_mixin import among

GUARDED = "spoc.ticket"
CONTENT_FIELDS = frozenset(
    {"datas", "db_datas", "name", "raw", "res_id", "res_model", "type", "url"}
)


class IrAttachment(models.Model):
    """An outsider of a ticket reads files of public messages and of answers."""

    _inherit = "ir.attachment"

    @api.model
    def _spoc_outer_domain(self):
        """Files on tickets that came with words the requester has."""
        # SQL: one sub-select in the query of the search
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                """(EXISTS (
                    SELECT FROM message_attachment_rel rel
                      JOIN mail_message message ON message.id = rel.message_id
                      JOIN mail_message_subtype subtype
                        ON subtype.id = message.subtype_id
                     WHERE rel.attachment_id = %(id)s
                       AND message.model = 'spoc.ticket'
                       AND message.message_type != 'user_notification'
                       AND message.is_internal IS NOT TRUE
                       AND subtype.internal IS NOT TRUE
                ) OR EXISTS (
                    SELECT FROM spoc_answer_attachment_rel answer
                     WHERE answer.attachment_id = %(id)s
                ))""",
                id=SQL.identifier(alias, "id"),
            )
        )

    @api.model
    def _spoc_readable_domain(self):
        Ticket = self.env["spoc.ticket"].with_context(active_test=False)
        # sudo: only which tickets one works on is asked
        inner = Ticket.sudo()._search(Ticket._spoc_inner_domain())
        return (
            among("res_id", inner)
            | Domain("public", "=", True)
            | self._spoc_outer_domain()
        )

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        if not self.env.su and not bypass_access:
            names = condition_values(self, "res_model", Domain(domain))
            # Without a model named, Odoo asks _check_access for each file found.
            if names is not None and GUARDED in names:
                domain = Domain(domain) & (
                    Domain("res_model", "!=", GUARDED) | self._spoc_readable_domain()
                )
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if self.env.su or operation != "read" or not self:
            return result
        passed = self - result[0] if result else self
        # sudo: which of them are on tickets, and which of these are readable
        ours = passed.sudo().filtered(
            lambda file: file.res_model == GUARDED and file.res_id
        )
        if not ours:
            return result
        readable = ours.with_context(skip_res_field_check=True).search(
            Domain("id", "in", ours.ids) & self._spoc_readable_domain()
        )
        hidden = self.browse((ours - readable).ids)
        if not hidden:
            return result
        if result:
            return (result[0] + hidden, result[1])
        return (
            hidden,
            lambda: AccessError(self.env._("This file is not for you to see.")),
        )

    # ---- what was sent stays as it was -------------------------------------

    def _spoc_keep_files(self):
        """Refuse to touch files of public messages and of answers.

        :raises UserError: for such a file, whoever asks
        """
        if not self.ids:
            return
        # sudo: what must be kept is kept even from those who cannot read it
        kept = self.sudo().with_context(skip_res_field_check=True, active_test=False)
        if kept.search_count(
            Domain("id", "in", self.ids) & self._spoc_outer_domain(), limit=1
        ):
            raise UserError(
                self.env._("Files exchanged with the requester are not changed.")
            )

    def write(self, vals):
        if CONTENT_FIELDS & vals.keys():
            self._spoc_keep_files()
        return super().write(vals)

    def unlink(self):
        # Not in an ondelete method: a context that anybody may send skips those.
        self._spoc_keep_files()
        return super().unlink()
