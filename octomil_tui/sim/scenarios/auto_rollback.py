"""`auto-rollback`: the service rolls back by itself.

Two minutes in, the errors of 2.0.0 rise from 0.7 to 7.4 % within two minutes.
The limit is 5 % over five minutes; a few minutes later the service rolls back
to 1.0.0, once, and says why.

A good operator finds it under way, reads what fired and over which window,
sends nothing of their own, watches until every device that can be reached is
back, and then holds 2.0.0: the policy took it back, and keeps nobody from
rolling it out again.
"""

from octomil_tui.sim.scenarios.blueprint import Calendar, Setting
from octomil_tui.sim.scenarios.drill import drill
from octomil_tui.sim.scenarios.health_rows import turned

__all__ = ["build"]


def build(calendar: Calendar, seed: int) -> Setting:
    """Return the scenario at its start."""
    fails = turned(
        calendar.start_at + 120, 120.0, error_rate_percent=7.4, latency_p95_ms=260.0, latency_p99_ms=510.0
    )
    return drill(calendar, seed, turns=(fails,), policy={"auto_rollback_enabled": True})
