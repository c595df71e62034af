"""A line of history: worst of each cell, gaps for nobody, and nothing that is not there."""

from __future__ import annotations

import math

from octomil_tui.ui.history import Frame, history_line
from octomil_tui.ui.spans import Token, plain, width
from octomil_tui.ui.theme import ASCII, UNICODE


def drawn(points: list[tuple[float, float]], cells: int = 8, *, is_more_worse: bool = True) -> str:
    frame = Frame(0.0, 80.0, cells, UNICODE)
    return plain(history_line(points, frame, (0.0, 8.0), lambda _: Token.TEXT, is_more_worse=is_more_worse))


def test_each_cell_is_a_part_of_the_time() -> None:
    assert drawn([(10.0 * step, float(step + 1)) for step in range(8)]) == "▁▂▃▄▅▆▇█"


def test_a_cell_shows_the_worst_of_its_moments() -> None:
    points = [(1.0, 1.0), (2.0, 8.0), (3.0, 1.0), (41.0, 1.0)]
    assert drawn(points, 2) == "█▁"
    assert drawn(points, 2, is_more_worse=False) == "▁▁"


def test_a_time_for_which_nobody_told_is_a_gap() -> None:
    points = [(step * 1.0, 8.0) for step in range(10)] + [(70.0 + step, 8.0) for step in range(10)]
    assert drawn(points) == "█      █"
    assert drawn([]) == " " * 8


def test_few_points_on_many_cells_draw_a_line_and_not_dots() -> None:
    assert drawn([(0.0, 4.0), (20.0, 4.0), (40.0, 4.0), (60.0, 4.0), (80.0, 4.0)], 16).strip() == "▄" * 16


def test_a_value_is_never_drawn_as_nothing() -> None:
    assert drawn([(5.0, 0.0)], 1) == "▁"
    assert drawn([(5.0, 99.0)], 1) == "█"
    assert drawn([(5.0, math.nan), (5.0, math.inf)], 1) == " "
    flat = history_line([(0.0, 3.0)], Frame(0.0, 0.0, 1, ASCII), (3.0, 3.0), lambda _: Token.TEXT)
    assert plain(flat) == ASCII.steps[1]


def test_it_takes_exactly_its_cells() -> None:
    for cells in (0, 1, 7, 40):
        assert (
            width(history_line([(3.0, 1.0)], Frame(0, 9, cells, UNICODE), (0, 1), lambda _: Token.TEXT))
            == cells
        )


def test_a_value_out_of_its_time_is_left_out() -> None:
    assert drawn([(-1.0, 8.0), (81.0, 8.0)]) == " " * 8


def test_each_run_of_one_meaning_is_one_span() -> None:
    line = history_line(
        [(10.0 * step, float(step)) for step in range(8)],
        Frame(0.0, 80.0, 8, UNICODE),
        (0.0, 8.0),
        lambda value: Token.NEEDS if value >= 4 else Token.LIGHT,
    )
    assert [span.token for span in line] == [Token.LIGHT, Token.NEEDS]
