"""`crash-spike`: the new version crashes, most of all on one class of devices.

Two minutes in, 2.0.0 begins to crash on Galaxy Tab Active5, in 13.5 % of
sessions; elsewhere a little. Over all its devices that is about 4 %, with 0.1 %
usual. Fewer sessions fail in other ways than the limit for errors allows.

A good operator does not wait for the error rate. By class of devices it is one
class, but the version is the same everywhere: the whole rollout goes back, not
one group. Pausing it would leave the crashing ones where they are.
"""

from octomil_tui.sim.scenarios.blueprint import Calendar, Setting
from octomil_tui.sim.scenarios.drill import drill
from octomil_tui.sim.scenarios.health_rows import turned

__all__ = ["build"]

TABLET = "Galaxy Tab Active5"


def build(calendar: Calendar, seed: int) -> Setting:
    """Return the scenario at its start."""
    begins = calendar.start_at + 120
    everywhere = turned(begins, 180.0, crash_rate_percent=0.3, error_rate_percent=1.4)
    on_tablets = turned(begins, 180.0, device_class=TABLET, crash_rate_percent=13.5)
    return drill(calendar, seed, turns=(everywhere, on_tablets))
