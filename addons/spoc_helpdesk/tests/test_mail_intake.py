from email.message import EmailMessage

from odoo.tests import BaseCase, tagged

from ..mail_intake import is_automatic


@tagged("post_install", "-at_install")
class TestMailIntake(BaseCase):
    """Which mail was written by a machine."""

    def _mail(self, **headers):
        message = EmailMessage()
        message["From"] = "someone@people.example"
        for name, value in headers.items():
            message[name.replace("_", "-")] = value
        return message

    def test_people(self):
        self.assertFalse(is_automatic(self._mail(Subject="Help")))
        self.assertFalse(is_automatic(self._mail(Auto_Submitted="no")))
        # Exchange puts it on what people write, too.
        self.assertFalse(is_automatic(self._mail(X_Auto_Response_Suppress="All")))
        self.assertFalse(
            is_automatic(
                self._mail(X_Auto_Response_Suppress="DR, OOF", In_Reply_To="<1@x>")
            )
        )

    def test_machines(self):
        for headers in (
            {"Auto_Submitted": "auto-replied"},
            {"Auto_Submitted": "Auto-Generated; owner-email=a@b.example"},
            {"Precedence": "bulk"},
            {"Precedence": "List"},
            {"X_Autoreply": "yes"},
            {"X_Autorespond": "On holiday"},
            {"Return_Path": "<>"},
            {
                "X_Auto_Response_Suppress": "All",
                "In_Reply_To": "<1@x>",
                "Subject": "Automatic reply: Help",
            },
        ):
            with self.subTest(headers):
                self.assertTrue(is_automatic(self._mail(**headers)))
