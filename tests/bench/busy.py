"""Goals 13 and 14: what a console with everything open asks of the service, and how soon a change is on its screen."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import pairwise
from math import ceil
from statistics import median
from typing import Any

import httpx

from tests.bench.bench import Bench, ms
from tests.bench.fleet import Fleet
from tests.bench.goals import Figure
from tests.bench.latency import MODEL, roll_back
from tests.bench.terminal import NothingCameError, Terminal
from tests.cli.drill import Drill

MODELS = 20
MINUTE = 60.0
SPARE = 3.0
"""Seconds beyond it, so that a whole minute is in the server's log."""
LEAST = 12
"""Changes that are needed for a 95th percentile."""
PATIENCE = 15.0
GRACE = 0.05
"""Seconds for drawing, beyond the poll period and one round trip."""

_OFFLINE = re.compile(r"(\d+) offline\.")
_PLACES = ("1", "2", "3", "4")
"""Keys of the places that every screen leads to."""
_BAD = "2.0.0"
_LOOK = 0.5
"""Seconds that somebody looks at what a key brought up."""


def measure(bench: Bench) -> Iterator[Figure]:
    """Watch a rollback among twenty models for a minute, after a look at every place."""
    with Fleet("models", MODELS) as drill:
        late = _late_devices(drill)
        before = drill.requests
        with bench.open(drill, has_screen=True) as terminal:
            terminal.wait_for(MODEL)
            terminal.wait_quiet(0.5)
            roll_back(terminal, MODEL)
            terminal.wait_for("waiting")
            until = time.monotonic() + MINUTE + SPARE
            _look_around(terminal)
            since = drill.log[-1]["after"]
            taken = list(_changes(terminal, drill, late, until))
            time.sleep(max(0.0, until - time.monotonic()))
        log = drill.log[before:]
        trip = median(_round_trip(drill) for _ in range(5))
    yield _requests(log)
    yield _change(taken, _period(log, since), trip)


def _late_devices(drill: Drill) -> list[str]:
    """Return devices that the rollback moves, those first that will hear of it last."""
    devices = [
        device
        for device in _devices(drill)
        if device["connectivity_status"] == "online"
        and any(one["active_model_version"] == _BAD for one in device["models"])
    ]
    devices.sort(key=lambda device: str(device["last_sync_at"]), reverse=True)
    return [device["device_identifier"] for device in devices]


def _devices(drill: Drill) -> list[dict[str, Any]]:
    answer = httpx.get(
        f"{drill.running.base_url}/devices",
        params={"limit": 1000},
        headers={"Authorization": f"Bearer {drill.running.api_key}"},
        trust_env=False,
    )
    found: list[dict[str, Any]] = answer.json()["devices"]
    return found


def _round_trip(drill: Drill) -> float:
    began = time.monotonic()
    _devices(drill)
    return time.monotonic() - began


def _look_around(terminal: Terminal) -> None:
    """Open every place, the page of a row that is not the first one, and the request log; then the watch again."""
    for place in _PLACES:
        _visit(terminal, place, "down", "down", "enter", "down")
    _visit(terminal, "@", "down")
    _visit(terminal, "1", "home", "w")
    terminal.wait_for("WHERE THE")
    terminal.wait_quiet(0.3)


def _visit(terminal: Terminal, *keys: str) -> None:
    """Leave where we are, and press keys, each when there was time to see what the one before did."""
    for key in ("esc", *keys):
        terminal.press(key)
        # An escape with a key right after it would be another key.
        time.sleep(_LOOK)


def _changes(terminal: Terminal, drill: Drill, devices: Sequence[str], until: float) -> Iterator[float]:
    """Take devices off the network, one after the other, and yield the seconds until the screen counts each."""
    chance = random.Random(1)
    for name in devices:
        if time.monotonic() > until - SPARE:
            return
        # At any moment of the poll's period.
        time.sleep(chance.uniform(0.0, 2.5))
        more = _offline(terminal) + 1
        began = time.monotonic()
        device = drill.device(name, "offline")
        if any(one["active_model_version"] == _BAD for one in device["models"]):
            _wait_offline(terminal, more)
            yield time.monotonic() - began


def _wait_offline(terminal: Terminal, count: int) -> None:
    """Wait until so many devices are counted as offline; after the patience is over it took at least that."""
    with suppress(NothingCameError):
        terminal.wait(lambda: _offline(terminal) >= count, f"{count} offline devices", deadline=PATIENCE)


def _offline(terminal: Terminal) -> int:
    found = _OFFLINE.search(terminal.text)
    return int(found[1]) if found else 0


def _period(log: Sequence[dict[str, Any]], since: float) -> float:
    """Return the seconds between two reads of the devices while the watch was in front."""
    reads: list[float] = [
        entry["after"]
        for entry in log
        if entry["path"].endswith("/devices") and entry["after"] >= since and "offset=0" in entry["query"]
    ]
    if len(reads) < LEAST:
        raise NothingCameError(f"{len(reads)} reads of the devices, where a watch makes many")
    return median(later - earlier for earlier, later in pairwise(reads))


def _requests(log: Sequence[dict[str, Any]]) -> Figure:
    """Return the fullest minute from the rollback on: what comes before it was asked for by a key."""
    sent = next(entry["after"] for entry in log if entry["method"] == "POST")
    arrived = [entry["after"] for entry in log if entry["after"] >= sent]
    fullest = fullest_minute(arrived)
    whole = fullest_minute([entry["after"] for entry in log])
    seconds = arrived[-1] - arrived[0]
    if seconds < MINUTE - SPARE:
        raise NothingCameError(f"only {seconds:.0f} s were watched")
    return Figure(
        "requests",
        fullest,
        f"{len(arrived)} in {seconds:.0f} s by the server's log; with start and preview {whole}",
    )


def fullest_minute(arrived: Sequence[float]) -> int:
    """Return the most arrivals within any 60 seconds."""
    return max((sum(1 for other in arrived if at <= other < at + MINUTE) for at in arrived), default=0)


def _change(taken: Sequence[float], period: float, trip: float) -> Figure:
    if len(taken) < LEAST:
        raise NothingCameError(f"only {len(taken)} changes in time")
    made_of = (
        f"{len(taken)} changes, median {ms(median(taken))}; poll {ms(period)} + trip {ms(trip)} + {ms(GRACE)}"
    )
    return Figure("change", percentile(taken, 0.95), made_of, most=period + trip + GRACE)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least this share of the values does not exceed."""
    return sorted(values)[ceil(share * len(values)) - 1]
