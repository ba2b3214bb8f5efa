from odoo.tests import BaseCase, tagged

from odoo.addons.spoc_helpdesk.ticket_likeness import Other, query, ranked, stems


@tagged("-at_install", "post_install")
class TestTicketLikeness(BaseCase):
    def test_stems(self):
        self.assertEqual(stems("Printers do not print"), ["printe", "print"])
        self.assertEqual(stems("VPN and PC 42 die"), ["vpn", "pc", "42"])
        self.assertEqual(stems("Please help, it does not work"), [])
        self.assertEqual(stems(None), [])

    def test_query_is_safe_for_the_database(self):
        self.assertEqual(query("' | !& (:* \\"), "")
        self.assertEqual(query("Printer's <b>dead</b>"), "print:* | dead:*")
        self.assertEqual(
            len(
                query("alpha bravo charlie delta echo1 foxtrot golf1 hotel").split(
                    " | "
                )
            ),
            6,
        )

    def test_solved_first_then_the_likest(self):
        others = [
            Other(1, "Printer on the third floor is empty"),
            Other(2, "Printer is empty on this floor", solved=True),
            Other(3, "Coffee machine is empty"),
            Other(4, "Printer on the third floor hums", solved=True),
        ]
        found = ranked("Printer on the third floor hums and is empty", others, 3)
        self.assertEqual([id_ for id_, _share in found], [4, 2, 1])
        self.assertTrue(all(0 < share <= 1 for _id, share in found))

    def test_common_words_do_not_make_it_alike(self):
        many = [Other(n, f"Screen number {n}") for n in range(1, 20)]
        [first, *_rest] = ranked(
            "Screen flickers", [*many, Other(99, "It flickers")], 5
        )
        self.assertEqual(first[0], 99)

    def test_same_service_counts(self):
        others = [
            Other(1, "Invoice wrong"),
            Other(2, "Invoice wrong", same_service=True),
        ]
        self.assertEqual(ranked("Invoice wrong", others, 1)[0][0], 2)

    def test_languages(self):
        self.assertTrue(ranked("Принтер не печатает", [Other(1, "Нет принтера")], 1))
        self.assertTrue(ranked("Skrivaren är trasig", [Other(1, "Skrivare sönder")], 1))
