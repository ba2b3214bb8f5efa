"""Real mail servers on the loopback: one that delivers, one that receives."""

import email
import email.policy
import imaplib
import re
import subprocess
import sys
import threading
import time
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from aiosmtpd.controller import Controller

from tools.postgres import free_port

PATIENCE = 20
# The package has a command but no __main__
PYMAP = "import sys; from pymap.main import main; sys.exit(main())"


class Outbox:
    """SMTP server that keeps everything Odoo sends."""

    def __init__(self):
        self.messages = []
        self._news = threading.Condition()
        self.port = free_port()
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)

    def start(self):
        self._controller.start()
        return self

    def stop(self):
        self._controller.stop()

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(
            envelope.original_content, policy=email.policy.default
        )
        message.recipients = [address.lower() for address in envelope.rcpt_tos]
        with self._news:
            self.messages.append(message)
            self._news.notify_all()
        return "250 OK"

    def find(self, to=None, subject=None, since=0):
        """Messages for an address with words in the subject, oldest first.

        :param since: how many messages (`len(messages)`) to leave out
        """
        return [
            message
            for message in self.messages[since:]
            if (not to or to.lower() in message.recipients)
            and (not subject or re.search(subject, str(message["subject"]), re.I))
        ]

    def wait(self, to=None, subject=None, since=0, seconds=PATIENCE):
        """The first such message, as soon as it is there."""
        deadline = time.monotonic() + seconds
        with self._news:
            while not (found := self.find(to, subject, since)):
                left = deadline - time.monotonic()
                if left <= 0:
                    seen = [
                        (message.recipients, str(message["subject"]))
                        for message in self.messages
                    ]
                    raise AssertionError(
                        f"no mail to {to} about {subject!r}; there were {seen}"
                    )
                self._news.wait(left)
        return found[0]


def text_of(message):
    """The readable text of a message (of its HTML part, without the tags)."""
    part = message.get_body(("html", "plain"))
    content = part.get_content()
    if part.get_content_subtype() == "html":
        content = re.sub(r"<(style|script).*?</\1>", " ", content, flags=re.S | re.I)
        content = re.sub(r"<[^>]+>", " ", content)
    return re.sub(r"\s+", " ", email.utils.unquote(content)).strip()


def links_of(message):
    """The addresses a message links to."""
    part = message.get_body(("html", "plain"))
    links = re.findall(r'href="([^"]+)"', part.get_content())
    return [link.replace("&amp;", "&") for link in links]


class Mailbox:
    """IMAP server with one account, from which Odoo fetches."""

    login = "mailbox@nordvik.example"
    password = "letter"

    def __init__(self, log):
        self.port = free_port()
        self._log = log
        self._process = None

    def start(self):
        with open(self._log, "w", encoding="utf-8") as log:
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-c", PYMAP, "--no-tls"),
                    *("--host", "127.0.0.1", "--port", str(self.port)),
                    *("dict", "--demo-user", self.login),
                    *("--demo-password", self.password),
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                self._connect().logout()
                return self
            except OSError:
                if time.monotonic() > deadline or self._process.poll() is not None:
                    raise
                time.sleep(0.1)

    def stop(self):
        if self._process:
            self._process.terminate()
            self._process.wait(10)

    def _connect(self):
        connection = imaplib.IMAP4("127.0.0.1", self.port, timeout=10)
        connection.login(self.login, self.password)
        return connection

    def deliver(self, message):
        """Put a message into the mailbox as unread."""
        connection = self._connect()
        now = imaplib.Time2Internaldate(time.time())
        answer, _ = connection.append("INBOX", None, now, message.as_bytes())
        assert answer == "OK"
        connection.logout()

    def unread(self):
        connection = self._connect()
        connection.select("INBOX", readonly=True)
        _, (numbers,) = connection.search(None, "(UNSEEN)")
        connection.logout()
        return len(numbers.split())


def letter(sender, to, subject, text, answers=None, attachments=()):
    """A mail as a person's mail program writes it.

    :param answers: the message it replies to
    :param attachments: (name, MIME type, bytes)
    """
    message = EmailMessage()
    message["From"] = sender
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = formatdate(localtime=True)
    message["Message-ID"] = make_msgid(domain="mail.example")
    if answers is not None:
        message["In-Reply-To"] = answers["Message-ID"]
        references = f"{answers.get('References', '')} {answers['Message-ID']}"
        message["References"] = re.sub(r"\s+", " ", references).strip()
    message.set_content(text)
    for name, mimetype, content in attachments:
        kind, subkind = mimetype.split("/")
        message.add_attachment(content, kind, subkind, filename=name)
    return message
