"""`second-operator`: during the rollback somebody else rolls back elsewhere.

The version is as bad as in `brief`. Two and a half minutes after the first
rollback began, Ana rolls the same model back to 0.9.0, since 1.0.0 seems slow
to her. Her rollback cancels the first one, and takes all of its devices.

A good operator sees at once that the rollback was superseded, by whom, with
which reason and to what; does not send the own one again, which would begin a
tug-of-war over the fleet; talks to Ana, and only then decides which of the two
versions it is to be.
"""

from dataclasses import replace

from octomil_tui.sim.orders import RollbackOrder
from octomil_tui.sim.scenarios.blueprint import Calendar, Setting
from octomil_tui.sim.scenarios.brief import PHI
from octomil_tui.sim.scenarios.drill import drill
from octomil_tui.sim.script import Scene, SomebodyElse

__all__ = ["build"]


def build(calendar: Calendar, seed: int) -> Setting:
    """Return the scenario at its start."""
    ana = SomebodyElse(PHI, RollbackOrder("0.9.0", "1.0.0 seems slow to me", by="ana"))
    setting = drill(calendar, seed, script=(Scene(ana, after=150.0, is_after_rollback=True),))
    return replace(setting, members=(*setting.members, "ana"))
