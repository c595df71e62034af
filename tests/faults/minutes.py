"""The same small fleet without a network, for outages that last minutes: the real client, in virtual time."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import httpx

from octomil_tui.api.client import AsyncOctomilClient
from tests.engine.virtual import clock
from tests.faults.server import FleetServer, Seen
from tests.faults.watching import KEY, Watching, running

Reply = Callable[[httpx.Request], httpx.Response]


def says(status: int, code: str = "no", **headers: str) -> Reply:
    """Answer with a status and one of the service's error bodies."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _: httpx.Response(status, json={"code": code, "message": f"because {code}"}, headers=named)


def fails(error: type[httpx.TransportError]) -> Reply:
    def reply(request: httpx.Request) -> httpx.Response:
        raise error("", request=request)

    return reply


class Minutes(httpx.AsyncBaseTransport):
    """Answers from the tables of a `FleetServer`, or as `faults` says, and remembers when it was asked."""

    def __init__(self) -> None:
        self.tables = FleetServer().tables
        self.faults: dict[str, Reply] = {}
        """By the end of the path; `""` is every path."""
        self.seen: list[Seen] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/v1/")
        self.seen.append(Seen(clock(), request.method, path))
        fault = next((f for end, f in self.faults.items() if path.endswith(end)), None)
        if fault is not None:
            return fault(request)
        if path not in self.tables:
            return says(404, "model_not_found")(request)
        return httpx.Response(200, json=self.tables[path])

    def times(self, end: str = "", since: float = 0.0) -> list[float]:
        """Return when these paths were asked."""
        return [seen.at for seen in self.seen if seen.path.endswith(end) and seen.at >= since]


@asynccontextmanager
async def watched(wire: Minutes) -> AsyncIterator[Watching]:
    """Watch the fleet until the block ends."""
    client = AsyncOctomilClient("http://127.0.0.1:1/v1", KEY, transport=wire)
    async with client, running(client) as found:
        await found.loaded()
        yield found
