"""From twenty columns to two hundred: nothing breaks, and line 1 is the last to go."""

from __future__ import annotations

import pytest

from tests.ui.conftest import On
from tests.ui.sims import Sim
from tests.ui.watching import roll_back

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("size", [(60, 12), (20, 5), (200, 60)], ids=lambda s: f"{s[0]}x{s[1]}")
async def test_every_screen_has_its_first_line(on: On, night: Sim, size: tuple[int, int]) -> None:
    async with on(night, size=size) as hands:
        for keys in ((), ("enter",), ("R",), ("s",), ("escape",), ("enter",), ("1",), ("tab", "enter"), ("2",),
                     ("3",), ("4",), ("question_mark",), ("escape",), ("1", "q"), ("escape",), ("ctrl+p",)):  # fmt: skip
            await hands.press(*keys)
            await hands.settle()
            assert len(hands.rows) == size[1]
            assert "PROD" in hands.rows[0] or hands.app.screen.is_modal, hands.picture


async def test_a_watch_is_resized(on: On, night: Sim) -> None:
    async with on(night) as hands:
        await roll_back(hands)
        for size in ((160, 48), (60, 12), (119, 24), (40, 10), (200, 60), (80, 24)):
            await hands.pilot.resize_terminal(*size)
            await hands.later(20)
            assert "PROD" in hands.rows[0]
            if size[0] >= 60:
                assert "of 50 verified" in hands.picture
        assert len(night.writes) == 1


async def test_a_form_is_resized(on: On, night: Sim) -> None:
    async with on(night) as hands:
        await hands.press("R")
        await hands.see("SCOPE:")
        await hands.press("enter")
        await hands.see("2/2")
        await hands.type("INC-1")
        for size in ((160, 48), (60, 12), (80, 24)):
            await hands.pilot.resize_terminal(*size)
            await hands.settle()
            assert "PROD" in hands.rows[0]
        await hands.see("INC-1", "2/2", "enter Cancel (name not typed)")
