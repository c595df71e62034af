"""Goals 4 and 5: what the console writes and takes while nobody touches it, and while a rollback is watched."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack

from tests.bench.bench import Bench
from tests.bench.fleet import Fleet
from tests.bench.goals import Figure
from tests.bench.latency import MODEL, roll_back
from tests.bench.peers import HTOP_RATE
from tests.bench.terminal import Terminal
from tests.cli.drill import Drill

SETTLING = 10.0
"""Seconds after the start that do not count."""
IDLE = 40.0
"""Seconds for which nobody touches anything."""
WATCHED = 35.0
"""Seconds for which a rollback is watched."""
SPEED = 5.0
"""Scenario seconds a second: of the 53 devices that move, each syncs once in 300 s, so that about one a second does."""


def idle(bench: Bench) -> Iterator[Figure]:
    """Leave the console on its first screen, beside an app that never changes."""
    with ExitStack() as stack:
        fleets = [stack.enter_context(fleet) for fleet in (Fleet("still", 124), Drill("brief", speed=1.0))]
        ours, syncing = (stack.enter_context(bench.open(fleet, has_screen=True)) for fleet in fleets)
        resting = stack.enter_context(bench.open_minimal())
        for console in (ours, syncing):
            console.wait_for("50/124")
        time.sleep(SETTLING)
        written, began = ours.written, time.monotonic()
        before = [one.cpu() for one in (ours, syncing, resting)]
        time.sleep(IDLE)
        took = time.monotonic() - began
        shares = [(one.cpu() - cpu) / took for one, cpu in zip((ours, syncing, resting), before, strict=True)]
        rate = (ours.written - written) / took
    still, moving, least = shares
    yield Figure("idle bytes", rate, f"{took:.0f} s")
    made_of = (
        f"{still:.2%} / {least:.2%} of a core, polls included; {moving:.2%} while devices sync; {took:.0f} s"
    )
    yield Figure("idle cpu", still / least, made_of)


def watch(bench: Bench) -> Iterator[Figure]:
    """Watch a rollback in which about one device a second moves, with htop in a terminal beside it."""
    with Drill("night", speed=SPEED) as drill, bench.open(drill, has_screen=True) as ours:
        ours.wait_for("50/124")
        roll_back(ours, MODEL)
        ours.wait_for("WHERE THE")
        ours.wait_quiet(0.3)
        htop = bench.peers.htop
        if htop is None:
            rate, peer, told = _rate(ours), HTOP_RATE, "htop as measured on a quiet machine"
        else:
            with Terminal([htop.path], htop.env(bench.env())) as theirs:
                time.sleep(3.0)
                written = theirs.written
                rate = _rate(ours)
                beside = (theirs.written - written) / WATCHED
                # On a busy machine htop has more to say; that must not make the goal easier.
                peer, told = min(beside, HTOP_RATE), f"htop ({beside:,.0f} B/s beside it)"
    yield Figure("watch bytes", rate / peer, f"{rate:,.0f} B/s / {peer:,.0f} B/s of {told}, {WATCHED:.0f} s")


def _rate(terminal: Terminal) -> float:
    written, began = terminal.written, time.monotonic()
    time.sleep(WATCHED)
    return (terminal.written - written) / (time.monotonic() - began)
