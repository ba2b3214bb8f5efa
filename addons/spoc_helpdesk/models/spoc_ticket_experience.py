"""What a closed ticket proves of its owner."""

from collections import Counter

from odoo import models


class SpocTicket(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.ticket"

    def _spoc_close(self):
        result = super()._spoc_close()
        # sudo: what the work proves
        self.sudo().filtered(lambda t: not t.reopen_count)._spoc_prove(1, 0)
        return result

    def _spoc_reopen(self):
        # sudo: what was reopened before proves nothing, whoever reopens it
        first = self.sudo().filtered(lambda t: not t.reopen_count)
        first.filtered(lambda t: t.state == "closed")._spoc_prove(-1, 1)
        first.filtered(lambda t: t.state == "resolved")._spoc_prove(0, 1)
        return super()._spoc_reopen()

    def _spoc_prove(self, solved, reopened):
        """Add the tickets to the experience of their owners.

        :param int solved: what each adds to what is solved for good
        :param int reopened: what each adds to what came back
        """
        counts = Counter(
            (t.owner_id.id, t.desk_id.id, t.service_id.id, t.category_id.id)
            for t in self
            if t.owner_id and (t.service_id or t.category_id)
        )
        if counts:
            self.env["spoc.experience"]._spoc_add(
                {key: (solved * n, reopened * n) for key, n in counts.items()}
            )
