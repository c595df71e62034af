from __future__ import annotations

import unicodedata
from typing import Literal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from octomil_tui.domain.text import MESSAGE_LIMIT, NAME_LIMIT, clean, version_label, whole_percent

HOSTILE = st.sampled_from("\x00\x07\x1b\x7f\x85\x9b\x9d\n\r\t\u200d\u202e\u2066\u2028\u00ad\ufeff\U000e0041")
any_text = st.text(st.one_of(st.characters(), HOSTILE, st.characters(categories=("Cs", "Mn", "Mc", "Zs"))))


def test_an_ordinary_name_is_shown_as_it_is() -> None:
    assert clean("kiosk-eu-0117 [lab]") == "kiosk-eu-0117 [lab]"


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("a\x1b[2Jb", "a\\x1b[2Jb"),
        ("\x9d0;title\x07", "\\x9d0;title\\x07"),
        ("two\nlines\r\tand\0", "two\\x0alines\\x0d\\x09and\\x00"),
        ("a\u202eb\u2066", "a\\u202eb\\u2066"),
        ("zero\u200bwidth\u200d\ufeff", "zero\\u200bwidth\\u200d\\ufeff"),
        ("line\u2028paragraph\u2029", "line\\u2028paragraph\\u2029"),
        ("tag\U000e0041", "tag\\U000e0041"),
        ("lone\ud800", "lone\\ud800"),
        ("private\ue000", "private\\ue000"),
        ("unassigned\U0003fffe", "unassigned\\U0003fffe"),
        ("wide\u3000space\xa0", "wide space "),
        ("caf\u0065\u0301", "café"),
    ],
)
def test_case_08_what_a_terminal_would_obey_becomes_a_visible_escape(raw: str, shown: str) -> None:
    assert clean(raw) == shown


def test_after_two_combining_marks_the_rest_are_dropped() -> None:
    assert clean("x" + "\u0323\u0331" + "\u0331" * 50 + "y") == "x\u0323\u0331y"


def test_marks_are_counted_anew_after_each_letter() -> None:
    assert clean("x\u0323\u0331q\u0323\u0331") == "x\u0323\u0331q\u0323\u0331"


@pytest.mark.parametrize(("length", "shown"), [(120, "a" * 120), (121, "a" * 120 + "…")])
def test_a_long_name_ends_in_an_ellipsis(length: int, shown: str) -> None:
    assert clean("a" * length) == shown


def test_an_escape_is_never_cut_in_two() -> None:
    assert clean("a" * 118 + "\x1b!") == "a" * 118 + "…"


def test_what_was_not_even_looked_at_is_shown_as_cut() -> None:
    assert clean("e" + "\u0301" * 1_000 + "hidden") == "é\u0301\u0301…"


def test_a_sentence_has_a_limit_of_its_own() -> None:
    assert clean("b" * 400, MESSAGE_LIMIT) == "b" * 300 + "…"


def test_what_is_not_text_is_shown_as_its_words() -> None:
    assert clean(ValueError("bad\x1bc")) == "bad\\x1bc"


@given(any_text, st.integers(1, 40))
@example("\x1a\u0301", 120)  # the escape's last letter and the mark after it form one character
@example("\u0c95\u0301\u0cc6\u0301\u0cc2", 120)  # the dropped mark kept two others apart
@example("e" + "\u0301" * 999, 120)
def test_case_08_cleaned_text_is_one_printable_bounded_line_that_cleaning_leaves_alone(
    raw: str, limit: int
) -> None:
    shown = clean(raw, limit)
    assert len(shown) <= limit + 1
    assert len(shown.splitlines()) <= 1
    categories = {unicodedata.category(character) for character in shown}
    assert not categories & {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
    assert shown.isprintable()
    assert shown.encode("utf-8").decode("utf-8") == shown
    assert clean(shown, limit) == shown


@pytest.mark.parametrize("piece", ["a", "\x1b", "e\u0301", "\ud800", "\u0301", "語"])
def test_case_08_ten_megabytes_are_not_looked_at_in_full(piece: str, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    normalize = unicodedata.normalize

    def counting(form: Literal["NFC"], text: str) -> str:
        seen.append(len(text))
        return normalize(form, text)

    monkeypatch.setattr(unicodedata, "normalize", counting)
    assert len(clean(piece * (10_000_000 // len(piece)))) <= NAME_LIMIT + 1
    assert max(seen) <= 4 * NAME_LIMIT


@pytest.mark.parametrize(
    ("version", "shown"),
    [
        ("1.0.0", "v1.0.0"),
        ("nightly", "nightly"),
        (None, "?"),
        ("", ""),
        ("v1.0", "v1.0"),
        ("1\x1b", "v1\\x1b"),
    ],
)
def test_a_version_is_shown_with_a_v_where_it_begins_with_a_digit(version: str | None, shown: str) -> None:
    assert version_label(version) == shown


@pytest.mark.parametrize("percent", range(101))
def test_a_percent_comes_back_from_its_share(percent: int) -> None:
    assert whole_percent(percent / 100) == percent


@given(st.integers(0, 5_000), st.integers(1, 5_000))
def test_a_percent_is_floored_so_that_100_is_never_shown_early(part: int, whole: int) -> None:
    part = min(part, whole)
    assert whole_percent(part / whole) == part * 100 // whole
