from __future__ import annotations

import pytest

from octomil_tui.ui.format import age, clock_utc, count, day, short_clock, size

NIGHT = 1_718_334_761.9  # 14 Jun 2024 03:12:41 UTC


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, "?"),
        (float("inf"), "?"),
        (float("nan"), "?"),
        (-5, "0s"),
        (0, "0s"),
        (2.9, "2s"),
        (59.9, "59s"),
        (60, "1m00s"),
        (247, "4m07s"),
        (599.9, "9m59s"),
        (600, "10m"),
        (18 * 60 + 59, "18m"),
        (3600, "1h00m"),
        (3 * 3600 + 12 * 60 + 59, "3h12m"),
        (86_399, "23h59m"),
        (86_400, "1d"),
        (2.9 * 86_400, "2d"),
    ],
)
def test_age(seconds: float | None, words: str) -> None:
    assert age(seconds) == words


def test_clocks() -> None:
    assert clock_utc(NIGHT) == "03:12:41Z"
    assert short_clock(NIGHT) == "03:12Z"
    for nonsense in (None, 1e999, float("nan"), -1e18, 1e18):
        assert clock_utc(nonsense) == short_clock(nonsense) == day(nonsense, NIGHT) == "?"


def test_day() -> None:
    assert day(NIGHT - 2500, NIGHT) == "today 02:31Z"
    assert day(NIGHT - 2 * 86_400, NIGHT) == "12 Jun"
    assert day(NIGHT - 366 * 86_400, NIGHT) == "14 Jun 2023"
    assert day(NIGHT, float("nan")) == "14 Jun 2024"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (None, "?"),
        (-1, "?"),
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (9_990, "9.9 kB"),
        (10_500, "10 kB"),
        (340_999_999, "340 MB"),
        (2_299_999_999, "2.2 GB"),
        (10**15, "1.0 PB"),
        (10**18, "1000 PB"),
    ],
)
def test_size(number: int | None, words: str) -> None:
    assert size(number) == words


def test_count() -> None:
    assert [count(n, "device") for n in (0, 1, 2, 1200)] == [
        "0 devices",
        "1 device",
        "2 devices",
        "1,200 devices",
    ]
    assert count(2, "box", "boxes") == "2 boxes"
