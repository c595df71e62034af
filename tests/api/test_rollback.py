import asyncio
import json
from typing import Any

import httpx
import pytest

from octomil_tui.api.client import AsyncOctomilClient
from octomil_tui.api.errors import (
    NotSentError,
    OctomilError,
    RateLimitedError,
    ReadOnlyError,
    RejectedError,
    RequestRefusedError,
    RollbackError,
    UnknownOutcomeError,
)
from octomil_tui.api.exchange import Limits
from octomil_tui.domain.fleet import RolloutState
from octomil_tui.domain.order import RollbackOrder
from tests.api.doubles import KEY, SECRET, Service, answer, client_of, counted

pytestmark = pytest.mark.anyio

ORDER = RollbackOrder("1.0.0", "Latency regression detected")
ACCEPTED = {"affected_devices": 124, "status": "rolling_back"}


async def test_the_request_of_the_brief() -> None:
    service = Service(lambda _: answer(ACCEPTED, 202, X_Request_Id="req_1"))
    client = client_of(service)
    meter = counted(client)
    receipt = await client.rollback("phi-4-mini", ORDER, idempotency_key="intent-1")
    request = service.requests[0]
    assert service.asked == ["POST /v1/models/phi-4-mini/rollback"]
    assert json.loads(request.content) == {"to_version": "1.0.0", "reason": "Latency regression detected"}
    assert request.headers["authorization"] == f"Bearer {SECRET}"
    assert request.headers["content-type"] == "application/json"
    assert request.headers["idempotency-key"] == "intent-1"
    assert (receipt.affected_devices, receipt.state) == (124, RolloutState.ROLLING_BACK)
    assert (receipt.request_id, receipt.to_version) == ("req_1", None)
    assert meter.told == [("POST", "/v1/models/phi-4-mini/rollback", "202")]
    assert meter.patience == [0.0], "it never waits"


@pytest.mark.parametrize(
    ("order", "body"),
    [
        (RollbackOrder("1.0.0"), {"to_version": "1.0.0"}),
        (RollbackOrder("1.0.0", group="staging"), {"to_version": "1.0.0", "group": "staging"}),
        (RollbackOrder("1.0.0\ud800", "é", "g"), {"to_version": "1.0.0\ud800", "reason": "é", "group": "g"}),
    ],
)
async def test_the_body(order: RollbackOrder, body: dict[str, Any]) -> None:
    service = Service(lambda _: answer(ACCEPTED))
    await client_of(service).rollback("m", order, idempotency_key="k")
    assert json.loads(service.requests[0].content) == body


async def test_any_name_is_one_segment() -> None:
    service = Service(lambda _: answer(ACCEPTED))
    await client_of(service).rollback("../a b/é", ORDER, idempotency_key="k")
    assert service.asked == ["POST /v1/models/..%2Fa%20b%2F%C3%A9/rollback"]


async def test_read_only_sends_nothing() -> None:
    service = Service(lambda _: answer(ACCEPTED))
    with pytest.raises(ReadOnlyError):
        await client_of(service, read_only=True).rollback("m", ORDER, idempotency_key="k")
    assert service.requests == []


async def test_read_only_holds_even_behind_the_clients_back() -> None:
    service = Service(lambda _: answer(ACCEPTED))
    client = client_of(service, read_only=True)
    with pytest.raises(ReadOnlyError):
        await client._connections.post("/v1/models/m/rollback", b"{}", {}, 5.0)
    assert service.requests == []


@pytest.mark.parametrize("key", ["", " ", "a\nb", "ké"])
async def test_a_key_that_no_header_holds_is_not_sent(key: str) -> None:
    service = Service(lambda _: answer(ACCEPTED))
    with pytest.raises(NotSentError):
        await client_of(service).rollback("m", ORDER, idempotency_key=key)
    assert service.requests == []


@pytest.mark.parametrize("order", [RollbackOrder(""), RollbackOrder("1.0.0", group="")])
async def test_an_empty_group_must_not_become_the_whole_fleet(order: RollbackOrder) -> None:
    service = Service(lambda _: answer(ACCEPTED))
    with pytest.raises(NotSentError, match="nothing was sent"):
        await client_of(service).rollback("m", order, idempotency_key="k")
    assert service.requests == []


async def test_a_model_without_a_name_is_not_sent() -> None:
    service = Service(lambda _: answer(ACCEPTED))
    with pytest.raises(NotSentError, match="nothing was sent"):
        await client_of(service).rollback("", ORDER, idempotency_key="k")
    assert service.requests == []


@pytest.mark.parametrize(
    ("response", "kind"),
    [
        (answer({"error": "conflict", "message": "busy"}, 409), RejectedError),
        (answer({"detail": "never deployed"}, 422), RejectedError),
        (answer({"message": "x"}, 503), UnknownOutcomeError),
        (httpx.Response(200, html="<html>"), UnknownOutcomeError),
        (httpx.Response(404, html="<html>"), UnknownOutcomeError),
        (httpx.Response(307, headers={"Location": "https://evil.test"}), UnknownOutcomeError),
    ],
)
async def test_what_the_answers_mean(response: httpx.Response, kind: type[RollbackError]) -> None:
    service = Service(lambda _: response)
    with pytest.raises(kind):
        await client_of(service).rollback("m", ORDER, idempotency_key="k")
    assert len(service.requests) == 1


@pytest.mark.parametrize(
    ("failure", "kind", "word"),
    [
        (httpx.ConnectError, NotSentError, "unreachable"),
        (httpx.ConnectTimeout, NotSentError, "connect-timeout"),
        (httpx.PoolTimeout, NotSentError, "busy"),
        (httpx.ProxyError, NotSentError, "proxy"),
        (httpx.UnsupportedProtocol, NotSentError, "local"),
        (httpx.LocalProtocolError, NotSentError, "local"),
        (httpx.ReadTimeout, UnknownOutcomeError, "timeout"),
        (httpx.WriteTimeout, UnknownOutcomeError, "timeout"),
        (httpx.ReadError, UnknownOutcomeError, "reset"),
        (httpx.WriteError, UnknownOutcomeError, "reset"),
        (httpx.CloseError, UnknownOutcomeError, "reset"),
        (httpx.RemoteProtocolError, UnknownOutcomeError, "incomplete"),
        (httpx.DecodingError, UnknownOutcomeError, "encoded"),
        (httpx.TooManyRedirects, UnknownOutcomeError, "other"),
        (OSError, UnknownOutcomeError, "other"),
    ],
)
async def test_what_the_failures_mean(failure: type[Exception], kind: type[RollbackError], word: str) -> None:
    def fail(_: httpx.Request) -> httpx.Response:
        raise failure(f"Illegal header value b'Bearer {SECRET}'")

    service = Service(fail)
    client = client_of(service)
    meter = counted(client)
    with pytest.raises(kind) as caught:
        await client.rollback("m", ORDER, idempotency_key="k")
    assert len(service.requests) == 1
    assert meter.told == [("POST", "/v1/models/m/rollback", word)]
    assert meter.under_way == 0
    assert SECRET not in str(caught.value)
    assert caught.value.__cause__ is None


async def test_a_rollback_is_never_repeated() -> None:
    service = Service(lambda _: answer({}, 503))
    with pytest.raises(UnknownOutcomeError):
        await client_of(service, limits=Limits(tries=5)).rollback("m", ORDER, idempotency_key="k")
    assert len(service.requests) == 1


class Never(httpx.AsyncBaseTransport):
    """Takes a request and says nothing of it."""

    def __init__(self) -> None:
        self.has_begun = asyncio.Event()

    async def handle_async_request(self, _: httpx.Request) -> httpx.Response:
        self.has_begun.set()
        await asyncio.Event().wait()
        raise AssertionError


async def test_the_deadline_leaves_the_outcome_unknown() -> None:
    client = AsyncOctomilClient("https://h.test", KEY, transport=Never(), write_deadline=0.01)
    with pytest.raises(UnknownOutcomeError, match="did not answer in time"):
        await client.rollback("m", ORDER, idempotency_key="k")


async def test_cancelling_passes_through() -> None:
    transport = Never()
    client = AsyncOctomilClient("https://h.test", KEY, transport=transport)
    task = asyncio.create_task(client.rollback("m", ORDER, idempotency_key="k"))
    await transport.has_begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.parametrize(
    "refused", [RequestRefusedError("100 requests have left"), RateLimitedError("100 requests have left")]
)
async def test_one_request_too_many_is_not_sent(refused: OctomilError) -> None:
    service = Service(lambda _: answer(ACCEPTED, 202))
    client = client_of(service)
    counted(client, refuses=refused)
    with pytest.raises(NotSentError, match="100 requests have left; nothing was sent"):
        await client.rollback("m", ORDER, idempotency_key="k")
    assert service.requests == []
