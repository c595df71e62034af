"""Moments of the drills: what somebody meets who opens the console while something goes wrong."""

from __future__ import annotations

from textual.pilot import Pilot

from octomil_tui.ui.screens.watch import WatchScreen
from tests.snapshots.stage import Stage


async def under_way(stage: Stage, pilot: Pilot[int]) -> None:
    """Seven minutes into the drill, with the console open all the time."""
    await stage.first_data(pilot)
    await stage.pass_to(pilot, "03:19:41")


async def model_under_way(stage: Stage, pilot: Pilot[int]) -> None:
    await under_way(stage, pilot)
    await stage.press(pilot, "enter")
    await stage.until(pilot, lambda state: bool(state.snapshot.versions) and bool(state.signals.models))
    await stage.press(pilot)


async def by_itself(stage: Stage, pilot: Pilot[int]) -> None:
    """The moment after the service rolled back by itself."""
    await stage.first_data(pilot)
    await stage.pass_to(pilot, "03:18:41")
    await stage.until(pilot, lambda _state: isinstance(stage.app.screen, WatchScreen))
    await stage.read_again(pilot)
