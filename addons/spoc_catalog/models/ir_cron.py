"""Jobs that run when something is due, not by the clock."""

from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import SQL

# A wake-up closer than this may be consumed before what relies on it is committed.
MARGIN = timedelta(minutes=5)


class IrCron(models.Model):
    _inherit = "ir.cron"

    @api.model
    def _spoc_wake(self, xmlid, at):
        """See to it that a job runs at a moment, or somewhat earlier.

        One wake-up at or before it is enough: a job that finds something for later
        arms the next one. A job that is gone wakes nobody.

        :param str xmlid: of the ir.cron
        :param datetime at: naive UTC
        """
        cron_id = self.env["ir.model.data"]._xmlid_to_res_id(xmlid)
        if not cron_id:
            return
        now = fields.Datetime.now()
        if at <= now:
            # sudo: whoever causes it may wake the job, not read it
            self.sudo().browse(cron_id)._trigger(at=now)
            return
        # SQL: one of Odoo's triggers, unless there is an earlier one; every new ticket
        # asks, and one statement does for four queries
        self.env.cr.execute(
            SQL(
                "INSERT INTO ir_cron_trigger"
                " (cron_id, call_at, create_uid, create_date, write_uid, write_date)"
                " SELECT %(cron)s, %(at)s, %(uid)s, %(now)s, %(uid)s, %(now)s"
                " WHERE NOT EXISTS (SELECT FROM ir_cron_trigger"
                " WHERE cron_id = %(cron)s"
                " AND call_at > %(margin)s AND call_at <= %(at)s)",
                cron=cron_id,
                at=at,
                # Who searched, or asked, is nobody's business here.
                uid=SUPERUSER_ID,
                now=now,
                margin=now + MARGIN,
            )
        )
