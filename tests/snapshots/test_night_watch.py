"""The night on the console from the confirmation to the end: what was shown, what rang, who came last, who is left."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from octomil_tui.domain.convergence import MOVING, ON_TARGET, Watch
from octomil_tui.domain.rollback import Phase
from tests.snapshots.scenes import _send
from tests.snapshots.stage import Stage
from tests.ui.pictures import pictures

_BEGIN = 14 * 60 + 10
TIMES = [f"03:{at // 60:02}:{at % 60:02}" for at in range(_BEGIN, 34 * 60, 40)]
DOWNLOADS = ["kiosk-eu-0134", "kiosk-eu-0133", "kiosk-eu-0131"]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.mark.anyio
async def test_the_bounce_is_shown_and_rings_once_the_downloads_come_last_and_the_silent_ones_are_named() -> (
    None
):
    stage = Stage()
    rang: list[str] = []
    arrived: list[str] = []
    async with stage.app.run_test(size=(80, 24)) as pilot:
        stage.app.bell = lambda: rang.append(_phase(stage).value)  # type: ignore[method-assign]
        await _send(stage, pilot, "phi-4-mini")
        for time_of_day in TIMES:
            await stage.pass_to(pilot, time_of_day)
            _take_in_arrivals(stage, arrived)
            if time_of_day == "03:22:10":
                assert rang == []
            if time_of_day == "03:22:50":
                _bounce_is_shown(stage, rang)
            if time_of_day == "03:30:50":
                assert "; it is back." in _text(stage)
                assert rang == ["rolling_back"]
        assert arrived[-3:] == DOWNLOADS
        assert len(arrived) == 46
        assert _phase(stage) is Phase.DONE
        assert rang == ["rolling_back", "done"]
        await _end_is_shown(stage, pilot)


def _bounce_is_shown(stage: Stage, rang: list[str]) -> None:
    text = _text(stage)
    assert "^  03:22Z kiosk-eu-0119 bounced to v2.0.0 7m after the switch, most likely by" in text
    assert "its crash guard." in text
    assert "bounced, crash guard?" in text, "among the stragglers, too"
    assert "1 bounced." in text
    assert rang == ["rolling_back"]
    assert _watch(stage).bounced == 1


async def _end_is_shown(stage: Stage, pilot: Pilot[int]) -> None:
    await pilot.pause()
    text = _text(stage)
    assert "DONE: 46 of 46 reachable devices settled.  4 offline.  0 failed, 1 bounced." in text
    assert "went silent right after v2.0.0: they need hands." in text
    assert "4 offline: eu-kiosks 0117 0122 0125 0139" in text
    # A paragraph, wrapped to the window.
    flowing = " ".join(text.split())
    assert "46/46 reachable devices confirmed, 4 offline (eu-kiosks 0117 0122 0125 0139)." in flowing
    assert "it rings if a device leaves the target again, or" in text


def _take_in_arrivals(stage: Stage, arrived: list[str]) -> None:
    """Add the devices that have come to the target since the last look, in the order of their first reports."""
    watch = _watch(stage)
    found = [
        (track.verified_at or 0.0, device.name)
        for device in stage.app.known.snapshot.devices or ()
        if (track := watch.track(device.id)) is not None
        and track.plan_class in MOVING
        and track.stage in ON_TARGET
        and device.name not in arrived
    ]
    arrived += [name for _, name in sorted(found)]


def _text(stage: Stage) -> str:
    return "\n".join(pictures(stage.app.screen))


def _phase(stage: Stage) -> Phase:
    return next(iter(stage.app.known.rollbacks.values())).phase


def _watch(stage: Stage) -> Watch:
    watch = next(iter(stage.app.known.rollbacks.values())).watch
    assert watch is not None
    return watch
