"""Lists and reports that stay quick however much has been written down."""

from ast import literal_eval

from lxml import etree

from odoo.tests import TransactionCase, tagged

#: Reports, and the filter by which each opens on the last months.
REPORTS = {
    "spoc_act_action": "at",
    "spoc_clock_action_report": "started",
    "spoc_first_line_action": "month",
    "spoc_ticket_action_report": "received",
    "spoc_ticket_measure_action": "ended",
    "spoc_ticket_measure_party_action": "ended",
    "spoc_wait_action": "began",
}
#: What is written down of tickets, and sorted by columns of its own.
BOOKS = (
    "spoc.act",
    "spoc.clock",
    "spoc.ownership",
    "spoc.ticket.measure",
    "spoc.ticket.measure.party",
    "spoc.wait",
)


@tagged("post_install", "-at_install")
class TestLongLists(TransactionCase):
    def test_reports_open_on_the_last_months(self):
        for name, chosen in REPORTS.items():
            with self.subTest(name):
                action = self.env.ref(f"spoc_helpdesk.{name}")
                model = self.env[action.res_model]
                context = literal_eval(action.context)
                arch = etree.fromstring(model.get_view(None, "search")["arch"])
                [by_date] = arch.xpath(f"//filter[@name='{chosen}']")
                option = context[f"search_default_{chosen}"].removeprefix("custom_")
                [lately] = by_date.xpath(f"filter[@name='{option}']")
                domain = literal_eval(lately.get("domain"))
                self.assertEqual(domain[0][0], by_date.get("date"))
                model.search(domain, limit=1)

    def test_books_sort_by_columns_of_their_own(self):
        for name in BOOKS:
            model = self.env[name]
            orders = [model._order]
            for kind in ("list", "kanban"):
                if not self.env["ir.ui.view"].default_view(name, kind):
                    continue
                arch = etree.fromstring(model.get_view(None, kind)["arch"])
                orders.append(arch.get("default_order"))
            for order in filter(None, orders):
                with self.subTest(name, order=order):
                    query = model.sudo()._search([], order=order)
                    self.assertNotIn("JOIN", query.select().code)
