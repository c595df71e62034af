"""The service is away, slow, or cut off in the middle: what was known stays, and it comes back by itself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from octomil_tui.cli.wiring import LIVE, READS
from octomil_tui.engine.freshness import Link
from octomil_tui.engine.state import Cause
from octomil_tui.engine.topic import DEVICES
from tests.api.scripted import http
from tests.faults.server import (
    Fault,
    answers,
    closes,
    drips,
    fleet,
    refuses,
    resets,
    says_nothing,
    stops_halfway,
)
from tests.faults.watching import Watching, watching

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def outage(found: Watching, begin: Callable[[], None], mend: Callable[[], Awaitable[None]]) -> str:
    """Break the wire, wait for the toast, mend it, and return the sentence that was shown meanwhile."""
    known = found.state.snapshot
    begin()
    found.session.refresh()
    await found.until(lambda: bool(found.toasts), "toast")
    said = found.fresh.sentence
    assert found.fresh.retry_in is not None
    assert found.state.snapshot.devices == known.devices, "what was known stays"
    assert found.state.snapshot.models == known.models
    await mend()
    await found.until(lambda: found.fresh.is_live and not found.fresh.sentence, "recovery")
    await found.until(lambda: len(found.toasts) == 2, "second toast")
    assert found.toasts[1] == "the service answers again"
    return said


WIRES: dict[str, tuple[Fault, str]] = {
    "rst": (resets, "was reset"),
    "silent": (says_nothing, "did not answer in time"),
    "close": (closes, "incomplete answer"),
    "500": (refuses("500 Internal Server Error"), "server error 500"),
    "502": (answers(http(b"<html>", "502 Bad Gateway", Content_Type="text/html")), "not the API: text/html"),
    "503": (refuses("503 Service Unavailable"), "server error 503"),
    "504": (refuses("504 Gateway Timeout"), "server error 504"),
}


@pytest.mark.parametrize("kind", WIRES)
async def test_case_23_an_outage_keeps_the_data_and_ends_by_itself(kind: str) -> None:
    fault, word = WIRES[kind]
    async with fleet() as server, watching(server, deadline=0.5) as found:

        async def mend() -> None:
            server.faults.clear()

        said = await outage(found, lambda: server.faults.update({"": fault}), mend)
        assert word in said
        assert found.names == ["kiosk-a", "kiosk-b", "kiosk-c"]


async def test_case_23_refused() -> None:
    async with fleet() as server, watching(server) as found:
        await server.go_away()
        said = await outage(found, lambda: None, server.listen)
        assert "connection refused" in said


@pytest.mark.parametrize("begin", [10, -1], ids=["headers", "body"])
async def test_case_24_a_slow_drip_ends_at_the_deadline(begin: int) -> None:
    async with fleet() as server, watching(server, deadline=0.5) as found:
        server.faults["devices"] = drips(begin)
        found.session.refresh()
        await found.until(lambda: DEVICES in {f.topic for f in found.failures}, "failure")
        assert "did not answer in time" in found.state.reads[DEVICES].sentence
        server.faults.clear()
        found.session.refresh()
        await found.again()


def test_case_24_no_request_may_take_more_than_ten_seconds() -> None:
    assert LIVE.deadline <= 10
    assert READS.deadline <= 10


TRUNCATED: dict[str, tuple[Fault, str]] = {
    "length": (stops_halfway, "incomplete answer"),
    "chunked": (
        answers(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n[1,2"
        ),
        "incomplete answer",
    ),
    "until close": (
        answers(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n[{"),
        "unreadable answer",
    ),
}


@pytest.mark.parametrize("kind", TRUNCATED)
async def test_case_25_a_truncated_answer_replaces_nothing(kind: str) -> None:
    fault, word = TRUNCATED[kind]
    async with fleet() as server, watching(server) as found:
        before = found.state.snapshot.devices
        server.faults["devices"] = fault
        found.session.refresh()
        await found.until(lambda: word in found.fresh.sentence, f"sentence with {word!r}")
        assert found.state.snapshot.devices == before
        server.faults.clear()
        found.session.refresh()
        await found.again()
        assert not found.fresh.sentence


OTHER: dict[str, tuple[bytes, str]] = {
    "a portal": (
        http(b"<html>log in</html>", Content_Type="text/html"),
        "not the API: text/html from 127.0.0.1",
    ),
    "a gateway": (http(b"<html>", "502 Bad Gateway", Content_Type="text/html"), "not the API: text/html"),
    "plain text": (http(b"{}", Content_Type="text/plain"), "not the API: text/plain"),
    "empty": (http(b""), "empty answer"),
    "204": (http(b"", "204 No Content"), "empty answer"),
    "no json": (http(b"hello"), "unreadable answer"),
    "another json": (http(b'"hello"'), "unreadable answer"),
    "a redirect": (
        http(b"", "302 Found", Location="https://portal.test/x"),
        "unexpected redirect to portal.test",
    ),
}


@pytest.mark.parametrize("kind", OTHER)
async def test_case_26_what_is_not_the_api_is_said_and_replaces_nothing(kind: str) -> None:
    data, word = OTHER[kind]
    async with fleet() as server, watching(server) as found:
        before = found.state.snapshot.devices
        server.faults["devices"] = answers(data)
        found.session.refresh()
        await found.until(lambda: word in found.fresh.sentence, f"sentence with {word!r}")
        assert found.state.snapshot.devices == before
        assert found.fresh.link is Link.LIVE, "one lost answer is not yet old data"
        assert found.fresh.cause in (Cause.CONTRACT, Cause.LINK)
