from __future__ import annotations

from dataclasses import replace

import pytest

from octomil_tui.domain.fleet import Connectivity, DeviceGroup, FleetSnapshot, Model, connectivity_by_age
from tests.domain.fleets import device


@pytest.mark.parametrize(
    ("age", "connectivity"),
    [
        (0.0, Connectivity.ONLINE),
        (600.0, Connectivity.ONLINE),
        (600.1, Connectivity.STALE),
        (1_500.0, Connectivity.STALE),
        (1_500.1, Connectivity.OFFLINE),
    ],
)
def test_connectivity_follows_the_intervals_since_the_last_contact(
    age: float, connectivity: Connectivity
) -> None:
    assert connectivity_by_age(age, 300.0) is connectivity


@pytest.mark.parametrize(
    ("connectivity", "reachable"),
    [("online", True), ("stale", True), ("unknown", True), ("offline", False), ("revoked", False)],
)
def test_reachable_is_whoever_is_neither_offline_nor_revoked(connectivity: str, reachable: bool) -> None:
    assert Connectivity(connectivity).is_reachable is reachable


def test_a_name_that_is_the_id_of_another_finds_that_other() -> None:
    snapshot = FleetSnapshot(
        models=(Model("m-1", "m-2"), Model("m-2", "b")),
        groups=(DeviceGroup("g-1", "g-2"), DeviceGroup("g-2", "b")),
    )
    assert snapshot.model("m-2") == Model("m-2", "b")
    assert snapshot.model("b") == Model("m-2", "b")
    assert snapshot.group("g-2") == DeviceGroup("g-2", "b")
    assert snapshot.group("b") == DeviceGroup("g-2", "b")
    assert FleetSnapshot().model("x") is None
    assert FleetSnapshot().group("x") is None


def test_the_platform_is_told_with_its_architecture_on_linux_only() -> None:
    linux = replace(device(platform="linux"), architecture="arm64")
    assert linux.platform_label == "linux arm64"
    assert replace(linux, platform="ios").platform_label == "ios"
    assert device(platform="linux").platform_label == "linux"
