"""What tmux lets through, where the console runs in it."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from octomil_tui.cli.checkup.finding import Finding, fine, unknown
from octomil_tui.domain.text import clean

WITHIN: Final = 1.0
"""Seconds for each of two questions to tmux."""

_OPTIONS = ("tmux", "show-options", "-s", ";", "show-options", "-g", ";", "show-options", "-gw")
_VERSION = re.compile(r"(\d+)\.(\d+)")
_PASSTHROUGH_SINCE = (3, 3)


@dataclass(frozen=True, slots=True)
class Tmux:
    """One tmux, as it answers."""

    version: str = ""
    """Such as `3.4`; empty where it did not say."""
    options: Mapping[str, str] = field(default_factory=dict)
    """By name; empty where it did not say."""


def look_at_tmux() -> Tmux:
    """Return what the tmux around this process is set to."""
    version = _ask("tmux", "-V").removeprefix("tmux ").strip()
    return Tmux(clean(version, 40), read_options(_ask(*_OPTIONS)))


def _ask(*command: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - fixed words; the key is no longer in the environment
            command, capture_output=True, check=False, timeout=WITHIN, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode("utf-8", "replace")


def read_options(text: str) -> dict[str, str]:
    """Return options by name from lines such as `set-clipboard external`."""
    found = {}
    for row in text.splitlines():
        name, _, value = row.partition(" ")
        try:
            words = shlex.split(value)
        except ValueError:
            words = [value]
        found[clean(name, 60)] = clean(" ".join(words))
    return found


def tmux_findings(tmux: Tmux, term: str) -> Iterator[Finding]:
    """Yield what is to be said of a tmux.

    Args:
        tmux: What it is set to.
        term: `TERM` inside of it.
    """
    if not tmux.options:
        yield unknown("tmux", f"{tmux.version or 'some version'}; it did not say how it is set")
        return
    yield fine("tmux", tmux.version or "some version")
    clipboard = tmux.options.get("set-clipboard", "?")
    # With `external`, its default, it takes nothing from programs that run in it.
    if clipboard == "on":
        yield fine("tmux", "set-clipboard is on: c and y reach your terminal, if it takes OSC 52")
    else:
        told = f"set-clipboard is {clipboard}: c and y copy nowhere"
        yield unknown("tmux", told, "tmux set -s set-clipboard on")
    if term.partition("-")[0] not in ("tmux", "screen"):
        yield unknown(
            "tmux",
            f"TERM is {clean(term)} inside of it",
            "default-terminal should be tmux-256color, and TERM left alone",
        )
    elif "256" not in term and "direct" not in term:
        told = f"default-terminal is {clean(tmux.options.get('default-terminal', term))}: few colours"
        yield unknown("tmux", told, "tmux set -s default-terminal tmux-256color")
    yield from _more(tmux)


def _more(tmux: Tmux) -> Iterator[Finding]:
    if tmux.options.get("focus-events", "off") != "on":
        yield unknown(
            "tmux",
            "focus-events is off: it is not known whether somebody looks",
            "tmux set -s focus-events on",
        )
    found = _VERSION.search(tmux.version)
    is_new = found is not None and (int(found[1]), int(found[2])) >= _PASSTHROUGH_SINCE
    if is_new and tmux.options.get("allow-passthrough", "off") == "off":
        yield unknown(
            "tmux",
            "allow-passthrough is off: notifications do not reach your terminal",
            "tmux set -gw allow-passthrough on",
        )
