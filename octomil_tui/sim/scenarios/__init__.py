"""Named incidents that the service can start with."""

from octomil_tui.sim.scenarios import brief, night
from octomil_tui.sim.scenarios.blueprint import Calendar, Setting

__all__ = ["load"]

BUILDERS = {"night": night.build, "brief": brief.build}


def load(name: str, start_at: float, seed: int) -> Setting:
    """Return a scenario that starts at `start_at`, epoch seconds.

    Raises:
        KeyError: There is no scenario of that name.
    """
    return BUILDERS[name](Calendar(start_at), seed)
