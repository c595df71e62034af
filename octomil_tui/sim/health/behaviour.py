"""How one version behaves over time: what is usual for it, and how that turns. No device is looked at here."""

from dataclasses import dataclass, replace
from math import pi, sin
from random import Random

from octomil_tui.sim.health.figures import Figures, towards

__all__ = ["Behaviour", "Service", "Turn", "invent", "seeded"]

WOBBLE = 0.0025
"""By how much of itself a rate or a latency rises and falls without anybody's doing."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A change for better or worse. Times are epoch seconds."""

    at: float
    over: float
    """Seconds that it takes."""
    to: Figures
    """What it comes to; figures that are left out stay."""
    group: str | None = None
    """The only group that it is for."""
    device_class: str | None = None
    """The only class of devices that it is for."""

    def progress(self, now: float) -> float:
        """Return how far it is at `now`, 0 to 1."""
        if now < self.at:
            return 0.0
        return 1.0 if now >= self.at + self.over else (now - self.at) / self.over


@dataclass(frozen=True, slots=True)
class Service:
    """For how long a version served, up to the scenario's start or to when it was taken out of service."""

    since: float
    until: float | None
    devices: int
    """How many devices it served at most."""


@dataclass(frozen=True, slots=True)
class Behaviour:
    """One version of one model."""

    usual: Figures
    """What is usual for it: its own figures over the time for which it serves."""
    start: Figures | None = None
    """What it does before anything turns, where that is not what is usual."""
    turns: tuple[Turn, ...] = ()
    eases_to: Figures | None = None
    """What it comes down to as its devices leave it; None is no such thing."""
    service: Service | None = None
    """When it served, where the scenario says so."""
    waves: tuple[float, float] = (660.0, 1020.0)
    """Seconds of the two waves by which its figures wobble."""
    calm_at: float = 0.0
    """A time at which nothing wobbles, epoch seconds."""

    @property
    def is_even(self) -> bool:
        """Whether it does the same in every group and on every class of devices."""
        return all(turn.group is None and turn.device_class is None for turn in self.turns)

    def figures(self, now: float, group: str | None, device_class: str | None, load: float) -> Figures:
        """Return what is measured at `now`, epoch seconds.

        Args:
            now: When.
            group: On devices of which group.
            device_class: On devices of which class.
            load: How many of its devices it still has, 0 to 1.
        """
        found = self.usual if self.start is None else self.start
        for turn in self.turns:
            progress = turn.progress(now)
            if progress and turn.group in {None, group} and turn.device_class in {None, device_class}:
                found = towards(found, turn.to, progress)
        if self.eases_to is not None and load < 1:
            found = towards(self.eases_to, found, load)
        return self._wobbled(found, now)

    def _wobbled(self, figures: Figures, now: float) -> Figures:
        first, second = self.waves
        apart = now - self.calm_at
        factor = 1 + WOBBLE * 0.5 * (sin(2 * pi * apart / first) + sin(2 * pi * apart / second))
        return Figures(
            _times(figures.error_rate_percent, factor),
            _times(figures.crash_rate_percent, factor),
            _times(figures.latency_p50_ms, factor),
            _times(figures.latency_p95_ms, factor),
            _times(figures.latency_p99_ms, factor),
            figures.accuracy_percent,
            figures.peak_memory_mb,
        )


def _times(value: float | None, factor: float) -> float | None:
    return None if value is None else value * factor


def invent(seed: int, model_id: str, version: str, calm_at: float) -> Behaviour:
    """Return the behaviour of a version of which a scenario says nothing: a quiet one, always the same for a seed."""
    of_model = Random(f"{seed}:{model_id}:health")
    of_version = Random(f"{seed}:{model_id}:{version}:health")
    p95 = of_model.uniform(20, 320) * of_version.uniform(0.97, 1.03)
    usual = Figures(
        error_rate_percent=of_model.uniform(0.2, 0.9) * of_version.uniform(0.9, 1.1),
        crash_rate_percent=of_model.uniform(0.02, 0.12),
        latency_p50_ms=p95 * 0.4,
        latency_p95_ms=p95,
        latency_p99_ms=p95 * 1.5,
        accuracy_percent=of_model.uniform(88, 97),
        peak_memory_mb=float(round(of_model.uniform(200, 1800))),
    )
    return seeded(Behaviour(usual, calm_at=calm_at), seed, model_id, version)


def seeded(behaviour: Behaviour, seed: int, *names: str) -> Behaviour:
    """Return a behaviour that wobbles as the seed says."""
    dice = Random(":".join((str(seed), *names, "waves")))
    return replace(behaviour, waves=(dice.uniform(600, 900), dice.uniform(1200, 2400)))
