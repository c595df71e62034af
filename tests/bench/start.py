"""Goals 1 to 3: how soon the console is there, how soon with data, and how many bytes that takes."""

from __future__ import annotations

import http.client
import time
from collections.abc import Iterator
from statistics import median

from tests.bench.bench import Bench, in_turn, ms, ratio
from tests.bench.goals import Figure
from tests.cli.drill import Drill

ROUNDS = 11
DATA_ROUNDS = 5
BYTES_ROUNDS = 3

FIRST_FRAME = b"acme-edge"
"""The organisation in line 1: the first frame, before anything was asked."""
READY = b"ready"
"""What the minimal app says."""
DATA = b"phi-4-mini"
"""A model's name, which only the server knows."""
WHOLE = b"50/124"
"""How many devices are on the version that is rolled out: models, rollouts and devices together."""

DELAY = 0.15
"""Seconds by which the server answers late."""
SETTLED = 2.5
"""Seconds after the first picture with everything in it: what comes late is drawn by then."""


def measure(bench: Bench) -> Iterator[Figure]:
    """Start the console again and again."""
    with Drill("night", speed=1.0) as drill:
        yield from _first_frame(bench, drill)
        yield _bytes(bench, drill)
        yield _first_data(bench, drill)


def _first_frame(bench: Bench, drill: Drill) -> Iterator[Figure]:
    def console() -> tuple[float, float]:
        with bench.open(drill, kill_at=FIRST_FRAME) as terminal:
            return terminal.wait_written(FIRST_FRAME) - terminal.began, terminal.wait_end()

    def minimal() -> tuple[float, float]:
        with bench.open_minimal(kill_at=READY) as terminal:
            return terminal.wait_written(READY) - terminal.began, terminal.wait_end()

    taken = in_turn({"console": console, "minimal": minimal}, ROUNDS)
    for place, name in enumerate(("start wall", "start cpu")):
        ours = [one[place] for one in taken["console"]]
        theirs = [one[place] for one in taken["minimal"]]
        made_of = f"{ms(median(ours))} / {ms(median(theirs))}, {ROUNDS} rounds"
        yield Figure(name, ratio(ours, theirs), made_of)


def _bytes(bench: Bench, drill: Drill) -> Figure:
    taken = []
    for _ in range(BYTES_ROUNDS):
        with bench.open(drill, has_screen=True) as terminal:
            terminal.wait_for(WHOLE.decode())
            time.sleep(SETTLED)
            taken.append(terminal.written)
    return Figure("first bytes", median(taken), f"{SETTLED} s after the whole picture, {BYTES_ROUNDS} rounds")


def _first_data(bench: Bench, drill: Drill) -> Figure:
    drill.faults({"fault": "latency", "seconds": DELAY})
    first, data, whole = [], [], []
    for _ in range(DATA_ROUNDS):
        with bench.open(drill, has_screen=True) as terminal:
            first.append(terminal.wait_written(FIRST_FRAME) - terminal.began)
            data.append(terminal.wait_written(DATA) - terminal.began)
            terminal.wait_for(WHOLE.decode())
            whole.append(time.monotonic() - terminal.began)
    trip = median(_round_trip(drill) for _ in range(3))
    drill.clear_faults()
    made_of = (
        f"{ms(median(data))} / ({ms(median(first))} + {ms(trip)}), everything after {ms(median(whole))}, "
        f"{DATA_ROUNDS} rounds"
    )
    return Figure("first data", median(data) / (median(first) + trip), made_of)


def _round_trip(drill: Drill) -> float:
    """Return the seconds of one request on a new connection, as the first one of a console is."""
    address, key = drill.running.base_url, drill.running.api_key
    host, _, path = address.removeprefix("http://").partition("/")
    connection = http.client.HTTPConnection(host, timeout=30)
    began = time.monotonic()
    try:
        connection.request("GET", f"/{path}/models", headers={"Authorization": f"Bearer {key}"})
        connection.getresponse().read()
        return time.monotonic() - began
    finally:
        connection.close()
