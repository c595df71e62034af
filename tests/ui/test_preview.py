"""The preview: numbers, scope and version, what cannot go on, and what cannot be read."""

from __future__ import annotations

import httpx
import pytest

from octomil_tui.ui.screens.wizard import WizardScreen
from octomil_tui.ui.widgets.table import Table
from tests.ui.conftest import On
from tests.ui.consoles import Hands
from tests.ui.sims import PHI_ID, Sim

pytestmark = pytest.mark.anyio


def radius(hands: Hands) -> dict[str, list[str]]:
    table = hands.app.screen.query_one("#radius", Table)
    cells = [table.text_of(i) or [] for i in range(len(table.rows))]
    return {row[0]: row[1:] for row in cells}


async def preview(hands: Hands) -> None:
    await hands.press("R")
    await hands.see("SCOPE:", "50 CHANGE")
    # The panes find their places in a second picture.
    await hands.gone("AFTER THIS THE FLEET IS SPLIT")


async def test_the_plan_of_the_fleet(on: On, night: Sim) -> None:
    async with on(night) as hands:
        await preview(hands)
        assert hands.rows[0].startswith(" PROD  acme-edge  ROLL BACK phi-4-mini  1/2")
        assert hands.rows[1] == "    v2.0.0 → v1.0.0      SCOPE: WHOLE FLEET, 5 groups, 124 devices"
        assert (
            hands.rows[2] == "    50 CHANGE      71 already there      3 move UP from v0.9.0      0 unknown"
        )
        rows = radius(hands)
        assert rows["eu-kiosks"] == ["32", "8", "0", "26", "2", "4", "0", "10", "22", "29", "3"]
        assert rows["lab"] == ["0", "17", "1", "-", "-", "-", "0", "0", "0", "-", "1"]
        parts = [list(map(int, row[:3])) for name, row in rows.items() if name != "TOTAL"]
        assert list(map(int, rows["TOTAL"][:3])) == [sum(column) for column in zip(*parts, strict=True)]
        for text in ("40 online, keep v1.0.0 on disk", "6 online, must download 2.2 GB first", "4 offline"):
            await hands.see(text)
        await hands.see("ok  rollout 4127 (v2.0.0, 40%) will be cancelled by this")
        await hands.see("!!  3 devices on v0.9.0 will move UP")
        assert hands.keys.split() == (
            [
                "enter",
                "next",
                "s",
                "scope",
                "v",
                "version",
                "esc",
                "cancel",
                "ctrl+r",
                "read",
                "again",
                "?",
                "help",
            ]
        )
        assert night.methods == {"GET"}


async def test_the_plan_of_one_group_says_who_stays(on: On, night: Sim) -> None:
    async with on(night) as hands:
        await preview(hands)
        await hands.press("s")
        await hands.see("only staging")
        await hands.press("down", "down", "enter")
        await hands.see("SCOPE: GROUP staging ONLY, 12 of 124 devices", "AFTER THIS THE FLEET IS SPLIT")
        assert list(radius(hands)) == ["staging"]
        await hands.see("12 CHANGE", "this plan", "38 devices would stay on v2.0.0.")
        await hands.until(lambda: hands.picture.count("stays, not in this plan") == 2, "who stays")
        await hands.press("s", "g", "enter")
        await hands.see("SCOPE: WHOLE FLEET")
        await hands.gone("FLEET IS SPLIT")


async def test_another_version(on: On, night: Sim) -> None:
    async with on(night) as hands:
        await preview(hands)
        await hands.press("v")
        await hands.see("VERSION TO GO BACK TO")
        await hands.press("escape")
        await hands.gone("VERSION TO GO BACK TO")
        assert "→ v1.0.0" in hands.rows[1]
        await hands.press("v", "G", "enter")
        await hands.see("→ v0.9.0")


async def test_a_refused_version_cannot_be_chosen(on: On, night: Sim) -> None:
    async with on(night) as hands:
        await preview(hands)
        await hands.press("v")
        await hands.see("v2.1.0")
        await hands.press("g", "enter")
        await hands.see("VERSION TO GO BACK TO")
        assert "v2.1.0" in hands.cursor


async def test_a_refused_target_cannot_go_on(on: On, night: Sim) -> None:
    async with on(night) as hands:
        await hands.press("enter")
        await hands.see("VERSIONS")
        await hands.press("g")
        assert "v2.1.0" in hands.cursor
        await hands.press("R")
        await hands.see("→ v2.1.0", "NO  ")
        assert "enter" not in hands.keys
        await hands.press("enter")
        assert "1/2" in hands.rows[0]
        assert night.writes == []


async def test_nothing_to_do_is_said(on: On, night: Sim) -> None:
    async with on(night) as hands:
        await hands.press("down", "down", "enter")
        await hands.see("Fleet > gemma3-1b")
        table = hands.app.screen.query_one("#versions", Table)
        await hands.until(lambda: len(table.rows) > 0, "versions")
        assert table.move_to("1.4.2")
        await hands.press("R")
        await hands.see("SCOPE:")
        await hands.see("Nothing to do: every device is there already")
        await hands.press("enter")
        await hands.settle()
        if "2/2" in hands.rows[0]:
            assert "Cancel (nothing to do)" in hands.keys
            hands.clock.now += 1
            await hands.press("enter")
        assert night.writes == []


async def test_a_model_that_is_gone(on: On, night: Sim) -> None:
    async with on(night) as hands:
        night.answers[f"/models/{PHI_ID}/rollouts"] = httpx.Response(
            404, json={"error": "not_found", "message": "No such model.", "status_code": 404}
        )
        await hands.press("R")
        await hands.see("No plan can be made:", "ctrl+r tries again")
        await hands.press("enter", "s", "v")
        assert hands.screen == "WizardScreen"
        night.answers.clear()
        await hands.press("ctrl+r")
        await hands.see("50 CHANGE")


async def test_a_server_that_is_down(on: On, night: Sim) -> None:
    async with on(night) as hands:
        night.broken = httpx.ConnectError("refused")
        await hands.press("R")
        await hands.see("No plan can be made:", "ctrl+r tries again")
        night.broken = None
        await hands.press("ctrl+r")
        await hands.see("50 CHANGE")
        night.broken = httpx.ConnectError("refused")
        await hands.press("ctrl+r")
        # What was read stays; the first picture of a longer sentence is still as tall as the one before.
        await hands.see("ctrl+r tries again", "50 CHANGE")


async def test_an_answer_that_breaks_the_client_ends_nothing(
    on: On, night: Sim, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with on(night) as hands:
        client = hands.app._session
        assert client is not None

        async def broken(*_: object) -> object:
            raise RuntimeError("\x1b[2J of a bad day")

        monkeypatch.setattr(client, "preflight", broken)
        await hands.press("R")
        await hands.see("No plan can be made:", "RuntimeError")
        assert isinstance(hands.app.screen, WizardScreen)
        monkeypatch.undo()
        await hands.press("ctrl+r")
        await hands.see("50 CHANGE")
