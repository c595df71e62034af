"""Ways in which the service can misbehave on purpose, for drills and tests."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Self

__all__ = ["FAULT_NAMES", "Faults"]


@dataclass(frozen=True, slots=True)
class Faults:
    """What the service does wrong. Each is off unless asked for."""

    ignore_group: bool = False
    """It does not know the field `group`: a group's rollback moves the whole fleet."""
    lost_answer: bool = False
    """The first rollback is carried out, and its connection closed without an answer."""
    refuse_rollback: bool = False
    """Every rollback is refused with 409."""
    no_rollback_route: bool = False
    """There is no rollback route: 404."""

    @classmethod
    def named(cls, names: Iterable[str]) -> Self:
        """Return the faults of the given names, such as `ignore-group`.

        Raises:
            ValueError: There is no fault of one of the names.
        """
        chosen = set(names)
        unknown = chosen.difference(FAULT_NAMES)
        if unknown:
            raise ValueError(f"no such fault: {', '.join(sorted(unknown))}")
        return cls(**{f.name: f.name.replace("_", "-") in chosen for f in fields(cls)})


FAULT_NAMES: tuple[str, ...] = tuple(f.name.replace("_", "-") for f in fields(Faults))
