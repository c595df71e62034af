"""Figures as JSON objects and as tables: how versions do, and two of them side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from octomil_tui.domain.signal import Figures, Measure, Metric, ModelHealth, Part, Served, VersionHealth
from octomil_tui.domain.signal_compare import Compared, period
from octomil_tui.domain.signal_judge import Finding, metrics_of, trend
from octomil_tui.domain.signal_words import NO_DATA, SHORT, served_words, told
from octomil_tui.domain.text import version_label
from octomil_tui.report.table import table

Json = dict[str, Any]


def figures_data(figures: Figures) -> Json:
    """Return figures by name, each `{value, unit}`; one that nobody measures is null."""
    return {metric.value: measure_data(figures.get(metric)) for metric in Metric}


def measure_data(measure: Measure | None) -> Json | None:
    """Return `{value, unit}`; null where nobody measures it."""
    return None if measure is None else {"value": measure.value, "unit": measure.unit.value}


def health_data(health: ModelHealth, found: Iterable[Finding], model: str) -> Json:
    """Return how the versions of a model do.

    Args:
        health: The figures.
        found: What needs somebody.
        model: The model's raw name.
    """
    return {
        "event": "health",
        "model_id": health.model_id,
        "model": model,
        "at": health.at,
        "usual_version": health.usual_version,
        "usual": figures_data(health.usual),
        "all_versions": figures_data(health.whole),
        "findings": [finding_data(one) for one in found],
        "versions": [_version(one) for one in health.versions],
    }


def finding_data(finding: Finding) -> Json:
    """Return one figure that needs somebody; `limit_mb` where it is held against a class's memory."""
    part = finding.part
    return {
        "version": finding.version,
        "metric": finding.metric.value,
        "now": measure_data(finding.now),
        "usual": measure_data(finding.usual),
        "times": round(finding.times, 2),
        "device_class": None if part is None else part.name,
        "limit_mb": None if part is None else part.available_mb,
    }


def _version(one: VersionHealth) -> Json:
    return {
        "version": one.version,
        "devices_reporting": one.devices,
        "now": figures_data(one.now),
        "trend": {metric.value: trend(one.history, metric).value for metric in metrics_of(one.now)},
        "served": None if one.served is None else _served(one.served),
        "history": [
            {"at": point.at, "devices_reporting": point.devices, **figures_data(point.figures)}
            for point in one.history
        ],
        "by_group": [{"group": part.name, **_part(part)} for part in one.by_group],
        "by_device_class": [
            {
                "device_class": part.name,
                **_part(part),
                "memory_total_mb": part.total_mb,
                "memory_available_mb": part.available_mb,
            }
            for part in one.by_class
        ],
    }


def _part(part: Part) -> Json:
    return {"devices_reporting": part.devices, **figures_data(part.figures)}


def _served(served: Served) -> Json:
    return {
        "from_at": served.from_at,
        "to_at": served.to_at,
        "days": served.days,
        "device_count": served.devices,
        **figures_data(served.figures),
    }


def health_lines(health: ModelHealth) -> list[str]:
    """Return the table of the versions' figures; of a version that runs nowhere there are none."""
    if not health.versions:
        return _whole_lines(health)
    metrics = metrics_of(health.usual, *(one.best_known for one in health.versions)) or (Metric.ERRORS,)
    header = ("VERSION", "DEVICES", *(SHORT[metric] for metric in metrics), "SERVED")
    rows = [_row(one, metrics, health.at) for one in health.versions]
    usual = ("usual", "", *(_cell(health.usual.get(metric)) for metric in metrics), _whose(health))
    return table(header, [*rows, usual], right=range(1, len(header) - 1))


def _whose(health: ModelHealth) -> str:
    return f"of {version_label(health.usual_version)}" if health.usual_version is not None else ""


def _whole_lines(health: ModelHealth) -> list[str]:
    if not health.whole:
        return [NO_DATA]
    metrics = metrics_of(health.whole)
    header = ("", *(SHORT[metric] for metric in metrics))
    row = ("all versions", *(_cell(health.whole[metric]) for metric in metrics))
    return table(header, [row], right=range(1, len(header)))


def _row(one: VersionHealth, metrics: Sequence[Metric], at: float | None) -> tuple[str, ...]:
    devices = "" if one.devices is None else str(one.devices)
    served = served_words(one.served, at)
    return (
        version_label(one.version),
        devices,
        *(_cell(one.now.get(metric)) for metric in metrics),
        served or "-",
    )


def _cell(measure: Measure | None) -> str:
    return "-" if measure is None else told(measure)


def compare_lines(rows: Sequence[Compared], sides: Sequence[tuple[str, VersionHealth | None]]) -> list[str]:
    """Return the table of two versions; below each name over which time its figures are.

    Args:
        rows: The figures.
        sides: Both versions, raw, with what is known of them.
    """
    header = ("", *(version_label(version) for version, _ in sides), "")
    body = [(row.metric.value, told(row.left), told(row.right), row.change.value) for row in rows]
    return table(header, [("figures of", *(period(one) for _, one in sides), ""), *body], right=(1, 2))


def compare_data(rows: Iterable[Compared], left: str, right: str) -> Json:
    """Return two versions side by side; `change` is how the right one stands to the left one."""
    return {
        "left": left,
        "right": right,
        "figures": {
            row.metric.value: {
                "left": measure_data(row.left),
                "right": measure_data(row.right),
                "change": row.change.value,
            }
            for row in rows
        },
    }
