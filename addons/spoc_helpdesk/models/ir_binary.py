"""Files of tickets by link: as long as the link to the ticket itself is good."""

from odoo import models
from odoo.tools import consteq
from odoo.tools.misc import (
    limited_field_access_token,
    verify_limited_field_access_token,
)

GUARDED = "spoc.ticket"


class IrBinary(models.AbstractModel):
    """Odoo's links to files are good for weeks, whoever may read them meanwhile."""

    _inherit = "ir.binary"

    def _find_record(
        self,
        xmlid=None,
        res_model="ir.attachment",
        res_id=None,
        access_token=None,
        field=None,
    ):
        if access_token and res_model == "ir.attachment" and res_id and not xmlid:
            # sudo: whether it is on a ticket, and the key its links are made with
            file = self.env[res_model].sudo().browse(res_id).exists()
            if file and file.res_model == GUARDED and file.res_id:
                if file._spoc_is_link(field, access_token):
                    return file
                access_token = None  # what one may read without a link is left
        return super()._find_record(xmlid, res_model, res_id, access_token, field)


class IrAttachment(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "ir.attachment"

    def _spoc_scope(self):
        """Scope of links to the file of a ticket: changes when the ticket's does."""
        # sudo: the key of the ticket's own links
        ticket = self.env[GUARDED].sudo().browse(self.sudo().res_id)
        return f"binary.{ticket.access_token}"

    def _spoc_is_link(self, field, access_token):
        """Whether ``access_token`` opens this file of a ticket (as superuser)."""
        return consteq(
            self.access_token or "", access_token
        ) or verify_limited_field_access_token(
            self, field or "raw", access_token, scope=self._spoc_scope()
        )

    def _get_raw_access_token(self):
        if self.sudo().res_model != GUARDED:  # sudo: whose link it is to be
            return super()._get_raw_access_token()
        return limited_field_access_token(self, "raw", scope=self._spoc_scope())

    def _get_thumbnail_token(self):
        # sudo: on what the file hangs, to choose the scope of its link
        if self.sudo().res_model != GUARDED:
            return super()._get_thumbnail_token()
        return limited_field_access_token(self, "thumbnail", scope=self._spoc_scope())
