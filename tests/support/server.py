"""A real Odoo server with two workers, and the calls a client makes."""

import http.cookiejar
import itertools
import json
import re
import signal
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from tests.support.proxy import Proxy
from tools import odoolog
from tools.postgres import free_port

START_SECONDS = 120


class Server:
    """Odoo as it runs in production: several processes, a port for websockets.

    :param context: what `./spoc test` hands to the tests (see conftest.py)
    :param int workers: processes that answer requests
    """

    def __init__(self, context, log, workers=2):
        self.context, self.workers = context, workers
        self.database = context["database"]
        self.port, self._http_port, self._websocket_port = (
            free_port(),
            free_port(),
            free_port(),
        )
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = log
        self._process = None
        self._proxy = Proxy(self.port, self._http_port, self._websocket_port)

    def start(self):
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.log.write_text("")
        self._launch()
        self._proxy.start()
        return self._await()

    def revive(self):
        """Start it again when it has ended, as a supervisor does in production.

        Odoo's first process ends when it cannot reach the database while it looks
        after the others.
        """
        if self._process.poll() is not None:
            self._launch()
            self._await()

    def _launch(self):
        command = [
            *self.context["command"],
            *("-d", self.database),
            *("--workers", str(self.workers), "--max-cron-threads", "1"),
            *("--http-port", str(self._http_port)),
            *("--gevent-port", str(self._websocket_port), "--logfile", str(self.log)),
        ]
        with open(self.log.with_suffix(".out"), "w", encoding="utf-8") as output:
            self._process = subprocess.Popen(
                command,
                env=self.context["env"],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def _await(self):
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                urllib.request.urlopen(f"{self.url}/web/login", timeout=60).close()
                return self
            except urllib.error.HTTPError:
                raise
            except OSError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"Odoo does not start, see {self.log}") from None
                time.sleep(0.2)

    def stop(self):
        if not self._process:
            return
        self._proxy.stop()
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def processes(self):
        """Ids of the processes under the server's own: all but the first do work."""
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        return [int(number) for number in children.read_text().split()]

    def mark(self):
        """Where the log stands now."""
        return self.log.stat().st_size

    def strays(self, mark=0):
        """Warnings and errors of our making logged since `mark`, as text."""
        with open(self.log, encoding="utf-8", errors="replace") as log:
            log.seek(mark)
            return odoolog.told(odoolog.strays(log.read()))

    def clashes(self):
        """Lines of the log on ids given twice: a sequence went back.

        Whoever meets one is told a message, as if it were a mistake of theirs.
        """
        with open(self.log, encoding="utf-8", errors="replace") as log:
            return [line for line in log if re.search(r"unique.*_pkey", line)]

    def client(self, login, password=None):
        return Client(self, login, password or login)


class Client:
    """A user signed in by the web client's own calls.

    `client("spoc.desk", "search_read", [], ["name"])` calls a model's method.
    """

    _numbers = itertools.count(1)

    def __init__(self, server, login, password):
        self.server = server
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(jar)
        answer = self._post(
            "/web/session/authenticate",
            {"db": server.database, "login": login, "password": password},
        )
        self.uid = answer["uid"]
        assert self.uid, f"{login} may not sign in"

    def _post(self, path, params):
        body = {"jsonrpc": "2.0", "id": next(self._numbers), "params": params}
        request = urllib.request.Request(
            self.server.url + path,
            json.dumps(body).encode(),
            {"Content-Type": "application/json"},
        )
        with self._opener.open(request, timeout=120) as answer:
            reply = json.load(answer)
        if "error" in reply:
            raise RemoteError(reply["error"])
        return reply.get("result")

    def __call__(self, model, method, *args, **kwargs):
        return self._post(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": args, "kwargs": kwargs},
        )

    def page(self, path):
        """``(status, text)`` of a page, opened by this user."""
        try:
            with self._opener.open(self.server.url + path, timeout=120) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def one(self, model, domain, fields):
        """The one record that matches, as a dictionary."""
        found = self(model, "search_read", domain, fields)
        assert len(found) == 1, f"{len(found)} of {model} match {domain}"
        return found[0]

    def ref(self, xmlid):
        """The database id behind an external id."""
        module, name = xmlid.split(".")
        domain = [["module", "=", module], ["name", "=", name]]
        return self.one("ir.model.data", domain, ["res_id"])["res_id"]


class RemoteError(Exception):
    """What the server answered instead of a result."""

    def __init__(self, error):
        data = error.get("data") or {}
        super().__init__(f"{data.get('name')}: {data.get('message')}")
        self.name = data.get("name", "")
