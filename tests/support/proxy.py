"""What stands before Odoo in production: websockets go to a port of their own."""

import asyncio
import threading


class Proxy:
    """Listens on one port and hands each connection to the right one behind."""

    def __init__(self, port, http, websocket):
        self.port, self._http, self._websocket = port, http, websocket
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def start(self):
        self._thread.start()
        opening = asyncio.start_server(self._serve, "127.0.0.1", self.port)
        asyncio.run_coroutine_threadsafe(opening, self._loop).result(10)
        return self

    def stop(self):
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    async def _serve(self, reader, writer):
        """A browser opens a connection of its own for a websocket."""
        try:
            first = await reader.readline()
            path = first.split(b" ")[1] if first.count(b" ") == 2 else b""
            port = self._websocket if path.startswith(b"/websocket") else self._http
            behind, to_behind = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            writer.close()
            return
        to_behind.write(first)
        await asyncio.gather(_pass(reader, to_behind), _pass(behind, writer))


async def _pass(reader, writer):
    try:
        while block := await reader.read(1 << 16):
            writer.write(block)
            await writer.drain()
    except OSError:
        pass  # either side may leave at any time
    finally:
        writer.close()
