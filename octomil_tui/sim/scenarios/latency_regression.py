"""`latency-regression`: the new version is three times as slow, and nothing else.

Two minutes in, the p95 of 2.0.0 begins to climb, from 180 to 640 ms within
four minutes, in every group alike. Errors, crashes and quality stay as they
were, and the policy has no limit for latency: nobody rolls back by itself.

A good operator compares the versions rather than looking at the model's mean,
sees that only 2.0.0 is slow and that the network is not the cause, rolls back
to 1.0.0 with the reason "latency", holds 2.0.0, and afterwards sets
`--latency-p95-max`, so that the service does it the next time.
"""

from octomil_tui.sim.scenarios.blueprint import Calendar, Setting
from octomil_tui.sim.scenarios.drill import drill
from octomil_tui.sim.scenarios.health_rows import turned

__all__ = ["build"]


def build(calendar: Calendar, seed: int) -> Setting:
    """Return the scenario at its start."""
    begins = calendar.start_at + 120
    slow = turned(begins, 240.0, latency_p50_ms=240.0, latency_p95_ms=640.0, latency_p99_ms=1180.0)
    return drill(calendar, seed, turns=(slow,))
