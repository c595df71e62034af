"""The service was started again and knows nothing any more: nothing is claimed to be done."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from octomil_tui.domain.rollback import Phase, Rollback
from octomil_tui.engine.freshness import Link
from tests.engine.virtual import VIRTUAL
from tests.faults.minutes import Minutes, says, watched
from tests.faults.server import MODEL, device
from tests.faults.watching import Watching

pytestmark = pytest.mark.anyio

BACK = {
    "id": "4131",
    "version": "1.0.0",
    "status": "rolling_back",
    "kind": "rollback",
    "from_version": "2.0.0",
    "model_id": MODEL,
    "created_at": "2026-06-17T03:12:41Z",
}
CLAIMS = (Phase.DONE, Phase.COMPLETE)


@pytest.fixture
def anyio_backend() -> object:
    return VIRTUAL


async def rolling_back(found: Watching, wire: Minutes) -> Rollback:
    """Let a rollback be under way, with one of three devices there."""
    wire.tables["rollouts/active"] = {"rollouts": [BACK]}
    wire.tables[f"models/{MODEL}/rollouts"] = {"rollouts": [BACK]}
    wire.tables["devices"] = {"devices": [device("a", "1.0.0"), device("b"), device("c")]}
    found.session.refresh()
    await asyncio.sleep(1)
    rollout = found.state.snapshot.rollouts[MODEL][0]
    return await found.session.watch(MODEL, rollout)


def forget(wire: Minutes, **kept: Any) -> None:
    """Start the service again with an empty state."""
    wire.tables["rollouts/active"] = {"rollouts": []}
    wire.tables[f"models/{MODEL}/rollouts"] = {"rollouts": []}
    wire.tables |= kept


@pytest.mark.parametrize("devices", [["a", "b", "c"], [], ["x", "y"]], ids=["same", "none", "others"])
async def test_case_35_a_service_that_forgot_the_rollback_is_no_success(devices: list[str]) -> None:
    wire = Minutes()
    async with watched(wire) as found:
        assert (await rolling_back(found, wire)).phase is Phase.ROLLING_BACK
        wire.faults[""] = says(503)
        await asyncio.sleep(8)
        forget(wire, devices={"devices": [device(name) for name in devices]})
        wire.faults.clear()
        await asyncio.sleep(120)
        assert found.fresh.link is Link.LIVE
        rollback = found.state.rollbacks[MODEL]
        assert rollback.phase not in CLAIMS
        assert not rollback.by_server_word


async def test_case_35_a_model_that_is_forgotten_too_is_no_success() -> None:
    wire = Minutes()
    async with watched(wire) as found:
        await rolling_back(found, wire)
        forget(wire, devices={"devices": []}, models={"models": []})
        del wire.tables[f"models/{MODEL}/rollouts"], wire.tables[f"models/{MODEL}/versions"]
        await asyncio.sleep(120)
        assert found.state.rollbacks[MODEL].phase not in CLAIMS
        assert found.state.rollbacks[MODEL].watch is not None, "what was seen of it stays"


@pytest.mark.parametrize("broken", [{"id": None}, {"name": "no id"}, 7, None, []])
async def test_case_32_a_device_whose_row_cannot_be_read_is_not_taken_for_gone(broken: Any) -> None:
    wire = Minutes()
    async with watched(wire) as found:
        await rolling_back(found, wire)
        wire.tables["devices"] = {"devices": [device("a", "1.0.0"), device("b", "1.0.0"), broken]}
        await asyncio.sleep(120)
        assert [one.id for one in found.state.snapshot.devices or ()] == ["a", "b", "c"]
        assert found.state.rollbacks[MODEL].phase not in CLAIMS
        wire.tables["devices"] = {"devices": [device(name, "1.0.0") for name in "abc"]}
        await asyncio.sleep(60)
        assert found.state.rollbacks[MODEL].watch is not None
        assert found.state.rollbacks[MODEL].watch.change.verified == 2  # type: ignore[union-attr] # it is there


@pytest.mark.parametrize("broken", [{"version": "1.0.0"}, {"id": "4131"}, "4131"])
async def test_case_32_a_rollout_whose_row_cannot_be_read_is_not_taken_for_gone(broken: Any) -> None:
    wire = Minutes()
    async with watched(wire) as found:
        await rolling_back(found, wire)
        before = found.state.rollbacks[MODEL].phase
        for path in ("rollouts/active", f"models/{MODEL}/rollouts"):
            wire.tables[path] = {"rollouts": [broken]}
        await asyncio.sleep(60)
        assert [one.id for one in found.state.snapshot.rollouts[MODEL]] == ["4131"]
        assert found.state.rollbacks[MODEL].phase is before
