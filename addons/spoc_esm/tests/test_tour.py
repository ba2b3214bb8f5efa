from odoo.tests import tagged

from odoo.addons.spoc_catalog.tests.browser_common import TourCase

from .common import EsmCommon


@tagged("post_install", "-at_install")
class TestTour(TourCase, EsmCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sales.name = "Quasar sales"
        cls.desk.department_id = cls.sales
        cls.service.action_publish()

    def test_directory(self):
        self.start_tour(
            "/odoo/service-directory", "spoc_esm_directory", login="t_agent"
        )

    def test_directory_phone(self):
        self.browser_size = "360x740"
        self.start_tour(
            "/odoo/service-directory", "spoc_esm_directory", login="t_agent"
        )

    def test_insight(self):
        self._ask(self.requester)
        self.start_tour("/odoo/service-insight", "spoc_esm_insight", login="t_manager")

    def test_service_page_names_the_desk_on_the_spot(self):
        self.service.site_desk_ids = self.site_desk
        for login, named in (("t_requester", True), ("t_outsider", False)):
            self.authenticate(login, login)
            page = self.url_open(f"/spoc/service/{self.service.id}")
            self.assertEqual(page.status_code, 200)
            self.assertEqual(f"/spoc/desk/{self.site_desk.id}" in page.text, named)
