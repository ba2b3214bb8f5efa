"""Contact cards any address book reads."""

from odoo.tests import BaseCase, tagged

from .. import vcard


@tagged("post_install", "-at_install")
class TestVcard(BaseCase):
    def test_card(self):
        text = vcard.render(
            [
                ("N", {}, ["Åsa; Desk", "", "", "", ""]),
                ("FN", {}, "Åsa; Desk, the\\first"),
                ("TEL", {"TYPE": "WORK,VOICE"}, "+46846500410"),
                ("EMAIL", {}, ""),
                ("URL", {}, "https://x.example/a,b;c"),
                ("NOTE", {}, "One\r\ntwo\x00"),
            ]
        )
        self.assertEqual(
            text.split("\r\n"),
            [
                "BEGIN:VCARD",
                "VERSION:3.0",
                "N:Åsa\\; Desk;;;;",
                "FN:Åsa\\; Desk\\, the\\\\first",
                "TEL;TYPE=WORK,VOICE:+46846500410",
                "URL:https://x.example/a,b;c",
                "NOTE:One\\ntwo",
                "END:VCARD",
                "",
            ],
        )

    def test_lines_are_folded_between_characters(self):
        line = "NOTE:" + "Служба поддержки, å ä ö " * 20
        folded = vcard.fold(line)
        pieces = folded.split("\r\n")
        self.assertGreater(len(pieces), 5)
        for piece in pieces:
            self.assertLessEqual(len(piece.encode()), 75)
        self.assertTrue(all(piece.startswith(" ") for piece in pieces[1:]))
        self.assertEqual(pieces[0] + "".join(p[1:] for p in pieces[1:]), line)

    def test_nothing_gets_in_between(self):
        text = vcard.render(
            [
                ("FN", {}, "A\nEND:VCARD"),
                ("URL", {}, "https://x.example/\r\nEND:VCARD"),
                ("TZ", {"VALUE": 'te"xt;X:\n'}, "UTC"),
            ]
        )
        self.assertEqual(text.count("\r\nEND:VCARD\r\n"), 1)
        self.assertIn("TZ;VALUE=textX:UTC", text)
