"""Read-only: whatever is pressed on whatever screen, nothing but GET reaches the server."""

from __future__ import annotations

import pytest

from octomil_tui.domain.rollback import Phase
from octomil_tui.ui.command import Takes, commands
from octomil_tui.ui.intents import INTENTS
from octomil_tui.ui.offer import own_ids
from octomil_tui.ui.screens.base import BaseScreen
from tests.ui.conftest import On
from tests.ui.consoles import READ_ONLY
from tests.ui.places import WAYS, go
from tests.ui.sims import PHI_ID, Sim

STAYING = (
    *("j", "k", "g", "G", "s", "S", "home", "end", "ctrl+d", "ctrl+u", "space", "right", "L", "v"),
    *("ctrl+r", "ctrl+l", "ctrl+t", "tab", "shift+tab"),
    *("n", "N", "c", "y", "e", "A", "b", "i", "p", "p", "slash", "o", "escape"),
)
"""Keys that leave most screens where they are."""
LEADING = ("R", "enter", "w", "a", "P", "m", "d", "left_square_bracket", "right_square_bracket")
ELSEWHERE = (
    "question_mark",
    "at",
    "exclamation_mark",
    "colon",
    "ctrl+p",
    "q",
    "escape",
    "1",
    "2",
    "3",
    "4",
    "5",
)


def test_every_bound_key_is_among_them() -> None:
    bound = {key for one in INTENTS if one.id not in ("interrupt", "suspend") for key in one.keys.split(",")}
    assert bound - {"f1"} <= {*STAYING, *LEADING, *ELSEWHERE}


@pytest.mark.anyio
async def test_case_42_all_keys_on_every_screen(on: On, night: Sim) -> None:
    async with on(night, place=READ_ONLY) as hands:
        for screen in WAYS:
            await go(hands, screen)
            await hands.quick(*STAYING)
            for key in (*LEADING, *(ELSEWHERE if screen == "FleetScreen" else ())):
                if hands.screen != screen:
                    await go(hands, screen)
                await hands.quick(key)
                await hands.quick("enter", "enter", *STAYING)
            assert hands.app.is_running
        assert night.methods == {"GET"}


@pytest.mark.anyio
async def test_somebody_elses_rollback_is_watched_read_only(on: On, night: Sim) -> None:
    async with on(night, place=READ_ONLY) as hands:
        await night.post(f"/v1/models/{PHI_ID}/rollback", {"to_version": "1.0.0"})
        await hands.later(5)
        await hands.until(lambda: hands.known.snapshot.rollouts[PHI_ID][0].is_rollback, "rollback")
        await hands.press("w")
        await hands.on("WatchScreen")
        await hands.phase(PHI_ID, Phase.ROLLING_BACK)
        assert night.methods == {"GET"}


@pytest.mark.anyio
@pytest.mark.parametrize("screen", WAYS)
async def test_case_42_all_commands_on_every_screen(on: On, night: Sim, screen: str) -> None:
    async with on(night, place=READ_ONLY) as hands:
        ran = set()
        await go(hands, screen)
        shown = hands.app.screen
        assert isinstance(shown, BaseScreen)
        own = own_ids(shown)
        for one in commands():
            if one.name in ("suspend", "interrupt"):  # there is no shell behind a test to go back to
                continue
            if screen != "FleetScreen" and (one.intent is None or one.intent.id not in own):
                # What is of no screen, or of every one, does the same from all of them.
                continue
            for line in dict.fromkeys((one.name, f"{one.name} {_BEHIND.get(one.takes, '')}".strip())):
                if hands.screen != screen:
                    await go(hands, screen)
                in_front = hands.app.screen
                assert isinstance(in_front, BaseScreen)
                await hands.until(lambda: hands.app._asking_screen() is not None, "screen with all its parts")
                deed = hands.app._understand(in_front, line)
                if not isinstance(deed, str):
                    await hands.app._done(deed)
                await hands.quick("enter", "tab", "escape", "escape", "escape")
                ran.add(one.name)
        await go(hands, "FleetScreen")
        assert screen != "FleetScreen" or {"rollback", "actions", "watch", "leave", "model", "filter"} <= ran
        assert hands.app.is_running
        assert night.methods == {"GET"}


_BEHIND = {
    Takes.MODEL: "phi-4-mini",
    Takes.GROUP: "staging",
    Takes.ROLLBACK: "phi-4-mini",
    Takes.ROLLOUT: "4127",
    Takes.TERMS: "state:!online",
    Takes.COLUMN: "model",
    Takes.TERM: "held",
}
