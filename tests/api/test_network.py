import asyncio
import socket
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from octomil_tui.api.address import parse_address
from octomil_tui.api.client import AsyncOctomilClient
from octomil_tui.api.errors import ConfigurationError, NotSentError, OctomilError
from octomil_tui.api.network import has_authorities, proxy_for, tls_context
from octomil_tui.domain.order import RollbackOrder
from tests.api.doubles import KEY, PRACTICE_KEY
from tests.api.scripted import CERTIFICATES, Server, js, scripted

HTTPS = parse_address("https://api.example.test/v1")


@pytest.mark.parametrize(
    ("environment", "host"),
    [
        ({}, None),
        ({"HTTPS_PROXY": "http://proxy.test:3128"}, "proxy.test"),
        ({"https_proxy": "proxy.test:3128"}, "proxy.test"),
        ({"ALL_PROXY": "https://proxy.test"}, "proxy.test"),
        ({"HTTP_PROXY": "http://proxy.test"}, None),
        ({"HTTPS_PROXY": "http://proxy.test", "NO_PROXY": "example.test"}, None),
        ({"HTTPS_PROXY": "http://proxy.test", "NO_PROXY": "*"}, None),
        ({"HTTPS_PROXY": ""}, None),
    ],
)
def test_proxies(environment: dict[str, str], host: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    proxy = proxy_for(HTTPS)
    assert (proxy.host if proxy else None) == host


@pytest.mark.parametrize("url", ["socks5://user:hunter2@proxy.test", "http://", "http://[::1"])
def test_proxies_that_cannot_be_used(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", url)
    with pytest.raises(ConfigurationError, match="not an http proxy") as caught:
        AsyncOctomilClient("https://api.example.test", KEY)
    assert "hunter2" not in str(caught.value)
    assert AsyncOctomilClient("https://api.example.test", KEY, use_proxy=False).proxy_host is None


def test_a_proxy_never_shows_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://user:hunter2@proxy.test")
    assert repr(proxy_for(HTTPS)) == "Proxy(proxy.test)"


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1", "https://127.0.0.1", "http://localhost:1", "https://[::1]"]
)
def test_no_proxy_for_loopback(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.test")
    monkeypatch.setenv("ALL_PROXY", "http://proxy.test")
    assert proxy_for(parse_address(url)) is None


def test_verification_is_always_on() -> None:
    for address in (HTTPS, parse_address("http://127.0.0.1")):
        context = tls_context(address, str(CERTIFICATES / "good.pem"))
        assert context is not None
        assert context.verify_mode is ssl.CERT_REQUIRED
        assert context.check_hostname


def test_a_file_of_authorities_counts_alone() -> None:
    context = tls_context(HTTPS, str(CERTIFICATES / "good.pem"))
    assert context is not None
    assert context.cert_store_stats()["x509"] == 1


def test_a_system_without_authorities_leaves_it_to_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    paths: Any = ssl.get_default_verify_paths()
    paths = paths._replace(cafile=None, capath=None)
    monkeypatch.setattr("ssl.get_default_verify_paths", lambda: paths)
    assert not has_authorities()
    assert tls_context(HTTPS) is None
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATES / "good.pem"))
    assert has_authorities()
    assert tls_context(HTTPS) is not None


@pytest.mark.anyio
async def test_the_librarys_authorities_serve_where_the_system_has_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("octomil_tui.api.connection.tls_context", lambda *_: None)
    client = AsyncOctomilClient("https://api.example.test", KEY)
    await client._connections._load_context()
    context = client._connections._context
    assert context is not None
    assert context.cert_store_stats()["x509_ca"] > 1


@pytest.mark.anyio
@pytest.mark.parametrize("content", [None, b"", b"no certificate"])
async def test_a_file_of_authorities_that_holds_none(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "ca\x1b.pem"
    if content is not None:
        path.write_bytes(content)
    async with AsyncOctomilClient("https://127.0.0.1:9", KEY, ca_file=str(path)) as client:
        with pytest.raises(ConfigurationError, match="cannot be read or holds no certificate") as caught:
            await client.models()
        assert "\x1b" not in str(caught.value)
        with pytest.raises(NotSentError, match="nothing was sent"):
            await client.rollback("m", RollbackOrder("1"), idempotency_key="k")


async def _empty(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while True:
        await server.request(reader)
        writer.write(js({"models": [], "total": 0}))
        await writer.drain()


@pytest.mark.anyio
async def test_connections_that_are_never_idle_are_made_anew_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Else a wall that reads every few seconds would stay with one machine for as long as that answers."""
    wall = [1_000.0]
    async with scripted(_empty) as server, AsyncOctomilClient(server.url, PRACTICE_KEY) as client:
        monkeypatch.setattr(client._connections, "_wall", lambda: wall[0])
        monkeypatch.setattr(client._connections, "_renewed_at", 1_000.0)
        for _ in range(359):
            wall[0] += 10
            await client.models()
        assert server.connections == 1
        for _ in range(3):
            wall[0] += 10
            await client.models()
        assert server.connections == 2
        wall[0] = 0.0
        await client.models()
        assert server.connections == 3, "a clock that was set back makes nothing last for ever"
        assert len(server.requests) == 363


@pytest.mark.anyio
async def test_connections_are_not_made_anew_under_a_read_that_is_on_its_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def slow(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await server.request(reader)
        if len(server.requests) == 1:
            server.is_let_go.set()
            await server.release.wait()
        writer.write(js({"models": [], "total": 0}))
        await writer.drain()

    wall = [1_000.0]
    async with scripted(slow) as server, AsyncOctomilClient(server.url, PRACTICE_KEY) as client:
        monkeypatch.setattr(client._connections, "_wall", lambda: wall[0])
        monkeypatch.setattr(client._connections, "_renewed_at", 1_000.0 - 3_599.0)
        first = asyncio.create_task(client.models())
        await server.is_let_go.wait()
        wall[0] += 5
        await client.models()
        server.release.set()
        assert (await first).value == ()


@pytest.mark.anyio
async def test_authorities_are_read_again_from_their_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A certificate of another authority: the file is replaced, and nobody restarts anything."""
    file = tmp_path / "ca.pem"
    file.write_bytes((CERTIFICATES / "good.pem").read_bytes())
    wall = [1_000.0]
    async with (
        scripted(_empty, "signed") as server,
        AsyncOctomilClient(server.url, PRACTICE_KEY, ca_file=str(file)) as client,
    ):
        monkeypatch.setattr(client._connections, "_wall", lambda: wall[0])
        monkeypatch.setattr(client._connections, "_renewed_at", 1_000.0)
        with pytest.raises(OctomilError, match="is not trusted"):
            await client.models()
        file.write_bytes((CERTIFICATES / "authority.pem").read_bytes())
        wall[0] += 3_600
        assert (await client.models()).value == ()
        file.write_text("half of it")
        wall[0] += 3_600
        assert (await client.models()).value == (), "a file that is being replaced takes nothing away"


@pytest.mark.anyio
async def test_a_name_that_leads_elsewhere_now_is_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """The old machine still answers, so that nothing fails and nobody would look the name up by himself."""
    leads_to, asked = ["127.0.0.1"], list[str]()

    def names_of(address: str) -> Callable[..., Any]:
        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                while True:
                    await reader.readuntil(b"\r\n\r\n")
                    asked.append(address)
                    writer.write(js({"models": [], "total": 0}))
                    await writer.drain()
            except asyncio.IncompleteReadError:
                writer.close()

        return answer

    def looked_up(_host: object, port: int, *_: object, **__: object) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (leads_to[0], port))]

    old = await asyncio.start_server(names_of("127.0.0.1"), "127.0.0.1", 0)
    port = old.sockets[0].getsockname()[1]
    new = await asyncio.start_server(names_of("127.0.0.2"), "127.0.0.2", port)
    wall = [1_000.0]
    async with old, new, AsyncOctomilClient(f"http://localhost:{port}/v1", PRACTICE_KEY) as client:
        monkeypatch.setattr(client._connections, "_wall", lambda: wall[0])
        monkeypatch.setattr(client._connections, "_renewed_at", 1_000.0)
        monkeypatch.setattr(socket, "getaddrinfo", looked_up)
        await client.models()
        leads_to[0] = "127.0.0.2"
        for _ in range(361):
            wall[0] += 10
            await client.models()
    assert asked == ["127.0.0.1"] * 360 + ["127.0.0.2"] * 2


@pytest.mark.anyio
async def test_after_a_read_that_was_cut_off_none_of_the_connections_of_before_is_used() -> None:
    """Whoever reads for a month is cut off in every way there is; nothing of that may be waited for ever after."""

    async def silent_once(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            await server.request(reader)
            if len(server.requests) == 1:
                server.is_let_go.set()
                await server.release.wait()
            writer.write(js({"models": [], "total": 0}))
            await writer.drain()

    async with scripted(silent_once) as server, AsyncOctomilClient(server.url, PRACTICE_KEY) as client:
        first = asyncio.create_task(client.models())
        await server.is_let_go.wait()
        before = client._connections._kept
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        assert (await client.models()).value == ()
        after = client._connections._kept
        assert after is not before
        await client.models()
        assert client._connections._kept is after, "and once is enough"
        assert server.connections == 2
