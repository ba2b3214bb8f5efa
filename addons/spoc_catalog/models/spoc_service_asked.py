"""How often a service is asked for."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

ASKED_DAYS = 90


class SpocService(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.service"

    asked_count = fields.Integer(
        string="Asked lately",
        readonly=True,
        copy=False,
        help="Times it was asked for, or looked at, in the last 90 days.",
    )

    @api.model
    def _spoc_asked_counts(self, since):
        """How often each service was asked for. A hook.

        The catalogue alone takes no requests: what people opened stands for it.

        :param datetime since: counts from here on
        :return: service id -> times
        """
        groups = self.env["spoc.search.log"]._read_group(
            [("service_id", "!=", False), ("date", ">=", since)],
            ["service_id"],
            ["__count"],
        )
        return {service.id: count for service, count in groups}

    @api.model
    def _cron_count_asked(self):
        """Renew the counts: the window sorts by them without counting."""
        since = fields.Datetime.now() - timedelta(days=ASKED_DAYS)
        counts = self._spoc_asked_counts(since)
        self.env.flush_all()
        # SQL: one statement for all, and a count is no change to be tracked, to be
        # dated or to make an open form stale.
        self.env.cr.execute(
            SQL(
                """UPDATE spoc_service AS service
                      SET asked_count = coalesce(asked.times, 0)
                     FROM spoc_service AS one
                     LEFT JOIN unnest(%s::int[], %s::int[]) AS asked(id, times)
                       ON asked.id = one.id
                    WHERE one.id = service.id
                      AND service.asked_count
                          IS DISTINCT FROM coalesce(asked.times, 0)""",
                list(counts),
                list(counts.values()),
            )
        )
        self.invalidate_model(["asked_count"])
        self._spoc_forget()
