"""What the terminal can do, and what stands between it and the console."""

from __future__ import annotations

import os
import select
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from octomil_tui.cli.checkup.finding import Finding, fine, unknown, wrong
from octomil_tui.cli.checkup.tmux import Tmux, look_at_tmux, tmux_findings
from octomil_tui.domain.text import clean

SMALLEST = (60, 12)
"""Columns and rows below which the screens leave things out."""

_TRUE_COLOUR = frozenset({"truecolor", "24bit"})


@dataclass(frozen=True, slots=True)
class TerminalFacts:
    """What can be found out without drawing."""

    environment: Mapping[str, str] = field(default_factory=dict)
    is_terminal: bool = True
    """Whether standard input, output and error all are one."""
    size: tuple[int, int] = (80, 24)
    encoding: str = "utf-8"
    """Of what is drawn, as Python names it."""
    takes_output: bool = True
    """Whether somebody reads what is written to it."""
    tmux: Tmux | None = None
    """None outside of tmux."""


def look_at_terminal() -> TerminalFacts:
    """Return the facts of this terminal; asks tmux, where there is one, for two seconds at most."""
    is_terminal = all(map(os.isatty, (0, 1, 2)))
    size = shutil.get_terminal_size()
    return TerminalFacts(
        environment=dict(os.environ),
        is_terminal=is_terminal,
        size=(size.columns, size.lines),
        encoding=(getattr(sys.__stderr__, "encoding", None) or "ascii").lower(),
        takes_output=not is_terminal or bool(select.select([], [2], [], 0.2)[1]),
        tmux=look_at_tmux() if os.environ.get("TMUX") else None,
    )


def terminal_findings(facts: TerminalFacts) -> Iterator[Finding]:
    """Yield what is to be said of a terminal."""
    yield _kind(facts)
    if facts.is_terminal:
        yield _size(facts.size)
        if not facts.takes_output:
            yield wrong(
                "output", "nobody reads what is written to this terminal", "press ctrl+q: it may be stopped"
            )
    yield _colour(facts.environment)
    yield _characters(facts)
    if connection := facts.environment.get("SSH_CONNECTION", "").split():
        yield fine(
            "ssh", f"from {clean(connection[0])}; c and y copy to your own terminal, if it takes OSC 52"
        )
    if facts.tmux is not None:
        yield from tmux_findings(facts.tmux, facts.environment.get("TERM", ""))


def _kind(facts: TerminalFacts) -> Finding:
    name = clean(facts.environment.get("TERM") or "")
    if not facts.is_terminal:
        return unknown("terminal", "not a terminal here: the commands work, the full screen does not")
    if name in ("", "dumb"):
        told = f"TERM is {name or 'not set'}: text cannot be placed"
        return wrong("terminal", told, "set TERM to what your terminal is, such as xterm-256color")
    return fine("terminal", name)


def _size(size: tuple[int, int]) -> Finding:
    text = f"{size[0]}x{size[1]}"
    if size[0] < SMALLEST[0] or size[1] < SMALLEST[1]:
        return wrong("size", text, f"make it {SMALLEST[0]}x{SMALLEST[1]} or larger; 80x24 shows everything")
    return fine("size", text)


def _colour(environment: Mapping[str, str]) -> Finding:
    if environment.get("NO_COLOR"):
        return fine("colours", "none, since NO_COLOR is set")
    if environment.get("COLORTERM", "").casefold() in _TRUE_COLOUR:
        return fine("colours", "16 million")
    if "256" in environment.get("TERM", "") or "direct" in environment.get("TERM", ""):
        return fine("colours", "256; COLORTERM=truecolor gives all, where the terminal has them")
    return unknown("colours", "16, as far as TERM tells", "--theme ansi uses your terminal's own")


def _characters(facts: TerminalFacts) -> Finding:
    # LC_ALL goes before LC_CTYPE, and that before LANG.
    names = ("LC_ALL", "LC_CTYPE", "LANG")
    told = next(((name, facts.environment[name]) for name in names if facts.environment.get(name)), None)
    locale = f"{told[0]}={clean(told[1])}" if told is not None else "no locale is set"
    if facts.encoding.replace("-", "") == "utf8":
        return fine("characters", f"UTF-8 ({locale})")
    return unknown(
        "characters",
        f"{clean(facts.encoding)} ({locale}): boxes are drawn in ASCII",
        "LANG=C.UTF-8 gives the others",
    )
