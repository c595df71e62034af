"""The table, the exit status and the arithmetic of the benchmark; nothing here is measured."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.bench import report
from tests.bench.__main__ import FAMILIES, PAGE
from tests.bench.busy import fullest_minute, percentile
from tests.bench.goals import COUNT, PARTS, Figure, Verdict

EVERY_GOAL = set(range(1, COUNT + 1))


def met() -> list[Figure]:
    """Return a figure for every part that is just good enough."""
    return [
        Figure(name, 2.0 if part.most is None else part.most, "made up", most=2.0)
        for name, part in PARTS.items()
    ]


def test_every_goal_has_a_figure_and_somebody_who_measures_it() -> None:
    assert {part.goal for part in PARTS.values()} == EVERY_GOAL
    assert [part.goal for part in PARTS.values()] == sorted(part.goal for part in PARTS.values())
    measured = [goal for _, goals in FAMILIES.values() for goal in goals]
    assert sorted(measured) == sorted(EVERY_GOAL)


def test_all_goals_met_is_exit_status_0() -> None:
    assert {figure.verdict for figure in met()} == {Verdict.PASS}
    assert report.exit_status(met()) == 0
    assert report.summary(met()) == "15 of 15 goals met"


@pytest.mark.parametrize("name", PARTS)
def test_each_figure_alone_makes_exit_status_1_when_it_is_missed(name: str) -> None:
    worse = [replace(one, value=(one.value or 0) * 1.01) if one.name == name else one for one in met()]

    assert report.exit_status(worse) == 1
    assert report.summary(worse) == f"14 of 15 goals met; missed: {PARTS[name].goal}"


def test_what_was_not_measured_is_missed_and_says_why() -> None:
    without = [one for one in met() if one.name != "first data"]
    completed = report.complete(without, PARTS, "the server did not start")

    assert report.exit_status(completed) == 1
    (line,) = [line for line in report.table(completed) if "NOT MEASURED" in line]
    assert re.sub(" +", " ", line) == (
        " 2 first frame with data / first frame + one round trip - <= 1.50 NOT MEASURED the server did not start"
    )


def test_a_limit_that_follows_from_a_measurement_is_needed() -> None:
    assert Figure("change", 1.0, "").verdict is Verdict.NOT_MEASURED
    assert Figure("change", 1.0, "", most=1.5).verdict is Verdict.PASS
    assert Figure("change", 1.0, "", most=0.5).verdict is Verdict.MISSED


def test_nothing_measured_is_no_success() -> None:
    assert report.exit_status([]) == 1


def test_the_table_has_a_line_for_every_figure_with_number_figure_goal_and_verdict() -> None:
    lines = report.table(met())

    assert len(lines) == 1 + len(PARTS)
    assert re.sub(" +", " ", lines[1]) == (
        " 1 first painted frame, wall / a minimal Textual app 1.25 <= 1.25 PASS made up"
    )
    assert [int(line.split()[0]) for line in lines[1:]] == [part.goal for part in PARTS.values()]


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("start wall", 1.104, "1.10"),
        ("table update bytes", 0.0042, "0.004"),
        ("first bytes", 7888.4, "7,888 B"),
        ("idle bytes", 52.2, "52 B/s"),
        ("memory growth", 3.5 * 1024 * 1024, "3.5 MiB"),
        ("requests", 71, "71"),
        ("change", 1.954, "1,954 ms"),
    ],
)
def test_figures_are_shown_in_their_own_unit(name: str, value: float, shown: str) -> None:
    assert report.cells(Figure(name, value, ""))[2] == shown


def test_a_result_replaces_the_one_before_and_nothing_else(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"# Before\n\n{report.BEGIN}old\n{report.END}\nAfter\n")
    result = report.markdown(met(), {"machine": "2 cores"}, "make bench KEEP=1", 171.4)

    report.keep(page, result)
    report.keep(page, result)

    text = page.read_text()
    assert text.startswith("# Before\n")
    assert text.endswith("\nAfter\n")
    assert "old" not in text
    assert "Made by `make bench KEEP=1` in 171 s on:" in text
    assert "| 15 | --version / python -c pass, wall | 8.00 | <= 8.00 | PASS | made up |" in text
    assert text.count("15 of 15 goals met.") == 1


def test_the_page_has_a_place_for_the_result() -> None:
    text = PAGE.read_text(encoding="utf-8")

    assert text.count(report.BEGIN) == text.count(report.END) == 1


def test_a_page_without_a_place_is_not_written(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("nothing here\n")

    with pytest.raises(ValueError, match="no place"):
        report.keep(page, "result")
    assert page.read_text() == "nothing here\n"


def test_the_fullest_minute_is_any_sixty_seconds() -> None:
    assert fullest_minute([]) == 0
    assert fullest_minute([0.0, 59.9, 60.0, 61.0, 130.0]) == 3
    assert fullest_minute([10.0] * 5 + [69.9, 70.0]) == 6


def test_a_percentile_is_one_of_the_values() -> None:
    assert percentile([3.0, 1.0, 2.0], 0.95) == 3.0
    assert percentile([float(value) for value in range(1, 101)], 0.95) == 95.0
    assert percentile([float(value) for value in range(1, 21)], 0.95) == 19.0
