"""Made-up devices as domain values: what a list of devices is drawn from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from octomil_tui.domain.fleet import Connectivity, Device, Installation, Model

MODEL = Model("mdl_phi4mini", "phi-4-mini")
NOW = 1_781_665_961.0
"""The service's clock."""

_PLATFORMS = ("ios", "android", "linux")
_STATES = (Connectivity.ONLINE,) * 8 + (Connectivity.STALE, Connectivity.OFFLINE)
_ON_SCREEN = 30
"""Rows that are surely visible when the table was not scrolled."""


def fleet(count: int) -> list[Device]:
    """Return so many devices, one in ten offline, most of them on the version that is wanted."""
    return [
        Device(
            id=f"dev_{place:012x}",
            name=f"kiosk-eu-{place:06d}",
            platform=_PLATFORMS[place % 3],
            connectivity=_STATES[place % 10],
            groups=("grp_eu_kiosks",),
            last_contact_at=NOW - place % 300,
            installations={MODEL.id: _installation(1 + place % 3 // 2)},
        )
        for place in range(count)
    ]


def _installation(major: int) -> Installation:
    return Installation(version=f"{major}.0.0", wanted="1.0.0", on_disk=("1.0.0", "2.0.0"))


def changed_places(count: int, turn: int) -> list[int]:
    """Return one place in a hundred, spread over all of them; the first of them is on the screen."""
    return sorted({turn % _ON_SCREEN, *(range(_ON_SCREEN + turn, count, 100))})


def moments(devices: Sequence[Device], turns: int) -> Iterator[tuple[Sequence[Device], list[int]]]:
    """Yield the devices after each turn, with the places of those that changed: their version and their contact."""
    now = list(devices)
    for turn in range(turns):
        places = changed_places(len(now), turn)
        for place in places:
            before = now[place]
            major = 1 if before.installations[MODEL.id].version == "2.0.0" else 2
            now[place] = replace(before, last_contact_at=NOW, installations={MODEL.id: _installation(major)})
        yield tuple(now), places
