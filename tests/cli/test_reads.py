from __future__ import annotations

from dataclasses import replace

import pytest

from octomil_tui.api.client import AsyncOctomilClient
from octomil_tui.api.errors import ServerError
from octomil_tui.cli import models_list
from octomil_tui.cli.reading import gaps
from octomil_tui.domain.fleet import Device
from octomil_tui.domain.order import Reading
from tests.cli.conftest import Console
from tests.cli.drill import Drill


def test_models(quiet: Drill, console: Console) -> None:
    result = console("models", "list", env=quiet.env)
    assert (result.code, result.err) == (0, "")
    assert result.lines == [
        "MODEL       SERVING  DEVICES  ROLLOUT",
        "phi-4-mini  v1.0.0       124  4127 v2.0.0 40% active",
    ]


def test_models_as_json(quiet: Drill, console: Console) -> None:
    (listed,) = console("--json", "models", "list", env=quiet.env).objects
    assert listed["schema"] == 1
    (model,) = listed["models"]
    assert (model["name"], model["active_version"], model["device_count"]) == ("phi-4-mini", "1.0.0", 124)
    assert (model["rollout"]["share"], model["rollout"]["percent"]) == (0.4, 40)


def test_many_models_are_listed_with_one_request_for_what_runs(
    night: Drill, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models_list, "ASKED_EACH", 1)
    result = console("models", "list", env=night.env)
    assert result.lines[1].split() == ["phi-4-mini", "v1.0.0", "124", "4127", "v2.0.0", "40%", "active"]
    assert "paused" in result.lines[2]


def test_versions_as_json(quiet: Drill, console: Console) -> None:
    (listed,) = console("models", "versions", "phi-4-mini", "--json", env=quiet.env).objects
    by_version = {version["version"]: version for version in listed["versions"]}
    assert by_version["1.0.0"]["verdict"] == "GOOD TARGET"
    assert by_version["2.1.0"]["deployed"] is False
    assert by_version["2.0.0"]["devices_on_version"] == 50


def test_groups(quiet: Drill, console: Console) -> None:
    result = console("groups", env=quiet.env)
    assert result.lines[2].split() == ["staging", "12", "12", "0", "0", "0"]
    (listed,) = console("groups", "--json", env=quiet.env).objects
    assert sum(group["device_count"] for group in listed["groups"]) == 124


def test_devices_all_and_some(quiet: Drill, console: Console) -> None:
    assert len(console("devices", env=quiet.env).lines) == 125
    some = console("devices", "--limit", "3", env=quiet.env)
    assert len(some.lines) == 4
    assert some.err == "3 of 124 devices are shown\n"
    (listed,) = console("devices", "--json", "--limit", "2", env=quiet.env).objects
    assert (listed["total"], len(listed["devices"])) == (124, 2)
    assert listed["devices"][0]["models"][0]["model"] == "phi-4-mini"


def test_status_as_json_ends_with_the_verdict(quiet: Drill, console: Console) -> None:
    status, verdict = console("rollout", "status", "phi-4-mini", "--json", env=quiet.env).objects
    assert (status["event"], status["percent"], status["devices_on_version"]) == ("status", 40, 50)
    assert list(verdict)[:2] == ["event", "schema"]
    assert (verdict["event"], verdict["exit_code"], verdict["verdict"]) == ("verdict", 0, "active")
    assert verdict["sentence"] == "phi-4-mini v2.0.0 is active: 50 of 124 devices on it"


def test_a_plan(quiet: Drill, console: Console) -> None:
    result = console("plan", "phi-4-mini", "--to-version", "1.0.0", env=quiet.env)
    assert (result.code, result.err) == (0, "")
    assert result.lines[1] == "50 change, 74 already there, 0 move UP, 0 unknown"
    assert any(line.split()[:3] == ["TOTAL", "50", "74"] for line in result.lines)
    assert "ok  rollout 4127 (v2.0.0, 40%) will be cancelled by this" in result.lines


def test_a_plan_of_a_group_as_json(quiet: Drill, console: Console) -> None:
    (plan,) = console(
        "plan", "phi-4-mini", "--to-version", "1.0.0", "--group", "staging", "--json", env=quiet.env
    ).objects
    assert plan["total"] == {
        "devices": 12,
        "change": 12,
        "no_op": 0,
        "up": 0,
        "unknown": 0,
        "connectivity": {"online": 12, "stale": 0, "offline": 0, "revoked": 0, "unknown": 0},
        "platforms": {"android": 6, "ios": 6},
        "on_disk": 12,
        "downloads": 0,
    }
    assert plan["staying"] == [{"group": "canary", "devices": 6}, {"group": "eu-kiosks", "devices": 32}]


def test_a_plan_that_cannot_be_sent_ends_as_the_rollback_would(quiet: Drill, console: Console) -> None:
    refused = console("plan", "phi-4-mini", "--to-version", "2.1.0", "--json", env=quiet.env)
    assert refused.code == 5
    assert [entry["event"] for entry in refused.objects] == ["plan", "verdict"]
    assert "never" in refused.objects[0]["verdict"].lower()


@pytest.mark.parametrize("broken", ["devices", "groups"])
def test_what_may_be_missing_is_said_on_the_side(
    quiet: Drill, console: Console, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    async def fail(*_: object) -> None:
        raise ServerError("server error 500", status=500)

    monkeypatch.setattr(f"octomil_tui.api.client.AsyncOctomilClient.{broken}", fail)
    result = console("rollout", "status", "phi-4-mini", env=quiet.env)
    assert result.code == 0
    assert result.err == f"{broken} could not be read: server error 500\n"
    # Without the devices' own reports the count is the server's, and is named as such.
    word = " (by the server's word)" if broken == "devices" else ""
    assert "Progress: 40% (50 of 124 devices)" in result.lines
    assert f"Devices on v2.0.0: 50/124 (40%){word}" in result.lines
    versions = console("models", "versions", "phi-4-mini", env=quiet.env)
    assert versions.code == 0
    assert versions.lines[1].split()[2] == ("?" if broken == "devices" else "0")


def test_a_plan_without_devices_says_so(
    quiet: Drill, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        raise ServerError("server error 500", status=500)

    monkeypatch.setattr("octomil_tui.api.client.AsyncOctomilClient.devices", fail)
    result = console("plan", "phi-4-mini", "--to-version", "1.0.0", env=quiet.env)
    assert result.code == 0
    assert "0 change, 0 already there, 0 move UP, 124 unknown" in result.lines
    assert "the devices could not be read: server error 500" in result.err


def test_the_status_of_a_group_whose_devices_do_not_name_it(
    brief: Drill, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    brief.post("/v1/models/phi-4-mini/rollback", {"to_version": "1.0.0", "group": "staging"})
    original = AsyncOctomilClient.devices

    async def bare(self: AsyncOctomilClient, model_ids: list[str]) -> Reading[tuple[Device, ...]]:
        reading = await original(self, model_ids)
        return replace(reading, value=tuple(replace(device, groups=()) for device in reading.value))

    monkeypatch.setattr(AsyncOctomilClient, "devices", bare)
    result = console("rollout", "status", "phi-4-mini", env=brief.env)
    assert result.lines[-1] == "Devices on v1.0.0: 0/12 (0%)"

    async def fail(*_: object) -> None:
        raise ServerError("server error 500", status=500)

    monkeypatch.setattr(AsyncOctomilClient, "group_members", fail)
    result = console("rollout", "status", "phi-4-mini", env=brief.env)
    assert result.code == 0
    assert "the members of staging could not be read: server error 500" in result.err


def test_a_list_that_is_not_whole_says_so() -> None:
    assert gaps(Reading((1, 2), unreadable=1, total=5), "devices") == [
        "1 of the devices could not be understood and was left out",
        "only 2 of 5 devices were read",
    ]
    assert gaps(Reading((1, 2), total=2), "devices") == []


def test_nothing_of_all_this_was_a_write(quiet: Drill) -> None:
    assert quiet.writes == []
