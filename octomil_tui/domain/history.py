"""What a rollout has been through, as the service tells it."""

from __future__ import annotations

from dataclasses import dataclass

from octomil_tui.domain.fleet import RolloutState
from octomil_tui.domain.incident import Trigger


@dataclass(frozen=True, slots=True)
class StatusChange:
    """One line of a rollout's history. Texts are safe to show."""

    state: RolloutState
    word: str
    """The service's own status word."""
    at: float | None = None
    """Epoch seconds of the service's clock."""
    share: float | None = None
    """How much of its scope it covered then, 0..1."""
    by: str | None = None
    reason: str | None = None
    trigger: Trigger | None = None
    """Why the service did it by itself."""
    version: str | None = None
    """Raw; None where the service names none."""
