"""Whatever the service writes into its answers: a row or a field may be lost, never the console, and nothing is claimed."""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from octomil_tui.api.client import AsyncOctomilClient
from octomil_tui.api.errors import OctomilError, UnreadableError
from octomil_tui.domain.fleet import Device, Rollout, RolloutState
from octomil_tui.domain.order import Reading
from octomil_tui.engine.reduce import reduce
from octomil_tui.engine.state import ConsoleState, Polled
from octomil_tui.engine.topic import ACTIVE, DEVICES, GROUPS, MODELS, Kind, Topic, rollouts_of, versions_of
from octomil_tui.engine.trouble import gaps
from tests.api.doubles import client_of
from tests.api.scripted import http
from tests.faults.server import MODEL, FleetServer, answers, fleet
from tests.faults.server import device as row
from tests.faults.watching import watching

LONG_NUMBER = "9" * 5000
DEEP = "[" * 100_000
HOSTILE = (
    *(
        "null",
        "true",
        "false",
        '""',
        '"140"',
        "-5",
        "140",
        "0.5",
        "NaN",
        "Infinity",
        "-Infinity",
        "1e999",
        "-1e999",
    ),
    *(
        "[]",
        "{}",
        '[null,[],{"id":{}}]',
        '{"id":"x","name":null}',
        '"paused_by_policy"',
        '"COMPLETED"',
        '"\\ud800"',
    ),
    *(
        '"\\u001b[2J"',
        '"1970-01-01T00:00:00"',
        '"9999-12-31T23:59:59Z"',
        "1781665961123",
        "1e308",
        '"2026-02-30"',
    ),
    *(LONG_NUMBER, f"-{LONG_NUMBER}", f"0.{LONG_NUMBER}", f'"{"x" * 5000}"', "[" * 200 + "]" * 200),
)
"""Values as text, since not all of them can be written by a library."""

ROWS: dict[str, dict[str, Any]] = {
    "models": {"id": MODEL, "name": "phi", "device_count": 3, "updated_at": "2026-06-17T03:12:41Z"},
    "versions": {"version": "1.0.0", "lifecycle_status": "active", "size_bytes": 5, "created_at": 1781665961},
    "rollouts": {
        "id": "4131",
        "version": "1.0.0",
        "status": "rolling_back",
        "rollout_percentage": 40.0,
        "kind": "rollback",
        "group": {"id": "g-1"},
        "created_by": {"email": "a@b.c"},
        "on_version": 3,
        "affected_devices": 5,
        "created_at": "2026-06-17T03:12:41Z",
        "completed_at": None,
    },
    "groups": {"id": "g-1", "name": "kiosks", "device_count": 3},
    "devices": {
        **row("a", last_heartbeat="2026-06-17T03:12:41Z", heartbeat_interval_seconds=60.0),
        "status": "active",
        "storage_free_bytes": 5,
        "assignment": {"model_id": MODEL, "version": "1.0.0"},
    },
}
TOPICS: dict[str, tuple[str, Topic]] = {
    "models": ("models", MODELS),
    "active": ("rollouts", ACTIVE),
    "rollouts": ("rollouts", rollouts_of(MODEL)),
    "versions": ("versions", versions_of(MODEL)),
    "groups": ("groups", GROUPS),
    "members": ("devices", Topic(Kind.MEMBERS, "g-1")),
    "devices": ("devices", DEVICES),
}
_ENDED = (RolloutState.COMPLETED, RolloutState.CANCELLED, RolloutState.FAILED)


def read(client: AsyncOctomilClient, name: str) -> Awaitable[Reading[object]]:
    calls: dict[str, Callable[[], Awaitable[Reading[object]]]] = {
        "models": client.models,
        "active": client.active_rollouts,
        "rollouts": lambda: client.rollouts(MODEL),
        "versions": lambda: client.versions(MODEL),
        "groups": client.groups,
        "members": lambda: client.group_members("g-1"),
        "devices": lambda: client.devices([MODEL]),
    }
    return calls[name]()


def answered(name: str, body: str) -> Reading[object] | OctomilError:
    """Return what the client makes of a body; any other exception than its own fails the test."""

    def handler(_: httpx.Request) -> httpx.Response:
        return httpx.Response(
            200, content=body.encode("utf-8", "surrogatepass"), headers={"Content-Type": "application/json"}
        )

    async def ask() -> Reading[object] | OctomilError:
        async with client_of(handler) as client:
            try:
                return await read(client, name)
            except OctomilError as error:
                return error

    return asyncio.run(ask())


def only_rollout(found: Reading[object] | OctomilError) -> Rollout:
    assert isinstance(found, Reading)
    assert isinstance(found.value, tuple)
    (rollout,) = found.value
    assert isinstance(rollout, Rollout)
    return rollout


def stored(name: str, reading: Reading[object]) -> ConsoleState:
    """Return the state with a reading in it; nothing that a client returns may be too much for it."""
    state = ConsoleState()
    for topic, value in ((MODELS, ()), (TOPICS[name][1], reading.value)):
        state = reduce(state, Polled(topic, Reading(value, 1_781_665_961.0, reading.unreadable), 1.0, 0.5))
    return state


def numbers(value: object) -> Iterator[float]:
    if isinstance(value, Rollout):
        yield from (share for share in (value.share, value.target_share) if share is not None)
    if isinstance(value, Device):
        yield from (one.progress for one in value.installations.values() if one.progress is not None)


def written(fields: dict[str, Any], changed: dict[str, str]) -> str:
    """Return a row as JSON, with some of its fields replaced by text."""
    parts = {key: json.dumps(value) for key, value in fields.items()} | changed
    return "{" + ",".join(f"{json.dumps(key)}:{value}" for key, value in parts.items()) + "}"


hostile = st.sampled_from(HOSTILE) | st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "name", "version"]), inner)
    ),
    max_leaves=6,
).map(json.dumps)


@pytest.mark.parametrize("name", TOPICS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_case_32_no_row_of_any_read_is_too_much(name: str, data: st.DataObject) -> None:
    fields = ROWS[TOPICS[name][0]]
    changed = data.draw(st.dictionaries(st.sampled_from(sorted(fields)), hostile, max_size=4))
    good = written(fields, {})
    rows = [good, written(fields, changed), *data.draw(st.lists(hostile, max_size=2))]
    found = answered(name, f"[{','.join(rows)}]")
    assert not isinstance(found, OctomilError) or isinstance(found, UnreadableError)
    if isinstance(found, OctomilError):
        return
    assert stored(name, found).reads
    assert isinstance(found.value, tuple)
    assert found.value, "the good row is there"
    for value in found.value:
        assert all(math.isfinite(number) and 0 <= number <= 1 for number in numbers(value))


@pytest.mark.parametrize("name", TOPICS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    body=hostile, key=st.sampled_from(["rollouts", "models", "devices", "items", "data", "total", "error"])
)
def test_case_32_no_envelope_is_too_much(name: str, body: str, key: str) -> None:
    for whole in (body, f'{{"{key}":{body}}}'):
        found = answered(name, whole)
        assert isinstance(found, OctomilError) or stored(name, found).reads


@pytest.mark.parametrize(
    "word", ["paused_by_policy", "DONE?", "completed_with_errors", "", None, 7, True, [], {}]
)
def test_case_32_a_status_that_is_not_known_is_no_end_and_no_success(word: Any) -> None:
    found = answered("rollouts", json.dumps([{**ROWS["rollouts"], "kind": None, "status": word}]))
    rollout = only_rollout(found)
    assert rollout.state not in _ENDED
    assert not rollout.state.is_running or word == "rolling_back"


@pytest.mark.parametrize("percent", ["140", "-5", "1e999", "NaN", '"100"', "true", LONG_NUMBER, "100.0001"])
def test_case_32_a_percentage_that_cannot_be_is_none(percent: str) -> None:
    found = answered("rollouts", f"[{written(ROWS['rollouts'], {'rollout_percentage': percent})}]")
    if isinstance(found, OctomilError):
        assert percent in ("NaN", LONG_NUMBER), "no number that JSON, or anybody, has"
        return
    rollout = only_rollout(found)
    assert rollout.share is None
    assert rollout.state is RolloutState.ROLLING_BACK


@pytest.mark.parametrize(
    "body", [DEEP, '{"devices":' + DEEP, DEEP + "]" * 100_000, f"[{LONG_NUMBER}", "[1e999]"]
)
def test_case_32_depth_and_length_are_an_unreadable_answer(body: str) -> None:
    found = answered("devices", body)
    assert isinstance(found, UnreadableError) or found.unreadable == 1  # type: ignore[union-attr] # else a reading


@pytest.mark.anyio
async def test_case_32_one_bad_row_of_five_hundred_is_said_and_costs_nothing_else() -> None:
    async with fleet() as server:
        rows = [row(f"d{number}") for number in range(500)]
        rows[250] = {"name": "no id"}
        server.tables["devices"] = {"devices": rows, "total": 500}
        async with watching(server) as found:
            assert len(found.names) == 499
            assert gaps(found.state, (ACTIVE, DEVICES)) == ["1 of 500 rows unreadable: devices"]
            assert found.fresh.is_live


@pytest.mark.anyio
@pytest.mark.parametrize("body", ['{"devices":[{"id":NaN}]}', "[" * 50_000, f'{{"devices":[{LONG_NUMBER}]}}'])
async def test_case_32_on_the_wire_it_replaces_nothing(body: str) -> None:
    async with fleet() as server, watching(server) as found:
        before = found.names
        server.faults["devices"] = answers(http(body.encode()))
        found.session.refresh()
        await found.until(
            lambda: "unreadable" in f"{found.fresh.sentence} {gaps(found.state, (DEVICES,))}", "word"
        )
        assert found.names == before


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def test_case_32_the_tables_of_these_tests_are_readable() -> None:
    for path, table in FleetServer().tables.items():
        name = path.rpartition("/")[2].removeprefix("device-")
        found = answered(name, json.dumps(table))
        assert isinstance(found, Reading)
        assert found.unreadable == 0
        assert found.value
