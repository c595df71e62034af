"""The client against real sockets that misbehave."""

import asyncio
import gzip
import json
import resource
import socket
from asyncio import StreamReader as Reader
from asyncio import StreamWriter as Writer
from contextlib import suppress
from typing import Any

import httpx
import pytest

from octomil_tui.api.client import AsyncOctomilClient
from octomil_tui.api.errors import (
    NotSentError,
    NotTheApiError,
    OctomilError,
    RedirectedError,
    TimedOutError,
    TooLargeError,
    UnknownOutcomeError,
    UnreachableError,
    UnreadableError,
    UntrustedError,
)
from octomil_tui.api.exchange import Limits
from octomil_tui.api.fault import Fault
from octomil_tui.api.transport import fault_of
from octomil_tui.domain.order import RollbackOrder
from tests.api.doubles import KEY, PRACTICE_KEY, PRACTICE_SECRET, SECRET
from tests.api.scripted import CERTIFICATES, Server, bomb, http, js, reset, scripted

pytestmark = pytest.mark.anyio

ORDER = RollbackOrder("1.0.0")
ACCEPTED = {"affected_devices": 124}


def client_for(server: Server | str, *, deadline: float = 10.0, **options: Any) -> AsyncOctomilClient:
    url = server if isinstance(server, str) else server.url
    # With a real key, this machine would be asked who it is first.
    key = PRACTICE_KEY if "127.0.0.1" in url else KEY
    return AsyncOctomilClient(url, key, limits=Limits(deadline=deadline), write_deadline=deadline, **options)


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def failure_of_read(server: Server | str, **options: Any) -> OctomilError:
    async with client_for(server, **options) as client:
        with pytest.raises(OctomilError) as caught:
            await client.models()
    assert not any(secret in str(caught.value) for secret in (SECRET, PRACTICE_SECRET))
    assert str(caught.value)
    return caught.value


async def answering(server: Server, reader: Reader, writer: Writer, *answers: bytes) -> None:
    for answer in answers:
        await server.request(reader)
        writer.write(answer)
        await writer.drain()


async def test_a_plain_answer_over_one_kept_connection() -> None:
    async def script(server: Server, reader: Reader, writer: Writer) -> None:
        body = gzip.compress(json.dumps({"models": [{"id": 1}]}).encode())
        await answering(server, reader, writer, js([]), http(body, Content_Encoding="gzip"))

    async with scripted(script) as server, client_for(server) as client:
        assert (await client.models()).value == ()
        assert len((await client.models()).value) == 1
        assert server.connections == 1
    assert b"authorization: Bearer " + PRACTICE_SECRET.encode() in server.requests[0].replace(
        b"Authorization", b"authorization"
    )


async def test_refused() -> None:
    error = await failure_of_read(f"http://127.0.0.1:{closed_port()}")
    assert type(error) is UnreachableError
    assert "connection refused" in str(error)


async def test_case_23_dns(monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", fail)
    error = await failure_of_read("https://no.such.host.invalid")
    assert (type(error), str(error)) == (UnreachableError, "cannot resolve no.such.host.invalid")


async def test_silent() -> None:
    async def script(server: Server, reader: Reader, _: Writer) -> None:
        await server.request(reader)
        await server.release.wait()

    async with scripted(script) as server:
        error = await failure_of_read(server, deadline=0.05)
    assert type(error) is TimedOutError
    assert "did not answer in time" in str(error)


@pytest.mark.parametrize("part", ["head", "body"])
async def test_case_24_a_slow_drip_ends_at_the_deadline(part: str) -> None:
    whole = js([{"id": n} for n in range(1000)])
    begin = 10 if part == "head" else whole.index(b"\r\n\r\n") + 10

    async def script(server: Server, reader: Reader, writer: Writer) -> None:
        await server.request(reader)
        writer.write(whole[:begin])
        for byte in whole[begin:]:
            with suppress(TimeoutError):
                await asyncio.wait_for(server.release.wait(), 0.01)
            if server.release.is_set():
                return
            writer.write(bytes([byte]))
            await writer.drain()

    async with scripted(script) as server:
        assert type(await failure_of_read(server, deadline=0.15)) is TimedOutError


async def test_reset() -> None:
    async def script(server: Server, reader: Reader, writer: Writer) -> None:
        await server.request(reader)
        reset(writer)

    async with scripted(script) as server:
        error = await failure_of_read(server)
    assert type(error) is UnreachableError
    assert "was reset" in str(error)


CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"


DAMAGED: dict[str, tuple[bytes, type[OctomilError]]] = {
    "nothing": (b"", UnreachableError),
    "half a status line": (b"HTTP/1.1 200", UnreachableError),
    "short of its length": (http(b"[", Content_Length="500"), UnreachableError),
    "half a chunk": (CHUNKED + b"5\r\n[1,2", UnreachableError),
    "no chunk": (CHUNKED + b"zz\r\n", UnreachableError),
    "cut off, no length": (b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n[{", UnreadableError),
    "negative length": (http(b"[]", Content_Length="-5"), UnreachableError),
    "huge header": (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 300_000 + b"\r\n\r\n", UnreachableError),
    "not http": (b"\x16\x03\x01 not http at all\r\n\r\n", UnreachableError),
    "half a gzip": (http(gzip.compress(b"[]" * 999)[:-9], Content_Encoding="gzip"), UnreachableError),
    "no gzip": (http(b"not gzip", Content_Encoding="gzip"), UnreadableError),
    "another compression": (http(b"[]", Content_Encoding="br"), UnreadableError),
    "html": (http(b"<html>", Content_Type="text/html"), NotTheApiError),
    "no content": (http(b"", "204 No Content"), UnreadableError),
}


@pytest.mark.parametrize("name", DAMAGED)
async def test_damaged_answers(name: str) -> None:
    answer, kind = DAMAGED[name]

    async def script(server: Server, reader: Reader, writer: Writer) -> None:
        await answering(server, reader, writer, answer)

    async with scripted(script) as server:
        assert type(await failure_of_read(server)) is kind


async def test_an_empty_compressed_body_is_empty() -> None:
    async def script(server: Server, reader: Reader, writer: Writer) -> None:
        await answering(server, reader, writer, http(b"", Content_Encoding="gzip"))

    async with scripted(script) as server:
        assert "empty answer" in str(await failure_of_read(server))


HUGE = {
    "plain": lambda: http(b"[" + b" " * 30_000_000),
    "bomb": lambda: http(bomb(100_000_000), Content_Encoding="gzip"),
}


@pytest.mark.parametrize("kind", HUGE)
async def test_a_huge_answer_is_let_go_early(kind: str) -> None:
    answer = HUGE[kind]()

    async def script(server: Server, reader: Reader, writer: Writer) -> None:
        await answering(server, reader, writer, answer)

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    async with scripted(script) as server:
        error = await failure_of_read(server)
    assert type(error) is TooLargeError
    assert "8 MiB" in str(error)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024


async def test_case_41_a_redirect_is_not_followed_and_takes_no_key_along() -> None:
    async def elsewhere(server: Server, reader: Reader, _: Writer) -> None:
        await server.request(reader)

    async with scripted(elsewhere) as other:

        async def script(server: Server, reader: Reader, writer: Writer) -> None:
            await answering(server, reader, writer, js({}, "302 Found", Location=f"{other.url}/models"))

        async with scripted(script) as server:
            assert type(await failure_of_read(server)) is RedirectedError
        assert (other.connections, other.requests) == (0, [])


@pytest.mark.parametrize(
    ("certificate", "trusted", "word"),
    [
        ("good", None, "is not trusted"),
        ("signed", None, "is not trusted"),
        ("signed", "good", "is not trusted"),
        ("wrong_name", "wrong_name", "another name"),
        ("expired", "expired", "expired"),
    ],
)
async def test_case_31_certificates_that_do_not_pass(
    certificate: str, trusted: str | None, word: str
) -> None:
    async def script(server: Server, reader: Reader, _: Writer) -> None:
        await server.request(reader)

    ca_file = str(CERTIFICATES / f"{trusted}.pem") if trusted else None
    async with scripted(script, certificate) as server:
        error = await failure_of_read(server, ca_file=ca_file)
        assert server.requests == []
        async with client_for(server, ca_file=ca_file) as client:
            with pytest.raises(NotSentError, match=word):
                await client.rollback("m", ORDER, idempotency_key="k")
    assert type(error) is UntrustedError
    assert word in str(error)


@pytest.mark.parametrize(("certificate", "authority"), [("good", "good"), ("signed", "authority")])
async def test_case_31_a_private_authority_works(certificate: str, authority: str) -> None:
    async def script(server: Server, reader: Reader, writer: Writer) -> None:
        await answering(server, reader, writer, js([]))

    ca_file = str(CERTIFICATES / f"{authority}.pem")
    async with scripted(script, certificate) as server, client_for(server, ca_file=ca_file) as client:
        assert (await client.models()).value == ()


async def test_https_to_a_port_without_it() -> None:
    async def script(_: Server, reader: Reader, writer: Writer) -> None:
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await writer.drain()

    async with scripted(script) as server:
        error = await failure_of_read(server.url.replace("http:", "https:"))
    assert type(error) is UnreachableError
    assert "no TLS answer" in str(error)


async def test_https_to_a_silent_port_was_not_sent() -> None:
    async def script(server: Server, _: Reader, __: Writer) -> None:
        await server.release.wait()

    async with scripted(script) as server:
        client = client_for(server.url.replace("http:", "https:"), deadline=0.1)
        with pytest.raises(NotSentError, match="timed out"):
            await client.rollback("m", ORDER, idempotency_key="k")


async def test_case_21_a_rollback_arrives_once_though_the_kept_connection_is_closed() -> None:
    async def script(server: Server, reader: Reader, writer: Writer) -> None:
        request = await server.request(reader)
        writer.write(js([]) if request.startswith(b"GET") else js(ACCEPTED, "202 Accepted"))
        await writer.drain()
        # A kept connection is closed by the service just when the rollback is sent.
        writer.close()

    async with scripted(script) as server, client_for(server) as client:
        await client.models()
        receipt = await client.rollback("phi-4-mini", ORDER, idempotency_key="intent-1")
        assert receipt.affected_devices == 124
        assert server.connections == 2
    posts = [request for request in server.requests if request.startswith(b"POST")]
    assert len(posts) == 1
    assert posts[0].startswith(b"POST /v1/models/phi-4-mini/rollback HTTP/1.1\r\n")
    assert b"Idempotency-Key: intent-1\r\n" in posts[0]
    assert posts[0].endswith(b'\r\n\r\n{"to_version": "1.0.0"}')


@pytest.mark.parametrize("end", ["close", "reset", "truncate", "silence", "half"])
async def test_a_rollback_whose_answer_is_lost_is_unknown(end: str) -> None:
    async def script(server: Server, reader: Reader, writer: Writer) -> None:
        await server.request(reader)
        if end == "reset":
            reset(writer)
        elif end == "silence":
            await server.release.wait()
        elif end != "close":
            writer.write(js(ACCEPTED, "202 Accepted")[: -5 if end == "truncate" else 20])
            await writer.drain()

    async with scripted(script) as server, client_for(server, deadline=0.2) as client:
        with pytest.raises(UnknownOutcomeError):
            await client.rollback("m", ORDER, idempotency_key="k")
        assert (len(server.requests), server.connections) == (1, 1)


async def test_a_rollback_that_was_refused_a_connection_was_not_sent() -> None:
    async with client_for(f"http://127.0.0.1:{closed_port()}") as client:
        with pytest.raises(NotSentError, match="connection refused"):
            await client.rollback("m", ORDER, idempotency_key="k")


@pytest.mark.parametrize(
    "status",
    [
        "301 Moved Permanently",
        "302 Found",
        "303 See Other",
        "307 Temporary Redirect",
        "308 Permanent Redirect",
    ],
)
async def test_case_22_a_redirected_rollback_is_not_followed(status: str) -> None:
    async def elsewhere(server: Server, reader: Reader, _: Writer) -> None:
        await server.request(reader)

    async with scripted(elsewhere) as other:

        async def script(server: Server, reader: Reader, writer: Writer) -> None:
            moved = js({}, status, Location=f"{other.url}/models/m/rollback")
            await answering(server, reader, writer, moved)

        async with scripted(script) as server, client_for(server) as client:
            with pytest.raises(UnknownOutcomeError):
                await client.rollback("m", ORDER, idempotency_key="k")
        assert other.connections == 0


async def test_a_proxy_is_never_used_for_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    async def script(server: Server, reader: Reader, writer: Writer) -> None:
        await answering(server, reader, writer, js([]))

    async with scripted(script) as proxy, scripted(script) as server:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        async with client_for(server) as client:
            assert client.proxy_host is None
            await client.models()
        assert (proxy.connections, server.connections) == (0, 1)


async def test_a_proxy_that_opens_no_tunnel_means_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    async def script(server: Server, reader: Reader, writer: Writer) -> None:
        await answering(server, reader, writer, http(b"no", "407 Proxy Authentication Required"))

    async with scripted(script) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://user:hunter2@127.0.0.1:{proxy.port}")
        async with client_for("https://api.example.test/v1") as client:
            assert client.proxy_host == "127.0.0.1"
            with pytest.raises(NotSentError, match="the proxy did not open") as caught:
                await client.rollback("m", ORDER, idempotency_key="k")
            with pytest.raises(UnreachableError, match="the proxy did not open"):
                await client.models()
        assert "hunter2" not in str(caught.value)
        assert all(request.startswith(b"CONNECT api.example.test:443") for request in proxy.requests)
        assert all(SECRET.encode() not in request for request in proxy.requests)


async def test_the_cause_is_found_among_several_attempts() -> None:
    # What the library raises where a name has two addresses and neither answers.
    attempts = ExceptionGroup("all failed", [OSError("unreachable"), ConnectionRefusedError()])
    error = httpx.ConnectError("")
    error.__cause__ = OSError("All connection attempts failed")
    error.__cause__.__cause__ = attempts
    assert fault_of(error) is Fault.REFUSED
    assert fault_of(httpx.ConnectError("")) is Fault.UNREACHABLE
    assert fault_of(ValueError("")) is Fault.OTHER


async def test_a_deadline_after_the_connection_leaves_no_socket_open() -> None:
    async def script(server: Server, reader: Reader, _: Writer) -> None:
        with suppress(ConnectionError):
            await server.request(reader)
            assert await reader.read() == b""
            server.is_let_go.set()

    async with scripted(script) as server:
        client = client_for(server, deadline=0.05)
        with pytest.raises(UnknownOutcomeError):
            await client.rollback("m", ORDER, idempotency_key="k")
        await asyncio.wait_for(server.is_let_go.wait(), 5)


async def test_cancelling_a_rollback_in_flight_passes_through() -> None:
    async def script(server: Server, reader: Reader, _: Writer) -> None:
        await server.request(reader)
        server.is_let_go.set()
        await server.release.wait()

    async with scripted(script) as server:
        task = asyncio.create_task(client_for(server).rollback("m", ORDER, idempotency_key="k"))
        await asyncio.wait_for(server.is_let_go.wait(), 5)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert len(server.requests) == 1
