from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from octomil_tui.ui.spans import (
    Align,
    Line,
    Span,
    Token,
    fit,
    join,
    legend,
    line,
    plain,
    segments,
    shown,
    width,
)
from octomil_tui.ui.theme import DEFAULT_LOOK, Ground

anything = st.text(st.characters() | st.sampled_from("\x1b\x9b\x07\u202e\ud800界e\u0301\u200d😀"))
lines = st.lists(st.builds(Span, anything, st.sampled_from(Token))).map(tuple)
HIDDEN = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}


@given(lines, st.integers(0, 60), st.sampled_from(["left", "right", "center"]), st.booleans())
def test_fit_gives_exactly_the_cells(spans: Line, cells: int, align: Align, ellipsis: bool) -> None:
    fitted = fit(spans, cells, align, ellipsis=ellipsis)
    assert width(fitted) == cells
    assert cell_len(plain(fitted)) == cells


@given(lines)
def test_nothing_that_a_terminal_obeys_gets_through(spans: Line) -> None:
    for ground in Ground:
        for text, style, control in segments(spans, DEFAULT_LOOK.palette.on(ground)):
            assert not control
            assert style is not None
            assert style.bgcolor is not None
            assert not {unicodedata.category(character) for character in text} & HIDDEN


@given(lines)
def test_segments_show_the_whole_line(spans: Line) -> None:
    assert "".join(text for text, _, _ in segments(spans, DEFAULT_LOOK.palette.on(Ground.SCREEN))) == plain(
        spans
    )


@given(anything)
def test_shown_is_stable(text: str) -> None:
    assert shown(shown(text)) == shown(text)


def test_a_cut_line_says_so() -> None:
    assert plain(fit(line("phi-4-mini"), 6)) == "phi-4…"
    assert plain(fit(line("phi-4-mini"), 6, ellipsis=False)) == "phi-4-"
    assert plain(fit(line("界界界"), 4)) == "界 …"
    assert fit(line("abc", ("defg", Token.NEEDS)), 5) == line("abc", ("d…", Token.NEEDS))


def test_a_cut_exactly_between_spans_still_says_so() -> None:
    assert plain(fit(line("abc", "de", "f"), 5)) == "abcd…"
    assert plain(fit(line("abcd", "e", "f"), 5)) == "abcd…"


def test_alignment() -> None:
    assert plain(fit(line("7"), 3, "right")) == "  7"
    assert plain(fit(line("7"), 3, "center")) == " 7 "


def test_line_takes_texts_pairs_spans_and_lines() -> None:
    whole = line("a", ("b", Token.DIM), Span("c", Token.FINE), line("d", ("e", Token.RED)))
    assert whole == (
        Span("a"),
        Span("b", Token.DIM),
        Span("c", Token.FINE),
        Span("d"),
        Span("e", Token.RED),
    )


def test_join_leaves_empty_lines_out() -> None:
    assert plain(join([line("a"), (), line("b")], 2)) == "a  b"


def test_legend_sets_off_the_keys() -> None:
    assert plain(legend(("R", "roll back"), ("w", "watch"))) == "R roll back  w watch"
    assert legend(("w", "watch"))[0] == Span("w", Token.KEY)


def test_blanks_take_the_style_beside_them() -> None:
    styles = DEFAULT_LOOK.palette.on(Ground.SCREEN)
    assert len(segments(line("  ", ("a", Token.FINE), "  ", ("b", Token.FINE)), styles)) == 1
    # A blank on the mark's red is not a blank on the screen's ground.
    assert len(segments(line((" PROD ", Token.PLACE), "  "), styles)) == 2
