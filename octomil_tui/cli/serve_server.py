"""The server of `serve`: one page, the socket of each tab, and how many of them there may be."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

from aiohttp import WSCloseCode, web
from textual_serve.server import Server, to_int

from octomil_tui.cli.serve_address import Listening
from octomil_tui.cli.serve_door import Door, Refusal, headers_for
from octomil_tui.cli.serve_tab import Tab

PRIVATE: Final = {Server: ("__init__", "_make_app", "_process_messages", "handle_index", "handle_websocket")}
"""Methods that are overridden or relied on; see `serve_tab`."""

MOST = 4
"""Tabs at a time. Each asks the service by itself, and so many consoles fit into what one key may ask."""

SEAT_WITHIN = 3.0
"""Seconds that a tab waits for the place of another: one that is loaded again comes before it has left."""

LEFT, FULL, ENDED = 4001, 4002, 4003
"""How a socket is closed: somebody left, no place, the dashboard ended by itself. The page says it in words."""

_PAGE = Path(__file__).parent / "page"
_LONGEST_MESSAGE = 64 * 1024
_HEARTBEAT = 15.0
_SHUTDOWN = 5.0
_LEAVING = (0, 130)
"""Exit statuses of a dashboard that somebody left."""

Note = Callable[[str], None]
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class DashboardServer(Server):
    """Serves dashboards that only read.

    Args:
        told: The settings of each, as `serve_handover.pack` made them.
        listening: Where.
        note: Writes a line beside the result, and makes it safe.
    """

    def __init__(self, told: bytes, listening: Listening, note: Note) -> None:
        super().__init__("", public_url=listening.url.rstrip("/"), title="octomil-console")
        self._told = told
        self._door = Door(listening.names)
        self._note = note
        self._seats = asyncio.Semaphore(MOST)
        self._sockets: set[web.WebSocketResponse] = set()

    async def make_app(self) -> web.Application:
        """Return what answers every request."""
        return await self._make_app()

    async def _make_app(self) -> web.Application:
        app = await super()._make_app()
        app.router.add_static("/page", _PAGE)
        app.middlewares.append(self._let_in)
        return app

    @web.middleware
    async def _let_in(self, request: web.Request, handler: _Handler) -> web.StreamResponse:
        refusal = self._door.refuses(request.method, request.path, request.headers)
        if refusal is not None:
            return _refused(refusal)
        try:
            answer = await handler(request)
        except web.HTTPException as error:
            return _refused(Refusal(error.status, "There is nothing here but the dashboard."))
        if not answer.prepared:
            answer.headers.update(headers_for(request.host))
        return answer

    async def on_startup(self, app: web.Application) -> None:
        """Say nothing: where it listens is said once, by the command."""
        del app

    async def on_shutdown(self, app: web.Application) -> None:
        """Close every tab; each of them ends its dashboard."""
        del app
        closing = [one.close(code=WSCloseCode.GOING_AWAY) for one in self._sockets]
        await asyncio.gather(*closing, return_exceptions=True)

    async def handle_index(self, request: web.Request) -> web.StreamResponse:
        """Return the page; the library's own would load a font from elsewhere."""
        del request
        return web.FileResponse(_PAGE / "index.html")

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """Run a dashboard for as long as its tab is there, where there is a place for it."""
        websocket = web.WebSocketResponse(heartbeat=_HEARTBEAT, max_msg_size=_LONGEST_MESSAGE)
        await websocket.prepare(request)
        self._sockets.add(websocket)
        try:
            async with asyncio.timeout(SEAT_WITHIN):
                await self._seats.acquire()
        except TimeoutError:
            self._note(f"a tab was turned away: {MOST} are open, and each asks the service by itself")
            await websocket.close(code=FULL, message=str(MOST).encode())
        else:
            try:
                await self._show(request, websocket)
            finally:
                self._seats.release()
        finally:
            self._sockets.discard(websocket)
        return websocket

    async def _show(self, request: web.Request, websocket: web.WebSocketResponse) -> None:
        width, height = (
            to_int(request.query.get(name, ""), usual) for name, usual in (("width", 80), ("height", 24))
        )
        tab = Tab(self._told, websocket.send_bytes)
        try:
            await tab.start(width, height)
            closing = asyncio.create_task(self._close_after(tab, websocket))
            try:
                await self._process_messages(websocket, tab)
            except (ValueError, TypeError, KeyError, IndexError, AttributeError, AssertionError):
                # No browser with our page in it says such things.
                await websocket.close(code=WSCloseCode.POLICY_VIOLATION)
            finally:
                closing.cancel()
        finally:
            await tab.stop()

    async def _close_after(self, tab: Tab, websocket: web.WebSocketResponse) -> None:
        """Close the socket of a dashboard that ended, and say why it did where nobody left it."""
        await tab.ended.wait()
        if tab.status in _LEAVING:
            await websocket.close(code=LEFT)
            return
        self._note(f"a dashboard ended with status {tab.status}: {tab.last_words or 'it said nothing'}")
        await websocket.close(code=ENDED)


def _refused(refusal: Refusal) -> web.Response:
    answer = web.Response(status=refusal.status, text=f"{refusal.sentence}\n")
    if refusal.status == 405:  # noqa: PLR2004 - says what it takes
        answer.headers["Allow"] = "GET, HEAD"
    answer.headers.update(headers_for("localhost"))
    return answer


async def run_server(told: bytes, listening: Listening, note: Note, ready: Callable[[], None]) -> None:
    """Serve until SIGINT, SIGTERM or SIGHUP, and end every dashboard.

    Args:
        told: The settings of each dashboard.
        listening: Where.
        note: Writes a line beside the result, and makes it safe.
        ready: Called once it answers.
    """
    loop, over = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # Whoever has it ignored, as nohup does, wants that.
        if signal.getsignal(number) is not signal.SIG_IGN:
            loop.add_signal_handler(number, over.set)
    app = await DashboardServer(told, listening, note).make_app()
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=_SHUTDOWN)
    await runner.setup()
    try:
        await web.SockSite(runner, listening.socket).start()
        ready()
        await over.wait()
    finally:
        await runner.cleanup()
