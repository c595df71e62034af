"""How the devices of a rollout stand, counted; and what a part of one answers that is not kept device by device."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

__all__ = ["GroupStanding", "Part", "Standings"]

Entry_co = TypeVar("Entry_co", covariant=True)


@dataclass(slots=True)
class GroupStanding:
    """The devices of one group that a rollout came to."""

    total: int = 0
    settled: int = 0
    versions: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Standings:
    """The devices that a rollout came to."""

    total: int = 0
    settled: int = 0
    waiting: int = 0
    """Those that it waits for: reachable, and not settled."""
    versions: Counter[str] = field(default_factory=Counter)
    """By the version that they report."""
    connectivity: Counter[str] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)
    """By the service's word for what they do about the model."""
    groups: dict[str, GroupStanding] = field(default_factory=dict)
    """A device in several groups is in each of them."""

    def add(
        self,
        groups: Collection[str],
        count: int,
        *,
        settled: int,
        waiting: int,
        versions: Mapping[str, int],
        connectivity: Mapping[str, int],
        statuses: Mapping[str, int],
    ) -> None:
        """Count so many more devices, which are in the same groups."""
        self.total += count
        self.settled += settled
        self.waiting += waiting
        self.versions.update(versions)
        self.connectivity.update(connectivity)
        self.statuses.update(statuses)
        for group in groups:
            row = self.groups.setdefault(group, GroupStanding())
            row.total += count
            row.settled += settled
            row.versions.update(versions)


class Part(Protocol[Entry_co]):
    """Devices of a rollout that are known without being kept one by one."""

    @property
    def total(self) -> int:
        """How many there are in its scope."""
        ...

    @property
    def affected(self) -> int:
        """How many it was opened to."""
        ...

    def open_to(self, count: int, at: float, *, early: bool) -> None:
        """Have the first ones of its scope run the version; fewer than none is none."""
        ...

    def close_to(self, count: int, fallback: str, at: float, *, early: bool) -> None:
        """Have all but the first ones of its scope run again what they ran before."""
        ...

    def release(self, kept: Collection[int], fallback: str, at: float) -> None:
        """Have those go on with what they run that none of these rollouts has."""
        ...

    def leave(self, at: float) -> None:
        """Take no more note of what they report."""
        ...

    def forget(self, at: float) -> None:
        """Have come to none of them."""
        ...

    def meets(self, other_id: int) -> bool:
        """Return whether another rollout came to one of them too."""
        ...

    def groups_of(self, count: int) -> Counter[str]:
        """Return of which groups the first ones of its scope are; fewer than none is none."""
        ...

    def on_version(self) -> int:
        """Return how many of its scope report its version now."""
        ...

    def settled(self) -> int:
        """Return how many of those it was opened to have settled."""
        ...

    def quiet_from(self, at: float) -> float:
        """Return the first time from `at` on at which none is waited for; infinity for never."""
        ...

    def standings(self) -> Standings:
        """Return the counts over those it was opened to."""
        ...

    def page(self, limit: int, offset: int) -> Iterator[Entry_co]:
        """Yield some of those it was opened to."""
        ...
