"""What tickets solved without an article say of missing answers."""

from datetime import datetime, time, timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import BaseCase, tagged

from ..gap_hours import measure
from .test_ticket_articles import ArticleCase


class TestGapHours(BaseCase):
    def test_hours_between(self):
        def at(day, hour):
            return datetime(2026, 11, day, hour)

        hours = measure([(at(20, 8), at(20, 17)), (at(23, 8), at(23, 17))])
        for start, end, told in (
            (at(20, 9), at(20, 10), 1),
            (at(20, 16), at(23, 9), 2),
            (at(19, 0), at(25, 0), 18),
            (at(21, 0), at(22, 0), 0),
            (at(20, 10), at(20, 9), 0),
        ):
            self.assertEqual(hours(start, end), told, (start, end))
        self.assertEqual(measure([])(at(20, 8), at(20, 9)), 0)


@tagged("post_install", "-at_install")
class TestArticleGapTickets(ArticleCase):
    """Tickets solved without an article weigh, and are told to their desk alone."""

    def setUp(self):
        super().setUp()
        # The demo's own tickets are not part of the scene.
        self.env["spoc.article.gap"].search([]).sudo().unlink()
        (self.desk | self.hr).resource_calendar_id = self.env[
            "resource.calendar"
        ].create(
            {
                "name": "Eight to five",
                "tz": "UTC",
                "attendance_ids": [
                    Command.create(
                        {
                            "name": "Day",
                            "dayofweek": str(day),
                            "hour_from": 8,
                            "hour_to": 17,
                        }
                    )
                    for day in range(5)
                ],
            }
        )
        today = fields.Date.today()
        monday = today - timedelta(days=today.weekday() + 7)
        self.weekend = [
            datetime.combine(monday - timedelta(days=3), time(15, 0)),
            datetime.combine(monday, time(9, 0)),
        ]

    def _look(self):
        self.env["spoc.article.gap"]._spoc_look()

    def _gap(self, **values):
        domain = [(name, "=", value) for name, value in values.items()]
        return self.env["spoc.article.gap"].search(domain)

    def _solve(self, desk, user, count=2, **values):
        for number in range(count):
            ticket = self._ticket(desk_id=desk.id, name=f"Again {number}", **values)
            self._resolve(ticket, user)
            self.env.flush_all()
            # SQL: a Friday afternoon until Monday, three hours of work
            self.env.cr.execute(
                "UPDATE spoc_ticket SET create_date = %s, resolved_at = %s"
                " WHERE id = %s",
                [*self.weekend, ticket.id],
            )
        self.env.invalidate_all()

    def test_a_service_weighs_its_tickets(self):
        self._solve(self.desk, self.agent, service_id=self.service.id)
        self._look()
        gap = self._gap(service_id=self.service.id)
        self.assertEqual(gap.kind, "service")
        self.assertEqual((gap.ticket_count, gap.hours), (2, 6))
        self._look()
        self.assertEqual((gap.ticket_count, gap.hours), (2, 6))

    def test_what_is_covered_and_yet_solved_by_hand(self):
        self.article.service_ids = self.service
        self._solve(self.desk, self.agent, service_id=self.service.id)
        self._look()
        gap = self._gap(service_id=self.service.id)
        self.assertEqual((gap.kind, gap.ticket_count, gap.hours), ("tickets", 2, 6))
        action = gap.with_user(self.agent).action_view_tickets()
        mine = self.env["spoc.ticket"].with_user(self.agent)
        self.assertEqual(mine.search_count(action["domain"]), 2)

    def test_confidential_tickets_are_their_own(self):
        self._solve(self.hr, self.hr_agent, service_id=self.hr_service.id)
        # Another desk's work on an open desk's service
        self._solve(self.hr, self.hr_agent, service_id=self.service.id)
        self._look()
        gaps = self._gap(desk_id=self.hr.id)
        self.assertEqual(len(gaps), 2)
        Gap = self.env["spoc.article.gap"]
        for user in (self.agent, self.manager, self.admin, self.liner):
            seen = Gap.with_user(user).search([])
            self.assertFalse(seen & gaps, user.login)
        self.assertEqual(Gap.with_user(self.hr_agent).search([]) & gaps, gaps)
        self.assertFalse(self._gap(service_id=self.service.id, kind="service").hours)
