"""A console of its own state directory, and the way to a filled-in confirmation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from tests.cli.drill import Drill
from tests.e2e.hands import CONSOLE, press_apart, press_until, type_text
from tests.terminal.pty import Terminal

LONG = 30.0
"""Seconds for what a busy machine may take its time with."""

NOBODY = {"OCTOMIL_API_URL": "http://127.0.0.1:9/v1", "OCTOMIL_API_KEY": "edg_test_key_0123456789"}


def begin(
    drill: Drill | None,
    state: Path,
    *arguments: str,
    size: tuple[int, int] = (80, 24),
    line: str = "exec {console}",
    controlling: bool = True,
    env: Mapping[str, str | None] | None = None,
) -> Terminal:
    """Return the installed console in a terminal.

    Args:
        drill: The control plane; None where nothing is asked.
        state: Where the console writes things down.
        arguments: Of the console.
        size: Columns and rows.
        line: What a shell does to start it.
        controlling: Whether the console hears of it when the terminal goes.
        env: Added to the environment; None removes a name.
    """
    command = line.format(console=" ".join([str(CONSOLE), *arguments]))
    around = {
        **(drill.env if drill is not None else NOBODY),
        "OCTOMIL_ORG_ID": "acme-edge",
        "XDG_STATE_HOME": str(state),
    }
    return Terminal(["sh", "-c", command], size=size, env={**around, **(env or {})}, controlling=controlling)


def shown(terminal: Terminal) -> Terminal:
    """Wait until the whole fleet is on the screen."""
    terminal.wait_for("50/124", deadline=LONG)
    terminal.wait_for("LIVE", deadline=LONG)
    return terminal


def fill_in(terminal: Terminal, word: str = "phi-4-mini") -> None:
    """Go from the fleet to a confirmation in which everything is typed and only Enter is missing."""
    terminal.press("R")
    terminal.wait_for("50 CHANGE", deadline=LONG)
    press_until(terminal, "enter", "2/2")
    # Where there is room the form is there before it has the focus: what comes too soon is for the preview.
    settle(terminal)
    type_text(terminal, "errors 6.1%")
    press_apart(terminal, "tab", "tab")
    type_text(terminal, word)
    terminal.wait_for("enter ROLL BACK", deadline=LONG)


def settle(terminal: Terminal) -> None:
    """Wait until everything that was pressed was heard: the screen stands still, but for the clock."""
    terminal.wait(lambda: not terminal.drain(patience=0.3), "screen that stands still", deadline=LONG)


def press_while(terminal: Terminal, key: str, missing: Callable[[], bool], what: str) -> None:
    """Press a key until something is there; an Enter that came too early does not count."""
    for _ in range(15):
        terminal.press(key)
        try:
            terminal.wait(lambda: not missing(), what, deadline=2.0)
        except AssertionError:
            continue
        return
    raise AssertionError(f"no {what}; the screen:\n{terminal.text}")
