"""The newest requests of this console, for a person who asks what it does."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from octomil_tui.engine.asker import Purpose

LENGTH = 500
"""Requests that are remembered."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request that has ended; its texts are safe to show, and none of them is secret."""

    number: int
    """Counts up from 1 for as long as this console runs."""
    at: float
    """When it left: this machine's clock, epoch seconds."""
    method: str
    path: str
    """Below the origin, without the query."""
    word: str
    """The status, or one word for why there is none."""
    status: int | None
    took_ms: float
    size: int
    """Bytes of the body as they came, compressed or not."""
    page: int
    """Which page of a list, from 1; 0 where there is only one answer."""
    is_retry: bool
    purpose: Purpose
    what: str
    """What it was read for, beside the purpose."""

    @property
    def asked_by(self) -> str:
        """Return who asked: `poll devices`, `preflight`, `write`."""
        return f"{self.purpose} {self.what}".strip()


class RequestLog:
    """The newest requests, the newest first."""

    def __init__(self) -> None:
        self._requests: deque[Request] = deque(maxlen=LENGTH)
        self.count = 0
        """How many there have been."""

    def add(self, request: Request) -> None:
        """Remember one more."""
        self.count += 1
        self._requests.appendleft(request)

    @property
    def newest(self) -> tuple[Request, ...]:
        """The newest requests, the newest first."""
        return tuple(self._requests)
