"""What the drills have in common: the fleet of `brief`, a new version at 40 %, and something that goes wrong."""

from collections.abc import Mapping
from dataclasses import replace

from octomil_tui.sim.health.behaviour import Behaviour, Turn
from octomil_tui.sim.health.figures import Figures
from octomil_tui.sim.scenarios import brief
from octomil_tui.sim.scenarios.blueprint import Calendar, Setting
from octomil_tui.sim.script import Scene

__all__ = ["drill"]

SWITCH_FOR = 45.0


def drill(
    calendar: Calendar,
    seed: int,
    *,
    turns: tuple[Turn, ...] = (),
    start: Figures | None = None,
    policy: Mapping[str, object] | None = None,
    script: tuple[Scene, ...] = (),
) -> Setting:
    """Return a scenario that begins as `brief` does.

    Args:
        calendar: Its dates.
        seed: Who syncs when.
        turns: How version 2.0.0 turns, from `start` on; none leaves it as bad as in `brief`.
        start: What it does before.
        policy: Settings that are not what an organization starts with.
        script: What else happens.
    """
    setting = brief.build(calendar, seed)
    behaviours = dict(setting.behaviours)
    if turns:
        key = (brief.PHI, "2.0.0")
        behaviours[key] = _turning(behaviours[key], start, turns)
    return replace(setting, behaviours=behaviours, policy=policy or {}, script=script, switch_for=SWITCH_FOR)


def _turning(behaviour: Behaviour, start: Figures | None, turns: tuple[Turn, ...]) -> Behaviour:
    begins = behaviour.start if start is None else start
    return replace(behaviour, usual=begins or behaviour.usual, start=begins, turns=turns)
