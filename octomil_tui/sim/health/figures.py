"""What is measured of a version, and how measurements are put together."""

from collections.abc import Iterable
from dataclasses import dataclass, fields

__all__ = ["METRICS", "NO_FIGURES", "Figures", "mean", "towards"]


@dataclass(frozen=True, slots=True)
class Figures:
    """What is measured of one version on some devices at one moment. None is what nobody measures.

    Rates are percent of sessions, 0 to 100. `accuracy_percent` is the share of
    answers that the model's own evaluation finds right, 0 to 100.
    """

    error_rate_percent: float | None = None
    crash_rate_percent: float | None = None
    latency_p50_ms: float | None = None
    latency_p95_ms: float | None = None
    latency_p99_ms: float | None = None
    accuracy_percent: float | None = None
    peak_memory_mb: float | None = None


NO_FIGURES = Figures()
METRICS = tuple(field.name for field in fields(Figures))
"""The names of the figures, as they are on the wire."""


def towards(start: Figures, end: Figures, share: float) -> Figures:
    """Return the figures a share of the way from one to the other, 0 to 1; what `end` leaves out stays."""
    return Figures(
        *(
            was if was is None or will is None else was + (will - was) * share
            for was, will in ((getattr(start, name), getattr(end, name)) for name in METRICS)
        )
    )


def mean(parts: Iterable[tuple[Figures, float]]) -> Figures:
    """Return the figures of several lots of devices together.

    Each lot counts as much as it has devices. The percentiles of several lots
    are no mean of theirs, strictly; it is what services show. The peak of
    memory is the highest of any lot.
    """
    known = [(figures, devices) for figures, devices in parts if devices > 0]
    means: list[float | None] = []
    for name in METRICS:
        found = [(getattr(figures, name), devices) for figures, devices in known]
        measured = [(value, devices) for value, devices in found if value is not None]
        if not measured:
            means.append(None)
        elif name == "peak_memory_mb":
            means.append(max(value for value, _ in measured))
        else:
            devices = sum(devices for _, devices in measured)
            means.append(sum(value * weight for value, weight in measured) / devices)
    return Figures(*means)
