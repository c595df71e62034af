"""Outages and refusals that last minutes: how often is asked, what is said, and how it ends. In virtual time."""

from __future__ import annotations

import asyncio
import itertools

import httpx
import pytest

from octomil_tui.engine.freshness import Link, freshness, why_not_now
from octomil_tui.engine.hold import is_gone
from octomil_tui.engine.state import Cause
from octomil_tui.engine.topic import DEVICES, GROUPS, rollouts_of
from octomil_tui.engine.trouble import GONE, REJECTED, lacks
from octomil_tui.ui.present.doubt import trouble_lines
from octomil_tui.ui.spans import Token, plain
from tests.engine.virtual import VIRTUAL, clock
from tests.faults.minutes import Minutes, Reply, fails, says, watched
from tests.faults.server import MODEL
from tests.faults.watching import Watching

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> object:
    return VIRTUAL


OUTAGES: dict[str, Reply] = {
    "refused": fails(httpx.ConnectError),
    "silent": fails(httpx.ReadTimeout),
    "rst": fails(httpx.ReadError),
    "cut off": fails(httpx.RemoteProtocolError),
    "500": says(500),
    "502": says(502),
    "503": says(503),
    "504": says(504),
    "408": says(408),
    "portal": lambda _: httpx.Response(200, html="<html>"),
}


@pytest.mark.parametrize("kind", OUTAGES)
async def test_case_23_a_minute_without_the_service(kind: str) -> None:
    wire = Minutes()
    async with watched(wire) as found:
        known = found.names
        begun = clock()
        wire.faults[""] = OUTAGES[kind]
        await asyncio.sleep(60)
        assert found.fresh.link is Link.STALE
        assert found.fresh.age is not None
        assert 55 <= found.fresh.age <= 66, "the age is that of what was last read"
        assert (found.names, len(found.toasts)) == (known, 1)
        assert why_not_now(found.state, clock()) == "the data is stale"
        assert len(wire.times(since=begun)) <= 80
        wire.faults.clear()
        await asyncio.sleep(35)
        assert found.fresh.is_live
        assert found.toasts[1:] == ["the service answers again"]
        assert why_not_now(found.state, clock()) == ""


async def test_case_23_after_five_minutes_it_is_said_loudly() -> None:
    wire = Minutes()
    async with watched(wire) as found:
        wire.faults[""] = says(503)
        await asyncio.sleep(100)
        assert _loud(found) == (False, "??")
        await asyncio.sleep(230)
        assert found.fresh.link is Link.OFFLINE
        assert _loud(found) == (True, "!!")
        assert len(found.toasts) == 1


def _loud(found: Watching) -> tuple[bool, str]:
    (first, *_) = trouble_lines(found.fresh, 78)
    return first[0].token is Token.PLACE, plain(first)[:2]


async def test_case_28_a_key_that_is_revoked_slows_everything_down() -> None:
    wire = Minutes()
    async with watched(wire) as found:
        wire.faults[""] = says(401, "key_revoked")
        await asyncio.sleep(6)
        assert (found.fresh.sentence, found.fresh.cause) == (REJECTED, Cause.KEY)
        assert not found.fresh.is_live, "nothing may be sent"
        assert why_not_now(found.state, clock()) == "the key was rejected"
        assert _loud(found)[0]
        assert found.names
        begun = clock()
        await asyncio.sleep(300)
        times = wire.times(since=begun)
        rounds = [times[0], *(b for a, b in itertools.pairwise(times) if b - a > 1)]
        assert all(b - a >= 59 for a, b in itertools.pairwise(rounds))
        assert len(times) <= 5 * 4
        wire.faults.clear()
        await asyncio.sleep(61)
        assert found.fresh.is_live
        assert found.fresh.sentence == ""
        assert len(found.toasts) == 2
        begun = clock()
        await asyncio.sleep(60)
        assert len(wire.times("devices", begun)) >= 10, "at full speed again"


async def test_case_28_a_refresh_asks_at_once() -> None:
    wire = Minutes()
    async with watched(wire) as found:
        wire.faults[""] = says(401)
        await asyncio.sleep(6)
        wire.faults.clear()
        found.session.refresh()
        await asyncio.sleep(1)
        assert found.fresh.is_live


async def test_case_28_one_route_that_answers_401_is_not_the_key() -> None:
    wire = Minutes()
    async with watched(wire) as found:
        wire.faults["device-groups"] = says(401)
        await asyncio.sleep(180)
        assert found.fresh.is_live
        assert found.fresh.sentence.startswith("device groups: the key was rejected")
        assert why_not_now(found.state, clock()) == ""


@pytest.mark.parametrize(
    ("status", "sentence", "wait"),
    [
        (403, "the key lacks a permission: device groups", 60.0),
        (404, "this service does not list device groups", 30.0),
        (405, "this service does not list device groups", 30.0),
    ],
)
async def test_case_29_a_refused_list_costs_its_pane(status: int, sentence: str, wait: float) -> None:
    wire = Minutes()
    async with watched(wire) as found:
        await asyncio.sleep(1)
        groups = found.state.snapshot.groups
        wire.faults["device-groups"] = says(status, "scope")
        found.session.refresh()
        begun = clock()
        await asyncio.sleep(125)
        assert lacks(found.state, GROUPS) == sentence
        assert lacks(found.state, DEVICES) == ""
        assert (found.fresh.link, found.fresh.sentence, found.toasts) == (Link.LIVE, "", [])
        assert found.state.snapshot.groups == groups
        asked = wire.times("device-groups", begun)
        assert [round(b - a) for a, b in itertools.pairwise(asked)] == [wait] * (len(asked) - 1)
        assert len(asked) == 1 + 125 // wait


@pytest.mark.parametrize("status", [403, 404, 405])
async def test_case_29_no_list_of_running_rollouts_is_no_reason_to_be_offline(status: int) -> None:
    wire = Minutes()
    wire.faults["rollouts/active"] = says(status)
    async with watched(wire) as found:
        await asyncio.sleep(60)
        assert found.fresh.is_live
        assert found.fresh.sentence == ""


async def test_case_29_everything_refused_for_itself_is_said() -> None:
    wire = Minutes()
    async with watched(wire) as found:
        wire.faults[""] = says(403)
        await asyncio.sleep(30)
        assert not found.fresh.is_live
        assert "lacks a permission" in found.fresh.sentence


async def test_case_29_a_model_that_is_gone_is_said_after_two_answers() -> None:
    wire = Minutes()
    async with watched(wire) as found:
        topics = (DEVICES, rollouts_of(MODEL))
        rollout = found.state.snapshot.rollouts[MODEL][0]
        del wire.tables[f"models/{MODEL}/rollouts"]
        wire.tables["models"] = {"models": []}
        found.session.refresh()
        await asyncio.sleep(1)
        assert not is_gone(found.state, MODEL), "once may be an accident"
        await asyncio.sleep(30)
        assert is_gone(found.state, MODEL)
        fresh = freshness(found.state, clock(), topics)
        assert (fresh.link, fresh.sentence) == (Link.STALE, GONE)
        assert why_not_now(found.state, clock(), model_id=MODEL) == "the model no longer exists"
        assert found.state.snapshot.rollouts[MODEL][0] == rollout, "what was known stays"
        asked = wire.times(f"{MODEL}/rollouts")[-3:]
        assert all(b - a >= 29 for a, b in itertools.pairwise(asked[-2:]))
        wire.tables["models"] = {"models": [{"id": MODEL, "name": "back"}]}
        wire.tables[f"models/{MODEL}/rollouts"] = {"rollouts": []}
        await asyncio.sleep(61)
        assert not is_gone(found.state, MODEL)


async def test_case_29_a_route_that_is_missing_is_not_a_model_that_is_gone() -> None:
    wire = Minutes()
    async with watched(wire) as found:
        wire.faults[f"{MODEL}/rollouts"] = says(404, "model_not_found")
        found.session.refresh()
        await asyncio.sleep(95)
        assert found.state.reads[rollouts_of(MODEL)].in_a_row >= 2
        assert not is_gone(found.state, MODEL), "the list of models has it"


@pytest.mark.parametrize("status", [400, 409, 410, 422])
async def test_case_29_a_refusal_that_no_read_should_get_is_a_contract_error(status: int) -> None:
    wire = Minutes()
    async with watched(wire) as found:
        wire.faults["rollouts/active"] = says(status)
        await asyncio.sleep(31)
        assert found.fresh.sentence.startswith(f"contract error: refused with status {status}")
        assert len(wire.times("rollouts/active")) <= 3


def _date(ahead: float) -> str:
    return httpx.Headers({"d": f"Sun, 22 Nov 2026 03:12:{41 + ahead:02.0f} GMT"})["d"]


LIMITS: dict[str, tuple[dict[str, str], float | None]] = {
    "7": ({"Retry_After": "7"}, 7.0),
    "a date": ({"Retry_After": _date(9), "Date": _date(0)}, 9.0),
    "a past date": ({"Retry_After": _date(-9), "Date": _date(0)}, None),
    "-5": ({"Retry_After": "-5"}, None),
    "1e9": ({"Retry_After": "1e9"}, None),
    "0": ({"Retry_After": "0"}, 1.0),
    "10^9": ({"Retry_After": "1000000000"}, 120.0),
    "garbage": ({"Retry_After": "soon"}, None),
    "none": ({}, None),
}


@pytest.mark.parametrize("kind", LIMITS)
async def test_case_30_the_request_log_shows_the_wait_for_every_read(kind: str) -> None:
    headers, wait = LIMITS[kind]
    wire = Minutes()
    async with watched(wire) as found:
        await asyncio.sleep(1)
        wire.faults["devices"] = says(429, "slow_down", **headers)
        begun = clock()
        await asyncio.sleep(300)
        refused = wire.times("devices", begun)
        gaps = [b - a for a, b in itertools.pairwise(refused)]
        assert len(gaps) >= 2
        if wait is not None:
            assert min(gaps) >= wait
            assert gaps[0] < wait + 6
        else:
            assert min(gaps) >= 1
            assert gaps[0] <= 2, "its own patience"
        assert max(gaps) < (wait or 0.0) + 66, (
            "who is refused again and again asks six times a minute at most"
        )
        # Nobody else asks meanwhile either: the service counts requests, not what they are for.
        for at, gap in zip(refused, gaps, strict=False):
            told_to_wait = wait if wait is not None else min(gap, 1.0)
            assert not [t for t in wire.times(since=at + 0.001) if t < at + told_to_wait - 0.001]
        assert found.fresh.sentence.startswith("rate limited (429)")
        assert found.fresh.cause is Cause.LIMITED


async def test_case_30_the_countdown_moves_every_second() -> None:
    wire = Minutes()
    async with watched(wire) as found:
        wire.faults["devices"] = says(429, Retry_After="17")
        await found.until(lambda: bool(found.fresh.sentence), "429")
        said = []
        for _ in range(18):
            said.append(plain(trouble_lines(found.fresh, 78)[0]).rpartition(", ")[2])
            await asyncio.sleep(1)
        assert said[:17] == [f"again in {seconds}s" for seconds in range(17, 0, -1)]
