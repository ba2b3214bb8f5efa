"""Messages on assignments and transfers: read with the record, and only then."""

from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain

from odoo.addons.base.models.ir_attachment import condition_values

from .spoc_satellite_mixin import PARTS, among


class MailMessage(models.Model):
    """Odoo lets authors and whoever was told something read it for good.

    A member who has left a desk, or asked a confidential one, does not.
    """

    # pylint: disable=consider-merging-classes-inherited
    _inherit = "mail.message"

    @api.model
    def _search(
        self, domain, offset=0, limit=None, order=None, *, bypass_access=False, **kwargs
    ):
        if not self.env.su and not bypass_access:
            names = condition_values(self, "model", Domain(domain))
            if names is None or set(names) & set(PARTS):
                domain = Domain(domain) & self._spoc_parts_domain()
        return super()._search(
            domain, offset, limit, order, bypass_access=bypass_access, **kwargs
        )

    @api.model
    def _spoc_parts_domain(self):
        """All messages but those of parts the current user may not read."""
        domain = Domain("model", "not in", PARTS) | Domain("model", "=", False)
        for name in PARTS:
            Part = self.env[name]
            if Part.has_access("read"):
                # Odoo's own search of messages runs raw SQL: nothing may be pending.
                Part.flush_model()
                domain |= Domain("model", "=", name) & among(
                    "res_id", Part._search(Domain.TRUE)
                )
        return domain

    @api.model
    def _spoc_forbidden_on_parts(self, rows):
        """Messages on parts the user may not read, and so not change, either.

        :param rows: tuples (id of the message, model, id of the record)
        :return: mail.message
        """
        messages = defaultdict(lambda: defaultdict(list))
        for id_, model, res_id in rows:
            messages[model][res_id].append(id_)
        forbidden = []
        for model, by_record in messages.items():
            records = self.env[model].browse(by_record)
            readable = set()
            if records.browse().has_access("read"):
                readable = set(records._filtered_access("read").ids)
            for res_id in by_record.keys() - readable:
                forbidden += by_record[res_id]
        return self.browse(forbidden)
