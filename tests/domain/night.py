"""The scenario `night` as data: 124 devices, v2.0.0 at 40 % is bad, v1.0.0 is good."""

from __future__ import annotations

from datetime import UTC, datetime

from octomil_tui.domain.fleet import (
    Connectivity,
    Device,
    DeviceGroup,
    FleetSnapshot,
    Lifecycle,
    ModelVersion,
    RolloutState,
)
from octomil_tui.domain.plan import Plan, make_plan
from octomil_tui.domain.scope import FLEET, Scope
from tests.domain.fleets import ACTIVE, MODEL, OFFLINE, ONLINE, REVOKED, STALE, T0, device, rollout

GROUPS = ("canary", "staging", "eu-kiosks", "us-kiosks", "lab")

_CELLS: tuple[tuple[str, str, Connectivity, int, int, int], ...] = (
    # group, version, connectivity, ios, android, linux
    ("canary", "2.0.0", ONLINE, 2, 4, 0),
    ("staging", "2.0.0", ONLINE, 6, 5, 0),
    ("staging", "2.0.0", STALE, 0, 1, 0),
    ("eu-kiosks", "2.0.0", ONLINE, 0, 8, 18),
    ("eu-kiosks", "2.0.0", STALE, 0, 1, 1),
    ("eu-kiosks", "2.0.0", OFFLINE, 0, 1, 3),
    ("eu-kiosks", "1.0.0", ONLINE, 0, 3, 5),
    ("us-kiosks", "1.0.0", ONLINE, 0, 10, 31),
    ("us-kiosks", "1.0.0", STALE, 0, 0, 2),
    ("us-kiosks", "1.0.0", OFFLINE, 0, 0, 2),
    ("us-kiosks", "1.0.0", REVOKED, 0, 1, 0),
    ("us-kiosks", "0.9.0", ONLINE, 0, 1, 1),
    ("lab", "1.0.0", ONLINE, 5, 5, 6),
    ("lab", "1.0.0", OFFLINE, 0, 1, 0),
    ("lab", "0.9.0", ONLINE, 1, 0, 0),
)
_LAST_CONTACT = {ONLINE: 120.0, STALE: 700.0, OFFLINE: 2_200.0, REVOKED: 90_000.0}
_REIMAGED = 3
"""Linux devices of eu-kiosks that were installed with v2.0.0 today and keep nothing else."""


def _at(month: int, day: int, hour: int = 12, minute: int = 0, second: int = 0) -> float:
    return datetime(2026, month, day, hour, minute, second, tzinfo=UTC).timestamp()


ROLLOUTS = (
    rollout("4127", "2.0.0", ACTIVE, kind="progressive", share=0.4, started_at=_at(6, 17, 2, 31, 5)),
    rollout("3990", "1.0.0", kind="rollback", from_version="1.1.0", started_at=_at(6, 13)),
    rollout(
        "3988",
        "1.1.0",
        RolloutState.CANCELLED,
        kind="progressive",
        from_version="1.0.0",
        started_at=_at(6, 12),
        cancelled_at=_at(6, 13),
    ),
    rollout("3911", "1.0.0", kind="progressive", from_version="0.9.0", started_at=_at(6, 3)),
    rollout("3702", "0.9.0", kind="instant", started_at=_at(3, 2)),
)
VERSIONS = (
    ModelVersion("2.1.0", Lifecycle.PREVIEW),
    ModelVersion("2.0.0", Lifecycle.ACTIVE),
    ModelVersion("1.1.0", Lifecycle.RETIRED),
    ModelVersion("1.0.0", Lifecycle.ACTIVE),
    ModelVersion("0.9.0", Lifecycle.DEPRECATED),
)


def devices() -> tuple[Device, ...]:
    made: list[Device] = []
    reimaged = 0
    for group, version, connectivity, *counts in _CELLS:
        for platform, count in zip(("ios", "android", "linux"), counts, strict=True):
            for _ in range(count):
                kept = (version,) if version == "0.9.0" else (version, "1.0.0")
                is_young = group == "eu-kiosks" and version == "2.0.0" and platform == "linux"
                if is_young and connectivity is ONLINE and reimaged < _REIMAGED:
                    reimaged, kept = reimaged + 1, (version,)
                contact = T0 - _LAST_CONTACT[connectivity]
                silenced = version == "2.0.0" and connectivity is OFFLINE
                made.append(
                    device(
                        f"{group}-{len(made):03}",
                        version,
                        f"g-{group}",
                        connectivity=connectivity,
                        contact=contact,
                        platform=platform,
                        on_disk=kept,
                        wanted="2.0.0" if version == "2.0.0" else "1.0.0",
                        since=contact - 90 if silenced else T0 - 900_000,
                    )
                )
    return tuple(made)


def night() -> FleetSnapshot:
    return FleetSnapshot(
        models=(MODEL,),
        versions={MODEL.id: VERSIONS},
        rollouts={MODEL.id: ROLLOUTS},
        groups=tuple(DeviceGroup(f"g-{name}", name) for name in GROUPS),
        devices=devices(),
        at=T0,
    )


def night_plan(scope: Scope = FLEET, to_version: str = "1.0.0") -> Plan:
    return make_plan(night(), MODEL, to_version, scope)
