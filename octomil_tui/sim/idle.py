"""When a server that nobody asks ends by itself."""

import time
from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Idle"]


@dataclass(frozen=True, slots=True)
class Idle:
    """How long a server has been left alone.

    Args:
        limit: Seconds after which it is of no use.
        last_asked: Returns when somebody was let in last, on `clock`.
        clock: Seconds that only grow.
    """

    limit: float
    last_asked: Callable[[], float]
    clock: Callable[[], float] = time.monotonic

    def is_over(self) -> bool:
        """Say whether it is time to end."""
        return self.clock() - self.last_asked() >= self.limit
