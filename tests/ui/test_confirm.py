"""The confirmation: what has to be typed, and everything that must not send."""

from __future__ import annotations

import httpx
import pytest

from octomil_tui.domain.rollback import Phase
from octomil_tui.ui.widgets.form import Choice
from tests.ui.conftest import On
from tests.ui.consoles import READ_ONLY
from tests.ui.forms import SIZES, form, value
from tests.ui.sims import PHI, PHI_ID, Sim

pytestmark = pytest.mark.anyio


@SIZES
async def test_filled_in_it_is_sent_once_and_watched(on: On, night: Sim, size: tuple[int, int]) -> None:
    async with on(night, size=size) as hands:
        await form(hands)
        await hands.see("IN PRODUCTION", "50 devices change, 3 move up, whole fleet")
        await hands.confirm()
        await hands.see("enter ROLL BACK")
        assert night.writes == []
        await hands.press("enter")
        await hands.on("WatchScreen")
        assert night.writes == [f"/v1/models/{PHI_ID}/rollback"]
        assert hands.rollback(PHI_ID).order.reason == "INC-2231"
        assert hands.rollback(PHI_ID).order.group is None


@SIZES
async def test_until_the_name_is_there_enter_is_cancel_and_keeps_what_was_typed(
    on: On, night: Sim, size: tuple[int, int]
) -> None:
    async with on(night, size=size) as hands:
        await form(hands)
        await hands.type("bad")
        await hands.see("enter Cancel (name not typed)")
        hands.clock.now += 1
        await hands.press("enter")
        await hands.see("1/2", "enter next")
        await hands.press("enter")
        await hands.see("2/2")
        assert value(hands, "reason") == "bad"
        await hands.until(lambda: getattr(hands.app.screen.focused, "id", "") == "reason", "first field")
        await hands.press("tab", "tab")
        await hands.until(lambda: getattr(hands.app.screen.focused, "id", "") == "word", "name's field")
        await hands.type("phi-4-min")
        hands.clock.now += 1
        await hands.press("enter")
        await hands.see("1/2")
        assert (value(hands, "word"), night.writes) == ("phi-4-min", [])


async def test_a_digit_chooses_a_category_and_never_leads_out_of_the_form(on: On, night: Sim) -> None:
    async with on(night) as hands:
        await form(hands)
        await hands.type("bad")
        await hands.press("tab", "2")
        choice = hands.app.screen.query_one("#category", Choice)
        assert choice.chosen == 1
        await hands.press("9", "0", "1")
        assert choice.chosen == 0
        await hands.see("2/2")
        assert value(hands, "reason") == "bad"


async def test_a_reason_is_asked_for_and_a_category_is_one(on: On, night: Sim) -> None:
    async with on(night) as hands:
        await form(hands)
        await hands.press("tab", "tab")
        await hands.type(PHI)
        await hands.see("enter Cancel (reason not given)")
        await hands.press("shift+tab", "right")
        await hands.see("enter ROLL BACK", "● quality")
        await hands.press("left", "left")
        await hands.see("● other", "enter Cancel (reason not given)")
        hands.clock.now += 1
        await hands.press("enter")
        await hands.see("1/2")
        assert night.writes == []


async def test_spaces_alone_are_no_reason(on: On, night: Sim) -> None:
    async with on(night) as hands:
        await form(hands)
        await hands.confirm(reason="   ")
        await hands.see("enter Cancel (reason not given)")
        await hands.press("enter")
        await hands.see("1/2")
        assert night.writes == []


async def test_a_warning_asks_for_the_version_too(on: On, night: Sim) -> None:
    async with on(night) as hands:
        await hands.press("R")
        await hands.see("SCOPE:")
        await hands.press("v", "G", "enter")
        await hands.see("→ v0.9.0")
        await hands.press("enter")
        await hands.see("And the version:")
        await hands.confirm()
        await hands.see("Cancel (version not typed)")
        await hands.press("tab")
        await hands.type("1.0.0")
        await hands.see("Cancel (version not typed)")
        await hands.press(*["backspace"] * 5)
        await hands.type("v0.9.0")
        await hands.see("enter ROLL BACK")
        hands.clock.now += 1
        await hands.press("enter")
        await hands.on("WatchScreen")
        assert hands.rollback(PHI_ID).order.to_version == "0.9.0"


async def test_a_group_asks_for_its_own_name(on: On, night: Sim) -> None:
    async with on(night) as hands:
        await hands.press("tab", "down", "R")
        await hands.see("GROUP staging ONLY")
        await hands.press("enter")
        await hands.see("Type the group name:", "12 devices change, group staging only")
        await hands.confirm(PHI)
        await hands.see("Cancel (name not typed)")
        await hands.press(*["backspace"] * len(PHI))
        await hands.type("staging")
        hands.clock.now += 1
        await hands.press("enter")
        await hands.on("WatchScreen")
        await hands.see("ROLLING BACK phi-4-mini staging", "of 12 verified")
        assert (hands.rollback(PHI_ID).phase, len(night.writes)) == (Phase.ROLLING_BACK, 1)


async def test_stale_data_locks(on: On, night: Sim) -> None:
    async with on(night) as hands:
        await form(hands)
        await hands.confirm()
        hands.wait(60)
        await hands.see("enter Cancel (the data is stale)", "STALE")
        await hands.press("enter")
        await hands.see("1/2")
        assert night.writes == []


async def test_data_that_went_stale_since_the_last_picture_locks(on: On, night: Sim) -> None:
    async with on(night) as hands:
        await form(hands)
        await hands.confirm()
        await hands.see("enter ROLL BACK")
        # Nothing is read any more: else a clock that jumps is a machine that woke, and all is read at once.
        night.broken = httpx.ConnectError("refused")
        hands.clock.now += 60
        await hands.press("enter")
        await hands.see("Nothing was sent: the data is stale")
        assert night.writes == []


@SIZES
async def test_read_only_says_why_it_cannot_go_on(on: On, night: Sim, size: tuple[int, int]) -> None:
    async with on(night, size=size, place=READ_ONLY) as hands:
        assert "READ-ONLY" in hands.rows[0]
        await form(hands)
        await hands.confirm()
        await hands.see("enter Cancel (console is read-only)")
        await hands.press("enter")
        await hands.see("1/2")
        assert night.methods == {"GET"}


async def test_without_staying_the_fleet_is_back(on: On, night: Sim) -> None:
    async with on(night) as hands:
        await form(hands)
        await hands.confirm()
        await hands.press("tab", "tab", "space")
        await hands.see("☐ hold v2.0.0", "☐ stay and watch")
        await hands.press("enter")
        await hands.on("FleetScreen")
        await hands.until(lambda: hands.said == ["the rollback was sent; w watches it"], "toast")
        await hands.phase(PHI_ID, Phase.ROLLING_BACK)
        await hands.press("w")
        await hands.on("WatchScreen")


@SIZES
async def test_the_version_that_is_left_is_held_where_somebody_ticked_it(
    on: On, night: Sim, size: tuple[int, int]
) -> None:
    async with on(night, size=size) as hands:
        await form(hands)
        await hands.see("☐ hold v2.0.0 afterwards, so that no rollout brings it back")
        await hands.confirm()
        await hands.press("tab", "space")
        await hands.see("☑ hold v2.0.0")
        await hands.press("enter")
        await hands.on("WatchScreen")
        await hands.until(lambda: hands.said == ["v2.0.0 is held"], "toast")
        rollback, hold = night.writes
        assert rollback == f"/v1/models/{PHI_ID}/rollback"
        assert hold.endswith("/deprecate")
        await hands.later(1_400)
        await hands.see("DONE", "v2.0.0 is held: no rollout brings it back until somebody releases it.")
        await hands.see("octomil-console release phi-4-mini 2.0.0")
        assert "Errors 6.1% -> 0.7%, usual 0.7%. v2.0.0 is held." in " ".join(
            hands.picture.replace("│", " ").split()
        )


async def test_side_by_side_enter_means_what_the_last_line_says(on: On, night: Sim) -> None:
    async with on(night, size=(160, 48)) as hands:
        await hands.press("R")
        await hands.see("SCOPE:", "1/2")
        await hands.press("tab")
        await hands.see("2/2", "enter Cancel (name not typed)")
        await hands.press("shift+tab")
        await hands.see("1/2", "enter next")
        await hands.press("enter")
        await hands.see("2/2")
        assert night.writes == []
