"""Named incidents that the service can start with."""

from collections.abc import Callable, Mapping
from functools import partial

from octomil_tui.sim.scenarios import brief, large, night
from octomil_tui.sim.scenarios.blueprint import Calendar, Setting

__all__ = ["load"]

BUILDERS: Mapping[str, Callable[[Calendar, int], Setting]] = {
    "night": night.build,
    "brief": brief.build,
    "fleet-100k": partial(large.build, column=0),
    "fleet-1m": partial(large.build, column=1),
}


def load(name: str, start_at: float, seed: int) -> Setting:
    """Return a scenario that starts at `start_at`, epoch seconds.

    Raises:
        KeyError: There is no scenario of that name.
    """
    return BUILDERS[name](Calendar(start_at), seed)
