"""The confirmation form in a test's hands."""

from __future__ import annotations

import asyncio

import pytest
from textual.widgets import Input

from octomil_tui.engine.preflight import Preflight
from tests.ui.consoles import Hands

SIZES = pytest.mark.parametrize("size", [(80, 24), (160, 48)], ids=["80", "160"])


async def form(hands: Hands) -> None:
    """Go from the fleet to the form and let its quiet time pass."""
    await hands.press("R")
    await hands.see("SCOPE:")
    await hands.press("enter")
    await hands.see("2/2", "Why?")
    hands.clock.now += 1


def value(hands: Hands, field: str) -> str:
    return hands.app.screen.query_one(f"#{field}", Input).value


async def confirm_held_back(hands: Hands, monkeypatch: pytest.MonkeyPatch, *keys: str) -> asyncio.Event:
    """Confirm, and press keys while the fleet is read once more; the event lets that read end."""
    session = hands.app._session
    assert session is not None
    gate, again = asyncio.Event(), session._again

    async def held(shown: Preflight) -> Preflight:
        await gate.wait()
        return await again(shown)

    monkeypatch.setattr(session, "_again", held)
    await form(hands)
    await hands.confirm()
    await hands.press("enter")
    for key in keys:
        await hands.press(key)
        # The focus is given back after the key itself was heard.
        await hands.settle()
    return gate
