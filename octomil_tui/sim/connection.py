"""An HTTP/1.1 connection that the service can hang up on, as a broken network does."""

from asyncio import Transport
from contextvars import ContextVar

from starlette.requests import Request
from uvicorn.protocols.http.h11_impl import H11Protocol

__all__ = ["DroppableProtocol", "drop_connection"]

_transport: ContextVar[Transport | None] = ContextVar("transport", default=None)


class DroppableProtocol(H11Protocol):
    """uvicorn's protocol; the task that answers a request knows its transport."""

    def handle_events(self) -> None:
        """Read requests; the tasks that are made for them inherit the context."""
        _transport.set(self.transport)
        super().handle_events()


async def drop_connection(request: Request) -> None:
    """Close the connection that a request came on, before anything is answered."""
    transport = _transport.get()
    if transport is None:
        return
    transport.close()
    # What is answered before the server has noticed would still be written.
    while not await request.is_disconnected():
        await request.receive()
