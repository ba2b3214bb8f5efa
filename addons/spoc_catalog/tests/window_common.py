"""What tests of the window's pages share."""

import re

from odoo.tests import HttpCase

from .common import CatalogScene


class WindowCase(CatalogScene, HttpCase):
    """Opens pages as the people of the scene."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_scene()

    def get(self, path, login="cat_requester"):
        self.authenticate(login, login)
        return self.url_open(path)

    def opened(self, record, **trail):
        """What the script of a record's page tells when it is shown."""
        kind = record._name.split(".")[-1]
        return self.tell(step="opened", opened=f"{kind}/{record.id}", **trail)

    def tell(self, **step):
        """Send a step as the scripts do, as whoever is signed in."""
        return self.post("/spoc/trail", step, login=None)

    def post(self, path, data, login="cat_requester", **options):
        """Send a form, with the token of the page it would be on."""
        if login:
            self.authenticate(login, login)
        page = self.url_open("/spoc/ask")
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]
        return self.url_open(path, data={"csrf_token": token, **data}, **options)

    def assertShown(self, response, *texts):
        self.assertEqual(response.status_code, 200)
        for text in texts:
            self.assertIn(text, response.text)

    def assertHidden(self, response, *texts):
        for text in texts:
            self.assertNotIn(text, response.text)
