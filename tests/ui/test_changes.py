"""Actions, holds and the policy on the screens, and what the service rolls back by itself."""

from __future__ import annotations

import pytest

from octomil_tui.domain.rollback import Phase
from octomil_tui.ui.widgets.table import Table
from tests.ui.conftest import On
from tests.ui.consoles import READ_ONLY
from tests.ui.sims import PHI_ID, Sim

pytestmark = pytest.mark.anyio
ROLLOUT = f"/v1/models/{PHI_ID}/rollouts/4127"
SIZES = [(80, 24), (160, 48)]


@pytest.mark.parametrize("size", SIZES)
async def test_a_rollout_is_advanced_after_its_preview_and_its_name(
    on: On, brief: Sim, size: tuple[int, int]
) -> None:
    async with on(brief, size=size) as hands:
        await hands.see("phi-4-mini")
        await hands.press("a")
        await hands.see("ACTIONS ON phi-4-mini", "rollout 4127 to v2.0.0 by ops  in progress at 40%")
        await hands.see("advance", "from 40% to 60%", "v2.0.0  active", "hold")
        await hands.see("rollout 4127 is active", "Cancel is not rollback: it takes no device back.")
        await hands.press("down", "down", "enter")
        await hands.on("ActionScreen")
        await hands.see("24 more are told to run v2.0.0", "eu-kiosks", "32 of 40", "Cancel (name not typed)")
        await hands.later(1)
        await hands.type("INC-2231")
        await hands.press("tab")
        await hands.type("phi-4-mini")
        await hands.see("enter ADVANCE")
        assert brief.writes == []
        await hands.press("enter")
        await hands.on("FleetScreen")
        assert brief.writes == [f"{ROLLOUT}/advance"]
        await hands.until(lambda: "rollout 4127 to v2.0.0 is advanced to 60%" in hands.said, "toast")
        await hands.see("60%")


async def test_enter_is_cancel_until_the_name_is_typed(on: On, brief: Sim) -> None:
    async with on(brief) as hands:
        await hands.see("phi-4-mini")
        await hands.press("a", "enter")
        await hands.on("ActionScreen")
        await hands.see("Cancel (name not typed)")
        # An Enter that comes with the dialog is not believed at all.
        await hands.quick("enter", "enter")
        assert hands.screen == "ActionScreen"
        await hands.later(1)
        await hands.press("enter")
        await hands.on("FleetScreen")
        assert brief.writes == []


async def test_a_percentage_is_previewed_as_it_is_typed(on: On, brief: Sim) -> None:
    async with on(brief) as hands:
        await hands.see("phi-4-mini")
        await hands.press("a", "down", "down", "down", "enter")
        await hands.on("ActionScreen")
        await hands.see("the percentage has to be from 0 to 100")
        await hands.type("20")
        await hands.see("25 devices fall out of it", "name not typed")
        await hands.press("escape")
        await hands.on("FleetScreen")


async def test_what_moved_meanwhile_is_said_and_not_sent(on: On, brief: Sim) -> None:
    async with on(brief) as hands:
        await hands.see("phi-4-mini")
        await hands.press("a", "enter")
        await hands.on("ActionScreen")
        await hands.see("name not typed")
        await hands.later(1)
        await hands.type("x")
        await hands.press("tab")
        await hands.type("phi-4-mini")
        await hands.see("enter PAUSE")
        await brief.post(f"{ROLLOUT}/pause", {})
        await hands.press("enter")
        await hands.see("rollout 4127 is paused; nothing was sent")
        assert brief.writes == []


async def test_a_version_is_held_on_the_page_of_its_model(on: On, brief: Sim) -> None:
    async with on(brief) as hands:
        await hands.see("phi-4-mini")
        await hands.press("enter")
        await hands.on("ModelScreen")
        await hands.see("v0.9.0")
        await hands.press("G", "a")
        await hands.see("ACTIONS ON phi-4-mini", "v0.9.0  deprecated", "brings v0.9.0 any more")
        await hands.press("enter")
        await hands.on("ActionScreen")
        await hands.see("No rollout and no rollback brings v0.9.0")
        await hands.later(1)
        await hands.type("INC-1")
        await hands.press("tab")
        await hands.type("phi-4-mini")
        await hands.see("enter HOLD")
        await hands.press("enter")
        await hands.on("ModelScreen")
        await hands.see("HELD")
        await hands.until(lambda: "v0.9.0 is held" in hands.said, "toast")


@pytest.mark.parametrize("size", SIZES)
async def test_the_policy_page_shows_each_rule_and_sets_it(on: On, night: Sim, size: tuple[int, int]) -> None:
    async with on(night, size=size) as hands:
        await hands.see("phi-4-mini")
        await hands.press("P")
        await hands.on("PolicyScreen")
        await hands.see("Auto-rollback is OFF", "CROSSED", "not rolled", "usual 0.1% and 1%")
        await hands.press("a")
        await hands.see("Nothing is different yet", "Type the org's id:")
        await hands.later(1)
        await hands.press("backspace", "backspace", "backspace")
        await hands.type("on")
        await hands.see("auto-rollback", "becomes")
        await hands.press("tab", "tab", "tab", "tab")
        await hands.type("org_demo")
        await hands.see("enter SET IT")
        await hands.press("enter")
        await hands.see("Auto-rollback is ON")
        assert night.writes == ["/v1/settings"]
        await hands.until(lambda: "auto-rollback off -> on" in hands.said, "toast")


async def test_what_a_service_does_not_keep_is_said(on: On) -> None:
    plain = Sim("brief", "plain-settings")
    async with on(plain) as hands:
        await hands.see("phi-4-mini")
        await hands.press("P")
        await hands.see("not kept by this service")
        await hands.press("a")
        await hands.see("Nothing is different yet")
        await hands.later(1)
        await hands.press("tab")
        await hands.type("5%")
        await hands.press("tab", "tab", "tab")
        await hands.type("org_demo")
        await hands.see("enter SET IT")
        await hands.press("enter")
        await hands.see("not everything was kept: error rate")


async def test_read_only_previews_and_sends_nothing(on: On, night: Sim) -> None:
    async with on(night, place=READ_ONLY) as hands:
        await hands.see("phi-4-mini")
        await hands.press("a", "enter")
        await hands.on("ActionScreen")
        await hands.see("console is read-only")
        await hands.press("escape", "P", "a")
        await hands.see("console is read-only")
        assert night.methods == {"GET"}


async def test_a_limit_that_was_crossed_while_auto_rollback_is_off_is_line_2(on: On, night: Sim) -> None:
    async with on(night) as hands:
        await hands.see("errors 6.1% (usual 0.7%), limit 5% crossed.")
        assert hands.rows[1].startswith(" !! phi-4-mini v2.0.0 at 40%: errors 6.1%")
        assert hands.rows[2].startswith("    Auto-rollback is OFF: nothing was rolled back.")
        await night.post(f"/v1/models/{PHI_ID}/rollback", {"to_version": "1.0.0"})
        await hands.later(5)
        await hands.gone("Auto-rollback is OFF")


async def test_what_the_cursor_is_on_and_what_runs_are_both_offered(on: On, night: Sim) -> None:
    async with on(night) as hands:
        await hands.press("enter")
        await hands.on("ModelScreen")
        await hands.see("v0.9.0")
        await hands.press("a")
        await hands.see("ACTIONS ON phi-4-mini", "cancel")
        inside = [row.split("│")[1] if "│" in row else "" for row in hands.rows]
        rows = [row.strip(" ▌").split("  ")[0] for row in inside]
        heads = [rows.index(head) for head in ("v1.0.0", "rollout 4127 to v2.0.0 by ops", "v2.0.0")]
        assert heads == sorted(heads), "what the cursor is on stands first"
        assert rows[heads[0] + 1] == rows[heads[2] + 1] == "hold"
        # A heading is no choice.
        await hands.press("up", "enter")
        assert hands.screen == "Chooser"
        await hands.press("down", "down", "down", "enter")
        await hands.on("ActionScreen")
        await hands.see("PAUSE 4127")
        assert night.writes == []


async def test_a_rollout_to_which_nothing_can_be_done_takes_one_line(on: On, night: Sim) -> None:
    async with on(night) as hands:
        await hands.press("3", "down", "down", "a")
        await hands.see("rollback 3990 to v1.0.0 by dev  completed: nothing can be done to it")
        await hands.see("rollout 4127 to v2.0.0 by ops  in progress at 40%")
        await hands.press("escape")
        hands.app.screen.query_one(Table).move_to("mdl_gemma3_1b/4088")
        await hands.press("a")
        await hands.until(lambda: any("nothing can be done to it" in said for said in hands.said), "toast")


async def test_the_services_own_rollback_is_told_rings_and_is_watched(on: On) -> None:
    sim = Sim("auto-rollback")
    async with on(sim) as hands:
        await hands.see("phi-4-mini")
        assert hands.bells == 0
        sim.move(600)
        await hands.later(5)
        await hands.on("WatchScreen")
        await hands.phase(PHI_ID, Phase.ROLLING_BACK)
        await hands.see("by the server itself: error rate", "limit 5% for 5 min")
        assert hands.bells == 1
        await hands.until(lambda: any("back to v1.0.0 by itself" in said for said in hands.said), "toast")
        await hands.later(5)
        assert hands.bells == 1
        assert sim.writes == []


async def test_who_is_in_the_midst_of_something_is_not_taken_away_from_it(on: On) -> None:
    sim = Sim("auto-rollback")
    async with on(sim) as hands:
        await hands.see("phi-4-mini")
        await hands.press("enter")
        await hands.on("ModelScreen")
        sim.move(600)
        await hands.later(5)
        await hands.until(lambda: PHI_ID in hands.known.rollbacks, "watch")
        assert hands.screen == "ModelScreen"
        await hands.press("w")
        await hands.on("WatchScreen")
