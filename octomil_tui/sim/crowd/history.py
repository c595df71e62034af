"""What a part of the crowd has been told, and when: the orders that its state follows from."""

from enum import Enum
from typing import NamedTuple

__all__ = ["AFTER", "BEFORE", "Begun", "Change", "History", "Verb"]

BEFORE, AFTER = 0, 3
"""Whether an order of the same instant as a contact comes before it or after it."""


class Verb(Enum):
    """What a rollout does to the devices that it came to."""

    OPEN = "open"
    """They are to run its version, and it follows what they report."""
    CLOSE = "close"
    """They are to run again what they ran when it came to them."""
    RELEASE = "release"
    """They go on with what they run."""
    LEAVE = "leave"
    """It follows them no longer."""
    FORGET = "forget"
    """It never came to them."""


class Begun(NamedTuple):
    """How one model stands on a device when the crowd begins."""

    model_id: str
    version: str | None
    """The version that it runs; None leaves it to the device's life."""
    previous: str | None = None
    since: float = 0.0
    """Since when it runs it, epoch seconds."""


class Change(NamedTuple):
    """One order to every device of a part of the crowd."""

    at: float
    """When, epoch seconds."""
    rank: int
    """`BEFORE` or `AFTER` a contact of the same instant."""
    verb: Verb
    rollout_id: int
    model_id: str
    version: str
    fallback: str = ""
    """What a device is to run that has never run anything."""


class History:
    """A sequence of orders. It is compared by identity: whoever grows it sees to it that equals are one.

    Args:
        begun: The models that any order is about, as they were at the beginning.
        changes: The orders, the first one first.
    """

    __slots__ = ("begun", "changes")

    def __init__(self, begun: tuple[Begun, ...], changes: tuple[Change, ...] = ()) -> None:
        self.begun = begun
        self.changes = changes

    def then(self, change: Change, begun: Begun) -> "History":
        """Return this history with one more order.

        Args:
            change: The order.
            begun: How its model stood at the beginning, for one that no order was about yet.
        """
        is_known = any(one.model_id == change.model_id for one in self.begun)
        return History(self.begun if is_known else (*self.begun, begun), (*self.changes, change))

    def wanted(self, model_id: str) -> str | None:
        """Return the version that a model's last rollout brings, or None where each device has its own."""
        last = next(
            (c for c in reversed(self.changes) if c.model_id == model_id and c.verb is not Verb.LEAVE), None
        )
        if last is not None:
            return last.version if last.verb is Verb.OPEN else None
        return next((one.version for one in self.begun if one.model_id == model_id), None)
