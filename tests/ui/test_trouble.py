"""Errors never clear the screen, and nothing that a service answers ends the console."""

from __future__ import annotations

import httpx
import pytest

from octomil_tui.domain.rollback import Phase
from tests.ui.conftest import On
from tests.ui.sims import PHI_ID, Sim
from tests.ui.watching import roll_back, sums

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    "broken", [httpx.ConnectError("refused"), RuntimeError("no such thing")], ids=["down", "broken"]
)
async def test_what_was_known_stays_and_is_marked(on: On, night: Sim, broken: Exception) -> None:
    async with on(night) as hands:
        rows = hands.rows[4:8]
        night.broken = broken
        await hands.later(5)
        await hands.see("again in")
        hands.wait(40)
        await hands.see("STALE 45s")
        assert hands.rows[0].startswith("?PROD?"), "the mark of the place doubts too"
        for row in rows:
            # But for the bars: what was verified once is not drawn as if it were true now.
            assert row[:33] in hands.picture
            assert row[33:60].replace("█", "░") in hands.picture
        hands.wait(400)
        await hands.see("OFFLINE 7m25s")
        night.broken = None
        await hands.later()
        await hands.see("● LIVE 0s")
        await hands.gone("again in")
        assert hands.rows[0].startswith(" PROD ")
        assert hands.app.is_running


async def test_the_time_to_the_next_try_counts_down(on: On, night: Sim) -> None:
    async with on(night) as hands:
        night.broken = httpx.ConnectError("refused")
        await hands.later(5)
        await hands.see("again in")
        place = next(place for place, row in enumerate(hands.rows) if "again in" in row)
        before = hands.rows[place]
        for _ in range(40):
            hands.clock.now += 1.0
            hands.app._tick()
            await hands.settle()
            assert hands.rows[place] != before, "it moves every second"
            before = hands.rows[place]
            if "trying now" in before:
                break
        assert "trying now" in before


async def test_before_the_first_answer_it_says_whom_it_asks(on: On, night: Sim) -> None:
    night.broken = httpx.ConnectError("refused")
    async with on(night, load=False) as hands:
        await hands.see("OFFLINE", "cannot connect to 127.0.0.1")
        await hands.press("R", "w", "enter", "2", "R", "3", "4", "R", "question_mark", "escape", "1")
        assert hands.app.is_running
        night.broken = None
        await hands.read()
        await hands.see("● LIVE", "phi-4-mini")


async def test_a_key_that_is_refused_is_said(on: On, night: Sim) -> None:
    refused = httpx.Response(
        401, json={"error": "unauthorized", "message": "Key revoked.", "status_code": 401}
    )
    night.answers[""] = refused
    async with on(night, load=False) as hands:
        await hands.see("401")
        assert hands.app.is_running


async def test_a_watch_outlives_an_outage(on: On, night: Sim) -> None:
    async with on(night) as hands:
        await roll_back(hands)
        await hands.later(120)
        night.broken = httpx.ReadTimeout("slow")
        await hands.later(600)
        await hands.see("OFFLINE 10m")
        assert sums(next(row for row in hands.rows if " of 50 verified" in row)) == (50, 50)
        night.broken = None
        await hands.later()
        await hands.see("● LIVE 0s")
        assert sums(hands.rows[1]) == (50, 50)
        assert hands.rollback(PHI_ID).phase is Phase.ROLLING_BACK
        assert len(night.writes) == 1
