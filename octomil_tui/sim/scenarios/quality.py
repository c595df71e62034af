"""`quality`: the new version answers worse, and no limit sees it.

From the first minute on the share of right answers of 2.0.0 falls, from 91.4 to
78.5 % within five minutes. Errors, crashes and latency are as usual, and
auto-rollback is on: it has no rule for this, and does nothing.

A good operator does not take the silence of the policy for health, compares the
versions, and decides: back to 1.0.0 with the reason "quality". Advancing the
rollout "because nothing fired" is the mistake that this drill is about.
"""

from octomil_tui.sim.scenarios.blueprint import Calendar, Setting
from octomil_tui.sim.scenarios.drill import drill
from octomil_tui.sim.scenarios.health_rows import turned

__all__ = ["build"]


def build(calendar: Calendar, seed: int) -> Setting:
    """Return the scenario at its start."""
    worse = turned(calendar.start_at + 60, 300.0, accuracy_percent=78.5)
    return drill(calendar, seed, turns=(worse,), policy={"auto_rollback_enabled": True})
