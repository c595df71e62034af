"""The Fleet of the night: what runs where, who is silent, and where the keys lead."""

from __future__ import annotations

import pytest

from octomil_tui.ui.widgets.table import Table
from tests.ui.conftest import On
from tests.ui.sims import PHI, PHI_ID, Sim

pytestmark = pytest.mark.anyio


async def test_the_counts_of_the_night(on: On, night: Sim) -> None:
    async with on(night) as hands:
        rows = hands.rows
        assert rows[0].split()[:2] == ["PROD", "acme-edge"]
        assert rows[0].endswith("● LIVE 0s   03:12:41Z")
        assert rows[1] == " !! phi-4-mini v2.0.0 at 40%: errors 6.1% (usual 0.7%), limit 5% crossed."
        assert rows[2] == "    Auto-rollback is OFF: nothing was rolled back. On 50 of 124, 4 silent."
        rows = [rows[0], *rows[2:]]
        assert rows[4].split() == [
            "▌",
            "!",
            "phi-4-mini",
            "v1.0.0",
            "v2.0.0",
            "████······",
            "40%",
            "50/124",
            "ERR",
            "6.1%",
            "18m",
        ]
        assert rows[5].split() == [
            "~",
            "sentiment-v1",
            "v5.0.1",
            "v5.0.2",
            "██········",
            "25%",
            "31/124",
            "paused",
            "2d",
        ]
        groups = hands.app.screen.query_one("#groups", Table)
        numbers = [(groups.text_of(i) or [])[:6] for i in range(len(groups.rows))]
        assert numbers == [
            ["canary", "6", "6", "0", "0", "0"],
            ["staging", "12", "11", "1", "0", "0"],
            ["eu-kiosks", "40", "34", "2", "4", "0"],
            ["us-kiosks", "48", "43", "2", "2", "1"],
            ["lab", "18", "17", "0", "1", "0"],
        ]
        assert "124 devices" in hands.picture
        assert "eu-kiosks      40   34      2    4       0  ▓▓▓▓▓▓██  v2.0.0 ×32  v1.0.0 ×8" in hands.picture


async def test_the_wide_fleet_has_everything_at_once(on: On, night: Sim) -> None:
    async with on(night, size=(160, 48)) as hands:
        for text in ("RUNNING NOW", "rollout 4127  phi-4-mini v2.0.0  40%", "no rollback is running"):
            assert text in hands.picture
        for text in ("online     111", "offline      7  █  4 silent since an update", "revoked      1"):
            assert text in hands.picture
        assert "Press R on it to see what a rollback would do." in hands.rows[4]
        await hands.pilot.resize_terminal(80, 24)
        await hands.gone("RUNNING NOW")
        assert "PROD" in hands.rows[0]


async def test_the_cursor_stays_on_its_model_when_the_rows_move(on: On, night: Sim) -> None:
    async with on(night) as hands:
        await hands.press("down", "down")
        table = hands.app.screen.query_one("#models", Table)
        assert table.cursor_key is not None
        chosen, index = table.cursor_key, table.cursor_index
        assert index == 2
        body = {"version": "1.5.0", "rollout_percentage": 20.0, "start_immediately": True}
        await night.post(f"/v1/models/{chosen}/rollouts", body)
        await hands.later(10)
        await hands.later(70)
        assert table.cursor_key == chosen
        assert table.cursor_index < index, "its rollout lifted it"
        assert "gemma3-1b" in hands.cursor


async def test_enter_opens_the_model_and_esc_returns(on: On, night: Sim) -> None:
    async with on(night) as hands:
        await hands.press("enter")
        await hands.on("ModelScreen")
        await hands.see("Fleet > phi-4-mini", "Safe target: v1.0.0")
        await hands.press("escape")
        await hands.on("FleetScreen")


async def test_a_model_without_a_safe_target_is_opened_too(on: On, night: Sim) -> None:
    async with on(night) as hands:
        await hands.press("G", "enter")
        await hands.on("ModelScreen")
        await hands.see("whisper-sm", "v3.1.0")


async def test_r_on_a_group_previews_that_group(on: On, night: Sim) -> None:
    async with on(night) as hands:
        assert "roll back group" not in hands.keys
        await hands.press("tab")
        await hands.see("R roll back group")
        await hands.press("down", "R")
        await hands.see("SCOPE: GROUP staging ONLY, 12 of 124 devices", "12 CHANGE")
        assert night.methods == {"GET"}


async def test_enter_on_a_group_opens_its_devices(on: On, night: Sim) -> None:
    async with on(night) as hands:
        await hands.press("tab", "down", "down", "enter")
        await hands.on("GroupScreen")
        await hands.see("Groups > eu-kiosks", "40 devices: 34 online, 2 stale, 4 offline.")
        assert "kiosk-eu-0117" in hands.cursor
        assert "OFFLINE" in hands.cursor
        await hands.see("Went silent minutes after v2.0.0")
        await hands.press("R")
        await hands.see("SCOPE: GROUP eu-kiosks ONLY")


async def test_r_on_the_list_of_groups_asks_which_model(on: On, night: Sim) -> None:
    async with on(night) as hands:
        await hands.press("4", "R")
        await hands.see("ROLL BACK WHICH MODEL OF THIS GROUP")
        assert PHI in hands.cursor, "the worst is preselected"
        await hands.press("escape", "R", "enter")
        await hands.see("SCOPE: GROUP canary ONLY")
        assert PHI_ID in hands.known.snapshot.rollouts
