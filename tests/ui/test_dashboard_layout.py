"""Where the dashboard puts what it says in any size; its digits; and since when it is live."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest

from octomil_tui.engine.freshness import Freshness, Link
from octomil_tui.ui.bars import Kind
from octomil_tui.ui.present.dashboard import Old
from octomil_tui.ui.present.dashboard_layout import lay_out
from octomil_tui.ui.present.liveness import Liveness
from octomil_tui.ui.present.wall import Count, GroupRow, Wall
from octomil_tui.ui.spans import Token, line, plain, width
from octomil_tui.ui.theme import ASCII, UNICODE
from octomil_tui.ui.widgets.digits import SCALES, digits, largest

NOW = 1_781_666_000.0
LIVE = Freshness(Link.LIVE, 2.0)


def said(wall: Wall, columns: int = 80, rows: int = 22, old: Old | None = None) -> str:
    return "\n".join(plain(one) for one in lay_out(wall, columns, rows, UNICODE, old))


def some_wall(**changes: Any) -> Wall:
    group = GroupRow("eu-kiosks", 16, 32, ((16, Kind.VERIFIED), (16, Kind.WAITING)), line("4 offline"))
    wall = Wall(
        "ROLLING BACK",
        Token.NEEDS,
        line("phi-4-mini    v2.0.0 → v1.0.0"),
        31,
        50,
        (Count(31, "verified"), Count(12, "on the way"), Count(3, "stale"), Count(4, "offline")),
        ((31, Kind.VERIFIED), (12, Kind.ON_THE_WAY), (3, Kind.WAITING), (4, Kind.OFFLINE)),
        line("started 03:13Z by ops"),
        (line("7 have no ETA"),),
        (group,) * 5,
        line("lab  not affected"),
        (line("gemma3-1b ok"),) * 3,
    )
    return replace(wall, **changes)


class TestLayout:
    def test_any_size_gets_rows_that_fit(self) -> None:
        old = Old("03:12:41Z", (line("cannot connect"), line("The rollback runs on."), line("Never exits.")))
        draw = random.Random(5)
        sizes = [(1, 1), (59, 9), (60, 10), (79, 21), (80, 22), (119, 38), (120, 38), (160, 46), (300, 100)]
        sizes += [(draw.randint(1, 220), draw.randint(1, 80)) for _ in range(60)]
        walls = [
            some_wall(),
            some_wall(done=7, of=1_234_567),
            some_wall(groups=some_wall().groups * 20),
            Wall("X"),
        ]
        for columns, rows in sizes:
            for wall in walls:
                for state in (None, old):
                    for glyphs in (UNICODE, ASCII):
                        lines = lay_out(wall, columns, rows, glyphs, state)
                        assert len(lines) <= rows
                        if columns >= 60 and rows >= 10:
                            assert all(width(one) <= columns for one in lines), (columns, rows)

    def test_the_lower_half_goes_before_the_number_and_the_number_before_the_sentence(self) -> None:
        full = said(some_wall())
        assert all(
            text in full for text in ("██████", "31 verified", "62%", "GROUPS", "OTHER MODELS", "lab  not")
        )
        small = said(some_wall(), 64, 12)
        assert "31 of 50 verified.  12 on the way.  3 stale.  4 offline." in small
        assert "██" in small
        assert "62%" in small
        assert "GROUPS" not in small
        tiny = said(some_wall(), 59, 9)
        assert "31 of 50 verified." in tiny
        assert "██" not in tiny

    def test_it_is_larger_on_a_larger_screen(self) -> None:
        large = said(some_wall(), 160, 46)
        assert "R O L L I N G   B A C K" in large
        assert sum("████████████" in row for row in large.splitlines()) >= 10
        assert "started 03:13Z by ops" in large.splitlines()[2], "beside the verb"

    def test_nothing_moves_when_a_count_grows_a_digit(self) -> None:
        nine, ten = (said(some_wall(done=done)).splitlines() for done in (9, 10))
        assert [row.find("31 verified") for row in nine] == [row.find("31 verified") for row in ten]

    def test_an_empty_stage_makes_room_and_what_is_left_is_put_together(self) -> None:
        counts = [Count(n, f"c{n}") for n in (31, 12, 3, 0, 4)]
        more = said(some_wall(counts=(*counts, Count(5, "c5", is_fixed=False))))
        assert "0 c0" not in more
        assert "5 c5" in more
        many = said(some_wall(counts=tuple(Count(n, f"c{n}") for n in range(1, 8))))
        assert "18 others (5 c5, 6 c6, 7 c7)" in many

    def test_groups_that_have_no_room_are_counted(self) -> None:
        text = said(some_wall(groups=some_wall().groups * 4))
        assert "more, farther ahead" in text
        assert "OTHER MODELS" in text
        models = said(some_wall(others=tuple(line(f"model-{n} ok") for n in range(30))))
        assert "more" in models

    def test_a_number_that_fits_nowhere_is_written_as_text(self) -> None:
        assert "1234567890123456789/1234567890123456789" in said(
            some_wall(done=1234567890123456789, of=1234567890123456789)
        )


class TestDigits:
    def test_every_digit_is_another_picture(self) -> None:
        pictures = {tuple(map(plain, digits(one, SCALES[2], "#", Token.STRONG))) for one in "0123456789/ "}
        assert len(pictures) == 12

    @pytest.mark.parametrize("scale", SCALES)
    def test_a_number_is_as_wide_and_as_high_as_it_says(self, scale: Any) -> None:
        drawn = digits("31/50", scale, "█", Token.STRONG)
        assert len(drawn) == scale.height
        assert {width(one) for one in drawn} == {scale.width("31/50")}

    def test_the_largest_that_fits(self) -> None:
        assert largest("31/50", 200, 10) == SCALES[0]
        assert largest("31/50", 200, 5) == SCALES[2]
        assert largest("31/50", 38, 5) == SCALES[2]
        assert largest("31/50", 37, 5) == SCALES[3]
        assert largest("31/50", 200, 4) is None


class TestLiveness:
    def test_the_longest_gap_of_a_day_and_since_when(self) -> None:
        seen = Liveness().seen(LIVE, 0.0, NOW).seen(replace(LIVE, age=9.0), 60.0, NOW + 60)
        assert (seen.since, seen.longest_gap) == (NOW, 9.0)
        lost = seen.seen(Freshness(Link.STALE, 247.0), 300.0, NOW + 300)
        assert (lost.since, lost.longest_gap) == (None, 247.0)
        back = lost.seen(LIVE, 310.0, NOW + 310)
        assert (back.since, back.longest_gap) == (NOW + 310, 247.0)
        assert back.seen(LIVE, 310.0 + 25 * 3600, NOW).longest_gap == 2.0

    def test_it_keeps_a_day_at_most(self) -> None:
        seen = Liveness()
        for hour in range(24 * 40):
            seen = seen.seen(LIVE, hour * 3600.0, NOW)
        assert len(seen.gaps) == 24

    def test_nothing_was_read(self) -> None:
        seen = Liveness().seen(Freshness(Link.CONNECTING), 0.0, None)
        assert (seen.since, seen.longest_gap) == (None, None)
