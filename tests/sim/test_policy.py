"""The settings: what is stored, what is refused, and a service that keeps less."""

from typing import Any

import pytest

from tests.sim.rig import Rig

pytestmark = pytest.mark.anyio

LIMITS = {"error_threshold_percent": 2.5, "crash_threshold_percent": 0.5, "latency_p95_max_ms": 300}


async def test_what_is_named_is_stored_and_told(night: Rig) -> None:
    before = await night.get("/v1/settings")
    assert (before["auto_rollback_enabled"], before["error_threshold_percent"]) == (False, 5)
    assert (before["crash_threshold_percent"], before["latency_p95_max_ms"]) == (1, None)
    wanted = {**LIMITS, "auto_rollback_enabled": True, "min_rollout_duration": "1h", "nobody_knows": 1}
    stored = (await night.client.put("/v1/settings/org_demo", json=wanted)).json()
    del wanted["nobody_knows"]
    assert stored == {**before, **wanted}
    assert await night.get("/api/v1/settings/org_demo") == stored
    await night.client.patch("/v1/settings", json={"latency_p95_max_ms": None})
    (event, *_) = (await night.get("/v1/logs/audit", action="settings."))["events"]
    assert (event["action"], event["metadata"]) == ("settings.updated", {"latency_p95_max_ms": None})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("auto_rollback_enabled", 1),
        ("error_threshold_percent", 0),
        ("error_threshold_percent", 101),
        ("error_threshold_percent", None),
        ("crash_threshold_percent", "1%"),
        ("latency_p95_max_ms", -1),
        ("latency_p95_max_ms", True),
        ("min_rollout_duration", "soon"),
        ("session_duration_hours", "12"),
    ],
)
async def test_what_makes_no_sense_is_refused_whole(night: Rig, name: str, value: Any) -> None:
    before = await night.get("/v1/settings")
    body = {"crash_threshold_percent": 3, name: value}
    response = await night.client.put("/v1/settings/org_demo", json=body)
    assert (response.status_code, name in response.json()["message"]) == (422, True)
    assert await night.get("/v1/settings") == before


async def test_a_service_that_keeps_only_whether_it_is_on() -> None:
    async with Rig("night", faults=("plain-settings",)) as rig:
        wanted = {**LIMITS, "auto_rollback_enabled": True}
        stored = (await rig.client.put("/v1/settings/org_demo", json=wanted)).json()
        assert stored["auto_rollback_enabled"] is True
        assert LIMITS.keys().isdisjoint(stored)
        assert await rig.get("/v1/settings/org_demo") == stored
        rig.to("03:14:00")
        rollback = await rig.rollout(4131)
        assert (rollback["trigger"]["rule"], rollback["trigger"]["limit"]) == ("error_rate", 5)
