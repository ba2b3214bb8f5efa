"""What tickets solved without an article say of missing answers."""

from odoo.tests import tagged

from .test_ticket_articles import ArticleCase


@tagged("post_install", "-at_install")
class TestArticleGapTickets(ArticleCase):
    """Tickets solved without an article weigh, and are told to their desk alone."""

    def setUp(self):
        super().setUp()
        # The demo's own tickets are not part of the scene.
        self.env["spoc.article.gap"].search([]).sudo().unlink()

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
            # SQL: three hours ago
            self.env.cr.execute(
                "UPDATE spoc_ticket SET create_date = resolved_at - interval '3 hours'"
                " WHERE id = %s",
                [ticket.id],
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
