from __future__ import annotations

from dataclasses import replace

import pytest

from octomil_tui.domain.fleet import DeviceGroup, FleetSnapshot, Rollout, RolloutState
from octomil_tui.report.status import status_lines, status_of, status_sentence
from tests.domain.fleets import (
    ACTIVE,
    BAD,
    MODEL,
    OFFLINE,
    ROLLING_BACK,
    TARGET,
    device,
    fleet,
    rollout,
    with_rollouts,
)

FIRST = rollout("3911", TARGET, started_at=1.0)
RUNNING = rollout("4127", BAD, ACTIVE, share=0.4, from_version=TARGET, kind="progressive")
ROLLBACK = rollout("4131", TARGET, ROLLING_BACK, share=0.9, from_version=BAD, kind="rollback")
COMPLETED = rollout("4131", TARGET, share=1.0, from_version=BAD, kind="rollback")
CANCELLED = replace(RUNNING, state=RolloutState.CANCELLED, word="cancelled")


def devices(on_bad: int, on_good: int) -> FleetSnapshot:
    return fleet(
        *(device(f"b{n}", BAD) for n in range(on_bad)), *(device(f"g{n}", TARGET) for n in range(on_good))
    )


def lines(snapshot: FleetSnapshot, *rollouts: Rollout) -> list[str]:
    return status_lines(status_of(with_rollouts(snapshot, *rollouts), MODEL))


def test_a_rollout_at_forty_percent_as_the_brief_has_it() -> None:
    found = lines(devices(50, 74), RUNNING, FIRST)
    assert "Progress: 40% (50 of 124 devices)" in found
    assert found[:4] == [
        "Model: phi-4-mini",
        "Active version: v1.0.0",
        "Rollout 4127 to: v2.0.0",
        "Status: active",
    ]


def test_a_completed_rollback_as_the_brief_has_it() -> None:
    assert lines(devices(0, 124), COMPLETED, CANCELLED, FIRST) == [
        "Model: phi-4-mini",
        "Active version: v1.0.0",
        "Rollback from: v2.0.0",
        "Status: completed",
        "Devices on v1.0.0: 124/124 (100%)",
    ]


def test_a_running_rollback_tells_the_true_counts() -> None:
    assert lines(devices(1, 123), ROLLBACK, CANCELLED, FIRST)[2:] == [
        "Rollback from: v2.0.0",
        "Status: rolling_back",
        "Devices on v1.0.0: 123/124 (99%)",
    ]


def test_who_is_missing_after_the_servers_end_is_said() -> None:
    away = fleet(device("a", TARGET), device("b", BAD, connectivity=OFFLINE))
    assert lines(away, COMPLETED)[-2:] == ["Devices on v1.0.0: 1/2 (50%)", "Not on v1.0.0: 1 offline"]


def test_without_devices_the_services_count_is_taken() -> None:
    unread = fleet(devices=None)
    counted = replace(RUNNING, on_version=49)
    assert "Progress: 40% (49 of 124 devices)" in lines(unread, counted)
    assert "Devices on v2.0.0: 49/124 (39%) (by the server's word)" in lines(unread, counted)


@pytest.mark.parametrize(("share", "count"), [(0.4, 50), (0.5, 62), (0.004, 0), (1.0, 124)])
def test_without_any_count_it_is_rounded_half_up_and_marked(share: float, count: int) -> None:
    found = lines(fleet(devices=None), replace(RUNNING, share=share))
    assert found[-1] == f"Progress: {int(share * 100)}% ({count} of 124 devices) (estimated)"


def test_without_a_total_the_percentage_alone_is_told() -> None:
    snapshot = with_rollouts(fleet(devices=None), RUNNING)
    found = status_lines(status_of(snapshot, replace(MODEL, device_count=None)))
    assert "Progress: 40%" in found
    assert found[-1] == "Devices on v2.0.0: not known, the devices do not say"


def test_without_a_percentage_the_devices_are_counted() -> None:
    assert "Progress: 40% (50 of 124 devices)" in lines(devices(50, 74), replace(RUNNING, share=None))
    unread = lines(fleet(devices=None), replace(RUNNING, share=None))
    assert "Progress: not known" in unread


def test_devices_that_only_repeat_their_assignment_are_not_counted() -> None:
    assigned = fleet(device("a", TARGET, by_device=False))
    completed = replace(COMPLETED, on_version=1, affected=1)
    assert lines(assigned, completed)[-1] == "Devices on v1.0.0: 1/1 (100%) (by the server's word)"


def test_a_group_is_counted_alone() -> None:
    snapshot = fleet(device("a", TARGET, "g-staging"), device("b", BAD, "g-eu"))
    found = lines(snapshot, replace(COMPLETED, group="staging"), CANCELLED, FIRST)
    assert found[3:] == ["Group: staging", "Status: completed", "Devices on v1.0.0: 1/1 (100%)"]


def test_a_group_whose_members_were_read_by_themselves() -> None:
    snapshot = fleet(device("a", TARGET), device("b", BAD))
    grouped = replace(snapshot, groups=(DeviceGroup("g-staging", "staging", members=frozenset({"a"})),))
    assert lines(grouped, replace(COMPLETED, group="staging"))[-1] == "Devices on v1.0.0: 1/1 (100%)"


def test_a_group_of_which_nobody_knows_the_members() -> None:
    snapshot = replace(fleet(device("a", TARGET)), groups=(DeviceGroup("g-staging", "staging", 12),))
    found = lines(snapshot, replace(COMPLETED, group="staging", affected=None))
    assert found[-1] == "Status: completed"
    unlisted = lines(fleet(devices=None, groups=()), replace(RUNNING, group="nobody"))
    assert "Progress: 40%" in unlisted


def test_a_model_without_rollouts() -> None:
    found = lines(devices(0, 3))
    assert found == ["Model: phi-4-mini", "Active version: v1.0.0", "Devices on v1.0.0: 3/3 (100%)"]
    assert lines(fleet(devices=None))[-1] == "Active version: ?"


def test_pending_and_cancelled_rollouts_decide_nothing() -> None:
    pending = rollout("4140", "2.1.0", RolloutState.PENDING)
    assert lines(devices(0, 3), pending, COMPLETED)[2] == "Rollback from: v2.0.0"


def test_the_sentence() -> None:
    status = status_of(with_rollouts(devices(50, 74), RUNNING, FIRST), MODEL)
    assert status_sentence(status) == "phi-4-mini v2.0.0 is active: 50 of 124 devices on it"
    estimated = status_of(with_rollouts(fleet(devices=None), RUNNING), MODEL)
    assert status_sentence(estimated).endswith("50 of 124 devices on it (estimated)")
    unknown = status_of(with_rollouts(fleet(devices=None)), replace(MODEL, device_count=None))
    assert status_sentence(unknown).endswith("is idle; the devices do not say what they run")


def test_of_a_fleet_that_was_read_in_part_the_server_says_how_far_it_is() -> None:
    part = replace(devices(2, 1), device_total=100_000)
    counted = replace(ROLLBACK, on_version=61_000, affected=100_000)
    assert lines(part, counted)[-1] == "Devices on v1.0.0: 61000/100000 (61%) (by the server's word)"
