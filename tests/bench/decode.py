"""Goal 10: from the bytes of a page of devices to values, beside the standard library's JSON."""

from __future__ import annotations

import gc
import json
import time
from collections.abc import Callable, Iterator
from statistics import median

import httpx

from octomil_tui.api import wire
from octomil_tui.api.convert_device import device
from octomil_tui.api.decode import RowsDecoder
from tests.bench.bench import Bench, in_turn, ms, ratio
from tests.bench.fleet import Fleet
from tests.bench.goals import Figure
from tests.cli.drill import Drill

ROUNDS = 40
DEVICES = 1_000


def measure(bench: Bench) -> Iterator[Figure]:
    """Decode one page of a thousand devices, as the control plane writes them, again and again."""
    del bench
    with Fleet("devices", DEVICES) as drill:
        body = page_of(drill)
    decoder = RowsDecoder(wire.Device, "devices")
    rows = decoder.decode(body).rows
    assert len(rows) == DEVICES, "the page that is measured is not the page that was meant"
    # What this process holds besides is none of a page's cost.
    gc.collect()
    gc.freeze()
    taken = in_turn(
        {
            "decode": lambda: _timed(lambda: decoder.decode(body)),
            "loads": lambda: _timed(lambda: json.loads(body)),
            "convert": lambda: _timed(lambda: [device(row) for row in rows]),
        },
        ROUNDS,
        warm_up=5,
    )
    gc.unfreeze()
    both = [decoded + converted for decoded, converted in zip(taken["decode"], taken["convert"], strict=True)]
    made_of = (
        f"{ms(median(taken['decode']))} / {ms(median(taken['loads']))} for {len(body):,} bytes; "
        f"with domain values {ratio(both, taken['loads']):.2f}; {ROUNDS} rounds"
    )
    yield Figure("decode", ratio(taken["decode"], taken["loads"]), made_of)


def page_of(drill: Drill) -> bytes:
    """Return the first thousand devices as the control plane writes them."""
    answer = httpx.get(
        f"{drill.running.base_url}/devices",
        params={"limit": DEVICES},
        headers={"Authorization": f"Bearer {drill.running.api_key}"},
        trust_env=False,
    )
    return answer.content


def _timed(work: Callable[[], object]) -> float:
    began = time.thread_time()
    work()
    return time.thread_time() - began
