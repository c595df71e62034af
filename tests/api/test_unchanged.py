"""Answers that did not change, over real HTTP: no bytes, no decoding, the same objects, and a clock that goes on."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from email.utils import formatdate
from typing import Any

import pytest

from octomil_tui.api.client import AsyncOctomilClient
from octomil_tui.api.decode import RowsDecoder
from octomil_tui.api.errors import OctomilError, UnreachableError
from octomil_tui.api.key import parse_key
from octomil_tui.domain.fleet import Connectivity
from octomil_tui.domain.order import RollbackOrder
from tests.api.doubles import PRACTICE_KEY, Counting, counted
from tests.api.scripted import Server, http, js, reset, scripted

pytestmark = pytest.mark.anyio

NOON = 1_781_665_920.0


class Fleet:
    """A small service with names for its answers, and a clock of its own."""

    def __init__(self) -> None:
        self.tables: dict[str, Any] = {}
        self.now = NOON
        self.has_names = True
        self.more: dict[str, str] = {}
        self.asked: list[tuple[str, str | None, int]] = []
        """Target, the name that was sent, and the status that was answered."""

    async def __call__(
        self, server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        while True:
            request = (await server.request(reader)).decode()
            method, target, _ = request.split(" ", 2)
            headers = dict(line.lower().split(": ", 1) for line in request.split("\r\n")[1:] if ": " in line)
            writer.write(self.answer(method, target, headers.get("if-none-match")))
            await writer.drain()

    def answer(self, method: str, target: str, name: str | None) -> bytes:
        table = self.tables[target.removeprefix("/v1/").partition("?")[0]]
        found = table(target) if callable(table) else table
        body = json.dumps(found).encode()
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        date = formatdate(self.now, usegmt=True)
        if method == "GET" and self.has_names and name == etag:
            self.asked.append((target, name, 304))
            return http(b"", "304 Not Modified", Date=date, ETag=etag).replace(b"Content-Length: 0\r\n", b"")
        self.asked.append((target, name, 200))
        more = {**({"ETag": etag} if self.has_names else {}), **self.more}
        return http(body, Date=date, **more)

    @property
    def statuses(self) -> list[int]:
        return [status for _, _, status in self.asked]


@pytest.fixture
def decodes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The length of every body that was decoded."""
    found: list[int] = []
    plain = RowsDecoder.decode

    def counting(self: RowsDecoder[Any], body: bytes) -> Any:
        found.append(len(body))
        return plain(self, body)

    monkeypatch.setattr(RowsDecoder, "decode", counting)
    return found


@asynccontextmanager
async def reading(fleet: Fleet) -> AsyncIterator[tuple[AsyncOctomilClient, Counting]]:
    async with scripted(fleet) as server, AsyncOctomilClient(server.url, PRACTICE_KEY) as client:
        yield client, counted(client)


def device(number: int, **more: Any) -> dict[str, Any]:
    row = {"id": f"d{number}", "last_heartbeat": "2026-06-17T03:12:00Z", "heartbeat_interval_seconds": 60}
    return {**row, **more}


def paged(rows: list[dict[str, Any]]) -> Callable[[str], dict[str, Any]]:
    """Answer two rows at a time, whatever is asked for."""

    def page(target: str) -> dict[str, Any]:
        offset = int(target.partition("offset=")[2].partition("&")[0])
        return {"devices": rows[offset : offset + 2], "total": len(rows)}

    return page


READS: dict[str, tuple[str, Any, Callable[[AsyncOctomilClient], Any]]] = {
    "models": ("models", [{"id": 1, "name": "phi"}], lambda c: c.models()),
    "versions": (
        "models/1/versions",
        [{"version": "1.0.0"}, {"version": "2.0.0"}],
        lambda c: c.versions("1"),
    ),
    "rollouts": (
        "models/1/rollouts",
        [{"id": 7, "version": "2.0.0", "status": "active"}],
        lambda c: c.rollouts("1"),
    ),
    "rollout": (
        "models/1/rollouts/7",
        {"id": 7, "version": "2.0.0", "status": "active"},
        lambda c: c.rollout("1", "7"),
    ),
    "active": (
        "rollouts/active",
        [{"id": 7, "version": "2.0.0", "status": "active"}],
        lambda c: c.active_rollouts(),
    ),
    "affected": (
        "models/1/rollouts/7/affected-devices",
        {"devices": [{"id": "d1"}], "total": 1},
        lambda c: c.affected_devices("1", "7"),
    ),
    "groups": ("device-groups", [{"id": "g", "name": "lab"}], lambda c: c.groups()),
    "members": ("device-groups/g/devices", [{"id": "d1"}], lambda c: c.group_members("g")),
    "devices": ("devices", [device(1, connectivity_status="online")], lambda c: c.devices(["1"])),
    "device": ("devices/d1", device(1, connectivity_status="online"), lambda c: c.device("d1", ["1"])),
}


@pytest.mark.parametrize("has_names", [True, False], ids=["names", "equal bytes"])
@pytest.mark.parametrize("kind", READS)
async def test_what_did_not_change_is_the_same_object_at_a_later_time(
    kind: str, has_names: bool, decodes: list[int]
) -> None:
    path, body, read = READS[kind]
    fleet = Fleet()
    fleet.tables[path], fleet.has_names = body, has_names
    async with reading(fleet) as (client, meter):
        first = await read(client)
        decoded = len(decodes)
        fleet.now += 5
        second = await read(client)
    assert second.value is first.value
    assert len(decodes) == decoded, "nothing was decoded again"
    assert (first.server_at, second.server_at) == (NOON, NOON + 5)
    assert (second.total, second.unreadable) == (first.total, first.unreadable)
    assert fleet.statuses == [200, 304 if has_names else 200]
    assert [ended.word for _, ended in meter.calls] == [str(status) for status in fleet.statuses]
    if has_names:
        assert meter.calls[1][1].size == 0


async def test_a_change_is_seen_at_once() -> None:
    fleet = Fleet()
    fleet.tables["models"] = [{"id": 1, "name": "phi"}]
    async with reading(fleet) as (client, _):
        first = await client.models()
        fleet.tables["models"] = [{"id": 1, "name": "phi-4"}]
        second = await client.models()
        third = await client.models()
    assert [reading.value[0].name for reading in (first, second, third)] == ["phi", "phi-4", "phi-4"]
    assert fleet.statuses == [200, 200, 304]


async def test_each_page_stands_for_itself(decodes: list[int]) -> None:
    rows = [device(n, connectivity_status="online") for n in range(5)]
    fleet = Fleet()
    fleet.tables["devices"] = paged(rows)
    async with reading(fleet) as (client, meter):
        first = await client.devices([])
        assert [call.page for call, _ in meter.calls] == [1, 2, 3]
        same = await client.devices([])
        rows[3] = {**rows[3], "name": "renamed"}
        decodes.clear()
        other = await client.devices([])
    assert same.value is first.value
    assert len(decodes) == 1, "only the page that changed"
    assert [one is two for one, two in zip(first.value, other.value, strict=True)] == [
        *(True, True, False, False, True)
    ]
    assert other.value[3].name == "renamed"
    assert fleet.statuses[3:] == [304, 304, 304, 304, 200, 304]


async def test_connectivity_that_follows_from_the_time_ages_without_any_change(decodes: list[int]) -> None:
    fleet = Fleet()
    fleet.tables["devices"] = paged([device(1), device(2, last_heartbeat="2026-06-17T02:00:00Z"), device(3)])
    fleet.tables["devices/d1"] = device(1)
    async with reading(fleet) as (client, _):
        seen = []
        for ahead in (0, 30, 200, 210, 4000):
            fleet.now = NOON + ahead
            seen.append(((await client.devices([])).value, (await client.device("d1")).value))
    states = [[one.connectivity for one in devices] for devices, _ in seen]
    online, stale, offline = Connectivity.ONLINE, Connectivity.STALE, Connectivity.OFFLINE
    assert [row[0] for row in states] == [online, online, stale, stale, offline]
    assert {row[1] for row in states} == {offline}
    assert [one.connectivity for _, one in seen] == [online, online, stale, stale, offline]
    assert seen[1][0] is seen[0][0], "nothing follows from half a minute"
    assert seen[3][0] is seen[2][0]
    assert seen[2][0] is not seen[1][0]
    assert seen[2][0][1] is seen[1][0][1], "a device that did not change is the same object"
    assert len(decodes) == 2
    assert set(fleet.statuses[3:]) == {304}


async def test_another_list_of_models_reads_the_same_rows_anew() -> None:
    fleet = Fleet()
    fleet.tables["devices"] = [device(1, active_model_version="1.0.0", connectivity_status="online")]
    async with reading(fleet) as (client, _):
        one = (await client.devices(["m"])).value
        several = (await client.devices(["m", "n"])).value
        again = (await client.devices(["m"])).value
    assert fleet.statuses == [200, 304, 304]
    assert (set(one[0].installations), set(several[0].installations)) == ({"m"}, set())
    assert again == one


async def test_without_a_date_the_time_is_unknown_and_never_that_of_before() -> None:
    fleet = Fleet()
    fleet.tables["models"] = []
    plain = fleet.answer
    async with reading(fleet) as (client, _):
        await client.models()
        fleet.answer = lambda *asked: plain(*asked).replace(b"Date:", b"X-Old:")  # type: ignore[method-assign]
        assert (await client.models()).server_at is None
    assert fleet.statuses == [200, 304]


async def test_a_key_that_was_changed_is_told_nothing_of_what_the_other_was_shown() -> None:
    fleet = Fleet()
    fleet.tables["models"] = [{"id": 1}]
    async with reading(fleet) as (client, _):
        await client.models()
        client._holder._key = parse_key("edg_sim_another_key_of_the_tests", "the test")
        await client.models()
        assert [name for _, name, _ in fleet.asked] == [None, None]
        await client.models()
    assert fleet.statuses == [200, 200, 304]


async def test_a_key_that_changes_while_it_is_asked_asks_again() -> None:
    fleet = Fleet()
    fleet.tables["models"] = [{"id": 1}]
    plain = fleet.answer

    async with reading(fleet) as (client, meter):
        await client.models()

        def changing(method: str, target: str, name: str | None) -> bytes:
            if name is not None:
                client._holder._key = parse_key("edg_sim_another_key_of_the_tests", "the test")
            return plain(method, target, name)

        fleet.answer = changing  # type: ignore[method-assign]
        assert len((await client.models()).value) == 1
    assert fleet.statuses == [200, 304, 200]
    assert [name is None for _, name, _ in fleet.asked] == [True, False, True]
    assert len(meter.calls) == 3


async def test_what_says_that_it_must_not_be_kept_is_read_anew() -> None:
    fleet = Fleet()
    fleet.tables["models"] = [{"id": 1}]
    fleet.more = {"Cache_Control": "no-store"}
    async with reading(fleet) as (client, _):
        first, second = await client.models(), await client.models()
    assert [name for _, name, _ in fleet.asked] == [None, None]
    assert second.value == first.value
    assert second.value is not first.value


async def test_that_nothing_changed_since_nothing_is_an_error() -> None:
    async def script(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await server.request(reader)
        writer.write(b"HTTP/1.1 304 Not Modified\r\n\r\n")

    async with scripted(script) as server, AsyncOctomilClient(server.url, PRACTICE_KEY) as client:
        with pytest.raises(OctomilError, match="304"):
            await client.models()


async def test_a_write_is_never_conditional() -> None:
    fleet = Fleet()
    fleet.tables |= {"models/1/rollouts": [], "models/1/rollback": {"affected_devices": 1}}
    async with reading(fleet) as (client, _):
        await client.rollouts("1")
        await client.rollouts("1")
        await client.rollback("1", RollbackOrder("1.0.0"), idempotency_key="k")
        await client.rollback("1", RollbackOrder("1.0.0"), idempotency_key="k")
    assert [name is None for _, name, _ in fleet.asked] == [True, False, True, True]


def closing_after(first: int, end: Callable[[asyncio.StreamWriter], None]) -> Any:
    """Answer so many requests of each connection, then take one more and close without a word."""

    async def script(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in range(first):
            await server.request(reader)
            writer.write(js([{"id": 1}]))
            await writer.drain()
        await server.request(reader)
        end(writer)

    return script


@pytest.mark.parametrize("end", [lambda _: None, reset], ids=["closed", "reset"])
async def test_a_connection_that_dies_before_the_answer_is_asked_again_once_on_a_new_one(end: Any) -> None:
    async with (
        scripted(closing_after(1, end)) as server,
        AsyncOctomilClient(server.url, PRACTICE_KEY) as client,
    ):
        meter = counted(client)
        await client.models()
        assert len((await client.models()).value) == 1
        assert server.connections == 2
        words = [(ended.word, call.is_retry) for call, ended in meter.calls]
    assert words[0] == ("200", False)
    assert words[1] in (("incomplete", False), ("reset", False))
    assert words[2] == ("200", True)


async def test_a_new_connection_that_dies_says_so() -> None:
    async with (
        scripted(closing_after(0, reset)) as server,
        AsyncOctomilClient(server.url, PRACTICE_KEY) as client,
    ):
        meter = counted(client)
        with pytest.raises(UnreachableError):
            await client.models()
        assert (server.connections, len(meter.calls)) == (1, 1)


async def test_an_answer_that_had_begun_is_not_asked_for_again() -> None:
    async def script(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await server.request(reader)
        writer.write(js([{"id": 1}]))
        await server.request(reader)
        writer.write(js([{"id": 1}])[:-4])

    async with scripted(script) as server, AsyncOctomilClient(server.url, PRACTICE_KEY) as client:
        meter = counted(client)
        await client.models()
        with pytest.raises(UnreachableError, match="incomplete"):
            await client.models()
        assert [ended.word for _, ended in meter.calls] == ["200", "incomplete"]


async def test_the_second_connection_may_die_too() -> None:
    connections = [0]

    async def script(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections[0] += 1
        await closing_after(1 if connections[0] == 1 else 0, reset)(server, reader, writer)

    async with scripted(script) as server, AsyncOctomilClient(server.url, PRACTICE_KEY) as client:
        meter = counted(client)
        await client.models()
        with pytest.raises(UnreachableError):
            await client.models()
        assert len(meter.calls) == 3
        assert meter.under_way == 0
