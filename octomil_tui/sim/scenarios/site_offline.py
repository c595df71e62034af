"""`site-offline`: during the rollback a whole site loses its network.

The version is as bad as in `brief`. Ninety seconds after the rollback began the
kiosks in Europe are cut off, all at once, those that are back and those that are
not; 35 minutes later they are there again.

A good operator sees that everything that fell silent is in one group, so that it
is the site and not the version; sends nothing again, since the service tells
every kiosk at its next sync; lets the others finish, and hands over the list of
those that are left, or comes back for them.
"""

from octomil_tui.sim.scenarios.blueprint import Calendar, Setting
from octomil_tui.sim.scenarios.drill import drill
from octomil_tui.sim.script import DeviceLoss, Scene

__all__ = ["build"]


def build(calendar: Calendar, seed: int) -> Setting:
    """Return the scenario at its start."""
    away = DeviceLoss(group="eu-kiosks", lasts=35 * 60.0)
    return drill(calendar, seed, script=(Scene(away, after=90.0, is_after_rollback=True),))
