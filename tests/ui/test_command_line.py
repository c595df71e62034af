"""The command line, the palette, and what is seen of one thing: driven by keys, on a control plane."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from textual.widgets import Input

from octomil_tui.ui.screens.command_line import CommandLine
from octomil_tui.ui.switching import KnownProfile
from tests.ui.conftest import On
from tests.ui.consoles import READ_ONLY, Hands, console, given
from tests.ui.hostile import ATTACKS, hostile, raw
from tests.ui.sims import PHI_ID, Sim
from tests.ui.watching import roll_back

pytestmark = pytest.mark.anyio


async def say(hands: Hands, text: str) -> None:
    """Type a command and run it."""
    await hands.press("colon")
    await hands.on("CommandLine")
    await hands.type(text)
    await hands.press("enter")
    await hands.settle()


@pytest.mark.parametrize(
    ("text", "screen", "seen"),
    [
        ("rollouts", "RolloutsScreen", "4127"),
        ("policy", "PolicyScreen", "RULES"),
        ("model sent", "ModelScreen", "Fleet > sentiment-v1"),
        ("group eu-kiosks", "GroupScreen", "Groups > eu-kiosks"),
        ("rollback gemma3-1b", "WizardScreen", "ROLL BACK gemma3-1b"),
        ("roll back", "WizardScreen", "ROLL BACK phi-4-mini"),
        ("filter sent", "ModelsScreen", "1 of 4"),
        ("help bounced", "HelpScreen", "verified, then left"),
        ("json", "JsonScreen", "AS THIS CONSOLE HAS IT"),
        ("errors", "ErrorsScreen", "Nothing fails now."),
        ("quit", "LeaveDialog", "Leave the console?"),
    ],
)
async def test_a_command_leads_where_it_says_and_sends_nothing(
    on: On, night: Sim, text: str, screen: str, seen: str
) -> None:
    async with on(night) as hands:
        await say(hands, text)
        await hands.on(screen)
        await hands.see(seen)
        assert night.writes == []


async def test_a_device_and_a_rollout_are_found_in_their_lists(on: On, night: Sim) -> None:
    async with on(night) as hands:
        devices = hands.known.snapshot.devices or ()
        one = next(device for device in devices if device.groups)
        await say(hands, f"device {one.id}")
        await hands.on("GroupScreen")
        await hands.until(lambda: one.name in hands.cursor, "cursor on the device")
        await say(hands, "rollout 4102")
        await hands.on("RolloutsScreen")
        await hands.until(lambda: "4102" in hands.cursor, "cursor on the rollout")
        await say(hands, "sort model")
        await hands.settle()
        assert hands.screen in ("RolloutsScreen", "CommandLine")


async def test_what_is_not_understood_stays_in_the_line_to_be_mended(on: On, night: Sim) -> None:
    async with on(night) as hands:
        await say(hands, "modle phi-4-mini")
        await hands.see("modle: there is no such command; the nearest is model")
        await hands.press("escape")
        for text, said in (
            ("model phi-9", "phi-9: there is no such model"),
            ("stragglers", "not here: on a watch"),
            ("ctx", "there are no profiles"),
            ("theme solarized", "there is no such theme"),
            ("report 4127", "4127: there is no such rollback"),
            ("scope", "not here: on a preview"),
        ):
            await say(hands, text)
            await hands.see(said)
            await hands.press("escape")
            await hands.on("FleetScreen")


async def test_tab_completes_and_goes_on_and_the_history_comes_back(on: On, night: Sim) -> None:
    async with on(night) as hands:
        await hands.press("colon")
        await hands.type("mode")
        line = hands.app.screen.query_one("#command", Input)
        await hands.press("tab")
        assert line.value == "model"
        await hands.type(" ph")
        await hands.press("tab")
        assert line.value == "model phi-4-mini"
        await hands.press("enter")
        await hands.on("ModelScreen")
        await say(hands, "groups")
        await hands.on("GroupsScreen")
        await hands.press("colon")
        await hands.type("x")
        line = hands.app.screen.query_one("#command", Input)
        await hands.press("up", "up")
        assert line.value == "model phi-4-mini"
        await hands.press("up", "down", "down")
        assert line.value == "x"
        line.value = "model "
        await hands.settle()
        await hands.press("tab", "tab", "shift+tab")
        assert line.value == "model phi-4-mini"
        line.value = ""
        await hands.press("enter")
        await hands.on("GroupsScreen")


async def test_a_command_that_is_typed_in_one_go_loses_no_letter(on: On, night: Sim) -> None:
    async with on(night) as hands:
        await hands.burst(":groups")
        await hands.until(lambda: bool(hands.app.screen.query("#command")), "line")
        await hands.until(lambda: hands.app.screen.query_one("#command", Input).value == "groups", "command")
        await hands.press("enter")
        await hands.on("GroupsScreen")


async def test_what_is_behind_the_line_goes_on(on: On, night: Sim) -> None:
    async with on(night) as hands:
        await hands.press("colon")
        await hands.on("CommandLine")
        fleet = hands.app.screen_stack[0]
        seen = []
        fleet.show = lambda: seen.append(1)  # type: ignore[attr-defined]
        await hands.later(30)
        assert seen


async def test_profiles_and_themes_are_the_apps(on: On, night: Sim, monkeypatch: pytest.MonkeyPatch) -> None:
    async with on(night) as hands:
        chosen: list[str] = []
        app = hands.app

        known = (KnownProfile("prod", "PROD", "a"), KnownProfile("stag\x1b[2J", "STAG", "b"))
        monkeypatch.setattr(app, "profiles_known", lambda: known)
        monkeypatch.setattr(app, "switch_profile", chosen.append)
        monkeypatch.setattr(app, "choose_theme", chosen.append)
        await say(hands, "ctx")
        await hands.see("profiles: prod, stag\\x1b[2J")
        await hands.press("escape")
        await say(hands, "ctx stag")
        await hands.until(lambda: chosen == ["stag\x1b[2J"], "profile")
        await say(hands, "ctx nope")
        await hands.see("there is no such profile")
        await hands.press("escape")
        await say(hands, "theme mono")
        await hands.until(lambda: chosen[-1:] == ["mono"], "theme")


async def test_a_form_is_decided_before_anything_else_is_asked(on: On, night: Sim) -> None:
    async with on(night) as hands:
        await hands.press("R")
        await hands.see("SCOPE:")
        await hands.press("enter")
        await hands.see("2/2")
        hands.clock.now += 1
        for key in ("colon", "ctrl+p"):
            hands.app.screen.set_focus(None)
            await hands.press(key)
            await hands.settle()
            assert hands.screen == "WizardScreen"
        assert "first decide what is asked here, or esc" in hands.said


async def test_the_palette_says_why_and_goes_on_in_the_line(on: On, night: Sim) -> None:
    async with on(night) as hands:
        await hands.press("ctrl+p")
        await hands.type("scope")
        await hands.press("enter")
        await hands.see("not here: on a preview")
        for _ in range(5):
            await hands.press("backspace")
        await hands.type("group")
        await hands.press("down", "up")
        await hands.until(lambda: "groups" in hands.picture, "groups")
        line = hands.app.screen.query_one("#palette-field", Input)
        line.value = "device"
        await hands.settle()
        await hands.press("enter")
        await hands.on("CommandLine")
        assert isinstance(hands.app.screen, CommandLine)
        assert hands.app.screen.query_one("#command", Input).value == "device "


async def test_in_read_only_what_leads_to_a_write_is_there_and_says_so(on: On, night: Sim) -> None:
    async with on(night, place=READ_ONLY) as hands:
        await hands.press("ctrl+p")
        await hands.type("rollback")
        await hands.see("read-only: shows it, and sends nothing")
        await hands.press("enter")
        await hands.on("WizardScreen")
        await hands.see("SCOPE:")
        assert night.methods == {"GET"}


async def test_the_line_and_the_palette_have_help(on: On, night: Sim) -> None:
    async with on(night) as hands:
        for key, screen, seen in (
            ("colon", "CommandLine", "what was typed before"),
            ("ctrl+p", "Palette", "another one"),
            ("q", "LeaveDialog", "stay"),
        ):
            await hands.press(key)
            await hands.on(screen)
            await hands.press("f1")
            await hands.on("HelpScreen")
            await hands.see(seen)
            await hands.press("escape")
            await hands.on(screen)
            await hands.press("escape")
            await hands.on("FleetScreen")


async def test_the_picture_is_frozen_and_nothing_can_be_sent(on: On, night: Sim) -> None:
    async with on(night) as hands:
        before = hands.rows[0]
        await hands.press("p")
        await hands.see("FROZEN")
        assert "LIVE" not in hands.rows[0]
        known = hands.known
        session = hands.app._session
        assert session is not None
        hands.clock.now += 120
        session.refresh()
        await hands.until(lambda: session.state is not known, "news")
        await hands.settle()
        assert hands.known is known
        assert "LIVE" in before
        for key in ("R", "a"):
            await hands.press(key)
            await hands.settle()
            assert hands.screen == "FleetScreen"
            assert hands.said[-1].startswith("the picture is frozen")
        await hands.press("p")
        await hands.see("LIVE")
        assert hands.known is not known
        assert night.writes == []


async def test_a_confirmation_that_was_complete_sends_nothing_while_frozen(on: On, night: Sim) -> None:
    async with on(night) as hands:
        await hands.press("R")
        await hands.see("SCOPE:")
        await hands.press("enter")
        await hands.see("2/2")
        await hands.confirm()
        hands.app.action_freeze()
        await hands.settle()
        hands.clock.now += 1
        await hands.press("enter")
        await hands.settle()
        assert night.writes == []


async def test_errors_tell_what_fails_and_when_it_is_tried_again(on: On, night: Sim) -> None:
    async with on(night) as hands:
        night.answers["/devices"] = httpx.Response(503, json={"error": "down"})
        hands.clock.now += 60
        session = hands.app._session
        assert session is not None
        session.refresh()
        await hands.until(lambda: any(read.failures for read in hands.known.reads.values()), "failure")
        await hands.press("exclamation_mark")
        await hands.on("ErrorsScreen")
        await hands.see("do not work now", "503", "FAILED REQUESTS")
        await hands.press("slash")
        await hands.type("status:404")
        await hands.see("0 of")
        await hands.press("escape", "at")
        await hands.on("RequestsScreen")


@pytest.mark.parametrize("attack", ATTACKS)
async def test_hostile_names_can_be_completed_and_shown(tmp_path: Path, attack: str) -> None:
    service = hostile(ATTACKS[attack])

    @asynccontextmanager
    async def opened():  # type: ignore[no-untyped-def]
        async with given(service) as one:
            yield one

    async with console(opened, tmp_path, load=False) as hands:
        await hands.until(lambda: bool(hands.known.snapshot.models), "models")
        await hands.settle()
        for line in ("model ", "group ", "device ", "rollout "):
            await hands.press("colon")
            await hands.on("CommandLine")
            await hands.until(lambda: bool(hands.app.screen.query("#command")), "line")
            field = hands.app.screen.query_one("#command", Input)
            field.value = line
            await hands.settle()
            await hands.press("tab", "tab")
            assert not raw(hands.rows)
            assert not raw([field.value])
            await hands.press("escape")
        await hands.press("i")
        await hands.on("JsonScreen")
        assert not raw(hands.rows)
        await hands.press("c")
        assert hands.app.is_running


async def test_the_next_model_and_the_next_group_are_a_key_away(on: On, night: Sim) -> None:
    async with on(night) as hands:
        await hands.press("enter")
        await hands.see("Fleet > phi-4-mini")
        await hands.press("right_square_bracket")
        await hands.see("Fleet > sentiment-v1")
        await hands.press("left_square_bracket", "left_square_bracket")
        await hands.see("Fleet > whisper-sm")
        await say(hands, "group canary")
        await hands.see("Groups > canary")
        await hands.press("right_square_bracket")
        await hands.see("Groups > staging")
        assert len(hands.app.screen_stack) == 3


async def test_a_report_is_written_by_name(on: On, night: Sim, tmp_path: Path) -> None:
    async with on(night, reports=tmp_path / "reports") as hands:
        await roll_back(hands)
        await hands.later(60)
        number = hands.rollback(PHI_ID).rollout_id
        await say(hands, f"report {number}")
        await hands.until(lambda: any(said.startswith("the report: ") for said in hands.said), "report")
        assert list((tmp_path / "reports").glob("*.md"))


async def test_help_looks_for_what_is_typed(on: On, night: Sim) -> None:
    async with on(night) as hands:
        await hands.press("question_mark")
        await hands.on("HelpScreen")
        await hands.type("bounced")
        await hands.see("verified, then left", "with it.")
        await hands.gone("reachable")
        await hands.type("zz")
        await hands.see('Nothing here says "bouncedzz".')
        await hands.press("escape")
        await hands.see("reachable")
        await hands.press("slash")
        await hands.type("held")
        await hands.press("enter", "escape")
        await hands.see("reachable")
        await hands.press("escape")
        await hands.on("FleetScreen")


async def test_help_tells_of_the_step_that_it_was_asked_on(on: On, night: Sim) -> None:
    async with on(night) as hands:
        await hands.press("R")
        await hands.see("SCOPE:")
        await hands.press("f1")
        await hands.see("1 of 2, the preview")
        await hands.press("escape", "enter")
        await hands.see("2/2")
        await hands.press("f1")
        await hands.see("2 of 2, the confirmation")


async def test_the_fleet_is_narrowed_on_the_page_of_its_list(on: On, night: Sim) -> None:
    async with on(night, place=replace(READ_ONLY, read_only=False)) as hands:
        await hands.press("slash")
        await hands.on("ModelsScreen")
        await hands.type("gem")
        await hands.see("1 of 4")
        await hands.type("zz")
        await hands.see("no model passes the filter")
        await hands.press("escape", "1", "tab", "slash")
        await hands.on("GroupsScreen")
