"""Named incidents that the service can start with."""

from collections.abc import Callable, Mapping
from functools import partial

from octomil_tui.sim.scenarios import (
    api_loss,
    auto_rollback,
    brief,
    crash_spike,
    large,
    latency_regression,
    memory,
    night,
    quality,
    second_operator,
    site_offline,
)
from octomil_tui.sim.scenarios.blueprint import Calendar, Setting

__all__ = ["load"]

BUILDERS: Mapping[str, Callable[[Calendar, int], Setting]] = {
    "night": night.build,
    "brief": brief.build,
    "latency-regression": latency_regression.build,
    "crash-spike": crash_spike.build,
    "memory": memory.build,
    "quality": quality.build,
    "auto-rollback": auto_rollback.build,
    "site-offline": site_offline.build,
    "second-operator": second_operator.build,
    "api-loss": api_loss.build,
    "fleet-100k": partial(large.build, column=0),
    "fleet-1m": partial(large.build, column=1),
}


def load(name: str, start_at: float, seed: int) -> Setting:
    """Return a scenario that starts at `start_at`, epoch seconds.

    Raises:
        KeyError: There is no scenario of that name.
    """
    return BUILDERS[name](Calendar(start_at), seed)
