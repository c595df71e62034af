"""The watch: sums that add up from the first second to DONE, stragglers, the bell, and the way back to it."""

from __future__ import annotations

import pytest

from octomil_tui.domain.rollback import Phase
from octomil_tui.ui.widgets.table import Table
from tests.ui.conftest import On
from tests.ui.sims import PHI_ID, Sim
from tests.ui.watching import roll_back, sums

pytestmark = pytest.mark.anyio


async def test_from_the_first_second_to_done(on: On, night: Sim) -> None:
    async with on(night) as hands:
        await roll_back(hands)
        seen: list[str] = []
        for _ in range(60):
            if hands.rollback(PHI_ID).phase is not Phase.ROLLING_BACK:
                break
            seen.append(hands.rows[1])
            counted, total = sums(hands.rows[1])
            assert counted == total == 50, hands.picture
            bounced = hands.watch(PHI_ID).bounced
            assert hands.bells == bounced <= 1, hands.picture
            if "1 bounced" in seen[-1]:
                await hands.see("kiosk-eu-0119 bounced to v2.0.0 7m after the switch")
            await hands.later(30 if len(seen) < 25 else 60)
        assert hands.rollback(PHI_ID).phase is Phase.DONE
        assert any("31 of 50 verified.  12 on the way.  3 stale.  4 offline." in row for row in seen)
        assert any("1 bounced" in row for row in seen)
        assert hands.bells == 2
        await hands.see(
            "phi-4-mini IS BACK ON v1.0.0", "DONE: 46 of 46 reachable devices settled.  4 offline."
        )
        await hands.see("0 failed, 1 bounced.", "LEFT FOR DAYLIGHT", "HAND OVER", "Reason: INC-2231.")
        await hands.see("4 devices of eu-kiosks went silent right after v2.0.0", "STILL ON GUARD")
        await hands.later(60)
        assert (hands.bells, len(night.writes)) == (2, 1)
        await hands.press("escape")
        await hands.see("120/124  4 elsewhere")


async def test_whom_it_waits_for(on: On, night: Sim) -> None:
    async with on(night) as hands:
        await roll_back(hands)
        await hands.later(240)
        assert sums(hands.rows[1]) == (50, 50)
        assert "kiosk-eu-0117" in hands.cursor, "those that will not come by themselves are on top"
        assert "silent since v2.0.0" in hands.cursor
        await hands.press("L")
        await hands.on("StragglersScreen")
        await hands.see("phi-4-mini > stragglers", "kiosk-eu-0117", "stale")
        table = hands.app.screen.query_one(Table)
        assert len(table.rows) == len(hands.app.screen_stack[-2].query_one("#stragglers", Table).rows)
        await hands.press("escape")
        await hands.on("WatchScreen")
        await hands.see("Leaving stops nothing. Come back with:  octomil-console watch 4131")


async def test_the_wide_watch_says_where_they_are(on: On, night: Sim) -> None:
    async with on(night, size=(160, 48)) as hands:
        await roll_back(hands)
        await hands.later(240)
        await hands.see("WHERE THE 50 ARE", "WHEN", "BY GROUP", "4127 cancelled 03:12Z")
        await hands.see("POST rollback v1.0.0")


async def test_leaving_stops_nothing_and_w_comes_back(on: On, night: Sim) -> None:
    async with on(night) as hands:
        await roll_back(hands)
        before = hands.rollback(PHI_ID)
        await hands.press("escape")
        await hands.on("FleetScreen")
        await hands.later(120)
        await hands.see("phi-4-mini is rolling back to v1.0.0:")
        await hands.press("w")
        await hands.on("WatchScreen")
        assert hands.rollback(PHI_ID).key == before.key
        await hands.press("3", "w")
        await hands.on("WatchScreen")
        assert len(night.writes) == 1


async def test_somebody_elses_rollback_can_be_watched(on: On, night: Sim) -> None:
    async with on(night) as hands:
        await hands.press("w")
        await hands.until(lambda: bool(hands.said), "toast")
        assert hands.said == ["phi-4-mini: no rollback is known, so there is nothing to watch"]
        await night.post(f"/v1/models/{PHI_ID}/rollback", {"to_version": "1.0.0", "reason": "mine"})
        await hands.later(5)
        await hands.until(
            lambda: hands.known.snapshot.rollouts[PHI_ID][0].is_rollback, "rollback in the list"
        )
        await hands.press("w")
        await hands.on("WatchScreen")
        await hands.see("ROLLING BACK phi-4-mini → v1.0.0", "0 of 50 verified.")
        assert sums(hands.rows[1]) == (50, 50)
        assert night.writes == []
        assert hands.bells == 0


async def test_a_rollout_that_is_no_rollback_is_not_watched(on: On, night: Sim) -> None:
    async with on(night) as hands:
        await hands.press("3", "w")
        await hands.until(lambda: bool(hands.said), "toast")
        assert "is no rollback, so there is nothing to watch" in hands.said[0]
        assert hands.screen == "RolloutsScreen"
