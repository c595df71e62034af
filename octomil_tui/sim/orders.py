"""What somebody asks the service to do with a model."""

from dataclasses import dataclass

from octomil_tui.sim.rollout import Trigger

__all__ = ["RollbackOrder", "RolloutOrder"]


@dataclass(frozen=True, slots=True)
class RollbackOrder:
    """What somebody asks a model to be rolled back to."""

    to_version: str
    reason: str | None = None
    group: str | None = None
    by: str | None = None
    """Who asks; None is the holder of the run's key."""
    trigger: Trigger | None = None
    """Why, where it is the service itself that asks."""


@dataclass(frozen=True, slots=True)
class RolloutOrder:
    """What somebody asks to be rolled out. Percentages are 0 to 100."""

    version: str
    rollout_percentage: float = 10.0
    target_percentage: float = 100.0
    increment_step: float = 10.0
    start_immediately: bool = False
    step_interval_minutes: float | None = None
    group: str | None = None
    reason: str | None = None
    by: str | None = None
    """Who asks; None is the holder of the run's key."""
