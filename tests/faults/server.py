"""A small fleet on a real socket, whose wire breaks exactly as a test says."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from tests.api.scripted import Server, http, js, reset, tls

MODEL = "m-1"
NAME = "phi-4-mini"
RUNNING = {"id": "4127", "version": "2.0.0", "status": "active", "rollout_percentage": 40, "model_id": MODEL}


@dataclass(frozen=True)
class Seen:
    """One request that arrived."""

    at: float
    """Seconds of the event loop's clock."""
    method: str
    path: str
    """Below the base address, without the query."""


@dataclass
class Wire:
    """What a fault works on: one request, and the connection it came on."""

    server: Server
    writer: asyncio.StreamWriter
    whole: bytes
    """The answer that there would be without the fault."""

    async def write(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()


Fault = Callable[[Wire], Awaitable[None]]
"""Answers a request wrongly, or not at all; the connection is closed afterwards."""


def answers(data: bytes) -> Fault:
    async def fault(wire: Wire) -> None:
        await wire.write(data)

    return fault


def refuses(status: str, code: str = "no", **headers: str) -> Fault:
    """Answer with a status and one of the service's error bodies."""
    return answers(js({"code": code, "message": f"because {code}"}, status, **headers))


async def closes(_: Wire) -> None:
    """Close without a word."""


async def resets(wire: Wire) -> None:
    """End the connection with RST."""
    reset(wire.writer)


async def says_nothing(wire: Wire) -> None:
    """Leave the connection open, and the request without an answer."""
    await wire.server.release.wait()


async def stops_halfway(wire: Wire) -> None:
    """Send the head of the answer and half of its body."""
    head, _, body = wire.whole.partition(b"\r\n\r\n")
    await wire.write(head + b"\r\n\r\n" + body[: len(body) // 2])


def drips(begin: int, pause: float = 0.05) -> Fault:
    """Send the answer up to `begin` at once, and every further byte after a pause; -1 is the end of the head."""

    async def fault(wire: Wire) -> None:
        first = wire.whole.index(b"\r\n\r\n") + 4 if begin < 0 else begin
        await wire.write(wire.whole[:first])
        for byte in wire.whole[first:]:
            await asyncio.sleep(pause)
            if wire.server.release.is_set():
                return
            await wire.write(bytes([byte]))

    return fault


class FleetServer:
    """Answers every read of one model's fleet, keeps connections, and remembers what was asked."""

    def __init__(self, certificate: str | None = None) -> None:
        self._server = Server(lambda reader, writer: self._script(self._server, reader, writer))
        self._context = tls(certificate) if certificate is not None else None
        self._server.scheme = "https" if certificate is not None else "http"
        self._listening: asyncio.Server | None = None
        self.tables: dict[str, Any] = {
            "models": {"models": [{"id": MODEL, "name": NAME, "device_count": 3}]},
            "rollouts/active": {"rollouts": [RUNNING]},
            f"models/{MODEL}/rollouts": {
                "rollouts": [RUNNING, {**RUNNING, "id": "4001", "version": "1.0.0"}]
            },
            f"models/{MODEL}/versions": {"versions": [{"version": "2.0.0"}, {"version": "1.0.0"}]},
            "device-groups": {"groups": [{"id": "g-1", "name": "kiosks", "device_count": 3}]},
            "devices": {"devices": [device(name) for name in ("a", "b", "c")]},
        }
        self.faults: dict[str, Fault] = {}
        """By the end of the path; `""` is every path."""
        self.headers: dict[str, str] = {}
        """Of every answer without a fault."""
        self.seen: list[Seen] = []
        self._writers: set[asyncio.StreamWriter] = set()

    @property
    def url(self) -> str:
        return self._server.url

    async def listen(self) -> None:
        """Take connections, on the same port as before if there was one."""
        self._server.release.clear()
        self._listening = await asyncio.start_server(
            self._server.serve, "127.0.0.1", self._server.port, ssl=self._context, reuse_address=True
        )
        self._server.port = self._listening.sockets[0].getsockname()[1]

    async def go_away(self) -> None:
        """End every connection and refuse new ones."""
        self._server.release.set()
        if self._listening is not None:
            self._listening.close()
            for writer in self._writers:
                writer.close()
            await self._listening.wait_closed()

    def asked(self, end: str = "") -> list[Seen]:
        return [seen for seen in self.seen if seen.path.endswith(end)]

    async def _script(
        self, server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._writers.add(writer)
        try:
            await self._answer(server, reader, writer)
        finally:
            self._writers.discard(writer)

    async def _answer(
        self, server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        while True:
            request = await server.request(reader)
            method, target, _ = request.split(b"\r\n")[0].decode().split(" ")
            path = target.partition("?")[0].removeprefix("/v1/")
            self.seen.append(Seen(asyncio.get_running_loop().time(), method, path))
            fault = next((f for end, f in self.faults.items() if path.endswith(end)), None)
            wire = Wire(server, writer, self._whole(path))
            if fault is not None:
                await fault(wire)
                return
            await wire.write(wire.whole)

    def _whole(self, path: str) -> bytes:
        table = self.tables.get(path)
        headers = {"Date": http_now(), **self.headers}
        if isinstance(table, bytes):
            return http(table, **headers)
        if table is None:
            return js({"code": "not_found", "message": "no such thing"}, "404 Not Found", **headers)
        return js(table, **headers)


def device(name: str, version: str = "2.0.0", **fields: Any) -> dict[str, Any]:
    models = [{"model_id": MODEL, "active_model_version": version, "desired_version": version}]
    row = {"id": name, "name": f"kiosk-{name}", "platform": "linux", "connectivity_status": "online"}
    return {**row, "groups": ["g-1"], "models": models, **fields}


def http_now(ahead: float = 0.0) -> str:
    return time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + ahead))


@asynccontextmanager
async def fleet(certificate: str | None = None) -> AsyncIterator[FleetServer]:
    """Serve a small fleet on a loopback port, with TLS where a certificate is named."""
    made = FleetServer(certificate)
    await made.listen()
    try:
        yield made
    finally:
        await made.go_away()
