"""What a rollback is asked for, what the service says to it, and what a read brought back."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from octomil_tui.domain.fleet import RolloutState

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Reading(Generic[T_co]):
    """One successful read."""

    value: T_co
    server_at: float | None = None
    """The service's clock when it answered, epoch seconds; None when it sent no usable `Date`."""
    unreadable: int = 0
    """Rows of the list that could not be understood and were left out."""
    total: int | None = None
    """How many rows the service says there are."""


class Way(StrEnum):
    """By which of the service's routes devices are sent back."""

    ROLLBACK = "rollback"
    """The documented rollback of a model."""
    ROLLOUT = "rollout"
    """A rollout of the older version to 100 %, for a service without that route; never of one group."""


@dataclass(frozen=True, slots=True)
class RollbackOrder:
    """One rollback to ask for; exactly one scope."""

    to_version: str
    """The target version, raw."""
    reason: str | None = None
    group: str | None = None
    """The raw name of one device group, or None for the whole fleet."""
    way: Way = Way.ROLLBACK


@dataclass(frozen=True, slots=True)
class RollbackReceipt:
    """The service's answer to an accepted rollback; every field but the state may be missing."""

    state: RolloutState = RolloutState.ROLLING_BACK
    word: str = "rolling_back"
    """The service's own status word, safe to show."""
    rollout_id: str | None = None
    affected_devices: int | None = None
    """How many devices the service says it moves."""
    from_version: str | None = None
    to_version: str | None = None
    group: str | None = None
    """The raw group of the answer; None when it named none."""
    cancelled_rollout_id: str | None = None
    request_id: str | None = None
    """Safe to show."""
    server_at: float | None = None
    status: int | None = None
    """The HTTP status of the answer."""
    replayed: bool = False
    """The service recognised the idempotency key and repeated its first answer."""


@dataclass(frozen=True, slots=True)
class ChangeReceipt:
    """The service's answer to a change that it took, other than a rollback."""

    status: int
    """The HTTP status of the answer."""
    request_id: str | None = None
    """Safe to show."""
    server_at: float | None = None
