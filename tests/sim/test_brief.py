"""The `brief` scenario: the rollback page's own example."""

from collections import Counter

import pytest

from tests.sim.rig import PHI, Rig

pytestmark = pytest.mark.anyio


async def test_it_starts_at_40_percent_with_everybody_online(brief: Rig) -> None:
    rows = (await brief.phi()).values()
    counts = Counter((row["groups"][0], row["active_model_version"]) for row in rows)
    assert counts == {
        ("canary", "2.0.0"): 6,
        ("staging", "2.0.0"): 12,
        ("eu-kiosks", "2.0.0"): 32,
        ("eu-kiosks", "1.0.0"): 8,
        ("us-kiosks", "1.0.0"): 48,
        ("lab", "1.0.0"): 18,
    }
    assert {row["connectivity_status"] for row in rows} == {"online"}
    running = await brief.rollout(4127)
    assert (running["rollout_percentage"], running["device_count"], running["total_devices"]) == (40, 50, 124)
    brief.to("04:30:00")
    assert (await brief.rollout(4127))["rollout_percentage"] == 40


@pytest.mark.parametrize("target", ["1.0.0", "0.9.0"])
async def test_the_whole_fleet_goes_back(brief: Rig, target: str) -> None:
    receipt = await brief.roll_back(target)
    assert (receipt["affected_devices"], receipt["from_version"]) == (124, "2.0.0")
    brief.to("03:17:43")
    assert await brief.versions() == {target: 124}, "one sync interval and a switch later"
    brief.to("03:22:43")
    done = await brief.rollout(4131)
    assert (done["status"], done["device_count"], done["rollout_percentage"]) == ("completed", 124, 100)
    assert (await brief.get(PHI))["active_version"] == target


async def test_only_staging_goes_back(brief: Rig) -> None:
    receipt = await brief.roll_back("1.0.0", group="staging")
    assert (receipt["affected_devices"], receipt["group"]) == (12, "staging")
    brief.to("03:30:00")
    assert await brief.versions() == {"2.0.0": 38, "1.0.0": 86}
    assert await brief.versions("staging") == {"1.0.0": 12}
    assert (await brief.rollout(4131))["status"] == "completed"
    assert (await brief.rollout(4127))["status"] == "cancelled"


async def test_nothing_to_change_is_done_at_once(brief: Rig) -> None:
    await brief.roll_back("1.0.0")
    brief.to("03:30:00")
    receipt = await brief.roll_back("1.0.0")
    assert (receipt["status"], receipt["affected_devices"]) == ("completed", 124)
    assert receipt["cancelled_rollout_id"] is None


async def test_the_seed_says_who_syncs_when() -> None:
    last = []
    for seed in (0, 0, 1):
        async with Rig("brief", seed=seed) as rig:
            last.append({name: row["last_sync_at"] for name, row in (await rig.phi()).items()})
    assert last[0] == last[1] != last[2]
    assert len(set(last[0].values())) == 124
