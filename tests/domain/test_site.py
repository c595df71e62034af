"""A group that fell silent as a whole: when it is the site, and when nobody can say so."""

from __future__ import annotations

import pytest

from octomil_tui.domain.fleet import Device
from octomil_tui.domain.site import SilentSite, silent_sites
from tests.domain.fleets import BAD, MODEL, OFFLINE, REVOKED, STALE, T0, TARGET, device, fleet

EU, US = "g-eu", "g-us"


def site(*versions: str | None, contact: float = T0 - 900) -> list[Device]:
    """Return devices of one group, heard one after the other, and silent since."""
    return [
        device(f"e{n}", version, EU, connectivity=STALE if n % 2 else OFFLINE, contact=contact + 40 * n)
        for n, version in enumerate(versions)
    ]


def others(count: int = 6) -> list[Device]:
    return [device(f"u{n}", BAD, US) for n in range(count)]


MIXED = (BAD, BAD, BAD, TARGET, TARGET)


def test_a_group_that_is_silent_on_several_versions_is_a_site() -> None:
    found = silent_sites(fleet(*site(*MIXED), *others()), MODEL.id)
    assert found == (SilentSite("eu", 5, T0 - 900 + 160, (TARGET, BAD)),)
    revoked = device("e9", BAD, EU, connectivity=REVOKED)
    assert silent_sites(fleet(*site(*MIXED), revoked, *others()), MODEL.id) == found


@pytest.mark.parametrize(
    "devices",
    [
        [],
        [*site(*[BAD] * 5), *others()],
        [*site(*MIXED[1:]), *others()],
        [*site(*MIXED), device("e9", BAD, EU), *others()],
        [*site(*MIXED), device("e9", BAD, EU, connectivity=OFFLINE, contact=None), *others()],
        [*site(*MIXED), device("e9", BAD, EU, connectivity=OFFLINE, contact=T0 - 9_000), *others()],
        [
            *site(*MIXED),
            *(device(f"u{n}", BAD, US, connectivity=OFFLINE) for n in range(6)),
            device("l", BAD),
        ],
        site(*MIXED),
        [*site(BAD, BAD, BAD, BAD, None), *others()],
    ],
    ids=[
        "none",
        "one version",
        "few",
        "one online",
        "never heard",
        "one long gone",
        "all",
        "alone",
        "unknown",
    ],
)
def test_nothing_is_said_of_it(devices: list[Device]) -> None:
    assert silent_sites(fleet(*devices), MODEL.id) == ()


def test_nothing_is_said_of_a_fleet_that_was_read_in_part() -> None:
    assert silent_sites(fleet(*site(*MIXED), *others(), device_total=50_000), MODEL.id) == ()
    assert silent_sites(fleet(*site(*MIXED), *others(), groups=None), MODEL.id) == ()
