"""`api-loss`: during the rollback the service is away for four minutes.

The version is as bad as in `brief`. One minute after the rollback began every
connection to the service ends without an answer, for four minutes. The
service itself goes on, and so do the devices.

A good operator knows that the rollback runs on the service and not in the
console; sees how old the picture is, does not believe it, sends nothing again,
and waits. Whoever asks for another rollback in those minutes gets no answer,
and has to find out what became of it before anything else.
"""

from octomil_tui.sim.rules import DropBefore
from octomil_tui.sim.scenarios.blueprint import Calendar, Setting
from octomil_tui.sim.scenarios.drill import drill
from octomil_tui.sim.script import ApiLoss, Scene

__all__ = ["build"]


def build(calendar: Calendar, seed: int) -> Setting:
    """Return the scenario at its start."""
    gone = ApiLoss(DropBefore(fault="drop_before"), lasts=240.0)
    return drill(calendar, seed, script=(Scene(gone, after=60.0, is_after_rollback=True),))
