"""What the terminal is told beside the picture, byte for byte."""

from __future__ import annotations

import pytest

from octomil_tui.ui.outside import LIMIT, has_title, notification, title

PLAIN = {"TERM": "xterm-256color"}
ST = "\x1b\\"


def test_a_title_is_that_of_the_window_alone() -> None:
    said = "62% phi-4-mini -> v1.0.0 (31/50)"
    assert title(said) == f"\x1b]2;{said}{ST}"


@pytest.mark.parametrize("make", [title, lambda text: notification(text, PLAIN)])
def test_nothing_that_a_terminal_obeys_gets_into_either(make: object) -> None:
    assert callable(make)
    said = make("a\x1b]52;c;aGk=\x07b\x9d\u202e\n" + "x" * 500)
    assert said.startswith("\x1b]")
    assert said.endswith(ST)
    inner = said[2:-2]
    assert inner.isprintable()
    assert len(inner) <= LIMIT + 3


@pytest.mark.parametrize("name", ["linux", "dumb", "", "vt100", "linux-16color"])
def test_where_there_is_no_window_there_is_no_title(name: str) -> None:
    assert not has_title({"TERM": name})


@pytest.mark.parametrize("name", ["xterm-256color", "tmux-256color", "screen", "foot", "xterm-kitty"])
def test_where_there_is_one_there_is(name: str) -> None:
    assert has_title({"TERM": name})
    assert not has_title({})


def test_a_notification_goes_straight_to_the_terminal() -> None:
    assert notification("DONE phi", PLAIN) == f"\x1b]9;DONE phi{ST}"


@pytest.mark.parametrize("environment", [{**PLAIN, "TMUX": "/tmp/x,1,0"}, {"TERM": "tmux-256color"}])  # noqa: S108 - no file
def test_through_tmux_every_escape_is_doubled(environment: dict[str, str]) -> None:
    said = notification("DONE phi", environment)
    assert said == f"\x1bPtmux;\x1b\x1b]9;DONE phi\x1b\x1b\\{ST}"


@pytest.mark.parametrize("environment", [{**PLAIN, "STY": "1.pts"}, {"TERM": "screen-256color"}])
def test_through_screen_nothing_in_it_ends_it(environment: dict[str, str]) -> None:
    said = notification("DONE phi", environment)
    assert said == f"\x1bP\x1b]9;DONE phi\x07{ST}"


def test_what_would_be_a_progress_bar_is_none() -> None:
    assert notification("4;1;62", PLAIN) == f"\x1b]9; 4;1;62{ST}"
