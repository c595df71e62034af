from typing import Any

import pytest

from octomil_tui.api import convert_device, wire
from octomil_tui.domain.fleet import Connectivity, Device, Installation, Served
from tests.api.doubles import SERVED_AT


def device(model_ids: tuple[str, ...] = ("m",), served_at: float | None = SERVED_AT, **fields: Any) -> Device:
    return convert_device.device(wire.Device.read({"id": "d", **fields}), model_ids, served_at)


def test_a_whole_row() -> None:
    found = device(
        id=7,
        device_identifier="kiosk-7",
        platform="linux",
        architecture="arm64",
        model="Jetson Orin",
        connectivity_status="Stale",
        last_heartbeat=SERVED_AT - 60,
        last_sync_at=SERVED_AT - 30,
        last_seen_at=SERVED_AT - 90,
        heartbeat_interval_seconds=60,
        sync_interval_seconds=120,
        sdk_version="4.17",
        runtime_version="1.2",
        storage_free_bytes=5,
        network_type="wifi",
        groups=["canary"],
        models=[
            {
                "model_id": "m",
                "active_model_version": "2.0.0",
                "desired_version": "1.0.0",
                "model_status": "downloading",
                "artifact_status": "downloading",
                "download_percent": 25,
                "active_since": SERVED_AT - 900,
                "status_since": SERVED_AT - 10,
                "previous_version": "1.0.0",
                "on_disk": ["2.0.0", 1],
                "activation_policy": "when_idle",
                "history": [
                    {"version": "2.0.0", "from": SERVED_AT - 900, "to": None},
                    {"version": "1.0.0", "from": SERVED_AT - 9000, "to": SERVED_AT - 900},
                ],
            }
        ],
    )
    assert found == Device(
        id="7",
        name="kiosk-7",
        platform="linux",
        connectivity=Connectivity.STALE,
        groups=("canary",),
        last_contact_at=SERVED_AT - 30,
        interval=120,
        installations={
            "m": Installation(
                version="2.0.0",
                by_device=True,
                wanted="1.0.0",
                previous="1.0.0",
                since=SERVED_AT - 900,
                word="downloading",
                artifact_word="downloading",
                word_since=SERVED_AT - 10,
                progress=0.25,
                on_disk=("2.0.0", "1"),
                activation="when_idle",
            )
        },
        architecture="arm64",
        hardware="Jetson Orin",
        runtime="1.2",
        sdk="4.17",
        storage_free_bytes=5,
        network="wifi",
        history={
            "m": (
                Served("1.0.0", SERVED_AT - 9000, SERVED_AT - 900),
                Served("2.0.0", SERVED_AT - 900, None),
            )
        },
    )


def test_the_least_row() -> None:
    found = device(id="\x1bd")
    assert (found.name, found.platform, found.interval) == ("\\x1bd", "?", 300.0)
    assert (found.connectivity, found.last_contact_at) == (Connectivity.UNKNOWN, None)
    assert found.hardware is None


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"connectivity_status": "online"}, Connectivity.ONLINE),
        ({"connectivity_status": "offline"}, Connectivity.OFFLINE),
        ({"connectivity_status": "revoked"}, Connectivity.REVOKED),
        ({"connectivity_status": "online", "status": "Revoked"}, Connectivity.REVOKED),
        ({"status": "archived"}, Connectivity.REVOKED),
        ({"connectivity_status": "error", "last_seen_at": SERVED_AT - 1}, Connectivity.ONLINE),
        ({"connectivity_status": "error"}, Connectivity.UNKNOWN),
        ({"status": "active", "last_heartbeat": SERVED_AT - 600}, Connectivity.ONLINE),
        ({"last_heartbeat": SERVED_AT - 601}, Connectivity.STALE),
        ({"last_heartbeat": SERVED_AT - 1501}, Connectivity.OFFLINE),
        ({"last_heartbeat": SERVED_AT - 25, "heartbeat_interval_seconds": 10}, Connectivity.STALE),
        ({"last_heartbeat": SERVED_AT - 25, "sync_interval_seconds": 1}, Connectivity.OFFLINE),
        ({"last_heartbeat": SERVED_AT - 601, "heartbeat_interval_seconds": 0}, Connectivity.STALE),
        ({"last_heartbeat": SERVED_AT + 99}, Connectivity.ONLINE),
        ({"last_heartbeat": "1970-01-01T00:00:00Z"}, Connectivity.UNKNOWN),
    ],
)
def test_connectivity(fields: dict[str, Any], expected: Connectivity) -> None:
    assert device(**fields).connectivity is expected


def test_without_the_services_clock_no_age_is_claimed() -> None:
    assert device(served_at=None, last_heartbeat=SERVED_AT).connectivity is Connectivity.UNKNOWN


UNKNOWN = Installation()
REPORTED = Installation(version="2.0.0")
ASSIGNED = Installation(version="2.0.0", by_device=False, wanted="2.0.0")


@pytest.mark.parametrize(
    ("model_ids", "fields", "expected"),
    [
        # Rich rows.
        (("m",), {"models": []}, {}),
        (("m",), {"models": ["m", 7]}, {"m": UNKNOWN, "7": UNKNOWN}),
        (("m", "n"), {"models": [{"model_id": "n", "active_model_version": "2.0.0"}]}, {"n": REPORTED}),
        (("m",), {"models": [{"model_id": "m", "version": "2.0.0"}]}, {"m": ASSIGNED}),
        (("m",), {"models": [{"model_id": "m", "model_status": "not_assigned"}]}, {}),
        (
            ("m",),
            {"models": [{"model_id": "m", "desired_version": "2.0.0", "model_status": "not_assigned"}]},
            {"m": Installation(wanted="2.0.0", word="not_assigned")},
        ),
        (
            ("m",),
            {"models": [{"model_id": "m", "desired_version": "2.0.0", "version": "1.0.0"}]},
            {"m": Installation(wanted="2.0.0")},
        ),
        # Flat rows: whose version is it?
        (("m",), {"active_model_version": "2.0.0"}, {"m": REPORTED}),
        (("m", "n"), {"active_model_version": "2.0.0"}, {}),
        ((), {"active_model_version": "2.0.0"}, {}),
        (("m", "n"), {"model_id": "n", "active_model_version": "2.0.0"}, {"n": REPORTED}),
        (
            ("m", "n"),
            {"active_model_version": "2.0.0", "assignment": {"model_id": "n", "version": "1.0.0"}},
            {"n": Installation(version="2.0.0", wanted="1.0.0")},
        ),
        (
            ("m",),
            {"active_model_version": "2.0.0", "desired_model_version": "1.0.0", "model_status": "ready"},
            {"m": Installation(version="2.0.0", wanted="1.0.0", word="ready")},
        ),
        # An assignment is what was decided, not what a device said.
        (("m",), {"assignment": {"model_id": "m", "version": "2.0.0"}}, {"m": ASSIGNED}),
        (("m",), {"assignment": {"version": "2.0.0"}}, {"m": ASSIGNED}),
        (("m", "n"), {"assignment": {"version": "2.0.0"}}, {}),
        (("m", "n"), {"model_id": "n", "assignment": {"version": "2.0.0"}}, {"n": ASSIGNED}),
        (("m",), {"assignment": {"model_id": "m"}}, {"m": UNKNOWN}),
        (
            ("m", "n"),
            {
                "active_model_version": "9",
                "assignments": [{"model_id": "m", "version": "2.0.0"}, {"model_id": "n", "version": "2.0.0"}],
            },
            {"m": ASSIGNED, "n": ASSIGNED},
        ),
        # Nothing said, and said that there is nothing.
        (("m",), {}, {"m": UNKNOWN}),
        (("m", "n"), {}, {}),
        (("m",), {"model_status": "not_assigned"}, {}),
        (("m",), {"model": "Pixel 9", "model_status": "failed"}, {"m": Installation(word="failed")}),
    ],
)
def test_what_a_device_runs(
    model_ids: tuple[str, ...], fields: dict[str, Any], expected: dict[str, Installation]
) -> None:
    assert device(model_ids, **fields).installations == expected


@pytest.mark.parametrize(
    ("fields", "groups"),
    [
        ({"groups": ["a", "b", "a"]}, ("a", "b")),
        ({"groups": [{"id": 1, "name": "a"}, {"name": "b"}, {}, 3]}, ("1", "b", "3")),
        ({"group": "a"}, ("a",)),
        ({"group": {"name": "a"}}, ("a",)),
        ({"group_id": 5, "group": "a"}, ("5",)),
        ({"groups": ["a"], "group": "b"}, ("a", "b")),
        ({"groups": ["a"], "group_ids": ["g1", 2]}, ("g1", "2")),
        ({}, ()),
    ],
)
def test_groups_of_a_device(fields: dict[str, Any], groups: tuple[str, ...]) -> None:
    assert device(**fields).groups == groups


def test_a_history_without_times_stays_as_it_came() -> None:
    models = [{"model_id": "m", "history": [{"version": "2"}, {"version": "1", "from": SERVED_AT}]}, "n"]
    assert device(models=models).history == {"m": (Served("2"), Served("1", SERVED_AT))}


def test_affected_devices() -> None:
    rows = [
        wire.AffectedDevice.read(
            {
                "id": 1,
                "device_identifier": "a",
                "groups": ["g", {"name": "h"}, {}],
                "from_version": "2",
                "active_model_version": "1",
                "desired_version": "1",
                "model_status": "active",
                "verified_at": SERVED_AT,
                "settled_at": None,
                "bounced": True,
            }
        ),
        wire.AffectedDevice.read({"device_id": "\x1b", "bounced": 2}),
        wire.AffectedDevice.read({"id": "c", "version": "1"}),
    ]
    summary = wire.AffectedSummary(
        {"rollout_id": 7, "version": "1", "total": 3, "on_version": 1, "settled": 0, "by_version": {"1": 1}}
    )
    found = convert_device.affected(rows, summary)
    assert list(found.devices) == ["1", "\x1b", "c"]
    first = found.devices["1"]
    assert (first.name, first.groups, first.from_version) == ("a", ("g", "h"), "2")
    assert (first.version, first.wanted, first.word) == ("1", "1", "active")
    assert (first.verified_at, first.settled_at, first.bounced) == (SERVED_AT, None, 1)
    assert (found.devices["\x1b"].name, found.devices["\x1b"].bounced) == ("\\x1b", 2)
    assert (found.devices["c"].version, found.devices["c"].bounced) == ("1", None)
    assert (found.rollout_id, found.version, found.by_version) == ("7", "1", {"1": 1})
    assert (found.total, found.on_version, found.settled) == (3, 1, 0)
