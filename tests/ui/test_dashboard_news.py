"""What takes the screen of the dashboard by itself, what it says of figures, what it rings for, and its pages."""

from __future__ import annotations

import re

import httpx
import pytest

from octomil_tui.domain.rollback import Phase
from octomil_tui.ui.present.page_turn import TURN
from tests.ui.conftest import OnWall
from tests.ui.sims import PHI_ID, Sim
from tests.ui.walls import Wall

pytestmark = pytest.mark.anyio

SIZES = pytest.mark.parametrize("size", [(80, 24), (160, 48)], ids=["80x24", "160x48"])
BREATH = 5.0


async def breathe(wall: Wall, seconds: float) -> None:
    """Let time pass as it does in life: what is read again every few seconds is never old."""
    await wall.step_to(seconds, BREATH)


@pytest.fixture
def calm() -> Sim:
    """A rollout under way, with nothing wrong for its first minutes."""
    return Sim("auto-rollback")


class TestLimits:
    @SIZES
    async def test_a_crossed_limit_says_what_fired_and_that_nothing_was_done(
        self, on_wall: OnWall, night: Sim, size: tuple[int, int]
    ) -> None:
        async with on_wall(night, size=size) as wall:
            await wall.see("phi-4-mini    v1.0.0 → v2.0.0    at 40%")
            await wall.see("Error rate 6.1%, limit 5% for 5 min, 43 devices.")
            await wall.see("Auto-rollback is OFF: nothing was rolled back.  crossed 03:09Z")
            await wall.see("!! 4 devices fell silent right after v2.0.0.", "50 on v2.0.0", "68 not on it")
            await wall.see("SIGNAL", "412 ms", "stays here while it needs you")
            groups = [row.split()[0] for row in wall.rows if re.search(r"  \d+/\d+\b", row)]
            assert groups[:1] == ["staging"], "those with the most of it first"

    async def test_it_takes_the_screen_from_a_page_within_one_poll_and_leaves_it_to_a_rollback(
        self, on_wall: OnWall
    ) -> None:
        sim = Sim("auto-rollback")
        sim.world.policy.change({"auto_rollback_enabled": False})
        async with on_wall(sim, rings=True) as wall:
            await breathe(wall, TURN + BREATH)
            await wall.see("MODELS", "page 2 of")
            sim.move(540)
            await wall.later(BREATH)
            await wall.see("!! LIMIT CROSSED", "Auto-rollback is OFF: nothing was rolled back.")
            await wall.gone("page 2")
            assert wall.bells == 1
            await breathe(wall, 2 * TURN)
            await wall.see("!! LIMIT CROSSED", "stays here while it needs you")
            assert wall.bells == 1
            await sim.post(f"/v1/models/{PHI_ID}/rollback", {"to_version": "1.0.0", "reason": "INC-2231"})
            await wall.later(BREATH)
            await wall.see("ROLLING BACK", "INC-2231", "stays here while a rollback runs")
            await wall.gone("LIMIT CROSSED")
            assert wall.bells == 1, "what somebody does is no news"

    @SIZES
    async def test_a_rollback_by_the_server_itself_takes_the_screen_and_is_watched_to_its_end(
        self, on_wall: OnWall, size: tuple[int, int]
    ) -> None:
        sim = Sim("auto-rollback")
        async with on_wall(sim, size=size, rings=True) as wall:
            await breathe(wall, TURN + BREATH)
            sim.move(600)
            await wall.later(BREATH)
            await wall.see("By the server itself: error rate", "limit 5% for 5 min", "by the server")
            await wall.phase(PHI_ID, Phase.ROLLING_BACK)
            await wall.see("verified", "stays here while a rollback runs")
            await wall.gone("LIMIT CROSSED")
            assert wall.bells == 1
            await wall.step_to(700)
            await wall.phase(PHI_ID, Phase.COMPLETE)
            await wall.see("100%", "By the server itself: error rate", "stays here until 0")
            assert sim.writes == []


class TestFigures:
    async def test_a_rollback_says_what_it_was_what_it_is_and_where_it_goes(
        self, on_wall: OnWall, night: Sim
    ) -> None:
        async with on_wall(night, size=(160, 48)) as wall:
            await wall.rolled_back(night)
            await wall.step_to(190)
            rows = [row.split() for row in wall.rows]
            errors = next(row for row in rows if row[:1] == ["errors"])
            assert errors == [
                "errors",
                "6.1%",
                "at",
                "03:13Z",
                "→",
                "1.9%",
                "now",
                "falling",
                "usual",
                "0.7%",
                "peak",
                "6.1%",
            ]
            p95 = next(row for row in rows if row[:1] == ["p95"])
            assert p95 == [
                "p95",
                "412",
                "ms",
                "at",
                "03:13Z",
                "→",
                "240",
                "ms",
                "now",
                "falling",
                "usual",
                "180",
                "ms",
                "peak",
                "412",
                "ms",
            ]
            await wall.see("it helps", "0 failed, 0 bounced", "started 03:13Z by ops")
            await wall.see("sentiment-v1 v5.0.2 paused at 25% for 2d", "OTHER MODELS")
            await wall.pilot.resize_terminal(80, 24)
            await wall.see("SIGNAL  usual 0.7% / 180 ms", "1.9%  falling", "peak 6.1% / 412 ms")

    async def test_without_a_route_for_figures_there_is_no_pane(self, on_wall: OnWall, night: Sim) -> None:
        missing = httpx.Response(404, json={"detail": "Not Found"})
        for end in ("/monitoring/overview", "/monitoring/models/mdl_phi4mini", "/inference-metrics", "/4131"):
            night.answers[end] = missing
        async with on_wall(night, size=(160, 48)) as wall:
            await wall.rolled_back(night)
            await wall.step_to(76)
            assert "SIGNAL" not in wall.picture
            assert wall.rows[0].count("LIVE") == 1, "what is missing costs its pane, not the screen"

    async def test_figures_that_cannot_be_read_again_are_said_for_five_minutes(
        self, on_wall: OnWall, night: Sim
    ) -> None:
        async with on_wall(night) as wall:
            await wall.see("SIGNAL")
            night.answers["/monitoring/overview"] = night.answers["/monitoring/models/mdl_phi4mini"] = (
                httpx.Response(503, json={"error": "unavailable", "message": "Not now."})
            )
            await wall.step_to(290, 29)
            await wall.see("SIGNAL")
            await wall.step_to(29)
            await wall.gone("SIGNAL")
            assert "0.0%" not in wall.picture

    async def test_what_is_asked_for_stays_within_the_minute(self, on_wall: OnWall, night: Sim) -> None:
        night.is_counted = True
        async with on_wall(night) as wall:
            await wall.see("SIGNAL")
            gate = wall.wall._session.gate if wall.wall._session is not None else None
            assert gate is not None
            asked = [seen for seen in night.door.seen if seen.method == "GET"]
            assert len(asked) <= 80, "of its own accord it may take so many of the first minute"
            assert any("monitoring" in seen.path for seen in asked)


class TestPages:
    @SIZES
    async def test_while_nothing_is_wrong_the_pages_take_turns(
        self, on_wall: OnWall, calm: Sim, size: tuple[int, int]
    ) -> None:
        async with on_wall(calm, size=size) as wall:
            await wall.see("page 1 of 4, turns in", "50 on v2.0.0", "74 not on it")
            await breathe(wall, TURN)
            await wall.see("page 2 of 4", "MODELS", "phi-4-mini", "50/124", "50 of 124 on v2.0.0.")
            await breathe(wall, TURN)
            await wall.see("page 3 of 4", "GROUPS", "us-kiosks", "OFFLINE", "REVOKED")
            await breathe(wall, TURN)
            await wall.see("page 4 of 4", "LAST EVENTS", "rollout 4127 v2.0.0")
            before = wall.rows[1:-1]
            wall.wait(3)
            await wall.settle()
            assert wall.rows[1:-1] == before, "nothing moves but the page"
            await breathe(wall, TURN)
            await wall.see("page 1 of 4")
            assert calm.methods == {"GET"}

    async def test_data_that_is_old_is_shown_on_the_first_page(self, on_wall: OnWall, calm: Sim) -> None:
        async with on_wall(calm, rings=True) as wall:
            await breathe(wall, TURN)
            await wall.see("page 2 of 4")
            calm.broken = httpx.ConnectError("refused")
            await wall.later(BREATH)
            wall.wait(40)
            await wall.see("LAST KNOWN, NOT LIVE", "50 on v2.0.0", "CONNECTION")
            assert "page" not in wall.keys
            assert wall.bells == 1
            wall.wait(40)
            await wall.settle()
            assert wall.bells == 1, "once for each outage"
            calm.broken = None
            await wall.later()
            await wall.see("● LIVE", "page 1 of 4, turns in 20s")
            calm.broken = httpx.ConnectError("refused")
            await wall.later(BREATH)
            wall.wait(40)
            await wall.see("LAST KNOWN")
            assert wall.bells == 2

    async def test_without_being_asked_to_it_is_silent(self, on_wall: OnWall) -> None:
        sim = Sim("auto-rollback")
        async with on_wall(sim) as wall:
            sim.move(600)
            await wall.later(BREATH)
            await wall.see("By the server itself")
            sim.broken = httpx.ConnectError("refused")
            await wall.later(BREATH)
            wall.wait(60)
            await wall.see("LAST KNOWN")
            assert wall.bells == 0

    async def test_a_small_screen_has_one_page(self, on_wall: OnWall, calm: Sim) -> None:
        async with on_wall(calm, size=(70, 20)) as wall:
            await breathe(wall, TURN + BREATH)
            await wall.see("50 of 124 on v2.0.0.")
            assert "page" not in wall.keys
