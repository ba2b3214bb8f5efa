"""Helpers around clocks."""

from odoo.tests import freeze_time

from .common import HelpdeskCommon
from .test_clock import at

HOUR = 3600


class ClockCase(HelpdeskCommon):
    """Helpers around clocks: 4 h response, 8 h update, 16 h resolution, 9 to 17."""

    def _clock(self, ticket, kind):
        return ticket.clock_ids.filtered(lambda c: c.kind == kind).sorted("id")[-1:]

    def _run_cron(self, moment):
        with freeze_time(moment), self.enter_registry_test_mode():
            self.env.ref("spoc_helpdesk.cron_due").method_direct_trigger()

    def _opened(self, **vals):
        with freeze_time(at(0, 9)):
            return self._ticket(owner_id=self.agent.id, **vals)
