"""A person at the installed console: a real terminal, a real control plane, keys one at a time."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.cli.drill import Drill
from tests.terminal.pty import Terminal

CONSOLE = Path(sys.executable).with_name("octomil-console")
LONG = 60.0
"""Seconds for a rollback to come to its end at the speed of the drill."""


def console(drill: Drill, *arguments: str, size: tuple[int, int] = (80, 24), **env: str | None) -> Terminal:
    """Return the console in a terminal, on the drill's control plane."""
    command: list[str | Path] = [CONSOLE, *arguments]
    return Terminal(command, size=size, env={**drill.env, "OCTOMIL_ORG_ID": "acme-edge", **env})


def type_text(terminal: Terminal, text: str) -> None:
    """Type as people do: each character is on the screen before the next one comes."""
    typed = ""
    for character in text:
        terminal.press(character)
        typed += character
        terminal.wait_for(typed.rstrip())


def press_apart(terminal: Terminal, *keys: str) -> None:
    """Press keys, each when the screen shows what the one before did: the focus moves only then."""
    for key in keys:
        terminal.press(key)
        terminal.wait(lambda: not terminal.drain(patience=0.15), "screen that stands still")


def press_until(terminal: Terminal, key: str, text: str) -> None:
    """Press a key until the screen says so; an Enter that came too early after the dialog opened does not count."""
    for _ in range(20):
        terminal.press(key)
        try:
            terminal.wait_for(text, deadline=2.0)
        except AssertionError:
            continue
        return
    terminal.wait_for(text)


def confirm(terminal: Terminal, word: str, reason: str = "errors 6.1%") -> None:
    """Fill in the confirmation and send."""
    terminal.wait_for("Why?")
    type_text(terminal, reason)
    press_apart(terminal, "tab", "tab")
    type_text(terminal, word)
    terminal.wait_for("ROLL BACK")
    press_until(terminal, "enter", "verified")
