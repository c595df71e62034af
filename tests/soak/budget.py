"""Ten minutes among twenty models with a rollback watched: how full the fullest minute was, and how old a figure ever got."""

from __future__ import annotations

import json
import re
import tempfile
import time
from collections import Counter
from datetime import datetime
from itertools import cycle
from pathlib import Path

from tests.bench.busy import fullest_minute
from tests.bench.fleet import Fleet
from tests.cli.drill import Drill
from tests.e2e.hands import confirm, console, press_until
from tests.terminal.pty import Terminal

MODELS = 20
OWN, ALLOWED = 80, 100
"""Requests of any 60 s: of its own accord, and with what a person asks for."""
OLDEST = 20.0
"""Seconds that the oldest figure behind any screen may have; an idle list is read each 5 to 10 s."""

_AGE = re.compile(r"(LIVE|STALE|OFFLINE|CONNECTING)(?: (?:(\d+)m)?(\d+)s)?")
_WALK = (
    ("1",),
    ("2", "down", "enter"),
    ("esc",),
    ("3",),
    ("4", "down", "enter"),
    ("esc",),
    ("@",),
    ("esc",),
    ("1", "home", "w"),
)
_STEP = 7.0
"""Seconds between two places."""


def run(*, minutes: float) -> bool:
    """Watch, look at every place in turn, and say whether the limits held."""
    with tempfile.TemporaryDirectory() as directory, Fleet("models", MODELS) as drill:
        path = Path(directory) / "requests.ndjson"
        oldest, words = _watch(drill, path, minutes * 60)
        log = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    times = [(datetime.fromisoformat(one["time"]).timestamp(), one["asked_by"]) for one in log]
    own = fullest_minute([at for at, who in times if who.split()[0] in ("poll", "watch")])
    whole = fullest_minute([at for at, _ in times])
    asked = ", ".join(f"{count} {who}" for who, count in Counter(who for _, who in times).most_common())
    print(f"== budget, {MODELS} models and a watch, {minutes:g} minutes: {len(log)} requests ({asked})")  # noqa: T201
    print(f"fullest minute: {own} of its own accord (allowed {OWN}), {whole} in all (allowed {ALLOWED})")  # noqa: T201
    print(f"oldest figure on screen: {oldest:.0f} s (allowed {OLDEST:.0f}); line 1 said {dict(words)}")  # noqa: T201
    is_good = own <= OWN and whole <= ALLOWED and oldest <= OLDEST and not words["STALE"]
    print("ok" if is_good else "TOO MUCH")  # noqa: T201
    return is_good


def _watch(drill: Drill, path: Path, seconds: float) -> tuple[float, Counter[str]]:
    """Return the greatest age that line 1 gave, and how often it said which word."""
    oldest, words, walk = 0.0, Counter[str](), cycle(_WALK)
    with console(drill, "--request-log", str(path)) as terminal:
        terminal.wait_for("phi-4-mini", deadline=60)
        terminal.press("R")
        terminal.wait_for("CHANGE", deadline=60)
        press_until(terminal, "enter", "name not typed")
        confirm(terminal, "phi-4-mini")
        until, next_step = time.monotonic() + seconds, time.monotonic() + _STEP
        while time.monotonic() < until:
            terminal.drain(0.4)
            if (found := _AGE.search(terminal.text.splitlines()[0])) is not None:
                words[found[1]] += 1
                oldest = max(oldest, 60.0 * int(found[2] or 0) + int(found[3] or 0))
            if time.monotonic() >= next_step:
                next_step += _STEP
                _go(terminal, next(walk))
    return oldest, words


def _go(terminal: Terminal, keys: tuple[str, ...]) -> None:
    for key in keys:
        terminal.press(key)
        terminal.drain(0.3)
