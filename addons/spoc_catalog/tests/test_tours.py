"""The window in a real browser."""

from odoo.tests import tagged

from .browser_common import TourCase
from .common import CatalogScene


@tagged("post_install", "-at_install")
class TestTours(CatalogScene, TourCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_scene()
        cls.open_service.is_featured = True

    def test_find_a_service(self):
        self.start_tour("/spoc", "spoc_catalog_find", login="cat_customer")

    def test_browse_on_a_phone(self):
        self.browser_size = "360x740"
        self.touch_enabled = True
        self.start_tour("/spoc", "spoc_catalog_browse", login="cat_customer")
