"""Where the dashboard puts what it says in any size; its digits; and since when it is live."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest

from octomil_tui.engine.freshness import Freshness, Link
from octomil_tui.ui.bars import Kind
from octomil_tui.ui.present.dashboard_layout import lay_out
from octomil_tui.ui.present.dashboard_list import lay_out_list, list_rows
from octomil_tui.ui.present.dashboard_old import Old
from octomil_tui.ui.present.liveness import Liveness
from octomil_tui.ui.present.page_turn import TURN, Turn
from octomil_tui.ui.present.sheet import MOST_PAGES, Sheet, pages_of
from octomil_tui.ui.present.wall import Count, Figure, GroupRow, Signal, Wall
from octomil_tui.ui.spans import Token, line, plain, width
from octomil_tui.ui.theme import ASCII, UNICODE
from octomil_tui.ui.widgets.columns import Column
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

    def test_two_counts_share_a_row_and_an_empty_one_is_left_out_where_it_is_narrow(self) -> None:
        def wall(failed: int, bounced: int) -> Wall:
            counts = [Count(n, f"c{n}") for n in (31, 12)]
            return some_wall(counts=(*counts, Count(failed, "failed", beside=(bounced, "bounced"))))

        assert "0 failed, 0 bounced" in said(wall(0, 0), 160, 46)
        assert "0 bounced" in said(wall(0, 0))
        assert "failed" not in said(wall(0, 0))
        assert "2 failed" in said(wall(2, 0))
        assert "2 failed, 1 bounced" in said(wall(2, 1))
        assert "31 of 50 c31.  12 c12.  2 failed.  1 bounced." in said(wall(2, 1), 50, 9)


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
    def test_since_when_it_is_live_and_the_longest_gap_since_it_began(self) -> None:
        seen = Liveness().seen(LIVE, NOW).seen(replace(LIVE, age=9.0), NOW + 60)
        assert (seen.since, seen.longest_gap) == (NOW, 9.0)
        lost = seen.seen(Freshness(Link.STALE, 247.0), NOW + 300)
        assert (lost.since, lost.longest_gap) == (None, 247.0)
        assert lost.words(NOW + 300) == (), "line 1 says how old it is"
        back = lost.seen(LIVE, NOW + 310)
        assert (back.since, back.longest_gap) == (NOW + 310, 247.0)
        assert back.seen(LIVE, NOW + 40 * 86_400).longest_gap == 247.0, "trust is not won back by waiting"

    def test_a_gap_of_a_sleep_is_as_long_as_the_sleep(self) -> None:
        # The first look after it comes before any answer, by a clock that went on meanwhile.
        seen = Liveness().seen(LIVE, NOW).seen(Freshness(Link.STALE, 28_800.0), NOW + 28_800)
        assert seen.seen(LIVE, NOW + 28_801).words(NOW + 28_802)[0].endswith("longest gap 8h00m")

    def test_days_are_named_where_it_is_longer_ago(self) -> None:
        seen = Liveness().seen(replace(LIVE, age=9.0), NOW)
        assert seen.words(NOW + 60) == (
            "LIVE since 03:13Z, longest gap 9s",
            "longest gap 9s since 03:13Z",
            "longest gap 9s",
        )
        assert seen.words(NOW + 86_400)[0] == "LIVE since 17 Jun 03:13Z, longest gap 9s on 17 Jun"
        assert seen.words(NOW + 300 * 86_400)[0] == (
            "LIVE since 17 Jun 2026 03:13Z, longest gap 9s on 17 Jun 2026"
        )

    def test_it_is_no_larger_after_a_month(self) -> None:
        seen = Liveness()
        for hour in range(24 * 40):
            seen = seen.seen(replace(LIVE, age=hour % 7), NOW + 3600 * hour)
        assert (seen.since, seen.longest_gap, seen.gap_at) == (NOW, 6, NOW + 6 * 3600)

    def test_nothing_was_read(self) -> None:
        seen = Liveness().seen(Freshness(Link.CONNECTING), None)
        assert (seen.since, seen.longest_gap, seen.words(None)) == (None, None, ())


class TestTurn:
    def test_a_page_stays_for_its_time_and_then_the_next_one_comes(self) -> None:
        turn = Turn().seen(3, 100.0, is_held=False)
        pages = []
        for second in range(101, 200):
            turn = turn.seen(3, float(second), is_held=False)
            pages.append(turn.page)
        assert pages[:19] == [0] * 19
        assert pages[19:39] == [1] * 20
        assert pages[39:59] == [2] * 20
        assert pages[59] == 0
        assert turn.left(turn.since + 2) == TURN - 2

    def test_what_is_held_is_the_first_page_which_then_has_its_whole_time(self) -> None:
        turn = Turn(2, 3, 100.0)
        held = turn.seen(3, 105.0, is_held=True)
        assert (held.page, held.since) == (0, 105.0)
        assert held.seen(3, 124.0, is_held=False).page == 0
        assert held.seen(3, 125.0, is_held=False).page == 1

    def test_after_a_sleep_one_page_is_turned_and_pages_that_are_gone_are_left(self) -> None:
        assert Turn(0, 3, 100.0).seen(3, 90_000.0, is_held=False) == Turn(1, 3, 90_000.0)
        assert Turn(2, 3, 100.0).seen(2, 101.0, is_held=False).page == 0
        assert Turn(0, 1, 100.0).seen(1, 200.0, is_held=False) == Turn(0, 1, 200.0)


class TestLists:
    def test_a_list_fits_whatever_its_length_and_says_what_is_not_there(self) -> None:
        column = Column("name", "NAME", 12)
        for columns, rows in ((80, 22), (100, 30), (160, 46)):
            room = list_rows(columns, rows)
            for count in (1, room // 2, room, 10 * room):
                whole = Sheet("THINGS", (column,), tuple((line(f"thing-{n}"),) for n in range(count)))
                pages = pages_of(whole, room)
                assert len(pages) <= MOST_PAGES
                for page in pages:
                    drawn = [plain(one) for one in lay_out_list(some_wall(), page, columns, rows, UNICODE)]
                    assert len(drawn) <= rows
                    assert all(width(line(one)) <= columns for one in drawn)
                    assert sum("thing-" in one for one in drawn) == len(page.rows)
                    assert "31 of 50 verified." in drawn[3 if columns >= 120 else 2]
                assert ("to" in pages[-1].legend) == (count > room)

    def test_no_rows_are_no_page(self) -> None:
        assert pages_of(Sheet("THINGS", (), ()), 20) == []


class TestSignal:
    FIGURES = (
        Figure("errors", "1.9%", Token.NEEDS, "0.7%", line("falling"), "6.1%", "6.1%"),
        Figure("p95", "240 ms", Token.TEXT, "180 ms", line("falling"), "412 ms", "412 ms"),
    )
    SIGNAL = Signal(FIGURES, "03:13Z", line("it helps"))

    def test_on_a_large_screen_each_figure_has_a_row_in_columns(self) -> None:
        text = said(some_wall(signal=self.SIGNAL), 160, 46)
        rows = [row for row in text.splitlines() if "→" in row and "usual" in row]
        assert rows[0].split() == [
            "errors",
            "6.1%",
            "at",
            "03:13Z",
            "→",
            "1.9%",
            "now",
            "falling",
            "usual",
            "0.7%",
            "peak",
            "6.1%",
        ]
        assert rows[1].split() == [
            "p95",
            "412",
            "ms",
            "at",
            "03:13Z",
            "→",
            "240",
            "ms",
            "now",
            "falling",
            "usual",
            "180",
            "ms",
            "peak",
            "412",
            "ms",
        ]
        assert [row.index("→") for row in rows] == [rows[0].index("→")] * 2
        assert "it helps" in text

    def test_on_a_narrow_one_it_stands_beside_the_groups(self) -> None:
        rows = said(some_wall(signal=self.SIGNAL)).splitlines()
        head = next(place for place, row in enumerate(rows) if "GROUPS" in row)
        assert "SIGNAL  usual 0.7% / 180 ms" in rows[head]
        assert [row[50:].strip() for row in rows[head + 1 : head + 4]] == [
            "errors    1.9%  falling",
            "p95     240 ms  falling",
            "peak 6.1% / 412 ms",
        ]
        assert all("eu-kiosks" in row for row in rows[head + 1 : head + 4])

    def test_without_figures_there_is_no_pane_and_old_ones_are_not_said(self) -> None:
        assert "SIGNAL" not in said(some_wall(), 160, 46)
        assert "SIGNAL" not in said(some_wall(signal=self.SIGNAL), old=Old("03:12:41Z", (line("no"),)))

    def test_what_fired_stands_below_the_verb_in_every_size(self) -> None:
        wall = some_wall(fired=(line("Error rate 6.1%, limit 5% for 5 min."),))
        for columns, rows in ((160, 46), (80, 22), (64, 12), (50, 9)):
            text = said(wall, columns, rows)
            assert text.index("phi-4-mini") < text.index("Error rate 6.1%")
        assert "Error rate 6.1%" in said(wall, old=Old("03:12:41Z", (line("no"),)))
