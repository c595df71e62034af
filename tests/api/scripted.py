"""A server that does with each connection exactly what a test says."""

import asyncio
import gzip
import json
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

CERTIFICATES = Path(__file__).parent / "certificates"

Script = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Server:
    """What arrived, and where the server is."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self.port = 0
        self.scheme = "http"
        self.connections = 0
        self.requests: list[bytes] = []
        self.release = asyncio.Event()
        """Set when the test is over, so that no connection outlives it."""
        self.is_let_go = asyncio.Event()
        """For a script to tell the test that it got where it should."""

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}/v1"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            await self._script(reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def request(self, reader: asyncio.StreamReader) -> bytes:
        """Read one whole request and remember it."""
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            (
                int(line.split(b":")[1])
                for line in head.split(b"\r\n")
                if line.lower().startswith(b"content-length:")
            ),
            0,
        )
        whole = head + await reader.readexactly(length)
        self.requests.append(whole)
        return whole


def tls(certificate: str) -> ssl.SSLContext:
    """Return what a server needs to show this certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATES / f"{certificate}.pem", CERTIFICATES / "key.pem")
    return context


@asynccontextmanager
async def scripted(
    script: Callable[[Server, asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
    certificate: str | None = None,
) -> AsyncIterator[Server]:
    """Serve `script` on a loopback port, with TLS where a certificate is named."""
    context = tls(certificate) if certificate is not None else None

    async def run(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await script(server, reader, writer)

    server = Server(run)
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0, ssl=context)
    server.port = listening.sockets[0].getsockname()[1]
    server.scheme = "https" if context else "http"
    try:
        yield server
    finally:
        server.release.set()
        listening.close()
        await listening.wait_closed()


def http(body: bytes, status: str = "200 OK", **headers: str) -> bytes:
    """Return a whole answer; `Content-Length` is right unless it is given."""
    named = {"Content-Type": "application/json", "Content-Length": str(len(body))}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in named.items())
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + body


def js(data: Any, status: str = "200 OK", **headers: str) -> bytes:
    """Return a whole JSON answer."""
    return http(json.dumps(data).encode(), status, **headers)


def reset(writer: asyncio.StreamWriter) -> None:
    """Make the next close a reset rather than a goodbye."""
    found: socket.socket = writer.get_extra_info("socket")
    found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def bomb(size: int) -> bytes:
    """Return gzip that grows to `size` bytes."""
    return gzip.compress(b" " * size)
