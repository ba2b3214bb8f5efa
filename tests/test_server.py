"""The server as it is in production: two workers and a port for websockets."""

import base64
import os
import socket


def test_sign_in_page(visit):
    visitor = visit()
    assert visitor.go("/web/login").status == 200
    visitor.shoot("sign-in")


def test_backend_opens(visit):
    visitor = visit("admin")
    visitor.go("/odoo")
    visitor.page.wait_for_selector(".o_main_navbar")
    visitor.shoot("home")


def test_websocket_worker_answers(server):
    """Live updates need the websocket's own process, which a wrong start kills."""
    key = base64.b64encode(os.urandom(16)).decode()
    with socket.create_connection(("127.0.0.1", server.port), 20) as talk:
        talk.sendall(
            (
                "GET /websocket HTTP/1.1\r\n"
                f"Host: 127.0.0.1:{server.port}\r\n"
                "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                f"Origin: {server.url}\r\n"
                f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n"
            ).encode()
        )
        assert b" 101 " in talk.recv(4096).splitlines()[0]
