"""What a client tells of each of its requests, and whom it asks before one leaves; free of the HTTP library."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Call:
    """One request that is about to leave."""

    method: str
    path: str
    """Below the origin, without the query; safe to show."""
    page: int = 0
    """Which page of a list it asks for, from 1; 0 where there is only one answer."""
    is_retry: bool = False
    """Whether the same was asked just before, in vain."""


@dataclass(frozen=True, slots=True)
class Ended:
    """What became of a request."""

    word: str
    """The status, or one word for why there is none."""
    status: int | None = None
    size: int = 0
    """Bytes of the body as they came, compressed or not."""
    retry_after: float | None = None
    """Seconds the service asked to wait, 1 to 120."""


class Permit(Protocol):
    """One request that may leave, and counts from then on."""

    def end(self, ended: Ended) -> None:
        """Say what became of it; called exactly once, also where it was cancelled."""


class Meter(Protocol):
    """Counts every request of a client, and holds back those for which there is no room."""

    async def admit(self, call: Call, patience: float | None) -> Permit:
        """Wait until the request may leave; between this and its leaving nothing else is waited for.

        Args:
            call: What is to be asked.
            patience: Seconds to wait at most; None for as long as it takes.

        Raises:
            RateLimitedError: It would have to wait for longer than that.
            RequestRefusedError: It is a write, and may not leave now.
        """


class _Free:
    """A permit that nobody counts."""

    def end(self, ended: Ended) -> None:
        """Take note of nothing."""


class Unmetered:
    """Lets everything through, for a client of which nobody counts the requests."""

    async def admit(self, call: Call, patience: float | None) -> Permit:
        """Return at once."""
        del call, patience
        return _Free()
