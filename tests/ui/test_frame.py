"""What is written to the terminal: fewer bytes, the same cells, on every screen and after every picture."""

from __future__ import annotations

import pytest

from octomil_tui.domain.rollback import Phase
from tests.ui.conftest import On, OnWall
from tests.ui.forms import form
from tests.ui.frames import Twins
from tests.ui.sims import PHI_ID, Sim

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("size", [(80, 24), (58, 11)], ids=["80", "small"])
async def test_the_screens_before_a_rollback_are_the_same_cell_for_cell(
    on: On, night: Sim, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    twins = Twins(monkeypatch, clears=True)
    async with on(night, size=size) as hands:
        for keys in (["enter"], ["escape"], ["2"], ["3"], ["j"], ["4"], ["j", "enter"], ["escape"], ["1"]):
            await hands.press(*keys)
        await hands.press("question_mark")
        await hands.press("j", "escape")
        await hands.press("ctrl+p")
        await hands.on("Palette")
        await hands.press("r", "escape")
        await hands.press("ctrl+l")
        hands.wait(1)
        await hands.pilot.resize_terminal(100, 30)
        await hands.settle()
        await hands.press("q")
        await hands.on("LeaveDialog")
        await hands.press("escape")
        await hands.settle()
    assert twins.pictures > 20
    assert twins.ours.bytes < twins.stock.bytes / 2


@pytest.mark.parametrize("size", [(120, 40)], ids=["120"])
async def test_a_rollback_is_the_same_cell_for_cell_from_preview_to_stragglers(
    on: On, night: Sim, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    twins = Twins(monkeypatch)
    async with on(night, size=size) as hands:
        await hands.press("R")
        await hands.see("SCOPE:")
        await hands.press("s")
        await hands.on("Chooser")
        await hands.press("j", "escape", "escape")
        await form(hands)
        await hands.confirm(reason="errors 6.1%")
        await hands.press("backspace", "i", "enter")
        await hands.on("WatchScreen")
        await hands.phase(PHI_ID, Phase.ROLLING_BACK)
        for _ in range(4):
            await hands.later(20)
        await hands.press("L")
        await hands.press("escape", "q")
        await hands.settle()
    assert twins.pictures > 20
    assert twins.ours.bytes < twins.stock.bytes / 2


@pytest.mark.parametrize("size", [(80, 24), (100, 30)], ids=["80", "100"])
async def test_the_dashboard_is_the_same_cell_for_cell(
    on_wall: OnWall, night: Sim, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    twins = Twins(monkeypatch)
    async with on_wall(night, size=size) as wall:
        await wall.rolled_back(night)
        await wall.step_to(114)
        await wall.press("q")
        await wall.settle()
    assert twins.pictures > 5
    assert twins.ours.bytes < twins.stock.bytes
