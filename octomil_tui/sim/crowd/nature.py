"""What holds for every device of a crowd, and what is noted of one."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass

from octomil_tui.sim.crowd.history import Begun
from octomil_tui.sim.crowd.life import Life
from octomil_tui.sim.device import Install

__all__ = ["Mark", "Nature"]


@dataclass(frozen=True, slots=True)
class Nature:
    """What holds for every device of a crowd."""

    began: float
    """When the crowd begins, epoch seconds: before its first order."""
    switch_for: float
    """Seconds that a switch takes."""
    kept: int
    """Versions of a model that a disk has room for."""
    size_bytes: Callable[[str, str], int]
    """Returns the size of a model's version."""
    install: Callable[[Begun, Life], Install]
    """Returns a model on a device as it was when the crowd began."""


Mark = tuple[float, str, Hashable, Hashable]
"""Something that changed: when; what (active, phase, settled, lost or back); of which model or rollout; to what.

A device is `lost` at its last contact. For a rollout that was closed to it, `settled` is None."""
