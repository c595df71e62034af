"""An HTTP/1.1 connection with deadlines, which the service can hang up on as a broken network does."""

import asyncio
import json
import socket
import struct
from contextlib import suppress
from contextvars import ContextVar

import h11
from starlette.types import Receive
from uvicorn.protocols.http.h11_impl import H11Protocol

__all__ = ["MAX_CONNECTIONS", "DrillProtocol", "close_idle", "gone", "hang_up", "reset"]

MAX_CONNECTIONS = 64
HEAD_WITHIN = 10.0
"""Seconds from a request's first byte, or from the connection's begin, to the end of its head."""
BODY_WITHIN = 12.0
"""Seconds for the body, read or not; a little more than the door waits before it answers 408."""
CLOSING_WITHIN = 1.0
"""Seconds that a client has to take a last answer."""
ENDING_WITHIN = 0.5
"""Seconds that an unanswered request has when the server ends."""

_protocol: ContextVar["DrillProtocol | None"] = ContextVar("protocol", default=None)


class DrillProtocol(H11Protocol):
    """uvicorn's protocol, for clients that mean no good and for drills.

    A client that sends its request too slowly is cut off, whatever the service
    is doing meanwhile, and so is one that comes when there are enough. The task
    that answers a request knows its connection.
    """

    _receiving: asyncio.TimerHandle | None = None
    _is_body = False
    _is_one_too_many = False
    _is_deaf = False
    """Whether the last answer was given."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a connection, or turn it away."""
        if len(self.connections) >= MAX_CONNECTIONS:
            self._is_one_too_many = True
            self.transport = transport
            self._turn_away(503, "service_unavailable", f"There are {MAX_CONNECTIONS} connections already.")
            return
        super().connection_made(transport)
        self._receive_within(HEAD_WITHIN)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._stop_waiting()
        if not self._is_one_too_many:
            super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read what came, and see that the rest of the request comes in time."""
        if self._is_deaf:
            return
        super().data_received(data)
        if self._is_deaf:
            return
        state = self.conn.their_state
        if state is h11.SEND_BODY:
            if not self._is_body:
                self._is_body = True
                self._receive_within(BODY_WITHIN)
        elif state is h11.IDLE:
            if self._is_body or self._receiving is None:
                self._is_body = False
                self._receive_within(HEAD_WITHIN)
        else:
            self._is_body = False
            self._stop_waiting()

    def handle_events(self) -> None:
        """Read requests; the tasks that are made for them inherit the context."""
        _protocol.set(self)
        super().handle_events()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP."""
        self._turn_away(400, "bad_request", msg)

    @property
    def is_idle(self) -> bool:
        """Whether nobody waits for an answer on it."""
        return self.cycle is None or self.cycle.response_complete

    def shutdown(self) -> None:
        """End with the server, answered or not."""
        super().shutdown()
        self.loop.call_later(ENDING_WITHIN, self.transport.abort)

    def _turn_away(self, status: int, code: str, message: str) -> None:
        """Give a last answer, past the service, and hang up."""
        self._is_deaf = True
        self._stop_waiting()
        is_open = self.conn.our_state in {h11.IDLE, h11.SEND_RESPONSE}
        if self.cycle is not None:
            # The task that answers, if one is still at it, has nobody to answer any more.
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        body = json.dumps({"error": code, "message": message, "status_code": status}).encode()
        head = (
            f"HTTP/1.1 {status} \r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
            "X-Octomil-Simulator: 1\r\nConnection: close\r\n\r\n"
        )
        # Half an answer may be out already, after which no other can be given.
        if is_open:
            self.transport.write(head.encode() + body)
        # Closed at once, with bytes of the client unread, the answer would be lost to a reset.
        with suppress(OSError, RuntimeError):
            self.transport.write_eof()
        self.loop.call_later(CLOSING_WITHIN, self.transport.abort)

    def _receive_within(self, seconds: float) -> None:
        self._stop_waiting()
        self._receiving = self.loop.call_later(seconds, self.transport.abort)

    def _stop_waiting(self) -> None:
        if self._receiving is not None:
            self._receiving.cancel()
            self._receiving = None


def close_idle() -> int:
    """Close every connection that is kept open for another request, and return how many there were."""
    mine = _protocol.get()
    others = list(mine.connections) if mine is not None else []
    idle = [one for one in others if one is not mine and isinstance(one, DrillProtocol) and one.is_idle]
    for one in idle:
        one.transport.close()
    return len(idle)


async def gone(receive: Receive) -> None:
    """Return when the client is no longer there, or has its whole answer."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def hang_up(receive: Receive) -> None:
    """Close the connection of the request that this task answers."""
    protocol = _protocol.get()
    if protocol is None:
        raise ConnectionAbortedError("hung up on purpose")
    protocol.transport.close()
    # What is answered before the server has noticed would still be written.
    await gone(receive)


async def reset(receive: Receive) -> None:
    """Reset the connection of the request that this task answers."""
    protocol = _protocol.get()
    if protocol is None:
        raise ConnectionResetError("reset on purpose")
    found: socket.socket | None = protocol.transport.get_extra_info("socket")
    if found is not None:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    protocol.transport.abort()
    await gone(receive)
