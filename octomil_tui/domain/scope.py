"""What a rollback touches: the whole fleet, or one device group."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scope:
    """The whole fleet (`group_id` is None) or one device group; never more than one group."""

    group_id: str | None = None
    """The group's raw id, for comparison and addresses."""

    group_name: str | None = None
    """The group's raw name: what the service is sent, and what the operator types."""

    @property
    def is_fleet(self) -> bool:
        """Whether every device that has the model is in scope."""
        return self.group_id is None


FLEET = Scope()
