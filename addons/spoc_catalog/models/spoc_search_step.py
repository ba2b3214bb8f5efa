"""Steps on the way from search to request, as they happen."""

from datetime import timedelta

from odoo import api, fields, models

from .. import trail

# A step told at the same moment as another may be stored a little later than that:
# steps are put together once they have settled.
SETTLED = timedelta(minutes=1)
BATCH = 5000


class SpocSearchStep(models.Model):
    """One step of a way, until it is put together with the others in the log.

    A page may tell two steps at once (it was opened, its form was sent). Each is a
    row of its own that nobody changes, so they never wait for each other and none
    has to be done again. :meth:`_cron_fold` alone writes the log, some minutes later.
    """

    _name = "spoc.search.step"
    _description = "Step of a search"
    _order = "date, id"
    # Neither create_uid nor write_uid: they would name the person.
    _log_access = False

    date = fields.Datetime(required=True, index=True, export_string_translation=False)
    way = fields.Char(required=True, export_string_translation=False)
    # One of trail.STEPS
    step = fields.Char(required=True, export_string_translation=False)
    source = fields.Char(export_string_translation=False)
    words = fields.Char(export_string_translation=False)
    result_count = fields.Integer(export_string_translation=False)
    opened_model = fields.Char(export_string_translation=False)
    # A bare number: what was opened may be gone by the time it is noted
    opened_id = fields.Integer(export_string_translation=False)
    position = fields.Integer(export_string_translation=False)
    lang = fields.Char(export_string_translation=False)
    company_id = fields.Many2one(
        "res.company", ondelete="cascade", export_string_translation=False
    )

    @api.model
    def _cron_fold(self):
        """Put settled steps together in the log."""
        before = fields.Datetime.now() - SETTLED
        steps = self.search([("date", "<", before)], limit=BATCH)
        steps._spoc_fold()
        left = self.search_count([("date", "<", before)], limit=BATCH)
        self.env["ir.cron"]._commit_progress(len(steps), remaining=left)

    def _spoc_fold(self):
        """Take the steps in their order, note in the log what they came to."""
        log = self.env["spoc.search.log"]
        last = log._get_latest(set(self.mapped("way")))
        rows = list(last.values())
        for step in self._get_values():
            row = trail.walk(last.get(step["way"]), step)
            if row is not last.get(step["way"]):
                last[step["way"]] = row
                rows.append(row)
        log._keep(rows)
        self.unlink()

    def _get_values(self):
        """The steps as :func:`trail.walk` takes them.

        A service that is gone by now was opened all the same, but cannot be named.
        """
        services = self.filtered(lambda step: step.opened_model == "spoc.service")
        found = self.env["spoc.service"].browse(services.mapped("opened_id")).exists()
        for step in self.read(load="_classic_write"):
            there = step["opened_model"] == "spoc.service" and (
                step["opened_id"] in found._ids
            )
            yield {**step, "service_id": there and step["opened_id"]}
