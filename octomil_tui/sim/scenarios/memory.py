"""`memory`: one class of devices has too little memory, and dies.

The peak of 2.0.0 on Galaxy Tab Active5 grows from 3.1 to 3.9 GB within four
minutes; the system leaves 3.5 GB to one application. From three minutes on one
of these tablets after the other is ended and falls silent, one every 40
seconds, for as long as it runs 2.0.0.

A good operator sees that what goes silent is of one class and holds its peak
against what the class has, and hurries: every tablet that syncs before its turn
is saved, and one that is silent cannot be sent anything. Afterwards the silent
ones are listed for somebody with hands, and are no failure of the rollback.
"""

from octomil_tui.sim.scenarios.blueprint import Calendar, Setting
from octomil_tui.sim.scenarios.brief import PHI
from octomil_tui.sim.scenarios.drill import drill
from octomil_tui.sim.scenarios.health_rows import GOOD, like, turned
from octomil_tui.sim.script import DeviceLoss, Scene

__all__ = ["build"]

TABLET = "Galaxy Tab Active5"


def build(calendar: Calendar, seed: int) -> Setting:
    """Return the scenario at its start."""
    begins = calendar.start_at
    grows = turned(begins, 240.0, device_class=TABLET, peak_memory_mb=3900.0, crash_rate_percent=6.0)
    dies = DeviceLoss(device_class=TABLET, running=(PHI, "2.0.0"), one_every=40.0)
    start = like(GOOD, peak_memory_mb=3100.0)
    return drill(calendar, seed, turns=(grows,), start=start, script=(Scene(dies, after=180.0),))
