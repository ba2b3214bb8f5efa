"""Demo data: tickets of the last weeks, done at their time by those who did them."""

import csv
import logging
from contextlib import contextmanager
from datetime import datetime, time, timedelta

from odoo import api, fields, models
from odoo.tools import file_open

_logger = logging.getLogger(__name__)

#: How long after the answer its requester replies.
UNTIL_REPLIED = timedelta(minutes=20)
#: How long after the solution its requester says that it holds.
UNTIL_CONFIRMED = timedelta(hours=2)


class SpocTicket(models.Model):
    # pylint: disable=consider-merging-classes-inherited
    _inherit = "spoc.ticket"

    @api.model
    def _spoc_demo_past(self, filename="spoc_helpdesk/demo_past.csv"):
        """Let the tickets of a file have happened, each step at its own time.

        Every step goes the way it goes in life, with the clock set back: so ledger,
        promises and figures agree. Needs ``freezegun``, which Odoo's requirements
        have for its tests; without it the demo company has no past.

        :param str filename: CSV, for its columns see there; weeks are counted back
            from the present one, days from its Monday, hours from the request on
        """
        with file_open(filename) as file:
            self._demo_live(list(csv.DictReader(file)))

    def _demo_live(self, rows):
        try:
            from freezegun import freeze_time  # noqa: PLC0415
        except ImportError:
            _logger.info("No freezegun: the demo data have no tickets of past weeks")
            return
        now = fields.Datetime.now()
        steps = [step for row in rows for step in self._demo_steps(row, now)]
        with freeze_time(now) as frozen, self._demo_time(frozen) as turn_to:
            for moment, step in sorted(steps, key=lambda one: one[0]):
                turn_to(moment)
                step()

    @contextmanager
    def _demo_time(self, frozen):
        """Set the time of Python and that of the transaction, and set it right."""
        cr = self.env.cr
        self.env.flush_all()

        def turn_to(moment):
            self.env.flush_all()
            frozen.move_to(moment)
            cr._now = moment

        try:
            yield turn_to
        finally:
            self.env.flush_all()
            cr._now = None
            # What was computed meanwhile holds moments of the library's own type.
            self.env.invalidate_all()

    def _demo_steps(self, row, now):
        """What happened to one ticket: list of ``(moment, function)``."""
        monday = now.date() - timedelta(days=now.weekday())
        day = monday - timedelta(weeks=int(row["week"])) + timedelta(int(row["day"]))
        asked = datetime.combine(day, time.fromisoformat(row["time"]))
        answered = asked + timedelta(hours=float(row["answer_hours"]))
        solved = asked + timedelta(hours=float(row["solve_hours"]))
        # A request of a Friday may have been solved on a Monday that is still to come.
        if solved + UNTIL_CONFIRMED >= now:
            return []
        ticket = []
        return [
            (asked, lambda: ticket.append(self._demo_ask(row))),
            (answered, lambda: ticket[0]._demo_answer(row)),
            (answered + UNTIL_REPLIED, lambda: ticket[0]._demo_reply(row)),
            (solved, lambda: ticket[0]._demo_solve(row)),
            (solved + UNTIL_CONFIRMED, lambda: ticket[0]._demo_confirm(row)),
        ]

    def _demo_user(self, name):
        return self.env.ref(f"spoc_catalog.user_{name}")

    def _demo_ask(self, row):
        return self.create(
            {
                "name": row["name"],
                "service_id": self.env.ref(f"spoc_catalog.{row['service']}").id,
                "requester_id": self._demo_user(row["requester"]).partner_id.id,
                "owner_id": self._demo_user(row["owner"]).id,
                "origin": row["origin"],
                "description": row["description"],
            }
        )

    def _demo_answer(self, row):
        ticket = self.with_user(self._demo_user(row["owner"]))
        ticket.action_take()
        ticket._demo_say(row["answer"])

    def _demo_reply(self, row):
        self.with_user(self._demo_user(row["requester"]))._demo_say(row["reply"])

    def _demo_say(self, words):
        if words:
            self.message_post(
                body=words, message_type="comment", subtype_xmlid="mail.mt_comment"
            )

    def _demo_solve(self, row):
        ticket = self.with_user(self._demo_user(row["owner"]))
        ticket.resolution = row["resolution"]
        ticket.action_resolve()

    def _demo_confirm(self, row):
        requester = self._demo_user(row["requester"])
        self.with_user(requester)._spoc_confirm()
        if row["stars"]:
            self.env["rating.rating"].create(
                {
                    "res_model_id": self.env["ir.model"]._get_id(self._name),
                    "res_id": self.id,
                    "partner_id": requester.partner_id.id,
                    "rated_partner_id": self._demo_user(row["owner"]).partner_id.id,
                    "rating": int(row["stars"]),
                    "consumed": True,
                }
            )
