"""Since when a figure is where it is."""

from __future__ import annotations

from octomil_tui.domain.signal import Measure, Metric, Point, Unit
from octomil_tui.domain.signal_step import Step, last_step


def points(*values: float, unit: Unit = Unit.PERCENT, metric: Metric = Metric.ERRORS) -> tuple[Point, ...]:
    return tuple(Point(60.0 * place, {metric: Measure(value, unit)}) for place, value in enumerate(values))


def test_a_step_began_where_the_way_to_the_present_level_did() -> None:
    assert last_step(points(0.7, 0.7, 6.1, 6.1, 6.1), Metric.ERRORS) == Step(is_up=True, since=60.0)
    assert last_step(points(0.7, 0.7, 2.0, 4.0, 6.1, 6.1), Metric.ERRORS) == Step(is_up=True, since=60.0)
    assert last_step(points(6.1, 6.1, 3.0, 0.7, 0.7), Metric.ERRORS) == Step(is_up=False, since=60.0)
    assert last_step(points(3.0, 0.7, 6.1, 6.0, 6.1), Metric.ERRORS) == Step(is_up=True, since=60.0)


def test_what_came_back_says_when_it_did() -> None:
    assert last_step(points(0.7, 6.0, 0.7, 0.7), Metric.ERRORS) == Step(is_up=False, since=60.0)


def test_what_was_there_all_the_time_has_none() -> None:
    assert last_step(points(0.70, 0.72, 0.69, 0.71), Metric.ERRORS) is None
    assert last_step(points(0.7), Metric.ERRORS) is None
    assert last_step((), Metric.ERRORS) is None
    assert last_step(points(0.7, 6.1), Metric.P95) is None


def test_only_what_is_of_one_stated_unit_counts() -> None:
    assert last_step(points(0.007, 0.061, unit=Unit.UNSTATED), Metric.ERRORS) is None
    mixed = (*points(0.007, unit=Unit.UNSTATED), Point(60.0, {Metric.ERRORS: Measure(6.1, Unit.PERCENT)}))
    assert last_step(mixed, Metric.ERRORS) is None


def test_quality_falls() -> None:
    assert last_step(points(91.4, 91.4, 78.5, 78.5, metric=Metric.QUALITY), Metric.QUALITY) == Step(
        is_up=False, since=60.0
    )
