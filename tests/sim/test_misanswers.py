"""Faults that only a socket can show: late, half, reset, dripping, endless, silent."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.sim.served import DEADLINE, Served, head, read_all

ROLLBACK = "/v1/models/phi-4-mini/rollback"
ROLLOUT = "/v1/models/phi-4-mini/rollouts/4131"
TO_1 = {"to_version": "1.0.0"}


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with Served() as running:
        yield running


@pytest.fixture
def http(served: Served) -> Iterator[httpx.Client]:
    with served.client() as client:
        yield client
        client.delete("/_sim/faults")
        client.post("/_sim/forget")


def setting(http: httpx.Client, *rules: dict[str, Any]) -> None:
    http.put("/_sim/faults", json=list(rules)).raise_for_status()


def began(http: httpx.Client) -> bool:
    return http.get(ROLLOUT).status_code == 200


@pytest.mark.parametrize(
    ("rule", "error", "begins"),
    [
        ({"fault": "drop_before"}, httpx.RemoteProtocolError, False),
        ({"fault": "drop_after"}, httpx.RemoteProtocolError, True),
        ({"fault": "reset"}, httpx.ReadError, False),
        ({"fault": "reset", "processed": True}, httpx.ReadError, True),
        ({"fault": "truncate"}, httpx.RemoteProtocolError, True),
    ],
)
def test_a_connection_that_breaks(
    http: httpx.Client, rule: dict[str, Any], error: type[Exception], begins: bool
) -> None:
    setting(http, {**rule, "times": 1, "method": "POST"})
    with pytest.raises(error):
        http.post(ROLLBACK, json=TO_1)
    assert began(http) is begins


@pytest.mark.parametrize("code", [200, 204, 205, 304, 418, 599])
@pytest.mark.parametrize("html", [False, True])
def test_any_status_can_be_answered(http: httpx.Client, code: int, html: bool) -> None:
    setting(http, {"fault": "status", "code": code, "html": html})
    answers = [http.get("/v1/models") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [code, code]


def test_half_an_answer_announces_the_whole(http: httpx.Client, served: Served) -> None:
    whole = http.get("/v1/models").content
    setting(http, {"fault": "truncate"})
    with served.dial() as connection:
        connection.sendall(head() + b"\r\n")
        answer = read_all(connection)
    fields, _, body = answer.partition(b"\r\n\r\n")
    assert f"content-length: {len(whole)}".encode() in fields
    assert body == whole[: len(whole) // 2]


@pytest.mark.parametrize("processed", [False, True])
def test_silence_lasts_until_the_client_leaves(http: httpx.Client, served: Served, processed: bool) -> None:
    setting(http, {"fault": "silent", "processed": processed, "path": "/models/*/rollback"})
    before = served.connections
    with served.client(timeout=0.2) as impatient, pytest.raises(httpx.ReadTimeout):
        impatient.post(ROLLBACK, json=TO_1)
    served.wait(lambda: served.connections <= before)
    assert began(http) is processed


def test_a_late_answer_is_overtaken_and_has_the_older_data(http: httpx.Client, served: Served) -> None:
    setting(http, {"fault": "latency", "seconds": 3, "times": 1, "path": "/rollouts/active"})
    ends: dict[str, float] = {}
    found: list[Any] = []

    def ask_first() -> None:
        with served.client() as slow:
            found.append(slow.get("/v1/rollouts/active").json()["rollouts"])
            ends["first"] = time.monotonic()

    first = threading.Thread(target=ask_first)
    first.start()
    served.wait(lambda: http.get("/_sim/faults").json()["faults"][0]["fired"] == 1)
    http.post(ROLLBACK, json=TO_1).raise_for_status()
    second = http.get("/v1/rollouts/active").json()["rollouts"]
    ends["second"] = time.monotonic()
    first.join(DEADLINE)
    assert ends["second"] < ends["first"]
    assert [row["id"] for row in second] == [4131]
    assert 4131 not in [row["id"] for row in found[0]]


def test_who_leaves_early_is_not_waited_for(http: httpx.Client, served: Served) -> None:
    setting(http, {"fault": "latency", "seconds": 600, "path": "/status"})
    before = served.connections
    with served.client(timeout=0.2) as impatient, pytest.raises(httpx.ReadTimeout):
        impatient.get("/v1/status")
    served.wait(lambda: served.connections <= before and not served.server.server_state.tasks)


def test_an_answer_drips(http: httpx.Client) -> None:
    whole = http.get("/v1/status").content
    setting(http, {"fault": "drip", "seconds": 0.01})
    assert http.get("/v1/status").content == whole


def test_who_leaves_a_drip_ends_it(http: httpx.Client, served: Served) -> None:
    setting(http, {"fault": "drip", "seconds": 30})
    before = served.connections
    with served.dial() as connection:
        connection.sendall(head() + b"\r\n")
        came = b""
        while not came.partition(b"\r\n\r\n")[2]:
            came += connection.recv(100)
        assert came.partition(b"\r\n\r\n")[2] == b"{"
    served.wait(lambda: served.connections <= before and not served.server.server_state.tasks)


@pytest.mark.parametrize("gzip", [False, True])
def test_an_answer_that_is_too_large(http: httpx.Client, gzip: bool) -> None:
    setting(http, {"fault": "too_large", "megabytes": 10, "gzip": gzip})
    raw = 0
    with http.stream("GET", "/v1/devices") as answer:
        for part in answer.iter_raw():
            raw += len(part)
    assert (raw < 100_000) is gzip
    assert http.get("/v1/devices").json()["padding"] == "x" * 10_000_000


def test_others_are_served_while_one_waits(http: httpx.Client, served: Served) -> None:
    setting(http, {"fault": "silent", "path": "/status"})
    with served.dial() as connection:
        connection.sendall(head(path="/v1/status") + b"\r\n")
        assert http.get("/v1/models").status_code == 200


def test_the_server_ends_although_somebody_waits() -> None:
    with Served() as ending, ending.client() as client:
        setting(client, {"fault": "silent"})
        connection = ending.dial()
        connection.sendall(head() + b"\r\n")
        ending.wait(lambda: client.get("/_sim/faults").json()["faults"][0]["fired"] == 1)
    with connection:
        assert read_all(connection) == b""


def test_connections_that_are_kept_are_closed_and_those_in_use_are_not(
    http: httpx.Client, served: Served
) -> None:
    setting(http, {"fault": "silent", "path": "/status"})
    with served.dial() as idle, served.dial() as busy:
        idle.sendall(head() + b"\r\n")
        came = b""
        while not came.endswith(b'"offset":0}'):
            came += idle.recv(65_536)
        busy.sendall(head(path="/v1/status") + b"\r\n")
        served.wait(lambda: http.get("/_sim/faults").json()["faults"][0]["fired"] == 1)
        assert http.post("/_sim/hang-up").json()["closed"] >= 1
        assert read_all(idle) == b""
        busy.settimeout(0.1)
        with pytest.raises(TimeoutError):
            busy.recv(1)


def test_a_body_that_is_no_http_is_refused_and_not_carried_out(http: httpx.Client, served: Served) -> None:
    with served.dial() as connection:
        connection.sendall(head("POST", ROLLBACK, Transfer_Encoding="chunked") + b"\r\n")
        connection.sendall(b'17\r\n{"to_version": "1.0.0"}\r\nno chunk\r\n')
        answer = read_all(connection)
    assert answer.startswith(b"HTTP/1.1 400 ")
    served.wait(lambda: not served.server.server_state.tasks)
    assert not began(http)


def test_half_a_request_is_none(http: httpx.Client, served: Served) -> None:
    body = b'{"to_version": "1.0.0"}'
    before = len(served.door.seen)
    with served.dial() as connection:
        connection.sendall(head("POST", ROLLBACK, Transfer_Encoding="chunked") + b"\r\n")
        connection.sendall(f"{len(body):x}\r\n".encode() + body + b"\r\n")
        served.wait(lambda: len(served.door.seen) > before)
    served.wait(lambda: not served.server.server_state.tasks)
    assert not began(http)
