"""The tables of the `night` scenario, cell by cell."""

from collections import Counter
from typing import Any

import pytest

from tests.sim.night_table import VERIFIED
from tests.sim.rig import DAY, Rig

pytestmark = pytest.mark.anyio

CELLS = {
    ("canary", "2.0.0", "online"): (2, 4, 0),
    ("staging", "2.0.0", "online"): (6, 5, 0),
    ("staging", "2.0.0", "stale"): (0, 1, 0),
    ("eu-kiosks", "2.0.0", "online"): (0, 8, 18),
    ("eu-kiosks", "2.0.0", "stale"): (0, 1, 1),
    ("eu-kiosks", "2.0.0", "offline"): (0, 1, 3),
    ("eu-kiosks", "1.0.0", "online"): (0, 3, 5),
    ("us-kiosks", "1.0.0", "online"): (0, 10, 31),
    ("us-kiosks", "1.0.0", "stale"): (0, 0, 2),
    ("us-kiosks", "1.0.0", "offline"): (0, 0, 2),
    ("us-kiosks", "1.0.0", "revoked"): (0, 1, 0),
    ("us-kiosks", "0.9.0", "online"): (0, 1, 1),
    ("lab", "1.0.0", "online"): (5, 5, 6),
    ("lab", "1.0.0", "offline"): (0, 1, 0),
    ("lab", "0.9.0", "online"): (1, 0, 0),
}
# staging, eu-kiosks: verified, on the way, stale, offline
WATCH = {
    "03:16:43": {"canary": (6, 0, 0, 0), "staging": (9, 2, 1, 0), "eu-kiosks": (16, 10, 2, 4)},
    "03:17:02": {"canary": (6, 0, 0, 0), "staging": (9, 2, 1, 0), "eu-kiosks": (16, 10, 2, 4)},
    "03:33:10": {"canary": (6, 0, 0, 0), "staging": (12, 0, 0, 0), "eu-kiosks": (28, 0, 0, 4)},
    "03:41:07": {"canary": (6, 0, 0, 0), "staging": (12, 0, 0, 0), "eu-kiosks": (29, 0, 0, 3)},
}
AFTER = {
    "03:33:10": {
        "canary": ({"1.0.0": 6}, {"online": 6}),
        "staging": ({"1.0.0": 12}, {"online": 12}),
        "eu-kiosks": ({"1.0.0": 36, "2.0.0": 4}, {"online": 36, "offline": 4}),
        "us-kiosks": ({"1.0.0": 48}, {"online": 45, "offline": 2, "revoked": 1}),
        "lab": ({"1.0.0": 18}, {"online": 18}),
    },
    "03:41:07": {
        "canary": ({"1.0.0": 6}, {"online": 6}),
        "staging": ({"1.0.0": 12}, {"online": 12}),
        "eu-kiosks": ({"1.0.0": 37, "2.0.0": 3}, {"online": 37, "offline": 3}),
        "us-kiosks": ({"1.0.0": 48}, {"online": 44, "stale": 1, "offline": 2, "revoked": 1}),
        "lab": ({"1.0.0": 18}, {"online": 18}),
    },
}


def classify(row: dict[str, Any], before: dict[str, Any]) -> tuple[str, str]:
    if row["active_model_version"] == "1.0.0":
        return before["groups"][0], "verified"
    if row["model_status"] != "active":
        return before["groups"][0], "on the way"
    return before["groups"][0], row["connectivity_status"]


async def started(night: Rig) -> dict[str, dict[str, Any]]:
    """Roll back at 03:13:31 and return the devices as they were, that are to change."""
    night.to("03:13:31")
    before = {
        name: row for name, row in (await night.phi()).items() if row["active_model_version"] == "2.0.0"
    }
    await night.roll_back()
    return before


async def test_every_cell_at_the_start(night: Rig) -> None:
    rows = (await night.phi()).values()
    counts = Counter(
        (row["groups"][0], row["active_model_version"], row["connectivity_status"], row["platform"])
        for row in rows
    )
    for cell, by_platform in CELLS.items():
        assert tuple(counts.pop((*cell, p), 0) for p in ("ios", "android", "linux")) == by_platform, cell
    assert not counts


async def test_what_is_on_disk_at_the_start(night: Rig) -> None:
    rows = (await night.phi()).values()
    held = Counter(version for row in rows for version in row["on_disk"])
    assert held == {"2.0.0": 50, "1.0.0": 118, "0.9.0": 20}
    assert sum(row["activation_policy"] == "when_idle" for row in rows) == 6
    moving = [row for row in rows if row["active_model_version"] != "1.0.0"]
    assert sum("1.0.0" not in row["on_disk"] for row in moving) == 6


async def test_the_receipt(night: Rig) -> None:
    night.to("03:13:31")
    receipt = await night.roll_back(reason="errors")
    assert receipt == {
        "rollback_id": "4131",
        "rollout_id": 4131,
        "model_id": "mdl_phi4mini",
        "model": "phi-4-mini",
        "from_version": "2.0.0",
        "to_version": "1.0.0",
        "group": None,
        "affected_devices": 124,
        "status": "rolling_back",
        "cancelled_rollout_id": 4127,
        "created_at": f"{DAY}03:13:31Z",
    }
    cancelled = await night.rollout(4127)
    assert cancelled["status"] == "cancelled"
    assert cancelled["cancelled_at"] == f"{DAY}03:13:31Z"
    assert cancelled["cancelled_by_rollout_id"] == 4131
    assert all(row["desired_version"] == "1.0.0" for row in (await night.phi()).values())


async def test_the_watch_at_every_listed_time(night: Rig) -> None:
    before = await started(night)
    for time_of_day, groups in WATCH.items():
        night.to(time_of_day)
        now = await night.phi()
        counts = Counter(classify(now[name], row) for name, row in before.items())
        for group, expected in groups.items():
            got = tuple(
                counts.pop((group, word), 0) for word in ("verified", "on the way", "stale", "offline")
            )
            assert got == expected, (time_of_day, group)
        assert not counts, time_of_day


async def test_groups_after_the_end(night: Rig) -> None:
    await started(night)
    for time_of_day, groups in AFTER.items():
        night.to(time_of_day)
        rows = (await night.phi()).values()
        for group, (versions, connectivity) in groups.items():
            members = [row for row in rows if row["groups"] == [group]]
            assert Counter(row["active_model_version"] for row in members) == versions, (time_of_day, group)
            assert Counter(row["connectivity_status"] for row in members) == connectivity, (
                time_of_day,
                group,
            )


@pytest.mark.parametrize(
    ("time_of_day", "percents"), [("03:16:43", (21, 22, 34)), ("03:17:02", (24, 25, 38))]
)
async def test_who_is_on_the_way_and_why(night: Rig, time_of_day: str, percents: tuple[int, ...]) -> None:
    await started(night)
    night.to(time_of_day)
    rows = await night.phi()
    by_word: dict[str, set[str]] = {}
    for name, row in rows.items():
        by_word.setdefault(f"{row['model_status']}/{row['artifact_status']}", set()).add(name)
    del by_word["active/active"]
    assert by_word == {
        "downloading/downloading": {"kiosk-eu-0131", "kiosk-eu-0133", "kiosk-eu-0134", "lab-18"},
        "ready/staged": {"kiosk-eu-0140", "kiosk-eu-0141", "stg-and-09", "stg-ios-03"},
        "loading/warming": {f"kiosk-eu-{n}" for n in ("0103", "0112", "0116", "0129", "0137")},
    }
    assert min(rows[name]["status_since"] for name in by_word["ready/staged"]) == f"{DAY}03:14:33Z"
    names = ("kiosk-eu-0131", "kiosk-eu-0133", "kiosk-eu-0134")
    assert tuple(int(rows[name]["download_percent"]) for name in names) == percents


async def test_each_device_verifies_when_its_row_says(night: Rig) -> None:
    await started(night)
    night.to("03:22:24")
    bouncer = (await night.tracked())["kiosk-eu-0119"]
    assert (bouncer["verified_at"], bouncer["bounced"]) == (f"{DAY}03:15:10Z", 0)
    night.to("03:41:07")
    rows = await night.tracked()
    verified = {name: row["verified_at"] for name, row in rows.items() if row["verified_at"] is not None}
    wanted = {name: f"{DAY}{at}Z" for name, at in VERIFIED.items()}
    assert verified == wanted | {"kiosk-eu-0119": f"{DAY}03:28:10Z"}
    assert [name for name, row in rows.items() if row["bounced"]] == ["kiosk-eu-0119"]


async def test_it_settles_and_completes_when_the_last_one_has(night: Rig) -> None:
    before = await started(night)
    night.to("03:33:09")
    assert (await night.rollout(4131))["status"] == "rolling_back"
    night.to("03:33:10")
    done = await night.rollout(4131)
    assert (done["status"], done["completed_at"]) == ("completed", f"{DAY}03:33:10Z")
    rows = await night.tracked()
    settled = sorted(rows[name]["settled_at"] for name in before if rows[name]["settled_at"])
    assert (len(settled), settled[0], settled[-1]) == (46, f"{DAY}03:19:21Z", f"{DAY}03:33:10Z")
    assert rows["can-ios-02"]["settled_at"] == settled[0]
    assert rows["lab-18"]["settled_at"] == f"{DAY}03:32:18Z"
    night.to("03:41:07")
    assert (await night.rollout(4131))["completed_at"] == f"{DAY}03:33:10Z"


async def test_the_bouncer_goes_back_and_comes_again(night: Rig) -> None:
    await started(night)
    for time_of_day, version in (("03:22:24", "1.0.0"), ("03:22:25", "2.0.0"), ("03:28:09", "2.0.0")):
        night.to(time_of_day)
        assert (await night.phi())["kiosk-eu-0119"]["active_model_version"] == version
    night.to("03:28:10")
    assert (await night.phi())["kiosk-eu-0119"]["active_model_version"] == "1.0.0"


async def test_the_rollout_steps_by_itself_unless_it_is_cancelled(night: Rig) -> None:
    night.to("03:18:39")
    before = await night.rollout(4127)
    assert (before["rollout_percentage"], before["affected_devices"]) == (40, 50)
    night.to("03:18:40")
    after = await night.rollout(4127)
    assert (after["rollout_percentage"], after["affected_devices"]) == (60, 74)
    wanting = Counter(
        row["groups"][0] for row in (await night.phi()).values() if row["desired_version"] == "2.0.0"
    )
    assert wanting == {"canary": 6, "staging": 12, "eu-kiosks": 32, "us-kiosks": 21, "lab": 3}


async def test_a_cancelled_rollout_does_not_step(night: Rig) -> None:
    await started(night)
    night.to("03:43:00")
    cancelled = await night.rollout(4127)
    assert (cancelled["rollout_percentage"], cancelled["next_step_at"]) == (40, None)


async def test_the_past(night: Rig) -> None:
    rollouts = await night.get("/v1/models/phi-4-mini/rollouts")
    rows = [
        (r["id"], r["version"], r["kind"], r["status"], r["from_version"], r["created_by"]) for r in rollouts
    ]
    assert rows == [
        (4127, "2.0.0", "progressive", "active", "1.0.0", "ops"),
        (3990, "1.0.0", "rollback", "completed", "1.1.0", "dev"),
        (3988, "1.1.0", "progressive", "cancelled", "1.0.0", "dev"),
        (3911, "1.0.0", "progressive", "completed", "0.9.0", "dev"),
        (3702, "0.9.0", "instant", "completed", None, "infra"),
    ]
    assert [r["affected_devices"] for r in rollouts] == [50, 121, 12, 121, 124]
    history = await night.get("/v1/models/phi-4-mini/rollouts/4127/status-history")
    assert [(line["at"], line["percentage"]) for line in history] == [
        (f"{DAY}02:31:05Z", 20.0),
        (f"{DAY}02:54:40Z", 40.0),
    ]


async def test_the_other_models(night: Rig) -> None:
    models = (await night.get("/v1/models"))["models"]
    assert {m["name"]: m["device_count"] for m in models} == {
        "phi-4-mini": 124,
        "sentiment-v1": 124,
        "gemma3-1b": 118,
        "whisper-sm": 96,
    }
    counts = Counter(
        (entry["model_name"], entry["active_model_version"], device["groups"][0])
        for device in await night.devices()
        for entry in device["models"]
        if entry["model_name"] != "phi-4-mini"
    )
    newer = {
        group: counts["sentiment-v1", "5.0.2", group] for group in ("canary", "staging", "eu-kiosks", "lab")
    }
    assert newer == {"canary": 6, "staging": 12, "eu-kiosks": 0, "lab": 13}
    whisper = {group: counts["whisper-sm", "3.1.0", group] for group in ("eu-kiosks", "us-kiosks", "lab")}
    assert whisper == {"eu-kiosks": 31, "us-kiosks": 48, "lab": 17}
    paused = (await night.get("/v1/models/sentiment-v1/rollouts/active"))[0]
    assert (paused["id"], paused["status"], paused["affected_devices"]) == (4102, "paused", 31)


async def test_a_silent_device_and_its_history(night: Rig) -> None:
    found = (await night.get("/v1/devices", search="kiosk-eu-0117"))["devices"][0]
    device = await night.get(f"/v1/devices/{found['id']}")
    assert device["last_heartbeat"] == f"{DAY}02:35:30Z"
    assert device["model"] == "Orin NX, 8 GB"
    assert device["storage_free_bytes"] == 11_000_000_000
    history = [(h["version"], h["from"][:10], h["to"]) for h in device["models"][0]["history"]]
    assert [h[:2] for h in history] == [
        ("0.9.0", "2026-03-02"),
        ("1.0.0", "2026-06-03"),
        ("2.0.0", "2026-06-17"),
    ]
    assert history[-2:] == [("1.0.0", "2026-06-03", f"{DAY}02:34:30Z"), ("2.0.0", "2026-06-17", None)]


async def test_answers_do_not_depend_on_when_one_asks() -> None:
    answers = []
    for stops in (("03:41:07",), ("03:14:00", "03:16:43", "03:22:30", "03:33:10", "03:41:07")):
        async with Rig("night", seed=7) as rig:
            await started(rig)
            for stop in stops:
                rig.to(stop)
                await rig.devices()
            answers.append((await rig.devices(), await rig.tracked(), await rig.rollout(4131)))
    assert answers[0] == answers[1]


async def test_a_finished_rollback_goes_on_being_followed(night: Rig) -> None:
    """Work on another model in between does not make the service forget who is still to come."""
    await started(night)
    night.to("03:35:00")
    response = await night.post("/v1/models/gemma3-1b/rollback", {"to_version": "1.4.1"})
    assert (response.status_code, response.json()["affected_devices"]) == (202, 118)
    night.to("03:41:07")
    assert (await night.tracked())["kiosk-eu-0122"]["verified_at"] == f"{DAY}03:38:55Z"
