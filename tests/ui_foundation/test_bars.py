from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octomil_tui.ui.bars import Kind, bar, percent, proportions, share_bar, stack, token_of
from octomil_tui.ui.spans import Line, Token, plain, width
from octomil_tui.ui.theme import ASCII, UNICODE

fleets = st.dictionaries(st.sampled_from(Kind), st.integers(0, 10**6))


def cells_of(drawn: Line) -> str:
    return plain(drawn)


def draw(counts: Mapping[Kind, int], cells: int, total: int | None = None) -> str:
    parts = [(count, kind) for kind, count in counts.items()]
    return cells_of(bar(parts, sum(counts.values()) if total is None else total, cells, ASCII))


GLYPHS = {
    Kind.VERIFIED: "#",
    Kind.ON_THE_WAY: "=",
    Kind.WAITING: ".",
    Kind.OFFLINE: "x",
    Kind.FAILED: "!",
    Kind.BOUNCED: "^",
}


@given(fleets, st.integers(0, 100), st.integers(0, 10**6))
def test_a_bar_fills_exactly_its_cells(counts: dict[Kind, int], cells: int, total: int) -> None:
    parts = [(count, kind) for kind, count in counts.items()]
    assert width(bar(parts, total, cells)) == cells


@given(fleets, st.integers(1, 100))
def test_verified_looks_full_exactly_when_it_is(counts: dict[Kind, int], cells: int) -> None:
    full = sum(counts.values()) == counts.get(Kind.VERIFIED, 0) > 0
    assert (draw(counts, cells) == "#" * cells) is full


@given(fleets, st.integers(6, 100))
def test_a_single_device_is_seen(counts: dict[Kind, int], cells: int) -> None:
    drawn = draw(counts, cells)
    for kind, count in counts.items():
        assert (GLYPHS[kind] in drawn) is (count > 0)


@given(fleets, st.integers(6, 100))
def test_verified_is_rounded_down(counts: dict[Kind, int], cells: int) -> None:
    total, verified = sum(counts.values()), counts.get(Kind.VERIFIED, 0)
    assert draw(counts, cells).count("#") <= max(1, verified * cells / max(total, 1))


@given(st.lists(st.integers(0, 10**6), max_size=12), st.integers(0, 100))
def test_proportions_add_up_and_are_fair(counts: list[int], cells: int) -> None:
    got = proportions(counts, cells)
    assert sum(got) == (cells if sum(counts) else 0)
    assert all(n >= 0 for n in got)
    assert all(n == 0 for n, count in zip(got, counts, strict=True) if count == 0)
    if sum(1 for count in counts if count) <= cells:
        assert all(n > 0 for n, count in zip(got, counts, strict=True) if count)


@given(st.integers(1, 1000), st.integers(1, 1000), st.integers(2, 50))
def test_more_devices_never_get_fewer_cells(a: int, b: int, cells: int) -> None:
    first, second = proportions([a, b], cells)
    assert (a >= b) <= (first >= second)


def test_the_night() -> None:
    counts = {Kind.VERIFIED: 31, Kind.ON_THE_WAY: 12, Kind.WAITING: 3, Kind.OFFLINE: 4}
    assert draw(counts, 50) == "#" * 31 + "=" * 12 + "." * 3 + "x" * 4


def test_what_the_parts_leave_over_is_waiting() -> None:
    assert draw({Kind.VERIFIED: 1}, 10, total=2) == "#####....."


def test_parts_beyond_the_total_share_the_bar() -> None:
    assert draw({Kind.VERIFIED: 3, Kind.FAILED: 1}, 4, total=2) == "###!"


def test_nothing_is_empty() -> None:
    assert draw({}, 5) == "     "
    assert bar([(1, Kind.VERIFIED)], 1, 0) == ()


def test_trouble_has_the_cells_of_a_bar_that_is_too_narrow() -> None:
    assert draw({Kind.VERIFIED: 90, Kind.ON_THE_WAY: 5, Kind.FAILED: 5}, 1) == "!"


def test_the_tokens_are_those_of_the_look() -> None:
    assert token_of(Kind.VERIFIED) is Token.FINE
    assert token_of(Kind.BOUNCED) is Token.NEEDS
    assert bar([(1, Kind.ON_THE_WAY)], 1, 3)[0] == ("▒▒▒", Token.LIGHT)


def test_a_stack_of_versions() -> None:
    assert plain(stack([(32, "2", Token.NOTICE), (8, "1", Token.FINE)], 10)) == "2222222211"
    assert plain(stack([], 3)) == "   "


@pytest.mark.parametrize(
    ("share", "drawn"),
    [(0, "······"), (0.001, "█·····"), (0.5, "███···"), (0.999999, "█████·"), (1, "██████"), (7, "██████")],
)
def test_share_bar(share: float, drawn: str) -> None:
    assert plain(share_bar(share, 6, UNICODE)) == drawn


@given(st.floats(), st.integers(0, 80))
def test_share_bar_fills_its_cells(share: float, cells: int) -> None:
    assert width(share_bar(share, cells)) == cells


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.4, "40%"),
        (0.29, "29%"),
        (0.999, "99%"),
        (0.9999999999999999, "99%"),
        (1, "100%"),
        (1.4, "140%"),
        (-1, "0%"),
        (float("nan"), "?"),
        (float("inf"), "?"),
    ],
)
def test_percent(share: float, words: str) -> None:
    assert percent(share) == words


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_percent_is_never_early(part: int, whole: int) -> None:
    assert (percent(min(part, whole) / whole) == "100%") is (part >= whole)


@given(st.integers(0, 100))
def test_percent_of_whole_hundredths_is_itself(hundredths: int) -> None:
    assert percent(hundredths / 100) == f"{hundredths}%"
