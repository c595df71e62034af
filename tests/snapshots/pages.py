"""The pages of the evening: what happened, the policy, two versions side by side, actions, and a rollout's history."""

from __future__ import annotations

from textual.pilot import Pilot

from octomil_tui.engine.state import ConsoleState
from octomil_tui.engine.topic import Kind
from octomil_tui.ui.screens.action import ActionScreen
from octomil_tui.ui.screens.policy import PolicyScreen
from octomil_tui.ui.widgets.form import Decision
from tests.snapshots.stage import Stage


async def timeline(stage: Stage, pilot: Pilot[int]) -> None:
    await stage.first_data(pilot)
    await stage.press(pilot, "5")
    await stage.read_again(pilot)


async def policy(stage: Stage, pilot: Pilot[int]) -> None:
    await stage.first_data(pilot)
    await stage.press(pilot, "P")
    await stage.until(pilot, _knows_the_rules)
    await stage.press(pilot)


async def policy_change(stage: Stage, pilot: Pilot[int]) -> None:
    await policy(stage, pilot)
    await stage.press(pilot, "a")
    screen = stage.app.screen
    assert isinstance(screen, PolicyScreen)
    await stage.until(pilot, lambda _state: screen.focused is not None and screen.focused.id != "rules")
    await stage.press(pilot, *["backspace"] * 3)
    await stage.type(pilot, "on")
    await stage.press(pilot, "tab", "tab", "tab", *["backspace"] * 4)
    await stage.type(pilot, "250ms")
    await stage.press(pilot, "tab")
    await stage.type(pilot, "org_d")


async def compare(stage: Stage, pilot: Pilot[int]) -> None:
    await stage.first_data(pilot)
    await stage.press(pilot, "enter")
    await stage.until(pilot, lambda state: bool(state.snapshot.versions) and bool(state.signals.models))
    await stage.press(pilot, "d")


async def actions(stage: Stage, pilot: Pilot[int]) -> None:
    await stage.first_data(pilot)
    await stage.press(pilot, "enter")
    await stage.until(pilot, lambda state: bool(state.snapshot.versions))
    await stage.press(pilot, "a")


async def action(stage: Stage, pilot: Pilot[int]) -> None:
    """Pause the bad rollout, as far as the name."""
    await stage.first_data(pilot)
    await stage.press(pilot, "a", "enter")
    screen = stage.app.screen
    assert isinstance(screen, ActionScreen)
    await stage.until(pilot, lambda _state: screen.query_one(Decision).display and bool(screen.focused))
    await stage.until(pilot, lambda state: bool(state.histories))
    await stage.type(pilot, "errors 6.1%, INC-2231")
    await stage.press(pilot, "tab")
    await stage.type(pilot, "phi-4-m")


async def rollout(stage: Stage, pilot: Pilot[int]) -> None:
    await stage.first_data(pilot)
    await stage.press(pilot, "3", "enter")
    await stage.until(pilot, lambda state: bool(state.histories))
    await stage.press(pilot)


def _knows_the_rules(state: ConsoleState) -> bool:
    is_told = state.policy is not None and state.incidents is not None
    return is_told and any(topic.kind is Kind.CHECKS for topic in state.reads) and bool(state.checks)
