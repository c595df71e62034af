"""An event loop whose time passes at once, so that hours of polling take no time."""

from __future__ import annotations

import asyncio
import selectors
from typing import Any


class _Jump(selectors.DefaultSelector):
    """Waits for nothing: what the loop would have slept is added to its clock."""

    passed = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise AssertionError("everything waits for something that cannot happen")
        self.passed += max(0.0, timeout)
        return super().select(0)


class VirtualLoop(asyncio.SelectorEventLoop):
    """Runs a test in virtual time; `time()` is a clock for the code under test."""

    def __init__(self) -> None:
        self._jump = _Jump()
        super().__init__(self._jump)

    def time(self) -> float:
        return 1000.0 + self._jump.passed


VIRTUAL: tuple[str, dict[str, Any]] = ("asyncio", {"loop_factory": VirtualLoop})
"""For the fixture `anyio_backend` of a module whose tests run in virtual time."""


def clock() -> float:
    """Return the running loop's time."""
    return asyncio.get_running_loop().time()
