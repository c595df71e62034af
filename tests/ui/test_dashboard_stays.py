"""Nothing makes the dashboard leave but the keys that are for it: not what fails, not what is pressed."""

from __future__ import annotations

from pathlib import Path

import pytest

from octomil_tui.engine.session import Session
from tests.ui.conftest import OnWall
from tests.ui.sims import Sim

pytestmark = pytest.mark.anyio


def reports(directory: Path) -> list[str]:
    """Return what was written to the crash directory."""
    return [path.read_text() for path in directory.iterdir()]


async def test_a_picture_that_cannot_be_drawn_is_said_once_on_disk_and_tried_again(
    on_wall: OnWall, night: Sim, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with on_wall(night) as wall:
        with monkeypatch.context() as patched:

            def broken(*_: object, **__: object) -> None:
                raise ZeroDivisionError("edg_secret_12345678")

            patched.setattr("octomil_tui.ui.dashboard.wall_of", broken)
            await wall.later(5)
            await wall.see("This picture could not be drawn (ZeroDivisionError)")
            assert "50 on v2.0.0" not in wall.picture, "what was drawn before may be old"
            await wall.later(5)
            patched.setattr("octomil_tui.ui.screens.dashboard.lay_out", broken)
            await wall.later(5)
            assert len(reports(tmp_path)) == 1
            assert "edg_secret" not in reports(tmp_path)[0]
            assert wall.app.is_running
        await wall.later(5)
        await wall.see("50 on v2.0.0")
        await wall.gone("could not be drawn")


@pytest.mark.parametrize("where", ["place_line", "key_line"])
async def test_not_even_its_edges_can_end_it(
    on_wall: OnWall, night: Sim, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with on_wall(night) as wall:
        with monkeypatch.context() as patched:

            def broken(*_: object) -> None:
                raise RuntimeError("no")

            patched.setattr(f"octomil_tui.ui.widgets.edges.{where}", broken)
            wall.wait(1)
            await wall.pilot.resize_terminal(81, 24)
            await wall.settle()
        wall.wait(1)
        await wall.see("q quit (asks)", "READ-ONLY")


async def test_a_loop_that_fails_is_begun_anew(
    on_wall: OnWall, night: Sim, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("octomil_tui.ui.dashboard._AGAIN", 0.0)
    failures = iter([RuntimeError("once"), RuntimeError("twice")])
    run = Session.run

    async def fragile(self: Session) -> None:
        if (error := next(failures, None)) is not None:
            raise error
        await run(self)

    monkeypatch.setattr(Session, "run", fragile)
    async with on_wall(night) as wall:
        await wall.see("phi-4-mini", "● LIVE")


async def test_a_bell_that_fails_keeps_nothing_from_being_read(
    on_wall: OnWall, night: Sim, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> int:
        raise ZeroDivisionError("no")

    monkeypatch.setattr("octomil_tui.ui.wall_bell.WallBell.hear", broken)
    async with on_wall(night, rings=True) as wall:
        await wall.later(5)
        await wall.see("LIMIT CROSSED", "● LIVE")
        assert len(reports(tmp_path)) == 1


async def test_q_asks_and_any_other_key_stays(on_wall: OnWall, night: Sim) -> None:
    async with on_wall(night) as wall:
        for key in ("x", "enter", "escape", "n"):
            await wall.press("q")
            await wall.see("Leave?", "q or y leaves", "any other key stays")
            await wall.press(key)
            await wall.gone("Leave?")
        await wall.press("q")
        wall.wait(11)
        await wall.gone("Leave?")
        await wall.press("y", "Y", "enter", "ctrl+c")
        await wall.see("ctrl+c again leaves at once")
        wall.wait(3)
        await wall.gone("again leaves")
        await wall.press("ctrl+c", "x")
        await wall.press("ctrl+c")
        assert wall.app.is_running


@pytest.mark.parametrize(
    ("keys", "status"), [(("q", "q"), 0), (("q", "y"), 0), (("ctrl+c", "ctrl+c"), 130)], ids=str
)
async def test_the_ways_out(on_wall: OnWall, night: Sim, keys: tuple[str, str], status: int) -> None:
    async with on_wall(night) as wall:
        await wall.press(*keys)
        await wall.pilot._wait_for_screen()
        assert wall.app.return_code == status


async def test_it_leaves_after_the_time_that_was_given_for_a_check(on_wall: OnWall, night: Sim) -> None:
    async with on_wall(night, exit_after=30) as wall:
        wall.wait(29)
        assert wall.app.return_code is None
        wall.wait(2)
        assert wall.app.return_code == 0
