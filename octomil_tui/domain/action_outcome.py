"""How a change other than a rollback ended."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Result(StrEnum):
    """What became of it; the words are for scripts."""

    DONE = "done"
    """The service took it, or its own records show it."""
    REJECTED = "rejected"
    """The service said no; nothing was done."""
    NOT_SENT = "not_sent"
    """Nothing reached the service."""
    UNKNOWN = "unknown"
    """Nobody can say whether it was done; it is never sent again by itself."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of one change. Texts are safe to show."""

    result: Result
    sentence: str
    """What became of it, without a full stop."""
    status: int | None = None
    """The HTTP status of the answer; None where there was none."""
    request_id: str | None = None
    is_shown: bool = False
    """Whether the service's own records showed it when they were read afterwards."""

    @property
    def has_no_route(self) -> bool:
        """Whether it was refused in the words of a service that cannot do this at all."""
        return self.result is Result.REJECTED and self.status in (404, 405)
