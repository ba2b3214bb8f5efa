"""The mails of the desk in every language the addon speaks."""

from lxml import etree

from odoo.tests import tagged
from odoo.tools.misc import file_path
from odoo.tools.translate import PoFileReader

from .common import HelpdeskCommon


@tagged("post_install", "-at_install")
class TestMailWords(HelpdeskCommon):
    """What a translator wrote has to become a mail as well as the original does."""

    def _bodies(self, lang):
        """``[(name of the template, translated body)]``."""
        path = file_path(f"spoc_helpdesk/i18n/{lang}.po")
        found = []
        for row in PoFileReader(path):
            place = row["name"] == "mail.template,body_html"
            if place and row["src"].startswith("<div>"):
                found.append((row["imd_name"], row["value"]))
        return found

    def test_every_body_can_be_rendered(self):
        ticket = self._ticket(owner_id=self.agent.id)
        ticket.resolution = "<p>Solved</p>"
        for lang in ("ru", "sv"):
            bodies = self._bodies(lang)
            self.assertTrue(bodies)
            for name, body in bodies:
                template = self.env.ref(f"spoc_helpdesk.{name}")
                if template.model != "spoc.ticket":
                    continue
                with self.subTest(f"{lang}: {name}"):
                    words = self.env["ir.qweb"]._render(
                        etree.fromstring(body), {"object": ticket}
                    )
                    self.assertIn(ticket.number, words)
