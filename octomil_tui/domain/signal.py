"""What is measured of the versions of a model: errors, crashes, latency, quality, memory.

A figure that nobody measures is absent, never zero. Its unit is what the
service's own key states, and `Unit.UNSTATED` where it states none: a bare
`error_rate` may be a share or a percentage, and a factor of 100 decides a
rollback. Times are the service's epoch seconds. Names are safe to show;
versions and ids are raw.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType

DAY = 86_400.0
"""Seconds."""


class Metric(StrEnum):
    """What is measured, in the order in which it is read."""

    ERRORS = "errors"
    """Sessions that failed."""
    CRASHES = "crashes"
    """Sessions that ended the application."""
    P50 = "p50"
    P95 = "p95"
    P99 = "p99"
    QUALITY = "quality"
    """The accuracy or evaluation figure that the service reports; the only one of which more is better."""
    MEMORY = "memory"
    """The peak of one device."""


class Unit(StrEnum):
    """What a number counts."""

    PERCENT = "percent"
    """0 to 100."""
    MS = "ms"
    """Milliseconds."""
    MB = "mb"
    """Megabytes of 1,000,000 bytes."""
    UNSTATED = "unstated"
    """The service's key does not say."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One number with the unit that its key states."""

    value: float
    unit: Unit

    def can_be_held_against(self, other: Measure | None) -> bool:
        """Say whether both are of one known unit."""
        return other is not None and self.unit is other.unit and self.unit is not Unit.UNSTATED


Figures = Mapping[Metric, Measure]
"""What is measured of some devices; what is not measured is absent."""

NO_FIGURES: Figures = MappingProxyType({})
"""Nobody reports, or nothing is measured."""


@dataclass(frozen=True, slots=True)
class Point:
    """What was measured at one moment."""

    at: float
    figures: Figures
    devices: int | None = None
    """How many devices told; None where the service does not say."""


@dataclass(frozen=True, slots=True)
class Served:
    """What a version did over the whole time for which it serves, or served."""

    figures: Figures
    from_at: float | None = None
    to_at: float | None = None
    """None while it serves."""
    days: float | None = None
    devices: int | None = None
    """Devices that it served at most."""

    def seconds(self, now: float | None) -> float | None:
        """Return for how long it serves, or served: by its times, else by the days that the service tells."""
        end = self.to_at if self.to_at is not None else now
        if self.from_at is not None and end is not None:
            return max(0.0, end - self.from_at)
        return None if self.days is None else self.days * DAY


@dataclass(frozen=True, slots=True)
class Part:
    """What the devices of one group, or of one class of hardware, tell of a version now."""

    name: str
    figures: Figures
    devices: int | None = None
    total_mb: float | None = None
    """Memory of the class; None where nobody knows it, and for groups."""
    available_mb: float | None = None
    """What the system leaves to one application."""


@dataclass(frozen=True, slots=True)
class VersionHealth:
    """How one version does."""

    version: str
    now: Figures = field(default_factory=dict)
    """Empty where no device reports."""
    devices: int | None = None
    """Devices that report it now."""
    served: Served | None = None
    history: tuple[Point, ...] = ()
    """The oldest first."""
    by_group: tuple[Part, ...] = ()
    by_class: tuple[Part, ...] = ()

    @property
    def best_known(self) -> Figures:
        """What it does now, and where it runs nowhere, what it did while it served."""
        if self.now or self.served is None:
            return self.now
        return self.served.figures


@dataclass(frozen=True, slots=True)
class ModelHealth:
    """How the versions of one model do."""

    model_id: str
    at: float | None = None
    """The service's time of the figures."""
    usual: Figures = field(default_factory=dict)
    """What is usual for the model."""
    usual_version: str | None = None
    """Whose figures these are."""
    versions: tuple[VersionHealth, ...] = ()
    whole: Figures = field(default_factory=dict)
    """Figures of all devices together, where the service does not tell versions apart."""

    def version(self, version: str | None) -> VersionHealth | None:
        """Return how one version does; None where the service says nothing of it."""
        return next((one for one in self.versions if one.version == version), None)

    def brought_up_to(self, newer: ModelHealth) -> ModelHealth:
        """Return the same with the present figures of a newer, shorter answer; what that leaves out stays."""
        present = {one.version: one for one in newer.versions}
        versions = tuple(
            replace(
                one,
                now=present[one.version].now if one.version in present else NO_FIGURES,
                devices=present[one.version].devices if one.version in present else None,
            )
            for one in self.versions
        )
        known = {one.version for one in self.versions}
        added = tuple(one for one in newer.versions if one.version not in known)
        return replace(
            self,
            at=newer.at,
            usual=newer.usual or self.usual,
            usual_version=newer.usual_version or self.usual_version,
            versions=(*versions, *added),
        )


@dataclass(frozen=True, slots=True)
class RolloutHealth:
    """How the devices do that one rollout, or rollback, changes: as a whole, whatever each of them runs."""

    rollout_id: str
    at: float | None = None
    version: str | None = None
    figures: Figures = field(default_factory=dict)
    devices: int | None = None
    usual: Figures = field(default_factory=dict)
    usual_version: str | None = None
    versions: tuple[VersionHealth, ...] = ()
    """The same devices apart, by what each runs now."""
    history: tuple[Point, ...] = ()
    """The oldest first; begins before the rollout."""


@dataclass(frozen=True, eq=False, slots=True)
class Signals:
    """Everything that was measured, as far as it was read."""

    overview: Mapping[str, ModelHealth] = field(default_factory=dict)
    """In short, by model id, from one read of all models."""
    models: Mapping[str, ModelHealth] = field(default_factory=dict)
    """In full, by model id; the newest few."""
    rollouts: Mapping[str, RolloutHealth] = field(default_factory=dict)
    """By rollout id; the newest few."""

    def of(self, model_id: str) -> ModelHealth | None:
        """Return the newest that is known of a model; None where nothing was read."""
        full, short = self.models.get(model_id), self.overview.get(model_id)
        if full is None or short is None:
            return full or short
        return full.brought_up_to(short) if (short.at or 0.0) > (full.at or 0.0) else full

    def of_rollout(self, rollout_id: str | None) -> RolloutHealth | None:
        """Return what is known of the devices of a rollout."""
        return self.rollouts.get(rollout_id) if rollout_id is not None else None


NO_SIGNALS = Signals()
