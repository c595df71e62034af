"""A walk through everything that the console shows, from the fleet to the end of a rollback, by keys."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from tests.e2e.hands import CONSOLE, press_apart, press_until, type_text
from tests.faults.odd_names import OddNames
from tests.terminal.pty import Terminal

GROUP = "staging"
"""The group that is rolled back; its name is spared, since a name with an attack in it cannot be typed."""

PLACES = (
    "fleet",
    "toast",
    "models",
    "model",
    "help",
    "rollouts",
    "groups",
    "palette",
    "device",
    "preview",
    "chooser-v",
    "chooser-s",
    "confirm",
    "refused",
    "watch",
    "stragglers",
    "done",
    "error",
    "leave",
    "summary",
)
"""What is looked at on the way."""

CHOSEN = re.compile(rf"▌ +{GROUP}")
LONG = 20.0

Look = Callable[[str], None]
"""Called with the name of each place while it is shown."""


def begin(service: OddNames, size: tuple[int, int], state: Path) -> Terminal:
    """Return the installed console in a terminal, with the fleet on it."""
    terminal = Terminal([CONSOLE], size=size, env={**service.env, "XDG_STATE_HOME": str(state)})
    terminal.wait_for("50/124", deadline=LONG)
    still(terminal)
    return terminal


def still(terminal: Terminal) -> None:
    """Wait until everything that was asked for is on the screen: once drawn, little but the clock changes."""
    terminal.wait(lambda: not terminal.drain(0.2), "screen that stands still", deadline=LONG)


A_MINUTE = 90.0
"""Seconds in which there is room for requests again, whatever was asked before."""


def walk(terminal: Terminal, service: OddNames, look: Look, reason: str) -> None:
    """Show everything once, to the end of the console; `reason` is pasted as the reason of the first try."""
    _lists(terminal, look)
    _details(terminal, look)
    _preview(terminal, look)
    _refused(terminal, service, look, reason)
    _watched(terminal, service, look)
    _broken(terminal, service, look)


def _lists(terminal: Terminal, look: Look) -> None:
    look("fleet")
    terminal.press("w")
    terminal.wait_for("nothing to watch")
    look("toast")
    terminal.press("2")
    terminal.wait_for("split between versions")
    look("models")
    terminal.press("enter")
    terminal.wait_for("NEVER DEPLOYED")
    look("model")
    terminal.press("?")
    terminal.wait_for("ON THIS SCREEN")
    look("help")
    terminal.press("esc")
    terminal.wait_gone("ON THIS SCREEN")
    for key, sentence, place in (
        ("3", "of them rolling back", "rollouts"),
        ("4", "124 devices: 124 online", "groups"),
    ):
        terminal.press(key)
        terminal.wait_for(sentence)
        look(place)
    terminal.press("ctrl+p")
    terminal.wait_for("what do you want?", deadline=LONG)
    look("palette")
    terminal.press("esc")
    terminal.wait_gone("COMMANDS")


def _details(terminal: Terminal, look: Look) -> None:
    terminal.press("1")
    terminal.wait_for("w watch  ⏎ open")
    terminal.wait_for(f" {GROUP} ")
    still(terminal)
    row = next(y for y, line in enumerate(terminal.lines) if f" {GROUP} " in line)
    terminal.click(6, row)
    terminal.wait(lambda: bool(CHOSEN.search(terminal.text)), "cursor on the group")
    terminal.press("enter")
    terminal.wait_for("12 devices: 12 online")
    terminal.wait_for("reports")
    look("device")
    terminal.press("1")
    terminal.wait_for("w watch  ⏎ open")
    terminal.wait(lambda: bool(CHOSEN.search(terminal.text)), "cursor on the group")


def _preview(terminal: Terminal, look: Look) -> None:
    terminal.press("R")
    terminal.wait_for("12 CHANGE")
    look("preview")
    for key in ("v", "s"):
        terminal.press(key)
        terminal.wait_for("esc leave as it is")
        look(f"chooser-{key}")
        terminal.press("esc")
        terminal.wait_gone("esc leave as it is")


def _refused(terminal: Terminal, service: OddNames, look: Look, reason: str) -> None:
    press_until(terminal, "enter", "enter Cancel (name not typed)")
    terminal.press(f"\x1b[200~{reason}\x1b[201~")
    press_apart(terminal, "tab", "tab")
    type_text(terminal, GROUP)
    terminal.wait_for("enter ROLL BACK")
    look("confirm")
    service.refuses_writes = True
    press_until(terminal, "enter", "The server refused")
    look("refused")
    service.refuses_writes = False


def _watched(terminal: Terminal, service: OddNames, look: Look) -> None:
    terminal.press("R")
    terminal.wait_for("12 CHANGE")
    press_until(terminal, "enter", "enter Cancel (name not typed)")
    type_text(terminal, "why")
    press_apart(terminal, "tab", "tab")
    type_text(terminal, GROUP)
    terminal.wait_for("enter ROLL BACK")
    press_until(terminal, "enter", "of 12 verified")
    service.move(90)
    terminal.press("ctrl+r")
    terminal.wait_gone("0 of 12 verified")
    look("watch")
    terminal.press("L")
    terminal.wait_gone("esc leave, stops nothing")
    look("stragglers")
    terminal.press("esc")
    terminal.wait_for("esc leave, stops nothing")
    # Few steps: each refresh costs requests, and a minute has a hundred.
    for _ in range(3):
        service.move(240)
        terminal.press("ctrl+r")
        terminal.drain(0.1)
    terminal.wait_for("12 of 12 reachable devices settled", deadline=A_MINUTE)
    look("done")


def _broken(terminal: Terminal, service: OddNames, look: Look) -> None:
    terminal.press("1")
    terminal.wait_for("DEVICE GROUPS")
    service.is_broken = True
    terminal.press("ctrl+r")
    terminal.wait_for("again in", deadline=A_MINUTE)
    look("error")
    terminal.press("1")
    terminal.wait_for("w watch  ⏎ open")
    terminal.press("q")
    terminal.wait_for("Leave the console?")
    look("leave")
    terminal.press("y")
    assert terminal.wait_exit(deadline=LONG) == 0
    look("summary")
